"""The manifest: whole, signed, of one sequence, and showing nobody what they may not see."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from content import granting, keys, partners, publishing, schedule
from content.partners import Reach
from content.placement import LICENSED
from storage import db
from tests.api.layer.test_layer import how
from tests.api.test_signatures import is_signed
from tests.builders import (
    ED,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_live_image,
    a_topic,
    an_article,
    an_faq,
    publish,
    saved,
    signed,
)

HEAD, ENTRIES = "/api/v1/manifest", "/api/v1/manifest/entries"


@pytest.fixture
def config(config, tmp_path, key):
    return config | {"VERSO_SIGNING_KEY": str(tmp_path / "key.pem")}


@pytest.fixture
def texts(session):
    """One of each type, one of them for partners only."""
    topic = a_topic(session)
    article = a_live_article(session, topics=[topic], tags=["flying"], body="Fünf Wörter — und \U0001f9b5.")
    faq = a_live_faq(session, article=str(article.entry_id), audience=LICENSED, warnings=["Call for help."])
    return {"article": article, "faq": faq, "image": a_live_image(session)}


@pytest.fixture
def bearer(session):
    """A partner's key, which opens what is licensed."""
    partner = partners.create(session, "magazine").id
    _, text = keys.make(session, partner, purpose="a site", by=ED)
    session.commit()
    granting.grant(session, partner, Reach(audiences=(LICENSED,)), by=ED)
    return {"Authorization": f"Bearer {text}"}


def walked(client, path=f"{ENTRIES}?limit=1", **asked):
    """Every page from a path on."""
    pages = []
    while path:
        pages.append(client.get(path, **asked).get_json())
        path = pages[-1]["page"]["next"]
    return pages


class TestEntries:
    def test_each_tells_the_version_and_what_its_bytes_hash_to(self, api, texts):
        listed = {one["id"]: one for page in walked(api) for one in page["data"]}

        whole = api.get("/api/v1/sync?limit=100").get_json()["data"]
        assert listed.keys() == {one["id"] for one in whole}
        for one in whole:
            document, entry = one["document"], listed[one["id"]]
            assert entry["whole_hash"] == hashlib.sha256(rfc8785.dumps(document)).hexdigest()
            assert (
                entry["version_hash"]
                == hashlib.sha256(api.get(document["urls"]["this_version"]).data).hexdigest()
            )
            assert entry["content_hash"] == document["integrity"]["content_hash"]
            for name in ("type", "locale", "version"):
                assert entry[name] == document[name]

    def test_pages_are_a_chain_in_the_order_of_ids_and_of_one_sequence(self, api, session, texts):
        path = api.get(f"{ENTRIES}?limit=1").get_json()["page"]["next"]
        a_live_article(session, slug="later")

        pages = [api.get(f"{ENTRIES}?limit=1&as_of=4").get_json(), *walked(api, path)]

        ids = [one["id"] for page in pages for one in page["data"]]
        assert ids == sorted(ids)
        assert [page["after"] for page in pages] == [None, *ids[:-1]]
        assert {page["sequence"] for page in pages} == {4}

    def test_many_are_asked_for_in_as_many_statements_as_one(self, api, session, texts, statements):
        counts = []
        for number in (0, 20):
            for place in range(number):
                a_live_article(session, slug=f"a-{place}")
            del statements[:]
            api.get(ENTRIES)
            counts.append(len(statements))

        assert counts[0] == counts[1]

    def test_a_key_shows_what_its_partner_may_see_and_nobody_else_what_they_may_not(self, api, texts, bearer):
        faq = str(texts["faq"].entry_id)

        mine, everybodys = walked(api, headers=bearer), walked(api)

        assert faq in json.dumps(mine)
        assert faq not in json.dumps(everybodys)
        assert {page["partner"] for page in mine} == {"magazine"}
        assert {page["partner"] for page in everybodys} == {"anonymous"}

    def test_a_walk_ends_where_the_grants_change(self, api, session, texts, bearer):
        path = api.get(f"{ENTRIES}?limit=1", headers=bearer).get_json()["page"]["next"]

        granting.end_contract(session, partners.partners(session)[0].id, by=ED)

        assert api.get(path, headers=bearer).status_code == 410

    def test_it_is_of_the_past_where_that_is_asked_for_and_never_of_what_was_struck(
        self, api, session, texts
    ):
        version = texts["article"]
        publish(session, signed(session, saved(session, version, body="Other words.")), note="Anew.")
        then = f"{ENTRIES}?as_of=2"
        before = {one["id"]: one["version"] for one in api.get(then).get_json()["data"]}
        publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)

        assert before[str(version.entry_id)] == 1
        assert str(version.entry_id) not in {one["id"] for one in api.get(then).get_json()["data"]}

    def test_they_are_kept_while_the_log_stands(self, app, session, texts):
        front = Client(in_front_of(app), Response)

        kept = [front.get(ENTRIES) for _ in range(2)][-1]
        # By the app's own engine, so that the layer hears of it at once.
        with app.app_context(), Session(db.engine) as newsroom:
            publishing.withdraw(newsroom, texts["article"].entry_id, by=ED)

        assert how(kept) == "kept"
        assert str(texts["article"].entry_id) in kept.text
        assert str(texts["article"].entry_id) not in front.get(ENTRIES).text


class TestHead:
    def test_it_is_of_now_until_a_while_from_now_and_kept_by_nobody(self, app, session, texts):
        front = Client(in_front_of(app), Response)

        answers = [front.get(HEAD) for _ in range(2)]
        first = answers[0].get_json()

        made, until = (datetime.fromisoformat(first[name]) for name in ("made_at", "valid_until"))
        assert until - made == timedelta(hours=24)
        assert not any("Server-Timing" in answer.headers for answer in answers)
        assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
        assert first["sequence"] == front.get("/api/v1/sync/head").get_json()["sequence"]

    def test_nobody_is_to_rely_on_it_past_what_falls_due(self, api, session, texts):
        live = a_live_article(session, slug="ending")
        due_at = datetime.now(UTC) + timedelta(hours=1)
        schedule.schedule(session, schedule.Verb.WITHDRAW, live.entry_id, due_at=due_at, by=ED)
        session.commit()

        assert datetime.fromisoformat(api.get(HEAD).get_json()["valid_until"]) == due_at

    def test_what_falls_due_out_of_reach_is_not_told(self, api, session, bearer):
        other = partners.create(session, "paper").id
        session.commit()
        granting.grant(session, other, Reach(audiences=(LICENSED,)), by=ED, embargo=2)
        licensed = a_live_article(session, audience=LICENSED, now=None)
        draft = signed(session, an_article(session, slug="to-come", audience=LICENSED))
        hours = [datetime.now(UTC) + timedelta(hours=number) for number in range(4)]
        told = {"due_at": hours[1], "by": ED}
        schedule.schedule(session, schedule.Verb.PUBLISH, draft.entry_id, version=draft.number, **told)
        schedule.schedule(session, schedule.Verb.HOLD, licensed.entry_id, due_at=hours[3], by=ED)
        session.commit()

        everybodys, own = (api.get(HEAD, headers=one).get_json() for one in ({}, bearer))

        made, until = (datetime.fromisoformat(everybodys[name]) for name in ("made_at", "valid_until"))
        assert until - made == timedelta(hours=24)
        assert datetime.fromisoformat(own["valid_until"]) == hours[1]

    def test_a_partner_is_told_when_its_own_embargo_ends(self, api, session, bearer):
        [magazine] = partners.partners(session)
        granting.grant(session, magazine.id, Reach(audiences=(LICENSED,), types=("faq",)), by=ED, embargo=2)
        published = publish(session, signed(session, an_faq(session, audience=LICENSED), now=None), now=None)

        until = datetime.fromisoformat(api.get(HEAD, headers=bearer).get_json()["valid_until"])

        assert until == published.at + timedelta(hours=2)

    def test_a_draft_that_is_to_be_public_is(self, api, session, texts):
        draft = signed(session, an_article(session, slug="to-come"))
        due_at = datetime.now(UTC) + timedelta(hours=1)
        told = {"due_at": due_at, "by": ED, "version": draft.number}
        schedule.schedule(session, schedule.Verb.PUBLISH, draft.entry_id, **told)
        session.commit()

        assert datetime.fromisoformat(api.get(HEAD).get_json()["valid_until"]) == due_at

    def test_a_review_that_falls_due_is_where_it_is_in_reach(self, api, session, bearer):
        day = (datetime.now(UTC) + timedelta(days=1)).date()
        licensed = signed(session, an_article(session, audience=LICENSED), due_on=day)
        publish(session, licensed)

        everybodys, own = (api.get(HEAD, headers=one).get_json() for one in ({}, bearer))

        assert datetime.fromisoformat(own["valid_until"]) == schedule.midnight(day)
        assert datetime.fromisoformat(everybodys["valid_until"]) > schedule.midnight(day)

    def test_nobody_is_to_rely_on_one_of_the_past(self, api, texts):
        told = api.get(f"{HEAD}?as_of=1").get_json()

        assert (told["sequence"], told["valid_until"]) == (1, None)
        assert {page["sequence"] for page in walked(api, told["entries"])} == {1}

    def test_it_and_each_page_is_signed(self, api, texts, key):
        public = api.get("/api/v1/jwks.json").get_json()

        for told in (api.get(HEAD).get_json(), *walked(api)):
            jws = told.pop("signature")
            assert is_signed(public, jws, rfc8785.dumps(told))
            assert not is_signed(public, jws, rfc8785.dumps(told | {"sequence": 1}))
