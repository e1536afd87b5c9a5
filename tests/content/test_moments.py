"""Which sequence a read is about, and that the same question about the past has one answer for ever."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from content import database, log, moments, schedule
from content.errors import OutOfRange
from content.log import begin_act, locked
from content.schedule import Verb
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, an_article


class TestPresent:
    def test_it_settles_what_is_due_before_it_answers(self, session):
        version = an_article(session)
        due_at = MAY_DAY + HOUR
        schedule.schedule(
            session,
            Verb.PUBLISH,
            version.entry_id,
            version=1,
            due_at=due_at,
            by=ED,
            now=MAY_DAY,
            forced=True,
            reason="An outbreak.",
        )
        session.commit()

        before = moments.present(session, now=MAY_DAY)
        after = moments.present(session, now=due_at)

        assert (before.sequence, before.next_due) == (0, due_at)
        assert (after.sequence, after.next_due) == (1, None)

    def test_it_has_no_moment_where_nothing_is_public(self, session):
        present = moments.present(session)

        assert (present.sequence, present.at) == (0, None)
        assert present.epoch == log.epoch(session)

    def test_a_new_epoch_is_the_present_one(self, session):
        before = moments.present(session).epoch

        begun = log.begin_epoch(session)

        assert moments.present(session).epoch == begun != before


class TestSequenceAsked:
    def test_an_instant_means_the_last_act_that_had_taken_effect(self, session):
        a_live_article(session, now=MAY_DAY)
        a_live_article(session, now=MAY_DAY + HOUR, slug="second")
        present = moments.present(session)

        asked = [
            moments.sequence_asked(session, present, MAY_DAY + moved)
            for moved in (-HOUR, timedelta(0), HOUR / 2, HOUR)
        ]

        assert asked == [0, 1, 1, 2]

    @pytest.mark.parametrize("as_of", [-1, 2, MAY_DAY + HOUR])
    def test_what_has_not_come_is_refused(self, session, as_of):
        a_live_article(session)
        present = moments.present(session, now=MAY_DAY)

        with pytest.raises(OutOfRange):
            moments.sequence_asked(session, present, as_of)

    def test_this_very_moment_waits_for_an_act_that_may_still_get_it(self, session, engine):
        present = moments.present(session)
        begun, finish = threading.Event(), threading.Event()

        def act_slowly():
            with Session(engine) as other, locked(other):
                begin_act(other, by=ED, reason=None, now=present.clock)
                begun.set()
                finish.wait(10)

        acting = threading.Thread(target=act_slowly)
        acting.start()
        begun.wait(10)
        threading.Timer(0.3, finish.set).start()
        asked = moments.sequence_asked(session, present, present.clock)
        acting.join()

        assert asked == 1


class TestClock:
    def test_it_is_aware_and_goes_on(self, session):
        first, second = database.clock(session), database.clock(session)

        assert first.utcoffset() == timedelta(0)
        assert first <= second
