from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from content import expiry, log, publishing, schedule, settling, trash, versions
from content.editions import Edition
from content.entries import Entry
from content.errors import NotReviewed
from content.log import Act, ChangeKind, Event, Line, State
from content.rebuild import rebuild
from content.schedule import Fate, Verb
from content.standings import standings
from content.types import OnReviewDue
from tests.builders import (
    DR_FINN,
    ED,
    HOUR,
    MAY_DAY,
    NEXT_YEAR,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    publish,
    saved,
    signed,
)

DUE = schedule.midnight(NEXT_YEAR)
BERLIN = ZoneInfo("Europe/Berlin")


def plan(session, verb, version, hours=1, number=None, **options):
    made = schedule.schedule(
        session,
        verb,
        version.entry_id,
        due_at=MAY_DAY + hours * HOUR,
        by=ED,
        version=number,
        now=MAY_DAY,
        **options,
    )
    session.commit()
    return made


def state_of(session, version):
    return standings(session, [version.entry_id])[version.entry_id].state


class TestSettle:
    @pytest.mark.parametrize(
        ("verb", "begin", "options", "end"),
        [
            (Verb.PUBLISH, None, {"number": 1}, State.LIVE),
            (Verb.WITHDRAW, "publish", {}, State.GONE),
            (
                Verb.WITHDRAW,
                "publish",
                {"manner": State.REDIRECTED, "target": "https://a.example"},
                State.REDIRECTED,
            ),
            (Verb.REINSTATE, "withdraw", {"number": 1}, State.LIVE),
            (Verb.HOLD, "publish", {}, State.HELD),
            (Verb.RELEASE, "hold", {}, State.LIVE),
        ],
    )
    def test_it_does_what_was_scheduled(self, session, verb, begin, options, end):
        version = signed(session, an_article(session)) if begin is None else a_live_article(session)
        if begin in ("withdraw", "hold"):
            getattr(publishing, begin)(session, version.entry_id, by=ED, now=MAY_DAY)
        planned = plan(session, verb, version, **options)

        (act,) = settling.settle(session, now=MAY_DAY + HOUR)

        assert state_of(session, version) == end
        assert (act.due_id, act.by, act.at) == (planned.id, ED, MAY_DAY + HOUR)
        assert schedule.scheduled(session, planned.id).fate == Fate.DONE

    def test_it_leaves_what_is_yet_to_come(self, session):
        plan(session, Verb.HOLD, a_live_article(session))

        assert settling.settle(session, now=MAY_DAY + HOUR - timedelta(microseconds=1)) == []

    def test_it_acts_once(self, session):
        plan(session, Verb.HOLD, a_live_article(session))
        settling.settle(session, now=MAY_DAY + HOUR)

        assert settling.settle(session, now=MAY_DAY + 2 * HOUR) == []

    def test_it_goes_by_due_order_and_not_by_the_order_of_planning(self, session):
        version = a_live_article(session)
        plan(session, Verb.RELEASE, version, hours=2)
        plan(session, Verb.HOLD, version, hours=1)

        first, second = settling.settle(session, now=MAY_DAY + 3 * HOUR)

        events = [session.query(Line).filter_by(sequence=act.sequence).one().event for act in (first, second)]
        assert events == [Event.HELD, Event.RELEASED]

    @pytest.mark.parametrize("month", [3, 10])
    def test_it_is_right_to_its_second_where_clocks_are_set(self, session, month):
        day = {3: datetime(2027, 3, 28, tzinfo=BERLIN), 10: datetime(2027, 10, 31, tzinfo=BERLIN)}[month]
        first, second = day.replace(hour=1, minute=59), day.replace(hour=3)
        version = signed(session, an_article(session), due_on=date(2029, 1, 1))
        publish(session, version)
        for due_at, verb in ((second, Verb.RELEASE), (first, Verb.HOLD)):
            schedule.schedule(session, verb, version.entry_id, due_at=due_at, by=ED, now=MAY_DAY)
        session.commit()
        apart = {3: timedelta(minutes=1), 10: timedelta(hours=2, minutes=1)}[month]
        begins = first.astimezone(UTC)

        assert settling.settle(session, now=begins - timedelta(microseconds=1)) == []
        assert [act.at for act in settling.settle(session, now=begins)] == [begins]
        assert settling.settle(session, now=begins + apart - timedelta(microseconds=1)) == []
        assert [act.at for act in settling.settle(session, now=begins + apart)] == [begins + apart]

    def test_why_one_failed_holds_no_word_of_another_entry(self, session):
        a_live_article(session, slug="jane-doe")
        late = plan(
            session, Verb.PUBLISH, signed(session, an_article(session, slug="jane-doe", body="B.")), number=1
        )

        settling.settle(session, now=MAY_DAY + 2 * HOUR)

        session.refresh(late)
        assert (late.fate, late.outcome) == (Fate.FAILED, "The slug belongs to another live entry.")

    def test_it_marks_what_a_rule_refuses_and_goes_on(self, session):
        unsigned, live = an_article(session, slug="draft"), a_live_article(session)
        failing = plan(session, Verb.PUBLISH, unsigned, number=1)
        plan(session, Verb.HOLD, live, hours=2)

        acts = settling.settle(session, now=MAY_DAY + 3 * HOUR)

        kept = schedule.scheduled(session, failing.id)
        assert [act.sequence for act in acts] == [log.head(session).sequence] == [2]
        assert kept.fate == Fate.FAILED
        assert "no review of this very text holds" in kept.outcome

    def test_an_older_version_that_was_planned_replaces_no_newer_one(self, session):
        first = signed(session, an_article(session))
        planned = plan(session, Verb.PUBLISH, first, number=1, hours=2)
        publish(session, signed(session, saved(session, first, body="The dose is 5 mg.")))

        assert settling.settle(session, now=MAY_DAY + 2 * HOUR) == []

        assert standings(session, [first.entry_id])[first.entry_id].live.version == 2
        over = schedule.scheduled(session, planned.id)
        assert (over.fate, "Version 2 is public since" in over.outcome) == (Fate.FAILED, True)

    def test_a_withdrawal_that_was_planned_changes_no_later_one(self, session):
        version, told = a_live_article(session), {"manner": State.REDIRECTED, "target": "https://a.example"}
        planned = plan(session, Verb.WITHDRAW, version)
        publishing.withdraw(session, version.entry_id, by=ED, now=MAY_DAY, **told)

        assert settling.settle(session, now=MAY_DAY + HOUR) == []

        assert state_of(session, version) == State.REDIRECTED
        over = schedule.scheduled(session, planned.id)
        assert (over.fate, "is redirected by now" in over.outcome) == (Fate.FAILED, True)

    @pytest.mark.parametrize(
        ("changes", "kind", "fate"),
        [
            ({"body": "The dose is 5 mg."}, ChangeKind.EDITORIAL, Fate.FAILED),
            ({"body": "Plain words!"}, ChangeKind.TYPO, Fate.DONE),
            ({"tags": ["legs"]}, ChangeKind.EDITORIAL, Fate.DONE),
        ],
        ids=["rewritten", "a typo", "the same content"],
    )
    def test_a_withdrawal_that_was_planned_takes_no_text_that_came_later(self, session, changes, kind, fate):
        first = a_live_article(session)
        planned = plan(session, Verb.WITHDRAW, first)
        publish(
            session, signed(session, saved(session, first, **changes)), kind=kind, now=MAY_DAY + 0.5 * HOUR
        )

        settling.settle(session, now=MAY_DAY + HOUR)

        over = schedule.scheduled(session, planned.id)
        assert over.fate == fate
        assert state_of(session, first) == (State.GONE if fate == Fate.DONE else State.LIVE)
        assert fate == Fate.DONE or "Version 2 is public since this was planned" in over.outcome

    def test_a_withdrawal_that_was_planned_takes_none_that_was_reinstated_since(self, session):
        version = a_live_article(session)
        publishing.withdraw(session, version.entry_id, by=ED, now=MAY_DAY)
        planned = plan(session, Verb.WITHDRAW, version, manner=State.REDIRECTED, target="https://a.example")
        publishing.reinstate(session, version.entry_id, 1, by=ED, now=MAY_DAY + 0.5 * HOUR)

        assert settling.settle(session, now=MAY_DAY + HOUR) == []

        assert state_of(session, version) == State.LIVE
        assert schedule.scheduled(session, planned.id).fate == Fate.FAILED

    def test_a_withdrawal_takes_what_was_planned_to_be_public_by_then(self, session):
        first = a_live_article(session)
        second = signed(session, saved(session, first, body="Other words."))
        publication = plan(session, Verb.PUBLISH, second, number=2, hours=1)
        withdrawal = plan(session, Verb.WITHDRAW, first, hours=2)

        settling.settle(session, now=MAY_DAY + 2 * HOUR)

        fates = {schedule.scheduled(session, one.id).fate for one in (publication, withdrawal)}
        assert (fates, state_of(session, first)) == ({Fate.DONE}, State.GONE)

    def test_a_withdrawal_of_what_its_review_has_taken_says_where_it_went(self, session):
        expiry.decide(session.get_bind(), {"article": OnReviewDue.WITHDRAW})
        version = a_live_article(session)
        late = (DUE - MAY_DAY) / HOUR + 1
        plan(session, Verb.WITHDRAW, version, hours=late, manner=State.REDIRECTED, target="https://a.example")

        settling.settle(session, now=DUE + 2 * HOUR)

        assert state_of(session, version) == State.REDIRECTED

    def test_a_withdrawal_that_was_planned_by_an_earlier_release_is_done_as_then(self, session):
        first = a_live_article(session)
        planned = plan(session, Verb.WITHDRAW, first)
        planned.options = {"manner": State.GONE}
        publish(
            session, signed(session, saved(session, first, body="Other words.")), now=MAY_DAY + 0.5 * HOUR
        )

        settling.settle(session, now=MAY_DAY + HOUR)

        assert state_of(session, first) == State.GONE

    def test_what_is_live_already_when_it_is_due_has_not_failed(self, session):
        version = signed(session, an_article(session))
        planned = plan(session, Verb.PUBLISH, version, number=1)
        publish(session, version)

        assert settling.settle(session, now=MAY_DAY + HOUR) == []

        over = schedule.scheduled(session, planned.id)
        assert (over.fate, over.outcome) == (Fate.CANCELLED, "Version 1 is live already.")

    def test_it_takes_drafts_along_in_the_same_act_but_none_that_was_put_aside(self, session):
        names = ("Legs", "Veins", "Feet")
        legs, veins, feet = (
            versions.create(session, "topic", {"name": one, "slug": one.lower()}, locale="en", by=ED)
            for one in names
        )
        version = signed(session, an_article(session))
        along = [[str(one.entry_id), 1] for one in (legs, veins, feet)]
        planned = plan(session, Verb.PUBLISH, version, number=1, along=along)
        publish(session, veins)
        trash.throw_away(session, feet.entry_id, by=ED)
        session.commit()

        (act,) = settling.settle(session, now=MAY_DAY + HOUR)

        assert schedule.scheduled(session, planned.id).sequence == act.sequence
        acted = session.scalars(select(Line.entry_id).where(Line.sequence == act.sequence))
        assert set(acted) == {legs.entry_id, version.entry_id}
        assert state_of(session, feet) == State.DRAFT

    def test_an_older_version_comes_back_where_that_was_planned(self, session):
        first = a_live_article(session)
        publish(session, signed(session, saved(session, first, body="Other words.")))
        plan(session, Verb.PUBLISH, first, number=1)

        settling.settle(session, now=MAY_DAY + HOUR)

        assert standings(session, [first.entry_id])[first.entry_id].live.version == 1

    def test_versions_that_were_planned_one_after_the_other_follow_one_another(self, session):
        first = signed(session, an_article(session))
        second = signed(session, saved(session, first, body="Other words."))
        planned = [
            plan(session, Verb.PUBLISH, first, number=1, hours=1),
            plan(session, Verb.PUBLISH, second, number=2, hours=2),
        ]

        settling.settle(session, now=MAY_DAY + 2 * HOUR)

        assert {schedule.scheduled(session, one.id).fate for one in planned} == {Fate.DONE}
        assert standings(session, [first.entry_id])[first.entry_id].live.version == 2

    def test_it_tells_readers_that_a_review_is_due(self, session):
        version = a_live_article(session)

        (act,) = settling.settle(session, now=DUE)

        live = session.query(Edition).filter_by(entry_id=version.entry_id, until_sequence=None).one()
        assert (act.by, live.review["status"], live.review["last_reviewed_on"]) == (
            settling.REVIEWS,
            "due",
            "2026-05-01",
        )
        assert (live.updated_at, live.published_at) == (MAY_DAY, MAY_DAY)

    @pytest.mark.parametrize(
        ("policy", "event", "state", "banner"),
        [
            (OnReviewDue.FLAG, Event.REVIEW_DUE, State.LIVE, False),
            (OnReviewDue.BANNER, Event.REVIEW_DUE, State.LIVE, True),
            (OnReviewDue.HOLD, Event.HELD, State.HELD, False),
            (OnReviewDue.WITHDRAW, Event.WITHDRAWN, State.GONE, False),
        ],
    )
    def test_it_does_what_the_policy_says_of_a_review_that_falls_due(
        self, session, policy, event, state, banner
    ):
        expiry.decide(session.get_bind(), {"article": policy})
        version, other = a_live_article(session), a_live_faq(session)

        assert settling.settle(session, now=DUE - timedelta(microseconds=1)) == []
        acts = settling.settle(session, now=DUE)

        lines = {line.entry_id: line for line in session.query(Line).filter(Line.sequence > 2)}
        line = lines[version.entry_id]
        assert [act.by for act in acts] == [settling.REVIEWS] * 2
        assert (line.event, line.state, line.review["status"]) == (event, state, "due")
        assert line.public_note == (expiry.words("en", NEXT_YEAR) if policy in expiry.TAKING else None)
        assert line.review.get("banner") == (expiry.banner("en", NEXT_YEAR) if banner else None)
        assert (lines[other.entry_id].event, lines[other.entry_id].state) == (Event.REVIEW_DUE, State.LIVE)
        assert settling.settle(session, now=DUE + HOUR) == []
        assert rebuild(session).differences == ()

    @pytest.mark.parametrize("policy", [OnReviewDue.HOLD, OnReviewDue.WITHDRAW])
    def test_it_takes_what_is_due_between_what_was_scheduled_before_and_after(self, session, policy):
        expiry.decide(session.get_bind(), {"article": policy})
        version = signed(session, an_article(session), due_on=date(2026, 5, 3))
        publish(session, version)
        plan(session, Verb.HOLD, a_live_article(session, slug="two"), hours=1)
        late = plan(session, Verb.HOLD, version, hours=24 * 7)

        settling.settle(session, now=MAY_DAY + timedelta(days=30))

        lines = session.query(Line).order_by(Line.sequence)
        taken = {OnReviewDue.HOLD: Event.HELD, OnReviewDue.WITHDRAW: Event.WITHDRAWN}[policy]
        assert [line.event for line in lines] == [Event.PUBLISHED, Event.PUBLISHED, Event.HELD, taken]
        assert schedule.scheduled(session, late.id).fate == Fate.FAILED

    def test_it_shows_a_signature_that_nobody_has_shown_yet_instead(self, session):
        version = signed(session, a_live_article(session), reviewer=DR_FINN, due_on=date(2030, 1, 1))
        session.commit()

        settling.settle(session, now=DUE)

        live = session.query(Edition).filter_by(entry_id=version.entry_id, until_sequence=None).one()
        assert (live.review["status"], live.review_due_on) == ("reviewed", date(2030, 1, 1))

    @pytest.mark.parametrize("policy", [OnReviewDue.FLAG, OnReviewDue.WITHDRAW])
    def test_a_newer_review_that_is_due_sooner_is_the_one_that_counts(self, session, policy):
        expiry.decide(session.get_bind(), {"article": policy})
        version, sooner = a_live_article(session), date(2026, 6, 1)
        publishing.rereview(session, version.entry_id, DR_FINN, due_on=sooner, now=MAY_DAY + HOUR)
        due = schedule.midnight(sooner)

        assert settling.settle(session, now=due - timedelta(microseconds=1)) == []
        (act,) = settling.settle(session, now=due)

        line = session.query(Line).filter_by(sequence=act.sequence).one()
        taken = policy in expiry.TAKING
        assert line.event == (Event.WITHDRAWN if taken else Event.REVIEW_DUE)
        assert line.review["reviewers"][0]["name"] == DR_FINN.name
        assert state_of(session, version) == (State.GONE if taken else State.LIVE)
        assert settling.settle(session, now=DUE) == []
        if taken:
            with pytest.raises(NotReviewed, match="2026-06-01"):
                publishing.reinstate(session, version.entry_id, 1, by=ED, now=due + HOUR)

    def test_a_typos_signature_is_none_that_puts_the_day_off(self, session):
        typo = signed(
            session, saved(session, a_live_article(session), body="Plain words!"), due_on=date(2030, 1, 1)
        )
        publish(session, typo, kind=ChangeKind.TYPO, now=MAY_DAY + HOUR)
        publishing.move(session, typo.entry_id, "elsewhere", by=ED, now=MAY_DAY + 2 * HOUR)

        settling.settle(session, now=DUE)

        live = session.query(Edition).filter_by(entry_id=typo.entry_id, until_sequence=None).one()
        assert (live.review["status"], live.review["review_due_on"]) == ("due", "2027-05-01")
        publishing.rereview(session, typo.entry_id, DR_FINN, due_on=date(2031, 1, 1), now=DUE)
        live = session.query(Edition).filter_by(entry_id=typo.entry_id, until_sequence=None).one()
        assert (live.review["status"], live.review_due_on) == ("reviewed", date(2031, 1, 1))

    def test_it_does_not_mark_what_is_held_until_it_is_released(self, session):
        version = a_live_article(session)
        publishing.hold(session, version.entry_id, by=ED, now=MAY_DAY)
        assert settling.settle(session, now=DUE) == []

        publishing.release(session, version.entry_id, by=ED, now=DUE)

        live = session.query(Edition).filter_by(entry_id=version.entry_id, until_sequence=None).one()
        assert live.review["status"] == "due"

    def test_it_marks_reviews_and_does_acts_in_one_order(self, session):
        one = signed(session, an_article(session, slug="one"), due_on=date(2026, 5, 3))
        publish(session, one)
        two = a_live_article(session, slug="two")
        plan(session, Verb.HOLD, two, hours=1)
        plan(session, Verb.RELEASE, two, hours=24 * 7)

        settling.settle(session, now=MAY_DAY + timedelta(days=30))

        lines = session.query(Line).filter(Line.sequence > 2).order_by(Line.sequence)
        assert [line.event for line in lines] == [Event.HELD, Event.REVIEW_DUE, Event.RELEASED]

    def test_it_never_lets_at_fall_where_the_clock_is_set_back(self, session):
        version = a_live_article(session, now=MAY_DAY + 5 * HOUR)
        plan(session, Verb.HOLD, version, hours=1)

        (act,) = settling.settle(session, now=MAY_DAY + HOUR)

        assert act.at == MAY_DAY + 5 * HOUR


class TestSettledAct:
    def test_it_settles_what_was_due_before_it(self, session):
        version = a_live_article(session)
        plan(session, Verb.HOLD, version)

        a_topic(session, now=MAY_DAY + 2 * HOUR)

        lines = session.query(Line).order_by(Line.sequence)
        assert [line.event for line in lines] == [Event.PUBLISHED, Event.HELD, Event.PUBLISHED]

    def test_it_keeps_what_the_session_holds_where_a_scheduled_act_fails(self, session):
        plan(session, Verb.PUBLISH, an_article(session), number=1)

        topic = a_topic(session, now=MAY_DAY + 2 * HOUR)

        assert topic
        assert schedule.waiting(session) == []

    def test_it_leaves_nothing_of_either_where_it_is_refused(self, session):
        live = a_live_article(session)
        planned = plan(session, Verb.HOLD, live)
        draft = an_article(session, slug="draft", now=MAY_DAY + HOUR)
        draft_id = draft.entry_id

        with pytest.raises(NotReviewed):
            publishing.publish(session, draft_id, 1, by=ED, now=MAY_DAY + 2 * HOUR)

        assert session.get(Entry, draft_id) is None
        assert log.head(session).sequence == 1
        assert schedule.scheduled(session, planned.id).fate == Fate.WAITING
        assert len(settling.settle(session, now=MAY_DAY + 2 * HOUR)) == 1

    def test_it_counts_acts_without_a_hole(self, session):
        version = a_live_article(session)
        plan(session, Verb.HOLD, version)
        plan(session, Verb.PUBLISH, version, hours=2, number=1)
        plan(session, Verb.RELEASE, version, hours=3)

        publish(session, signed(session, saved(session, version, body="Other.")), now=MAY_DAY + 4 * HOUR)

        assert [act.sequence for act in session.query(Act).order_by(Act.sequence)] == [1, 2, 3, 4]
        assert versions.latest(session, version.entry_id).number == 2
