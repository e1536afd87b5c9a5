"""Workers that count together by a Redis: what they know of one another, and what they do without it."""

import logging
import signal
from dataclasses import replace

import pytest

from api.layer import sharing
from api.layer.limits import Allowance, Limits
from api.layer.sharing import Sharing, Store
from api.layer.windows import LENGTH, Window
from tests.api.layer.test_bearers import BORNE
from tests.redis_server import RedisServer

NOW = 1_800_000_000.0
MINE, THEIRS = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory):
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server
    server.stop(signal.SIGKILL)


@pytest.fixture
def redis(redis_server):
    """A Redis that runs and holds nothing."""
    redis_server.stop(signal.SIGKILL)
    redis_server.start()
    return redis_server


class Worker:
    """One worker's limits, which are exchanged when the test says so."""

    def __init__(self, redis, most, workers=2, **more):
        self.sharing = Sharing(Store(redis.url), by_itself=False)
        self.limits = Limits(most, workers=workers, sharing=self.sharing, **more)

    def left(self, times=1, environ=MINE, now=NOW):
        """What is left after so many reads."""
        return [self.limits.hit(environ, now).left for _ in range(times)][-1]

    def exchange(self):
        self.sharing.exchange()


@pytest.fixture
def workers(redis):
    return Worker(redis, 10), Worker(redis, 10)


def exchanged(workers):
    """Let each tell what it has counted, one after the other, and learn what was told before."""
    for worker in workers:
        worker.exchange()


class TestTogether:
    def test_one_worker_alone_has_all_that_all_may_have(self, workers):
        assert [workers[0].left(10), workers[0].left()] == [0, -1]

    def test_each_learns_what_the_others_have_counted(self, workers):
        one, other = workers
        one.left(4)
        other.left(3)
        exchanged([one, other])

        assert other.left() == 10 - 4 - 4
        assert one.left() == 10 - 5
        exchanged([other, one])
        assert one.left() == 10 - 6 - 4

    def test_who_has_taken_all_at_one_is_let_pass_at_another_until_it_has_learned(self, workers):
        one, other = workers
        one.left(10)
        exchanged(workers)

        assert other.left() >= 0
        exchanged(workers)
        assert other.left() < 0

    def test_telling_it_twice_counts_once(self, workers):
        one, other = workers
        one.left(4)
        one.exchange()
        one.limits._window.forget_told()
        one.exchange()

        other.left()
        other.exchange()

        assert other.left() == 10 - 4 - 2

    def test_a_worker_that_begins_anew_takes_nothing_away_from_what_it_told(self, redis, workers):
        workers[0].left(4)
        workers[0].exchange()

        again = Worker(redis, 10)
        again.left()
        again.exchange()

        assert again.left() == 10 - 4 - 2

    def test_another_minute_begins_with_nothing(self, workers):
        one, other = workers
        one.left(4)
        other.left(4)
        exchanged(workers)

        assert other.left(now=NOW + LENGTH) == 9
        exchanged(workers)
        assert other.left(now=NOW + LENGTH) == 8

    def test_a_partner_is_counted_wherever_it_comes_by_its_quota(self, workers):
        environ = MINE | {"HTTP_AUTHORIZATION": "Bearer key"}
        for worker in workers:
            worker.limits.know(environ, replace(BORNE, quota=100))
            worker.left(30, environ)
        exchanged(workers)

        workers[0].left(1, environ)
        exchanged(workers)

        assert workers[0].left(1, environ) == 100 - 62
        assert workers[0].left() == 9

    def test_a_proxy_s_readers_are_counted_each_by_itself(self, redis):
        one, other = (Worker(redis, 10, trusted_proxies=["10.0.0.1"]) for _ in range(2))
        readers = [{"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"192.0.2.{n}"} for n in (1, 2)]
        one.left(4, readers[0])
        exchanged([one, other])
        for reader in readers:
            other.left(1, reader)
        exchanged([one, other])

        assert [other.left(1, reader) for reader in readers] == [10 - 4 - 2, 10 - 2]

    def test_as_many_as_come_are_told_some_at_a_time(self, redis, monkeypatch):
        monkeypatch.setattr("api.layer.sharing.AT_ONCE", 7)
        one, other = Worker(redis, 10), Worker(redis, 10)
        everyone = [{"REMOTE_ADDR": f"192.0.2.{n}"} for n in range(20)]
        for worker in (one, other):
            for environ in everyone:
                worker.left(1, environ)
            worker.exchange()

        assert [other.left(1, environ) for environ in everyone] == [10 - 3] * 20

    def test_what_is_told_does_not_stay(self, workers, redis):
        workers[0].left()
        workers[0].exchange()

        store = Store(redis.url)
        client = store._tell.registered_client
        keys = client.keys()
        assert len(keys) == 2
        assert all(0 < client.ttl(key) <= 2 * LENGTH for key in keys)


class TestWithout:
    def test_each_lets_pass_its_share_and_says_so(self, redis, workers):
        one, _ = workers
        redis.stop()
        one.left()
        one.exchange()

        assert one.limits.hit(MINE, NOW) == Allowance(5, 3, 60)
        assert one.left(4) == -1

    def test_nothing_is_known_of_the_others_then(self, redis, workers):
        one, other = workers
        one.left(4)
        other.left()
        exchanged(workers)
        redis.stop()
        other.left()
        other.exchange()

        assert other.left() == 5 - 3

    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
    def test_all_is_known_again_once_it_is_back_with_nothing_in_it(self, redis, workers, how):
        one, other = workers
        one.left(4)
        other.left(1)
        exchanged(workers)
        redis.stop(how)
        # Each counts on, and `one` somebody else only.
        other.left(1)
        one.left(1, THEIRS)
        exchanged(workers)
        redis.start()
        exchanged(workers)

        other.left()
        exchanged([other])

        assert other.left() == 10 - 4 - 4

    def test_one_that_lost_all_between_two_exchanges_is_told_it_again(self, redis, workers):
        one, other = workers
        one.left(4)
        exchanged([one])
        redis.stop()
        redis.start()
        other.left()
        exchanged([other])
        one.left(1, THEIRS)
        exchanged([one, one])

        other.left()
        exchanged([other])

        assert other.left() == 10 - 4 - 3

    def test_one_that_hangs_is_away(self, redis, workers):
        one, _ = workers
        redis.hang()
        one.left()
        one.exchange()
        assert not one.sharing.together

        redis.go_on()
        one.exchange()
        assert one.sharing.together

    def test_it_is_told_in_the_log_once(self, redis, workers, caplog):
        one, _ = workers
        with caplog.at_level(logging.WARNING, "verso.limits"):
            redis.stop()
            for _ in range(2):
                one.left()
                one.exchange()
            redis.start()
            one.exchange()
            one.left()
            one.exchange()

        assert [record.getMessage().split(":")[0] for record in caplog.records] == [
            "The Redis of REDIS_URL is away",
            "The Redis of REDIS_URL answers again",
        ]


class TestPace:
    def test_one_exchange_after_it_is_back_comes_within_a_second(self):
        hung = 2 * sharing.PATIENCE  # for the connection, and for its answer

        assert hung + sharing.EVERY < 1


class TestWindow:
    def test_a_read_that_comes_while_it_is_told_is_told_next(self):
        window = Window(1)
        window.own["a"] = 1
        window.untold.add("a")

        assert window.batches(10) == [{"a": 1}]
        assert window.batches(10) == []
        window.own["a"] = 2
        window.untold.add("a")
        assert window.batches(10) == [{"a": 2}]
