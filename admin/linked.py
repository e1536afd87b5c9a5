"""Linked: what a text names, in the versions that readers have, had at a sequence, or will have with the text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from admin.ids import id_of
from content.editions import Edition, live_at
from content.entries import Entry
from content.fields import Link
from content.lists import Links
from content.types import ContentType
from content.versions import Version
from storage import db

_VERSION = and_(Version.entry_id == Edition.entry_id, Version.number == Edition.version)
_NEWEST = and_(Version.entry_id == Entry.id, Version.number == Entry.latest)


@dataclass(frozen=True)
class Linked:
    """An entry that a text names, and the version that stands for it; `public`: readers have that, or had it then."""

    entry: Entry
    version: Version
    public: bool

    @property
    def title(self) -> str:
        """What it is called in that version."""
        return self.entry.content_type.title_of(self.version.values)


def linked(session: Session, ids: Iterable[UUID], *, at: int | None = None) -> dict[UUID, Linked]:
    """Return what stands for entries, by their ids: the versions that readers have, or had at the sequence `at`.

    Without `at`, what was never public stands in its newest version, in which it would become so.
    """
    wanted = set(ids)
    if not wanted:
        return {}
    held = Edition.until_sequence.is_(None) if at is None else live_at(at)
    live = select(Entry, Version).join(Edition, Edition.entry_id == Entry.id).join(Version, _VERSION)
    found = {
        one.id: Linked(one, shown, True) for one, shown in session.execute(live.where(_is(wanted), held))
    }
    return found if at is not None else found | _drafts(session, wanted - found.keys())


def entry_of(target: str | None) -> Entry | None:
    """Return the entry that a withdrawn one leads to; an address of the web is none of ours."""
    entry_id = id_of(target or "")
    return db.session().get(Entry, entry_id) if entry_id else None


def ids_in(declared: ContentType, values: Mapping[str, Any], to: str | None = None) -> Iterator[UUID]:
    """Yield the ids of all that a version's fields name, or of what is of the type `to`."""
    for field in declared.fields:
        if isinstance(field, Link | Links) and to in (None, field.to):
            value = values.get(field.name) or []
            yield from map(UUID, [value] if isinstance(value, str) else value)


def _drafts(session: Session, ids: set[UUID]) -> dict[UUID, Linked]:
    was_public = select(Edition.entry_id).where(Edition.entry_id == Entry.id).exists()
    newest = select(Entry, Version).join(Version, _NEWEST).where(_is(ids), ~was_public)
    return {one.id: Linked(one, shown, False) for one, shown in session.execute(newest)}


def _is(ids: set[UUID]) -> Any:
    return Entry.id.in_(ids)
