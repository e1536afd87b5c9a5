"""What is measured of a long log is what readers ask for."""

import pytest

from bench import filling, growth
from bench.filling import Plan
from bench.growth import ALIKE, FREE, SOON, Row, Taken


def a_row(before, after, bound=ALIKE, *, alike=True):
    """A read's times on some logs, and whether it found as many in each after most was withdrawn."""
    return Row("SQLite", "newest", bound, Taken(before), Taken(after, alike))


class TestMeasured:
    @pytest.fixture
    def rows(self, engine):
        """The reads of one small log."""
        filling.fill(engine, Plan(entries=100, editions=3))
        return list(growth.measured("this", [engine], rounds=1))

    def test_it_has_every_order_now_and_in_the_past(self, rows):
        reads = {row.name for row in rows}

        for name in ("newest", "oldest", "updated", "title", "review_due"):
            assert {
                name,
                f"{name}, deep",
                f"{name}, a topic",
                f"{name}, as of 1 %",
                f"{name}, as of 50 %",
            } <= reads
        assert "one article" in reads
        assert all(len(row.before.times) == len(row.after.times) == 1 for row in rows)

    def test_it_asks_what_the_project_demands(self, rows):
        asked = {row.name: row.bound for row in rows}

        assert asked["one article"] == asked["title"] == asked["updated, deep"] == ALIKE
        assert asked["newest, a topic"] == asked["newest, as of 1 %"] == ALIKE
        assert asked["oldest, as of 1 %"] == asked["title, as of 50 %"] == SOON
        assert asked["title, sub-topics"] == FREE


class TestHolds:
    @pytest.mark.parametrize(
        ("row", "enough"),
        [
            (a_row((1, 9, 1.5), (2, 3)), True),
            (a_row((1, 1.6), (1, 1)), False),
            (a_row((1, 1), (1, 1.6)), False),
            (a_row((1, 1), (1, 1.6), alike=False), True),
            (a_row((1, 50), (1, 50), SOON), True),
            (a_row((1, 51), (1, 1), SOON), False),
            (a_row((1, 900), (1, 900), FREE), True),
        ],
    )
    def test_it_compares_the_longest_log_with_the_shortest_or_with_a_time(self, row, enough):
        assert growth.holds(row) == enough


class TestTable:
    def test_it_tells_the_times_at_each_size_before_and_after(self):
        made = growth.table(
            [10_000, 1_000_000], [a_row((1, 2), (4, 4)), a_row((1, 2), (4, 4), FREE, alike=False)]
        )

        assert made.splitlines()[2:] == [
            "| SQLite: newest | 1.00 | 2.00 | 2.00 | 4.00 | 4.00 | 1.00 | 1.5 times as long | no |",
            "| SQLite: newest | 1.00 | 2.00 | 2.00 | 4.00 | 4.00 | 1.00 * |  |  |",
        ]
