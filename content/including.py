"""Including: whole resources that stand in an answer in the place of references to them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from content import corpus, groups, references, related, types
from content.corpus import Item
from content.documents import Document
from content.editions import Edition, live_at
from content.partners import Reach
from content.reach import within
from content.references import References, Subject
from content.types import ContentType

Json = dict[str, Any]
RELATED = "related"


@dataclass(frozen=True)
class Included:
    """What was asked for by `names`: the whole resources by id, and which are related to an entry, by its id."""

    names: Collection[str] = ()
    resources: Mapping[str, Json] = field(default_factory=dict)
    related: Mapping[UUID, Sequence[UUID]] = field(default_factory=dict)

    def instead_of(self, card: Json, name: str) -> Json | None:
        """Return the whole resource where references of that name are to be included."""
        return self.resources.get(card["id"]) if name in self.names else None

    def related_to(self, subject: Subject) -> list[Json]:
        """Return the resources that are related to one, the nearest first."""
        return [self.resources[str(one)] for one in self.related[subject.edition.entry_id]]


def targets(declared: ContentType) -> dict[str, ContentType]:
    """Return what can be included in an entry of a type: under which name, and of which type that is."""
    known = {declared.name: declared for declared in types.everyone()}
    named = {field.shown_at: known[field.to] for field in references.links(declared) if field.to in known}
    pointing = {part.name: known[part.of or declared.name] for part in references.shown(declared)}
    alike = {RELATED: declared} if related.has_any(declared) else {}
    return named | pointing | alike


def ids(subjects: Iterable[Subject], others: References, names: Collection[str]) -> set[UUID]:
    """Return the ids of all that is to be included for its reference."""
    found: set[str] = set()
    for subject in subjects:
        for link in subject.wanted.links:
            if link.shown_at in names:
                found.update(card["id"] for card in others.of(subject, link))
        for part in subject.wanted.shown:
            if part.name in names:
                found.update(card["id"] for card in others.at(subject, part))
    return {UUID(one) for one in found}


def items(session: Session, ids: Collection[UUID], *, at: int, reach: Sequence[Reach]) -> list[Item]:
    """Return what is live under these ids, with its whole document, in no order; one statement."""
    groups.note(session, map(groups.entry, ids))
    here = (live_at(at), within(session, reach, at), Edition.struck_by.is_(None))
    chosen = corpus.items(Document.body).where(Edition.entry_id.in_(ids), *here)
    return [corpus.item_of(row) for row in session.execute(chosen)]
