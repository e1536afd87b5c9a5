"""Usage: nothing that was handed out is lost, counted twice or written under anybody's lock."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import create_engine, event, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from content import database
from content.database import begin_writing, new_id, prepare_engine
from content.usage import counting
from content.usage.counting import ANONYMOUS, Counts, Kind, Usage

MAY, JUNE = datetime(2026, 5, 1, 23, 59, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
ONE, OTHER, PARTNER = new_id(), new_id(), new_id()


@pytest.fixture
def counts():
    return Counts()


def handed(*versions, partner_id=None, kind=Kind.FETCH):
    return counting.handed(partner_id, kind, versions or [(ONE, 1)])


def rows(session):
    """Every row, as `(partner, day, entry, version): (fetch, listed, embed, unchanged)`."""
    session.rollback()
    table = Usage.__table__
    return {tuple(row[:4]): tuple(row[4:]) for row in session.execute(select(table))}


class TestWrite:
    def test_it_adds_up_by_partner_entry_version_and_day(self, session, counts):
        single, listed = handed(), handed((ONE, 1), (OTHER, 3), partner_id=PARTNER, kind=Kind.LISTED)
        for _ in range(3):
            counts.note(single, MAY)
        counts.note(listed, MAY)
        counts.note(listed.unchanged, MAY)
        counts.note(handed(kind=Kind.EMBED), MAY)
        counts.write(session, MAY)
        counts.note(single, JUNE)

        counts.write(session, JUNE)

        assert rows(session) == {
            (ANONYMOUS, MAY.date(), ONE, 1): (3, 0, 1, 0),
            (ANONYMOUS, JUNE.date(), ONE, 1): (1, 0, 0, 0),
            (PARTNER, MAY.date(), ONE, 1): (0, 1, 0, 1),
            (PARTNER, MAY.date(), OTHER, 3): (0, 1, 0, 1),
        }

    def test_what_stands_there_is_added_to_also_what_another_process_wrote(self, session, counts):
        other = Counts()
        for one in (counts, other, counts):
            one.note(handed(), MAY)
            one.write(session, MAY)

        assert rows(session) == {(ANONYMOUS, MAY.date(), ONE, 1): (3, 0, 0, 0)}

    def test_where_nothing_was_counted_it_sends_nothing(self, session, counts):
        sent = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *told: sent.append(told[2]))

        counts.write(session, MAY)

        assert sent == []

    def test_a_database_that_is_gone_loses_no_count(self, session, counts):
        nowhere = create_engine("postgresql+psycopg://verso@127.0.0.1:1/verso")
        counts.note(handed(), MAY)
        with Session(nowhere) as gone, pytest.raises(OperationalError):
            counts.write(gone, MAY)
        counts.note(handed(), MAY)

        counts.write(session, MAY)

        assert rows(session) == {(ANONYMOUS, MAY.date(), ONE, 1): (2, 0, 0, 0)}

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_a_database_that_is_locked_loses_no_count(self, session, counts, engine, monkeypatch):
        monkeypatch.setattr(database, "BUSY_SECONDS", 0)
        impatient = create_engine(engine.url)
        prepare_engine(impatient)
        counts.note(handed(), MAY)
        begin_writing(session)
        with Session(impatient) as waiting, pytest.raises(OperationalError, match="locked"):
            counts.write(waiting, MAY)
        session.rollback()
        impatient.dispose()

        counts.write(session, MAY)

        assert rows(session) == {(ANONYMOUS, MAY.date(), ONE, 1): (1, 0, 0, 0)}

    def test_what_was_written_before_it_failed_is_not_written_again(self, session, counts, monkeypatch):
        monkeypatch.setattr(counting, "AT_ONCE", 1)
        counts.note(handed((ONE, 1), (OTHER, 1)), MAY)
        commits = []

        def fail_the_second(_session):
            commits.append(1)
            if len(commits) == 2:
                raise OperationalError("COMMIT", {}, Exception("gone"))

        event.listen(session, "before_commit", fail_the_second)
        with pytest.raises(OperationalError):
            counts.write(session, MAY)
        session.rollback()
        event.remove(session, "before_commit", fail_the_second)

        counts.write(session, MAY)

        assert {row[2]: counted for row, counted in rows(session).items()} == {
            ONE: (1, 0, 0, 0),
            OTHER: (1, 0, 0, 0),
        }

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_it_does_not_wait_for_the_log_s_lock(self, session, counts, engine):
        database.take_act_lock(session)
        counts.note(handed(), MAY)

        with Session(engine) as other:
            other.execute(text("SET lock_timeout = '5s'"))
            counts.write(other, MAY)

            assert rows(other) == {(ANONYMOUS, MAY.date(), ONE, 1): (1, 0, 0, 0)}


class TestAFlood:
    def test_what_memory_does_not_hold_is_told_in_the_log(self, session, caplog):
        counts = Counts(most_rows=2)
        for number in range(1, 5):
            counts.note(handed((ONE, number)), MAY)
            counts.note(handed((ONE, 1)), MAY)

        with caplog.at_level(logging.WARNING):
            counts.write(session, MAY)

        assert rows(session) == {
            (ANONYMOUS, MAY.date(), ONE, 1): (5, 0, 0, 0),
            (ANONYMOUS, MAY.date(), ONE, 2): (1, 0, 0, 0),
        }
        assert "2 reads were not counted" in caplog.text

    def test_they_are_summed_up_before_they_are_many_also_while_nobody_writes(self, session, counts):
        for _ in range(3 * counting.MOST_ANSWERS):
            counts.note(handed(), MAY)

        assert len(counts._answers) <= counting.MOST_ANSWERS
        counts.write(session, MAY)
        assert rows(session) == {(ANONYMOUS, MAY.date(), ONE, 1): (3 * counting.MOST_ANSWERS, 0, 0, 0)}

    def test_once_it_is_written_there_is_room_again(self, session):
        counts = Counts(most_rows=1)
        for day in (MAY, MAY + timedelta(days=1)):
            counts.note(handed(), day)
            counts.write(session, day)

        assert len(rows(session)) == 2


class TestNote:
    def test_no_thread_takes_a_count_from_another_nor_does_whoever_writes(self, session, counts):
        single, each = handed(), 5_000

        def read():
            for _ in range(each):
                counts.note(single, MAY)

        with ThreadPoolExecutor(4) as threads:
            reading = [threads.submit(read) for _ in range(4)]
            while not all(one.done() for one in reading):
                counts.write(session, MAY)
        counts.write(session, MAY)

        assert rows(session) == {(ANONYMOUS, MAY.date(), ONE, 1): (4 * each, 0, 0, 0)}
