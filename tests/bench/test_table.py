"""The arithmetic of the bench: medians of rounds, ratios within a round, and what is asked of them."""

import pytest

from bench import table
from bench.load import Asked, Load
from bench.measuring import Round, Row
from bench.reads import Read


def a_load(rate, *, p50=1.0, p99=2.0, repeats=0):
    """Two seconds at so many requests a second."""
    return Load(requests=2 * rate, seconds=2, p50=p50, p99=p99, errors=0, repeats=repeats)


def a_row(*rates, name="one article", database="SQLite", memory=None, p99=2.0, repeats=0, **read):
    """One read, and for each round the rates of Verso, of Flask and of WSGI."""
    rounds = [
        Round(a_load(verso, p99=p99, repeats=repeats), a_load(flask), a_load(wsgi))
        for verso, flask, wsgi in rates
    ]
    return Row(database, Read(name, Asked(["/"]), **read), rounds, memory)


class TestParts:
    def test_it_compares_each_round_with_itself_and_takes_the_median(self):
        row = a_row((100, 50, 200), (300, 100, 400), (90, 90, 900))

        assert table.parts(row) == (2.0, 0.5)


class TestHolds:
    @pytest.mark.parametrize(("rate", "enough"), [(59, False), (60, True)])
    def test_it_asks_for_the_parts_that_are_wanted(self, rate, enough):
        row = a_row((rate, 30, 100), wanted=(1.9, 0.6))

        assert table.holds(row) == enough

    @pytest.mark.parametrize(("rate", "enough"), [(94, False), (95, True)])
    def test_it_compares_with_the_read_named_in_each_round(self, rate, enough):
        one, two, three = ((rate, 100), (50, 500), (900, 100))
        rounds = [Round(a_load(own), a_load(1), a_load(1), a_load(other)) for own, other in (one, two, three)]

        assert table.holds(Row("SQLite", Read("one article, 304", Asked(["/"])), rounds, None)) == enough

    @pytest.mark.parametrize(("p99", "enough"), [(5.1, False), (5.0, True)])
    def test_it_asks_how_steady_a_read_is_while_something_is_published(self, p99, enough):
        row = a_row((100, 1, 1), published=True, p99=p99)

        assert table.holds(row) == enough


class TestTable:
    def test_it_tells_the_median_of_the_rounds_and_what_is_asked(self):
        rounds = [(1500, 1000, 2000), (10, 1, 1), (7, 7, 7)]

        made = table.table([a_row(*rounds, name="one", wanted=(0.3, None), first=True)])

        told = "| SQLite: one, first | 10 | 1.00 | 2.00 | 0 |  | 7 | 7 | 2.00 | 1.50 | 1.00 | 0.3 of Flask | yes |"
        assert made.splitlines()[2] == told

    def test_it_tells_when_first_reads_ran_out_of_addresses(self):
        assert "ran out of addresses" in table.table([a_row((1, 1, 1), first=True, repeats=1)])

    def test_it_tells_when_a_round_ended_before_the_first_answer(self):
        assert "no answer in time" in table.table([a_row((5, 1, 1), (0, 1, 1))])
