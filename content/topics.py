"""Topics as a tree: which stood below which, at one sequence or ever, and what each was called in its address."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from content import memory
from content.editions import Edition, Facet, live_at
from content.traces import trace

FOREVER = 2**63 - 1
_SIZE = 100_000  # bytes that a tree of some hundred topics takes, roughly


@dataclass(frozen=True)
class Tree:
    """The live topics at one sequence: the children of each, and who bore which (slug, locale)."""

    children: dict[UUID, list[UUID]]
    bearers: dict[tuple[str, str], UUID]

    def bearer(self, slug: str, spoken: Iterable[str]) -> UUID | None:
        """Return who bore a slug in the first of some languages; of what was erased since, its trace is known."""
        names = ((borne, locale) for locale in spoken for borne in (slug, trace(slug)))
        return next(filter(None, map(self.bearers.get, names)), None)

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


@dataclass(frozen=True)
class Past:
    """How topics have stood below one another: of each topic, which stood below it, from which act until before which.

    `FOREVER` stands for an act that has not come.
    """

    children: dict[UUID, list[tuple[UUID, int, int]]]

    def below(self, topics: Iterable[UUID], at: int) -> list[UUID]:
        """Return `topics` and all that stood below them at a sequence, each once."""
        return sorted(self.last_below(topics, at, at + 1))

    def last_below(self, topics: Iterable[UUID], since: int, until: int) -> dict[UUID, int]:
        """Return what was one of `topics` or stood below one, from one act until before another, at any time.

        And until before which act each of them last did.
        """
        stood = {topic: [(since, until)] for topic in topics}
        waiting = [(topic, since, until) for topic in stood]
        for above, began, ended in waiting:
            for topic, came, left in self.children.get(above, []):
                both = max(began, came), min(ended, left)
                known = stood.setdefault(topic, [])
                if both[0] < both[1] and not any(one[0] <= both[0] and both[1] <= one[1] for one in known):
                    known.append(both)
                    waiting.append((topic, *both))
        return {topic: max(ended for _, ended in known) for topic, known in stood.items() if known}

    def moves(self) -> set[int]:
        """Return the acts by which a topic came to stand below another one, or stood below it no more."""
        every = (act for below in self.children.values() for _, *both in below for act in both)
        return {act for act in every if act != FOREVER}


def past(session: Session, at: int) -> Past:
    """Return how topics have stood by `at`; one statement, none where the session remembers it."""
    return memory.recalled(session, ("past of topics", at), lambda: _past(session, at), size=_SIZE)


def _past(session: Session, at: int) -> Past:
    chosen = select(Facet.value, Facet.entry_id, Facet.from_sequence, Facet.until_sequence)
    here = (Facet.name == "parent", Facet.type == "topic", Facet.from_sequence <= at)
    children: dict[UUID, list[tuple[UUID, int, int]]] = {}
    for above, topic, began, ended in session.execute(chosen.where(*here).order_by(Facet.from_sequence)):
        below, until = children.setdefault(UUID(above), []), FOREVER if ended is None or ended > at else ended
        before = next((one for one in below if one[0] == topic and one[2] == began), None)
        if before:
            # Another form of it, which stands where the one before did.
            below.remove(before)
        below.append((topic, before[1] if before else began, until))
    return Past(children)


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
