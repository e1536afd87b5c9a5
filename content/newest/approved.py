"""Approved: entries whose newest text somebody signed, and readers do not have."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, String, and_, delete, exists, insert, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.database import Base
from content.log import State

# Where what is signed can be published; what was withdrawn must be reinstated.
_OPEN = (State.DRAFT, State.LIVE, State.RETRACTED, State.ERASED)


class Approved(Base):
    """One such entry; `due_on` is the day from which the newest review of its newest text holds no more."""

    __tablename__ = "approved"
    __table_args__ = (Index("ix_approved_due_on", "due_on", "entry_id"),)

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    due_on: Mapped[date] = mapped_column(Date)


def settle(session: Session, ids: Sequence[UUID]) -> None:
    """Work out anew which of these entries are approved, as far as the log was followed; two statements.

    Who saves, signs or follows the log does so.
    """
    gone = delete(Approved).where(Approved.entry_id.in_(ids))
    session.execute(gone.execution_options(synchronize_session=False))
    session.execute(insert(Approved).from_select(["entry_id", "type", "due_on"], _approved(ids)))


def holding(today: date) -> Any:
    """Select the ids of those whose review holds on a day, those first for which it does so no longer the soonest."""
    held = select(Approved.entry_id).where(Approved.due_on > today)
    return held.order_by(Approved.due_on, Approved.entry_id)


def _approved(ids: Sequence[UUID]) -> Any:
    # By their names: their modules keep these rows, and so know this one.
    entry, version, review, edition, newest, submission = (
        Base.metadata.tables[name]
        for name in ("entry", "version", "review", "edition", "newest", "submission")
    )
    signed = and_(review.c.entry_id == entry.c.id, review.c.content_hash == version.c.content_hash)
    sent_back = exists().where(
        submission.c.entry_id == entry.c.id,
        submission.c.content_hash == version.c.content_hash,
        submission.c.outcome == "sent_back",
        submission.c.ended_at >= review.c.signed_at,
    )
    newest_first = review.c.signed_at.desc(), review.c.id.desc()
    last = select(review.c.due_on).where(signed, ~sent_back).order_by(*newest_first).limit(1)
    due_on = last.correlate(entry, version).scalar_subquery()
    live = and_(edition.c.entry_id == entry.c.id, edition.c.until_sequence.is_(None))
    struck = edition.alias().c
    retracted = and_(
        struck.entry_id == entry.c.id,
        struck.content_hash == version.c.content_hash,
        struck.struck_by.is_not(None),
    )
    other = or_(edition.c.content_hash.is_(None), edition.c.content_hash != version.c.content_hash)
    return (
        select(entry.c.id, entry.c.type, due_on)
        .join(version, and_(version.c.entry_id == entry.c.id, version.c.number == entry.c.latest))
        .join(newest, newest.c.entry_id == entry.c.id)
        .outerjoin(edition, live)
        .where(entry.c.id.in_(ids), newest.c.state.in_(_OPEN), version.c.content.is_not(None))
        .where(other, due_on.is_not(None), ~exists().where(retracted))
    )
