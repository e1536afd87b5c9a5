"""Times as people in the newsroom read them: everything is kept in UTC, and shown in their zone or VERSO_TIME_ZONE."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app, has_request_context

from admin.accounts import person_now
from admin.zones import known_zones
from content.errors import Fault, Invalid

FIRST_YEAR, LAST_YEAR = 1900, 2999
_WANTED = "needs a day and a time, like 2027-03-31 09:30"


def zone() -> ZoneInfo:
    """Return the zone in which whoever is signed in reads and types times: their own, else the newsroom's."""
    person = person_now() if has_request_context() else None
    return ZoneInfo(person.time_zone) if person and person.time_zone else newsroom_zone()


def newsroom_zone() -> ZoneInfo:
    """Return the zone of all who have chosen none."""
    return cast(ZoneInfo, current_app.config["VERSO_TIME_ZONE"])


def local(instant: datetime) -> datetime:
    """Return the same instant by the newsroom's clock on the wall."""
    return instant.astimezone(zone())


def clock(instant: datetime, seconds: bool = False) -> str:
    """Return the time of an instant by the newsroom's clock; of one that comes twice, which of both it is."""
    there = local(instant)
    twice = comes_twice(f"{there:%Y-%m-%dT%H:%M}")
    return there.strftime("%H:%M:%S" if seconds else "%H:%M") + (f" {there.tzname()}" if twice else "")


def day_in(text: str) -> date | None:
    """Return the day that a field holds, or None where it is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def day_words(text: str) -> str:
    """Return a day that a field holds as the newsroom shows days; what is none, as it stands."""
    on = day_in(text)
    return f"{on:%-d %b %Y}" if on else text


def today() -> date:
    """Return the day by which reviews fall due: that of UTC, whatever the newsroom's calendar says."""
    return datetime.now(UTC).date()


def day_of(on: date) -> tuple[datetime, datetime]:
    """Return when a day of the newsroom's calendar begins, and when the next one does; not always 24 hours later."""
    begins, ends = (datetime.combine(one, time(), zone()) for one in (on, on + timedelta(days=1)))
    return begins, ends


class Turn(StrEnum):
    """Which of the two is meant where a time comes twice, for the clocks are set back."""

    FIRST = "first"
    SECOND = "second"


def comes_twice(typed: str, there: ZoneInfo | None = None) -> bool:
    """Tell whether what was typed is a time that comes twice, by the clock of a zone or by the newsroom's."""
    try:
        first, second = _turns(typed, there)
    except ValueError:
        return False
    return _is_there(first) and first.utcoffset() != second.utcoffset()


def zone_shown(form: Mapping[str, str], name: str) -> ZoneInfo:
    """Return the zone that a form names beside a moment: that in which it was typed, whatever is chosen by now.

    A form is shown again by the person's own clock where it names none that is known.
    """
    named = form.get(f"{name}-zone", "")
    return ZoneInfo(named) if named in known_zones() else zone()


def moment_in(form: Mapping[str, str], name: str, pointer: str) -> datetime:
    """Return the instant, in UTC, that was typed into a form, by the clock that the form showed; raises Invalid."""
    typed, turn, named = (form.get(one, "") for one in (name, f"{name}-turn", f"{name}-zone"))
    if named and named not in known_zones():
        # By another clock it would come at another moment than was meant.
        raise Invalid(
            [Fault(pointer, f"was typed by a clock that is not known here. Type it by that of {zone()}")]
        )
    return instant_of(typed, turn, pointer, zone_shown(form, name))


def instant_of(typed: str, turn: str, pointer: str, there: ZoneInfo | None = None) -> datetime:
    """Return the instant, in UTC, that a time of a clock means, as a browser sends it; raises Invalid.

    A time that the clocks skip is none, and of one that comes twice the `turn` must be told. The clock is that of a
    zone, or the newsroom's.
    """
    try:
        first, second = _turns(typed, there)
    except ValueError as error:
        raise Invalid([Fault(pointer, _WANTED)]) from error
    if not _is_there(first):
        raise Invalid(
            [
                Fault(
                    pointer,
                    "does not come, for the clocks are set forward then: enter an earlier or a later one",
                )
            ]
        )
    if not comes_twice(typed, there):
        return first.astimezone(UTC)
    if turn not in list(Turn):
        raise Invalid(
            [Fault(pointer, "comes twice, for the clocks are set back then: choose which is meant")]
        )
    return (first if turn == Turn.FIRST else second).astimezone(UTC)


def is_shown(on: date) -> bool:
    """Tell whether the newsroom reads and shows a day: in any zone, none too near the ends of the calendar is."""
    return FIRST_YEAR <= on.year <= LAST_YEAR


def _turns(typed: str, there: ZoneInfo | None) -> tuple[datetime, datetime]:
    """The two instants that a local time may mean, which are one on most days; raises ValueError."""
    wall = datetime.fromisoformat(typed)
    if wall.tzinfo is not None:
        raise ValueError("a time of the newsroom's clock has no offset")
    if not is_shown(wall.date()):
        raise ValueError("too far away")
    there = there or zone()
    return wall.replace(tzinfo=there, fold=0), wall.replace(tzinfo=there, fold=1)


def _is_there(instant: datetime) -> bool:
    """Whether the clock on the wall ever shows this time: one that is skipped comes back from UTC as another."""
    there = instant.astimezone(UTC).astimezone(instant.tzinfo)
    return there.replace(tzinfo=None) == instant.replace(tzinfo=None)
