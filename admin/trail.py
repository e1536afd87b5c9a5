"""What became of an entry: its versions, what readers saw of them, the difference of any two, and going back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from admin import listing, pictures
from admin.accounts import signed_in_id
from admin.autosaving import as_saved
from admin.comparing import Manner, compared, with_titles
from admin.frame import pages_of, require
from admin.linked import ids_in, linked
from admin.names import names_of
from admin.numbers import number_of
from admin.roles import Right
from admin.timeline import timeline
from admin.times import day_of, is_shown, local
from admin.version_choices import version_choices
from content import entries, versions
from content import history as past
from content.database import begin_writing
from content.entries import Entry
from content.errors import ContentRetracted, InTrash
from content.log import sequence_at
from content.markup import Prose
from content.versions import Version
from storage import db

pages: Blueprint = pages_of("trail", __name__, "/admin/entries/<uuid:entry_id>")

_TO_COME = "“What was public on” asks for today, or a day before it; this one is to come."


@pages.get("/history")
def history(entry_id: UUID) -> str:
    """Show all that happened to an entry, the newest first."""
    session = db.session()
    entry = entries.entry(session, entry_id)
    days = timeline(session, entry)
    return render_template(
        "admin/history.html",
        entry=entry,
        row=listing.row(session, entry_id),
        days=days,
        choices=version_choices(session, entry),
        names=names_of(session, (step.by for day in days for step in day.steps)),
        public={step.line.version for day in days for step in day.steps if step.line},
        today=local(datetime.now(UTC)).date(),
    )


@pages.get("/on")
def on_day(entry_id: UUID) -> Response:
    """Show what readers had of an entry on one day of the newsroom's calendar, or that the day is to come."""
    session, asked = db.session(), request.args.get("day", "")
    entry, day = entries.entry(session, entry_id), _day(asked)
    begins, ends = day_of(day)
    today = local(datetime.now(UTC)).date()
    shown = past.shown_between(session, entry_id, begins, ends) if day <= today else []
    page = render_template(
        "admin/on_day.html",
        entry=entry,
        row=listing.row(session, entry_id),
        day=day,
        shown=[_as_it_was(entry, one, ends) for one in shown],
        begins=begins,
        ends=ends,
        today=today,
        error=_TO_COME if day > today else None,
        wrong="day" if day > today else None,
    )
    return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY if day > today else HTTPStatus.OK)


@pages.get("/diff")
def diff(entry_id: UUID) -> str:
    """Show what changed between two versions: as readers see it, as its source, or field by field.

    Of a text as readers see it only what is near to a change, unless it is asked for `whole`.
    """
    session, entry = db.session(), entries.entry(db.session(), entry_id)
    after = _version(entry, "to", entry.latest)
    before = _version(entry, "from", max(1, after.number - 1))
    manner, whole = request.args.get("as", Manner.PROSE), "whole" in request.args
    return render_template(
        "admin/diff.html",
        entry=entry,
        row=listing.row(session, entry_id),
        before=before,
        after=after,
        manner=Manner(manner) if manner in list(Manner) else abort(HTTPStatus.NOT_FOUND),
        manners=Manner,
        whole=whole,
        fields=compared(session, entry.content_type, before.values, after.values, near=not whole),
        choices=version_choices(session, entry),
        names=names_of(session, [before.by, after.by]),
    )


@pages.get("/versions/<number>")
def version(entry_id: UUID, number: str) -> str:
    """Show one version as its readers would see it."""
    entry, shown = entries.entry(db.session(), entry_id), _numbered(entry_id, number_of(number))
    if shown.erased:
        abort(HTTPStatus.GONE)
    [values] = with_titles(db.session(), entry.content_type, shown.values)
    named = linked(db.session(), ids_in(entry.content_type, shown.values)).values()
    return render_template(
        "admin/version.html",
        entry=entry,
        row=listing.row(db.session(), entry_id),
        version=shown,
        values=values,
        drafts=[one for one in named if not one.public],
        render=pictures.rendered,
        names=names_of(db.session(), [shown.by]),
    )


@pages.post("/restore")
def restore(entry_id: UUID) -> Response:
    """Make a new version with what an earlier one said; nothing between is lost."""
    require(Right.WRITE)
    session, number = db.session(), request.form.get("version", "")
    entry = entries.entry(session, entry_id)
    earlier = _numbered(entry_id, number_of(number))
    if earlier.erased:
        abort(HTTPStatus.GONE)
    note, seen = f"Restored version {earlier.number}.", number_of(request.form.get("newest", ""))
    there = as_saved(entry)
    begin_writing(session)
    if versions.queued(session, entry_id).latest != seen:
        session.rollback()
        flash(
            "Nothing was restored: somebody has saved another version since. See what it says first.", "error"
        )
        return redirect(url_for("trail.history", entry_id=entry_id), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
    try:
        made = versions.save(
            session, entry_id, earlier.values, based_on=seen, by=signed_in_id(), note=note, anew=True
        )
    except (InTrash, ContentRetracted) as error:
        session.rollback()
        flash(f"Nothing was restored. {error}", "error")
        return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
    session.commit()
    flash(f"Version {made.number} says again what version {earlier.number} said.", "success")
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _as_it_was(
    entry: Entry, shown: past.Shown, ends: datetime
) -> tuple[past.Shown, Version, dict[str, Any], Callable[[str], Prose]]:
    """A public form with its version, what that says, and how its texts are shown.

    What it names is called, and what it depicts looks, as at the end of the time that is asked about.
    """
    session, until = db.session(), shown.edition.until_sequence
    last = sequence_at(session, ends - timedelta.resolution)
    at = min(last, until - 1) if until else last
    version = versions.version(session, entry.id, shown.edition.version)
    [values] = with_titles(session, entry.content_type, version.values, at=at)
    return shown, version, values, partial(pictures.rendered, at=at)


def _day(asked: str) -> date:
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)
    return day if is_shown(day) else abort(HTTPStatus.NOT_FOUND)


def _version(entry: Entry, name: str, otherwise: int) -> Version:
    return _numbered(entry.id, number_of(request.args.get(name, str(otherwise))))


def _numbered(entry_id: UUID, number: int | None) -> Version:
    if number is None:
        abort(HTTPStatus.NOT_FOUND)
    return versions.version(db.session(), entry_id, number)
