"""What the database itself refuses, whoever writes to it: rule 1 and rule 3 by plain SQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from content import log, publishing
from tests.builders import DR_REED, ED, MAY_DAY, NEXT_YEAR, a_live_article, an_article, publish, saved, signed

COLUMNS = {
    "line": "sequence, entry_id, event, state, version, document_hash, change_kind, 'CHANGED', review, forced, target,"
    " affects",
    "document": "hash, renderer, entry_id, version, card, body",
    "review": "id, entry_id, version, content_hash, reviewer_id, 'Dr Forged', credentials, scope, signed_at, due_on",
    "epoch": "id, 99, began_at",
    "version": 'entry_id, number, based_on, schema, content, placement, content_hash, placement_hash, "by", note,'
    " saved_at",
    "act": 'sequence, at, recorded_at, "by", reason, due_id',
}


def refused(session, statement):
    with pytest.raises(DBAPIError):
        session.execute(text(statement))
    session.rollback()


class TestReplacing:
    @pytest.mark.parametrize("table", COLUMNS)
    def test_a_row_is_never_put_in_place_of_another(self, session, table):
        a_live_article(session)
        replace = "REPLACE" if session.get_bind().dialect.name == "sqlite" else "INSERT"

        refused(session, f"{replace} INTO {table} SELECT {COLUMNS[table]} FROM {table}")


class TestTruncating:
    @pytest.mark.parametrize("table", COLUMNS)
    def test_a_table_is_never_emptied(self, session, table):
        a_live_article(session)
        empty = "DELETE FROM" if session.get_bind().dialect.name == "sqlite" else "TRUNCATE"

        refused(session, f"{empty} {table}" + (" CASCADE" if empty == "TRUNCATE" else ""))


class TestLines:
    def test_none_is_added_to_an_act_of_the_past(self, session):
        a_live_article(session)
        a_live_article(session, slug="second")
        session.commit()

        refused(
            session,
            "INSERT INTO line SELECT 1, entry_id, event, state, version, document_hash, change_kind, public_note,"
            " review, forced, target, affects FROM line WHERE sequence = 2",
        )

    @pytest.mark.parametrize(
        ("column", "value"), [("event", "vanished"), ("state", "odd"), ("change_kind", "huge")]
    )
    def test_it_says_nothing_that_there_is_no_word_for(self, session, column, value):
        version = an_article(session)
        session.commit()
        said = {"event": "erased", "state": "draft", "change_kind": "typo"} | {column: value}

        act = log.begin_act(session, by=ED, reason=None, now=MAY_DAY)
        session.add(log.Line(sequence=act.sequence, entry_id=version.entry_id, forced=False, **said))

        with pytest.raises(DBAPIError):
            session.flush()


class TestErasing:
    def test_a_text_is_emptied_by_an_act_that_says_so_and_by_nothing_else(self, session):
        version = a_live_article(session)
        session.commit()

        refused(session, "UPDATE version SET content = NULL, note = NULL")
        refused(session, "UPDATE document SET card = NULL, body = NULL")
        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        refused(session, """UPDATE version SET placement = '{"slug":"evil"}'""")

    def test_a_later_act_opens_nothing(self, session):
        version = a_live_article(session)
        another = signed(session, saved(session, version, body="Other words."))
        publish(session, another)
        publishing.erase(session, version.entry_id, [1], by=ED, now=MAY_DAY)
        publishing.rereview(session, version.entry_id, DR_REED, due_on=NEXT_YEAR, now=MAY_DAY)

        refused(session, "UPDATE version SET content = NULL, note = NULL WHERE number = 2")


class TestIsolation:
    def test_an_act_sees_what_was_committed_while_it_waited_whatever_the_database_prefers(self, session):
        if session.get_bind().dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        else:
            assert session.scalar(text("SHOW transaction_isolation")) == "read committed"
