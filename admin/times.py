"""Times as the newsroom reads them: everything is kept in UTC, and shown in VERSO_TIME_ZONE."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from content.errors import Fault, Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2999


def zone() -> ZoneInfo:
    """Return the zone in which the newsroom reads and types times."""
    return cast(ZoneInfo, current_app.config["VERSO_TIME_ZONE"])


def local(instant: datetime) -> datetime:
    """Return the same instant by the newsroom's clock on the wall."""
    return instant.astimezone(zone())


def today() -> date:
    """Return the day of the newsroom's calendar."""
    return local(datetime.now(UTC)).date()


def day_of(on: date) -> tuple[datetime, datetime]:
    """Return when a day of the newsroom's calendar begins, and when the next one does; not always 24 hours later."""
    begins, ends = (datetime.combine(one, time(), zone()) for one in (on, on + timedelta(days=1)))
    return begins, ends


class Turn(StrEnum):
    """Which of the two is meant where a time comes twice, for the clocks are set back."""

    FIRST = "first"
    SECOND = "second"


def comes_twice(typed: str) -> bool:
    """Tell whether what was typed is a time of the newsroom's clock that comes twice."""
    try:
        first, second = _turns(typed)
    except ValueError:
        return False
    return _is_there(first) and first.utcoffset() != second.utcoffset()


def instant_of(typed: str, turn: str, pointer: str) -> datetime:
    """Return the instant, in UTC, that a time of the newsroom's clock means, as a browser sends it; raises Invalid.

    A time that the clocks skip is none, and of one that comes twice the `turn` must be told.
    """
    try:
        first, second = _turns(typed)
    except ValueError as error:
        raise Invalid([Fault(pointer, "is no moment")]) from error
    if not _is_there(first):
        raise Invalid([Fault(pointer, "does not come: the clocks are set forward then")])
    if not comes_twice(typed):
        return first.astimezone(UTC)
    if turn not in list(Turn):
        raise Invalid(
            [Fault(pointer, "comes twice, for the clocks are set back then: choose which is meant")]
        )
    return (first if turn == Turn.FIRST else second).astimezone(UTC)


def is_shown(on: date) -> bool:
    """Tell whether the newsroom reads and shows a day: in any zone, none too near the ends of the calendar is."""
    return FIRST_YEAR <= on.year <= LAST_YEAR


def _turns(typed: str) -> tuple[datetime, datetime]:
    """The two instants that a local time may mean, which are one on most days; raises ValueError."""
    wall = datetime.fromisoformat(typed)
    if wall.tzinfo is not None:
        raise ValueError("a time of the newsroom's clock has no offset")
    if not is_shown(wall.date()):
        raise ValueError("too far away")
    return wall.replace(tzinfo=zone(), fold=0), wall.replace(tzinfo=zone(), fold=1)


def _is_there(instant: datetime) -> bool:
    """Whether the clock on the wall ever shows this time: one that is skipped comes back from UTC as another."""
    there = instant.astimezone(UTC).astimezone(zone())
    return there.replace(tzinfo=None) == instant.replace(tzinfo=None)
