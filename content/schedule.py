"""The schedule: acts that are due at a moment to come, pinned to the version they were made for."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, Text, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, entries, targets, versions, watermark
from content.database import Base, CanonicalJSON, begin_writing, new_id
from content.editions import Edition
from content.errors import Fault, Invalid, NotFound
from content.log import ChangeKind, State, checked_kind


class Verb(StrEnum):
    """What can be scheduled."""

    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    HOLD = "hold"
    RELEASE = "release"


class Fate(StrEnum):
    """What has become of a scheduled act."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Scheduled(Base):
    """One act to come. `options` are its verb's own arguments; `outcome` says why it failed or was cancelled."""

    __tablename__ = "scheduled"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), index=True)
    verb: Mapped[str] = mapped_column(String(20))
    version: Mapped[int | None]
    options: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    due_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime]
    fate: Mapped[str] = mapped_column(String(20), default=Fate.WAITING)
    sequence: Mapped[int | None] = mapped_column(Integer)
    outcome: Mapped[str | None] = mapped_column(Text)


_OPTIONS = {
    Verb.PUBLISH: {"kind", "note", "forced"},
    Verb.WITHDRAW: {"manner", "target", "note"},
    Verb.REINSTATE: {"note", "forced"},
    Verb.HOLD: {"note"},
    Verb.RELEASE: {"note"},
}
_WAITING = Scheduled.fate == Fate.WAITING
Index("ix_scheduled_waiting_due_at", Scheduled.due_at, sqlite_where=_WAITING, postgresql_where=_WAITING)


def schedule(
    session: Session,
    verb: Verb,
    entry_id: UUID,
    *,
    due_at: datetime,
    by: str,
    version: int | None = None,
    reason: str | None = None,
    now: datetime | None = None,
    **options: Any,
) -> Scheduled:
    """Put an act on the schedule; publishing and reinstating are pinned to `version`.

    `options` are the verb's own (`kind`, `note`, `forced`, `manner`, `target`). Raises Invalid where the moment is
    not to come, the version or a reason for forcing is missing, or an option does not fit its verb.
    """
    begin_writing(session)
    now = now or database.clock(session)
    if due_at <= now:
        raise Invalid([Fault("/due_at", "is not to come")])
    if verb in (Verb.PUBLISH, Verb.REINSTATE) and version is None:
        raise Invalid([Fault("/version", "is required")])
    reason = versions.checked_note(reason, "reason")
    if options.get("forced") and not reason:
        raise Invalid([Fault("/reason", "is required where nobody has reviewed the text")])
    # Nobody throws it away meanwhile.
    entries.require_kept(versions.queued(session, entry_id))
    if version is not None and versions.version(session, entry_id, version).erased:
        raise Invalid([Fault("/version", "was erased")])
    made = Scheduled(
        entry_id=entry_id,
        verb=verb,
        version=version,
        options=_checked(
            session, verb, {name: value for name, value in options.items() if value is not None}
        ),
        due_at=due_at,
        by=by,
        reason=reason,
        made_at=now,
    )
    session.add(made)
    session.flush()
    watermark.plan(session)
    return made


def _checked(session: Session, verb: Verb, options: dict[str, Any]) -> dict[str, Any]:
    """Return a verb's options as they will be done. What could fail for its form must fail here: nobody asks later."""
    if strange := sorted(set(options) - _OPTIONS[verb]):
        raise Invalid([Fault(f"/{name}", f"has no meaning for {verb}") for name in strange])
    checked = {**options, "note": versions.checked_note(options.get("note"))}
    if verb == Verb.PUBLISH:
        checked["kind"] = checked_kind(options.get("kind", ChangeKind.EDITORIAL))
    if verb == Verb.WITHDRAW:
        manner = options.get("manner", State.GONE)
        checked["target"] = targets.checked(session, manner, options.get("target"))
    return {name: value for name, value in checked.items() if value is not None}


def cancel(session: Session, scheduled_id: UUID, *, why: str | None = None) -> Scheduled:
    """Take a waiting act off the schedule; it stays visible. Raises Invalid where it waits no more."""
    begin_writing(session)
    if not end(session, scheduled_id, Fate.CANCELLED, outcome=versions.checked_note(why, "why")):
        raise Invalid([Fault("/fate", "is not waiting any more")])
    return scheduled(session, scheduled_id)


def scheduled(session: Session, scheduled_id: UUID) -> Scheduled:
    """Return one scheduled act, whatever has become of it; raises NotFound."""
    found = session.get(Scheduled, scheduled_id, populate_existing=True)
    if found is None:
        raise NotFound(f"scheduled act {scheduled_id}")
    return found


def end(
    session: Session,
    scheduled_id: UUID,
    fate: Fate,
    *,
    outcome: str | None = None,
    sequence: int | None = None,
) -> bool:
    """Settle what has become of a waiting act; returns whether it was waiting, which happens once."""
    ended = (
        update(Scheduled)
        .where(Scheduled.id == scheduled_id, _WAITING)
        .values(fate=fate, outcome=outcome, sequence=sequence)
    )
    return session.execute(ended.returning(Scheduled.id)).first() is not None


def waiting(session: Session) -> list[Scheduled]:
    """Return what waits, soonest first."""
    return list(session.scalars(select(Scheduled).where(_WAITING).order_by(Scheduled.due_at, Scheduled.id)))


def waiting_for(session: Session, entry_id: UUID) -> list[Scheduled]:
    """Return what waits that is about an entry, soonest first."""
    about = select(Scheduled).where(Scheduled.entry_id == entry_id, _WAITING)
    return list(session.scalars(about.order_by(Scheduled.due_at, Scheduled.id)))


def ended(session: Session, since: datetime, *fates: Fate) -> list[Scheduled]:
    """Return what was due since a moment and waits no more, the last first; of these fates only, where any is given."""
    over = select(Scheduled).where(Scheduled.due_at >= since, Scheduled.fate.in_(fates or _OVER))
    return list(session.scalars(over.order_by(Scheduled.due_at.desc(), Scheduled.id)))


_OVER = (Fate.DONE, Fate.FAILED, Fate.CANCELLED)


def waits_for(session: Session, entry_id: UUID) -> bool:
    """Return whether something waits that is about an entry."""
    return (
        session.scalar(select(Scheduled.id).where(Scheduled.entry_id == entry_id, _WAITING).limit(1))
        is not None
    )


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


_REVIEW_IS_SHOWN = (Edition.until_sequence.is_(None), Edition.review_due_on.is_not(None))


def next_scheduled(session: Session) -> Scheduled | None:
    """Return the waiting act that is due first, or None."""
    return session.scalar(select(Scheduled).where(_WAITING).order_by(Scheduled.due_at, Scheduled.id).limit(1))


def next_review(session: Session) -> Edition | None:
    """Return the live edition whose review falls due first, or None."""
    due_first = (Edition.review_due_on, Edition.entry_id)
    return session.scalar(select(Edition).where(*_REVIEW_IS_SHOWN).order_by(*due_first).limit(1))


# When something scheduled, and when some live text's review, falls due next: two columns for a statement.
DUE = (
    select(func.min(Scheduled.due_at)).where(_WAITING).scalar_subquery(),
    select(func.min(Edition.review_due_on)).where(*_REVIEW_IS_SHOWN).scalar_subquery(),
)


def next_due(session: Session) -> datetime | None:
    """Return the moment at which something falls due next, past or to come, or None; one statement."""
    scheduled_at, reviewed_on = session.execute(select(*DUE)).one()
    return earlier(scheduled_at, reviewed_on)


def earlier(scheduled_at: datetime | None, reviewed_on: date | None) -> datetime | None:
    """Return which of the two columns of `DUE` comes first, as an instant."""
    reviewed_at = midnight(reviewed_on) if reviewed_on else None
    return min(filter(None, (scheduled_at, reviewed_at)), default=None)
