from datetime import timedelta

import pytest

from content import publishing, schedule, watermark
from content.database import new_id
from content.errors import Invalid, NotFound
from content.log import State
from content.schedule import Fate, Verb
from content.watermark import Watermark
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, an_article, saved, signed


def plan(session, verb, version, *, due_at=MAY_DAY + HOUR, number=None, reason=None, **options):
    return schedule.schedule(
        session,
        verb,
        version.entry_id,
        due_at=due_at,
        by=ED,
        version=number,
        reason=reason,
        now=MAY_DAY,
        **options,
    )


class TestSchedule:
    def test_it_waits_with_what_it_was_told(self, session):
        version = an_article(session)

        made = plan(session, Verb.PUBLISH, version, number=1, kind="safety", note=" New doses. ")

        assert schedule.waiting(session) == [made]
        assert (made.version, made.options) == (1, {"kind": "safety", "note": "New doses."})

    @pytest.mark.parametrize("due_at", [MAY_DAY, MAY_DAY - HOUR])
    def test_it_is_for_a_moment_to_come(self, session, due_at):
        version = an_article(session)

        with pytest.raises(Invalid, match="due_at"):
            plan(session, Verb.HOLD, version, due_at=due_at)

    @pytest.mark.parametrize(
        ("verb", "options", "pointer"),
        [
            (Verb.PUBLISH, {}, "/version"),
            (Verb.REINSTATE, {}, "/version"),
            (Verb.PUBLISH, {"number": 1, "kind": "huge"}, "/kind"),
            (Verb.PUBLISH, {"number": 1, "manner": State.GONE}, "/manner"),
            (Verb.PUBLISH, {"number": 1, "forced": True}, "/reason"),
            (Verb.REINSTATE, {"number": 1, "forced": True, "reason": " "}, "/reason"),
            (Verb.WITHDRAW, {"manner": "bogus"}, "/manner"),
            (Verb.WITHDRAW, {"manner": State.LIVE}, "/manner"),
            (Verb.WITHDRAW, {"manner": State.REDIRECTED}, "/target"),
            (Verb.WITHDRAW, {"manner": State.REDIRECTED, "target": "javascript:x"}, "/target"),
            (Verb.WITHDRAW, {"manner": State.REPLACED, "target": "clots"}, "/target"),
            (Verb.HOLD, {"note": "\x00"}, "/note"),
            (Verb.RELEASE, {"target": "x"}, "/target"),
            (Verb.HOLD, {"reason": "\x00"}, "/reason"),
        ],
    )
    def test_it_names_what_could_not_be_done_when_due(self, session, verb, options, pointer):
        version = signed(session, an_article(session))

        with pytest.raises(Invalid) as caught:
            plan(session, verb, version, **options)
        session.commit()

        assert caught.value.faults[0].pointer == pointer
        assert schedule.waiting(session) == []

    def test_it_takes_no_version_that_was_erased(self, session):
        version = an_article(session)
        saved(session, version, body="Other words.")
        publishing.erase(session, version.entry_id, [1], by=ED, now=MAY_DAY)

        with pytest.raises(Invalid, match="version: was erased"):
            plan(session, Verb.PUBLISH, version, number=1)

    def test_it_does_not_know_what_is_not(self, session):
        version = an_article(session)

        with pytest.raises(NotFound):
            plan(session, Verb.PUBLISH, version, number=2)
        with pytest.raises(NotFound):
            schedule.schedule(session, Verb.HOLD, new_id(), due_at=MAY_DAY + HOUR, by=ED, now=MAY_DAY)

    def test_every_process_is_told_once_it_is_committed(self, engine, session, tmp_path):
        mark = Watermark(tmp_path / "mark")
        watermark.watch(engine, mark, trusted=0.0)
        version = signed(session, an_article(session))

        plan(session, Verb.PUBLISH, version, number=1)
        session.rollback()
        assert mark.plans == 0
        version = signed(session, an_article(session))
        plan(session, Verb.PUBLISH, version, number=1)
        assert mark.plans == 0
        session.commit()

        assert mark.plans == 1


class TestCancel:
    def test_it_stays_visible_with_the_reason(self, session):
        made = plan(session, Verb.HOLD, an_article(session))

        cancelled = schedule.cancel(session, made.id, why="Not needed.")

        assert (cancelled.fate, cancelled.outcome) == (Fate.CANCELLED, "Not needed.")
        assert schedule.waiting(session) == []

    def test_it_happens_once(self, session):
        made = plan(session, Verb.HOLD, an_article(session))
        schedule.cancel(session, made.id)

        with pytest.raises(Invalid, match="not waiting"):
            schedule.cancel(session, made.id)


class TestWaiting:
    def test_it_is_soonest_first(self, session):
        version = an_article(session)
        late, soon = (plan(session, Verb.HOLD, version, due_at=MAY_DAY + hours * HOUR) for hours in (5, 1))

        assert schedule.waiting(session) == [soon, late]


class TestNextDue:
    def test_it_is_none_where_nothing_waits(self, session):
        assert schedule.next_due(session) is None

    def test_it_is_the_sooner_of_an_act_and_a_review(self, session):
        version = a_live_article(session)
        review_due = schedule.midnight(MAY_DAY.date().replace(year=2027))
        assert schedule.next_due(session) == review_due

        plan(session, Verb.HOLD, version, due_at=review_due + timedelta(days=1))
        assert schedule.next_due(session) == review_due

        plan(session, Verb.HOLD, version)
        assert schedule.next_due(session) == MAY_DAY + HOUR


class TestScheduled:
    def test_it_does_not_know_what_is_not(self, session):
        with pytest.raises(NotFound):
            schedule.scheduled(session, new_id())
