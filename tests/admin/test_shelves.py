from datetime import UTC, datetime
from uuid import uuid4

from admin import shelves
from admin.listing import Row
from content import types
from content.log import State
from tests.builders import an_article, an_faq, saved


def a_row(title):
    return Row(uuid4(), title, "en", State.LIVE, 1, 1, "ed", datetime(2026, 5, 1, tzinfo=UTC), False)


def drawn(branches):
    return {branch.row.title: drawn(branch.below) for branch in branches}


class TestBranches:
    def test_it_hangs_each_below_its_parent(self):
        veins, clots, legs = a_row("Veins"), a_row("Clots"), a_row("Legs")

        found = shelves.branches([(clots, veins.id), (legs, clots.id), (veins, None)])

        assert drawn(found) == {"Veins": {"Clots": {"Legs": {}}}}

    def test_it_keeps_what_hangs_below_nothing(self):
        assert drawn(shelves.branches([(a_row("Veins"), uuid4())])) == {"Veins": {}}

    def test_it_breaks_a_circle(self):
        one, other, below = a_row("One"), a_row("Other"), a_row("Below")

        found = shelves.branches([(one, other.id), (other, one.id), (below, one.id)])

        assert drawn(found) == {"One": {"Below": {}}, "Other": {}}


class TestTreeOf:
    def test_it_knows_a_type_that_names_its_own_above_it(self):
        assert shelves.tree_of(types.get("topic")).parent == "parent"
        assert shelves.tree_of(types.get("article")) is None


class TestKnownTags:
    def test_it_counts_newest_versions_only(self, session):
        first = an_article(session, tags=["legs", "old"])
        saved(session, first, tags=["legs"])
        an_faq(session, tags=["legs"])
        session.flush()

        assert shelves.known_tags(session) == [shelves.Tag("legs", {"article": 1, "faq": 1})]


class TestKnownSources:
    def test_it_tells_a_source_once_with_all_that_cite_it(self, session):
        source = {"title": "DVT", "publisher": "NHS"}
        an_article(session, sources=[source])
        an_faq(session, sources=[source, {"title": "Another"}])
        session.flush()

        found = shelves.known_sources(session)

        assert [(one.facts["title"], len(one.cited_by)) for one in found] == [("Another", 1), ("DVT", 2)]
