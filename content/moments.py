"""Moments: which sequence a read is about. *Now* is the newest one, once all that is due has been settled."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, case, func, literal_column, select
from sqlalchemy.orm import Session

from content import database, schedule, settling
from content.errors import OutOfRange
from content.grants import SAID
from content.keyring import CHANGES
from content.log import NEWEST_EPOCH, Act, Epoch, sequence_at
from content.prepared import Prepared, connected

# The stretch in which an answer stays right: the newest sequence, the log's epoch, when something falls due next, how
# often the keyring was changed, and when the newest act was: after a restore another act may have its number.
Life = tuple[int, str, datetime | None, int, datetime | None]
# By which a log is told from one that was restored and went on otherwise: its epoch, its newest act, and when that was.
End = tuple[UUID, int, datetime | None]
RECENT = timedelta(minutes=1)  # far longer than an act holds the lock


@dataclass(frozen=True)
class Moment:
    """The end of the log as one statement saw it, nothing that was due left unsettled.

    `sequence` is 0 and `at` None where nothing is public yet; `began_at` is when a restored log went on, None for one
    that was empty then; `clock` is the database's; `next_due` is the moment
    at which something changes by itself next, or None. No answer may outlive it. `keyring` is how often it was changed
    what keys open; `said` the sequence of the last act that said what needs no key, 0 where none did.
    """

    sequence: int
    at: datetime | None
    epoch: UUID
    clock: datetime
    next_due: datetime | None
    keyring: int = 0
    said: int = 0
    began_at: datetime | None = None

    @property
    def life(self) -> Life:
        """The life of the log that this moment belongs to."""
        return self.sequence, self.epoch.hex, self.next_due, self.keyring, self.at

    @property
    def end(self) -> End:
        """Where the log ends at this moment."""
        return self.epoch, self.sequence, self.at

    def has_just_been(self, instant: datetime) -> bool:
        """Whether an act that began before now may still take effect at `instant`."""
        return self.clock - instant < RECENT


def present(session: Session, *, now: datetime | None = None) -> Moment:
    """Settle what is due and return the present moment; `now` is the database's clock unless told.

    One statement where nothing was due.
    """
    moment = _look(session, now)
    while moment.next_due and moment.next_due <= moment.clock:
        settling.settle(session, now=now)
        moment = _look(session, now)
    return moment


def sequence_asked(session: Session, present: Moment, as_of: int | datetime | None) -> int:
    """Return the sequence that `as_of` means: itself, the last one at an instant, or the present one.

    Raises OutOfRange for what has not come yet, and for a negative sequence.
    """
    if as_of is None:
        return present.sequence
    if isinstance(as_of, datetime):
        if as_of > present.clock:
            raise OutOfRange(as_of.isoformat(), present.sequence)
        if present.has_just_been(as_of):
            # An act takes its moment under the lock and commits a little later. What is asked about this very
            # moment must be answered alike for ever, so an act that may still get it is waited for.
            database.await_act(session)
        return sequence_at(session, as_of)
    if not 0 <= as_of <= present.sequence:
        raise OutOfRange(as_of, present.sequence)
    return as_of


def _look(session: Session, now: datetime | None) -> Moment:
    connection = connected(session)
    [row] = _end(connection.dialect).rows(connection, {})
    epoch_id, began_at, scheduled_at, reviewed_on, turns_at, changes, said, sequence, at, *told = row
    clock = now or (told[0].astimezone(UTC) if told else database.clock(session))
    next_due = schedule.first_of(scheduled_at, reviewed_on, turns_at)
    return Moment(sequence or 0, at, epoch_id, clock, next_due, changes or 0, said or 0, began_at)


@lru_cache(maxsize=8)
def _end(dialect: Dialect) -> Prepared:
    """Return the statement that every read begins with."""
    newest = select(Act.sequence, Act.at).order_by(Act.sequence.desc()).limit(1).subquery()
    went_on = case((Epoch.after_sequence > 0, Epoch.began_at)).label("went_on")
    epoch = select(Epoch.id, went_on).order_by(*NEWEST_EPOCH).limit(1).subquery()
    columns: list[Any] = [
        epoch.c.id,
        epoch.c.went_on,
        *schedule.DUE,
        CHANGES,
        SAID,
        newest.c.sequence,
        newest.c.at,
    ]
    if dialect.name == "postgresql":
        columns.append(func.clock_timestamp())
    chosen = select(*columns).select_from(epoch).outerjoin(newest, literal_column("true"))
    return Prepared(chosen, dialect)
