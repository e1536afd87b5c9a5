"""Picking other entries in a form: a bounded choice, a look-up for more, and making a new one by its name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from slugify import slugify
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from admin import listing
from admin.forms import shown_fields
from admin.frame import pages_of
from content import types, versions
from content.database import begin_writing
from content.editions import Edition
from content.entries import Entry
from content.errors import Fault, Invalid
from content.fields import Link
from content.lists import Links
from content.types import ContentType
from storage import db

NEW = "new:"
MOST = 100  # options that a form carries with it
MOST_FOUND = 20
MAKING_LOCK = 0x6D61_6B65  # "make": the key of PostgreSQL's advisory lock that makers queue for

pages: Blueprint = pages_of("picking", __name__, "/admin/pick")


@dataclass(frozen=True)
class Option:
    """One thing to pick: `value` is an entry's id, or "new:" and the name of one to be made."""

    value: str
    label: str


def options(session: Session, field: Link | Links, chosen: Iterable[str], locale: str) -> list[Option]:
    """Return what a field offers: what is chosen, then the first by title."""
    chosen = list(chosen)
    made = [Option(one, one.removeprefix(NEW)) for one in chosen if one.startswith(NEW)]
    ids = [UUID(one) for one in chosen if _is_id(one)]
    titles = {entry.id: entry.title for entry in session.scalars(select(Entry).where(Entry.id.in_(ids)))}
    kept = [Option(str(one), titles.get(one) or str(one)) for one in ids]
    return (
        made
        + kept
        + [option for option in _by_title(session, field.to, locale, "", MOST) if option not in kept]
    )


def live_options(
    session: Session, type_name: str, locale: str, chosen: str, *, but: Entry | None = None
) -> list[Option]:
    """Return what can take the place of others of a type: what is chosen, then the first live ones by title."""
    picked = session.get(Entry, UUID(chosen)) if _is_id(chosen) else None
    kept = [Option(str(picked.id), picked.title)] if picked else []
    own = [Option(str(but.id), but.title)] if but else []
    found = _by_title(session, type_name, locale, "", MOST, live=True)
    return kept + [option for option in found if option not in own + kept]


def options_of(
    session: Session, declared: ContentType, values: Mapping[str, Any], locale: str
) -> dict[str, list[Option]]:
    """Return what each link of a form offers, by field."""
    return {
        field.name: options(session, field, _chosen(values.get(field.name)), locale)
        for field in _links(declared)
    }


def makeable(type_name: str) -> bool:
    """Tell whether an entry of that type can be made from a name alone."""
    declared = types.get(type_name)
    return all(
        field.name == declared.title or field.kind == "slug" for field in declared.fields if field.required
    )


def with_new_made(
    session: Session, declared: ContentType, values: Mapping[str, Any], *, locale: str, by: str
) -> dict[str, Any]:
    """Return `values` with the ids of what was picked; what is new is made as a draft, to be committed with them.

    Raises Invalid, at the field in which something is picked whose name does not fit.
    """
    made = dict(values)
    if any(one.startswith(NEW) for field in _links(declared) for one in _chosen(values.get(field.name))):
        _queue(session)
    for field in declared.fields:
        if isinstance(field, Links) and made.get(field.name):
            made[field.name] = [_made(session, field, one, locale, by) for one in made[field.name]]
        elif isinstance(field, Link) and str(made.get(field.name) or "").startswith(NEW):
            made[field.name] = _made(session, field, made[field.name], locale, by)
    return made


def names_of_new(declared: ContentType, typed: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, str]:
    """Return by their ids the names of what `with_new_made` made of what was `typed`."""
    return {
        entry_id: picked.removeprefix(NEW)
        for field in _links(declared)
        for picked, entry_id in zip(
            _chosen(typed.get(field.name)), _chosen(made.get(field.name)), strict=False
        )
        if picked.startswith(NEW)
    }


@pages.get("/<type_name>")
def look_up(type_name: str) -> Response:
    """Answer at most 20 entries of a type whose title holds `q`, `but` one; with `live`, those that readers have."""
    locale, words = request.args.get("locale", ""), request.args.get("q", "")[:100]
    live, declared, but = "live" in request.args, types.get(type_name), request.args.get("but", "")
    found = _by_title(db.session(), declared.name, locale, words, MOST_FOUND, live=live)
    return jsonify([{"value": one.value, "text": one.label} for one in found if one.value != but])


def _by_title(
    session: Session, type_name: str, locale: str, words: str, most: int, *, live: bool = False
) -> list[Option]:
    named = (Entry.type == type_name, Entry.title != "", Entry.trashed_at.is_(None), listing.is_kept())
    chosen = select(Entry.id, Entry.title).where(*named)
    if live:
        chosen = chosen.join(Edition, and_(Edition.entry_id == Entry.id, Edition.until_sequence.is_(None)))
    if locale:
        chosen = chosen.where(Entry.locale == locale)
    if words:
        chosen = chosen.where(Entry.title.icontains(words, autoescape=True))
    rows = session.execute(chosen.order_by(Entry.title, Entry.id).limit(most))
    return [Option(str(row.id), row.title) for row in rows]


def _queue(session: Session) -> None:
    """Let those who make something by its name do so one after another, each seeing what was made before."""
    begin_writing(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(MAKING_LOCK)))


def _made(session: Session, field: Link | Links, picked: str, locale: str, by: str) -> str:
    if not picked.startswith(NEW) or not makeable(field.to):
        return picked
    declared = types.get(field.to)
    try:
        name = declared.field(declared.title).clean(picked.removeprefix(NEW).strip())
        return str(_known(session, declared, name, locale) or _new(session, declared, name, locale, by))
    except Invalid as error:
        raise Invalid([Fault(f"/{field.name}", fault.detail) for fault in error.faults]) from error


def _known(session: Session, declared: ContentType, name: str, locale: str) -> UUID | None:
    named = (Entry.type == declared.name, Entry.locale == locale, Entry.title == name)
    kept = (Entry.trashed_at.is_(None), listing.is_kept())
    return session.scalar(select(Entry.id).where(*named, *kept).limit(1))


def _new(session: Session, declared: ContentType, name: str, locale: str, by: str) -> UUID:
    values: dict[str, Any] = {declared.title: name}
    values |= {part.name: slugify(name, max_length=80) for part in declared.fields if part.kind == "slug"}
    note = "Made while writing."
    return versions.create(session, declared.name, values, locale=locale, by=by, note=note).entry_id


def ids_of(value: str | list[str] | None) -> list[UUID]:
    """Return the ids in a link's value, whether it holds one or several."""
    return [UUID(one) for one in _chosen(value)]


def _links(declared: ContentType) -> list[Link | Links]:
    return [field for field in shown_fields(declared.fields) if isinstance(field, Link | Links)]


def _chosen(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) and value else list(value or [])


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
