"""What the texts are filed under and rest on: the tree of topics, the tags and the sources in use."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_admin import expose
from sqlalchemy import Text, and_, select, type_coerce
from sqlalchemy.orm import Session

from admin import listing
from admin.frame import NewsroomView
from admin.listing import Row
from content import types
from content.entries import Entry
from content.fields import Link
from content.types import ContentType
from content.versions import Version
from storage import db

MOST_OFFERED = 300


@dataclass(frozen=True)
class Tag:
    """A tag, and how many newest versions bear it, by type."""

    name: str
    uses: dict[str, int]


@dataclass(frozen=True)
class Source:
    """A source as its texts cite it, and the entries that do."""

    facts: dict[str, str]
    cited_by: tuple[Entry, ...]


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
    return [Tag(name, dict(uses[name])) for name in sorted(uses, key=str.casefold)]


def known_sources(session: Session, most: int | None = None) -> list[Source]:
    """Return the sources that newest versions cite (the `most` last saved, if told), by title; alike, they are one."""
    cited: dict[tuple[tuple[str, str], ...], list[Entry]] = {}
    rows = session.execute(_newest(Entry, Version.content, holding='"sources":[').limit(most))
    for entry, content in rows:
        for facts in content["sources"]:
            cited.setdefault(tuple(facts.items()), []).append(entry)
    found = [Source(dict(facts), tuple(texts)) for facts, texts in cited.items()]
    return sorted(found, key=lambda source: source.facts.get("title", "").casefold())


class TagsView(NewsroomView):
    """The tags in use, each leading to the texts that bear it."""

    def __init__(self) -> None:
        super().__init__("Tags", category="Organise", endpoint="tags", url="tags", menu_icon_value="tag")

    @expose("/")
    def index(self) -> str:
        """Show every tag."""
        declared = {known.name: known for known in types.everyone()}
        return self.render("admin/tags.html", tags=known_tags(db.session()), declared=declared)


class SourcesView(NewsroomView):
    """The sources in use, and the texts that rest on each."""

    def __init__(self) -> None:
        super().__init__(
            "Sources", category="Organise", endpoint="sources", url="sources", menu_icon_value="source"
        )

    @expose("/")
    def index(self) -> str:
        """Show every source."""
        return self.render("admin/sources.html", sources=known_sources(db.session()))


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
