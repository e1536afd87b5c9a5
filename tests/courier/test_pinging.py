"""A real HTTP server is the hub: it takes the pings, or refuses them."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from content import publishing
from content.followers import Follower
from content.leases import Lease
from courier import pinging
from courier.pinging import Hub, Pinger
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, a_topic

SERVER = "https://cms.example"


@pytest.fixture
def hub(monkeypatch):
    """A hub: what it was told, and the statuses that it is to answer with, 202 at last; acts are told at once."""
    monkeypatch.setattr(pinging, "BEHIND", timedelta())

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self):
            told = parse_qs(
                self.rfile.read(int(self.headers["Content-Length"])).decode(), strict_parsing=True
            )
            self.server.posts.append((self.headers["Content-Type"], told))
            self.send_response(self.server.statuses.pop(0) if self.server.statuses else 202)
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
def pinger(engine, hub):
    return a_pinger(engine, hub)


def a_pinger(engine, hub):
    return Pinger(lambda: Session(engine), Hub(f"http://127.0.0.1:{hub.server_port}/", SERVER))


def feeds(plural):
    return [f"{SERVER}/api/v1/feeds/{plural}.{form}" for form in ("atom", "rss", "json")]


def told(hub):
    """The addresses of which the hub was told, since this was asked last."""
    addresses = [address for _, one in hub.posts for address in one["hub.url"]]
    hub.posts.clear()
    return addresses


class TestTick:
    def test_it_tells_of_the_feeds_that_an_act_changed_and_of_no_other(self, session, pinger, hub):
        pinger.tick()
        hub.posts.clear()
        shown = a_live_article(session)

        assert pinger.tick() == 3
        kind, form = hub.posts[0]
        assert (kind, form["hub.mode"]) == ("application/x-www-form-urlencoded", ["publish"])
        assert told(hub) == feeds("articles")

        a_live_faq(session)
        pinger.tick()
        assert told(hub) == feeds("faqs")

        publishing.withdraw(session, shown.entry_id, by=ED)
        pinger.tick()
        assert told(hub) == feeds("articles")

    def test_it_tells_nothing_where_nothing_was_done_to_a_feed(self, session, pinger, hub):
        a_topic(session)

        assert [pinger.tick(), pinger.tick()] == [0, 0]
        assert told(hub) == []

    @pytest.mark.parametrize("status", [301, 429, 500])
    def test_it_tries_again_until_it_is_taken(self, session, pinger, hub, status):
        hub.statuses = [status]
        a_live_article(session)

        assert [pinger.tick(), pinger.tick()] == [2, 0]
        assert told(hub) == feeds("articles")
        session.execute(update(Follower).values(next_at=MAY_DAY))
        session.execute(update(Lease).values(until=MAY_DAY))
        session.commit()
        assert pinger.tick() == 3
        assert told(hub) == feeds("articles")

    @pytest.mark.parametrize("status", [400, 404, 422])
    def test_a_feed_that_the_hub_refuses_keeps_no_other_from_it(self, session, pinger, hub, caplog, status):
        hub.statuses = [202, 202, status]
        a_live_article(session)
        a_live_faq(session)

        assert pinger.tick() == 5
        assert told(hub) == feeds("articles") + feeds("faqs")
        [said] = [one.getMessage() for one in caplog.records]
        assert "/api/v1/feeds/articles.json" in said
        assert f"answered {status}" in said
        assert pinger.tick() == 0
        assert told(hub) == []

        a_live_article(session, slug="another")
        assert pinger.tick() == 3
        assert told(hub) == feeds("articles")

    def test_it_tries_all_again_where_nobody_answers(self, session, engine, pinger, hub):
        a_live_article(session)
        gone = Pinger(lambda: Session(engine), Hub("http://127.0.0.1:9/", SERVER))

        assert gone.tick() == 0
        session.execute(update(Follower).values(next_at=MAY_DAY))
        session.execute(update(Lease).values(until=MAY_DAY))
        session.commit()
        assert pinger.tick() == 3
        assert told(hub) == feeds("articles")

    def test_one_of_many_processes_tells_it(self, session, engine, pinger, hub):
        a_live_article(session)

        assert [pinger.tick(), a_pinger(engine, hub).tick()] == [3, 0]
