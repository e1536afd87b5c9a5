"""What a search of SQLite walks: the index of words and the keys of what was found, and never a whole table."""

import re

import pytest
from sqlalchemy import event

from content.corpus import Filters
from content.log import head
from content.partners import ANONYMOUS
from content.search import showing
from content.search.finding import Scope, find
from tests.builders import a_live_faq, a_topic
from tests.plans import planned, walked


@pytest.fixture
def scope(session):
    """Where to look, with three texts there."""
    topic = a_topic(session)
    for number in range(3):
        question = f"Is a thrombosis dangerous at {number}?"
        a_live_faq(session, question=question, slug=f"q-{number}", topics=[topic], tags=["legs"])
    return Scope(head(session).sequence, ANONYMOUS, Filters(locale="en"))


# PostgreSQL plans by what its tables hold, which here is nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestFind:
    @pytest.mark.parametrize("typed", ["thrombosis", "dangerous thrombosis", "trombosis"])
    def test_it_walks_no_table(self, engine, session, scope, typed):
        with planned(engine) as steps:
            find(session, typed, scope)

        assert walked(steps) == []
        assert not [step for step in steps if "search_word" in step and step.endswith("(language=?)")]
        assert any("VIRTUAL TABLE" in step for step in steps)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestALook:
    def test_it_says_how_many_texts_it_is_for(self, engine, session, scope):
        sent = []
        event.listen(engine, "before_cursor_execute", lambda *heard: sent.append(heard[2]))

        find(session, "dangerous thrombosis", scope)

        # PostgreSQL plans without the parameters: of a hundred thousand texts it read each tenth to find two.
        looks = [re.findall(r"LIMIT ([^\s)]+)", one) for one in sent if "search_text.a" in one]
        assert looks[0] == ["200", "500"]
        assert all(most.isdecimal() for look in looks for most in look)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestWhatWasFound:
    @pytest.mark.parametrize(
        "shown",
        [
            showing.shown,
            showing.facets,
            lambda session, hits, scope: showing.titles(session, hits),
        ],
        ids=["cards", "facets", "titles"],
    )
    def test_it_is_shown_without_a_walk_through_a_table(self, engine, session, scope, shown):
        hits = find(session, "thrombosis", scope).hits
        assert len(hits) == 3

        with planned(engine) as steps:
            shown(session, hits, scope)

        assert walked(steps) == []
