"""Every header that is sent, through the read layer too, is described, and none is described that is never sent."""

import time
from datetime import UTC, datetime

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from api.retiring import Retirement
from app import create_app
from content import feeds, keys, partners, previews, publishing
from content.keys import Scope
from content.log import State
from storage import db
from tests.api.contract import Contract
from tests.builders import ED, a_live_article, a_live_faq, a_live_image, a_topic, an_article, an_author, saved
from tests.examples import ARTICLE, KEYS, STRETCH, questions

GOING = datetime(2026, 1, 1, tzinfo=UTC)
# In which ways each address is asked: method, headers, and the statuses of which the answer has one.
WAYS = (
    ("GET", {}, {200}),
    ("HEAD", {"Accept-Encoding": "br"}, {200}),
    ("GET", {"If-None-Match": "*"}, {304}),
    ("GET", {"If-Match": '"another"'}, {412}),
    ("GET", {"Accept": "image/gif"}, {406}),
    ("GET", {"Authorization": "Bearer vp_made-up"}, {401, 422}),
    ("GET", {"Authorization": "Bearer verso_made-up"}, {401}),
)


@pytest.fixture
def config(config):
    """An app whose answers a cache is told of, and in which a read is retiring."""
    retiring = Retirement("/api/v1/articles", GOING, "/api/v1/docs#articles", sunset_at=GOING)
    return config | {"VERSO_PURGE_URL": "https://cdn.example/purge", "VERSO_RETIREMENTS": (retiring,)}


@pytest.fixture
def front(app):
    """A client of the layer."""
    return Client(in_front_of(app), Response)


@pytest.fixture
def document(front):
    """The OpenAPI document."""
    return front.get("/api/v1/openapi.json").get_json()


@pytest.fixture
def tokens(session, monkeypatch):
    """Something of each kind is public, at the addresses that are asked; some is gone; tokens open two drafts."""
    monkeypatch.setattr(feeds, "LENGTH", STRETCH)
    topic = a_topic(session, slug=KEYS["topics"])
    author = an_author(session, slug=KEYS["authors"])
    told = {"slug": KEYS["articles"], "canonical": ARTICLE["canonical"]}
    article = a_live_article(session, topics=[topic], authors=[author], **told)
    a_live_image(session, slug=KEYS["images"])
    a_live_faq(session, slug=KEYS["faqs"], article=str(article.entry_id))
    gone, moved = a_live_article(session, slug="gone"), a_live_article(session, slug="moved")
    publishing.withdraw(session, gone.entry_id, by=ED)
    where = {"manner": State.REDIRECTED, "target": str(article.entry_id)}
    publishing.withdraw(session, moved.entry_id, by=ED, **where)
    drafts = saved(session, article, title="Newer"), an_article(session, slug=KEYS["articles"])
    told = [
        previews.for_draft(session, draft.entry_id, draft.number, purpose="a look", by=ED)[1]
        for draft in drafts
    ]
    session.commit()
    return [{"Authorization": f"Bearer {token}"} for token in told]


@pytest.fixture
def narrow(session):
    """A key that was made to keep copies by only."""
    partner = partners.create(session, "A magazine")
    _, text = keys.make(session, partner.id, purpose="a copy", scopes=[Scope.SYNC], by=ED)
    session.commit()
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def walked(app, front, document, tokens, narrow, worn_out, away):
    """Real answers: of every operation in every way, and what only some addresses answer."""
    contract = Contract(app, document)
    # When it was last changed is told once the second of the last act is over.
    time.sleep(1.0)
    answers = [
        checked(contract, front.open(path, method=method, headers=headers), statuses)
        for _, path in questions(document)
        if path.startswith("/api/")
        for method, headers, statuses in WAYS
    ]
    article = f"/api/v1/articles/{KEYS['articles']}"
    one = [
        (front, f"{article}?x=1", {}, 422),
        (front, "/api/v1/articles/nothing", {}, 404),
        (front, "/api/v1/articles/gone", {}, 410),
        (front, "/api/v1/articles/moved", {}, 301),
        (front, article, tokens[0], 200),
        (front, f"{article}?x=1", tokens[0], 422),
        (front, article, tokens[1], 409),
        (front, article, narrow, 403),
        (worn_out, article, {}, 429),
        (away, article, {}, 503),
    ]
    return answers + [
        checked(contract, client.get(path, headers=headers), {status})
        for client, path, headers, status in one
    ]


def checked(contract, answer, statuses):
    """An answer that is as described, and of one of the statuses."""
    assert answer.status_code in statuses, answer.request.path
    contract.check(answer)
    return answer


class Greedy(Client):
    """A client that asks for everything once more than it may; at once, or it may again."""

    def open(self, *args, **given):
        """Return the second answer."""
        super().open(*args, **given)
        return super().open(*args, **given)


@pytest.fixture
def worn_out(config):
    """A client that asks more often than it may: once."""
    app = create_app(config | {"VERSO_READ_LIMIT": "1"})
    yield Greedy(in_front_of(app), Response)
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def away(cut_off):
    """A client of the layer whose database refuses connections."""
    return Client(in_front_of(cut_off.application), Response)


class TestHeaders:
    def test_each_that_is_sent_is_described(self, walked):
        statuses = {answer.status_code for answer in walked}

        assert statuses == {200, 301, 304, 401, 403, 404, 406, 409, 410, 412, 422, 429, 503}

    def test_each_that_is_described_is_sent(self, walked, document):
        sent = {name for answer in walked for name, _ in answer.headers}

        assert set(document["components"]["headers"]) <= sent
