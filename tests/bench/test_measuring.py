"""The bench measures real servers; how fast they are is not for a test to say."""

import os
import shutil

import httpx
import pytest

from app import create_app
from bench import library, reads
from bench.measuring import Effort, measured
from bench.servers import served
from storage import db
from tests.machine import need

SIZE = 30
NAMED = ("one article", "one article, 304")


@pytest.fixture
def environment(sqlite_template, tmp_path):
    """What a server is started with, whose database has a small library."""
    need("wrk")
    shutil.copy(sqlite_template, tmp_path / "verso.db")
    given = {"VERSO_VAR": str(tmp_path), "VERSO_SEED": "0"}
    with create_app(given).app_context():
        library.fill(db.session(), SIZE, SIZE)
        db.session.remove()
        db.engine.dispose()
    return {**os.environ, **given, "VERSO_LIMITS": "0"}


class TestMeasured:
    def test_it_loads_verso_and_what_it_is_compared_with(self, environment, tmp_path):
        with served("wsgi:application", environment, "/readyz") as verso:
            with httpx.Client(base_url=verso.address) as site:
                every = [*reads.first(site), *reads.repeated(site)]
                for read in every:
                    assert answers(site, read)
                    assert len(set(read.asked.paths)) == len(read.asked.paths)
            url = f"sqlite:///{tmp_path}/verso.db"
            some = [every[0], every[-1], *(read for read in every if read.name in NAMED and not read.first)]
            rows = list(measured("this", url, verso, some, Effort(1, 1), tmp_path))

        assert [row.read for row in rows] == some
        for row in rows:
            [each] = row.rounds
            assert each.verso.errors == 0
            assert min(each.verso.requests, each.flask.requests, each.wsgi.requests) > 0
            assert row.memory is None or row.memory > 2**20
            assert (each.than is not None) == (row.read.than is not None)


class TestFirst:
    def test_filtered_lists_are_enough_for_two_thousand_a_second(self, environment):
        with (
            served("wsgi:application", environment, "/readyz") as verso,
            httpx.Client(base_url=verso.address) as site,
        ):
            [filtered] = [read for read in reads.first(site) if read.name == "a filtered list"]
            met = [answers(site, filtered, place) for place in range(0, len(filtered.asked.paths), 500)]

        # Three rounds and the load before them, of a second each.
        assert len(filtered.asked.paths) > 4 * 2_000
        assert all(met)


def answers(site, read, place=-1):
    """Whether Verso answers a read as the bench takes it to."""
    answer = site.request(read.asked.method, read.asked.paths[place], headers=read.asked.headers)
    return answer.status_code == (304 if "If-None-Match" in read.asked.headers else 200)
