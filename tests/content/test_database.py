import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from sqlalchemy import Column, MetaData, Table, Text, create_engine, select, text, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from content import database
from content.database import CanonicalJSON, UTCDateTime, new_id
from content.editions import Edition, Facet
from content.log import Line
from tests.builders import MAY_DAY, a_live_article, an_article

INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.fixture
def shelf(engine):
    """A table of its own with our column types."""
    table = Table("shelf", MetaData(), Column("at", UTCDateTime()), Column("facts", CanonicalJSON()))
    table.create(engine)
    yield table
    table.drop(engine)


def kept(engine, table, **values):
    with engine.begin() as connection:
        connection.execute(table.insert().values(**values))
        return connection.execute(select(table)).one()


class TestPrepareEngine:
    @pytest.mark.parametrize(
        ("pragma", "value"),
        [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", 60_000)],
    )
    def test_it_sets_what_keeps_acknowledged_acts(self, tmp_path, pragma, value):
        engine = create_engine(f"sqlite:///{tmp_path}/own.db")
        database.prepare_engine(engine)

        for _ in range(2):
            with engine.connect() as connection:
                assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value
        engine.dispose()

    def test_it_waits_for_whoever_writes_to_a_file_without_a_write_ahead_log(self, tmp_path):
        first = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
        first.execute("CREATE TABLE made (by_the_first)")
        first.execute("BEGIN IMMEDIATE")
        engine = create_engine(f"sqlite:///{tmp_path}/new.db")
        database.prepare_engine(engine)

        threading.Timer(0.2, first.commit).start()
        with engine.connect() as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"

        engine.dispose()
        first.close()

    def test_it_lets_no_row_point_at_nothing(self, session):
        session.add(Facet(entry_id=new_id(), from_sequence=1, name="tag", value="a"))

        with pytest.raises(IntegrityError):
            session.commit()


class TestUTCDateTime:
    @pytest.mark.parametrize("at", [MAY_DAY, MAY_DAY.astimezone(INDIA), datetime(1, 1, 1, tzinfo=UTC)])
    def test_it_gives_the_instant_back_in_utc(self, engine, shelf, at):
        found = kept(engine, shelf, at=at, facts=None).at

        assert found == at
        assert found.tzinfo is UTC

    def test_it_refuses_an_instant_without_its_offset(self, engine, shelf):
        with pytest.raises(Exception, match="needs its offset"):
            kept(engine, shelf, at=datetime(2026, 5, 1), facts=None)  # noqa: DTZ001

    def test_it_keeps_microseconds_and_nothing(self, engine, shelf):
        at = MAY_DAY + timedelta(microseconds=1)

        assert kept(engine, shelf, at=at, facts=None).at == at


class TestCanonicalJSON:
    def test_it_is_kept_as_rfc_8785_says(self, engine, shelf):
        row = kept(engine, shelf, at=MAY_DAY, facts={"b": [1, None], "a": "é"})

        with engine.connect() as connection:
            stored = connection.execute(text("SELECT facts FROM shelf")).scalar()
        assert stored == '{"a":"é","b":[1,null]}'
        assert row.facts == {"a": "é", "b": [1, None]}


class TestInsertAll:
    def test_it_keeps_values_of_all_kinds_as_they_are(self, session):
        live = session.get_one(Edition, (a_live_article(session).entry_id, 1))
        shared = {"entry_id": live.entry_id, "from_sequence": 1, "first_sequence": 1, "type": "article"}
        at = MAY_DAY.astimezone(INDIA) + timedelta(microseconds=1)
        values = ['"quoted" \\ and\nparted', "ü \u2028 😀", "null", "{1,2}"]
        rows = [
            {**shared, "until_sequence": until, "name": "kept", "value": value, "sort_at": at}
            for value, until in zip(values, (None, 2, None, 3), strict=True)
        ]

        database.insert_all(session, Facet, rows)

        stored = session.scalars(select(Facet).where(Facet.name == "kept"))
        assert {one.value: database.row_of(one) for one in stored} == {row["value"]: row for row in rows}

    def test_it_keeps_json_as_rfc_8785_says(self, session):
        a_live_article(session)
        line = session.scalars(select(Line)).one()
        row = {**database.row_of(line), "entry_id": an_article(session, slug="b").entry_id, "version": 1}
        row |= {"review": {"b": ["é"], "a": None}, "affects": [2, 1], "forced": True}

        database.insert_all(session, Line, [row])

        stored = session.get_one(Line, (row["sequence"], row["entry_id"]))
        assert database.row_of(stored) == row
        kept = session.scalar(select(type_coerce(Line.review, Text)).where(Line.entry_id == row["entry_id"]))
        assert kept == '{"a":null,"b":["é"]}'

    def test_it_stores_nothing_without_a_statement(self, session, statements):
        database.insert_all(session, Facet, [])

        assert statements == []


class TestNewId:
    def test_it_is_a_uuid_of_version_7_later_ones_greater(self):
        first, second = new_id(), new_id()

        assert isinstance(first, UUID)
        assert (first.version, first < second) == (7, True)


class TestBeginWriting:
    def test_it_lets_a_reader_write_although_somebody_wrote_meanwhile(self, session, engine):
        with Session(engine) as reader:
            reader.execute(text("SELECT count(*) FROM entry")).scalar()
            an_article(session)
            session.commit()

            an_article(reader, slug="other")
            reader.commit()

        assert session.execute(text("SELECT count(*) FROM entry")).scalar() == 2


class TestClock:
    def test_it_is_aware_and_does_not_stand_still(self, session):
        before, after = database.clock(session), database.clock(session)

        assert before.tzinfo is UTC
        assert before <= after
        assert abs(datetime.now(UTC) - after) < timedelta(minutes=1)
