from datetime import timedelta

import pytest

from content import publishing, schedule, watermark
from content.database import new_id
from content.errors import Invalid, NotFound
from content.log import State
from content.schedule import Fate, Verb
from content.watermark import Watermark
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, an_article, saved, signed
from tests.plans import planned


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
        assert (made.version, made.options) == (
            1,
            {"kind": "safety", "note": "New doses.", "planned_over": 0},
        )

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

    def test_one_version_does_not_go_public_twice(self, session):
        version = signed(session, an_article(session))
        plan(session, Verb.PUBLISH, version, number=1, due_at=MAY_DAY + 2 * HOUR)

        for hours in (1, 3):
            with pytest.raises(Invalid, match="due_at: is not the only one: this version is on the schedule"):
                plan(session, Verb.PUBLISH, version, number=1, due_at=MAY_DAY + hours * HOUR)

    def test_one_version_may_come_back_after_another(self, session):
        version = signed(session, an_article(session))
        saved(session, version, body="For a day.")
        for hours, number in ((1, 1), (2, 2), (3, 1)):
            plan(session, Verb.PUBLISH, version, number=number, due_at=MAY_DAY + hours * HOUR)

        assert [one.version for one in schedule.waiting(session)] == [1, 2, 1]

    def test_a_text_leads_not_to_itself(self, session):
        version = a_live_article(session)

        with pytest.raises(Invalid, match="target: is the entry itself"):
            plan(session, Verb.WITHDRAW, version, manner=State.REDIRECTED, target=str(version.entry_id))

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


class TestErase:
    def test_it_takes_why_something_failed_or_was_taken_off(self, session):
        version, other = an_article(session), an_article(session, slug="other")
        for one in (version, other):
            schedule.cancel(session, plan(session, Verb.HOLD, one).id, why="About Jane Doe.")

        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        session.expire_all()
        left = {one.entry_id: one.outcome for one in schedule.ended(session, MAY_DAY)}
        assert left == {version.entry_id: "", other.entry_id: "About Jane Doe."}


class TestWaiting:
    def test_it_is_soonest_first(self, session):
        version = an_article(session)
        late, soon = (plan(session, Verb.HOLD, version, due_at=MAY_DAY + hours * HOUR) for hours in (5, 1))

        assert schedule.waiting(session) == [soon, late]

    def test_it_goes_on_behind_one_of_those_that_are_due_at_once(self, session):
        some = [an_article(session, slug=f"s-{number}") for number in range(3)]
        every = [plan(session, Verb.HOLD, version, due_at=MAY_DAY + HOUR) for version in some]

        first = schedule.waiting(session, 2)

        assert first + schedule.waiting(session, 2, after=first[-1]) == sorted(every, key=lambda one: one.id)


class TestEnded:
    def test_it_is_what_ended_last_first_whenever_it_was_due_page_by_page(self, session):
        version = an_article(session)
        every = [plan(session, Verb.HOLD, version, due_at=MAY_DAY + hours * HOUR) for hours in (9, 2, 3, 4)]
        for hours, one in enumerate(every[:3], 1):
            fate = Fate.FAILED if one is every[1] else Fate.DONE
            schedule.end(session, one.id, fate, now=MAY_DAY + hours * HOUR)

        first = schedule.ended(session, MAY_DAY, 2)

        assert first == [every[2], every[1]]
        assert schedule.ended(session, MAY_DAY, 2, after=first[-1]) == [every[0]]
        assert schedule.failed(session, MAY_DAY) == [every[1]]

    def test_it_is_told_by_when_it_ended(self, session):
        long_due = plan(session, Verb.HOLD, an_article(session))
        schedule.end(session, long_due.id, Fate.FAILED, now=MAY_DAY + timedelta(days=40))

        for told in (schedule.ended, schedule.failed):
            assert told(session, MAY_DAY + timedelta(days=39)) == [long_due]
            assert told(session, MAY_DAY + timedelta(days=41)) == []


# PostgreSQL plans by what its tables hold, which here is nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestPages:
    def test_none_puts_all_that_there_is_in_order(self, engine, session):
        made = plan(session, Verb.HOLD, an_article(session))

        with planned(engine) as steps:
            schedule.waiting(session)
            schedule.waiting(session, after=made)
            schedule.ended(session, MAY_DAY)
            schedule.ended(session, MAY_DAY, after=made)
            schedule.failed(session, MAY_DAY)

        taken = [step.rpartition("INDEX ")[2].partition(" ")[0] for step in steps]
        assert taken == [f"ix_scheduled_{name}" for name in ("waiting", "waiting", "over", "over", "failed")]


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


# PostgreSQL plans by what its tables hold, which here is nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestNextReview:
    def test_many_that_fall_due_on_one_day_are_not_put_in_order(self, engine, session):
        with planned(engine) as steps:
            schedule.next_review(session)
            schedule.next_due(session)

        assert [step for step in steps if "edition USING INDEX ix_edition_live_review_due_on" in step]
        assert not [step for step in steps if "TEMP B-TREE" in step]


class TestScheduled:
    def test_it_does_not_know_what_is_not(self, session):
        with pytest.raises(NotFound):
            schedule.scheduled(session, new_id())
