"""References: the entries that documents name by id and those that point at them, all as they are at one sequence.

What is not public there, or not within the reader's reach, is in none of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, and_, literal, select, union_all
from sqlalchemy.orm import Session

from content import groups
from content.documents import Document
from content.editions import Edition, Facet, live_at
from content.fields import Link
from content.lists import Links, Shown
from content.partners import Reach
from content.reach import within
from content.types import ContentType

Json = dict[str, Any]
# What every type may be asked for, also one that shows none of them unasked.
TRANSLATIONS = Shown(name="translations", shows=("id", "locale", "slug"))


@dataclass(frozen=True)
class Subject:
    """A public form on its way to a reader: its type, its edition, its stored JSON, and which keys of it are wanted."""

    declared: ContentType
    edition: Edition
    document: Json
    keys: Sequence[str]

    @property
    def links(self) -> list[Link | Links]:
        """The wanted fields that name other entries by id."""
        return [one for one in links(self.declared) if one.shown_at in self.keys]

    @property
    def shown(self) -> list[Shown]:
        """The wanted parts that are made of the entries which point here."""
        return [part for part in shown(self.declared) if part.name in self.keys]

    def ids(self, field: Link | Links) -> list[str]:
        """Return the ids that stand in a field."""
        value = self.document.get(field.shown_at)
        return [value] if isinstance(value, str) else value or []


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
    """Return all that `subjects` refer to; one statement, none where they refer to nothing."""
    found, named = References(), _named(subjects)
    groups.note(session, map(groups.entry, named))
    chosen = list(_branches(subjects, named))
    if not chosen:
        return found
    here = (live_at(at), within(session, reach, at), Edition.struck_by.is_(None))
    rows = session.execute(union_all(*(one.where(*here) for one in chosen)))
    for role, pointed_at, group, entry_id, _, _, card in sorted(rows, key=_order):
        if not role:
            found.named[str(entry_id)] = orjson.loads(card)
        else:
            found.pointing[role, UUID(pointed_at) if pointed_at else group].append(orjson.loads(card))
    return found


def _named(subjects: Sequence[Subject]) -> set[UUID]:
    return {UUID(one) for subject in subjects for field in subject.links for one in subject.ids(field)}


def _branches(subjects: Sequence[Subject], named: set[UUID]) -> Iterator[Select[*tuple[Any, ...]]]:
    """Yield what to look up: those named by id, for each part those that point here, and translations."""
    if named:
        yield _cards("", literal("")).where(Edition.entry_id.in_(named))
    pointed_at: dict[Shown, list[Edition]] = {}
    for subject in subjects:
        for part in subject.shown:
            pointed_at.setdefault(part, []).append(subject.edition)
    for part, editions in pointed_at.items():
        yield _pointing(part, editions) if part.of else _translations(part, editions)


def _cards(role: str, pointed_at: Any) -> Select[*tuple[Any, ...]]:
    known = (Edition.translation_group, Edition.entry_id, Edition.locale, Edition.position, Document.card)
    chosen = select(literal(role).label("role"), pointed_at.label("pointed_at"), *known)
    return chosen.select_from(Edition).join(Document, Document.hash == Edition.document_hash)


def _pointing(part: Shown, editions: Iterable[Edition]) -> Select[*tuple[Any, ...]]:
    joined = and_(Facet.entry_id == Edition.entry_id, Facet.from_sequence == Edition.from_sequence)
    ids = [str(edition.entry_id) for edition in editions]
    chosen = _cards(part.name, Facet.value).join(Facet, joined)
    return chosen.where(Edition.type == part.of, Facet.name == part.by, Facet.value.in_(ids))


def _translations(part: Shown, editions: Sequence[Edition]) -> Select[*tuple[Any, ...]]:
    chosen = _cards(part.name, literal("")).where(
        Edition.translation_group.in_([edition.translation_group for edition in editions])
    )
    # Of one entry the others alone are asked for; of many, each may be another's.
    return chosen.where(Edition.entry_id != editions[0].entry_id) if len(editions) == 1 else chosen


def _order(row: Any) -> tuple[bool, int, str, UUID]:
    """By position, those without one last, then by locale and id."""
    return (row.position is None, row.position or 0, row.locale, row.entry_id)
