"""Partners: the organisations that republish, and what each may read.

A grant is an interval on the log's own sequence, so that it can be told when something came into a partner's reach
or left it. Whoever comes without a key is the built-in partner `anonymous`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, types
from content.database import Base, CanonicalJSON, begin_writing, new_id
from content.entries import types_of
from content.errors import Fault, Invalid, NotFound
from content.fields import Line
from content.log import Act
from content.placement import LICENSED, PUBLIC
from content.settling import settled_act


@dataclass(frozen=True)
class Reach:
    """What one grant lets through: texts for these audiences, of these types, topics and locales; None means all."""

    audiences: tuple[str, ...] = (PUBLIC,)
    types: tuple[str, ...] | None = None
    topics: tuple[UUID, ...] | None = None
    locales: tuple[str, ...] | None = None


ANONYMOUS: tuple[Reach, ...] = (Reach(),)
NAME = Line(name="name", label="Name", required=True)


class Partner(Base):
    """An organisation that republishes."""

    __tablename__ = "partner"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    created_at: Mapped[datetime]


class Grant(Base):
    """What a partner may read from one act until before another (None: still); lists of None mean all."""

    __tablename__ = "grant"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    audiences: Mapped[list[str]] = mapped_column(CanonicalJSON)
    types: Mapped[list[str] | None] = mapped_column(CanonicalJSON)
    topics: Mapped[list[str] | None] = mapped_column(CanonicalJSON)
    locales: Mapped[list[str] | None] = mapped_column(CanonicalJSON)
    from_sequence: Mapped[int] = mapped_column(ForeignKey("act.sequence"))
    until_sequence: Mapped[int | None] = mapped_column(Integer)

    @property
    def reach(self) -> Reach:
        """What this grant lets through."""
        topics = None if self.topics is None else tuple(UUID(one) for one in self.topics)
        kinds = None if self.types is None else tuple(self.types)
        locales = None if self.locales is None else tuple(self.locales)
        return Reach(tuple(self.audiences), kinds, topics, locales)


def create(session: Session, name: str, *, now: datetime | None = None) -> Partner:
    """Make a partner; raises Invalid where the name is taken or empty."""
    begin_writing(session)
    checked = NAME.clean(name)
    if session.scalar(select(Partner.id).where(Partner.name == checked)):
        raise Invalid([Fault("/name", "is taken")])
    made = Partner(name=checked, created_at=now or database.clock(session))
    session.add(made)
    session.flush()
    return made


def grant(session: Session, partner_id: UUID, reach: Reach, *, by: str, now: datetime | None = None) -> Act:
    """Let a partner read what `reach` says, from this act on; raises Invalid, NotFound."""
    _check(session, reach)
    if session.get(Partner, partner_id) is None:
        raise NotFound(f"partner {partner_id}")

    def give(act: Act) -> None:
        session.add(
            Grant(
                partner_id=partner_id,
                audiences=sorted(reach.audiences),
                types=_listed(reach.types),
                topics=_listed(reach.topics),
                locales=_listed(reach.locales),
                from_sequence=act.sequence,
            )
        )
        session.flush()

    return settled_act(session, give, by=by, reason="a grant begins", now=now)


def end_grant(session: Session, grant_id: UUID, *, by: str, now: datetime | None = None) -> Act:
    """End a grant with this act; raises NotFound, and Invalid where it has ended."""

    def take(act: Act) -> None:
        kept = session.get(Grant, grant_id, populate_existing=True)
        if kept is None:
            raise NotFound(f"grant {grant_id}")
        if kept.until_sequence is not None:
            raise Invalid([Fault("/until", "has ended already")])
        kept.until_sequence = act.sequence
        session.flush()

    return settled_act(session, take, by=by, reason="a grant ends", now=now)


def reach_of(session: Session, partner_id: UUID, sequence: int) -> tuple[Reach, ...]:
    """Return what a partner may read at `sequence`: what anonymous readers may, and what its grants add."""
    holds = or_(Grant.until_sequence.is_(None), Grant.until_sequence > sequence)
    chosen = select(Grant).where(Grant.partner_id == partner_id, Grant.from_sequence <= sequence, holds)
    return ANONYMOUS + tuple(
        kept.reach for kept in session.scalars(chosen.order_by(Grant.from_sequence, Grant.id))
    )


def _listed(values: Sequence[object] | None) -> list[str] | None:
    return None if values is None else sorted(map(str, values))


def _check(session: Session, reach: Reach) -> None:
    faults = [
        Fault("/audiences", f"{one} is none") for one in reach.audiences if one not in (PUBLIC, LICENSED)
    ]
    known = {declared.name for declared in types.everyone()}
    faults += [Fault("/types", f"{one} is no content type") for one in reach.types or () if one not in known]
    topics = types_of(session, reach.topics or ())
    faults += [
        Fault("/topics", f"{one} is no topic") for one in reach.topics or () if topics.get(one) != "topic"
    ]
    if faults:
        raise Invalid(faults)
