"""Turns: moments at which what a partner may read changes by itself: a grant begins or ends, or an embargo does.

Each is settled as an act of its own once it is due (see `settling`), so that sync, caches and cursors know of it as
they do of all else.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import watermark
from content.database import Base, new_id


class Turning(StrEnum):
    """What a turn does."""

    BEGIN = "begin"
    END = "end"
    EMBARGO = "embargo"


class Turn(Base):
    """One such moment to come; it is gone once it has been settled."""

    __tablename__ = "turn"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    due_at: Mapped[datetime] = mapped_column(index=True)
    does: Mapped[str] = mapped_column(String(20))
    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grant.id"), index=True)


NEXT = select(func.min(Turn.due_at)).scalar_subquery()


def plan(session: Session, does: Turning, grant_id: UUID, due_at: datetime) -> None:
    """Have something happen to a grant at a moment to come, once; the caller commits."""
    same = select(Turn.id).where(Turn.grant_id == grant_id, Turn.does == does, Turn.due_at == due_at)
    if session.scalar(same) is None:
        session.add(Turn(does=does, grant_id=grant_id, due_at=due_at))
        session.flush()
        watermark.plan(session)


def next_turn(session: Session) -> Turn | None:
    """Return the turn that is due first, or None."""
    return session.scalar(select(Turn).order_by(Turn.due_at, Turn.id).limit(1))


def forget(session: Session, grant_id: UUID, *does: Turning) -> None:
    """Take what was to happen to a grant off; of these kinds only, where any is given."""
    wanted = Turn.does.in_(does or tuple(Turning))
    session.execute(delete(Turn).where(Turn.grant_id == grant_id, wanted))


def ahead(session: Session, grant_ids: Iterable[UUID]) -> dict[UUID, dict[str, datetime]]:
    """Return when each of these grants is to begin and to end, as far as that is planned; one statement."""
    planned = (Turn.grant_id.in_(list(grant_ids)), Turn.does != Turning.EMBARGO)
    told = defaultdict[UUID, dict[str, datetime]](dict)
    for grant_id, does, due_at in session.execute(
        select(Turn.grant_id, Turn.does, Turn.due_at).where(*planned)
    ):
        told[grant_id][does] = due_at
    return told
