"""Grants: what each partner may read, and what needs no key, as intervals on the log's own sequence.

So it can be told when something came into a partner's reach or left it, and what that reach was at any sequence. An
embargo delays the first appearance of an entry only: a grant reaches what was first published long enough before the
act that it is asked about, and what the partner could read in an earlier form. Each such moment is an act (`turns`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import memory, turns, types
from content.database import Base, CanonicalJSON, new_id
from content.editions import Edition
from content.errors import NotFound
from content.log import Act
from content.partners import ANONYMOUS, Reach
from content.reach import by_columns, together
from content.topics import FOREVER, Past, past
from content.turns import Turn, Turning

_SIZE = 1_000  # bytes that a reach takes, roughly


class Grant(Base):
    """What a partner may read from one act until before another (None: still); lists of None mean all.

    Without a partner it is everybody's: what it lets through needs no key, and one at a time holds.
    `from_sequence` is None while it is to begin. `embargo` is in hours.
    """

    __tablename__ = "grant"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    partner_id: Mapped[UUID | None] = mapped_column(ForeignKey("partner.id"), index=True)
    audiences: Mapped[list[str]] = mapped_column(CanonicalJSON)
    types: Mapped[list[str] | None] = mapped_column(CanonicalJSON)
    topics: Mapped[list[str] | None] = mapped_column(CanonicalJSON)
    locales: Mapped[list[str] | None] = mapped_column(CanonicalJSON)
    embargo: Mapped[int] = mapped_column(Integer, server_default="0", default=0)
    from_sequence: Mapped[int | None] = mapped_column(ForeignKey("act.sequence"))
    until_sequence: Mapped[int | None] = mapped_column(Integer)
    made_by: Mapped[str | None] = mapped_column(String(100))

    @property
    def reach(self) -> Reach:
        """What this grant lets through, but for its embargo."""
        topics = None if self.topics is None else tuple(UUID(one) for one in self.topics)
        kinds = None if self.types is None else tuple(self.types)
        locales = None if self.locales is None else tuple(self.locales)
        return Reach(tuple(self.audiences), kinds, topics, locales)

    def reach_at(self, acted_at: datetime) -> Reach:
        """Return what this grant lets through by an act that took effect at a moment."""
        return replace(self.reach, first_by=acted_at - self.delay) if self.embargo else self.reach

    @property
    def delay(self) -> timedelta:
        """How long after its first publication an entry comes into reach."""
        return timedelta(hours=self.embargo)


def grant_of(session: Session, grant_id: UUID) -> Grant:
    """Return one grant, also one that has ended; raises NotFound."""
    kept = session.get(Grant, grant_id, populate_existing=True)
    if kept is None:
        raise NotFound(f"grant {grant_id}")
    return kept


# When it was last said what needs no key; None where it never was.
SAID = select(func.max(Grant.from_sequence)).where(Grant.partner_id.is_(None)).scalar_subquery()


def grants(session: Session, partner_id: UUID | None) -> list[Grant]:
    """Return all grants that a partner (None: everybody) has, had or is to have, the oldest first."""
    return list(session.scalars(select(Grant).where(Grant.partner_id == partner_id).order_by(Grant.id)))


def some_grants(session: Session, partner_id: UUID | None, *, limit: int, offset: int = 0) -> list[Grant]:
    """Return at most `limit` of the same, after so many: what has ended comes last, and the newest first of each."""
    current_first = (Grant.until_sequence.is_not(None), Grant.id.desc())
    chosen = select(Grant).where(Grant.partner_id == partner_id).order_by(*current_first)
    return list(session.scalars(chosen.limit(limit).offset(offset)))


def has_one(session: Session, partner_id: UUID) -> bool:
    """Return whether a partner has a grant that has not ended, or is to have one."""
    current = (Grant.partner_id == partner_id, Grant.until_sequence.is_(None))
    return session.scalar(select(Grant.id).where(*current).limit(1)) is not None


def planned(session: Session, partner_id: UUID) -> list[Grant]:
    """Return the grants that a partner is to have, the oldest first."""
    return [one for one in grants(session, partner_id) if one.from_sequence is None]


def held(session: Session, partner_id: UUID | None, sequence: int) -> list[Grant]:
    """Return the grants of a partner (None: everybody's) that hold at `sequence`, the oldest first."""
    holds = or_(Grant.until_sequence.is_(None), Grant.until_sequence > sequence)
    chosen = select(Grant).where(Grant.partner_id == partner_id, Grant.from_sequence <= sequence, holds)
    return list(session.scalars(chosen.order_by(Grant.from_sequence, Grant.id)))


def everybodys(session: Session, sequence: int) -> tuple[Reach, ...]:
    """Return what needs no key at `sequence`: everything public, until an act says otherwise.

    One statement, none where the session remembers it.
    """

    def read() -> tuple[Reach, ...]:
        kept = held(session, None, sequence)
        return reach_of_everybody(kept[0].reach) if kept else ANONYMOUS

    return memory.recalled(session, ("everybodys", sequence), read, size=_SIZE)


def reach_of_everybody(reach: Reach) -> tuple[Reach, ...]:
    """Return what needs no key where that is `reach` of the texts: what names and shows them needs none either."""
    if reach == Reach() or not reach.audiences:
        return (reach,)
    named = tuple(declared.name for declared in types.everyone() if not declared.health)
    return reach, Reach(types=named)


def reach_of(
    session: Session, partner_id: UUID | None, sequence: int, *, anonymous: Sequence[Reach] | None = None
) -> tuple[Reach, ...]:
    """Return what a partner may read at `sequence`: what anonymous readers may, and what its grants add.

    `anonymous` is what they may, where that is known; without a partner it is that alone.
    """
    known = everybodys(session, sequence) if anonymous is None else anonymous
    if partner_id is None:
        return tuple(known)
    return (*known, *_reaches(session, held(session, partner_id, sequence), sequence))


def reach_without(
    session: Session, partner_id: UUID, sequence: int, some: Collection[UUID]
) -> tuple[Reach, ...]:
    """Return what a partner could read at `sequence` if it did not have some of its grants."""
    left = [one for one in held(session, partner_id, sequence) if one.id not in some]
    return (*everybodys(session, sequence), *_reaches(session, left, sequence))


def said_between(session: Session, after: int, until: int) -> bool:
    """Return whether an act after one sequence, up to another, said what needs no key."""
    began = (Grant.partner_id.is_(None), Grant.from_sequence > after, Grant.from_sequence <= until)
    return session.scalar(select(Grant.id).where(*began).limit(1)) is not None


def _reaches(session: Session, some: Sequence[Grant], sequence: int) -> list[Reach]:
    if not any(one.embargo for one in some):
        return [one.reach for one in some]
    acted_at = session.scalars(select(Act.at).where(Act.sequence == sequence)).one()
    return [one.reach_at(acted_at) for one in some]


@dataclass(frozen=True)
class Right:
    """What a reader was granted from one act until before another (FOREVER: still); `delay` is its embargo."""

    reach: Reach
    since: int
    until: int
    delay: timedelta = timedelta()

    def reach_at(self, acted_at: datetime | None) -> Reach:
        """Return what it let through by an act that took effect at a moment, which an embargo needs."""
        return replace(self.reach, first_by=acted_at - self.delay) if acted_at and self.delay else self.reach


@dataclass(frozen=True)
class Rights:
    """All that a reader was granted by a sequence, everybody's among it, and how topics stood meanwhile."""

    every: Sequence[Right]
    past: Past

    def reach_at(self, sequence: int, acted_at: datetime | None) -> tuple[Reach, ...]:
        """Return what the reader might read at a sequence, `resolved`; `acted_at` is the moment of that act.

        As few as can be: there may be a grant for each topic.
        """
        held = (one.reach_at(acted_at) for one in self.every if one.since <= sequence < one.until)
        return together(
            one if one.topics is None else replace(one, topics=tuple(self.past.below(one.topics, sequence)))
            for one in held
        )


def rights(session: Session, partner_id: UUID | None, at: int) -> Rights:
    """Return all that a partner (None: everybody) was granted by a sequence.

    Two statements at most, none where the session remembers it.
    """
    return memory.recalled(
        session, ("rights", partner_id, at), lambda: _granted(session, partner_id, at), size=_SIZE
    )


def _granted(session: Session, partner_id: UUID | None, at: int) -> Rights:
    theirs = or_(Grant.partner_id.is_(None), Grant.partner_id == partner_id)
    chosen = select(Grant).where(theirs, Grant.from_sequence <= at).order_by(Grant.from_sequence, Grant.id)
    kept = session.scalars(chosen).all()
    # Until an act says otherwise.
    first = min((one.from_sequence or 0 for one in kept if one.partner_id is None), default=FOREVER)
    unsaid = [Right(one, 0, first) for one in ANONYMOUS]
    by_topic = any(one.topics is not None for one in kept)
    told = [right for one in kept for right in _rights(one, at)]
    return Rights([*unsaid, *told], past(session, at) if by_topic else Past({}))


def acted_at(session: Session, acts: Collection[int]) -> dict[int, datetime]:
    """Return when each of these acts took effect; one statement."""
    chosen = select(Act.sequence, Act.at).where(Act.sequence.in_(acts))
    return {one.sequence: one.at for one in session.execute(chosen)}


def _rights(kept: Grant, at: int) -> list[Right]:
    ended = kept.until_sequence
    until = FOREVER if ended is None or ended > at else ended
    reaches = (kept.reach,) if kept.partner_id else reach_of_everybody(kept.reach)
    return [Right(reach, kept.from_sequence or 0, until, kept.delay) for reach in reaches]


def begin(session: Session, kept: Grant, act: Act) -> None:
    """Have a grant hold from an act on; the log's lock must be held."""
    kept.from_sequence = act.sequence
    session.flush()
    if kept.embargo:
        recent = (Edition.first_published_at > act.at - kept.delay, *by_columns(kept.reach, Edition))
        for first in session.scalars(select(Edition.first_published_at).where(*recent).distinct()):
            turns.plan(session, Turning.EMBARGO, kept.id, first + kept.delay)


def end(session: Session, kept: Grant, act: Act) -> None:
    """Have a grant hold no more from an act on; the log's lock must be held."""
    kept.until_sequence = act.sequence
    turns.forget(session, kept.id)
    session.flush()


def turned(session: Session, turn: Turn, act: Act) -> None:
    """Do what falls due with `act`; the turn is gone then."""
    kept, does = grant_of(session, turn.grant_id), turn.does
    session.delete(turn)
    session.flush()
    if does == Turning.BEGIN:
        begin(session, kept, act)
    elif does == Turning.END:
        end(session, kept, act)


def appeared(session: Session, begun: Iterable[Mapping[str, Any]], acted_at: datetime) -> None:
    """Have each grant with an embargo reach these editions, as rows, in its time: they have just been published.

    What had been published out of its reach may come into that before its time.
    """
    delayed = select(Grant).where(
        Grant.embargo > 0, Grant.from_sequence.is_not(None), Grant.until_sequence.is_(None)
    )
    for one in session.scalars(delayed):
        for at in {edition["first_published_at"] for edition in begun if _may_reach(one, edition)}:
            if at + one.delay > acted_at:
                turns.plan(session, Turning.EMBARGO, one.id, at + one.delay)


def _may_reach(kept: Grant, edition: Mapping[str, Any]) -> bool:
    wanted = ((kept.audiences, "audience"), (kept.types, "type"), (kept.locales, "locale"))
    return all(some is None or edition[name] in some for some, name in wanted)


def count_holding(session: Session) -> dict[UUID, int]:
    """Return how many grants of each partner hold now; partners without one are left out."""
    holds = (Grant.from_sequence.is_not(None), Grant.until_sequence.is_(None))
    own = select(Grant.partner_id, func.count()).where(*holds, Grant.partner_id.is_not(None))
    return {
        partner_id: count
        for partner_id, count in session.execute(own.group_by(Grant.partner_id))
        if partner_id
    }
