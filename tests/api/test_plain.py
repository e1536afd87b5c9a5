"""What is answered past Flask is what Flask answers, to the byte."""

import orjson
import pytest
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder, run_wsgi_app

from api import ahead, handed, reading
from api.plain import PastFlask
from content import moments, publishing
from content.log import head
from content.usage.counting import Kind
from storage import db
from tests.builders import (
    ED,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    publish,
    saved,
)

PLAIN = [
    "articles",
    "articles?",
    "articles?limit=2",
    "articles?limit=2&total=true",
    "articles?sort=title&limit=1",
    "articles?sort=updated&tag=flying",
    "articles?locale=en&limit=1",
    "articles?locale=auto",
    "articles?locale=de&fallback=en",
    "articles?topic=veins",
    "articles?topic=veins&limit=1",
    "articles?topic=nothing",
    "articles?author=leg-clinic",
    "articles?updated_since=2020-01-01T00:00:00Z",
    "articles?fields=title,sections.html",
    "articles?include=authors,faqs&limit=1",
    "articles?ids={id}",
    "articles/clots",
    "articles/{id}",
    "articles/{ID}",
    "articles/clots?fields=title",
    "articles/clots?include=faqs,related",
    "articles/clots?locale=en",
    "articles/klumpen?locale=de",
    "articles/{id}?locale=en",
    "articles/klumpen?locale=de&fallback=en",
    "faqs",
    "faqs?article=clots&sort=position",
    "faqs/does-it-hurt",
    "topics",
    "topics/veins",
    "authors",
    "authors/leg-clinic",
    "articles?as_of=1",
    "articles?as_of=2026-05-01T10:00:00Z",
    "articles/clots?as_of=3",
]
# What was made ahead, of those.
AT_HAND = ["articles/clots", "articles/clots?locale=en", "articles/{id}", "faqs/does-it-hurt", "topics/veins"]
# What Flask alone answers: what is refused, is not there, or asks for more than a plain read does.
NOT_PLAIN = [
    "articles?limit=0",
    "articles?limit=1&limit=2",
    "articles?loud=1",
    "articles?tag=%FF",
    "articles?sort=position",
    "articles?cursor=" + "A" * 80,
    "articles?as_of=999",
    "articles?as_of=2999-01-01T00:00:00Z",
    "articles/never",
    "articles/clots?locale=de",
    "articles/Clots",
    "articles/clots/versions",
    "articles/",
    "sync/head",
    "nothing",
]
REFUSED = [
    ("Authorization", "Bearer vp_nothing"),
    ("Accept", "text/html"),
    ("Accept", "application/ld+json"),
    ("If-None-Match", '"other"'),
    ("If-Modified-Since", "Thu, 01 Jan 2037 00:00:00 GMT"),
]
SPOKEN = ["de", "en", "fr, de;q=0.5", "*", "?"]


@pytest.fixture
def article(session):
    """An article that names much, in two languages, and what it names; a draft beside it."""
    topics, authors = [a_topic(session)], [an_author(session)]
    made = a_live_article(session, topics=topics, authors=authors, tags=["flying"])
    a_live_article(session, slug="legs", topics=topics)
    a_live_article(session, slug="klumpen", locale="de")
    a_live_faq(session, slug="does-it-hurt", article=str(made.entry_id))
    an_article(session, slug="draft")
    session.commit()
    return made


@pytest.fixture
def asked(app):
    """The requests that Flask was asked."""
    met = []
    app.before_request_funcs.setdefault(None, []).append(lambda: met.append(1))
    return met


@pytest.fixture
def past(app, article):
    """What answers past Flask."""
    return PastFlask(app, budget=1_000_000)


@pytest.fixture
def asked_for(app):
    """What the layer hands on of a request, at the present moment."""
    with app.app_context():
        engine = db.engine

    def asked_for(address, **headers):
        with Session(engine) as session:
            moment = moments.present(session)
        given = EnvironBuilder(path=address.partition("?")[0], headers=headers)
        given.query_string = address.partition("?")[2]
        return {**given.get_environ(), reading.KNOWN: moment, reading.MOMENT: moment}

    return asked_for


@pytest.fixture
def both(app, past, asked_for):
    """What is answered past Flask, and by Flask, to one request at one moment."""

    def both(address, **headers):
        known = asked_for(address, **headers)
        return [_answered(one, known) for one in (past, app.wsgi_app)]

    both("/api/v1/articles")
    return both


@pytest.fixture
def made_ahead(app, both):
    """Has everything made ahead that may be."""
    kept = ahead.wholes(app)

    def make():
        both("/api/v1/articles")
        with app.app_context(), Session(db.engine) as session:
            while kept.is_behind:
                kept.go_on(session)

    make()
    return make


def _addresses(paths, article):
    told = {"id": article.entry_id, "ID": str(article.entry_id).upper()}
    return [f"/api/v1/{path.format(**told)}" for path in paths]


def _answered(application, environ):
    body, status, headers = run_wsgi_app(application, dict(environ))
    return status, sorted(headers), b"".join(body)


class TestPastFlask:
    def test_it_answers_what_flask_answers(self, both, asked, article):
        for path in _addresses(PLAIN, article):
            del asked[:]
            past, flask = both(path)

            assert past == flask
            assert past[0] == "200 OK"
            assert len(asked) == 1, path

    def test_what_was_made_ahead_is_what_flask_answers(self, both, asked, article, made_ahead):
        for path in _addresses(PLAIN, article):
            del asked[:]
            past, flask = both(path)

            assert past == flask
            assert len(asked) == 1, path

    def test_it_asks_no_database_for_what_was_made_ahead(
        self, past, asked_for, article, made_ahead, statements
    ):
        for path in _addresses(AT_HAND, article):
            known = asked_for(path)
            statements.clear()

            assert _answered(past, known)[0] == "200 OK"
            assert statements == [], path

    def test_what_was_made_ahead_is_spoken_as_flask_speaks(self, both, made_ahead):
        for spoken in SPOKEN:
            for path in ("articles/clots", "articles/klumpen?locale=de", "articles/clots?locale=auto"):
                past, flask = both(f"/api/v1/{path}", **{"Accept-Language": spoken, "Accept": "*/*"})

                assert past == flask

    def test_an_act_is_followed_by_the_next_answer(self, session, both, article, made_ahead):
        publish(session, saved(session, article, title="Another title"), forced="A test.")

        for _ in range(2):
            past, flask = both("/api/v1/articles/clots")

            assert past == flask
            assert b"Another title" in past[2]
            made_ahead()

    def test_it_is_counted_as_what_flask_hands_out(self, app, past, asked_for, article, made_ahead):
        known = [asked_for("/api/v1/articles/clots") for _ in range(2)]
        for one, environ in zip((past, app.wsgi_app), known, strict=True):
            list(one(environ, lambda status, headers: None))

        told = [handed.told(environ) for environ in known]
        assert [one.versions for one in told] == [((article.entry_id, 1),)] * 2
        assert [one.kind for one in told] == [Kind.FETCH] * 2

    def test_it_leaves_the_rest_to_flask(self, both, asked, article):
        for path in _addresses(NOT_PLAIN, article):
            del asked[:]
            past, flask = both(path)

            assert past == flask
            assert len(asked) == 2, path

    def test_it_leaves_to_flask_what_is_not_for_everybody(self, both, asked):
        for name, value in REFUSED:
            del asked[:]
            past, flask = both("/api/v1/articles/clots", **{name: value})

            assert past == flask
            assert len(asked) == 2, name

    def test_it_speaks_as_flask_does(self, both):
        for spoken in SPOKEN:
            for path in ("articles/clots", "articles?locale=auto", "articles/klumpen?locale=de"):
                past, flask = both(f"/api/v1/{path}", **{"Accept-Language": spoken, "Accept": "*/*"})

                assert past == flask

    def test_it_goes_on_from_page_to_page(self, both, asked):
        [(_, _, first), _] = both("/api/v1/articles?limit=1")
        del asked[:]

        past, flask = both(orjson.loads(first)["page"]["next"])

        assert past == flask
        assert len(asked) == 1

    def test_a_purged_cache_is_told_the_same(self, app, both):
        app.config["VERSO_PURGE_URL"] = "https://cdn.test/purge"

        past, flask = both("/api/v1/articles/clots")

        assert past == flask
        assert "CDN-Cache-Control" in dict(past[1])

    def test_what_it_remembers_of_the_past_ends_with_a_retraction(self, session, both, article):
        address = f"/api/v1/articles?as_of={head(session).sequence}"
        [(_, _, before), _] = both(address)
        publishing.retract(session, article.entry_id, [1], note="It was wrong.", by=ED)

        past, flask = both(address)

        assert past == flask
        assert b"It was wrong." in past[2]
        assert b"It was wrong." not in before

    def test_it_begins_with_a_request_of_flask_s(self, app, article, asked):
        with app.app_context(), Session(db.engine) as session:
            moment = moments.present(session)
        environ = EnvironBuilder(path="/api/v1/articles").get_environ() | {reading.KNOWN: moment}
        past = PastFlask(app, budget=1_000_000)

        answers = [_answered(past, environ) for _ in range(2)]

        assert len(asked) == 1
        assert answers[0][2] == answers[1][2]
