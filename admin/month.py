"""A month of the schedule as a calendar shows it: how much each day has, and what became of it."""

from calendar import Calendar
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from admin import listing
from admin.times import day_of, is_shown, local
from content import prospects, schedule
from content.schedule import Fate

_A_DAY = timedelta(days=1)


class Has(StrEnum):
    """What a day can have, as the calendar words it."""

    COMING = "to come"
    WOULD_FAIL = "would fail"
    LATE = "late"
    REVIEWS = "review due"
    FAILED = "failed"
    DONE = "done"
    CANCELLED = "cancelled"


_ENDED = {Fate.FAILED: Has.FAILED, Fate.DONE: Has.DONE, Fate.CANCELLED: Has.CANCELLED}


@dataclass(frozen=True)
class Square:
    """One day of the newsroom's calendar and how much it has of each; `inside`: whether it is of the month shown."""

    on: date
    inside: bool
    has: tuple[tuple[Has, int], ...]


@dataclass(frozen=True)
class Month:
    """The weeks of a month from Monday on, with the days of others that fill the first and the last of them.

    `before` and `after` are the first days of its neighbours, None where the newsroom shows no such days.
    """

    first: date
    weeks: tuple[tuple[Square, ...], ...]
    before: date | None
    after: date | None


def month_of(session: Session, on: date, now: datetime) -> Month:
    """Return the month that a day is in; a fixed number of statements.

    Of the first hundred that wait in it, it is told which would fail as things stand.
    """
    weeks = Calendar().monthdatescalendar(on.year, on.month)
    tally = _tally(session, weeks[0][0], weeks[-1][-1], now)
    return Month(
        first=on.replace(day=1),
        weeks=tuple(tuple(_square(day, on, tally) for day in week) for week in weeks),
        before=_neighbour(on.replace(day=1) - _A_DAY),
        after=_neighbour(on.replace(day=28) + 4 * _A_DAY),
    )


def _tally(session: Session, first: date, last: date, now: datetime) -> Counter[tuple[date, Has]]:
    counted: Counter[tuple[date, Has]] = Counter()
    since, until = day_of(first)[0], day_of(last)[1]
    for at, fate, many in schedule.tally(session, since, until):
        counted[local(at).date(), _ENDED.get(fate, _waits(at, now))] += many
    waiting = schedule.waiting_within(session, since, until)
    refusals = prospects.refusals(session, waiting, now=now)
    for one in waiting:
        if one.id in refusals:
            day = local(one.due_at).date()
            counted[day, _waits(one.due_at, now)] -= 1
            counted[day, Has.WOULD_FAIL] += 1
    # A review falls due as its day begins in UTC, which is on another day by some clocks.
    for day, many in listing.due_by_day(session, first - _A_DAY, last + _A_DAY).items():
        counted[local(schedule.midnight(day)).date(), Has.REVIEWS] += many
    return counted


def _waits(at: datetime, now: datetime) -> Has:
    return Has.LATE if at <= now else Has.COMING


def _square(day: date, on: date, tally: Counter[tuple[date, Has]]) -> Square:
    has = tuple((one, tally[day, one]) for one in Has if tally[day, one])
    return Square(day, day.month == on.month, has)


def _neighbour(day: date) -> date | None:
    return day.replace(day=1) if is_shown(day) else None
