from datetime import timedelta

import pytest

from content import database, log
from content.log import Act, Head
from tests.builders import ED, HOUR, MAY_DAY, a_live_article


class TestBeginAct:
    @pytest.mark.parametrize(
        ("now", "at"), [(HOUR, HOUR), (timedelta(0), timedelta(0)), (-HOUR, timedelta(0))]
    )
    def test_it_takes_effect_never_before_the_last_act(self, session, now, at):
        a_live_article(session)

        with log.locked(session):
            act = log.begin_act(session, by=ED, reason=None, now=MAY_DAY + now)
            assert (act.sequence, act.at) == (2, MAY_DAY + at)

    def test_it_is_recorded_by_the_database_s_own_clock(self, session):
        with log.locked(session):
            act = log.begin_act(session, by=ED, reason=None, now=MAY_DAY)
            assert act.recorded_at > act.at


def act_and_fail(session):
    with log.locked(session):
        log.begin_act(session, by=ED, reason=None, now=MAY_DAY)
        raise RuntimeError("the machine fails")


class TestLocked:
    def test_it_leaves_nothing_where_something_fails(self, session):
        with pytest.raises(RuntimeError):
            act_and_fail(session)

        assert session.query(Act).count() == 0


class TestHead:
    def test_it_of_an_empty_log_is_nought(self, session):
        assert log.head(session) == Head(0, None)


class TestSequenceAt:
    @pytest.mark.parametrize(
        ("after", "sequence"), [(-HOUR, 0), (timedelta(0), 1), (HOUR / 2, 1), (HOUR, 3), (2 * HOUR, 3)]
    )
    def test_it_is_the_last_that_had_taken_effect(self, session, after, sequence):
        for number, hours in enumerate((0, 1, 1)):
            a_live_article(session, slug=f"a-{number}", now=MAY_DAY + hours * HOUR)

        assert log.sequence_at(session, MAY_DAY + after) == sequence


class TestBeginEpoch:
    def test_the_new_one_is_in_force_also_where_the_clock_stands_behind(self, session, monkeypatch):
        ahead = database.clock(session) + timedelta(hours=1)
        with monkeypatch.context() as restored:
            restored.setattr(database, "clock", lambda session: ahead)
            log.begin_epoch(session)

        begun = [log.begin_epoch(session) for _ in range(5)]

        assert log.epoch(session) == begun[-1]
        assert len(set(begun)) == 5
