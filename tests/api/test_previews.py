"""A preview shows what it was made for as publication will, nothing else that is not public, and leaves no trace."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from content import previews, publishing, schedule, types, versions
from content.database import Base
from content.previews import Preview
from content.schedule import Verb
from storage import db
from tests.builders import (
    ED,
    HOUR,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    an_faq,
    publish,
    saved,
    signed,
)


def opened(session, version, **told):
    """The headers that bear a token for a version."""
    given = {"purpose": "for Dr. Reed", "by": ED} | told
    _, token = previews.for_draft(session, version.entry_id, version.number, **given)
    session.commit()
    return {"Authorization": f"Bearer {token}"}


def opened_at(session, instant):
    """The headers that bear a token for an instant."""
    _, token = previews.for_instant(session, instant, purpose="the campaign", by=ED)
    session.commit()
    return {"Authorization": f"Bearer {token}"}


def end(session, preview):
    """Let a token's time run out."""
    preview.ends_at = datetime.now(UTC)


def revoke(session, preview):
    """Take a token back."""
    previews.revoke(session, preview.id, by=ED)


def everything(session):
    """Every row of every table."""
    session.rollback()
    return {
        table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
        for table in Base.metadata.sorted_tables
    }


WAYS = (
    "articles?limit=100&total=true",
    "articles?locale=de",
    "articles?tag=secret",
    "articles?topic=secret",
    "faqs?limit=100",
    "faqs?article=live",
    "faqs?article=shown",
    "topics",
    "authors",
    "articles/shown",
    "articles/shown/versions",
    "articles/shown/versions/1",
    "articles/shown/versions/2",
    "articles/shown/diff?from=1&to=2",
    "articles/live",
    "articles/live?include=faqs,translations,related",
    "articles/shown?include=faqs,translations,related",
    "articles/shown?locale=de&fallback=en",
    "faqs/live?include=article",
    "search?q=secret",
    "search?q=shown&facets=true",
    "search/suggest?q=sec",
    "articles/live/versions",
    "articles/live/changes",
    "articles/shown/changes",
    "faqs/live/changes",
    "articles/live/versions/2",
    "articles/live/diff?from=1&to=2",
)


class TestDraft:
    def test_it_is_read_as_though_it_were_public(self, session, api):
        shown = a_live_article(session, title="Old")
        draft = saved(session, shown, title="New", slug="new-slug")
        token = opened(session, draft)

        by_slug, by_id = (
            api.get(f"/api/v1/articles/{key}", headers=token) for key in ("new-slug", draft.entry_id)
        )
        moved = api.get("/api/v1/articles/clots", headers=token)

        assert (by_slug.get_json()["title"], by_slug.get_json()["version"]) == ("New", 2)
        assert by_id.get_json()["review"]["status"] == "not_reviewed"
        assert (moved.status_code, moved.headers["Location"]) == (301, "/api/v1/articles/new-slug")

    def test_it_shows_what_publication_then_shows(self, session, api):
        topic = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by=ED)
        draft = an_article(session, topics=[str(topic.entry_id)], authors=[an_author(session)])
        faq = an_faq(session, article=str(draft.entry_id))
        token = opened(session, draft)

        previewed = api.get("/api/v1/articles/clots", headers=token).get_json()
        for one in (topic, signed(session, draft), signed(session, faq)):
            publish(session, one, now=datetime.now(UTC))
        published = api.get("/api/v1/articles/clots").get_json()

        assert previewed["topics"] == [{"id": str(topic.entry_id), "slug": "veins", "name": "Veins"}]
        assert [one["slug"] for one in previewed["faqs"]] == ["does-it-hurt"]
        for part in ("review", "dates"):
            assert set(previewed.pop(part)) == set(published.pop(part))
        assert previewed == published

    def test_it_stands_in_lists_and_counts_and_is_linked_from_others(self, session, api):
        article, veins = a_live_article(session), a_topic(session)
        draft = an_faq(session, article=str(article.entry_id), topics=[veins])
        token = opened(session, draft)

        for path in ("/api/v1/faqs?total=true", "/api/v1/faqs?topic=veins&total=true"):
            told = api.get(path, headers=token).get_json()
            assert [one["id"] for one in told["data"]] == [str(draft.entry_id)]
            assert told["page"]["total"] == 1
        told = api.get("/api/v1/articles/clots", headers=token).get_json()
        assert [one["id"] for one in told["faqs"]] == [str(draft.entry_id)]

    def test_it_is_found_by_its_words(self, session, api):
        draft = saved(session, a_live_article(session, title="Old words"), title="Stockings")
        token = opened(session, draft)

        found, suggested = (
            api.get(f"/api/v1/search{path}", headers=token).get_json()
            for path in ("?q=stockings", "/suggest?q=stock")
        )

        assert [hit["id"] for hit in found["data"]] == [str(draft.entry_id)]
        assert "Stockings" in str(suggested)
        assert api.get("/api/v1/search?q=stockings").get_json()["data"] == []

    def test_it_is_compared_with_what_is_public(self, session, api):
        draft = saved(session, a_live_article(session, title="Old"), title="New")
        token = opened(session, draft)

        listed = api.get("/api/v1/articles/clots/versions", headers=token).get_json()
        compared = api.get("/api/v1/articles/clots/diff?from=1&to=2", headers=token).get_json()

        assert [one["version"] for one in listed["data"]] == [2, 1]
        assert compared["fields"][0]["html"] == "<del>Old</del><ins>New</ins>"

    def test_it_is_shown_wherever_its_entry_stands(self, session, api):
        ways = {
            "gone": lambda draft: publishing.withdraw(session, draft.entry_id, by=ED),
            "held": lambda draft: publishing.hold(session, draft.entry_id, by=ED),
            "wrong": lambda draft: publishing.retract(session, draft.entry_id, [1], note="Wrong.", by=ED),
            "live": lambda draft: publish(session, signed(session, draft)),
        }
        drafts = {slug: saved(session, a_live_article(session, slug=slug), title="New") for slug in ways}
        tokens = {slug: opened(session, draft) for slug, draft in drafts.items()}
        for slug, act in ways.items():
            act(drafts[slug])

        told = [api.get(f"/api/v1/articles/{slug}", headers=tokens[slug]) for slug in ways]

        assert [answer.get_json()["title"] for answer in told] == ["New"] * 4

    def test_it_is_shown_to_its_bearer_also_where_it_is_for_licensed_partners(self, session, api):
        draft = an_article(session, audience="licensed")
        secret = an_article(session, slug="secret", audience="licensed")
        token = opened(session, draft)
        publish(session, signed(session, secret))

        assert api.get("/api/v1/articles/clots", headers=token).status_code == 200
        publish(session, signed(session, draft))
        assert api.get("/api/v1/articles/clots", headers=token).status_code == 200
        assert api.get("/api/v1/articles/secret", headers=token).status_code == 404
        assert api.get("/api/v1/articles/clots").status_code == 404

    def test_it_says_why_it_could_not_be_public(self, session, api):
        draft = an_article(session)
        token = opened(session, draft)
        a_live_article(session)

        told = api.get(f"/api/v1/articles/{draft.entry_id}", headers=token)

        assert (told.status_code, told.get_json()["type"]) == (409, "/api/v1/problems/preview-refused")
        # The token opens the draft, and not what stands in its way.
        assert told.get_json()["detail"] == "The slug belongs to another live entry."

    def test_it_is_refused_once_its_words_were_struck(self, session, api):
        draft = an_article(session, title="A patient's name")
        token = opened(session, draft)
        publishing.erase(session, draft.entry_id, by=ED)

        told = api.get(f"/api/v1/articles/{draft.entry_id}", headers=token)

        assert told.status_code == 409
        assert "patient" not in told.get_data(as_text=True)


class TestLeaks:
    """A token opens what it was made for, and not one thing more."""

    @pytest.fixture
    def secrets(self, session):
        """Drafts of every kind beside the one that is previewed, each with the word Secret in it."""
        live, other = a_live_article(session, slug="live"), a_live_faq(session, slug="live", tags=["t"])
        topic = a_topic(session)
        saved(session, live, title="Secret", slug="secret-moved", tags=["secret"])
        saved(session, other, question="Secret?", article=str(live.entry_id))
        an_article(session, title="Secret", slug="secret", topics=[topic])
        an_faq(session, question="Secret?", slug="secret-faq", article=str(live.entry_id))
        for kind, name in (("topic", "name"), ("author", "name")):
            values = {name: "Secret", "slug": "secret"} | ({"kind": "person"} if kind == "author" else {})
            versions.create(session, kind, values, locale="en", by=ED)
        return live

    @pytest.fixture
    def draft(self, session, secrets):
        """The draft that is previewed; later versions of it, its translation and later links are secret."""
        topic = a_topic(session, "Arms")
        draft = an_article(session, title="Shown", slug="shown", topics=[topic])
        versions.create(
            session,
            "article",
            {"title": "Secret", "slug": "geheim", "body": "x"},
            locale="de",
            by=ED,
            translation_of=draft.entry_id,
        )
        return draft

    @pytest.fixture
    def token(self, session, draft):
        """A token made for the draft; what is saved after it is not for its bearer."""
        given = opened(session, draft)
        saved(session, draft, title="Secret")
        an_faq(session, question="Secret?", slug="secret-later", article=str(draft.entry_id))
        session.commit()
        return given

    def test_it_opens_no_other_address(self, session, draft, token, api):
        entries = session.execute(text("SELECT type, id FROM entry")).all()
        keys = [(type_name, str(UUID(str(entry_id)))) for type_name, entry_id in entries]
        keys += [("article", slug) for slug in ("secret", "secret-moved", "geheim?locale=de")]
        keys += [("faq", slug) for slug in ("secret-faq", "secret-later")]
        told = {
            (type_name, key): api.get(f"/api/v1/{types.get(type_name).plural}/{key}", headers=token)
            for type_name, key in keys
        }

        assert told["article", str(draft.entry_id)].get_json()["title"] == "Shown"
        assert len(told) == len(keys) > 10
        assert not [key for key, answer in told.items() if "Secret" in answer.get_data(as_text=True)]

    def test_it_opens_no_other_way(self, token, api):
        told = {path: api.get(f"/api/v1/{path}", headers=token).get_data(as_text=True) for path in WAYS}

        assert not [path for path, answer in told.items() if "Secret" in answer or "/secret" in answer]

    def test_it_reaches_no_history_of_the_corpus(self, token, api):
        for path in ("changes", "sync", "sync/head", "sync?since=x"):
            refused = api.get(f"/api/v1/{path}", headers=token)
            assert refused.status_code == 422
            assert refused.get_json()["errors"][0]["pointer"] == "/Authorization"

    def test_it_opens_no_scheduled_act(self, session, draft, token, api):
        later = a_live_article(session, slug="later")
        made = signed(session, saved(session, later, title="Secret"))
        soon = datetime.now(UTC) + HOUR
        schedule.schedule(session, Verb.PUBLISH, later.entry_id, due_at=soon, by=ED, version=made.number)
        session.commit()

        assert api.get("/api/v1/articles/later", headers=token).get_json()["title"] != "Secret"


class TestInstant:
    @pytest.fixture
    def planned(self, session):
        """Three acts to come, an hour apart: a publication, a withdrawal, another publication."""
        now = datetime.now(UTC)
        first = signed(session, an_article(session, title="First", slug="first"))
        second = signed(session, an_article(session, title="Second", slug="second"))
        leaves = a_live_article(session, slug="leaves")
        for place, (verb, version) in enumerate(
            [(Verb.PUBLISH, first), (Verb.WITHDRAW, leaves), (Verb.PUBLISH, second)], start=1
        ):
            pinned = version.number if verb == Verb.PUBLISH else None
            schedule.schedule(
                session, verb, version.entry_id, due_at=now + place * HOUR, by=ED, version=pinned
            )
        an_article(session, title="Never planned", slug="draft")
        session.commit()
        return now

    def test_it_shows_the_corpus_as_of_then(self, session, api, planned):
        expected = {0.5: {"leaves"}, 1.5: {"leaves", "first"}, 2.5: {"first"}, 3.5: {"first", "second"}}

        for hours, slugs in expected.items():
            token = opened_at(session, planned + hours * HOUR)
            told = api.get("/api/v1/articles?total=true", headers=token).get_json()
            assert {one["slug"] for one in told["data"]} == slugs
            assert told["page"]["total"] == len(slugs)

    def test_it_says_what_is_gone_by_then(self, session, api, planned):
        token = opened_at(session, planned + 4 * HOUR)

        assert api.get("/api/v1/articles/leaves", headers=token).get_json()["reason"] == "gone"
        assert api.get("/api/v1/articles/leaves").status_code == 200

    def test_it_shows_a_review_that_falls_due(self, session, api):
        now = datetime.now(UTC)
        due_on = (now + timedelta(days=3)).date()
        publish(session, signed(session, an_article(session), due_on=due_on, now=now), now=now)
        token = opened_at(session, now + timedelta(days=5))

        told = api.get("/api/v1/articles/clots", headers=token).get_json()

        assert told["review"]["status"] == "due"

    def test_it_shows_the_present_once_its_moment_has_passed(self, session, api, planned):
        token = opened_at(session, planned + 4 * HOUR)
        session.execute(update(Preview).values(instant=planned))
        session.commit()

        told = api.get("/api/v1/articles", headers=token).get_json()

        assert [one["slug"] for one in told["data"]] == ["leaves"]

    def test_it_refuses_to_rehearse_for_long(self, session, api, planned, monkeypatch):
        monkeypatch.setattr("content.rehearsal.MOST_DUE", 2)
        token = opened_at(session, planned + 4 * HOUR)

        told = api.get("/api/v1/articles", headers=token)

        assert told.status_code == 409
        assert "3 changes" in told.get_json()["detail"]


class TestToken:
    @pytest.fixture
    def draft(self, session):
        """A draft that nobody but its token's bearer reads."""
        return an_article(session)

    def test_it_opens_nothing_and_says_not_why_nor_for_what(self, session, api, draft):
        tokens = []
        for change in (None, end, revoke):
            kept, token = previews.for_draft(session, draft.entry_id, 1, purpose="x", by=ED)
            tokens.append(token if change else token[:-1] + "~")
            if change:
                change(session, kept)
        session.commit()

        answers = [
            api.get(f"/api/v1/articles/{key}", headers={"Authorization": f"Bearer {token}"})
            for key in (draft.entry_id, "nothing")
            for token in tokens
        ]

        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.data for answer in answers}) == 1
        assert answers[0].get_json()["type"] == "/api/v1/problems/preview-over"
        assert answers[0].headers["WWW-Authenticate"].startswith("Bearer ")
        assert answers[0].headers["Cache-Control"] == "no-store"

    def test_it_takes_no_other_credentials_for_a_token(self, session, api):
        a_live_article(session)

        for given in ("Basic dnBfOng=", "vp_x", "Digest x=y", "\xff"):
            told = api.get("/api/v1/articles/clots", headers={"Authorization": given})
            assert told.status_code == 200

    @pytest.mark.parametrize("form", ["{}", "Token {}", "Bearer: {}", "Basic {}"])
    def test_one_that_is_no_bearer_is_told_so(self, session, api, form):
        live = a_live_article(session)
        ahead = saved(session, live, title="A draft")
        _, text = previews.for_draft(session, live.entry_id, ahead.number, purpose="a look", by=ED)
        session.commit()

        refused = api.get("/api/v1/articles/clots", headers={"Authorization": form.format(text)})

        assert refused.status_code == 401
        assert "Authorization: Bearer" in refused.get_json()["detail"]

    @pytest.mark.parametrize("given", ["Bearer other", "Bearer"])
    def test_a_bearer_of_neither_kind_is_told_so(self, session, api, given):
        a_live_article(session)

        refused = api.get("/api/v1/articles/clots", headers={"Authorization": given})

        assert refused.status_code == 401
        assert refused.get_json()["type"] == "/api/v1/problems/key-refused"

    def test_it_goes_with_no_other_moment(self, session, api, draft):
        refused = api.get("/api/v1/articles?as_of=0", headers=opened(session, draft))

        assert refused.status_code == 422
        assert refused.get_json()["errors"][0]["pointer"] == "/as_of"

    def test_it_goes_with_no_cursor_of_a_list_of_its_own(self, session, api, draft):
        for slug in ("a", "b", "c"):
            a_live_article(session, slug=slug)
        token, other = opened(session, draft), opened(session, draft)
        live = api.get("/api/v1/articles?limit=1").get_json()["page"]["next"]
        previewed = api.get("/api/v1/articles?limit=1", headers=token).get_json()["page"]["next"]

        answers = [
            api.get(path, headers=headers).status_code
            for path, headers in [(live, token), (previewed, {}), (previewed, other), (previewed, token)]
        ]

        assert answers == [422, 422, 422, 200]

    def test_it_walks_page_by_page_also_while_others_publish(self, session, api, draft):
        for slug in ("a", "b", "c"):
            a_live_article(session, slug=slug)
        token, seen, path = opened(session, draft), [], "/api/v1/articles?limit=1"
        while path:
            told = api.get(path, headers=token).get_json()
            seen += [one["slug"] for one in told["data"]]
            path = told["page"]["next"]
            a_live_faq(session, slug=f"q-{len(seen)}")

        assert seen == ["clots", "c", "b", "a"]


class TestAnswer:
    def test_it_is_kept_nowhere(self, session, api):
        live = a_live_article(session, slug="live")
        etag = api.get("/api/v1/articles/live").headers["ETag"]
        token = opened(session, an_article(session))

        for path in ("articles", "articles/clots", "articles/live", "articles/nothing"):
            told = api.get(f"/api/v1/{path}", headers={**token, "If-None-Match": etag})
            assert told.status_code in (200, 404)
            assert told.headers["Cache-Control"] == "no-store"
            assert told.headers["X-Robots-Tag"] == "noindex"
            assert told.headers["Referrer-Policy"] == "no-referrer"
            assert not {"ETag", "Last-Modified", "Verso-Sequence", "Cache-Groups", "Surrogate-Key"} & set(
                told.headers.keys()
            )
        assert live

    def test_it_is_told_from_the_public_one_by_every_cache(self, session, api):
        a_live_article(session)

        assert "Authorization" in api.get("/api/v1/articles").headers["Vary"]

    def test_it_leaves_no_trace(self, session, api):
        shown = a_live_article(session)
        faq = an_faq(session, article=str(shown.entry_id))
        draft, refused = saved(session, shown, title="New"), an_faq(session, slug="live")
        a_live_faq(session, slug="live")
        soon = datetime.now(UTC) + HOUR
        schedule.schedule(session, Verb.WITHDRAW, shown.entry_id, due_at=soon, by=ED)
        tokens = [opened(session, one) for one in (draft, faq, refused)]
        tokens.append(opened_at(session, soon + HOUR))
        before = everything(session)

        for token in tokens:
            for path in (
                "articles",
                "articles/clots",
                "articles/nothing",
                "faqs?limit=0",
                "articles?cursor=x",
            ):
                api.get(f"/api/v1/{path}", headers=token)
            api.head("/api/v1/articles", headers=token)

        assert everything(session) == before
        told = api.get("/api/v1/articles")
        assert told.headers["Verso-Sequence"] == "2"
        assert told.get_json()["data"][0]["version"] == 1

    def test_it_leaves_no_trace_where_the_read_breaks(self, session, api, app, monkeypatch):
        draft = an_article(session)
        token, before = opened(session, draft), everything(session)
        monkeypatch.setattr("content.corpus.live_or_struck", lambda *args, **kwargs: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            api.get("/api/v1/articles/clots", headers=token)

        assert everything(session) == before
        assert publish(session, signed(session, draft)).sequence == 1
        with app.app_context():
            assert db.engine.pool.checkedout() == 0


class TestBehindTheLayer:
    @pytest.fixture
    def session(self, app):
        """A session whose acts the layer hears of."""
        with app.app_context():
            engine = db.engine
        with Session(engine) as session:
            yield session

    def test_it_comes_to_its_bearer_alone_and_moves_nobody_s_sequence(self, session, app):
        front = Client(in_front_of(app), Response)
        shown = a_live_article(session, title="Old")
        token = opened(session, saved(session, shown, title="New"))

        def title(**headers):
            return front.get("/api/v1/articles/clots", headers=headers).get_json()["title"]

        assert [title(), title(**token), title(), title(**token)] == ["Old", "New", "Old", "New"]
        publish(
            session, signed(session, saved(session, versions.latest(session, shown.entry_id), title="Newest"))
        )
        assert title() == "Newest"
