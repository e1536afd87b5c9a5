"""References: the entries that documents name by id and those that point at them, all as they are at one sequence.

What is not public there, or not within the reader's reach, is in none of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Dialect,
    Select,
    and_,
    bindparam,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from content import groups, memory
from content.documents import Document
from content.editions import Edition, Facet, PublicForm, live_at
from content.fields import Link
from content.lists import Links, Shown
from content.partners import Reach
from content.prepared import Prepared, connected, known_id, one_of
from content.reach import exactly, is_always_alike, within
from content.types import ContentType
from content.walks import AT

Json = dict[str, Any]
# What is asked for of those that point somewhere, each with whether it is of one entry alone.
Parts = tuple[tuple[Shown, bool], ...]
# What is told of one card: its part, at what it points, and its group, id, locale, position and JSON.
Row = list[Any]
_NOT_PUBLIC: Json = {}  # what is remembered where there is no card
_SIZE = 1_000  # bytes that a remembered card takes, roughly
Chosen = CompoundSelect[*tuple[Any, ...]]
# What every type may be asked for, also one that shows none of them unasked.
TRANSLATIONS = Shown(name="translations", shows=("id", "locale", "slug"))


class Wanted:
    """Which `keys` of a type's documents are wanted, and so which `links` to others and what is `shown` of others."""

    def __init__(self, declared: ContentType, keys: tuple[str, ...]) -> None:
        self.declared, self.keys = declared, keys
        self.links = [one for one in links(declared) if one.shown_at in keys or self._is_within(one)]
        self.shown = [part for part in shown(declared) if part.name in keys]

    def _is_within(self, link: Link | Links) -> bool:
        """Whether what a link leads to stands in a text that is wanted."""
        return link.source is not None and any(
            path in self.keys for path in self.declared.field(link.source).paths
        )


@lru_cache(maxsize=256)
def wanted(declared: ContentType, keys: tuple[str, ...]) -> Wanted:
    """Return what these keys of a type's documents are; most reads want the same."""
    return Wanted(declared, keys)


@dataclass(frozen=True, slots=True)
class Subject:
    """A public form on its way to a reader: its stored JSON, and what is wanted of it."""

    wanted: Wanted
    edition: PublicForm
    document: Json

    def ids(self, field: Link | Links) -> list[str]:
        """Return the ids that stand in a field."""
        return _ids(self.document, field)


@dataclass(frozen=True)
class References:
    """Cards: of those that are named, by id; of those that point somewhere, by the part's name and where they point.

    A translation points at its translation group.
    """

    named: dict[str, Json] = field(default_factory=dict)
    pointing: dict[tuple[str, UUID], list[Json]] = field(default_factory=lambda: defaultdict(list))

    def of(self, subject: Subject, field: Link | Links) -> list[Json]:
        """Return the cards of what `subject` names in a field, in its order."""
        return [self.named[one] for one in subject.ids(field) if one in self.named]

    def at(self, subject: Subject, part: Shown) -> list[Json]:
        """Return the cards of what points at `subject`, in their order: by position, those without one last."""
        if part.of:
            return self.pointing.get((part.name, subject.edition.entry_id), [])
        own = str(subject.edition.entry_id)
        group = self.pointing.get((part.name, subject.edition.translation_group), [])
        return [card for card in group if card["id"] != own]


def links(declared: ContentType) -> list[Link | Links]:
    """Return the fields of a type in which readers see other entries."""
    return [field for field in declared.fields if isinstance(field, Link | Links) and field.shown_at]


def shown(declared: ContentType) -> tuple[Shown, ...]:
    """Return what readers may see of the entries that point at one of this type."""
    told = any(part.name == TRANSLATIONS.name for part in declared.shown)
    return declared.shown if told else (*declared.shown, TRANSLATIONS)


def look_up(session: Session, subjects: Sequence[Subject], *, at: int, reach: Sequence[Reach]) -> References:
    """Return all that `subjects` refer to.

    One statement, none where they refer to nothing but what the session remembers.
    """
    named, pointed_at = _named(subjects), _pointed_at(subjects)
    groups.note(session, map(groups.entry, named))
    kept, mark = memory.of(session), memory.mark(at, tuple(reach))
    known = {one: card for one in named if (card := kept.get(_key(mark, one))) is not None} if kept else {}
    missing = [one for one in named if one not in known]
    rows = _read(session, missing, pointed_at, at, reach) if missing or pointed_at else ()
    found, read = References(), dict[UUID, Json]()
    for role, pointed_at_id, group, entry_id, _, _, card in sorted(rows, key=_order):
        if not role:
            read[entry_id] = orjson.loads(card)
        else:
            found.pointing[role, known_id(pointed_at_id) if pointed_at_id else group].append(
                orjson.loads(card)
            )
    if kept:
        for one in missing:
            kept.put(_key(mark, one), read.get(one, _NOT_PUBLIC), _SIZE)
    found.named.update((str(one), card) for one, card in (known | read).items() if card)
    return found


def _key(mark: object, entry_id: UUID) -> tuple[object, ...]:
    """Return under what a memory keeps the card of an entry that documents name."""
    return mark, "named", entry_id.int


def _read(
    session: Session,
    named: Sequence[UUID],
    pointed_at: Mapping[Shown, Sequence[PublicForm]],
    at: int,
    reach: Sequence[Reach],
) -> list[Row]:
    asked = (bool(named), tuple((part, len(editions) == 1) for part, editions in pointed_at.items()))
    connection = connected(session)
    if not is_always_alike(reach):
        chosen = Prepared(
            _looking_up(*asked, within(session, reach, at), connection.dialect), connection.dialect
        )
    else:
        chosen = _kept(*asked, tuple(reach), connection.dialect)
    rows: list[Row] = chosen.rows(connection, {"at": at, "named": named, **_told(pointed_at)})
    return rows


def named(declared: ContentType, document: Json) -> set[UUID]:
    """Return the ids of all that a stored document, or a card, names."""
    return {known_id(one) for field in links(declared) for one in _ids(document, field)}


def groups_named(declared: ContentType, stored: bytes | None) -> frozenset[str]:
    """Return the groups of all that a stored document, or a card, names, also of what is not public now."""
    return frozenset(map(groups.entry, named(declared, orjson.loads(stored)))) if stored else frozenset()


def _ids(document: Json, field: Link | Links) -> list[str]:
    value = document.get(field.shown_at)
    return [value] if isinstance(value, str) else value or []


def _named(subjects: Sequence[Subject]) -> set[UUID]:
    named = {one for subject in subjects for field in subject.wanted.links for one in subject.ids(field)}
    return set(map(known_id, named))


def _pointed_at(subjects: Sequence[Subject]) -> dict[Shown, list[PublicForm]]:
    editions: dict[Shown, list[PublicForm]] = {}
    for subject in subjects:
        for part in subject.wanted.shown:
            editions.setdefault(part, []).append(subject.edition)
    return editions


def _told(pointed_at: Mapping[Shown, Sequence[PublicForm]]) -> Json:
    """Return what the statement is told of each part, under the part's place."""
    told: Json = {}
    for place, (part, editions) in enumerate(pointed_at.items()):
        here = [str(one.entry_id) if part.of else one.translation_group for one in editions]
        told[f"here_{place}"] = here[0] if len(here) == 1 else here
        told[f"but_{place}"] = editions[0].entry_id
    return told


@lru_cache(maxsize=256)
def _kept(named: bool, parts: Parts, reach: tuple[Reach, ...], dialect: Dialect) -> Prepared:
    return Prepared(_looking_up(named, parts, exactly(reach), dialect), dialect)


def _looking_up(named: bool, parts: Parts, readable: ColumnElement[bool], dialect: Dialect) -> Chosen:
    """Return the statement; making it takes longer than its answer, so that it is kept where it can be."""
    here = (live_at(AT), readable, Edition.struck_by.is_(None))
    return union_all(*(one.where(*here) for one in _branches(named, parts, dialect)))


def _branches(named: bool, parts: Parts, dialect: Dialect) -> Iterator[Select[*tuple[Any, ...]]]:
    """Yield what to look up: those named by id, for each part those that point here, and translations."""
    if named:
        yield _cards("", literal("")).where(one_of(Edition.entry_id, "named", dialect))
    for place, (part, alone) in enumerate(parts):
        column = Facet.value if part.of else Edition.translation_group
        here = _is(column, f"here_{place}") if alone else one_of(column, f"here_{place}", dialect)
        yield _pointing(part, here) if part.of else _translations(part, here, place, alone=alone)


def _is(column: Any, name: str) -> ColumnElement[bool]:
    """The rows with one value; SQLite, which expects many of a list, may rather read a table from end to end."""
    held: ColumnElement[bool] = column == bindparam(name, type_=column.type)
    return held


def _cards(role: str, pointed_at: Any) -> Select[*tuple[Any, ...]]:
    known = (Edition.translation_group, Edition.entry_id, Edition.locale, Edition.position, Document.card)
    chosen = select(literal(role).label("role"), pointed_at.label("pointed_at"), *known)
    return chosen.select_from(Edition).join(Document, Document.hash == Edition.document_hash)


def _pointing(part: Shown, here: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    joined = and_(Facet.entry_id == Edition.entry_id, Facet.from_sequence == Edition.from_sequence)
    return (
        _cards(part.name, Facet.value)
        .join(Facet, joined)
        .where(Facet.type == part.of, Facet.name == part.by, here)
    )


def _translations(
    part: Shown, here: ColumnElement[bool], place: int, *, alone: bool
) -> Select[*tuple[Any, ...]]:
    chosen = _cards(part.name, literal("")).where(here)
    # Of one entry the others alone are asked for; of many, each may be another's.
    but = bindparam(f"but_{place}", type_=Edition.entry_id.type)
    return chosen.where(Edition.entry_id != but) if alone else chosen


def _order(row: Sequence[Any]) -> tuple[bool, int, str, UUID]:
    """By position, those without one last, then by locale and id."""
    _, _, _, entry_id, locale, position, _ = row
    return (position is None, position or 0, locale, entry_id)
