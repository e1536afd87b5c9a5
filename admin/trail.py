"""What became of an entry: its versions, what readers saw of them, the difference of any two, and going back."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select

from admin import listing
from admin.accounts import signed_in_id
from admin.frame import pages_of, require
from admin.names import names_of
from admin.numbers import number_of
from admin.roles import Right
from content import diffs, entries, markup, versions
from content.entries import Entry
from content.errors import InTrash
from content.log import Act, Line
from content.versions import Version
from storage import db

pages: Blueprint = pages_of("trail", __name__, "/admin/entries/<uuid:entry_id>")


@pages.get("/history")
def history(entry_id: UUID) -> str:
    """Show every version and every act, the newest first."""
    session = db.session()
    entry, kept = entries.entry(session, entry_id), versions.history(session, entry_id)
    lines = _lines(entry_id)
    names = names_of(session, [*(version.by for version in kept), *(act.by for act, _ in lines)])
    public = {line.version for _, line in lines if line.version}
    row = listing.row(session, entry_id)
    return render_template(
        "admin/history.html", entry=entry, row=row, versions=kept, lines=lines, names=names, public=public
    )


@pages.get("/diff")
def diff(entry_id: UUID) -> str:
    """Show what changed between two versions, field by field, in whole words."""
    entry = entries.entry(db.session(), entry_id)
    after = _version(entry, "to", entry.latest)
    before = _version(entry, "from", max(1, after.number - 1))
    return render_template(
        "admin/diff.html",
        entry=entry,
        row=listing.row(db.session(), entry_id),
        before=before,
        after=after,
        fields=diffs.compare(entry.content_type, before.values, after.values),
        numbers=range(entry.latest, 0, -1),
        names=names_of(db.session(), [before.by, after.by]),
    )


@pages.get("/versions/<number>")
def version(entry_id: UUID, number: str) -> str:
    """Show one version as its readers would see it."""
    entry, shown = entries.entry(db.session(), entry_id), _numbered(entry_id, number_of(number))
    if shown.erased:
        abort(HTTPStatus.GONE)
    return render_template(
        "admin/version.html",
        entry=entry,
        row=listing.row(db.session(), entry_id),
        version=shown,
        render=markup.render,
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
    note = f"Restored version {earlier.number}."
    there = url_for(f"{entry.content_type.plural}.edit", entry_id=entry_id)
    try:
        made = versions.save(
            session, entry_id, earlier.values, based_on=entry.latest, by=signed_in_id(), note=note
        )
    except InTrash as error:
        session.rollback()
        flash(str(error), "error")
        return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
    session.commit()
    flash(f"Version {made.number} says again what version {earlier.number} said.", "success")
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _lines(entry_id: UUID) -> Sequence[tuple[Act, Line]]:
    chosen = select(Act, Line).join(Line, Line.sequence == Act.sequence).where(Line.entry_id == entry_id)
    return [(act, line) for act, line in db.session.execute(chosen.order_by(Act.sequence.desc()))]


def _version(entry: Entry, name: str, otherwise: int) -> Version:
    return _numbered(entry.id, number_of(request.args.get(name, str(otherwise))))


def _numbered(entry_id: UUID, number: int | None) -> Version:
    if number is None:
        abort(HTTPStatus.NOT_FOUND)
    return versions.version(db.session(), entry_id, number)
