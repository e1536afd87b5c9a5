"""What a partner's key opens, in every read, and what no key and no cache lets anybody see."""

import base64
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api import callers
from api.layer import in_front_of
from content import corpus, database, granting, grants, keys, moments, publishing, types
from content.corpus import Filters
from content.keys import Key, Scope
from content.partners import Reach
from content.placement import LICENSED
from storage import db
from tests.api.bearers import EVERYTHING, a_partner, bearing
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, a_live_faq, a_topic, publish, saved, signed


@pytest.fixture
def session(app):
    """A session whose acts the layer hears of."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def licensed(session):
    """A text for everybody, and one for partners only, which the former shows; the second's id."""
    article = a_live_article(session, slug="public", title="Open to all")
    question = a_live_faq(
        session,
        slug="licensed",
        question="Who pays for this secret?",
        audience=LICENSED,
        article=str(article.entry_id),
        tags=["secrecy"],
    )
    return question.entry_id


@pytest.fixture
def borne(session, licensed):
    return bearing(session, a_partner(session))


WAYS = (
    "faqs?limit=100&total=true",
    "faqs?ids={id}",
    "faqs?tag=secrecy",
    "faqs?article=public",
    "faqs/licensed",
    "faqs/{id}",
    "faqs/licensed/versions",
    "faqs/licensed/versions/1",
    "faqs/licensed/changes",
    "faqs/licensed/diff?from=1&to=1",
    "articles/public",
    "articles/public?include=faqs",
    "search?q=secret",
    "search?q=secrex",
    "sync",
    "changes?since=0",
)


class TestReads:
    @pytest.mark.parametrize("way", WAYS)
    def test_they_tell_of_what_a_grant_lets_through_to_its_key_only(self, api, licensed, borne, way):
        path = f"/api/v1/{way.format(id=licensed)}"

        without, with_key = api.get(path), api.get(path, headers=borne)

        assert with_key.status_code == 200
        assert str(licensed) in with_key.text or "secret" in with_key.text
        assert "Who pays" not in without.text
        assert "{id}" in way or str(licensed) not in without.text

    @pytest.mark.parametrize("way", WAYS)
    def test_they_are_kept_for_nobody_else_where_a_key_was_borne(self, api, licensed, borne, way):
        answered = api.get(f"/api/v1/{way.format(id=licensed)}", headers=borne)

        assert "private" in answered.headers["Cache-Control"]
        assert "public" not in answered.headers["Cache-Control"]
        assert "Authorization" in answered.headers["Vary"]
        assert not {"CDN-Cache-Control", "Surrogate-Key", "Cache-Groups"} & set(answered.headers.keys())

    def test_an_error_under_a_key_is_kept_for_nobody_else_too(self, api, borne):
        answered = api.get("/api/v1/faqs/nowhere", headers=borne)

        assert answered.status_code == 404
        assert answered.headers["Cache-Control"].startswith("private")

    def test_they_ask_for_todays_grants_whatever_moment_is_asked_about(self, api, session, licensed):
        partner_id = a_partner(session)
        held = bearing(session, partner_id)
        before = grants.held(session, partner_id, 100)[0].from_sequence - 1

        assert api.get(f"/api/v1/faqs/licensed?as_of={before}", headers=held).status_code == 200

        granting.end_contract(session, partner_id, by=ED)
        assert api.get(f"/api/v1/faqs/licensed?as_of={before}", headers=held).status_code != 200

    def test_a_grant_by_topics_goes_with_a_list_by_topic(self, api, session):
        above = a_topic(session, "Above", now=None)
        below = a_topic(session, "Below", parent=above, now=None)
        made = a_live_faq(session, slug="filed", audience=LICENSED, topics=[below], now=None)
        borne = bearing(session, a_partner(session, reach=Reach((LICENSED,), topics=(UUID(above),))))

        for topic in ("above", "below"):
            listed = api.get(f"/api/v1/faqs?topic={topic}", headers=borne).get_json()["data"]
            assert [one["id"] for one in listed] == [str(made.entry_id)]

    def test_it_costs_nothing_to_ask_again(self, api, borne):
        first = api.get("/api/v1/faqs", headers=borne)
        again = api.get("/api/v1/faqs", headers=borne | {"If-None-Match": first.headers["ETag"]})

        assert again.status_code == 304
        assert api.get("/api/v1/faqs", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


class TestLayer:
    @pytest.fixture
    def front(self, app):
        return Client(in_front_of(app), Response)

    @pytest.mark.parametrize("way", WAYS)
    def test_it_mixes_no_two_callers(self, front, session, licensed, borne, way):
        other = bearing(session, a_partner(session, "Nobody yet", None))
        path = f"/api/v1/{way.format(id=licensed)}"

        told = [front.get(path, headers=headers) for headers in ({}, borne, other, {}, borne, other)]

        public, granted, nothing = (answer.data for answer in told[:3])
        assert [answer.data for answer in told[3:]] == [public, granted, nothing]
        assert granted != public
        if way != "sync":  # whose tokens tell partners apart
            assert nothing == public
        assert str(licensed) in nothing.decode() or len(nothing) < len(granted)

    def test_it_says_that_a_key_has_it_already(self, front, borne):
        first = front.get("/api/v1/faqs", headers=borne)

        again = front.get("/api/v1/faqs", headers=borne | {"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.data) == (304, b"")

    def test_it_stops_at_once_where_a_key_is_revoked(self, front, session, licensed):
        partner_id = a_partner(session)
        borne = bearing(session, partner_id)
        assert front.get("/api/v1/faqs/licensed", headers=borne).status_code == 200

        keys.revoke(session, keys.keys(session, partner_id)[0].id, why="It stood in a log.", by=ED)
        session.commit()

        assert front.get("/api/v1/faqs/licensed", headers=borne).status_code == 401


class TestRefused:
    def test_a_key_that_is_none(self, api, licensed):
        for text in ("", "nonsense", "verso_", "verso_" + "0" * 33, "verso_é" + "0" * 32):
            refused = api.get("/api/v1/faqs", headers={"Authorization": f"Bearer {text}"})

            assert refused.status_code == 401
            assert refused.get_json()["type"] == "/api/v1/problems/key-refused"
            assert refused.headers["WWW-Authenticate"] == 'Bearer realm="verso", error="invalid_token"'
            assert refused.headers["Cache-Control"] == "no-store"

    def test_a_key_that_nobody_was_given(self, api):
        refused = api.get("/api/v1/faqs", headers={"Authorization": f"Bearer {keys.written(b'x' * 20)}"})

        assert refused.status_code == 401

    def test_a_key_that_has_expired(self, api, session, licensed):
        partner_id = a_partner(session)
        borne = bearing(session, partner_id)
        session.query(Key).one().expires_at = datetime.now(UTC)
        session.commit()

        refused = api.get("/api/v1/faqs", headers=borne)

        assert (refused.status_code, refused.get_json()["detail"]) == (401, "It has expired.")

    def test_a_key_that_was_revoked_and_not_why(self, api, session, licensed):
        partner_id = a_partner(session)
        borne = bearing(session, partner_id)
        keys.revoke(session, session.query(Key).one().id, why="They sold it.", by=ED)
        session.commit()

        refused = api.get("/api/v1/faqs", headers=borne)

        assert (refused.status_code, refused.get_json()["detail"]) == (401, "It was revoked.")
        assert "sold" not in refused.text

    def test_a_key_without_the_scope(self, api, session, licensed):
        borne = bearing(session, a_partner(session), scopes=[Scope.READ])

        refused = api.get("/api/v1/sync", headers=borne)

        assert refused.status_code == 403
        assert 'error="insufficient_scope"' in refused.headers["WWW-Authenticate"]
        assert api.get("/api/v1/faqs", headers=borne).status_code == 200

    @pytest.mark.parametrize(
        "path",
        [
            "partner/terms",
            "manifest",
            "manifest/entries",
            "jwks.json",
            "faqs/{id}/versions/1/signature",
            "openapi.json",
            "embed.js",
            "sync/head",
        ],
    )
    @pytest.mark.parametrize("scope", list(Scope))
    def test_what_both_need_is_opened_by_any_key(self, api, session, licensed, path, scope):
        borne = bearing(session, a_partner(session), scopes=[scope])

        assert api.get(f"/api/v1/{path.format(id=licensed)}", headers=borne).status_code == 200

    def test_a_key_in_an_address_opens_nothing(self, api, borne):
        text = borne["Authorization"].removeprefix("Bearer ")

        assert api.get(f"/api/v1/faqs?key={text}").status_code == 422

    @pytest.mark.parametrize(
        "form",
        [
            *(
                "{}",
                "Token {}",
                "Bearer: {}",
                "bearer={}",
                "Bearer:{}",
                'ApiKey key="{}"',
                "Basic {}",
                "Basic",
            ),
            *("Token ({})", "Token token={}&x", "ApiKey {}x", "Token verso_{}"),
        ],
    )
    def test_a_key_that_is_no_bearer_is_told_so(self, api, borne, form):
        text = borne["Authorization"].removeprefix("Bearer ")
        if form == "Basic":
            form = f"Basic {base64.b64encode(f'partner:{text}'.encode()).decode()}"

        refused = api.get("/api/v1/faqs", headers={"Authorization": form.format(text)})

        assert refused.status_code == 401
        assert "Authorization: Bearer" in refused.get_json()["detail"]
        assert text not in refused.text

    @pytest.mark.parametrize("given", ["Basic", "Basic !", "Basic ZWQ6dmVyc29fYWRtaW4=", "Digest a=b", "x"])
    def test_what_holds_no_key_is_for_somebody_else(self, api, licensed, given):
        assert api.get("/api/v1/faqs", headers={"Authorization": given}).status_code == 200

    def test_another_scheme_is_for_somebody_else(self, api, licensed):
        assert api.get("/api/v1/faqs", headers={"Authorization": "Basic ZWQ6c2VjcmV0"}).status_code == 200


class TestUses:
    def test_they_are_written_down_by_somebody_else_and_by_the_day(self, app, api, session, borne):
        for _ in range(3):
            api.get("/api/v1/faqs", headers=borne)
        assert session.query(Key).one().last_used_on is None

        session.rollback()
        callers.uses(app).write(session)

        assert session.query(Key).one().last_used_on == datetime.now(UTC).date()


class TestSync:
    """A copy that is kept by a key."""

    def everything(self, api, borne, **asked):
        told = api.get("/api/v1/sync", headers=borne, query_string=asked).get_json()
        return {one["id"]: one for one in told["data"]}, told["token"]

    def test_it_adds_what_a_grant_lets_through_from_now_on(self, api, session, licensed):
        partner_id = a_partner(session, reach=None)
        borne = bearing(session, partner_id)
        held, token = self.everything(api, borne)
        assert str(licensed) not in held

        granting.grant(session, partner_id, EVERYTHING, by=ED)
        changed, _ = self.everything(api, borne, since=token)

        assert changed[str(licensed)]["event"] == "added"
        # The article shows its question from now on, so it is another document.
        assert [one["event"] for one in changed.values() if one["type"] == "article"] == ["changed"]

    def test_it_removes_what_a_grant_let_through_with_the_reason(self, api, session, licensed):
        partner_id = a_partner(session)
        borne = bearing(session, partner_id)
        held, token = self.everything(api, borne)
        assert str(licensed) in held

        granting.end_contract(session, partner_id, by=ED)
        changed, token = self.everything(api, borne, since=token)

        assert changed[str(licensed)]["event"] == "removed"
        assert changed[str(licensed)]["reason"] == "grant_ended"
        assert self.everything(api, borne, since=token)[0] == {}

    def test_it_tells_a_withdrawal_rather_than_that_a_grant_ended(self, api, session, licensed):
        partner_id = a_partner(session)
        borne = bearing(session, partner_id)
        _, token = self.everything(api, borne)

        publishing.retract(session, licensed, [1], by=ED, note="It was wrong.")
        granting.end_contract(session, partner_id, by=ED)
        changed, _ = self.everything(api, borne, since=token)

        assert changed[str(licensed)]["reason"] == "retracted"
        assert changed[str(licensed)]["notice"]["note"] == "It was wrong."

    def test_what_was_done_out_of_reach_is_told_to_whoever_has_it_and_to_nobody_else(self, api, session):
        partner_id = a_partner(session)
        borne, version = bearing(session, partner_id), a_live_faq(session, slug="open")
        one = str(version.entry_id)
        tokens = {name: self.everything(api, key)[1] for name, key in (("own", borne), ("none", {}))}
        left = publish(session, saved(session, version, audience=LICENSED), note="For partners.")
        publishing.withdraw(session, version.entry_id, by=ED, note="For partners too.")

        own, none = (
            self.everything(api, key, since=tokens[name])[0][one]
            for name, key in (("own", borne), ("none", {}))
        )
        assert (own["reason"], own["notice"]["note"]) == ("gone", "For partners too.")
        assert (none["reason"], none["notice"]["note"]) == ("gone", None)
        assert none["notice"]["sequence"] == left.sequence

        publishing.retract(session, version.entry_id, [1], by=ED, note="It was wrong.")
        told = self.everything(api, {}, since=tokens["none"])[0][one]
        assert (told["reason"], told["notice"]["note"]) == ("retracted", "It was wrong.")

    @pytest.mark.parametrize("named", ["slug", "id"])
    def test_it_removes_what_a_filter_held_by_what_was_within_reach_then(self, api, session, named):
        partner_id = a_partner(session)
        borne, article = bearing(session, partner_id), a_live_article(session, audience=LICENSED)
        named_by = {"slug": "clots", "id": str(article.entry_id)}[named]
        question = a_live_faq(session, audience=LICENSED, article=str(article.entry_id))
        held, token = self.everything(api, borne, type="faq", article=named_by)

        granting.end_contract(session, partner_id, by=ED)
        changed, token = self.everything(api, borne, since=token)

        assert held.keys() == {str(question.entry_id)}
        told = {one: (change["event"], change["reason"]) for one, change in changed.items()}
        assert told == {str(question.entry_id): ("removed", "grant_ended")}
        granting.grant(session, partner_id, EVERYTHING, by=ED)
        come, _ = self.everything(api, borne, since=token)
        assert {one: change["event"] for one, change in come.items()} == {str(question.entry_id): "added"}

    def test_a_copy_of_a_moment_before_the_grant_began_is_told_of_its_end(self, api, session, licensed):
        partner_id = a_partner(session, reach=None)
        borne = bearing(session, partner_id)
        before = api.get("/api/v1/sync/head").get_json()["sequence"]
        granting.grant(session, partner_id, EVERYTHING, by=ED)
        held, token = self.everything(api, borne, as_of=before)
        assert str(licensed) in held

        granting.end_contract(session, partner_id, by=ED)
        changed, _ = self.everything(api, borne, since=token)

        assert changed[str(licensed)]["reason"] == "grant_ended"

    def test_an_embargo_opens_and_closes_it_where_an_earlier_form_was_for_everybody(self, api, session):
        partner_id = a_partner(session, reach=None)
        borne = bearing(session, partner_id)
        public = a_live_article(session, now=None)
        publish(session, saved(session, public, audience=LICENSED, now=None), forced="A test.", now=None)
        path, found = f"/api/v1/articles/{public.entry_id}", {}
        held, token = self.everything(api, borne)
        assert str(public.entry_id) not in held
        deeds = {
            200: lambda: granting.grant(session, partner_id, Reach((LICENSED,)), embargo=24, by=ED),
            410: lambda: granting.end_grant(session, grants.grants(session, partner_id)[0].id, by=ED),
        }

        for status, deed in deeds.items():
            deed()
            assert api.get(path, headers=borne).status_code == status
            found[status], token = self.everything(api, borne, since=token)

        assert [[one["event"] for one in told.values()] for told in found.values()] == [
            ["added"],
            ["removed"],
        ]
        assert found[410][str(public.entry_id)]["reason"] == "grant_ended"

    def test_what_was_copied_without_a_key_goes_on_with_one(self, api, session, licensed, borne):
        _, token = self.everything(api, {})

        changed, _ = self.everything(api, borne, since=token)

        assert changed[str(licensed)]["event"] == "added"

    def test_a_partners_token_is_nobody_elses(self, api, session, licensed, borne):
        _, token = self.everything(api, borne)
        other = bearing(session, a_partner(session, "Another"))

        for headers in ({}, other):
            refused = api.get("/api/v1/sync", headers=headers, query_string={"since": token})
            assert refused.status_code == 422
            assert refused.get_json()["errors"][0]["pointer"] == "/since"

    def test_a_walk_ends_where_the_grants_change_meanwhile(self, api, session, licensed):
        partner_id = a_partner(session)
        borne = bearing(session, partner_id)
        first = api.get("/api/v1/sync?limit=1", headers=borne).get_json()

        assert api.get(first["page"]["next"], headers=borne).status_code == 200
        assert api.get(first["page"]["next"]).status_code == 410
        granting.end_contract(session, partner_id, by=ED)

        assert api.get(first["page"]["next"], headers=borne).status_code == 410


class TestEmbargo:
    """What is published now comes to the partner two hours later, and what it has is as new as everybody's."""

    @pytest.fixture
    def partner_id(self, session):
        partner_id = a_partner(session, reach=None)
        granting.grant(session, partner_id, EVERYTHING, by=ED, embargo=2, now=MAY_DAY)
        return partner_id

    def seen(self, session, partner_id, now):
        at = moments.present(session, now=now).sequence
        reach = grants.reach_of(session, partner_id, at)
        found = corpus.page(session, types.get("faq"), Filters(), at=at, reach=reach, limit=100)
        session.rollback()
        return {item.edition.slug: item.edition.version for item in found}

    def test_it_delays_a_first_appearance(self, session, partner_id):
        a_live_faq(session, slug="new", audience=LICENSED, now=MAY_DAY + HOUR)

        assert self.seen(session, partner_id, MAY_DAY + 2 * HOUR) == {}
        assert self.seen(session, partner_id, MAY_DAY + 3 * HOUR) == {"new": 1}

    def test_it_delays_no_further_version(self, session, partner_id):
        version = a_live_faq(session, slug="new", audience=LICENSED, now=MAY_DAY)
        self.seen(session, partner_id, MAY_DAY + 2 * HOUR)

        newer = signed(
            session, saved(session, version, answer="Anew.", now=MAY_DAY + 3 * HOUR), now=MAY_DAY + 3 * HOUR
        )
        publish(session, newer, note="Said better.", now=MAY_DAY + 3 * HOUR)

        assert self.seen(session, partner_id, MAY_DAY + 3 * HOUR) == {"new": 2}

    def test_it_delays_no_version_of_what_could_be_read_before(self, session, partner_id):
        version = a_live_faq(session, slug="new", now=MAY_DAY + HOUR)

        newer = saved(session, version, answer="Take half.", audience=LICENSED, now=MAY_DAY + HOUR)
        publish(session, signed(session, newer, now=MAY_DAY + HOUR), note="Wrong.", now=MAY_DAY + HOUR)

        assert self.seen(session, partner_id, MAY_DAY + HOUR) == {"new": 2}

    def test_what_comes_into_reach_before_its_time_waits_for_it(self, session, partner_id):
        granting.let_everybody(session, Reach(types=("article",)), by=ED, now=MAY_DAY)
        version = a_live_faq(session, slug="new", now=MAY_DAY + HOUR)

        newer = saved(session, version, audience=LICENSED, now=MAY_DAY + HOUR)
        publish(session, newer, note="For partners.", now=MAY_DAY + HOUR)

        assert self.seen(session, partner_id, MAY_DAY + 2 * HOUR) == {}
        assert self.seen(session, partner_id, MAY_DAY + 3 * HOUR) == {"new": 2}

    def test_it_delays_no_removal(self, session, partner_id):
        version = a_live_faq(session, slug="new", audience=LICENSED, now=MAY_DAY)
        assert self.seen(session, partner_id, MAY_DAY + 2 * HOUR) == {"new": 1}

        publishing.withdraw(session, version.entry_id, by=ED, now=MAY_DAY + 3 * HOUR)

        assert self.seen(session, partner_id, MAY_DAY + 3 * HOUR) == {}

    def test_its_end_is_an_act_of_which_caches_know_beforehand(self, session, partner_id):
        a_live_faq(session, slug="new", audience=LICENSED, now=MAY_DAY + HOUR)
        before = moments.present(session, now=MAY_DAY + HOUR)

        after = moments.present(session, now=before.next_due)

        assert before.next_due == MAY_DAY + 3 * HOUR
        assert after.sequence == before.sequence + 1
        assert after.next_due != before.next_due

    def test_it_covers_what_was_published_just_before_the_grant_began(self, session):
        a_live_faq(session, slug="old", audience=LICENSED, now=MAY_DAY - 3 * HOUR)
        a_live_faq(session, slug="new", audience=LICENSED, now=MAY_DAY - HOUR)
        partner_id = a_partner(session, reach=None)
        granting.grant(session, partner_id, EVERYTHING, by=ED, embargo=2, now=MAY_DAY)

        assert self.seen(session, partner_id, MAY_DAY) == {"old": 1}
        assert self.seen(session, partner_id, MAY_DAY + HOUR) == {"old": 1, "new": 1}


class TestPlanned:
    def test_a_grant_begins_and_ends_by_itself(self, session, licensed):
        partner_id = a_partner(session, reach=None)
        now = database.clock(session)
        granting.plan(session, partner_id, EVERYTHING, by=ED, begins_at=now + HOUR, ends_at=now + 2 * HOUR)
        session.commit()

        def reaches(at):
            return len(grants.reach_of(session, partner_id, moments.present(session, now=at).sequence))

        told = [reaches(now + n * HOUR / 2) for n in range(5)]
        assert told == [1, 1, 2, 2, 1]

    def test_one_that_has_not_begun_is_taken_back(self, session, licensed):
        partner_id = a_partner(session, reach=None)
        now = database.clock(session)
        planned = granting.plan(session, partner_id, EVERYTHING, by=ED, begins_at=now + HOUR)
        granting.cancel(session, planned.id)
        session.commit()

        assert moments.present(session, now=now + 2 * HOUR).sequence == moments.present(session).sequence
