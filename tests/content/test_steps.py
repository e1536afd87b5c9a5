"""The arrows of publishing: from which state each verb leads where, and every pair that is no arrow."""

from datetime import date, timedelta

import pytest

from content import documents, entries, log, publishing, versions
from content.errors import (
    AlreadyLive,
    ContentRetracted,
    Invalid,
    NotFound,
    NotReviewed,
    OwnText,
    TwiceInOneAct,
    WrongStanding,
)
from content.log import ChangeKind, Event, State
from content.standings import standings
from content.steps import FallDue, Hold, Move, Rerender, Reviewed
from tests.builders import (
    DR_FINN,
    DR_REED,
    ED,
    MAY_DAY,
    NEXT_YEAR,
    a_live_article,
    an_article,
    article_values,
    publish,
    saved,
    signed,
)

ELSEWHERE = "https://elsewhere.example/clots"
LATE = date(2028, 5, 1)
DAYS_ON = MAY_DAY + timedelta(days=10)


def state_of(session, version):
    return standings(session, [version.entry_id])[version.entry_id].state


def last_line(session, version):
    return (
        session.query(log.Line)
        .filter_by(entry_id=version.entry_id)
        .order_by(log.Line.sequence.desc())
        .first()
    )


def withdrawn(manner, target=None):
    def withdraw(session, version):
        to = str(an_article(session, slug="another").entry_id) if manner == State.REPLACED else target
        publishing.withdraw(session, version.entry_id, manner=manner, target=to, by=ED, now=MAY_DAY)

    return withdraw


def publish_another(session, version):
    latest = versions.latest(session, version.entry_id)
    values = article_values(body="Other words.")
    begun = {"based_on": latest.number, "by": ED, "anew": True, "now": MAY_DAY}
    another = versions.save(session, version.entry_id, values, **begun)
    publish(session, signed(session, another))


def rerender(session, version):
    rendering = documents.render(entries.entry(session, version.entry_id), version)
    publishing.perform(
        session, [Rerender(entry_id=version.entry_id, rendering=rendering)], by=ED, now=MAY_DAY
    )


VERBS = {
    "publish": publish_another,
    "move": lambda session, version: publishing.move(session, version.entry_id, "moved", by=ED, now=MAY_DAY),
    "withdraw as gone": withdrawn(State.GONE),
    "redirect": withdrawn(State.REDIRECTED, ELSEWHERE),
    "replace": withdrawn(State.REPLACED),
    "reinstate": lambda session, version: publishing.reinstate(
        session, version.entry_id, 1, by=ED, now=MAY_DAY
    ),
    "retract": lambda session, version: publishing.retract(
        session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY
    ),
    "hold": lambda session, version: publishing.hold(session, version.entry_id, by=ED, now=MAY_DAY),
    "release": lambda session, version: publishing.release(session, version.entry_id, by=ED, now=MAY_DAY),
    "erase": lambda session, version: publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY),
    "review anew": lambda session, version: publishing.rereview(
        session, version.entry_id, DR_FINN, due_on=LATE, now=MAY_DAY
    ),
    "rerender": rerender,
}
STATES = {
    State.DRAFT: None,
    State.LIVE: "live",
    State.GONE: "withdraw as gone",
    State.REDIRECTED: "redirect",
    State.REPLACED: "replace",
    State.HELD: "hold",
    State.RETRACTED: "retract",
    State.ERASED: "erase",
}
WITHDRAWALS = {"withdraw as gone": State.GONE, "redirect": State.REDIRECTED, "replace": State.REPLACED}
FROM_WITHDRAWN = WITHDRAWALS | {"reinstate": State.LIVE, "retract": State.RETRACTED, "erase": State.ERASED}
ARROWS = {
    State.DRAFT: {"publish": State.LIVE, "erase": State.DRAFT},
    State.LIVE: WITHDRAWALS
    | {
        "publish": State.LIVE,
        "move": State.LIVE,
        "retract": State.RETRACTED,
        "hold": State.HELD,
        "erase": State.ERASED,
        "review anew": State.LIVE,
        "rerender": State.LIVE,
    },
    State.GONE: FROM_WITHDRAWN,
    State.REDIRECTED: FROM_WITHDRAWN,
    State.REPLACED: FROM_WITHDRAWN,
    State.HELD: WITHDRAWALS | {"release": State.LIVE, "retract": State.RETRACTED, "erase": State.ERASED},
    State.RETRACTED: {
        "publish": State.LIVE,
        "reinstate": State.LIVE,
        "retract": State.RETRACTED,
        "erase": State.ERASED,
    },
    State.ERASED: {"publish": State.LIVE, "erase": State.ERASED},
}
# What is erased here is the one version that there is, which cannot be retracted any more; older ones can.
PAIRS = [(state, verb) for state in STATES for verb in VERBS if (state, verb) != (State.ERASED, "retract")]


def an_article_in(session, state):
    if state == State.DRAFT:
        return signed(session, an_article(session))
    version = a_live_article(session)
    if state != State.LIVE:
        VERBS[STATES[state]](session, version)
    return version


class TestEveryArrow:
    @pytest.mark.parametrize(("state", "verb"), [pair for pair in PAIRS if pair[1] in ARROWS[pair[0]]])
    def test_it_leads_where_the_table_says(self, session, state, verb):
        version = an_article_in(session, state)
        before = log.head(session).sequence

        VERBS[verb](session, version)

        assert state_of(session, version) == ARROWS[state][verb]
        assert log.head(session).sequence == before + 1

    @pytest.mark.parametrize(("state", "verb"), [pair for pair in PAIRS if pair[1] not in ARROWS[pair[0]]])
    def test_it_is_no_arrow_elsewhere(self, session, state, verb):
        version = an_article_in(session, state)
        session.commit()
        before = log.head(session).sequence

        with pytest.raises(WrongStanding) as caught:
            VERBS[verb](session, version)
        session.rollback()

        assert caught.value.state in (state, "not live")
        assert state_of(session, version) == state
        assert log.head(session).sequence == before


class TestPublish:
    def test_it_needs_a_review_of_that_very_content(self, session):
        version = signed(session, an_article(session))
        other = saved(session, version, body="Other words.")

        with pytest.raises(NotReviewed) as caught:
            publish(session, other)

        assert caught.value.number == 2

    def test_it_needs_none_where_only_the_placement_changed(self, session):
        version = a_live_article(session)

        publish(session, saved(session, version, tags=["legs"]), now=MAY_DAY)

        assert last_line(session, version).review["status"] == "reviewed"

    def test_it_takes_a_review_that_was_signed_on_another_version_of_the_same_content(self, session):
        version = signed(session, an_article(session))

        publish(session, saved(session, version, tags=["legs"]))

        assert state_of(session, version) == State.LIVE

    def test_it_refuses_a_review_that_has_fallen_due(self, session):
        version = signed(session, an_article(session), due_on=date(2026, 5, 2))

        with pytest.raises(NotReviewed, match="2026-05-02"):
            publish(session, version, now=MAY_DAY + timedelta(days=1))

    def test_it_refuses_a_review_that_is_yet_to_be_signed(self, session):
        version = signed(session, an_article(session), now=MAY_DAY + timedelta(hours=1))

        with pytest.raises(NotReviewed):
            publish(session, version, now=MAY_DAY)

    def test_it_is_forced_with_a_reason_and_says_so(self, session):
        version = an_article(session)

        act = publish(session, version, forced="An outbreak.")

        line = last_line(session, version)
        assert (act.reason, line.forced, line.review["status"]) == ("An outbreak.", True, "not_reviewed")

    @pytest.mark.parametrize("reason", ["", "  ", None])
    def test_it_is_not_forced_without_one(self, session, reason):
        version = an_article(session)
        session.commit()
        step = publishing.publication(session, version.entry_id, 1, forced=True)

        with pytest.raises((Invalid, NotReviewed)):
            publish(session, version, forced=reason)
        with pytest.raises(Invalid, match="reason"):
            publishing.perform(session, [step], by=ED, reason=reason, now=MAY_DAY)

    def test_it_needs_no_force_where_a_review_holds(self, session):
        version = signed(session, an_article(session))

        publish(session, version, forced="In doubt.")

        assert last_line(session, version).forced is False

    def test_it_is_not_forced_anew_where_a_forced_text_gets_another_placement(self, session):
        version = an_article(session)
        publish(session, version, forced="An outbreak.")

        publish(session, saved(session, version, tags=["legs"]))

        line = last_line(session, version)
        assert (line.forced, line.review["status"]) == (False, "not_reviewed")

    @pytest.mark.parametrize(("due_on", "shown"), [(LATE, "2027-05-01"), (date(2026, 12, 1), "2026-12-01")])
    def test_a_typo_moves_no_review_date(self, session, due_on, shown):
        live = a_live_article(session)
        version = signed(
            session, saved(session, live, body="Plain words!"), reviewer=DR_FINN, due_on=due_on, now=DAYS_ON
        )

        publish(session, version, kind=ChangeKind.TYPO, now=DAYS_ON)

        review = standings(session, [version.entry_id])[version.entry_id].live.review
        assert (review["status"], review["last_reviewed_on"], review["review_due_on"]) == (
            "reviewed",
            "2026-05-01",
            shown,
        )
        # Dr. Finn alone has seen the very words that readers have.
        assert [one["name"] for one in review["reviewers"]] == [DR_FINN.name]

    def test_whoever_signs_their_text_again_for_a_typo_is_named_once(self, session):
        live = a_live_article(session)
        version = signed(session, saved(session, live, body="Plain words!"), now=DAYS_ON)

        publish(session, version, kind=ChangeKind.TYPO, now=DAYS_ON)

        review = standings(session, [version.entry_id])[version.entry_id].live.review
        assert [one["name"] for one in review["reviewers"]] == [DR_REED.name]

    def test_a_typo_needs_its_signature_all_the_same(self, session):
        version = saved(session, a_live_article(session), body="Plain words!")

        with pytest.raises(NotReviewed):
            publish(session, version, kind=ChangeKind.TYPO)

    @pytest.mark.parametrize("kind", [kind for kind in ChangeKind if kind != ChangeKind.TYPO])
    def test_any_other_change_moves_it(self, session, kind):
        version = saved(session, a_live_article(session), body="Other words.")
        signed(session, version, due_on=LATE, now=DAYS_ON)

        publish(session, version, kind=kind, now=DAYS_ON)

        review = standings(session, [version.entry_id])[version.entry_id].live.review
        assert (review["last_reviewed_on"], review["review_due_on"]) == ("2026-05-11", "2028-05-01")

    def test_a_typo_over_what_nobody_reviewed_shows_its_own_review(self, session):
        forced = an_article(session)
        publish(session, forced, forced="Urgent.")
        version = signed(session, saved(session, forced, body="Plain words!"), due_on=LATE)

        publish(session, version, kind=ChangeKind.TYPO)

        review = standings(session, [version.entry_id])[version.entry_id].live.review
        assert (review["status"], review["review_due_on"]) == ("reviewed", "2028-05-01")

    def test_it_of_a_topic_needs_no_review(self, session):
        topic = versions.create(
            session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by=ED, now=MAY_DAY
        )

        publish(session, topic)

        assert last_line(session, topic).review["status"] == "not_needed"

    def test_it_refuses_what_is_live_already(self, session):
        version = a_live_article(session)

        with pytest.raises(AlreadyLive):
            publish(session, version)

    @pytest.mark.parametrize("verb", ["retract", "erase"])
    def test_it_refuses_a_content_that_was_struck_under_any_number(self, session, verb):
        version = a_live_article(session)
        again = saved(session, version, tags=["legs"])
        VERBS[verb](session, version)
        session.commit()

        for number in (1, again.number):
            with pytest.raises(ContentRetracted):
                publishing.publish(session, version.entry_id, number, by=ED, forced="Please.", now=MAY_DAY)

    def test_a_text_that_nobody_reviewed_comes_before_no_wider_audience_unforced(self, session):
        version = an_article(session, audience="licensed")
        publish(session, version, forced="For partners, at once.")
        wider = saved(session, version, audience="public")
        session.commit()

        with pytest.raises(NotReviewed):
            publish(session, wider)
        publish(session, wider, forced="For everybody too.")

        assert last_line(session, version).forced

    def test_a_kind_of_change_that_there_is_no_word_for_is_named(self, session):
        version = signed(session, an_article(session))

        with pytest.raises(Invalid, match="kind: is not one of typo"):
            publish(session, version, kind="huge")


class TestReinstate:
    def test_it_brings_a_retracted_content_back(self, session):
        version = a_live_article(session)
        VERBS["retract"](session, version)

        publishing.reinstate(session, version.entry_id, 1, by=ED, now=MAY_DAY)

        assert standings(session, [version.entry_id])[version.entry_id].struck == {}

    def test_it_brings_one_back_while_another_is_live(self, session):
        version = a_live_article(session)
        publish_another(session, version)
        VERBS["retract"](session, version)

        publishing.reinstate(session, version.entry_id, 1, by=ED, now=MAY_DAY)

        assert standings(session, [version.entry_id])[version.entry_id].live.version == 1

    def test_it_needs_a_review(self, session):
        version = an_article(session)
        publish(session, version, forced="An outbreak.")
        VERBS["withdraw as gone"](session, version)

        with pytest.raises(NotReviewed):
            publishing.reinstate(session, version.entry_id, 1, by=ED, now=MAY_DAY)

    def test_it_is_forced_with_a_reason_alone(self, session):
        version = an_article(session)
        publish(session, version, forced="An outbreak.")
        VERBS["withdraw as gone"](session, version)

        with pytest.raises(Invalid, match="reason"):
            publishing.reinstate(session, version.entry_id, 1, by=ED, forced=" ", now=MAY_DAY)
        publishing.reinstate(session, version.entry_id, 1, by=ED, forced="Still.", now=MAY_DAY)

        assert last_line(session, version).forced is True

    def test_it_never_brings_erased_content_back(self, session):
        version = a_live_article(session)
        publish_another(session, version)
        again = versions.save(session, version.entry_id, article_values(), based_on=2, by=ED, now=MAY_DAY)
        VERBS["withdraw as gone"](session, version)
        publishing.erase(session, version.entry_id, [1], by=ED, now=MAY_DAY)
        session.commit()

        for number in (1, again.number):
            with pytest.raises(ContentRetracted):
                publishing.reinstate(session, version.entry_id, number, by=ED, forced="No.", now=MAY_DAY)

    def test_it_never_does_so_by_way_of_a_retraction(self, session):
        version = a_live_article(session)
        publish_another(session, version)
        publishing.erase(session, version.entry_id, [1], by=ED, now=MAY_DAY)

        with pytest.raises(ContentRetracted):
            publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)


class TestRetract:
    def test_it_is_about_every_version_of_that_content(self, session):
        version = a_live_article(session)
        publish(session, saved(session, version, tags=["legs"]))

        publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)

        line = last_line(session, version)
        assert (line.affects, line.state) == ([1, 2], State.RETRACTED)

    def test_it_of_an_old_content_leaves_an_erased_entry_erased(self, session):
        version = a_live_article(session)
        publish_another(session, version)
        publishing.erase(session, version.entry_id, [2], by=ED, now=MAY_DAY)

        publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)

        assert state_of(session, version) == State.ERASED
        with pytest.raises(ContentRetracted):
            publishing.retract(session, version.entry_id, [2], note="Wrong.", by=ED, now=MAY_DAY)

    def test_it_of_an_old_content_leaves_the_entry_live(self, session):
        version = a_live_article(session)
        publish_another(session, version)

        publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)

        assert state_of(session, version) == State.LIVE

    @pytest.mark.parametrize(
        ("numbers", "note", "pointer"),
        [([2], "Wrong.", "/versions"), ([], "Wrong.", "/versions"), ([1], " ", "/note")],
    )
    def test_it_names_what_is_missing(self, session, numbers, note, pointer):
        version = a_live_article(session)
        saved(session, version, body="A draft.")

        with pytest.raises(Invalid) as caught:
            publishing.retract(session, version.entry_id, numbers, note=note, by=ED, now=MAY_DAY)

        assert caught.value.faults[0].pointer == pointer


class TestErase:
    def test_it_of_a_draft_leaves_the_live_text_alone(self, session):
        version = a_live_article(session)
        saved(session, version, body="A patient's name.")

        publishing.erase(session, version.entry_id, [2], by=ED, now=MAY_DAY)

        assert state_of(session, version) == State.LIVE
        assert versions.version(session, version.entry_id, 2).erased

    def test_it_does_not_take_no_numbers_for_all(self, session):
        version = a_live_article(session)

        with pytest.raises(Invalid, match="versions"):
            publishing.erase(session, version.entry_id, [], by=ED, now=MAY_DAY)

        assert not versions.version(session, version.entry_id, 1).erased

    def test_it_does_not_know_a_version_that_is_not(self, session):
        version = a_live_article(session)

        with pytest.raises(NotFound):
            publishing.erase(session, version.entry_id, [7], by=ED, now=MAY_DAY)


class TestMove:
    def test_it_refuses_another_content(self, session):
        version = a_live_article(session)
        other = signed(session, saved(session, version, body="Other words.", slug="other"))
        rendering = documents.render(entries.entry(session, version.entry_id), other)

        with pytest.raises(Invalid, match="publish it instead"):
            publishing.perform(
                session, [Move(entry_id=version.entry_id, rendering=rendering)], by=ED, now=MAY_DAY
            )


class TestRerender:
    def test_it_refuses_what_is_not_live_any_more(self, session):
        version = a_live_article(session)
        publish_another(session, version)

        with pytest.raises(Invalid, match="not the live one"):
            rerender(session, version)


class TestReviewed:
    def test_it_needs_a_review_that_holds(self, session):
        version = an_article(session)
        publish(session, version, forced="An outbreak.")

        with pytest.raises(NotReviewed):
            publishing.perform(
                session, [Reviewed(entry_id=version.entry_id, signed=version.number)], by=ED, now=MAY_DAY
            )

    def test_it_shows_a_forced_text_as_reviewed(self, session):
        version = an_article(session)
        publish(session, version, forced="An outbreak.")

        publishing.rereview(session, version.entry_id, DR_REED, due_on=NEXT_YEAR, now=MAY_DAY)

        line = last_line(session, version)
        assert (line.event, line.review["status"]) == (Event.REVIEWED, "reviewed")

    def test_it_brings_back_nothing_that_somebody_held(self, session):
        version = a_live_article(session)
        publishing.hold(session, version.entry_id, by=ED, now=MAY_DAY)

        with pytest.raises(WrongStanding):
            publishing.perform(
                session, [Reviewed(entry_id=version.entry_id, signed=version.number)], by=ED, now=MAY_DAY
            )

    def test_it_is_not_signed_by_whoever_wrote_it(self, session):
        version = an_article(session, by=DR_REED.id)
        publish(session, version, forced="An outbreak.")

        with pytest.raises(OwnText):
            publishing.rereview(session, version.entry_id, DR_REED, due_on=NEXT_YEAR, now=MAY_DAY)


class TestFallDue:
    def test_it_refuses_what_is_not_due(self, session):
        version = a_live_article(session)

        with pytest.raises(Invalid, match="has not come"):
            publishing.perform(session, [FallDue(entry_id=version.entry_id)], by=ED, now=MAY_DAY)


class TestWithdraw:
    @pytest.mark.parametrize(
        ("manner", "target", "pointer"),
        [
            (State.GONE, ELSEWHERE, "/target"),
            (State.REDIRECTED, None, "/target"),
            (State.REDIRECTED, "javascript:alert(1)", "/target"),
            (State.REPLACED, None, "/target"),
            (State.REPLACED, ELSEWHERE, "/target"),
            (State.LIVE, None, "/manner"),
            (State.HELD, None, "/manner"),
            ("lost", None, "/manner"),
        ],
    )
    def test_it_names_what_does_not_fit(self, session, manner, target, pointer):
        version = a_live_article(session)

        with pytest.raises(Invalid) as caught:
            publishing.withdraw(session, version.entry_id, manner=manner, target=target, by=ED, now=MAY_DAY)

        assert caught.value.faults[0].pointer == pointer

    @pytest.mark.parametrize("manner", [State.REDIRECTED, State.REPLACED])
    def test_it_does_not_lead_to_itself(self, session, manner):
        version = a_live_article(session)

        with pytest.raises(Invalid, match="itself"):
            publishing.withdraw(
                session, version.entry_id, manner=manner, target=str(version.entry_id), by=ED, now=MAY_DAY
            )


class TestPerform:
    def test_it_does_all_steps_in_one_act(self, session):
        one, two = a_live_article(session, slug="one"), a_live_article(session, slug="two")

        act = publishing.perform(
            session, [Hold(entry_id=one.entry_id), Hold(entry_id=two.entry_id)], by=ED, now=MAY_DAY
        )

        assert {last_line(session, version).sequence for version in (one, two)} == {act.sequence}

    def test_it_does_none_where_one_is_refused(self, session):
        live, draft = a_live_article(session, slug="one"), an_article(session, slug="two")
        session.commit()

        with pytest.raises(WrongStanding):
            publishing.perform(
                session, [Hold(entry_id=live.entry_id), Hold(entry_id=draft.entry_id)], by=ED, now=MAY_DAY
            )

        assert (state_of(session, live), log.head(session).sequence) == (State.LIVE, 1)

    def test_it_refuses_an_entry_twice(self, session):
        version = a_live_article(session)

        with pytest.raises(TwiceInOneAct):
            publishing.perform(session, [Hold(entry_id=version.entry_id)] * 2, by=ED, now=MAY_DAY)

    def test_it_refuses_to_do_nothing(self, session):
        with pytest.raises(Invalid, match="steps"):
            publishing.perform(session, [], by=ED, now=MAY_DAY)
