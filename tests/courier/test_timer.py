import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content import database, schedule
from content.leases import Lease
from content.log import Act
from content.schedule import Verb
from courier.timer import Timer
from tests.builders import ED, an_article


@pytest.fixture
def timer(engine):
    timer = Timer(lambda: Session(engine))
    yield timer
    timer.stop()


@pytest.fixture
def due_soon(session):
    """An article that goes public within a moment of the real clock, which a timer goes by."""
    version = an_article(session)
    due_at = database.clock(session) + timedelta(milliseconds=300)
    schedule.schedule(
        session, Verb.PUBLISH, version.entry_id, version=1, due_at=due_at, by=ED, reason="r", forced=True
    )
    session.commit()
    return due_at


def wait_until(session, moment):
    while database.clock(session) < moment:
        session.rollback()
    session.rollback()


class TestTick:
    def test_it_settles_what_is_due_though_nobody_asks(self, session, timer, due_soon):
        wait_until(session, due_soon)

        assert timer.tick() == 1

        assert session.scalar(select(func.count()).select_from(Act)) == 1

    def test_it_writes_nothing_where_nothing_is_due(self, session, timer, due_soon):
        assert timer.tick() == 0

        assert session.scalar(select(func.count()).select_from(Lease)) == 0

    def test_it_rests_where_another_holds_the_lease(self, session, engine, timer, due_soon):
        wait_until(session, due_soon)
        other = Timer(lambda: Session(engine))

        assert [other.tick(), timer.tick()] == [1, 0]


class TestStart:
    def test_it_settles_within_seconds_and_runs_once(self, session, timer, due_soon):
        timer.start()
        timer.start()

        for _ in range(100):
            if session.scalar(select(func.count()).select_from(Act)):
                break
            session.rollback()
            threading.Event().wait(0.1)
        running = [thread for thread in threading.enumerate() if thread.name == "verso-timer"]

        assert session.scalar(select(func.count()).select_from(Act)) == 1
        assert len(running) == 1
