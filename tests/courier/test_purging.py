"""A real HTTP server takes the purges, or refuses them."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from content import database, groups, log, publishing
from content.followers import Follower
from content.leases import Lease
from courier import purging
from courier.purging import Hook, Purger
from tests.builders import ED, MAY_DAY, a_live_article, a_topic

PROOF, KEY = "Fastly-Key: s3cret", b"a secret"


@pytest.fixture
def taken():
    """A server of the operator's: what it was posted, and the statuses that it is to answer with, 204 at last."""

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.posts.append((orjson.loads(body), self.headers, self.path))
            self.send_response(self.server.statuses.pop(0) if self.server.statuses else 204)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taker)
    server.posts, server.statuses = [], []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def at_once(monkeypatch):
    """Acts are purged as soon as they are there, and never again."""
    monkeypatch.setattr(purging, "AT_ONCE", timedelta())
    monkeypatch.setattr(purging, "AGAIN", timedelta(days=99_999))


@pytest.fixture
def purger(engine, taken):
    return a_purger(engine, taken)


def a_purger(engine, taken):
    url = f"http://127.0.0.1:{taken.server_port}/purge?of=verso"
    return Purger(lambda: Session(engine), Hook(url, PROOF, KEY))


def named(version):
    """The name by which a cache knows the group of an entry."""
    return groups.told([groups.entry(version.entry_id)], KEY)[0]


def soon(session):
    """Let the time pass for which a try that went wrong waits, and for which its holder may keep the lease."""
    session.execute(update(Follower).values(next_at=MAY_DAY))
    session.execute(update(Lease).values(until=MAY_DAY))
    session.commit()


@pytest.mark.usefixtures("at_once")
class TestTick:
    def test_it_purges_everything_first_for_nobody_knows_what_is_kept(self, session, purger, taken):
        a_live_article(session)

        purger.tick()

        assert taken.posts[0][0]["groups"] == ["all"]

    def test_it_tells_what_each_act_touched_and_by_whom_it_is_asked(self, session, purger, taken):
        purger.tick()
        taken.posts.clear()
        version = a_live_article(session)

        assert purger.tick() == 1

        [(told, headers, path)] = taken.posts
        epoch = str(log.epoch(session))
        assert (told["sequence"], told["epoch"], path) == (1, epoch, "/purge?of=verso")
        assert {"log", "list:articles", named(version)} < set(told["groups"])
        assert headers["Surrogate-Key"].split(" ") == told["groups"]
        assert headers["Cache-Groups"] == ", ".join(f'"{name}"' for name in told["groups"])
        assert headers["Fastly-Key"] == "s3cret"

    def test_it_posts_nothing_where_nothing_was_published(self, session, purger, taken):
        purger.tick()
        taken.posts.clear()

        assert purger.tick() == 0
        assert taken.posts == []

    @pytest.mark.parametrize("status", [301, 403, 500])
    def test_it_tries_again_later_until_it_is_taken_and_goes_on_after_that(
        self, session, purger, taken, status
    ):
        purger.tick()
        taken.posts.clear()
        taken.statuses = [status]
        first = a_live_article(session, slug="first")

        assert [purger.tick(), purger.tick()] == [0, 0]
        second = a_live_article(session, slug="second")
        soon(session)
        assert purger.tick() == 1

        (refused, *_), (told, *_) = taken.posts
        assert [refused["sequence"], told["sequence"]] == [1, 2]
        assert {named(first), named(second)} < set(told["groups"])

    def test_it_waits_longer_each_time(self, session, purger, taken):
        purger.tick()
        a_live_article(session)
        taken.statuses = [500] * 9

        for wait in (1, 2, 4, 8, 16, 32, 60, 60, 60):
            soon(session)
            before = database.clock(session)
            purger.tick()
            session.rollback()
            tried_at = session.get(Follower, "purge").next_at - timedelta(seconds=wait)
            assert before <= tried_at <= database.clock(session)

    def test_it_loses_nothing_where_nobody_answers(self, session, purger, taken, engine):
        purger.tick()
        gone = Purger(lambda: Session(engine), Hook("http://127.0.0.1:9/"))
        version = a_live_article(session)
        soon(session)
        assert gone.tick() == 0

        soon(session)
        assert purger.tick() == 1

        assert named(version) in taken.posts[-1][0]["groups"]

    def test_it_rests_where_another_holds_the_lease(self, session, engine, purger, taken):
        purger.tick()
        other = a_purger(engine, taken)
        a_live_article(session)
        soon(session)

        assert [other.tick(), purger.tick()] == [1, 0]

    def test_it_purges_everything_after_a_restore(self, session, purger, taken):
        a_live_article(session)
        purger.tick()
        taken.posts.clear()
        log.begin_epoch(session)

        purger.tick()

        assert taken.posts[0][0]["groups"] == ["all"]

    def test_it_purges_everything_where_there_is_too_much_to_name(self, session, purger, taken, monkeypatch):
        purger.tick()
        monkeypatch.setattr(purging.groups, "MOST_LINES", 2)
        for number in range(3):
            a_live_article(session, slug=f"a-{number}")

        purger.tick()

        assert taken.posts[-1][0]["groups"] == ["all"]

    def test_it_splits_what_is_too_long_for_one_header(self, session, purger, taken, monkeypatch):
        purger.tick()
        taken.posts.clear()
        monkeypatch.setattr(purging, "MOST", 2)
        a_live_article(session, topics=[a_topic(session)])

        assert purger.tick() == len(taken.posts) > 2
        assert max(len(told["groups"]) for told, *_ in taken.posts) == 2


class TestAgain:
    def test_it_repeats_a_purge_for_what_was_stored_too_late(self, session, purger, taken, monkeypatch):
        monkeypatch.setattr(purging, "AT_ONCE", timedelta())
        monkeypatch.setattr(purging, "AGAIN", timedelta())
        purger.tick()
        taken.posts.clear()
        version = a_live_article(session)
        publishing.hold(session, version.entry_id, by=ED)

        assert purger.tick() == 2

        first, second = (told for told, *_ in taken.posts)
        assert first == second
        assert first["sequence"] == 2
