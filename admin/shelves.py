"""What the texts are filed under and rest on: the tree of topics, the tags and the sources in use."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin import listing
from admin.listing import Row
from content import retiring, types
from content.entries import Entry
from content.fields import Link
from content.marks import Kind, source_mark, tag_mark
from content.newest import finding, following, sources
from content.newest.rows import TAG, place_of, value_at
from content.types import ContentType

PAGE = 50
MOST_OFFERED = 300
MOST_BRANCHES = 500


@dataclass(frozen=True)
class Tag:
    """A tag, and how many newest versions bear it, by type, as far as they are counted."""

    name: str
    uses: dict[str, int]
    retired: bool = False


@dataclass(frozen=True)
class Tags:
    """A page of the tags in use, by name; `after` is where the next one begins, None on the last."""

    rows: tuple[Tag, ...]
    after: str | None


@dataclass(frozen=True)
class Source:
    """A source as newest and live versions cite it: of how many entries, as far as counted, and some of these."""

    facts: dict[str, str]
    cited: int
    cited_by: tuple[Entry, ...]
    retired: bool = False


@dataclass(frozen=True)
class Sources:
    """A page of the sources in use, by title; `after` is where the next one begins, None on the last."""

    rows: tuple[Source, ...]
    after: str | None


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

    def shown(self, session: Session) -> dict[str, Any] | None:
        """Return what the tree's page shows; None where it has too many branches to be looked at."""
        rows = listing.tree(session, self.declared, self.parent, MOST_BRANCHES + 1)
        return {"branches": branches(rows), "parent": self.parent} if len(rows) <= MOST_BRANCHES else None


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


def known_tags(session: Session, beginning: str = "", after: str = "") -> Tags:
    """Return at most 50 tags that newest versions bear, of those that begin so, by name, whatever its case and accents.

    A fixed number of statements, however many there are and however many texts bear them.
    """
    following.follow(session)
    uses: dict[str, dict[str, int]] = {}
    for declared in types.everyone():
        found = finding.counts(session, declared.name, TAG, beginning=beginning, after=after, limit=PAGE + 1)
        for place, count in found:
            uses.setdefault(place, {})[declared.name] = count
    # Of each type the first are known, so the first of all are.
    places, gone = sorted(uses), retiring.retired(session, Kind.TAG)
    names = [(value_at(place), uses[place]) for place in places[:PAGE]]
    rows = tuple(Tag(name, used, tag_mark(name).key in gone) for name, used in names)
    return Tags(rows, places[PAGE - 1] if len(places) > PAGE else None)


def offered_tags(session: Session) -> list[str]:
    """Return the tags that forms offer, by name: some hundreds that newest versions of each type bear, none retired."""
    following.follow(session)
    borne = {tag for declared in types.everyone() for tag in finding.values(session, declared.name, TAG)}
    gone = retiring.retired(session, Kind.TAG)
    return sorted((tag for tag in borne if tag_mark(tag).key not in gone), key=place_of)


def known_sources(session: Session, beginning: str = "", after: str = "") -> Sources:
    """Return at most 50 sources that newest or live versions cite, of those whose titles begin so, by title.

    A fixed number of statements, however many there are and however many texts cite them.
    """
    following.follow(session)
    found = sources.page(session, beginning, after=after, limit=PAGE + 1)
    shown, gone = found[:PAGE], retiring.retired(session, Kind.SOURCE)
    ids = {one for known in shown for one in known.by}
    texts = {entry.id: entry for entry in session.scalars(select(Entry).where(Entry.id.in_(ids)))}
    rows = tuple(
        Source(
            known.facts,
            known.cited,
            tuple(texts[one] for one in known.by),
            source_mark(known.facts).key in gone,
        )
        for known in shown
    )
    return Sources(rows, shown[-1].place if len(found) > PAGE else None)


def offered_sources(session: Session) -> list[dict[str, str]]:
    """Return the sources that forms offer, by title: those cited last, but the retired."""
    following.follow(session)
    cited, gone = sources.last_cited(session, MOST_OFFERED), retiring.retired(session, Kind.SOURCE)
    offered = [facts for facts in cited if source_mark(facts).key not in gone]
    return sorted(offered, key=sources.place_of)


def _circles(start: UUID, parents: dict[UUID, UUID | None]) -> bool:
    seen, at = {start}, parents.get(start)
    while at is not None and at in parents:
        if at in seen:
            return at == start
        seen.add(at)
        at = parents[at]
    return False
