"""The trash: drafts that were put aside, and the way back."""

from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_admin import expose

from admin.accounts import signed_in_id
from admin.frame import NewsroomView, pages_of, require
from admin.names import names_of
from admin.roles import Right
from content import entries, trash
from content.errors import Invalid, WrongStanding
from content.trash import Place
from storage import db

PAGE = 50

pages: Blueprint = pages_of("throwing", __name__, "/admin/entries/<uuid:entry_id>")


class TrashView(NewsroomView):
    """What lies in the trash, the last first."""

    needs = Right.WRITE

    def __init__(self) -> None:
        super().__init__("Trash", category="House", endpoint="trash", url="trash", menu_icon_value="trash")

    @expose("/")
    def index(self) -> str:
        """Show a page of the trash."""
        found = trash.thrown_away(db.session(), limit=PAGE + 1, after=_place())
        shown = found[:PAGE]
        names = names_of(db.session(), (str(entry.trashed_by) for entry in shown))
        following = _after(shown[-1]) if len(found) > PAGE else None
        return self.render("admin/trash.html", thrown=shown, names=names, following=following)


@pages.post("/throw-away")
def throw_away(entry_id: UUID) -> Response:
    """Put a draft into the trash."""
    require(Right.WRITE)
    session, plural = db.session(), entries.entry(db.session(), entry_id).content_type.plural
    try:
        entry = trash.throw_away(session, entry_id, by=signed_in_id())
    except (WrongStanding, Invalid) as error:
        session.rollback()
        flash(_told(error), "error")
        return _to(url_for(f"{plural}.edit", entry_id=entry_id))
    title = entry.title
    session.commit()
    flash(f"{title} is in the trash, from where it can come back.", "success")
    return _to(url_for(f"{plural}.index"))


@pages.post("/take-out")
def take_out(entry_id: UUID) -> Response:
    """Take a draft out of the trash."""
    require(Right.WRITE)
    entry = trash.take_out(db.session(), entry_id)
    there = url_for(f"{entry.content_type.plural}.edit", entry_id=entry_id)
    db.session.commit()
    flash("It is out of the trash, as it was.", "success")
    return _to(there)


def _told(error: WrongStanding | Invalid) -> str:
    if isinstance(error, Invalid) and error.faults[0].pointer == "/submission":
        return "It waits for a reviewer. Take it back on its review page first."
    if isinstance(error, Invalid):
        return "It is on the schedule. Take it off first."
    return "It was public, so it cannot be thrown away. Withdraw it: whoever comes is told what became of it."


def _to(there: str) -> Response:
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _after(entry: entries.Entry) -> str:
    assert entry.trashed_at
    return f"{entry.trashed_at.isoformat()}_{entry.id}"


def _place() -> Place | None:
    """Read where the page before ended; what is no place is the beginning."""
    moment, _, entry_id = request.args.get("after", "").partition("_")
    try:
        return Place(datetime.fromisoformat(moment).astimezone(UTC), UUID(entry_id))
    except ValueError:
        return None
