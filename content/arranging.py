"""Arranging: entries that stand in a row, an article's FAQs, are given positions by saving placement versions of them.

What readers see stays as it is until that order is published, in one act and under whatever drafts are ahead; no review
is touched, for no word changes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import publishing, schedule, under_drafts, versions
from content.database import among, begin_writing
from content.editions import Edition
from content.entries import Entry
from content.errors import EffectChanged, PlannedAlready
from content.log import Act, ChangeKind
from content.schedule import Verb
from content.steps import Publish
from content.versions import Version

POSITION = "position"
_NOTE = "Moved within its article."


@dataclass(frozen=True)
class Placed:
    """An entry that readers have, by its live version, at another position than its newest one gives it."""

    shown: Version
    newest: Version

    @property
    def values(self) -> dict[str, Any]:
        """What readers have, at its new position."""
        others = {name: value for name, value in self.shown.values.items() if name != POSITION}
        position = self.newest.values.get(POSITION)
        return others if position is None else {**others, POSITION: position}


def arrange(
    session: Session, entry_ids: Sequence[UUID], *, by: str, now: datetime | None = None
) -> list[Version]:
    """Save new versions of as many of the entries as it takes for them to stand in this order; returns those."""
    begin_writing(session)
    # In one order, else two who arrange the same could wait for each other.
    latest = {one: versions.queued(session, one).latest for one in sorted(entry_ids)}
    newest = [versions.version(session, one, latest[one]) for one in entry_ids]
    wanted = positions([one.values.get(POSITION) for one in newest])
    return [
        versions.save(
            session,
            one.entry_id,
            {**one.values, POSITION: position},
            based_on=one.number,
            by=by,
            note=_NOTE,
            now=now,
        )
        for one, position in zip(newest, wanted, strict=True)
        if one.values.get(POSITION) != position
    ]


def unpublished(session: Session, entry_ids: Sequence[UUID], link: str) -> list[Placed]:
    """Return those of a row that readers have at another position; a fixed number of statements.

    `link` is the field by which they name what they stand in. One whose newest version names something else is none.
    """
    chosen = select(Entry.id, Entry.latest, Edition.version).join(Edition, Edition.entry_id == Entry.id)
    rows = session.execute(chosen.where(Entry.id.in_(entry_ids), Edition.until_sequence.is_(None))).all()
    wanted = [(row.id, number) for row in rows for number in (row.latest, row.version)]
    found = session.scalars(select(Version).where(among((Version.entry_id, Version.number), wanted)))
    kept = {(one.entry_id, one.number): one for one in found} if rows else {}
    both = [Placed(kept[row.id, row.version], kept[row.id, row.latest]) for row in rows]
    return sorted(filter(lambda one: _is_placed(one, link), both), key=lambda one: one.newest.entry_id)


def fingerprint(placed: Iterable[Placed]) -> str:
    """Return what tells two orders apart that wait for their publication."""
    told = [(str(one.newest.entry_id), one.shown.number, one.newest.values.get(POSITION)) for one in placed]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def publish_order(
    session: Session,
    entry_ids: Sequence[UUID],
    link: str,
    *,
    by: str,
    expected: str | None = None,
    now: datetime | None = None,
) -> Act | None:
    """Give readers the positions that a row has, in one act; None where they have them. `link`: see `unpublished`.

    As in a move, the live text is saved at its new position and published; a draft that is ahead stays so. Raises
    EffectChanged where another order was shown, by its fingerprint, and PlannedAlready where a version of one of them
    is on the schedule, which would be older than what readers get by this.
    """
    begin_writing(session)
    versions.queue(session, entry_ids)
    session.expire_all()
    placed = unpublished(session, entry_ids, link)
    if expected is not None and expected != fingerprint(placed):
        raise EffectChanged
    for due in schedule.waiting_for(session, *(one.newest.entry_id for one in placed)):
        if due.verb == Verb.PUBLISH and due.version is not None:
            raise PlannedAlready(due.entry_id, due.version)
    steps = [_published(session, one, by=by, now=now) for one in placed]
    return publishing.perform(session, steps, by=by, now=now) if steps else None


def _is_placed(one: Placed, link: str) -> bool:
    shown, newest = one.shown.values, one.newest.values
    stays = not one.newest.erased and shown.get(link) == newest.get(link)
    return stays and shown.get(POSITION) != newest.get(POSITION)


def _published(session: Session, one: Placed, *, by: str, now: datetime | None) -> Publish:
    """Save what readers have at its new position, unless the newest version says just that; return its publication."""
    entry_id, newest, live = one.newest.entry_id, one.newest.number, one.shown.number
    if one.newest.values == one.values:
        return publishing.publication(session, entry_id, newest, kind=ChangeKind.TYPO, instead_of=live)
    step = under_drafts.saved(
        session,
        entry_id,
        newest=newest,
        live=live,
        shown=one.values,
        draft=one.newest.values,
        by=by,
        told=_NOTE,
        now=now,
    )
    assert step
    return step


def moved(entry_ids: Sequence[UUID], entry_id: UUID, places: int) -> list[UUID]:
    """Return the row with one entry moved by so many places, up where negative; not beyond its ends."""
    others = [one for one in entry_ids if one != entry_id]
    place = max(0, min(len(others), list(entry_ids).index(entry_id) + places))
    return [*others[:place], entry_id, *others[place:]]


def positions(given: Sequence[int | None]) -> list[int]:
    """Return rising positions for a row: those that it has where they are all different, else 1, 2 and so on."""
    known = {one for one in given if one is not None}
    return sorted(known) if len(known) == len(given) else list(range(1, len(given) + 1))
