"""Following: where entries stand, taken over from the log before a list is read; and everything made anew."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, select, text, update
from sqlalchemy.orm import Session

from content import log, versions
from content.database import begin_writing, put
from content.editions import Edition
from content.entries import Entry
from content.followers import Follower
from content.log import Line, State
from content.newest import approved, rows, sources
from content.newest.approved import Approved
from content.newest.rows import NO_DAY, Newest, NewestText, NewestValue, Standing
from content.newest.sources import NewestSource
from content.reviews import ReviewStatus
from content.versions import Version

# What these rows are: where an older program still notes how far it followed others, these are made anew all the same.
NAME = "newest, 4"
BATCH = 1_000


def follow(session: Session) -> None:
    """Take over what the log has done since it was last followed, and commit; two statements where it has done nothing.

    An act does not do so itself: whoever has saved waits for the log's lock with these rows in hand. Where nobody has
    made them ready after an upgrade, they are made anew first.
    """
    after, until = _followed(session), log.head(session).sequence
    if after == until:
        return
    if after is None:
        _lock(session)
        # Others may have waited for the same lists.
        if _followed(session) is None:
            _remade(session)
        session.commit()
        return
    begin_writing(session)
    chosen = select(Line.entry_id).where(Line.sequence > after, Line.sequence <= until).distinct()
    ids = list(session.scalars(chosen.order_by(Line.entry_id)))
    for start in range(0, len(ids), BATCH):
        _take_over(session, ids[start : start + BATCH])
    _note(session, until)
    session.commit()


def make_ready(session: Session) -> int:
    """Make everything anew where an upgrade has left nothing, and commit; return how many entries it lists then.

    0 where it stands already: what the log has done since is taken over when a list is read.
    """
    if _followed(session) is not None:
        session.rollback()
        return 0
    follow(session)
    return session.scalar(select(func.count()).select_from(Newest)) or 0


def remake(session: Session) -> None:
    """Make everything anew from the newest versions, in the order of their saves, and commit."""
    _lock(session)
    _remade(session)
    session.commit()


def _lock(session: Session) -> None:
    begin_writing(session)
    if session.get_bind().dialect.name == "postgresql":
        # Whoever saves or signs waits until it is done; the log's lock, which savers wait for, is not needed.
        session.execute(text("LOCK TABLE newest, approved IN SHARE ROW EXCLUSIVE MODE"))


def _remade(session: Session) -> None:
    until = log.head(session).sequence
    for table in (NewestText, NewestValue, NewestSource, Approved, Newest):
        session.execute(delete(table))
    newest = and_(Version.entry_id == Entry.id, Version.number == Entry.latest)
    chosen = select(Entry, Version).join(Version, newest).where(Entry.trashed_at.is_(None))
    kept = chosen.order_by(Entry.saved_at, Entry.id).execution_options(yield_per=BATCH)
    for some in session.execute(kept).partitions():
        stand = _standings(session, [entry.id for entry, _ in some])
        made = [
            rows.made(entry, version.content or {}, version.placement, version.by, stand[entry.id])
            for entry, version in some
        ]
        rows.store(session, made)
    _note(session, until)


def keep_again(session: Session, entry: Entry) -> None:
    """List an entry that came out of the trash."""
    version = versions.latest(session, entry.id)
    rows.keep(session, entry, version.content or {}, version.placement, version.by)


def _followed(session: Session) -> int | None:
    return session.scalar(select(Follower.sequence).where(Follower.name == NAME))


def _note(session: Session, sequence: int) -> None:
    row = {"name": NAME, "epoch": log.epoch(session), "sequence": sequence, "failures": 0, "next_at": None}
    put(session, Follower, row, where=Follower.sequence <= sequence)


def _take_over(session: Session, ids: Sequence[UUID]) -> None:
    # Whoever saves one of them meanwhile would put where it stood before in the place of this.
    versions.queue(session, ids)
    stand = _standings(session, ids)
    kept = select(Newest.id, Newest.entry_id, Newest.latest, Newest.own).where(Newest.entry_id.in_(ids))
    if changed := [_stood(row, stand[row.entry_id]) for row in session.execute(kept)]:
        session.execute(update(Newest), changed)
    sources.settle(session, ids)
    approved.settle(session, ids)


def _stood(row: Any, standing: Standing) -> dict[str, Any]:
    marks = standing.marks(row.latest)
    return {"id": row.id, **asdict(standing), "marks": rows.spaced([*row.own.split(), *marks])}


def _standings(session: Session, ids: Sequence[UUID]) -> dict[UUID, Standing]:
    states, live = _states(session, ids), _live(session, ids)
    return {
        one: Standing(
            states.get(one, State.DRAFT),
            live[one].version if one in live else None,
            live[one].due_key if one in live else NO_DAY,
            one in live and live[one].review_status == ReviewStatus.NOT_REVIEWED,
        )
        for one in ids
    }


def _states(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    last = select(func.max(Line.sequence).label("sequence"), Line.entry_id).where(Line.entry_id.in_(ids))
    newest = last.group_by(Line.entry_id).subquery()
    same = and_(Line.entry_id == newest.c.entry_id, Line.sequence == newest.c.sequence)
    found = session.execute(select(Line.entry_id, Line.state).join(newest, same))
    return {row.entry_id: row.state for row in found}


def _live(session: Session, ids: Sequence[UUID]) -> dict[UUID, Any]:
    shown = select(Edition.entry_id, Edition.version, Edition.due_key, Edition.review_status)
    found = session.execute(shown.where(Edition.entry_id.in_(ids), Edition.until_sequence.is_(None)))
    return {row.entry_id: row for row in found}
