from datetime import date, timedelta

import pytest

from content import expiry, log, publishing, schedule, settling, versions
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

    def test_it_marks_what_a_rule_refuses_and_goes_on(self, session):
        unsigned, live = an_article(session, slug="draft"), a_live_article(session)
        failing = plan(session, Verb.PUBLISH, unsigned, number=1)
        plan(session, Verb.HOLD, live, hours=2)

        acts = settling.settle(session, now=MAY_DAY + 3 * HOUR)

        kept = schedule.scheduled(session, failing.id)
        assert [act.sequence for act in acts] == [log.head(session).sequence] == [2]
        assert kept.fate == Fate.FAILED
        assert "nobody has reviewed" in kept.outcome

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
