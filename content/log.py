"""The log: acts, each a committed transaction that changed what is public, and their lines.

Everything that readers receive follows from it. Its order is its commit order: sequences are given one by one under
one lock, just before the commit, so nobody who has read up to S can later meet an act numbered S or below.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ColumnElement,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, watermark
from content.database import Base, CanonicalJSON
from content.errors import Fault, Invalid
from content.prepared import Prepared, connected

# Where a session remembers the newest act that it has begun and not committed.
_BEGUN = "verso.begun"


class Event(StrEnum):
    """What a line did to its entry."""

    PUBLISHED = "published"
    MOVED = "moved"
    REVIEWED = "reviewed"
    REVIEW_DUE = "review_due"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"
    RETRACTED = "retracted"
    HELD = "held"
    RELEASED = "released"
    ERASED = "erased"
    RERENDERED = "rerendered"


class State(StrEnum):
    """Where an entry stands for readers; DRAFT means that it was never public."""

    DRAFT = "draft"
    LIVE = "live"
    GONE = "gone"
    REDIRECTED = "redirected"
    REPLACED = "replaced"
    HELD = "held"
    RETRACTED = "retracted"
    ERASED = "erased"


class ChangeKind(StrEnum):
    """How much a version differs for its readers, from a comma to a danger."""

    TYPO = "typo"
    EDITORIAL = "editorial"
    CLINICAL = "clinical"
    SAFETY = "safety"


def checked_kind(kind: str) -> ChangeKind:
    """Return a kind of change that there is a word for; raises Invalid."""
    if kind not in list(ChangeKind):
        raise Invalid([Fault("/kind", f"is not one of {', '.join(ChangeKind)}")])
    return ChangeKind(kind)


class Epoch(Base):
    """The lives of this log: a restored backup begins a new one, which voids tokens from beyond the fork."""

    __tablename__ = "epoch"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    after_sequence: Mapped[int]
    began_at: Mapped[datetime]


class Act(Base):
    """One act. `at` is when it takes effect and never decreases; `recorded_at` is the database's clock.

    `by` is a person's id or a command's name; `reason` is internal. `due_id` names the scheduled act that this one
    settled, at most once.
    """

    __tablename__ = "act"

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    recorded_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str | None] = mapped_column(Text)
    due_id: Mapped[UUID | None] = mapped_column(unique=True)


class Line(Base):
    """One thing that an act did to one entry, with all that remaking its editions needs.

    `version` and `document_hash` are the public form that it left, or had; `state` is where it left the entry;
    `target` is where a redirected entry went (an id or a URL) or what replaced it (an id); `affects` lists the
    versions that a retraction, an erasure or a reinstatement is about; `review` is the public state of its review.
    """

    __tablename__ = "line"
    __table_args__ = (
        ForeignKeyConstraint(["entry_id", "version"], ["version.entry_id", "version.number"]),
        Index("ix_line_entry_id_sequence", "entry_id", "sequence"),
    )

    sequence: Mapped[int] = mapped_column(ForeignKey("act.sequence"), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    event: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int | None]
    document_hash: Mapped[str | None] = mapped_column(String(64))
    change_kind: Mapped[str | None] = mapped_column(String(20))
    public_note: Mapped[str | None] = mapped_column(Text)
    review: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJSON)
    forced: Mapped[bool]
    target: Mapped[str | None] = mapped_column(Text)
    affects: Mapped[list[int] | None] = mapped_column(CanonicalJSON)


# The lines that took an entry from readers because its review fell due: no other says of what it took how that stood.
# SQLite takes an index of some rows only where the words of its condition are the statement's own.
EXPIRED = and_(Line.review.is_not(None), Line.state != literal_column("'live'"))
Index("ix_line_expired", Line.entry_id, Line.sequence, sqlite_where=EXPIRED, postgresql_where=EXPIRED)


def names_version(number: Any, line: type[Line] = Line) -> ColumnElement[bool]:
    """Whether a version is among those that a line affects, which stand in it as JSON: [1,2]."""
    numbers = func.replace(func.replace(type_coerce(line.affects, Text), "[", ","), "]", ",")
    return numbers.contains(literal(",") + cast(number, String) + literal(","))


@dataclass(frozen=True)
class Head:
    """The end of the log as one statement saw it: newest `sequence` (0 where nothing is public yet) and its `at`."""

    sequence: int
    at: datetime | None


def head(session: Session) -> Head:
    """Return the end of the log."""
    row = session.execute(select(Act.sequence, Act.at).order_by(Act.sequence.desc()).limit(1)).first()
    return Head(row.sequence, row.at) if row else Head(0, None)


def epoch(session: Session) -> UUID:
    """Return the id of the log's present epoch."""
    return session.scalars(select(Epoch.id).order_by(*NEWEST_EPOCH).limit(1)).one()


NEWEST_EPOCH = (Epoch.began_at.desc(), Epoch.id.desc())


def begin_epoch(session: Session) -> UUID:
    """Begin a new epoch, as after a backup was restored, and commit; return its id.

    Tokens and cursors of the one before are void from now on: what they had seen may never have been.
    """
    database.take_act_lock(session)
    clock, last = database.clock(session), session.scalars(select(func.max(Epoch.began_at))).one()
    # It is the newest also where the clock stands behind, as on a machine that was restored.
    begun = Epoch(
        id=uuid4(),
        after_sequence=head(session).sequence,
        began_at=max(clock, last + timedelta(microseconds=1)),
    )
    session.add(begun)
    session.commit()
    watermark.await_trust(session)
    return begun.id


def sequence_at(session: Session, instant: datetime) -> int:
    """Return the last sequence that had taken effect at `instant`; 0 where none had."""
    connection = connected(session)
    [[sequence]] = _at(connection.dialect).rows(connection, {"instant": instant})
    return sequence or 0


@lru_cache(maxsize=8)
def _at(dialect: Dialect) -> Prepared:
    instant = bindparam("instant", type_=Act.at.type)
    return Prepared(select(func.max(Act.sequence)).where(Act.at <= instant), dialect)


@contextmanager
def locked(session: Session) -> Iterator[None]:
    """Hold the log's lock, then commit what was written under it and before it in this session, or nothing at all.

    Only under it are acts begun. What is read under it is read anew, so every earlier act is seen.
    """
    try:
        database.take_act_lock(session)
        session.expire_all()
        yield
        session.commit()
    except BaseException:
        session.info.pop(_BEGUN, None)
        session.rollback()
        raise
    if _BEGUN in session.info:
        watermark.tell(session, session.info.pop(_BEGUN))


def begin_act(
    session: Session, *, by: str, reason: str | None, now: datetime | None = None, due_id: UUID | None = None
) -> Act:
    """Begin the next act; the log's lock must be held.

    `now`, else the database's clock, is when it takes effect, unless the last act's `at` is later: `at` never
    decreases, also where a clock was set back.
    """
    last, clock = head(session), database.clock(session)
    at = max(filter(None, (last.at, now or clock)))
    act = Act(sequence=last.sequence + 1, at=at, recorded_at=clock, by=by, reason=reason, due_id=due_id)
    session.add(act)
    session.flush()
    session.info[_BEGUN] = act.sequence
    return act
