"""Uses: where something stands that many entries bear: another entry by its id, a tag, a source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import rfc8785
from sqlalchemy import Text, and_, false, or_, select, type_coerce
from sqlalchemy.orm import Session

from content import types
from content.citations import Citation
from content.depicting import PicturesOf
from content.editions import Edition
from content.entries import Entry
from content.fields import Field, Link
from content.fingerprints import key_of
from content.lists import Links, Tags
from content.log import State
from content.schedule import Fate, Scheduled
from content.sources import SOURCES
from content.standings import STATE
from content.types import ContentType
from content.versions import Version


class Kind(StrEnum):
    """What can be borne."""

    ENTRY = "entry"
    TAG = "tag"
    SOURCE = "source"


@dataclass(frozen=True)
class Mark:
    """One thing that entries bear: `value` as it stands in their fields; `to` is its type, where it is an entry."""

    kind: Kind
    value: Any
    to: str | None = None

    @property
    def key(self) -> str:
        """What it is known by without telling its words: the SHA-256, in hex, of its canonical JSON."""
        return key_of(self.value)

    def fields(self, declared: ContentType) -> list[Field]:
        """Return the fields of a type that can bear it."""
        return [field for field in declared.fields if self._may_stand_in(field)]

    def stands_in(self, declared: ContentType, values: Mapping[str, Any]) -> bool:
        """Tell whether an entry with these values bears it."""
        return any(self.value in _listed(values.get(field.name)) for field in self.fields(declared))

    def replaced(self, declared: ContentType, values: Mapping[str, Any], other: Any) -> dict[str, Any]:
        """Return the values with `other` in its place, in every list each once; None takes it out."""
        changed = dict(values)
        for field in self.fields(declared):
            if isinstance(field, PicturesOf):
                changed |= field.renamed(values, self.value, other) if other else {}
            elif self.value in (borne := _listed(values.get(field.name))):
                swapped = [other if one == self.value else one for one in borne]
                kept = _each_once([one for one in swapped if one is not None])
                changed[field.name] = (kept or [None])[0] if isinstance(field, Link) else kept
        return changed

    def _may_stand_in(self, field: Field) -> bool:
        if self.kind == Kind.ENTRY:
            return isinstance(field, Link | Links) and field.to == self.to
        return isinstance(field, Tags) if self.kind == Kind.TAG else field.name == SOURCES.name


def entry_mark(entry: Entry) -> Mark:
    """Return what stands in those that link an entry."""
    return Mark(Kind.ENTRY, str(entry.id), entry.type)


def tag_mark(tag: str) -> Mark:
    """Return what stands in those that bear a tag."""
    return Mark(Kind.TAG, tag)


def source_mark(facts: Mapping[str, str]) -> Mark:
    """Return what stands in those that cite a source: all its facts, for alike they are one."""
    return Mark(Kind.SOURCE, dict(facts))


@dataclass(frozen=True)
class Use:
    """One entry that bears a mark: in its newest version, in the live one, or in both. `live` is None where none is."""

    entry: Entry
    state: State
    newest: int
    live: int | None
    in_newest: bool
    in_live: bool


def uses(session: Session, mark: Mark) -> list[Use]:
    """Return every entry that bears a mark in its newest version or before readers, by title; also from the trash.

    Two statements, however many there are.
    """
    newest = and_(Version.entry_id == Entry.id, Version.number == Entry.latest)
    live = and_(Edition.entry_id == Entry.id, Edition.until_sequence.is_(None))
    shown = and_(Version.entry_id == Edition.entry_id, Version.number == Edition.version)
    columns = (Entry, STATE.label("state"), Edition.version.label("live"))
    drafts = _holding(mark, select(*columns).join(Version, newest).outerjoin(Edition, live))
    public = _holding(mark, select(*columns).join(Edition, live).join(Version, shown))
    in_newest = {row.Entry.id: row for row in session.execute(drafts) if _bears(mark, row)}
    in_live = {row.Entry.id: row for row in session.execute(public) if _bears(mark, row)}
    found = [
        Use(row.Entry, State(row.state), row.Entry.latest, row.live, one in in_newest, one in in_live)
        for one, row in {**in_newest, **in_live}.items()
    ]
    return sorted(found, key=lambda use: (use.entry.title.casefold(), use.entry.id))


def pinned(session: Session, mark: Mark) -> list[tuple[Entry, Scheduled]]:
    """Return what waits on the schedule to show a version that bears a mark."""
    meant = and_(Version.entry_id == Scheduled.entry_id, Version.number == Scheduled.version)
    chosen = select(Entry, Scheduled).join(Scheduled, Scheduled.entry_id == Entry.id).join(Version, meant)
    rows = session.execute(_holding(mark, chosen.where(Scheduled.fate == Fate.WAITING)))
    return [(row.Entry, row.Scheduled) for row in rows if _bears(mark, row)]


def _holding(mark: Mark, chosen: Any) -> Any:
    """Narrow rows of `Entry` and `Version` to those in which a mark may stand, with the half that it stands in.

    Canonical JSON has a value in one way only, so its text is looked for; another field may happen to hold it too. Of a
    source it is kept which versions cite it.
    """
    if mark.kind == Kind.SOURCE:
        cites = and_(Citation.entry_id == Version.entry_id, Citation.version == Version.number)
        return chosen.join(Citation, cites).where(Citation.key == mark.key)
    bearers = [known for known in types.everyone() if mark.fields(known)]
    halves = {Version.content: "content", Version.placement: "placement"}
    columns: list[Any] = [half for half, name in halves.items() if _stands_in_half(mark, bearers, name)]
    written = rfc8785.dumps(mark.value).decode()
    found = [type_coerce(column, Text).contains(written, autoescape=True) for column in columns]
    named = Entry.type.in_([known.name for known in bearers])
    return chosen.add_columns(*columns).where(named, or_(false(), *found))


def _stands_in_half(mark: Mark, bearers: Sequence[ContentType], half: str) -> bool:
    return any(field in getattr(known, half) for known in bearers for field in mark.fields(known))


def _bears(mark: Mark, row: Any) -> bool:
    if mark.kind == Kind.SOURCE:
        return True
    values = {**(getattr(row, "content", None) or {}), **(getattr(row, "placement", None) or {})}
    return mark.stands_in(row.Entry.content_type, values)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _each_once(items: list[Any]) -> list[Any]:
    return [one for place, one in enumerate(items) if one not in items[:place]]
