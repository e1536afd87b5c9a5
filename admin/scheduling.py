"""The schedule: what is due, day by day, what became of what was due, and taking something off it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from itertools import groupby
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import listing
from admin.accounts import may
from admin.frame import NewsroomView, pages_of, require
from admin.ids import id_of
from admin.month import month_of
from admin.names import names_of
from admin.roles import Right
from admin.times import day_in, day_of, is_shown, local
from content import prospects, schedule, types
from content.entries import Entry
from content.errors import Invalid
from content.schedule import Fate, Scheduled, Verb
from storage import db

AHEAD = timedelta(days=90)  # how far reviews that fall due are shown
BEHIND = timedelta(days=30)  # how long what is over stays in sight
MOST = 100
A_DAY = timedelta(days=1)
COMING, REVIEWS, OVER = PLACES = ("coming", "reviews", "over")  # where a page of each row begins

pages: Blueprint = pages_of("scheduling", __name__, "/admin/scheduled/<uuid:scheduled_id>")

# Who may do a thing may put it on the schedule, and take it off.
NEEDS = {verb: Right.PUBLISH if verb == Verb.PUBLISH else Right.WITHDRAW for verb in Verb}

# The pages of an entry on which what waits for it is taken off.
_ASKED_ON = {"publish": "acts.ask_to_publish", "withdraw": "acts.ask_to_withdraw"}


@dataclass(frozen=True)
class Due:
    """One thing on a day: something scheduled, or a review that falls due (`scheduled` is None), and of which entry.

    `at` is when it is due, or came to its end. A review falls due as its day begins in UTC, whatever the newsroom's
    clock says then. `refusal` is why it would fail as things stand, None where it would not.
    """

    at: datetime
    title: str
    entry_id: UUID
    type: str
    scheduled: Scheduled | None = None
    version: int | None = None
    refusal: str | None = None


@dataclass(frozen=True)
class Day:
    """What is due, or came to its end, on one day of the newsroom's calendar."""

    on: date
    things: tuple[Due, ...]


class ScheduleView(NewsroomView):
    """All that is due, and what became of what was."""

    def __init__(self) -> None:
        super().__init__(
            "Schedule", category="House", endpoint="schedule", url="schedule", menu_icon_value="history"
        )

    @expose("/")
    def index(self) -> str:
        """Show a month, the day of it that was chosen, what is due, day by day, and below it what was."""
        session, now = db.session(), datetime.now(UTC)
        chosen, today = _asked_day("day"), local(now).date()
        coming, over = _coming(session, now), _over(session, now - BEHIND)
        things = _on_day(session, chosen) if chosen else []
        planned = [due.scheduled for due in (*things, *coming.shown, *over.shown) if due.scheduled]
        return self.render(
            "admin/schedule.html",
            month=month_of(session, _asked_day("month") or chosen or today, now),
            today=today,
            chosen=chosen,
            things=things[:MOST],
            too_many=len(things) > MOST,
            days={"coming": _by_day(coming.shown), "over": _by_day(over.shown)},
            pages={"coming": coming, "over": over},
            now=now,
            names=names_of(session, (one.by for one in planned)),
            may_cancel=may_cancel,
            declared={known.name: known for known in types.everyone()},
        )


@dataclass(frozen=True)
class Part:
    """A page of one part of the schedule, and the query of its first page and of the next, None where there is none.

    Each leaves the other part at the page where it is.
    """

    shown: list[Due]
    first: dict[str, str] | None
    further: dict[str, str] | None


def _coming(session: Session, now: datetime) -> Part:
    """Return a page of what is due: acts and reviews in one row, each read on from where the page before ended."""
    waiting = schedule.waiting(session, MOST + 1, after=_behind(session, COMING))
    # Where both are due at once the act stands before the review.
    found = sorted([*_scheduled(session, waiting), *_reviews(session, now, MOST + 1)], key=lambda due: due.at)
    return _part(found, {COMING: lambda due: due.scheduled, REVIEWS: lambda due: not due.scheduled})


def _over(session: Session, since: datetime) -> Part:
    ended = schedule.ended(session, since, MOST + 1, after=_behind(session, OVER))
    return _part(_scheduled(session, ended), {OVER: lambda due: due.scheduled})


def _asked_day(name: str) -> date | None:
    """Return the day that the address names, where it is one that the newsroom shows."""
    on = day_in(request.args.get(name, ""))
    return on if on and is_shown(on) else None


def _on_day(session: Session, on: date) -> list[Due]:
    """Return what a day of the newsroom's calendar has, in the order of the clock; one more than `MOST`, if any."""
    acts = _scheduled(session, schedule.within(session, *day_of(on), MOST + 1))
    # As their day begins in UTC the newsroom's clock may show the day before.
    reviews = _due(listing.due_for_review(session, on + A_DAY, MOST + 1, since=on))
    there = [due for due in reviews if local(due.at).date() == on]
    return sorted([*acts, *there], key=lambda due: due.at)[: MOST + 1]


def _part(found: list[Due], rows: Mapping[str, Callable[[Due], object]]) -> Part:
    """Make a page of what was found; `rows` are those that it is read from, by the names of their places."""
    shown, query = found[:MOST], request.args.to_dict()
    others = {name: place for name, place in query.items() if name in PLACES and name not in rows}
    ends = {
        name: _place(due)
        for name, belongs in rows.items()
        if (due := next(filter(belongs, reversed(shown)), None))
    }
    further = {**query, **ends} if len(found) > MOST else None
    return Part(shown, others if query.keys() & rows.keys() else None, further)


def _place(due: Due) -> str:
    """Write where something stands in its row, as an address carries it."""
    return str(due.scheduled.id) if due.scheduled else f"{due.at:%Y-%m-%d}.{due.entry_id}"


def _behind(session: Session, name: str) -> Scheduled | None:
    """Return what the page begins behind; from the first on, where that is not known."""
    known = id_of(request.args.get(name, ""))
    return session.get(Scheduled, known) if known else None


def _behind_review() -> tuple[date, UUID] | None:
    day, _, entry_id = request.args.get(REVIEWS, "").partition(".")
    try:
        return date.fromisoformat(day), UUID(entry_id)
    except ValueError:
        return None


def may_cancel(one: Scheduled) -> bool:
    """Tell whether whoever is signed in may take something off the schedule."""
    return one.fate == Fate.WAITING and may(NEEDS[Verb(one.verb)])


@pages.post("/cancel")
def cancel(scheduled_id: UUID) -> Response:
    """Take something off the schedule; it stays in sight. Lead back to the page on which that was asked for."""
    session = db.session()
    planned = schedule.scheduled(session, scheduled_id)
    require(NEEDS[Verb(planned.verb)])
    try:
        schedule.cancel(session, scheduled_id, why=request.form.get("why"))
    except Invalid:
        session.rollback()
        flash("It does not wait any more, so it cannot be taken off.", "error")
    else:
        session.commit()
        flash("It is off the schedule.", "success")
    return redirect(_back(planned.entry_id), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _back(entry_id: UUID) -> str:
    page = _ASKED_ON.get(request.args.get("back", ""))
    if page is None:
        return url_for("schedule.index")
    return url_for(page, entry_id=entry_id, version=request.args.get("version"))


def told_of(session: Session, planned: Iterable[Scheduled]) -> list[Due]:
    """Return scheduled acts with the titles of their entries, in the order given."""
    return _scheduled(session, list(planned))


def _scheduled(session: Session, planned: list[Scheduled]) -> list[Due]:
    chosen = select(Entry).where(Entry.id.in_({one.entry_id for one in planned}))
    about = {entry.id: entry for entry in session.scalars(chosen)} if planned else {}
    refusals = prospects.refusals(session, planned, now=datetime.now(UTC))
    return [
        Due(
            one.ended_at or one.due_at,
            about[one.entry_id].title,
            one.entry_id,
            about[one.entry_id].type,
            one,
            one.version,
            refusals.get(one.id),
        )
        for one in planned
    ]


def _reviews(session: Session, now: datetime, most: int) -> list[Due]:
    """Return the reviews that fall due within the days ahead, or are overdue."""
    return _due(listing.due_for_review(session, (now + AHEAD).date(), most, after=_behind_review()))


def _due(rows: Iterable[tuple[str, listing.Row]]) -> list[Due]:
    return [
        Due(schedule.midnight(row.due_on), row.title, row.id, name, version=row.live)
        for name, row in rows
        if row.due_on
    ]


def _by_day(things: list[Due]) -> list[Day]:
    return [Day(on, tuple(some)) for on, some in groupby(things, lambda due: local(due.at).date())]
