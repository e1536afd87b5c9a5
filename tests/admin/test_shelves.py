from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from admin import shelves
from admin.listing import Row
from admin.roles import Role
from content import publishing, retiring, types, versions
from content.log import State
from content.marks import source_mark, tag_mark
from content.newest.sources import NewestSource
from storage import db
from tests.builders import ED, a_live_article, a_topic, an_article, an_faq, publish, saved, signed
from tests.plans import planned


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


class TestTree:
    def test_it_is_a_list_where_it_has_too_many_branches(self, session, signed_in, monkeypatch):
        legs = a_topic(session, "Legs")
        a_topic(session, "Veins", parent=legs)
        session.commit()
        browser, address = signed_in(Role.EDITOR), "/admin/topics/"

        whole = browser.get(address).text
        monkeypatch.setattr(shelves, "MOST_BRANCHES", 1)
        listed = browser.get(address).text

        assert "top-tree" in whole
        assert "top-tree" not in listed
        assert "Veins" in listed


class TestKnownTags:
    def test_it_counts_newest_versions_only(self, session):
        first = an_article(session, tags=["legs", "old"])
        saved(session, first, tags=["legs"])
        an_faq(session, tags=["legs"])
        session.flush()

        assert shelves.known_tags(session).rows == (shelves.Tag("legs", {"article": 1, "faq": 1}),)

    def test_it_goes_on_page_by_page_through_those_of_all_types(self, session, monkeypatch):
        monkeypatch.setattr(shelves, "PAGE", 2)
        an_article(session, tags=["Arms", "feet", "legs"])
        an_faq(session, tags=["eyes", "legs", "toes"])
        met, after = [], ""
        for _ in range(3):
            page = shelves.known_tags(session, after=after)
            met, after = met + [one.name for one in page.rows], page.after or ""

        assert (met, after) == (["Arms", "eyes", "feet", "legs", "toes"], "")

    def test_they_stand_in_the_order_that_people_expect_and_are_found_by_their_beginnings(self, session):
        an_article(session, tags=["zoster", "Äpfel", "apples", "Élan", "eczema", "DVT", "App"])
        session.flush()

        def names(beginning=""):
            return [one.name for one in shelves.known_tags(session, beginning).rows]

        assert names() == ["Äpfel", "App", "apples", "DVT", "eczema", "Élan", "zoster"]
        assert names("AP") == ["Äpfel", "App", "apples"]
        assert names("app") == ["App", "apples"]
        assert names("é") == ["eczema", "Élan"]
        assert names("x") == []

    # PostgreSQL plans by what its tables hold, which here is little.
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_a_page_is_found_by_index(self, session):
        an_article(session, tags=["legs", "Arms"])
        session.commit()
        shelves.known_tags(session)

        with planned(db.engine) as steps:
            shelves.known_tags(session, "a", "a")

        assert any("newest_value USING" in step and "place>? AND place<?" in step for step in steps)
        assert not any(step.startswith("SCAN newest") for step in steps)

    def test_it_asks_a_fixed_number_of_statements_and_reads_no_version(self, session):
        def asked(count):
            for number in range(count):
                an_article(session, slug=f"of-{count}-{number}", tags=["legs", f"{count}-{number}"])
            session.commit()
            shelves.known_tags(session)
            sent.clear()
            shelves.known_tags(session)
            return list(sent)

        sent = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        few, many = asked(2), asked(20)

        assert len(few) == len(many)
        assert not any("version" in one for one in many)


class TestOfferedTags:
    def test_it_offers_what_is_borne_and_not_retired(self, session):
        an_article(session, tags=["Legs", "arms"])
        an_faq(session, tags=["old", "Legs"])
        retiring.retire(session, tag_mark("old"), by=ED)
        session.commit()

        assert shelves.offered_tags(session) == ["arms", "Legs"]

    def test_it_reads_no_version(self, session):
        an_article(session, tags=["legs"])
        session.commit()
        shelves.offered_tags(session)
        sent = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))

        assert shelves.offered_tags(session) == ["legs"]
        assert not any("version" in one for one in sent)


NHS = {"title": "DVT", "publisher": "NHS"}


def titles(page):
    return [one.facts["title"] for one in page.rows]


class TestKnownSources:
    def test_it_tells_a_source_once_with_all_that_cite_it(self, session):
        an_article(session, sources=[NHS, NHS])
        an_faq(session, sources=[NHS, {"title": "Another"}])

        found = shelves.known_sources(session).rows

        assert [(one.facts["title"], one.cited, len(one.cited_by)) for one in found] == [
            ("Another", 1, 1),
            ("DVT", 2, 2),
        ]

    def test_it_tells_what_only_readers_still_have_until_they_do_not(self, session):
        live = a_live_article(session, sources=[NHS])
        newest = saved(session, live, sources=[{"title": "Another"}])
        session.commit()
        while_ahead = titles(shelves.known_sources(session))

        saved(session, newest, sources=[{"title": "Another"}, {"title": "Third"}])
        session.commit()
        saved_again = titles(shelves.known_sources(session))
        publish(session, signed(session, versions.latest(session, live.entry_id)))

        assert while_ahead == ["Another", "DVT"]
        assert saved_again == ["Another", "DVT", "Third"]
        assert titles(shelves.known_sources(session)) == ["Another", "Third"]

    def test_it_tells_what_goes_public_after_a_newer_draft_was_saved(self, session):
        first = signed(session, an_article(session, sources=[NHS]))
        saved(session, first, sources=[{"title": "Another"}])
        session.commit()
        before = titles(shelves.known_sources(session))

        publish(session, first)

        assert before == ["Another"]
        assert titles(shelves.known_sources(session)) == ["Another", "DVT"]

    def test_it_tells_nothing_of_words_that_were_erased_from_what_readers_had(self, session):
        live = a_live_article(session, sources=[NHS])
        saved(session, live, sources=[{"title": "Another"}])
        session.commit()
        shelves.known_sources(session)

        publishing.erase(session, live.entry_id, [1], by=ED, reason="a court")

        assert session.scalars(select(NewestSource.facts)).all() == [{"title": "Another"}]
        assert titles(shelves.known_sources(session)) == ["Another"]

    def test_it_goes_on_page_by_page(self, session, monkeypatch):
        monkeypatch.setattr(shelves, "PAGE", 1)
        an_article(session, sources=[{"title": "Ärzte"}, {"title": "Ärzteblatt"}, {"title": "Beta"}])
        met, after = [], ""
        for _ in range(3):
            page = shelves.known_sources(session, after=after)
            met, after = met + titles(page), page.after or ""

        assert (met, after) == (["Ärzte", "Ärzteblatt", "Beta"], "")

    @pytest.mark.parametrize(
        ("beginning", "found"), [("ÄRZ", ["Ärzte"]), ("blood  c", ["Blood clots"]), ("clots", [])]
    )
    def test_it_finds_titles_by_their_beginning(self, session, beginning, found):
        an_article(session, sources=[{"title": "Ärzte"}, {"title": "Blood clots"}])

        assert titles(shelves.known_sources(session, beginning)) == found

    def test_it_asks_a_fixed_number_of_statements_and_reads_no_version(self, session):
        def asked(count):
            for number in range(count):
                an_article(
                    session, slug=f"of-{count}-{number}", sources=[NHS, {"title": f"{count}-{number}"}]
                )
            session.commit()
            shelves.known_sources(session)
            sent.clear()
            shelves.known_sources(session)
            return list(sent)

        sent = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
        few, many = asked(2), asked(20)

        assert len(few) == len(many) == 5
        assert not any("version" in one for one in many)


class TestOfferedSources:
    def test_it_offers_those_cited_last_and_not_retired(self, session, monkeypatch):
        monkeypatch.setattr(shelves, "MOST_OFFERED", 2)
        an_article(session, sources=[{"title": "First"}])
        an_article(session, slug="second", sources=[{"title": "Second"}])
        an_article(session, slug="third", sources=[NHS])
        retiring.retire(session, source_mark({"title": "Second"}), by=ED)
        session.commit()

        assert shelves.offered_sources(session) == [NHS]
