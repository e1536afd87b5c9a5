"""Arranging: entries that stand in a row, an article's FAQs, are given positions by saving placement versions of them.

What readers see stays as it is until those versions are published; no review is touched, for no word changes.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from content import versions
from content.database import begin_writing
from content.versions import Version

POSITION = "position"


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
            note="Moved within its article.",
            now=now,
        )
        for one, position in zip(newest, wanted, strict=True)
        if one.values.get(POSITION) != position
    ]


def moved(entry_ids: Sequence[UUID], entry_id: UUID, places: int) -> list[UUID]:
    """Return the row with one entry moved by so many places, up where negative; not beyond its ends."""
    others = [one for one in entry_ids if one != entry_id]
    place = max(0, min(len(others), list(entry_ids).index(entry_id) + places))
    return [*others[:place], entry_id, *others[place:]]


def positions(given: Sequence[int | None]) -> list[int]:
    """Return rising positions for a row: those that it has where they are all different, else 1, 2 and so on."""
    known = {one for one in given if one is not None}
    return sorted(known) if len(known) == len(given) else list(range(1, len(given) + 1))
