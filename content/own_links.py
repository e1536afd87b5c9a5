"""Links to entries of ours: which entry an address names, and whether readers find anything there."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from content import types
from content.editions import Edition
from content.entries import Entry
from content.hrefs import parted
from content.log import State
from content.marks import Kind, Mark, in_locale
from content.standings import STATE, TARGET

_PARTS = {
    "type": "(?P<type>[a-z_]+)",
    "plural": "(?P<plural>[a-z_]+)",
    "locale": "(?P<locale>[A-Za-z0-9-]+)",
    "slug": "(?P<slug>[a-z0-9-]+)",
}


@dataclass(frozen=True)
class Named:
    """An entry as an address names it: by its slug in a locale, or by its id."""

    type: str
    key: str | UUID
    locale: str


def named(href: str, templates: Sequence[str], *, locale: str) -> Named | None:
    """Return which entry an address names by one of the templates, None where it is no entry's.

    A template has `{slug}` in it and `{type}` or `{plural}`, without which any page of a site could be an entry.
    `locale` is meant where the address says none.
    """
    address, asked = parted(href)
    for template in templates:
        found = _pattern(template.rstrip("/")).fullmatch(address)
        parts = found.groupdict() if found else {}
        if "slug" in parts and (type_name := _type_of(parts)):
            return Named(type_name, _key(parts["slug"]), parts.get("locale") or asked or locale)
    return None


def marks_of(session: Session, entries: Sequence[Entry], templates: Sequence[str]) -> list[Mark]:
    """Return what texts bear that link one of the entries in their words, as `named` knows it: by its id or a slug.

    A slug counts that it bore earlier, and none that another entry bore after it. One statement.
    """
    slugs, shortened = _slugs(session, entries), [template.rstrip("/") for template in templates]
    return [
        mark
        for entry in entries
        for template in shortened
        for mark in _marks(entry, template, slugs.get(entry.id, []))
    ]


def _slugs(session: Session, entries: Sequence[Entry]) -> dict[UUID, list[str]]:
    later = aliased(Edition)
    same = and_(later.type == Edition.type, later.locale == Edition.locale, later.slug == Edition.slug)
    taken = select(later.entry_id).where(
        same, later.entry_id != Edition.entry_id, later.from_sequence > Edition.from_sequence
    )
    of_them = Edition.entry_id.in_([entry.id for entry in entries])
    bore = select(Edition.entry_id, Edition.slug).where(of_them, ~taken.exists()).distinct()
    slugs: dict[UUID, list[str]] = {}
    for entry_id, slug in session.execute(bore):
        slugs.setdefault(entry_id, []).append(slug)
    return slugs


def _marks(entry: Entry, template: str, slugs: Sequence[str]) -> Iterator[Mark]:
    typed = template.replace("{type}", entry.type).replace("{plural}", entry.content_type.plural)
    if typed == template or "{slug}" not in template:
        return
    address = typed.replace("{locale}", entry.locale)
    # An id is the entry's whatever locale is meant, and so is a slug behind the locale that it is in.
    for written in (str(entry.id), entry.id.hex):
        yield Mark(Kind.ADDRESS, address.replace("{slug}", written))
    for slug in slugs:
        named = address.replace("{slug}", slug)
        yield Mark(Kind.ADDRESS, named) if "{locale}" in template else in_locale(named, entry.locale)


def unfound(session: Session, links: Collection[Named]) -> set[Named]:
    """Return those of `links` under which readers find nothing: neither what bears the name now, nor what bore it.

    What was redirected leads on, as long as it comes to something. Two statements, and one for each step of that.
    """
    bearers = _bearers(session, links)
    found = _found(session, {one for ids in bearers.values() for one in ids})
    return {link for link in links if found.isdisjoint(bearers.get(link, ()))}


def _bearers(session: Session, links: Collection[Named]) -> dict[Named, set[UUID]]:
    """Return which entries bear each name, or bore it."""
    bearers = {link: {link.key} for link in links if isinstance(link.key, UUID)}
    slugs = [(link.type, link.key, link.locale) for link in links if not isinstance(link.key, UUID)]
    address = (Edition.type, Edition.slug, Edition.locale)
    bore = select(*address, Edition.entry_id).where(*_columns_in(address, slugs)).distinct()
    for type_name, slug, locale, entry_id in session.execute(bore) if slugs else ():
        bearers.setdefault(Named(type_name, slug, locale), set()).add(entry_id)
    return bearers


def _found(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Return those entries that readers find, or from which they are led to something."""
    told: dict[UUID, tuple[str, str | None]] = {}
    asked = set(ids)
    while asked:
        stand = session.execute(select(Entry.id, STATE, TARGET).where(Entry.id.in_(asked))).all()
        told |= {entry_id: (state, target) for entry_id, state, target in stand}
        asked = {UUID(target) for _, state, target in stand if _is_ours(state, target)} - told.keys()
    return {one for one in ids if _ends(told, one)}


def _ends(told: Mapping[UUID, tuple[str, str | None]], entry_id: UUID) -> bool:
    """Whether who follows redirections from an entry comes to what is live, or to an address of the web."""
    for _ in told:
        state, target = told.get(entry_id, (None, None))
        if not _is_ours(state, target):
            return state == State.LIVE or (state == State.REDIRECTED and bool(target))
        entry_id = UUID(target)
    return False


def _is_ours(state: str | None, target: str | None) -> bool:
    return state == State.REDIRECTED and bool(target) and "://" not in str(target)


def entry_of(session: Session, link: Named) -> UUID | None:
    """Return which entry a link names: what bears the name now, or bore it last; None where nothing ever did."""
    if isinstance(link.key, UUID):
        named = Edition.entry_id == link.key
    else:
        named = and_(Edition.slug == link.key, Edition.locale == link.locale)
    bore = select(Edition.entry_id).where(Edition.type == link.type, named)
    newest = (Edition.until_sequence.is_not(None), Edition.from_sequence.desc())
    return session.scalar(bore.order_by(*newest).limit(1))


def _columns_in(columns: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[ColumnElement[bool]]:
    # SQLite looks no tuples up in an index; a row that has its parts of several is not asked for by anybody.
    return [column.in_({row[place] for row in rows}) for place, column in enumerate(columns)]


@lru_cache(maxsize=64)
def _pattern(template: str) -> re.Pattern[str]:
    names = "|".join(_PARTS)
    parts = re.split(rf"\{{({names})\}}", template)
    return re.compile(
        "".join(_PARTS[part] if place % 2 else re.escape(part) for place, part in enumerate(parts))
    )


def _type_of(parts: dict[str, Any]) -> str | None:
    given = [parts.get("type"), parts.get("plural")]
    return next(
        (known.name for known in types.everyone() if known.name == given[0] or known.plural == given[1]), None
    )


def _key(text: str) -> str | UUID:
    try:
        return UUID(text)
    except ValueError:
        return text
