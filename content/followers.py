"""Followers: how far each thing that leaves by itself has followed the log, and when it is to try again.

A follower goes on only after what it did has succeeded, so that a process killed in between loses nothing: what it
does must bear being done twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import String, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, log
from content.database import Base, begin_writing
from content.log import Act

LONGEST_WAIT = 60  # seconds between two tries
MOST_DOUBLINGS = 6


class Follower(Base):
    """One follower: it has done all up to `sequence` of the log's `epoch`; `failures` tries in a row went wrong."""

    __tablename__ = "follower"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    epoch: Mapped[UUID]
    sequence: Mapped[int]
    failures: Mapped[int]
    next_at: Mapped[datetime | None]


@dataclass(frozen=True)
class Stretch:
    """What a follower has to do next: the acts after `after`, up to `until`.

    `after` is None where it has not followed this epoch of the log before: then nothing is known of what it missed.
    """

    epoch: UUID
    after: int | None
    until: int


def next_stretch(session: Session, name: str, *, behind: timedelta) -> Stretch | None:
    """Return what a follower that lets acts grow `behind` old has to do; None where it has nothing to do now."""
    found = session.get(Follower, name, populate_existing=True)
    now, epoch = database.clock(session), log.epoch(session)
    until = _settled(session, now, behind)
    if found is None or found.epoch != epoch:
        return Stretch(epoch, None, until) if not _rests(found, now) else None
    return (
        Stretch(epoch, found.sequence, until) if until > found.sequence and not _rests(found, now) else None
    )


def _rests(found: Follower | None, now: datetime) -> bool:
    return found is not None and found.next_at is not None and now < found.next_at


def _settled(session: Session, now: datetime, behind: timedelta) -> int:
    # What a clock that was set back since has recorded in the future is not waited for.
    old = or_(Act.recorded_at <= now - behind, Act.recorded_at > now)
    return session.scalar(select(func.max(Act.sequence)).where(old)) or 0


def advance(session: Session, name: str, done: Stretch) -> None:
    """Remember that a stretch was done, and commit; whoever was overtaken meanwhile takes nothing back."""
    begin_writing(session)
    known = Follower.name == name, Follower.epoch == done.epoch
    if session.scalar(select(Follower.sequence).where(*known)) is None:
        session.merge(Follower(name=name, epoch=done.epoch, sequence=done.until, failures=0, next_at=None))
    further = update(Follower).where(*known, Follower.sequence <= done.until)
    session.execute(further.values(sequence=done.until, failures=0, next_at=None))
    session.commit()


def postpone(session: Session, name: str) -> None:
    """Remember that a try went wrong, and commit: the next one comes later, each time twice as late."""
    begin_writing(session)
    found = session.get(Follower, name, populate_existing=True)
    if found is None:
        # It has followed nothing yet: the epoch of no log says so.
        found = Follower(name=name, epoch=NO_EPOCH, sequence=0, failures=0, next_at=None)
        session.add(found)
    wait = min(LONGEST_WAIT, 2 ** min(found.failures, MOST_DOUBLINGS))
    found.failures += 1
    found.next_at = database.clock(session) + timedelta(seconds=wait)
    session.commit()


def note(session: Session, name: str) -> None:
    """Note that what is kept under a name was made anew from all that there is by now."""
    until = log.head(session).sequence
    row = {"name": name, "epoch": log.epoch(session), "sequence": until, "failures": 0, "next_at": None}
    database.put(session, Follower, row)


NO_EPOCH = UUID(int=0)
