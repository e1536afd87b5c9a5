"""What the texts are filed under and rest on: the tree of topics, the tags and the sources in use."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Text, and_, select, type_coerce
from sqlalchemy.orm import Session

from admin import listing
from admin.listing import Row
from content import retiring
from content.entries import Entry
from content.fields import Link
from content.types import ContentType
from content.uses import Kind, source_mark, tag_mark
from content.versions import Version

MOST_OFFERED = 300
One = TypeVar("One", "Tag", "Source")


@dataclass(frozen=True)
class Tag:
    """A tag, and how many newest versions bear it, by type."""

    name: str
    uses: dict[str, int]
    retired: bool = False


@dataclass(frozen=True)
class Source:
    """A source as its texts cite it, and the entries that do."""

    facts: dict[str, str]
    cited_by: tuple[Entry, ...]
    retired: bool = False


@dataclass(frozen=True)
class Branch:
    """An entry of a tree, and what hangs below it."""

    row: Row
    below: tuple["Branch", ...]


@dataclass(frozen=True)
class Tree:
    """A type whose entries name one of their own above them, in the field `parent`."""

    declared: ContentType
    parent: str

    def shown(self, session: Session) -> dict[str, Any]:
        """Return what the tree's page shows."""
        rows = listing.tree(session, self.declared, self.parent)
        return {"branches": branches(rows), "parent": self.parent, "count": len(rows)}


def tree_of(declared: ContentType) -> Tree | None:
    """Return the tree that a type's entries make, or None."""
    for field in declared.fields:
        if isinstance(field, Link) and field.to == declared.name:
            return Tree(declared, field.name)
    return None


def branches(rows: list[tuple[Row, UUID | None]]) -> tuple[Branch, ...]:
    """Return the tops of the tree; an entry whose parents lead round in a circle, or to nothing, is a top too."""
    parents = {row.id: parent for row, parent in rows}
    tops = [row for row, parent in rows if parent not in parents or _circles(row.id, parents)]
    below: dict[UUID | None, list[Row]] = {}
    for row, parent in rows:
        below.setdefault(None if row in tops else parent, []).append(row)

    def grow(row: Row) -> Branch:
        return Branch(row, tuple(grow(child) for child in below.get(row.id, [])))

    return tuple(grow(row) for row in tops)


def known_tags(session: Session, most: int | None = None) -> list[Tag]:
    """Return the tags that newest versions bear (the `most` last saved, if told), by name."""
    uses: dict[str, Counter[str]] = {}
    rows = session.execute(_newest(Entry.type, Version.placement, holding='"tags":[').limit(most))
    for entry_type, placement in rows:
        for tag in placement["tags"]:
            uses.setdefault(tag, Counter())[entry_type] += 1
    gone = retiring.retired(session, Kind.TAG)
    return [
        Tag(name, dict(uses[name]), tag_mark(name).key in gone) for name in sorted(uses, key=str.casefold)
    ]


def known_sources(session: Session, most: int | None = None) -> list[Source]:
    """Return the sources that newest versions cite (the `most` last saved, if told), by title; alike, they are one."""
    cited: dict[tuple[tuple[str, str], ...], list[Entry]] = {}
    rows = session.execute(_newest(Entry, Version.content, holding='"sources":[').limit(most))
    for entry, content in rows:
        for facts in content["sources"]:
            cited.setdefault(tuple(facts.items()), []).append(entry)
    gone = retiring.retired(session, Kind.SOURCE)
    found = [
        Source(dict(facts), tuple(texts), source_mark(dict(facts)).key in gone)
        for facts, texts in cited.items()
    ]
    return sorted(found, key=lambda source: source.facts.get("title", "").casefold())


def offered(known: list[One]) -> list[One]:
    """Return those that forms offer: all but the retired."""
    return [one for one in known if not one.retired]


def _newest(*wanted: Any, holding: str) -> Any:
    """Rows of newest versions in which a key stands, the last saved first; canonical JSON has it in one way only."""
    newest = and_(Version.entry_id == Entry.id, Version.number == Entry.latest)
    stored = type_coerce(wanted[-1], Text).contains(holding, autoescape=True)
    return (
        select(*wanted)
        .join_from(Entry, Version, newest)
        .where(stored, Entry.trashed_at.is_(None))
        .order_by(Entry.saved_at.desc(), Entry.id)
    )


def _circles(start: UUID, parents: dict[UUID, UUID | None]) -> bool:
    seen, at = {start}, parents.get(start)
    while at is not None and at in parents:
        if at in seen:
            return at == start
        seen.add(at)
        at = parents[at]
    return False
