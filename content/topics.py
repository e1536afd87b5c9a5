"""Topics as a tree: which stood below which at one sequence, and what each was called in its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, select, union
from sqlalchemy.orm import Session, aliased

from content import memory
from content.editions import Edition, Facet, live_at

_SIZE = 100_000  # bytes that a tree of some hundred topics takes, roughly


@dataclass(frozen=True)
class Tree:
    """The live topics at one sequence: the children of each, and who bore which (slug, locale)."""

    children: dict[UUID, list[UUID]]
    bearers: dict[tuple[str, str], UUID]

    def below(self, topics: Iterable[UUID]) -> list[UUID]:
        """Return `topics` and all topics below them, each once, also where one was made its own ancestor."""
        met = dict.fromkeys(topics)
        waiting = list(met)
        for topic in waiting:
            further = [child for child in self.children.get(topic, []) if child not in met]
            met |= dict.fromkeys(further)
            waiting += further
        return list(met)


def tree(session: Session, at: int) -> Tree:
    """Return the tree of topics as it was at `at`; one statement, none where the session remembers it."""
    return memory.recalled(session, ("topics", at), lambda: _tree(session, at), size=_SIZE)


def moved() -> Select[int]:
    """Select the acts by which a topic came to stand below another one, or stands below it no more."""
    other, theirs = aliased(Edition), aliased(Facet)
    lies_below = and_(Facet.entry_id == Edition.entry_id, Facet.from_sequence == Edition.from_sequence)
    beside = and_(theirs.entry_id == other.entry_id, theirs.from_sequence == other.from_sequence)
    same = (
        select(other.entry_id)
        .join(theirs, beside)
        .where(other.entry_id == Edition.entry_id, theirs.name == "parent", theirs.value == Facet.value)
    )
    placed = (Edition.type == "topic", Facet.name == "parent")
    came = select(Edition.from_sequence).join(Facet, lies_below)
    left = select(Edition.until_sequence).join(Facet, lies_below)
    return select(
        union(
            came.where(*placed, ~same.where(other.until_sequence == Edition.from_sequence).exists()),
            left.where(
                *placed,
                Edition.until_sequence.is_not(None),
                ~same.where(other.from_sequence == Edition.until_sequence).exists(),
            ),
        )
        .subquery()
        .c[0]
    )


def _tree(session: Session, at: int) -> Tree:
    lies_below = and_(
        Facet.entry_id == Edition.entry_id,
        Facet.from_sequence == Edition.from_sequence,
        Facet.name == "parent",
    )
    chosen = select(Edition.entry_id, Edition.slug, Edition.locale, Facet.value).outerjoin(Facet, lies_below)
    children: dict[UUID, list[UUID]] = {}
    bearers: dict[tuple[str, str], UUID] = {}
    for topic, slug, locale, parent in session.execute(chosen.where(Edition.type == "topic", live_at(at))):
        bearers[slug, locale] = topic
        if parent:
            children.setdefault(UUID(parent), []).append(topic)
    return Tree(children, bearers)
