"""What a search of SQLite walks: the index of words and the keys of what was found, and never a whole table."""

import pytest
from sqlalchemy import event

from content.corpus import Filters
from content.log import head
from content.partners import ANONYMOUS
from content.search.finding import Scope, find
from tests.builders import a_live_faq


@pytest.fixture
def plan(engine, session):
    """The steps that SQLite takes for a question."""
    sent = []

    def plan(typed):
        a_live_faq(session, question="Is a thrombosis dangerous?")
        scope = Scope(head(session).sequence, ANONYMOUS, Filters(locale="en"))
        event.listen(engine, "before_cursor_execute", lambda *sending: sent.append(sending[2:4]))
        find(session, typed, scope)
        asked = [one for one in sent if one[0].startswith("SELECT")]
        rows = [
            session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given) for sql, given in asked
        ]
        return [row.detail for some in rows for row in some]

    return plan


# PostgreSQL plans by what its tables hold, which here is nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestFind:
    @pytest.mark.parametrize("typed", ["thrombosis", "dangerous thrombosis", "trombosis"])
    def test_it_walks_no_table(self, plan, typed):
        steps = plan(typed)

        tables = ("search_text", "search_word", "search_key", "edition")
        assert not [step for step in steps if step.startswith(tuple(f"SCAN {table}" for table in tables))]
        assert not [step for step in steps if "search_word" in step and step.endswith("(language=?)")]
        assert any("VIRTUAL TABLE" in step for step in steps)
