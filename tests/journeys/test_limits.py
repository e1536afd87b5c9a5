"""Two workers that count reads together, and a Redis that is stopped and started again while they are read from."""

import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from threading import Event

import httpx
import pytest

from tests.redis_server import RedisServer
from tests.served import served

MOST = 40
LIST = "/api/v1/articles"
PATIENCE = 60  # seconds for one answer
SOON = 10  # seconds; it takes a tenth of one, on a machine that has nothing else to do


@pytest.fixture
def redis(tmp_path):
    folder = tmp_path / "redis"
    folder.mkdir()
    server = RedisServer(folder)
    server.start()
    yield server
    server.stop(signal.SIGKILL)


@pytest.fixture
def address(redis, sqlite_template, tmp_path):
    """Where two workers serve, to readers whom a proxy tells apart."""
    given = {"VERSO_READ_LIMIT": str(MOST), "VERSO_TRUSTED_PROXIES": "127.0.0.1", "VERSO_SEED": "0"}
    with served(tmp_path, sqlite_template, VERSO_WORKERS="2", REDIS_URL=redis.url, **given) as address:
        yield address


@pytest.fixture
def workers(address):
    """A kept connection to each worker."""
    connections = {}
    for _ in range(200):
        client = httpx.Client(base_url=address)
        connections.setdefault(_worker(client.get(LIST, headers=reader())), client)
        if client not in connections.values():
            client.close()
        if len(connections) == 2:
            break
    assert len(connections) == 2
    yield list(connections.values())
    for client in connections.values():
        client.close()


_readers = count()


def reader():
    """Headers of a reader who never came before."""
    high, low = divmod(next(_readers), 250)
    return {"X-Forwarded-For": f"10.{high // 250}.{high % 250}.{low}"}


def _worker(answer):
    """The worker that answered, by how its requests are named."""
    return answer.headers["X-Request-Id"].split("-")[0]


@contextmanager
def under_load(address):
    """Read all the time, as readers of whom each comes once; what they were answered is counted by status."""
    statuses, over = Counter(), Event()

    def read():
        with httpx.Client(base_url=address, timeout=PATIENCE) as client:
            while not over.is_set():
                statuses[client.get(LIST, headers=reader()).status_code] += 1

    with ThreadPoolExecutor(3) as pool:
        reading = [pool.submit(read) for _ in range(3)]
        try:
            yield statuses
        finally:
            over.set()
        for one in reading:
            one.result()


def until_told(workers, most):
    """Read until each worker says that it counts up to so many."""
    until = time.monotonic() + SOON
    policies = []
    while policies != [f'"reads";q={most};w=60'] * 2:
        assert time.monotonic() < until, policies
        time.sleep(0.05)
        policies = [worker.get(LIST, headers=reader()).headers["RateLimit-Policy"] for worker in workers]


def within_a_minute(counted):
    """Return what is counted while no other minute begins, which would begin with nothing."""
    while True:
        began = time.time() // 60
        result = counted()
        if time.time() // 60 == began:
            return result


def passed(workers):
    """How many reads of one reader each worker lets pass, which is asked to the end one after the other."""
    headers, let_pass = reader(), []
    for worker in workers:
        answers = []
        while not answers or answers[-1].status_code == 200:
            answers.append(worker.get(LIST, headers=headers))
            if len(let_pass) == 1:
                time.sleep(0.05)
        assert answers[-1].status_code == 429
        let_pass.append(len(answers) - 1)
    return let_pass


class TestRedis:
    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
    def test_it_is_stopped_and_started_under_load_and_nobody_is_answered_an_error(
        self, address, workers, redis, how
    ):
        with under_load(address) as statuses:
            until_told(workers, MOST)
            first, other = within_a_minute(lambda: passed(workers))
            assert first == MOST
            assert other < MOST // 4

            redis.stop(how)
            until_told(workers, MOST // 2)
            assert within_a_minute(lambda: passed(workers)) == [MOST // 2] * 2

            redis.start()
            until_told(workers, MOST)
            first, other = within_a_minute(lambda: passed(workers))
            assert first == MOST
            assert other < MOST // 4

        assert statuses.keys() == {200}
        assert statuses[200] > 100

    def test_one_that_hangs_holds_up_no_read(self, address, workers, redis):
        with under_load(address) as statuses:
            until_told(workers, MOST)
            redis.hang()
            until_told(workers, MOST // 2)
            redis.go_on()
            until_told(workers, MOST)

        assert statuses.keys() == {200}
