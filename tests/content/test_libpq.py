from datetime import date, datetime
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import UndefinedColumn

from content import libpq
from content.libpq import Asked

AT = datetime.fromisoformat("2026-05-01T09:00:00.000007")
ID = UUID("01902d3c-0000-7000-8000-000000000000")


@pytest.fixture
def driver(postgresql_database):
    address = postgresql_database.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture
def asked(driver):
    return Asked(driver)


def kept(driver):
    """The statements that the server has prepared for this connection by us."""
    chosen = "SELECT statement FROM pg_prepared_statements WHERE name LIKE 'verso%' ORDER BY prepare_time"
    return [row[0] for row in driver.execute(chosen)]


class TestRows:
    def test_they_are_what_a_cursor_would_return(self, driver, asked):
        values = [ID, "ü'\\ %s $1", 2**40, AT, [ID], ["a", 'b"c'], None]
        kinds = ["uuid", "text", "bigint", "timestamp", "uuid[]", "text[]", "integer"]
        numbered = ", ".join(f"${place}::{kind}" for place, kind in enumerate(kinds, 1))
        bytes_of = "convert_to($2::text, 'UTF8'), true, DATE '2026-05-01'"

        rows = asked.rows(f"SELECT {numbered}, {bytes_of}", values)

        more = ["ü'\\ %s $1".encode(), True, date(2026, 5, 1)]
        assert rows == [[*values, *more]]

    def test_there_may_be_none(self, asked):
        assert asked.rows("SELECT 1 WHERE $1::integer = 2", [1]) == []

    def test_a_statement_is_prepared_once(self, driver, asked):
        assert [asked.rows("SELECT $1::integer", [number]) for number in (1, 2)] == [[[1]], [[2]]]
        assert kept(driver) == ["SELECT $1::integer"]

    def test_what_is_refused_is_psycopg_s_error(self, driver, asked):
        with pytest.raises(UndefinedColumn):
            asked.rows("SELECT nothing FROM edition", [])
        asked.rows("SELECT 1 / $1::integer", [1])
        with pytest.raises(psycopg.errors.DivisionByZero):
            asked.rows("SELECT 1 / $1::integer", [0])

    def test_no_more_are_kept_than_may_be(self, driver, asked, monkeypatch):
        monkeypatch.setattr(libpq, "MOST", 2)

        for number in (1, 2, 3, 1):
            assert asked.rows(f"SELECT {number}", []) == [[number]]

        assert kept(driver) == ["SELECT 3", "SELECT 1"]
