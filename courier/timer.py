"""The timer: settles what is due when nobody asks. One daemon thread in each worker; a lease lets one of them look.

It is started by the worker's first request or readiness probe, never at import, in a command or in a test. What is
due is settled exactly once whoever does it, so a timer that dies in the middle loses nothing.
"""

import os
from collections.abc import Callable
from uuid import uuid4

from sqlalchemy.orm import Session

from content import leases, schedule, settling
from content.database import clock
from courier.beat import Beat

JOB = "settle"
EVERY = 1.0  # seconds
LEASE = 5.0  # seconds; longer than EVERY, so that the holder keeps it


class Timer:
    """One worker's timer; `session` opens a new session on the worker's database."""

    def __init__(self, session: Callable[[], Session]) -> None:
        self.session = session
        self.holder = f"{os.getpid()}-{uuid4().hex[:8]}"
        self._beat = Beat("verso-timer", self.tick, every=EVERY)

    def start(self) -> None:
        """Start the thread, unless it runs already."""
        self._beat.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._beat.stop()

    def tick(self) -> int:
        """Settle what is due now, where this timer holds the lease; return how many acts that made.

        Where nothing is due it only reads: an idle newsroom writes nothing.
        """
        with self.session() as session:
            due, now = schedule.next_due(session), clock(session)
            session.rollback()
            if due is None or due > now or not leases.take(session, JOB, self.holder, seconds=LEASE):
                return 0
            return len(settling.settle(session))
