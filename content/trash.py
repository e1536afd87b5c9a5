"""The trash: drafts that nobody needs now. They come back as they were; nothing in it is ever deleted.

What was public is not thrown away but withdrawn, for somebody may have read it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from content import database, schedule, submissions, versions
from content.database import begin_writing
from content.entries import Entry
from content.errors import Fault, Invalid, NotFound, WrongStanding
from content.log import State
from content.newest import following, rows
from content.standings import standings


@dataclass(frozen=True)
class Place:
    """Where a page of the trash ended: the last entry's moment and id."""

    trashed_at: datetime
    entry_id: UUID


def throw_away(session: Session, entry_id: UUID, *, by: str, now: datetime | None = None) -> Entry:
    """Put a draft into the trash; one that lies there already stays as it is.

    Raises WrongStanding where it was ever public, Invalid where it is on the schedule or waits for a reviewer.
    """
    begin_writing(session)
    entry = versions.queued(session, entry_id)
    # Before the log's lock, which others wait for with such a row in hand.
    rows.forget(session, entry_id)
    # Under the log's lock, else somebody could publish it meanwhile.
    database.take_act_lock(session)
    state = standings(session, [entry_id])[entry_id].state
    if state != State.DRAFT:
        raise WrongStanding("throwing away", state, [State.DRAFT])
    if schedule.waits_for(session, entry_id):
        raise Invalid([Fault("/entry", "is on the schedule; take it off first")])
    if submissions.waiting_for(session, entry_id):
        raise Invalid([Fault("/submission", "waits for a reviewer; take it back first")])
    if entry.trashed_at is None:
        entry.trashed_at, entry.trashed_by = now or database.clock(session), by
        session.flush()
    return entry


def take_out(session: Session, entry_id: UUID) -> Entry:
    """Take a draft out of the trash, as it was; raises NotFound where it does not lie there."""
    begin_writing(session)
    entry = versions.queued(session, entry_id)
    if entry.trashed_at is None:
        raise NotFound(f"entry {entry_id} in the trash")
    entry.trashed_at, entry.trashed_by = None, None
    session.flush()
    following.keep_again(session, entry)
    return entry


def thrown_away(session: Session, *, limit: int, after: Place | None = None) -> Sequence[Entry]:
    """Return at most `limit` entries of the trash, those that came last first, going on after a place."""
    chosen: Any = select(Entry).where(Entry.trashed_at.is_not(None))
    if after:
        chosen = chosen.where(tuple_(Entry.trashed_at, Entry.id) < (after.trashed_at, after.entry_id))
    newest_first = chosen.order_by(Entry.trashed_at.desc(), Entry.id.desc())
    return session.scalars(newest_first.limit(limit)).all()
