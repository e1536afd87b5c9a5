"""The manifest: of each entry that is public at one sequence, in which version, and what its bytes hash to.

Who keeps a copy tells by it a word that was changed, and what is not public any more.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content import corpus, expansion, schedule, signing, versions
from content.corpus import Item
from content.editions import Edition, audience_of, live_at
from content.entries import Entry
from content.grants import Grant
from content.partners import Reach
from content.reach import within
from content.schedule import Scheduled
from content.turns import Turn
from content.versions import Version


def entries(
    session: Session, *, at: int, reach: Sequence[Reach], limit: int, after: UUID | None = None
) -> tuple[list[dict[str, Any]], UUID | None]:
    """Return at most `limit` entries of the manifest at `at`, in the order of their ids, those after one.

    With them comes the entry after which to go on, None at the end. What was struck since is left out: nothing
    vouches for it. As many statements for many as for one.
    """
    chosen = select(Edition.entry_id).where(
        live_at(at), Edition.struck_by.is_(None), within(session, reach, at)
    )
    if after is not None:
        chosen = chosen.where(Edition.entry_id > after)
    ids = session.scalars(chosen.order_by(Edition.entry_id).limit(limit + 1)).all()
    items = corpus.standing(session, ids[:limit], at=at, whole=True)
    wholes = expansion.wholes(session, items, at=at, reach=reach)
    told = [_entry(item, whole) for item, whole in zip(items, wholes, strict=True)]
    return told, ids[limit - 1] if len(ids) > limit else None


def next_change(
    session: Session, partner_id: UUID | None, *, at: int, reach: Sequence[Reach], until: datetime
) -> datetime:
    """Return the moment at which what a partner (None: everybody) may read may change by itself, `until` at the latest.

    What falls due out of its reach is not told. `reach` is that of `at`, the newest sequence.
    """
    due_on = session.scalar(
        select(func.min(Edition.review_due_on)).where(within(session, reach, at), *schedule.REVIEW_IS_SHOWN)
    )
    turns_at = session.scalar(
        select(func.min(Turn.due_at))
        .join(Grant, Grant.id == Turn.grant_id)
        .where(Grant.partner_id == partner_id)
    )
    waiting = select(Scheduled).where(schedule.WAITING, Scheduled.due_at < until).order_by(Scheduled.due_at)
    shown = (one.due_at for one in session.scalars(waiting) if _may_show(session, one, at, reach))
    return min(until, schedule.first_of(next(shown, None), due_on, turns_at) or until)


def _may_show(session: Session, planned: Scheduled, at: int, reach: Sequence[Reach]) -> bool:
    """Whether somebody of a reach may see what a scheduled act does: one of its entries has been there, or may come."""
    about = {planned.entry_id: planned.version}
    about |= {UUID(entry_id): number for entry_id, number in planned.options.get("along", ())}
    had = select(Edition.entry_id).where(within(session, reach, at), Edition.entry_id.in_(about)).limit(1)
    if session.scalar(had):
        return True
    comes = [versions.version(session, one, number) for one, number in about.items() if number]
    return any(_may_come(session, version, reach) for version in comes)


def _may_come(session: Session, version: Version, reach: Sequence[Reach]) -> bool:
    """Whether a version might come into a reach: where it is filed does not count, for that may change."""
    entry = session.get_one(Entry, version.entry_id)
    return any(
        audience_of(version) in one.audiences
        and (one.types is None or entry.type in one.types)
        and (one.locales is None or entry.locale in one.locales)
        for one in reach
    )


def _entry(item: Item, whole: dict[str, Any]) -> dict[str, Any]:
    edition = item.edition
    return {
        "type": edition.type,
        "id": str(edition.entry_id),
        "locale": edition.locale,
        "version": edition.version,
        "sequence": edition.from_sequence,
        "content_hash": edition.content_hash,
        "version_hash": signing.hashed(item.json or b""),
        "whole_hash": signing.hashed(signing.canonical(whole)),
    }
