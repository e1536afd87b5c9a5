"""The schedule: what is due, day by day, what became of what was due, and taking something off it."""

from collections.abc import Iterable
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
from admin.names import names_of
from admin.roles import Right
from admin.times import local
from content import schedule, types
from content.entries import Entry
from content.errors import Invalid
from content.schedule import Fate, Scheduled, Verb
from storage import db

AHEAD = timedelta(days=90)  # how far reviews that fall due are shown
BEHIND = timedelta(days=30)  # how long what is over stays in sight
MOST, MOST_REVIEWS = 100, 100

pages: Blueprint = pages_of("scheduling", __name__, "/admin/scheduled/<uuid:scheduled_id>")

# Who may do a thing may put it on the schedule, and take it off.
NEEDS = {verb: Right.PUBLISH if verb == Verb.PUBLISH else Right.WITHDRAW for verb in Verb}


@dataclass(frozen=True)
class Due:
    """One thing on a day: something scheduled, or a review that falls due (`scheduled` is None), and of which entry.

    `at` is when it is due, or came to its end. A review falls due as its day begins in UTC, whatever the newsroom's
    clock says then.
    """

    at: datetime
    title: str
    entry_id: UUID
    type: str
    scheduled: Scheduled | None = None
    version: int | None = None


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
        """Show what is due, day by day, and below it what was."""
        session, now = db.session(), datetime.now(UTC)
        waiting, over = _waiting(session), _over(session, now - BEHIND)
        reviews, more_reviews = _reviews(session, waiting, now)
        coming = [*_scheduled(session, waiting.shown), *reviews]
        return self.render(
            "admin/schedule.html",
            coming=_by_day(sorted(coming, key=lambda due: due.at)),
            over=_by_day(_scheduled(session, over.shown)),
            pages={"coming": waiting, "over": over},
            more_reviews=more_reviews,
            now=now,
            names=names_of(session, (one.by for one in (*waiting.shown, *over.shown))),
            may_cancel=may_cancel,
            declared={known.name: known for known in types.everyone()},
        )


@dataclass(frozen=True)
class Part:
    """A page of what is on the schedule: what came before it (None on the first), and whether more comes after it."""

    after: Scheduled | None
    shown: list[Scheduled]
    more: bool


def _waiting(session: Session) -> Part:
    after = _behind(session, "coming")
    return _part(after, schedule.waiting(session, MOST + 1, after=after))


def _over(session: Session, since: datetime) -> Part:
    after = _behind(session, "over")
    return _part(after, schedule.ended(session, since, MOST + 1, after=after))


def _part(after: Scheduled | None, found: list[Scheduled]) -> Part:
    return Part(after, found[:MOST], len(found) > MOST)


def _behind(session: Session, name: str) -> Scheduled | None:
    """Return what the page begins behind; from the first on, where that is not known."""
    known = id_of(request.args.get(name, ""))
    return session.get(Scheduled, known) if known else None


def may_cancel(one: Scheduled) -> bool:
    """Tell whether whoever is signed in may take something off the schedule."""
    return one.fate == Fate.WAITING and may(NEEDS[Verb(one.verb)])


@pages.post("/cancel")
def cancel(scheduled_id: UUID) -> Response:
    """Take something off the schedule; it stays in sight."""
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
    return redirect(url_for("schedule.index"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def told_of(session: Session, planned: Iterable[Scheduled]) -> list[Due]:
    """Return scheduled acts with the titles of their entries, in the order given."""
    return _scheduled(session, list(planned))


def _scheduled(session: Session, planned: list[Scheduled]) -> list[Due]:
    chosen = select(Entry).where(Entry.id.in_({one.entry_id for one in planned}))
    about = {entry.id: entry for entry in session.scalars(chosen)} if planned else {}
    return [
        Due(
            one.ended_at or one.due_at,
            about[one.entry_id].title,
            one.entry_id,
            about[one.entry_id].type,
            one,
            one.version,
        )
        for one in planned
    ]


def _reviews(session: Session, waiting: Part, now: datetime) -> tuple[list[Due], bool]:
    """Return the reviews that fall due between what is on the schedule, and whether there are more than are shown."""
    after = waiting.after.due_at.date() if waiting.after else date.min
    until = (now + AHEAD).date()
    if waiting.more:
        until = min(until, waiting.shown[-1].due_at.date())
    rows = listing.due_for_review(session, until, MOST_REVIEWS + 1, after=after)
    reviews = [
        Due(schedule.midnight(row.due_on), row.title, row.id, name, version=row.live)
        for name, row in rows[:MOST_REVIEWS]
        if row.due_on
    ]
    return reviews, len(rows) > MOST_REVIEWS


def _by_day(things: list[Due]) -> list[Day]:
    return [Day(on, tuple(some)) for on, some in groupby(things, lambda due: local(due.at).date())]
