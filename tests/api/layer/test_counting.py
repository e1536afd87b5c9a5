"""What is counted of what answers hand out, by whoever reads through the layer."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from api import handed
from content import previews, versions
from content.database import clock, prepare_engine
from content.log import head
from content.placement import LICENSED
from content.types import everyone
from content.usage.counting import ANONYMOUS, Kind, Usage
from storage import db
from tests.api.bearers import a_partner, bearing
from tests.api.layer.test_layer import how
from tests.builders import (
    ED,
    a_live_article,
    a_live_faq,
    a_live_image,
    a_topic,
    an_article,
    an_author,
    publish,
    saved,
    signed,
)

FETCH, LISTED, EMBED, UNCHANGED = Kind
KINDS = {declared.plural: declared.name.title() for declared in everyone()}
HEALTH = {"articles": "Article", "faqs": "Faq"}
# How each read hands out what it holds; those that are not named hand out no words of an entry.
HANDS_OUT = {
    **{f"list{plural.title()}": LISTED for plural in KINDS},
    **{f"get{one}": FETCH for one in KINDS.values()},
    **{f"get{one}Version": FETCH for one in KINDS.values()},
    **{f"list{plural.title()}Linked": LISTED for plural in HEALTH},
    **{f"get{one}Linked": FETCH for one in HEALTH.values()},
    **{f"get{one}{form}": EMBED for one in HEALTH.values() for form in ("Embed", "Fragment")},
    **{f"list{plural.title()}{form}": EMBED for plural in HEALTH for form in ("Embed", "Fragment")},
    **{
        f"follow{plural.title()}As{form}": LISTED for plural in HEALTH for form in ("Atom", "RSS", "JSONFeed")
    },
    **{f"get{plural.title()}FeedArchive": LISTED for plural in HEALTH},
    "getSync": LISTED,
    "search": LISTED,
}
SEARCHED = {"search": "?q=veins", "suggest": "?q=ve", "getOembed": "?url="}


@pytest.fixture
def texts(newsroom):
    """The id of one of each kind, by its plural; each is public in its first version."""
    return {
        "articles": a_live_article(newsroom, title="Veins").entry_id,
        "faqs": a_live_faq(newsroom, question="What are veins?").entry_id,
        "topics": UUID(a_topic(newsroom, "Veins")),
        "authors": UUID(an_author(newsroom, "Veins")),
        "images": a_live_image(newsroom).entry_id,
    }


@pytest.fixture
def archived(newsroom, texts):
    """The same, and as much was done since that feeds have an archive."""
    while head(newsroom).sequence < 20:
        a_topic(newsroom, f"Legs {head(newsroom).sequence}")
    return texts


@pytest.fixture
def counted(app):
    """What was counted until now, as `(partner, entry, version): {kind: times}`; what is 0 is left out."""

    def count():
        with app.app_context(), Session(db.engine) as session:
            handed.counts(app).write(session, clock(session))
            found = session.scalars(select(Usage)).all()
            return {
                (one.partner_id, one.entry_id, one.version): {
                    kind: times for kind in Kind if (times := getattr(one, kind))
                }
                for one in found
            }

    return count


@pytest.fixture
def operations(app):
    paths = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    return {item["get"]["operationId"]: path for path, item in paths.items()}


def address(path, name, texts):
    """The address of an operation on the first version of the text that it is about."""
    plural = next((one for one in KINDS if f"/{one}" in path), "articles")
    known = {"key": texts[plural], "number": 1, "until": 20, "build": "0" * 16, "name": "0" * 64 + ".png"}
    query = SEARCHED.get(name, "?from=1&to=1" if name.startswith("diff") else "")
    if name == "getOembed":
        query += f"http://localhost:8000/api/v1/articles/{texts['articles']}"
    return path.format(**known) + query


class TestEveryRead:
    def test_it_is_counted_as_the_table_says(self, front, archived, counted, operations):
        assert set(HANDS_OUT) <= set(operations)
        before = {}

        for name, path in operations.items():
            there = address(path, name, archived)
            answer = front.get(there)
            if name in HANDS_OUT:
                assert answer.status_code == 200, (there, answer.text)
            after = counted()

            changed = {
                (key[1], kind): times - before.get(key, {}).get(kind, 0)
                for key, kinds in after.items()
                for kind, times in kinds.items()
                if times != before.get(key, {}).get(kind, 0)
            }
            assert {kind for _, kind in changed} == ({HANDS_OUT[name]} if name in HANDS_OUT else set()), there
            assert set(changed.values()) <= {1}, there
            # What is asked for by itself is alone.
            assert len(changed) == 1 or "{key}" not in path or name not in HANDS_OUT, there
            before = after

    def test_every_way_to_it_is_counted_alike(self, front, texts, counted):
        # By Flask, past Flask, from memory, and by Flask again for a condition that is rare.
        there = f"/api/v1/articles/{texts['articles']}"
        answers = [front.get(there), front.get(f"{there}?locale=en"), front.get(f"{there}?locale=en")]
        rare = front.get(there, headers={"If-Match": "*"})

        assert [how(one) for one in answers] == ["made", "made", "kept"]
        assert rare.status_code == 200
        assert counted() == {(ANONYMOUS, texts["articles"], 1): {FETCH: 4}}

    def test_what_its_client_has_is_counted_as_unchanged(self, front, texts, counted):
        there = f"/api/v1/articles/{texts['articles']}"
        etag = front.get(there).headers["ETag"]
        for _ in range(2):
            assert front.get(there, headers={"If-None-Match": etag}).status_code == 304
        etag = front.get("/api/v1/faqs").headers["ETag"]
        front.get("/api/v1/faqs", headers={"If-None-Match": etag})

        assert counted() == {
            (ANONYMOUS, texts["articles"], 1): {FETCH: 1, UNCHANGED: 2},
            (ANONYMOUS, texts["faqs"], 1): {LISTED: 1, UNCHANGED: 1},
        }

    def test_a_head_is_no_read_of_a_text(self, front, texts, counted):
        there = f"/api/v1/articles/{texts['articles']}"
        etag = front.head(there).headers["ETag"]
        front.head(there)
        front.head(there, headers={"If-None-Match": etag})

        assert counted() == {}

    def test_what_is_refused_or_gone_is_no_read_either(self, front, texts, counted):
        front.get("/api/v1/articles/nothing")
        front.get("/api/v1/articles?limit=0")
        front.get(f"/api/v1/articles/{texts['articles']}", headers={"Accept": "text/plain"})
        front.get(f"/api/v1/articles/{texts['articles']}", headers={"If-Match": '"other"'})

        assert counted() == {}

    def test_what_is_included_is_handed_out_too(self, front, newsroom, texts, counted):
        faq = a_live_faq(newsroom, slug="kept", article=str(texts["articles"])).entry_id
        front.get(f"/api/v1/articles/{texts['articles']}?include=faqs")

        assert counted() == {
            (ANONYMOUS, texts["articles"], 1): {FETCH: 1},
            (ANONYMOUS, faq, 1): {FETCH: 1},
        }

    def test_the_version_is_the_one_that_was_read(self, front, newsroom, texts, counted):
        there, then = f"/api/v1/faqs/{texts['faqs']}", head(newsroom).sequence
        front.get(there)
        newer = saved(newsroom, versions.latest(newsroom, texts["faqs"]), question="Where?", now=None)
        publish(newsroom, signed(newsroom, newer, now=None), note="Asked anew.", now=None)
        for path in (there, f"{there}?as_of={then}", f"{there}/versions/1"):
            assert front.get(path).status_code == 200

        assert counted() == {
            (ANONYMOUS, texts["faqs"], 1): {FETCH: 3},
            (ANONYMOUS, texts["faqs"], 2): {FETCH: 1},
        }

    def test_a_preview_is_nobody_s_read(self, front, newsroom, texts, counted):
        lasts = {"purpose": "A look.", "lasts": timedelta(days=1), "by": ED}
        _, token = previews.for_draft(newsroom, an_article(newsroom, slug="draft").entry_id, 1, **lasts)
        newsroom.commit()
        answer = front.get("/api/v1/articles/draft", headers={"Authorization": f"Bearer {token}"})

        assert answer.status_code == 200
        assert counted() == {}

    def test_its_day_is_that_of_utc(self, front, newsroom, texts, counted):
        front.get(f"/api/v1/articles/{texts['articles']}")
        counted()

        newsroom.rollback()
        assert newsroom.scalars(select(Usage.day)).all() == [clock(newsroom).date()]


class TestWhoReads:
    def test_each_partner_is_counted_for_itself(self, front, newsroom, counted):
        faq = a_live_faq(newsroom, slug="licensed", audience=LICENSED).entry_id
        magazine, app = (a_partner(newsroom, name) for name in ("A magazine", "An app"))
        for partner_id, times in ((magazine, 3), (app, 1)):
            borne = bearing(newsroom, partner_id)
            for _ in range(times):
                assert front.get(f"/api/v1/faqs/{faq}", headers=borne).status_code == 200
        front.get(f"/api/v1/faqs/{faq}")

        assert counted() == {(magazine, faq, 1): {FETCH: 3}, (app, faq, 1): {FETCH: 1}}

    def test_whoever_has_no_key_is_anonymous_also_for_what_a_partner_reads_too(
        self, front, newsroom, counted
    ):
        article = a_live_article(newsroom).entry_id
        partner = a_partner(newsroom)
        borne = bearing(newsroom, partner)
        for headers in ({}, borne, {}, borne, borne):
            front.get(f"/api/v1/articles/{article}", headers=headers)

        assert counted() == {(ANONYMOUS, article, 1): {FETCH: 2}, (partner, article, 1): {FETCH: 3}}


class TestTheHitPath:
    @pytest.fixture
    def config(self, config):
        # Longer than the test takes.
        return config | {"VERSO_TRUST_MS": "10000"}

    @pytest.fixture
    def article(self, app):
        # As on another machine: an act of this one would wait for whoever trusts.
        with app.app_context():
            engine = create_engine(db.engine.url)
        prepare_engine(engine)
        with Session(engine) as session:
            made = a_live_article(session).entry_id
        engine.dispose()
        return made

    def test_a_kept_answer_that_is_counted_asks_the_database_nothing(
        self, front, article, counted, statements
    ):
        there = f"/api/v1/articles/{article}"
        etag = front.get(there).headers["ETag"]

        del statements[:]
        answers = [front.get(there), front.get(there, headers={"If-None-Match": etag})]

        assert [how(answer) for answer in answers] == ["kept"] * 2
        # Somebody may look ahead of time, in one statement.
        assert len(statements) <= 1
        assert counted() == {(ANONYMOUS, article, 1): {FETCH: 2, UNCHANGED: 1}}
