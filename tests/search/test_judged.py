"""The judged queries: whoever types them finds what they mean among the first three, on both databases."""

import pytest
from sqlalchemy import select

from content import publishing, versions
from content.corpus import Filters
from content.editions import Edition
from content.log import head
from content.partners import ANONYMOUS
from content.search.finding import Scope, find
from tests.builders import ED
from tests.search.corpus import queries, texts

FIRST = 3
SHARE = 0.9


@pytest.fixture
def published(session):
    """A session on the corpus, all of it published in one act."""
    made = [versions.create(session, one.type, one.values, locale=one.locale, by=ED) for one in texts()]
    steps = [publishing.publication(session, one.entry_id, 1, forced=True) for one in made]
    publishing.perform(session, steps, by=ED, reason="a test")
    return session


def missed(session, judged):
    """The queries whose right entry is not among the first, with what is."""
    at = head(session).sequence
    slugs = dict(session.execute(select(Edition.entry_id, Edition.slug)).all())
    wrong = {}
    for typed, right, _ in judged:
        hits = find(session, typed, Scope(at, ANONYMOUS, Filters())).hits
        first = [slugs[hit.candidate.entry_id] for hit in hits[:FIRST]]
        if right not in first:
            wrong[typed] = (right, first)
    return wrong


class TestFind:
    def test_nine_of_ten_find_the_right_entry_among_the_first_three(self, published):
        judged = list(queries())
        misspelt = [one for one in judged if one[2] == "misspelt"]

        wrong = missed(published, judged)

        assert len(wrong) <= (1 - SHARE) * len(judged), wrong
        assert sum(one[0] in wrong for one in misspelt) <= (1 - SHARE) * len(misspelt), wrong

    def test_the_set_is_as_large_as_it_must_be(self):
        judged, corpus = list(queries()), list(texts())

        assert len(corpus) >= 200
        assert len(judged) >= 100
        assert sum(kind == "misspelt" for _, _, kind in judged) >= 40
        assert {right for _, right, _ in judged} <= {one.values["slug"] for one in corpus}
        assert len({typed for typed, _, _ in judged}) == len(judged)
