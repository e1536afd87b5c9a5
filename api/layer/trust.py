"""Trust: what this process knows of the log's end, and until when it may rely on it without asking the database.

A process that trusts what it read for a moment must not miss an act that was acknowledged since. On one machine the
high-water mark tells it at once. Processes elsewhere acknowledge an act only after the longest time that anybody
trusts. That time is counted from before the database was asked, on a clock that nobody sets and no pause stops.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from content.moments import Life, Moment
from content.watermark import Watermark

# Unlike `monotonic` it goes on while the machine is suspended; not every system has it.
_CLOCK = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def clock() -> float:
    """Return seconds on a clock that never falls and never stands still."""
    return time.clock_gettime(_CLOCK)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the log: the present moment, and its life, to which every kept answer belongs.

    `plans` tells how often something had been put on the schedule, or the keyring changed, when it was read. The others
    are moments of `clock`: when the database was asked, until when it is trusted, from when on somebody should look
    again beforehand, and when something falls due (None: nothing is planned).
    """

    moment: Moment
    life: Life
    plans: int
    asked: float
    until: float
    renewed_from: float
    due: float | None

    def clocked(self, instant: datetime | None) -> float | None:
        """Return the moment of `clock` at which it is `instant` by the database's clock, or a little before."""
        return None if instant is None else self.asked + (instant - self.moment.clock).total_seconds()


class Trust:
    """Looks into the log, at most once every `seconds` while nothing happens; 0 looks each time.

    `present` reads the present moment and settles what is due.
    """

    def __init__(self, present: Callable[[], Moment], mark: Watermark, seconds: float) -> None:
        self._present, self._mark, self._seconds = present, mark, seconds
        self._known: Known | None = None
        self._looking = threading.Lock()

    def known(self) -> Known:
        """Return what may be relied on by a read that begins now; raises what the database raises."""
        known, now = self._known, clock()
        if known is None or not self._holds(known, now):
            with self._looking:
                # Whoever held the lock may have looked after this read began, or before; only the first will do.
                known = self._known
                return known if known and self._holds(known, clock()) else self._look()
        if now >= known.renewed_from and self._looking.acquire(blocking=False):
            # One looks ahead of time, so that the others need not wait when it is up.
            try:
                return self._look()
            finally:
                self._looking.release()
        return known

    def found_last(self, life: Life) -> bool:
        """Whether the last look into the log found this life."""
        return self._known is not None and self._known.life == life

    def learn(self, moment: Moment) -> None:
        """Let every process know what an answer was read at, before it is sent: no reader may see S fall."""
        if moment.sequence > self._mark.sequence:
            self._mark.raise_to(moment.sequence)

    def _holds(self, known: Known, now: float) -> bool:
        mark = self._mark
        return now < known.until and known.life[0] == mark.sequence and known.plans == mark.plans

    def _look(self) -> Known:
        stood, plans, asked = self._mark.sequence, self._mark.plans, clock()
        moment = self._present()
        self._mark.correct(stood, moment.sequence)
        due = asked + (moment.next_due - moment.clock).total_seconds() if moment.next_due else None
        until = asked + self._seconds
        self._known = Known(
            moment=moment,
            life=moment.life,
            plans=plans,
            asked=asked,
            until=until if due is None else min(until, due),
            renewed_from=asked + self._seconds / 2,
            due=due,
        )
        return self._known
