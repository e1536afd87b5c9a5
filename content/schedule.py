"""The schedule: acts that are due at a moment to come, pinned to the version they were made for."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    and_,
    func,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, entries, steps, targets, turns, versions, watermark
from content.database import Base, CanonicalJSON, begin_writing, new_id
from content.editions import Edition
from content.errors import Fault, Invalid, NotFound
from content.log import ChangeKind, State, checked_kind
from content.standings import standings


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
    """One act to come. `options` are its verb's own arguments; `outcome` says why it failed or was cancelled.

    `ended_at` is when it was done, failed or was cancelled, however long before or after that it was due.
    """

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
    ended_at: Mapped[datetime | None]


_TWICE = (
    "is not the only one: this version is on the schedule for another already, and nothing in between. "
    "Take that off first"
)
_OPTIONS = {
    Verb.PUBLISH: {"kind", "note", "forced", "planned_over", "along"},
    Verb.WITHDRAW: {"manner", "target", "note", "planned_over"},
    Verb.REINSTATE: {"note", "forced"},
    Verb.HOLD: {"note"},
    Verb.RELEASE: {"note"},
}
MOST = 100

# Without a parameter: as PostgreSQL plans statements, it takes an index of some rows only so.
WAITING = Scheduled.fate == literal_column(f"'{Fate.WAITING}'")
_OVER = Scheduled.fate != literal_column(f"'{Fate.WAITING}'")
_FAILED = Scheduled.fate == literal_column(f"'{Fate.FAILED}'")
_COMES = (Scheduled.due_at, Scheduled.id)
_ENDED = (Scheduled.ended_at, Scheduled.id)
for _name, _order, _such in (
    ("waiting", _COMES, WAITING),
    ("over", _ENDED, _OVER),
    ("failed", _ENDED, _FAILED),
):
    Index(f"ix_scheduled_{_name}", *_order, sqlite_where=_such, postgresql_where=_such)


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

    `options` are the verb's own (`kind`, `note`, `forced`, `manner`, `target`). With a publication goes what is live
    when it is planned (`planned_over`, 0 for nothing), and the drafts that go public in the same act (`along`, each an
    id and a version) unless they are public by then; with a withdrawal what is to be public by then. Raises Invalid
    where the moment is not to come, the version or a reason for forcing is missing, an option does not fit its verb, or
    the same is on the schedule for that moment.
    """
    begin_writing(session)
    now = now or database.clock(session)
    if due_at <= now:
        raise Invalid([Fault("/due_at", "is not to come: enter a later one")])
    if verb in (Verb.PUBLISH, Verb.REINSTATE) and version is None:
        raise Invalid([Fault("/version", "is required")])
    reason = versions.checked_note(reason, "reason")
    if options.get("forced") and not reason:
        raise Invalid(
            [Fault("/reason", "is required where nobody has reviewed the text: say why it cannot wait")]
        )
    # Nobody throws it away meanwhile.
    entries.require_kept(versions.queued(session, entry_id))
    if version is not None and versions.version(session, entry_id, version).erased:
        raise Invalid([Fault("/version", "was erased")])
    if version is not None and _waits_already(session, verb, entry_id, version, due_at):
        raise Invalid([Fault("/due_at", "is when just this is on the schedule already: enter another one")])
    if version is not None and _waits_beside(session, verb, entry_id, version, due_at):
        raise Invalid([Fault("/due_at", _TWICE)])
    if "planned_over" in _OPTIONS[verb] and options.get("planned_over") is None:
        publishes = verb == Verb.PUBLISH
        options["planned_over"] = (
            _live(session, entry_id) if publishes else _to_withdraw(session, entry_id, due_at)
        )
    made = Scheduled(
        entry_id=entry_id,
        verb=verb,
        version=version,
        options=_checked(
            session, entry_id, verb, {name: value for name, value in options.items() if value is not None}
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


def _waits_already(
    session: Session, verb: Verb, entry_id: UUID, version: int | None, due_at: datetime
) -> bool:
    known = {(one.verb, one.version, one.due_at) for one in waiting_for(session, entry_id)}
    return (verb, version, due_at) in known


def _waits_beside(session: Session, verb: Verb, entry_id: UUID, version: int, due_at: datetime) -> bool:
    """Whether the same waits for another moment, and nothing about the entry in between: one of both would fail."""
    waiting = waiting_for(session, entry_id)
    before = [one for one in waiting if one.due_at <= due_at][-1:]
    after = [one for one in waiting if one.due_at > due_at][:1]
    return any((one.verb, one.version) == (verb, version) for one in (*before, *after))


def _live(session: Session, entry_id: UUID) -> int:
    shown = select(Edition.version).where(Edition.entry_id == entry_id, Edition.until_sequence.is_(None))
    return session.scalar(shown) or 0


def _to_withdraw(session: Session, entry_id: UUID, due_at: datetime) -> int | None:
    """Return the version that is to be public by a moment, or held: as it stands, and by what waits until then.

    0 where it is to be withdrawn by then, None where nothing of it was public ever.
    """
    standing = standings(session, [entry_id])[entry_id]
    shown = standing.last.version if standing.last and standing.state in (State.LIVE, State.HELD) else 0
    number = None if standing.state == State.DRAFT else shown
    for one in waiting_for(session, entry_id):
        if one.due_at <= due_at and one.verb in (Verb.PUBLISH, Verb.REINSTATE, Verb.WITHDRAW):
            number = one.version or 0
    return number


def _checked(session: Session, entry_id: UUID, verb: Verb, options: dict[str, Any]) -> dict[str, Any]:
    """Return a verb's options as they will be done. What could fail for its form must fail here: nobody asks later."""
    if strange := sorted(set(options) - _OPTIONS[verb]):
        raise Invalid([Fault(f"/{name}", f"has no meaning for {verb}") for name in strange])
    checked = {**options, "note": versions.checked_note(options.get("note"))}
    if verb == Verb.PUBLISH:
        checked["kind"] = checked_kind(options.get("kind", ChangeKind.EDITORIAL))
    if verb == Verb.WITHDRAW:
        manner = options.get("manner", State.GONE)
        checked["target"] = targets.checked(session, manner, options.get("target"))
        steps.require_another(entry_id, checked["target"])
    return {name: value for name, value in checked.items() if value is not None}


def cancel(
    session: Session, scheduled_id: UUID, *, why: str | None = None, now: datetime | None = None
) -> Scheduled:
    """Take a waiting act off the schedule; it stays visible. Raises Invalid where it waits no more."""
    begin_writing(session)
    if not end(session, scheduled_id, Fate.CANCELLED, outcome=versions.checked_note(why, "why"), now=now):
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
    now: datetime | None = None,
) -> bool:
    """Settle what has become of a waiting act; returns whether it was waiting, which happens once."""
    now = now or database.clock(session)
    ended = (
        update(Scheduled)
        .where(Scheduled.id == scheduled_id, WAITING)
        .values(fate=fate, outcome=outcome, sequence=sequence, ended_at=now)
    )
    return session.execute(ended.returning(Scheduled.id)).first() is not None


def erase(session: Session, entry_id: UUID) -> None:
    """Destroy what the schedule says of an entry's words: why something failed, or was taken off."""
    about = update(Scheduled).where(Scheduled.entry_id == entry_id, Scheduled.outcome.is_not(None))
    session.execute(about.values(outcome="").execution_options(synchronize_session=False))


def waiting(session: Session, most: int = MOST, *, after: Scheduled | None = None) -> list[Scheduled]:
    """Return at most `most` of what waits, soonest first, behind one of them."""
    soonest = select(Scheduled).where(WAITING).order_by(*_COMES)
    behind = (tuple_(*_COMES) > _place(_COMES, after),) if after else ()
    return list(session.scalars(soonest.where(*behind).limit(most)))


def waiting_for(session: Session, *ids: UUID) -> list[Scheduled]:
    """Return what waits that is about these entries, soonest first."""
    about = select(Scheduled).where(Scheduled.entry_id.in_(ids), WAITING)
    return list(session.scalars(about.order_by(*_COMES)))


def waiting_within(session: Session, since: datetime, until: datetime, most: int = MOST) -> list[Scheduled]:
    """Return at most `most` of what is due from `since` until before `until`, soonest first."""
    due = select(Scheduled).where(WAITING, Scheduled.due_at >= since, Scheduled.due_at < until)
    return list(session.scalars(due.order_by(*_COMES).limit(most)))


def ended(
    session: Session, since: datetime, most: int = MOST, *, after: Scheduled | None = None
) -> list[Scheduled]:
    """Return at most `most` of what came to its end since a moment, the last first, behind one of them."""
    behind = (tuple_(*_ENDED) < _place(_ENDED, after),) if after else ()
    return _ended(session, since, most, _OVER, *behind)


def failed(session: Session, since: datetime, most: int = MOST) -> list[Scheduled]:
    """Return at most `most` of what failed since a moment, the last first."""
    return _ended(session, since, most, _FAILED)


def _ended(session: Session, since: datetime, most: int, *such: ColumnElement[bool]) -> list[Scheduled]:
    over = select(Scheduled).where(Scheduled.ended_at >= since, *such)
    return list(session.scalars(over.order_by(*(one.desc() for one in _ENDED)).limit(most)))


def _place(columns: Sequence[Any], one: Scheduled) -> Any:
    """Where something stands in an order, in SQL."""
    return tuple_(*(literal(getattr(one, column.key), column.type) for column in columns))


def tally(session: Session, since: datetime, until: datetime) -> list[tuple[datetime, Fate, int]]:
    """Return how much is due, or came to its end, at each moment from `since` until before `until`, by its fate."""
    parts = (
        select(moment, Scheduled.fate, func.count()).where(*such).group_by(moment, Scheduled.fate)
        for moment, *such in _stretch(since, until)
    )
    return [(at, Fate(fate), many) for at, fate, many in session.execute(union_all(*parts))]


def within(session: Session, since: datetime, until: datetime, most: int = MOST) -> list[Scheduled]:
    """Return at most `most` of what is due, or came to its end, from `since` until before `until`, in that order."""
    such = or_(*(and_(*conditions) for _, *conditions in _stretch(since, until)))
    first = (func.coalesce(Scheduled.ended_at, Scheduled.due_at), Scheduled.id)
    return list(session.scalars(select(Scheduled).where(such).order_by(*first).limit(most)))


def _stretch(since: datetime, until: datetime) -> Iterator[tuple[Any, ...]]:
    """Yield what tells when something waits for or ended, and the conditions of that within a stretch of time."""
    for moment, such in ((Scheduled.due_at, WAITING), (Scheduled.ended_at, _OVER)):
        yield moment, such, moment >= since, moment < until


def waits_for(session: Session, entry_id: UUID) -> bool:
    """Return whether something waits that is about an entry."""
    return (
        session.scalar(select(Scheduled.id).where(Scheduled.entry_id == entry_id, WAITING).limit(1))
        is not None
    )


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


REVIEW_IS_SHOWN = (Edition.until_sequence.is_(None), Edition.review_due_on.is_not(None))


def next_scheduled(session: Session) -> Scheduled | None:
    """Return the waiting act that is due first, or None."""
    return session.scalar(select(Scheduled).where(WAITING).order_by(Scheduled.due_at, Scheduled.id).limit(1))


def next_review(session: Session) -> Edition | None:
    """Return the live edition whose review falls due first, or None."""
    due_first = (Edition.review_due_on, Edition.entry_id)
    return session.scalar(select(Edition).where(*REVIEW_IS_SHOWN).order_by(*due_first).limit(1))


# When something scheduled, some live text's review, and a turn of a grant fall due next: columns for a statement.
DUE = (
    select(func.min(Scheduled.due_at)).where(WAITING).scalar_subquery(),
    select(func.min(Edition.review_due_on)).where(*REVIEW_IS_SHOWN).scalar_subquery(),
    turns.NEXT,
)


def next_due(session: Session) -> datetime | None:
    """Return the moment at which something falls due next, past or to come, or None; one statement."""
    return first_of(*session.execute(select(*DUE)).one())


def first_of(
    scheduled_at: datetime | None, reviewed_on: date | None, turns_at: datetime | None
) -> datetime | None:
    """Return which of the columns of `DUE` comes first, as an instant."""
    reviewed_at = midnight(reviewed_on) if reviewed_on else None
    return min(filter(None, (scheduled_at, reviewed_at, turns_at)), default=None)
