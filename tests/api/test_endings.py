"""When a grant or a contract has ended, whoever comes with its key is told so wherever the text is asked for."""

from functools import partial
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from content import feeds, granting, grants, publishing, versions
from content.errors import GRANT_ENDED
from content.feeds import LEFT_FILTER
from content.log import head
from content.partners import Reach
from content.placement import LICENSED, PUBLIC
from storage import db
from tests.api.bearers import EVERYTHING, a_partner, bearing
from tests.builders import ED, HOUR, MAY_DAY, a_live_faq, a_topic, an_faq, publish, saved, signed

ONE = ("faqs/licensed", "faqs/{id}", "faqs/{id}.jsonld", "faqs/licensed?as_of=1")
PAST = ("versions", "versions/1", "versions/2/signature", "changes", "diff?from=1&to=2")
FEEDS = ("feeds/faqs.atom", "feeds/faqs.rss", "feeds/faqs.json")


@pytest.fixture
def session(app):
    """A session whose acts the layer hears of."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def licensed(session):
    return a_live_faq(session, slug="licensed", audience=LICENSED)


@pytest.fixture
def partner_id(session, licensed):
    return a_partner(session)


@pytest.fixture
def borne(session, partner_id):
    return bearing(session, partner_id)


class TestOne:
    @pytest.mark.parametrize("way", ONE)
    def test_it_is_gone_for_whoever_could_read_it_and_was_never_there_for_others(
        self, api, session, licensed, partner_id, borne, way
    ):
        path = f"/api/v1/{way.format(id=licensed.entry_id)}"
        assert api.get(path, headers=borne).status_code == 200
        other = bearing(session, a_partner(session, "Another", reach=None))

        act = granting.end_contract(session, partner_id, by=ED)
        told = api.get(path, headers=borne)

        assert told.status_code == 410
        assert told.get_json()["reason"] == told.get_json()["notice"]["reason"] == GRANT_ENDED
        assert told.get_json()["sequence"] == act.sequence
        assert "a grant of yours ended" in told.get_json()["detail"]
        assert told.headers["Cache-Control"].startswith(("private", "no-store"))
        assert [api.get(path, headers=headers).status_code for headers in ({}, other)] == [404, 404]

    @pytest.mark.parametrize("way", PAST)
    @pytest.mark.parametrize("key", ["licensed", "{id}"])
    def test_its_past_is_gone_as_it_is(self, api, session, licensed, partner_id, borne, way, key):
        publish(session, signed(session, saved(session, licensed, answer="Anew.")), note="Anew.")
        key = key.format(id=licensed.entry_id)
        path = f"/api/v1/faqs/{key}/{way}"
        assert api.get(path, headers=borne).status_code == 200
        other = bearing(session, a_partner(session, "Another", reach=None))

        granting.end_contract(session, partner_id, by=ED)
        told, itself = api.get(path, headers=borne), api.get(f"/api/v1/faqs/{key}", headers=borne)

        assert (told.status_code, told.get_json()["reason"]) == (410, GRANT_ENDED)
        assert told.get_json() == itself.get_json()
        assert [api.get(path, headers=headers).status_code for headers in ({}, other)] == [404, 404]

    def test_its_past_tells_that_it_was_wrong(self, api, session, licensed, partner_id, borne):
        granting.end_contract(session, partner_id, by=ED)
        publishing.retract(session, licensed.entry_id, [1], by=ED, note="It was wrong.")

        for way in PAST:
            told = api.get(f"/api/v1/faqs/licensed/{way}", headers=borne).get_json()
            assert (told["reason"], told["note"]) == ("retracted", "It was wrong.")

    def test_a_version_that_never_was_is_not_found_while_the_entry_can_be_read(
        self, api, session, licensed, partner_id, borne
    ):
        granting.grant(session, partner_id, EVERYTHING, by=ED)
        [first, _] = grants.held(session, partner_id, head(session).sequence)
        granting.end_grant(session, first.id, by=ED)

        assert api.get("/api/v1/faqs/licensed/versions/9", headers=borne).status_code == 404
        publishing.withdraw(session, licensed.entry_id, by=ED)
        assert api.get("/api/v1/faqs/licensed/versions/9", headers=borne).status_code == 404
        assert api.get("/api/v1/faqs/licensed/versions/1", headers=borne).status_code == 200

    def test_a_fragment_says_so_in_words(self, api, session, licensed, partner_id, borne):
        path = "/api/v1/faqs/licensed/embed/fragment"
        assert "Often it does." in api.get(path, headers=borne).text

        granting.end_contract(session, partner_id, by=ED)
        told = api.get(path, headers=borne)

        assert told.status_code == 410
        assert f'data-verso-status="{GRANT_ENDED}"' in told.text
        assert "No longer available here" in told.text

    def test_what_became_of_the_text_since_comes_first(self, api, session, licensed, partner_id, borne):
        granting.end_contract(session, partner_id, by=ED)

        publishing.withdraw(session, licensed.entry_id, by=ED, note="Out of date.")
        withdrawn = api.get(f"/api/v1/faqs/{licensed.entry_id}", headers=borne).get_json()
        publishing.retract(session, licensed.entry_id, [1], by=ED, note="It was wrong.")
        retracted = api.get("/api/v1/faqs/licensed", headers=borne).get_json()

        assert (withdrawn["reason"], withdrawn["note"]) == ("gone", "Out of date.")
        assert (retracted["reason"], retracted["note"]) == ("retracted", "It was wrong.")

    def test_what_came_after_the_end_was_never_there(self, api, session, licensed, partner_id, borne):
        granting.end_contract(session, partner_id, by=ED)
        a_live_faq(session, slug="later", audience=LICENSED)
        publish(session, signed(session, saved(session, licensed, slug="elsewhere")), note="Anew.")

        assert api.get("/api/v1/faqs/later", headers=borne).status_code == 404
        # Its new address is not for whoever lost it.
        assert api.get("/api/v1/faqs/elsewhere", headers=borne).status_code == 404
        assert api.get("/api/v1/faqs/licensed", headers=borne).get_json()["reason"] == GRANT_ENDED

    def test_an_old_address_says_so_too(self, api, session, licensed, partner_id, borne):
        publish(session, signed(session, saved(session, licensed, slug="newer")), note="Anew.")
        assert api.get("/api/v1/faqs/licensed", headers=borne).status_code == 301

        granting.end_contract(session, partner_id, by=ED)

        for slug in ("licensed", "newer"):
            assert api.get(f"/api/v1/faqs/{slug}", headers=borne).get_json()["reason"] == GRANT_ENDED

    def test_it_is_what_stands_now_that_is_told(self, api, session, licensed, partner_id, borne):
        publishing.withdraw(session, licensed.entry_id, by=ED, note="Old note.")
        granting.end_contract(session, partner_id, by=ED)
        publishing.reinstate(session, licensed.entry_id, 1, by=ED)

        # It was not there any more when the grant ended: it is told what it was told then.
        told = api.get("/api/v1/faqs/licensed", headers=borne).get_json()
        assert (told["status"], told["reason"], told["note"]) == (410, "gone", "Old note.")

    @pytest.mark.parametrize("way", ["faqs/licensed", "faqs/licensed/embed/fragment", *FEEDS])
    def test_it_takes_as_many_statements_however_much_has_ended(
        self, api, session, licensed, partner_id, borne, statements, way
    ):
        above = a_topic(session, "Above")
        by_topic = Reach((LICENSED,), topics=(UUID(above),))
        counts = []
        for many in (1, 12):
            for number in range(many):
                topic = a_topic(session, f"Topic {many} {number}", parent=above)
                a_live_faq(session, slug=f"of-{many}-{number}", audience=LICENSED, topics=[topic])
                granting.grant(session, partner_id, by_topic, by=ED)
                publish(session, saved(session, versions.latest(session, UUID(topic)), parent=None))
            for one in grants.held(session, partner_id, head(session).sequence):
                granting.end_grant(session, one.id, by=ED)
            # What opened of late is told of in a statement more or less.
            publish(session, saved(session, versions.latest(session, UUID(above)), name=f"Above {many}"))
            statements.clear()
            assert GRANT_ENDED in api.get(f"/api/v1/{way}", headers=borne).text
            counts.append(len(statements))
            granting.grant(session, partner_id, EVERYTHING, by=ED)

        assert counts[1] <= counts[0] + 3
        assert counts[1] < 60

    def test_however_many_contracts_end_at_one_moment_each_text_of_them_is_gone(self, api, session):
        topics = [a_topic(session, f"Topic {number}") for number in range(25)]
        texts = [
            a_live_faq(session, slug=f"of-{number}", audience=LICENSED, topics=[topic]).entry_id
            for number, topic in enumerate(topics)
        ]
        pair = [a_partner(session, name, reach=None) for name in ("One", "Other")]
        for topic in topics:
            for partner_id in pair:
                reach = Reach((LICENSED,), topics=(UUID(topic),))
                granting.grant(session, partner_id, reach, by=ED, ends_at=MAY_DAY + HOUR, now=MAY_DAY)

        for borne in (bearing(session, partner_id) for partner_id in pair):
            told = [api.get(f"/api/v1/faqs/{one}", headers=borne).get_json() for one in texts]
            assert {(one["status"], one.get("reason")) for one in told} == {(410, GRANT_ENDED)}
            feed = api.get("/api/v1/feeds/faqs.atom", headers=borne).text
            assert all(f'ref="urn:uuid:{one}"' in feed for one in texts)

    def test_what_needed_no_key_before_is_told_to_a_partner(self, api, session, partner_id, borne):
        a_live_faq(session, slug="open")
        assert api.get("/api/v1/faqs/open", headers=borne).status_code == 200

        granting.let_everybody(session, Reach(types=("article",)), by=ED)
        granting.end_contract(session, partner_id, by=ED)

        assert api.get("/api/v1/faqs/open", headers=borne).get_json()["reason"] == GRANT_ENDED
        assert api.get("/api/v1/faqs/open").get_json()["reason"] == GRANT_ENDED
        assert GRANT_ENDED in api.get("/api/v1/feeds/faqs.atom", headers=borne).text

    def test_what_was_withdrawn_before_a_grant_began_is_told_by_the_right_of_now(
        self, api, session, licensed
    ):
        other = a_partner(session, "Another", reach=None)
        borne = bearing(session, other)
        publishing.withdraw(session, licensed.entry_id, by=ED, note="Out of date.")
        path = f"/api/v1/faqs/{licensed.entry_id}"
        assert api.get(path, headers=borne).status_code == 404

        granting.grant(session, other, EVERYTHING, by=ED)
        assert api.get(path, headers=borne).get_json()["note"] == "Out of date."
        assert api.get(f"{path}?as_of=1", headers=borne).status_code == 200

        granting.end_contract(session, other, by=ED)
        assert api.get(path, headers=borne).get_json()["note"] == "Out of date."
        assert api.get(f"{path}?as_of=1", headers=borne).get_json()["reason"] == GRANT_ENDED

    def test_what_had_left_others_before_ends_with_the_grant(self, api, session, partner_id, borne):
        version = a_live_faq(session, slug="open")
        left = publish(session, saved(session, version, audience=LICENSED), note="For partners.")
        path = f"/api/v1/faqs/{version.entry_id}"
        assert api.get(path, headers=borne).status_code == 200

        act = granting.end_contract(session, partner_id, by=ED)

        told, others = api.get(path, headers=borne).get_json(), api.get(path).get_json()
        assert (told["reason"], told["sequence"]) == (GRANT_ENDED, act.sequence)
        assert (others["reason"], others["sequence"], others["note"]) == ("gone", left.sequence, None)

    def test_what_had_left_before_a_grant_ended_did_not_end_with_it(self, api, session, partner_id, borne):
        version = a_live_faq(session, slug="open")
        granting.end_contract(session, partner_id, by=ED)
        left = publish(session, saved(session, version, audience=LICENSED), note="For partners.")

        told = api.get(f"/api/v1/faqs/{version.entry_id}", headers=borne).get_json()

        assert (told["reason"], told["sequence"]) == ("gone", left.sequence)

    def test_what_was_withdrawn_when_a_grant_ended_is_told_as_it_was(
        self, api, session, licensed, partner_id, borne
    ):
        left = publishing.withdraw(session, licensed.entry_id, by=ED, note="Out of date.")
        path = f"/api/v1/faqs/{licensed.entry_id}"
        before = api.get(path, headers=borne).get_json()

        granting.end_contract(session, partner_id, by=ED)
        newer = signed(session, saved(session, licensed, answer="Otherwise."), now=None)
        publishing.reinstate(session, licensed.entry_id, newer.number, note="For you.", by=ED)
        publishing.withdraw(session, licensed.entry_id, by=ED, note="Not for you.")

        assert before["sequence"] == left.sequence
        assert api.get(path, headers=borne).get_json() == before
        assert api.get(path).status_code == 404

    def test_it_ends_what_an_embargo_delays_no_more_once_an_earlier_form_was_read(self, api, session):
        veins, partner_id = a_topic(session), a_partner(session, reach=None)
        borne = bearing(session, partner_id)
        granting.grant(session, partner_id, Reach((LICENSED,), topics=(UUID(veins),)), by=ED)
        granting.grant(session, partner_id, Reach((LICENSED,)), embargo=24, by=ED)
        filed = a_live_faq(session, audience=LICENSED, topics=[veins], now=None)
        never = a_live_faq(session, slug="never", audience=LICENSED, now=None)
        publish(session, saved(session, filed, topics=[], now=None), forced="A test.", now=None)
        path = f"/api/v1/faqs/{filed.entry_id}"
        assert api.get(path, headers=borne).status_code == 200

        act = granting.end_grant(session, grants.grants(session, partner_id)[0].id, by=ED)

        told = api.get(path, headers=borne).get_json()
        assert (told["status"], told["reason"], told["sequence"]) == (410, GRANT_ENDED, act.sequence)
        assert f'ref="urn:uuid:{filed.entry_id}"' in api.get("/api/v1/feeds/faqs.atom", headers=borne).text
        assert api.get(f"/api/v1/faqs/{never.entry_id}", headers=borne).status_code == 404

    def test_what_a_moved_topic_took_out_of_a_grant_is_gone(self, api, session):
        above, other = a_topic(session, "Above"), a_topic(session, "Other")
        below = a_topic(session, "Below", parent=above)
        licensed = a_live_faq(session, audience=LICENSED, topics=[below])
        never = a_live_faq(session, slug="never", audience=LICENSED, topics=[other])
        borne = bearing(session, a_partner(session, reach=Reach((LICENSED,), topics=(UUID(above),))))
        path = f"/api/v1/faqs/{licensed.entry_id}"
        assert api.get(path, headers=borne).status_code == 200
        token = api.get("/api/v1/sync?type=faq", headers=borne).get_json()["token"]

        act = publish(session, saved(session, versions.latest(session, UUID(below)), parent=other))

        told = api.get(path, headers=borne).get_json()
        [copied] = api.get(f"/api/v1/sync?since={token}", headers=borne).get_json()["data"]
        assert (told["status"], told["reason"], told["sequence"]) == (410, "gone", act.sequence)
        assert (copied["event"], copied["id"], copied["reason"]) == ("removed", told["id"], "gone")
        feed = api.get("/api/v1/feeds/faqs.atom", headers=borne).text
        assert f'ref="urn:uuid:{licensed.entry_id}"' in feed
        assert api.get(f"/api/v1/faqs/{never.entry_id}", headers=borne).status_code == 404
        assert api.get(f"{path}?as_of=1", headers=borne).status_code == 404

        publish(session, saved(session, versions.latest(session, UUID(below)), parent=above))

        assert api.get(path, headers=borne).status_code == 200
        feed = api.get("/api/v1/feeds/faqs.atom?limit=1", headers=borne).text
        assert f'ref="urn:uuid:{licensed.entry_id}"' not in feed
        assert "Often it does." in feed

    def test_no_number_of_new_topics_makes_a_silence_of_it(self, api, session):
        above, other = a_topic(session, "Above"), a_topic(session, "Other")
        below = a_topic(session, "Below", parent=above)
        licensed = a_live_faq(session, audience=LICENSED, topics=[below])
        borne = bearing(session, a_partner(session, reach=Reach((LICENSED,), topics=(UUID(above),))))
        path = f"/api/v1/faqs/{licensed.entry_id}"
        act = publish(session, saved(session, versions.latest(session, UUID(below)), parent=other))

        for number in range(20):
            a_topic(session, f"New {number}", parent=other)
        told = [api.get(f"{path}{form}", headers=borne) for form in ("", "/embed/fragment")]
        fed = [api.get(f"/api/v1/{way}", headers=borne).text for way in FEEDS]

        assert [one.status_code for one in told] == [410, 410]
        assert (told[0].get_json()["reason"], told[0].get_json()["sequence"]) == ("gone", act.sequence)
        assert all(str(licensed.entry_id) in one for one in fed)

        publishing.retract(session, licensed.entry_id, [1], by=ED, note="It is a danger.")
        fed = [api.get(f"/api/v1/{way}", headers=borne).text for way in FEEDS]

        assert api.get(path, headers=borne).get_json()["reason"] == "retracted"
        assert "It is a danger." in api.get(f"{path}/embed/fragment", headers=borne).text
        assert all("It is a danger." in one for one in fed)

    def test_what_had_moved_out_of_a_grant_did_not_end_with_it(self, api, session):
        above, other = a_topic(session, "Above"), a_topic(session, "Other")
        below = a_topic(session, "Below", parent=above)
        lowest = a_topic(session, "Lowest", parent=below)
        moved, kept = (
            a_live_faq(session, slug=slug, audience=LICENSED, topics=[topic])
            for slug, topic in (("moved", lowest), ("kept", above))
        )
        partner_id = a_partner(session, reach=Reach((LICENSED,), topics=(UUID(above),)))
        borne = bearing(session, partner_id)

        left = publish(session, saved(session, versions.latest(session, UUID(below)), parent=other))
        came = a_live_faq(session, slug="came", audience=LICENSED, topics=[lowest])
        ended = granting.end_contract(session, partner_id, by=ED)

        told = [api.get(f"/api/v1/faqs/{one.entry_id}", headers=borne).get_json() for one in (moved, kept)]
        assert [(one["reason"], one["sequence"]) for one in told] == [
            ("gone", left.sequence),
            (GRANT_ENDED, ended.sequence),
        ]
        assert api.get(f"/api/v1/faqs/{came.entry_id}", headers=borne).status_code == 404
        assert str(came.entry_id) not in api.get("/api/v1/feeds/faqs.atom", headers=borne).text

    def test_what_another_had_under_the_address_later_is_not_told(
        self, api, session, licensed, partner_id, borne
    ):
        publishing.withdraw(session, licensed.entry_id, by=ED, note="Out of date.")
        granting.end_contract(session, partner_id, by=ED)
        later = a_live_faq(session, slug="licensed", audience=LICENSED)

        told = api.get("/api/v1/faqs/licensed", headers=borne).get_json()

        assert (told["reason"], told["id"]) == ("gone", str(licensed.entry_id))
        assert api.get(f"/api/v1/faqs/{later.entry_id}", headers=borne).status_code == 404

    def test_a_new_grant_opens_it_again(self, api, session, licensed, partner_id, borne):
        granting.end_contract(session, partner_id, by=ED)
        granting.grant(session, partner_id, EVERYTHING, by=ED)

        assert api.get("/api/v1/faqs/licensed", headers=borne).status_code == 200


class TestChanges:
    def lines(self, api, since, borne):
        told = api.get(f"/api/v1/changes?since={since}", headers=borne).get_json()
        return [(act["sequence"], line) for act in told["data"] for line in act["lines"]]

    def test_they_tell_what_became_of_a_text_that_could_be_read(
        self, api, session, licensed, partner_id, borne
    ):
        other = bearing(session, a_partner(session, "Another", reach=None))
        withdrawn = a_live_faq(session, slug="withdrawn", audience=LICENSED)
        ended = granting.end_contract(session, partner_id, by=ED)
        later = a_live_faq(session, slug="later", audience=LICENSED)
        acts = [
            publishing.withdraw(session, withdrawn.entry_id, by=ED, note="Out of date."),
            publishing.retract(session, licensed.entry_id, [1], by=ED, note="It is a danger."),
        ]
        publishing.retract(session, later.entry_id, [1], by=ED, note="Not for you.")

        told = self.lines(api, ended.sequence, borne)

        assert [(sequence, line["id"], line["change"]["note"]) for sequence, line in told] == [
            (acts[0].sequence, str(withdrawn.entry_id), "Out of date."),
            (acts[1].sequence, str(licensed.entry_id), "It is a danger."),
        ]
        assert told[1][1]["affects"] == [1]
        assert [self.lines(api, ended.sequence, headers) for headers in ({}, other)] == [[], []]

    def test_they_do_not_tell_what_is_for_those_who_have_it(self, api, session, licensed, partner_id, borne):
        publishing.withdraw(session, licensed.entry_id, by=ED, note="Out of date.")
        ended = granting.end_contract(session, partner_id, by=ED)
        publishing.reinstate(session, licensed.entry_id, 1, by=ED, note="For you.")
        publishing.withdraw(session, licensed.entry_id, by=ED, note="Not for you.")

        assert self.lines(api, ended.sequence, borne) == []


class TestFeeds:
    @pytest.mark.parametrize("way", FEEDS)
    def test_they_say_what_is_no_more_to_whoever_had_it(self, api, session, licensed, partner_id, borne, way):
        path = f"/api/v1/{way}"
        before = api.get(path, headers=borne).text
        assert "Often it does." in before
        assert GRANT_ENDED not in before

        granting.end_contract(session, partner_id, by=ED)
        told, others = api.get(path, headers=borne).text, api.get(path).text

        assert "Often it does." not in told
        assert str(licensed.entry_id) in told
        assert GRANT_ENDED in told
        assert str(licensed.entry_id) not in others

    def test_they_say_nothing_of_what_came_after_the_end(self, api, session, licensed, partner_id, borne):
        granting.end_contract(session, partner_id, by=ED)
        later = [a_live_faq(session, slug=f"later-{number}", audience=LICENSED) for number in range(3)]

        for way in FEEDS:
            told = api.get(f"/api/v1/{way}", headers=borne).text
            assert str(licensed.entry_id) in told
            assert not [one for one in later if str(one.entry_id) in told]

    def test_they_say_what_became_of_it_since(self, api, session, licensed, partner_id, borne):
        granting.end_contract(session, partner_id, by=ED)
        publishing.retract(session, licensed.entry_id, [1], by=ED, note="It is a danger.")

        told = api.get("/api/v1/feeds/faqs.atom", headers=borne).text

        assert "It is a danger." in told
        assert "It is a danger." not in api.get("/api/v1/feeds/faqs.atom").text

    @pytest.mark.parametrize("way", FEEDS)
    def test_that_it_was_wrong_is_told_however_long_ago_it_was_lost(
        self, api, session, monkeypatch, licensed, partner_id, borne, way
    ):
        monkeypatch.setattr(feeds, "REMEMBERED", 5)
        lost = a_live_faq(session, slug="lost", audience=LICENSED)
        granting.end_contract(session, partner_id, by=ED)
        for number in range(6):
            a_topic(session, f"Topic {number}")
        publishing.retract(session, licensed.entry_id, [1], by=ED, note="It is a danger.")

        told = api.get(f"/api/v1/{way}", headers=borne).text

        assert "It is a danger." in told
        assert str(lost.entry_id) not in told

    @pytest.mark.parametrize("way", FEEDS)
    def test_what_had_left_before_stays_in_them(self, api, session, partner_id, borne, way):
        wrong, old, held, open_ = (
            a_live_faq(session, slug=slug, audience=audience)
            for slug, audience in (
                ("wrong", LICENSED),
                ("old", LICENSED),
                ("held", LICENSED),
                ("open", PUBLIC),
            )
        )
        never = a_live_faq(session, slug="never", locale="de", audience=LICENSED)
        other = bearing(session, a_partner(session, "Another", reach=Reach((LICENSED,), locales=("de",))))
        publishing.retract(session, wrong.entry_id, [1], by=ED, note="The dose was wrong.")
        publishing.withdraw(session, old.entry_id, by=ED, note="Out of date.")
        publishing.hold(session, held.entry_id, by=ED)
        publish(session, saved(session, open_, audience=LICENSED), note="For partners.")

        granting.end_contract(session, partner_id, by=ED)
        publishing.reinstate(session, old.entry_id, 1, by=ED, note="Not for you.")
        told, others = (api.get(f"/api/v1/{way}", headers=one).text for one in (borne, other))

        for version in (wrong, old, held, open_):
            assert str(version.entry_id) in told
        assert "The dose was wrong." in told
        assert "Out of date." in told
        assert "Not for you." not in told
        assert "For partners." not in told
        assert str(wrong.entry_id) not in others
        assert str(never.entry_id) in others

    @pytest.mark.parametrize("way", FEEDS)
    def test_so_does_what_had_left_before_it_needed_a_key(self, api, session, way):
        veins, other = a_topic(session), a_topic(session, "Other")
        wrong = a_live_faq(session, slug="wrong", topics=[veins])
        hidden = a_live_faq(session, slug="hidden", topics=[veins], audience=LICENSED)
        for version in (wrong, hidden):
            publishing.retract(session, version.entry_id, [1], by=ED, note="The dose was wrong.")

        granting.let_everybody(session, Reach(topics=(UUID(other),)), by=ED)

        told = api.get(f"/api/v1/{way}").text
        assert "The dose was wrong." in told
        assert str(wrong.entry_id) in told
        assert str(hidden.entry_id) not in told

    @pytest.mark.parametrize("before", [True, False])
    def test_what_left_a_topic_and_can_be_read_elsewhere_left_that_filter(self, api, session, before):
        veins, other = a_topic(session), a_topic(session, "Other")
        version = a_live_faq(session, topics=[veins])
        elsewhere = signed(session, saved(session, version, topics=[other]))
        narrow = partial(granting.let_everybody, session, Reach(topics=(UUID(other),)), by=ED)
        if not before:
            narrow()
        publish(session, elsewhere, note="Filed anew.")
        if before:
            narrow()

        told = api.get("/api/v1/feeds/faqs.atom?topic=veins").text

        assert f'ref="urn:uuid:{version.entry_id}"' in told
        assert LEFT_FILTER in told
        assert f'ref="urn:uuid:{version.entry_id}"' not in api.get("/api/v1/feeds/faqs.atom").text

    @pytest.mark.parametrize("way", FEEDS)
    def test_a_topic_s_feed_says_so_by_an_address_that_the_topic_had(self, api, session, way):
        veins = a_topic(session)
        version, elsewhere = a_live_faq(session, topics=[veins]), a_live_faq(session, slug="elsewhere")
        publishing.move(session, UUID(veins), "vessels", by=ED)
        paths = [f"/api/v1/{way}?topic={slug}" for slug in ("veins", "vessels")]
        before = [api.get(path).text for path in paths]

        granting.let_everybody(session, Reach(audiences=()), by=ED)

        for path, had in zip(paths, before, strict=True):
            told = api.get(path).text
            assert "Often it does." in had
            assert (str(version.entry_id) in told, GRANT_ENDED in told) == (True, True)
            assert "Often it does." not in told
            assert str(elsewhere.entry_id) not in told

    def test_they_take_as_many_statements_however_much_had_left(
        self, api, session, licensed, partner_id, borne, statements
    ):
        texts = [a_live_faq(session, slug=f"one-{number}", audience=LICENSED) for number in range(7)]
        other_id = a_partner(session, "Another")
        counts = []
        for ended, key, some in (
            (partner_id, borne, texts[:2]),
            (other_id, bearing(session, other_id), texts[2:]),
        ):
            for version in some:
                publishing.withdraw(session, version.entry_id, by=ED)
            granting.end_contract(session, ended, by=ED)
            statements.clear()
            told = api.get("/api/v1/feeds/faqs.atom", headers=key).text
            counts.append(len(statements))
            assert all(f'ref="urn:uuid:{version.entry_id}"' in told for version in some)

        assert counts[0] == counts[1]

    def test_they_say_all_of_it_however_much_it_is(self, api, session, partner_id, borne):
        drafts = [
            signed(session, an_faq(session, slug=f"one-{number}", audience=LICENSED)) for number in range(101)
        ]
        steps = [publishing.publication(session, one.entry_id, one.number) for one in drafts]
        publishing.perform(session, steps, by=ED)
        granting.end_contract(session, partner_id, by=ED)

        for way in FEEDS:
            told = api.get(f"/api/v1/{way}", headers=borne).text
            assert all(str(one.entry_id) in told for one in drafts)

    def test_what_had_left_others_before_leaves_a_feed_with_the_grant(self, api, session, partner_id, borne):
        version = a_live_faq(session, slug="open")
        left = publish(session, saved(session, version, audience=LICENSED), note="For partners.")
        act = granting.end_contract(session, partner_id, by=ED)

        for headers, by in ((borne, act), ({}, left)):
            items = api.get("/api/v1/feeds/faqs.json", headers=headers).get_json()["items"]
            told = {one["_verso"]["id"]: one["_verso"]["notice"]["sequence"] for one in items}
            assert told[str(version.entry_id)] == by.sequence

    def test_what_another_grant_still_lets_through_is_no_loss(
        self, api, session, licensed, partner_id, borne
    ):
        granting.grant(session, partner_id, EVERYTHING, by=ED)
        [_, second] = grants.held(session, partner_id, head(session).sequence)
        granting.end_grant(session, second.id, by=ED)

        assert GRANT_ENDED not in api.get("/api/v1/feeds/faqs.atom", headers=borne).text
        assert api.get("/api/v1/faqs/licensed", headers=borne).status_code == 200
