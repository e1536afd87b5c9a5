"""What is measured of a server that readers and editors use at once, and of one that answered very many."""

from contextlib import closing

import httpx
import pytest
from sqlalchemy.orm import Session

from bench import databases, least, library, memory, reads, topics
from bench.load import Load
from bench.measuring import Effort
from bench.servers import served
from tests.machine import need


@pytest.fixture(params=list(databases.KINDS))
def made(request):
    """A database with a small library."""
    if request.param == "PostgreSQL":
        need("postgresql")
    with databases.new(request.param) as made, databases.opened(made.url) as engine:
        with Session(engine) as session:
            library.fill(session, 30, 30)
        yield made


class TestTopics:
    def test_it_asks_for_the_lists_of_all_topics_after_publications(self, made):
        with (
            served("wsgi:application", made.environment, "/readyz") as verso,
            databases.opened(made.url) as engine,
        ):
            [figure] = topics.measured(made.kind, engine, verso)

        assert figure.holds, figure.measured


class TestLeast:
    def test_it_asks_all_for_texts_that_are_there(self, made):
        need("wrk")

        figures = list(least.measured(made.kind, made.environment, 30, Effort(rounds=1, seconds=1)))

        assert [float(figure.measured.partition(";")[0]) > 0 for figure in figures] == [True, True]
        assert not [figure for figure in figures if "errors" in figure.measured]

    @pytest.mark.parametrize(
        ("repeats", "errors", "told"),
        [
            (0, 0, "0.50"),
            (1, 0, "0.50; it ran out of addresses"),
            (0, 2, "0.50; 2 errors"),
        ],
    )
    def test_it_tells_what_spoils_it(self, repeats, errors, told):
        verso = Load(50, 1.0, 1.0, 1.0, errors, repeats)
        stored, at_hand = Load(100, 1.0, 1.0, 1.0, 0, 7), Load(400, 1.0, 1.0, 1.0, 0, 9)

        first, second = least.figures("this", [least.Round(verso, stored, at_hand)])

        assert (first.measured, second.measured.partition(";")[0]) == (told, "0.25")


class TestMemory:
    def test_it_asks_what_a_worker_holds_after_so_many_reads(self, made):
        need("wrk")
        with served("wsgi:application", made.environment, "/readyz") as verso:
            with closing(httpx.Client(base_url=verso.address)) as site:
                asked = [*reads.first(site), *reads.repeated(site)]
            [figure] = memory.measured(made.kind, verso, asked, (10, 20), seconds=1)

        assert "after 10, 20 reads" in figure.name
        assert [float(told) > 1 for told in figure.measured.removesuffix(" MB").split(", ")] == [True, True]

    @pytest.mark.parametrize(
        ("held", "asked", "flat"),
        [
            ((50, 100, 105), 30, True),
            ((50, 100, 106), 30, False),
            ((50, 100, 90), 30, True),
            ((50, 100, 100), 29, False),
            ((0, 0, 0), 30, False),
        ],
    )
    def test_it_compares_the_last_two_where_all_was_read(self, held, asked, flat):
        assert memory.figure("this", (10, 20, 30), held, asked).holds == flat
