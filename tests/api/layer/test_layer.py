import gzip
import re
import sqlite3
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from datetime import timedelta
from threading import Event

import brotli
import pytest
import zstandard
from flask import request
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import encodings, in_front_of
from api.layer.flask_behind import Answered
from api.layer.kept import Shelf, kept
from app import create_app
from content import database, publishing, schedule
from content.database import prepare_engine
from content.log import begin_epoch
from content.schedule import Verb
from storage import db
from tests.builders import ED, a_live_article, an_article, publish, signed

LIST = "/api/v1/articles"
UNPACKED = {"br": brotli.decompress, "zstd": zstandard.decompress, "gzip": gzip.decompress}


class TestARead:
    def test_it_is_kept_once_it_was_made(self, front, newsroom):
        a_live_article(newsroom)

        first, second = front.get(LIST), front.get(LIST)

        assert (how(first), how(second)) == ("made", "kept")
        assert second.data == first.data
        assert _lasting(second) == _lasting(first)

    def test_it_is_what_flask_answers(self, front, app, newsroom):
        a_live_article(newsroom)

        kept, plain = [front.get(LIST) for _ in range(2)][-1], app.test_client().get(LIST)

        assert kept.data == plain.data
        for name in ("ETag", "Verso-Sequence", "Cache-Control", "Content-Type", "Last-Modified"):
            assert kept.headers.get(name) == plain.headers.get(name)

    def test_it_sends_no_statement_while_the_log_is_trusted(self, front, newsroom, statements):
        a_live_article(newsroom)
        front.get(LIST)

        del statements[:]
        answers = [front.get(LIST) for _ in range(3)]

        assert [how(answer) for answer in answers] == ["kept"] * 3
        # Somebody may look ahead of time, in one statement.
        assert len(statements) <= 1

    def test_it_is_kept_apart_from_what_asks_otherwise(self, front, newsroom):
        a_live_article(newsroom)
        front.get(LIST)

        others = [front.get(f"{LIST}?limit=5"), front.get(LIST, headers={"Accept": "application/json"})]

        assert [how(answer) for answer in others] == ["made", "made"]

    @pytest.mark.parametrize("path", ["/api/v1/articles/nothing", f"{LIST}?limit=0", "/api/v1/nowhere"])
    def test_what_is_no_answer_is_not_kept(self, front, path):
        answers = [front.get(path), front.get(path)]

        assert [how(answer) for answer in answers] == ["made", "made"]
        assert {answer.mimetype for answer in answers} == {"application/problem+json"}

    def test_it_has_the_request_id_that_it_came_with_or_a_new_one(self, front):
        given = front.get(LIST, headers={"X-Request-Id": "app-7.3"})
        made = [front.get(LIST, headers={"X-Request-Id": told}) for told in ("", "a b", "x" * 65)]

        assert given.headers["X-Request-Id"] == "app-7.3"
        assert len({answer.headers["X-Request-Id"] for answer in made}) == 3

    def test_pages_and_the_newsroom_are_none_of_its_business(self, front):
        answers = [front.get(path) for path in ("/", "/healthz", "/api/v1/docs", "/admin/sign-in")]

        assert all("Server-Timing" not in answer.headers for answer in answers)


class TestAFirstRead:
    @pytest.fixture
    def config(self, config):
        # Longer than the test takes.
        return config | {"VERSO_TRUST_MS": "10000"}

    def test_it_asks_for_nothing_that_the_layer_knows(self, front, newsroom, statements):
        draft = an_article(newsroom).entry_id
        newsroom.commit()
        front.get(LIST)
        del statements[:]

        # On PostgreSQL an act would wait until nobody trusts any more.
        assert front.get(f"{LIST}/{draft}").status_code == 404
        # What is not found past Flask is looked for again by Flask, which says so; neither asks for the moment.
        assert len(statements) == 2 * 2
        assert not any("FROM epoch" in one for one in statements)

    @pytest.mark.parametrize("asked", ["as_of={}", "a%73_of={}"])
    def test_it_is_right_for_whoever_knows_of_an_act_that_this_process_has_not_heard_of(
        self, front, newsroom, asked
    ):
        front.get(LIST)
        # As another machine acts: this one's mark does not tell of it.
        engine = create_engine(newsroom.get_bind().url)
        prepare_engine(engine)
        with Session(engine) as session:
            a_live_article(session, slug="new")
        engine.dispose()

        told = front.get(f"{LIST}?{asked.format(1)}")

        assert (told.status_code, _slugs(told)) == (200, ["new"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestARestore:
    """A backup is put back while workers run, who have answered about acts that are no more."""

    @pytest.fixture
    def config(self, config):
        return config | {"VERSO_TRUST_MS": "0"}

    def test_what_the_log_does_not_have_any_more_is_answered_no_more(self, front, newsroom, tmp_path):
        stays = [a_live_article(newsroom, slug=f"before-{number}").entry_id for number in range(3)]
        _copied(tmp_path / "verso.db", tmp_path / "backup.db")
        lost = [a_live_article(newsroom, slug=f"after-{number}").entry_id for number in range(3)]
        for path in (LIST, f"{LIST}/before-0", f"{LIST}/{lost[0]}"):
            assert front.get(path).status_code == 200
        newsroom.rollback()

        _copied(tmp_path / "backup.db", tmp_path / "verso.db")

        assert sorted(_slugs(front.get(LIST))) == ["before-0", "before-1", "before-2"]
        assert front.get(f"{LIST}/{lost[0]}").status_code == 404

        # The log goes on with the numbers that others have had.
        publishing.retract(newsroom, stays[0], [1], note="It was wrong.", by=ED)
        for number in range(3):
            assert front.get(f"{LIST}/before-0").status_code == 410
            a_live_article(newsroom, slug=f"anew-{number}")
        assert front.get(f"{LIST}/before-0").status_code == 410
        assert "anew-2" in _slugs(front.get(LIST))


def _copied(source, target):
    """Copy a database as its own backup does, which others may use meanwhile."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


class TestAnAct:
    def test_it_is_seen_by_the_next_read_in_this_process(self, front, newsroom):
        front.get(LIST)

        a_live_article(newsroom, slug="new")

        assert "new" in _slugs(front.get(LIST))

    def test_it_is_seen_by_the_next_read_in_another(self, front, elsewhere, newsroom):
        for client in (front, elsewhere):
            client.get(LIST)

        version = a_live_article(newsroom, slug="new")
        seen = [_slugs(client.get(LIST)) for client in (front, elsewhere)]
        publishing.withdraw(newsroom, version.entry_id, by=ED)

        assert seen == [["new"], ["new"]]
        assert [_slugs(client.get(LIST)) for client in (front, elsewhere)] == [[], []]

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_it_is_seen_by_the_next_read_of_a_file_that_is_reached_by_a_link(
        self, config, newsroom, tmp_path
    ):
        (tmp_path / "linked.db").symlink_to(tmp_path / "verso.db")
        linked = {"DATABASE_URL": f"sqlite:///{tmp_path}/linked.db", "VERSO_TRUST_MS": "10000"}
        other = create_app(config | linked)
        client = Client(in_front_of(other), Response)
        client.get(LIST)

        a_live_article(newsroom, slug="new")
        seen = _slugs(client.get(LIST))
        with other.app_context():
            db.engine.dispose()

        assert seen == ["new"]

    def test_it_leaves_what_it_does_not_change_a_304(self, front, newsroom):
        a_live_article(newsroom, slug="new")
        before = front.get("/api/v1/faqs")

        publish(newsroom, signed(newsroom, an_article(newsroom, slug="another")))
        after = front.get("/api/v1/faqs", headers={"If-None-Match": before.headers["ETag"]})

        assert (after.status_code, how(after)) == (304, "made")

    def test_what_was_read_before_it_is_not_kept_after_it(self, app, front, newsroom):
        reading, acted = Event(), Event()

        @app.after_request
        def dawdle(response):
            if request.headers.get("X-Request-Id") == "slow":
                reading.set()
                acted.wait(10)
            return response

        with ThreadPoolExecutor() as pool:
            slow = pool.submit(front.get, LIST, headers={"X-Request-Id": "slow"})
            reading.wait(10)
            a_live_article(newsroom, slug="new")
            # It may have to wait for the slow one, but has learnt of the act before.
            wait([pool.submit(front.get, "/api/v1/faqs")], timeout=2)
            acted.set()

        assert _slugs(slow.result()) == []
        assert _slugs(front.get(LIST)) == ["new"]

    def test_a_retraction_reaches_the_past(self, front, newsroom):
        version = a_live_article(newsroom)
        past = f"{LIST}/{version.entry_id}?as_of=1"
        assert front.get(past).status_code == 200

        publishing.retract(newsroom, version.entry_id, [1], note="It was wrong.", by=ED)

        assert front.get(past).status_code == 410

    def test_a_new_epoch_voids_what_is_kept(self, front, newsroom):
        a_live_article(newsroom, slug="one")
        a_live_article(newsroom, slug="two")
        walk = front.get(f"{LIST}?limit=1").json["page"]["next"]
        assert front.get(walk).status_code == 200

        begin_epoch(newsroom)
        _outlast_trust()

        assert front.get(walk).status_code == 410


class TestWhatFallsDue:
    def test_nothing_outlives_it(self, front, newsroom):
        version = a_live_article(newsroom)
        schedule.schedule(
            newsroom,
            Verb.WITHDRAW,
            version.entry_id,
            due_at=database.clock(newsroom) + timedelta(seconds=1),
            by=ED,
        )
        newsroom.commit()
        _outlast_trust()
        before = [_slugs(front.get(LIST)) for _ in range(2)]

        time.sleep(1)

        assert before == [["clots"], ["clots"]]
        assert _slugs(front.get(LIST)) == []

    def test_no_copy_outlives_what_was_planned_before_it_was_sent(self, front, newsroom):
        version = a_live_article(newsroom)
        assert "max-age=60" in [front.get(LIST).headers["Cache-Control"] for _ in range(2)][-1]
        due = database.clock(newsroom) + timedelta(seconds=20)
        schedule.schedule(newsroom, Verb.WITHDRAW, version.entry_id, due_at=due, by=ED)
        newsroom.commit()

        assert _seconds_fresh(front.get(LIST)) < 20

    def test_no_copy_outlives_it_either(self, front, newsroom):
        version = a_live_article(newsroom)
        assert "max-age=60" in front.get(LIST).headers["Cache-Control"]
        due = database.clock(newsroom) + timedelta(seconds=20)
        schedule.schedule(newsroom, Verb.WITHDRAW, version.entry_id, due_at=due, by=ED)
        newsroom.commit()
        _outlast_trust()

        lifetimes = [_seconds_fresh(front.get(LIST)) for _ in range(2)]
        time.sleep(1.1)
        later = front.get(LIST)

        assert all(15 < seconds < 20 for seconds in lifetimes)
        assert (how(later), _seconds_fresh(later) < lifetimes[-1]) == ("kept", True)


class TestConditions:
    def test_whoever_has_it_gets_a_304_without_a_body(self, front, newsroom):
        a_live_article(newsroom)
        etag = front.get(LIST).headers["ETag"]

        answer = front.get(LIST, headers={"If-None-Match": etag})

        assert (answer.status_code, answer.data, how(answer)) == (304, b"", "kept")
        assert answer.headers["ETag"] == etag
        assert "Content-Type" not in answer.headers
        for name in ("Cache-Control", "Vary", "Verso-Sequence", "Access-Control-Allow-Origin"):
            assert answer.headers[name] == front.get(LIST).headers[name]

    @pytest.mark.parametrize("condition", ['W/{}, "other"', '"other", {}', "*"])
    def test_lists_and_weak_tags_count_too(self, front, newsroom, condition):
        a_live_article(newsroom)
        etag = front.get(LIST).headers["ETag"]

        answer = front.get(LIST, headers={"If-None-Match": condition.format(etag)})

        assert answer.status_code == 304

    def test_another_tag_is_answered_in_full(self, front, newsroom):
        a_live_article(newsroom)
        front.get(LIST)

        assert front.get(LIST, headers={"If-None-Match": '"other"'}).status_code == 200

    def test_a_date_counts_where_there_is_no_tag(self, front, newsroom):
        a_live_article(newsroom)
        modified = front.get(LIST).headers["Last-Modified"]

        by_date = front.get(LIST, headers={"If-Modified-Since": modified})
        by_tag = front.get(LIST, headers={"If-Modified-Since": modified, "If-None-Match": '"other"'})

        assert (by_date.status_code, by_tag.status_code) == (304, 200)

    def test_flask_judges_the_others(self, front, newsroom):
        a_live_article(newsroom)
        etag = front.get(LIST, headers={"Accept-Encoding": "br"}).headers["ETag"]

        fits = front.get(LIST, headers={"If-Match": etag})
        does_not = front.get(LIST, headers={"If-Match": '"other"'})

        assert (fits.status_code, does_not.status_code) == (200, 412)

    def test_head_has_everything_but_the_body(self, front, newsroom):
        a_live_article(newsroom)

        for _ in range(2):
            head, got = front.head(LIST), front.get(LIST)
            assert head.data == b""
            same = _lasting(got)
            # Of no content there is no digest; see `test_digests`.
            assert _lasting(head) == same | {"Repr-Digest": same.pop("Content-Digest")}
            assert int(head.headers["Content-Length"]) == len(got.data)


class TestEncodings:
    @pytest.mark.parametrize("encoding", UNPACKED)
    def test_each_unpacks_to_the_same_bytes_under_a_tag_of_its_own(self, front, newsroom, encoding):
        a_live_article(newsroom, body="Plain words. " * 100)
        plain = front.get(LIST)

        packed = front.get(LIST, headers={"Accept-Encoding": encoding})

        assert packed.headers["Content-Encoding"] == encoding
        assert UNPACKED[encoding](packed.data) == plain.data
        assert packed.headers["ETag"] != plain.headers["ETag"]
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        again = front.get(
            LIST, headers={"If-None-Match": packed.headers["ETag"], "Accept-Encoding": encoding}
        )
        assert (again.status_code, again.headers["ETag"]) == (304, packed.headers["ETag"])

    def test_what_asks_for_it_at_length_is_not_remembered(self):
        tracemalloc.start()
        chosen = {encodings.chosen(f"gzip, {number:06}" * 1000) for number in range(200)}
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert chosen == {"gzip"}
        assert taken < 500_000

    def test_every_answer_says_that_it_varies_by_it(self, front, newsroom):
        a_live_article(newsroom)
        etag = front.get(LIST).headers["ETag"]

        answers = [
            front.get(LIST),
            front.get(LIST, headers={"If-None-Match": etag}),
            front.get(LIST, headers={"Accept-Encoding": "gzip"}),
            front.get(LIST, headers={"If-Match": etag}),
            front.get(LIST, headers={"If-Match": '"another"'}),
            front.get(LIST, headers={"Range": "bytes=0-9"}),
        ]

        assert [answer.status_code for answer in answers[3:5]] == [200, 412]
        assert all("Accept-Encoding" in answer.headers["Vary"] for answer in answers)


class TestTheShelf:
    @pytest.mark.parametrize("asked", ["HTTP_ACCEPT", "QUERY_STRING"])
    def test_what_callers_write_counts_too(self, asked):
        shelf, answer = Shelf(None, 100_000), _a_kept_answer()

        tracemalloc.start()
        for number in range(1000):
            shelf.put({"PATH_INFO": LIST, asked: f"{number:06}" * 1000}, answer)
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert taken < 200_000

    def test_it_forgets_what_was_asked_long_ago(self):
        shelf, answer = Shelf(None, 100_000), _a_kept_answer()

        tracemalloc.start()
        for number in range(10_000):
            shelf.put({"PATH_INFO": LIST, "QUERY_STRING": f"q={number}"}, answer)
        taken, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert taken < 200_000
        assert shelf.get({"PATH_INFO": LIST, "QUERY_STRING": "q=9999"}) is answer


class TestLimits:
    @pytest.fixture
    def config(self, config):
        return config | {"VERSO_READ_LIMIT": "4", "VERSO_WORKERS": "2", "VERSO_TRUSTED_PROXIES": "10.0.0.1"}

    def test_it_tells_what_is_left_and_then_refuses(self, front):
        answers = [front.get(LIST) for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[0].headers["RateLimit-Policy"] == '"reads";q=2;w=60'
        assert re.fullmatch(r'"reads";r=1;t=\d+', answers[0].headers["RateLimit"])
        assert 0 < int(answers[2].headers["Retry-After"]) <= 60
        assert answers[2].json["type"].endswith("/too-many-requests")
        for name in ("Access-Control-Allow-Origin", "Link"):
            assert answers[2].headers[name] == answers[0].headers[name]
        assert answers[2].headers["Vary"] == "Accept, Authorization"

    def test_what_a_browser_asks_by_itself_is_no_read(self, front):
        asked = {"Origin": "https://clinic.example", "Access-Control-Request-Method": "GET"}
        before = [front.options(LIST, headers=asked).status_code for _ in range(5)]
        read = [front.get(LIST).status_code for _ in range(3)]

        assert before == [204] * 5
        assert read == [200, 200, 429]
        assert front.options(LIST, headers=asked).status_code == 204
        assert front.options(LIST).status_code == 429

    def test_each_address_is_counted_by_itself_behind_a_proxy_that_is_trusted(self, front):
        def statuses(peer):
            seen = [{"X-Forwarded-For": f"10.9.9.9, 192.0.2.{n}"} for n in range(4)]
            return [
                front.get(LIST, headers=one, environ_base={"REMOTE_ADDR": peer}).status_code for one in seen
            ]

        assert statuses("10.0.0.1") == [200] * 4
        assert statuses("192.0.2.200") == [200, 200, 429, 429]

    def test_nobody_is_limited_where_limits_are_off(self, config, front):
        other = create_app(config | {"VERSO_LIMITS": "0"})
        free = Client(in_front_of(other), Response)

        answers = [free.get(LIST) for _ in range(4)]
        with other.app_context():
            db.engine.dispose()

        assert [answer.status_code for answer in answers] == [200] * 4
        assert "RateLimit" not in answers[0].headers


class TestMetrics:
    @pytest.fixture
    def config(self, config, request):
        return config | {"VERSO_METRICS": "1"} if "wanted" in request.node.name else config

    def test_it_tells_what_was_answered_where_that_is_wanted(self, front):
        etag = front.get(LIST).headers["ETag"]
        front.get(LIST, headers={"If-None-Match": etag})
        front.get("/api/v1/nowhere")

        lines = front.get("/metrics").text.splitlines()

        counts = [re.sub('worker="[0-9]+"', "", line) for line in lines if not line.startswith("#")]
        assert counts == [f'verso_reads_total{{answered="{status}",}} 1' for status in ("200", "304", "404")]

    def test_it_is_nowhere_else(self, front):
        assert front.get("/metrics").status_code == 404


def how(answer):
    """Whether an answer was kept, or made by Flask."""
    return answer.headers["Server-Timing"].split('"')[1]


def _seconds_fresh(answer):
    """The seconds of an answer that may be kept so long and no second longer."""
    return int(re.fullmatch(r"public, max-age=(\d+)", answer.headers["Cache-Control"])[1])


def _slugs(answer):
    assert answer.status_code == 200
    return [item["slug"] for item in answer.json["data"]]


def _a_kept_answer():
    headers = [("ETag", '"tag"'), ("Cache-Control", "public, max-age=60"), ("Vary", "Accept")]
    return kept(Answered("200 OK", headers, b"{}", None))


def _lasting(answer):
    """The headers of an answer that do not belong to one sending of it."""
    own = ("X-Request-Id", "Server-Timing", "RateLimit")
    return {name: value for name, value in answer.headers if name not in own}


def _outlast_trust():
    time.sleep(0.12)
