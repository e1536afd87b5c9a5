"""What stands in an entry's page in a row of its own: an article's FAQs, written, ordered and added from there."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from admin.accounts import signed_in_id
from admin.autosaving import as_saved
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.roles import Right
from content import arranging, entries, types
from content.arranging import POSITION
from content.editions import Edition
from content.entries import Entry
from content.errors import ContentError
from content.lists import Shown
from content.newest import finding, following
from content.newest.rows import mark
from content.types import ContentType
from content.versions import Version
from storage import db

PLACES = {"up": -1, "down": 1}

pages: Blueprint = pages_of("arrangement", __name__, "/admin/entries/<uuid:entry_id>")


@dataclass(frozen=True)
class Standing:
    """One entry of a row; `live` is its public version, if it has one."""

    id: UUID
    title: str
    latest: int
    position: int | None
    live: int | None


@dataclass(frozen=True)
class Arranged:
    """The entries of a type that name another by `link`, in their order; `add` is where the next one is written.

    `waiting` of them readers have at another place; `order` tells that from other orders.
    """

    declared: ContentType
    link: str
    entries: Sequence[Standing]
    add: str
    waiting: int
    order: str


def arranged(session: Session, entry: Entry) -> list[Arranged]:
    """Return every row of an entry: the newest versions of what points at it, by position, those without one last."""
    following.follow(session)
    rows = [(shown, types.get(shown.of)) for shown in entry.content_type.shown if shown.of]
    return [_row(session, entry, shown, declared) for shown, declared in rows if _has_position(declared)]


@dataclass(frozen=True)
class Back:
    """The entry from whose page this one is written, and where that is."""

    id: UUID
    title: str
    address: str


def way_back(session: Session) -> Back | None:
    """Return where a form leads back to once it is saved, if it was opened from another entry's page."""
    wanted = id_of(request.values.get("back", ""))
    entry = session.get(Entry, wanted) if wanted else None
    if entry is None:
        return None
    return Back(entry.id, entry.title, url_for(f"{entry.content_type.plural}.edit", entry_id=entry.id))


@pages.post("/arrange")
def arrange(entry_id: UUID) -> Response:
    """Move one entry of a row by a place."""
    require(Right.WRITE)
    session, entry = db.session(), entries.entry(db.session(), entry_id)
    chosen, places = id_of(request.form.get("entry", "")), PLACES.get(request.form.get("to", ""))
    row = next((row for row in arranged(session, entry) if chosen in [one.id for one in row.entries]), None)
    if row is None or chosen is None or places is None:
        abort(HTTPStatus.NOT_FOUND)
    order = arranging.moved([one.id for one in row.entries], chosen, places)
    there = as_saved(entry, _anchor=f"row-{row.declared.name}")
    arranging.arrange(session, order, by=signed_in_id())
    session.commit()
    flash("Moved. Readers see the new order once it is published.", "success")
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


@pages.post("/publish-order")
def publish_order(entry_id: UUID) -> Response:
    """Give readers the order of a row, in one act."""
    require(Right.PUBLISH)
    session, entry = db.session(), entries.entry(db.session(), entry_id)
    named = request.form.get("row", "")
    row = next((row for row in arranged(session, entry) if row.declared.name == named), None)
    if row is None:
        abort(HTTPStatus.NOT_FOUND)
    ids, expected = [one.id for one in row.entries], request.form.get("order", "")
    try:
        arranging.publish_order(session, ids, row.link, by=signed_in_id(), expected=expected)
    except ContentError as error:
        session.rollback()
        flash(f"Nothing was published. {error}", "error")
    else:
        flash("Readers have this order.", "success")
    # To the top of the page, where that is read.
    return redirect(as_saved(entry), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _has_position(declared: ContentType) -> bool:
    return any(field.name == POSITION for field in declared.fields)


def _row(session: Session, entry: Entry, shown: Shown, declared: ContentType) -> Arranged:
    link = str(shown.by)
    found = _standing(session, declared, link, entry)
    placed = arranging.unpublished(session, [one.id for one in found], link)
    following = max((one.position or 0 for one in found), default=0) + 1
    asked: dict[str, Any] = {
        link: entry.id,
        POSITION: following,
        "locale": entry.locale,
        "back": entry.id,
    }
    add = url_for(f"{declared.plural}.new", **asked)
    return Arranged(declared, link, found, add, len(placed), arranging.fingerprint(placed))


def _standing(session: Session, declared: ContentType, by: str, entry: Entry) -> list[Standing]:
    newest = and_(Version.entry_id == Entry.id, Version.number == Entry.latest)
    live = and_(Edition.entry_id == Entry.id, Edition.until_sequence.is_(None))
    chosen = (
        select(Entry.id, Entry.title, Entry.latest, Version.placement, Edition.version.label("live"))
        .join(Version, newest)
        .outerjoin(Edition, live)
        .where(Entry.type == declared.name, Entry.trashed_at.is_(None), Version.content.is_not(None))
        .where(Entry.id.in_(finding.bearing(session, declared.name, mark(by, str(entry.id)))))
    )
    rows = [
        Standing(row.id, row.title, row.latest, row.placement.get(POSITION), row.live)
        for row in session.execute(chosen)
    ]
    return sorted(rows, key=lambda one: (one.position is None, one.position or 0, one.id))
