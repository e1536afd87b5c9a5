"""Sync: all that is public page by page, and the net change from one sequence to another, each entry once.

A copy that began with `everything` and was given each `changed` since holds what the lists hold, under the same
filters, and each document as it is read by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, union
from sqlalchemy.orm import Session, aliased

from content import corpus
from content.corpus import Item, item_of, items
from content.documents import Document
from content.editions import Edition, is_erased, live_at
from content.endings import Ending, lost
from content.entries import Entry
from content.errors import GRANT_ENDED, Notice
from content.log import Line, State
from content.narrowing import Filters
from content.orders import NEWEST, Place
from content.partners import Reach
from content.reach import resolved, within
from content.touched import Stretch, touched
from content.types import ContentType
from content.whereabouts import Departure, departures

LEFT_FILTER = "left_filter"
# No page looks at more, so that one of a long stretch costs no more than one of a short one.
MOST_LINES = 1_000
MOST_ENTRIES = 500
# The filters that name one entry, perhaps by a slug, which another may come to bear.
_NAMED = ("author", "article", "parent")
_LAST = UUID(int=2**128 - 1)


class Event(StrEnum):
    """What has become of an entry in a copy."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True)
class View:
    """What a copy holds at one sequence: lists of these types under these filters, within this reach.

    The reach is that of its own time, so that what left it is told.
    """

    at: int
    declared: tuple[ContentType, ...]
    filters: Filters
    reach: Sequence[Reach]


@dataclass(frozen=True)
class Change:
    """One entry's net change. `item` has its whole document, None where it was removed; then `reason` says why.

    `notice` is what readers are told of one that is not public any more.
    """

    event: Event
    type: str
    entry_id: UUID
    item: Item | None = None
    reason: str | None = None
    notice: Notice | None = None


@dataclass(frozen=True)
class Position:
    """Where a page of changes ended: entries are in the order of their last act, then of their id."""

    sequence: int
    entry_id: UUID


def everything(
    session: Session, view: View, *, limit: int, after: UUID | None = None
) -> tuple[list[Item], UUID | None]:
    """Return at most `limit` items with their whole documents, type by type, newest first; those after an entry.

    With it comes the entry after which to go on, None at the end. One statement for each type that a page reaches
    into, one for the documents, one for the place.
    """
    found: list[Place] = []
    start = _edition(session, after, view.at) if after else None
    names = [declared.name for declared in view.declared]
    for declared in view.declared[names.index(start.type) if start else 0 :]:
        place = Place(NEWEST.key_of(start), start.entry_id) if start and start.type == declared.name else None
        found += _found(session, view, declared, limit + 1 - len(found), place)
        if len(found) > limit:
            break
    following = found[limit - 1].entry_id if len(found) > limit else None
    ids = [one.entry_id for one in found[:limit]]
    return corpus.standing(session, ids, at=view.at, whole=True), following


def _edition(session: Session, entry_id: UUID, at: int) -> Edition:
    return session.scalars(select(Edition).where(Edition.entry_id == entry_id, live_at(at))).one()


def _found(
    session: Session, view: View, declared: ContentType, limit: int, after: Place | None
) -> list[Place]:
    return corpus.found(
        session, declared, view.filters, at=view.at, reach=view.reach, limit=limit, after=after
    )


def changed(
    session: Session,
    before: View,
    now: View,
    *,
    over: Callable[[], Sequence[Ending]],
    limit: int,
    after: Position | None = None,
) -> tuple[list[Change], Position | None]:
    """Return at most `limit` net changes from one view to another, in the order of their last act, and where to go on.

    `over` returns what has ended for the reader; it is asked only where something was lost by that. A page may hold
    fewer, or none, and not be the last. A fixed number of statements, whatever has happened.
    """
    moved = _moved(session, before, now)
    if before.at > now.at or (before.at == now.at and moved is None):
        return [], None
    chained, regrouped = bool(now.filters.languages), _regrouped(session, before, now)
    stretch = Stretch(before.at, now.at, _refiled(before, now), moved, chained, regrouped)
    first = _first(stretch, after)
    last = _last(session, stretch, first)
    rows = _candidates(session, before, now, touched(stretch, first, last, _dialect(session)), after)
    kept, following = _cut([row for row in rows if row.before or row.after], limit)
    if following is None and len(rows) == MOST_ENTRIES:
        following = _position(rows[-1])
    elif following is None and last < stretch.until:
        following = Position(last, _LAST)
    later = _touched_later(session, stretch, last, kept)
    rows = [row for row in kept if row.entry_id not in later]
    return _changes(session, rows, before, now, over), following


def _moved(session: Session, before: View, now: View) -> Select[UUID] | None:
    """Select what is within one reach and was not within the other; None where they let the same through.

    That is asked only of what a part of the one lets through that is no part of the other; but where there is an
    embargo, of all: what it delays may be let through because another part let an earlier form through.
    """
    then, since = resolved(session, before.reach, before.at), resolved(session, now.reach, now.at)
    if then == since:
        return None
    delayed = any(one.first_by for one in (*then, *since))
    left = _only_within(session, before, then if delayed else _without(then, since), now)
    come = _only_within(session, now, since if delayed else _without(since, then), before)
    every = union(left, come).subquery()
    return select(every.c.entry_id)


def _without(some: Sequence[Reach], others: Sequence[Reach]) -> list[Reach]:
    return [one for one in some if one not in others]


def _only_within(session: Session, view: View, some: Sequence[Reach], other: View) -> Select[UUID]:
    """The entries that some of what a view may have holds, and nothing of what another may have."""
    same = aliased(Edition)
    readable = (live_at(other.at, same), within(session, other.reach, other.at, same))
    there = select(same.entry_id).where(same.entry_id == Edition.entry_id, *readable).exists()
    here = (live_at(view.at), within(session, some, view.at))
    return select(Edition.entry_id).where(*here, not_(there))


def _refiled(before: View, now: View) -> dict[str, list[UUID]]:
    """Return what the filters have come to mean from one view to the other, or mean no more."""
    topics_then, topics_now = set(before.filters.topics or ()), set(now.filters.topics or ())
    told = {name: _apart(getattr(before.filters, name), getattr(now.filters, name)) for name in _NAMED}
    return told | {"topic": sorted(topics_then ^ topics_now)}


def _regrouped(session: Session, before: View, now: View) -> list[UUID]:
    """Return the translation group that the filters have come to mean, or mean no more.

    The entry that they name may be public for the first time, and may have come into reach or left it when it was long
    withdrawn, which nothing else tells.
    """
    return _apart(
        *(corpus.group(session, view.filters, at=view.at, reach=view.reach) for view in (before, now))
    )


def _apart(then: UUID | None, now: UUID | None) -> list[UUID]:
    return [one for one in (then, now) if one is not None and then != now]


def _first(stretch: Stretch, after: Position | None) -> int:
    if after is None:
        return stretch.since + 1
    return after.sequence + 1 if after.entry_id == _LAST else after.sequence


def _last(session: Session, stretch: Stretch, first: int) -> int:
    """Return the last act that a page looks at which begins with `first`, an act always being seen whole."""
    beyond = select(Line.sequence).where(Line.sequence >= first).order_by(Line.sequence, Line.entry_id)
    found = session.scalar(beyond.offset(MOST_LINES).limit(1))
    return stretch.until if found is None else min(stretch.until, max(first, found - 1))


def _candidates(
    session: Session, before: View, now: View, chosen: Select[Any], after: Position | None
) -> Sequence[Any]:
    """Return what was touched after a place, with the edition that either view has of it.

    And whether it is public, and would be by the reach of before.
    """
    every = chosen.subquery()
    names = [declared.name for declared in now.declared]
    some = select(every, Entry.type).join(Entry, Entry.id == every.c.entry_id).where(Entry.type.in_(names))
    if now.filters.locale is not None:
        some = some.where(Entry.locale == now.filters.locale)
    if after:
        further = and_(every.c.sequence == after.sequence, every.c.entry_id > after.entry_id)
        some = some.where(or_(every.c.sequence > after.sequence, further))
    page = some.order_by(every.c.sequence, every.c.entry_id).limit(MOST_ENTRIES).subquery()
    edition = select(Edition.from_sequence).where(Edition.entry_id == page.c.entry_id)
    public = edition.where(live_at(now.at), within(session, now.reach, now.at))
    granted = edition.where(live_at(now.at), within(session, before.reach, now.at))
    columns = {
        "before": edition.where(or_(_held(session, before), _held_before_erasure(session, before))),
        "after": edition.where(_held(session, now)),
        "public": public,
        "granted": granted,
    }
    told = (one.scalar_subquery().label(name) for name, one in columns.items())
    return session.execute(select(page, *told).order_by(page.c.sequence, page.c.entry_id)).all()


def _held(session: Session, view: View) -> ColumnElement[bool]:
    return or_(
        *(
            corpus.matching(session, declared, view.filters, at=view.at, reach=view.reach)
            for declared in view.declared
        )
    )


def _held_before_erasure(session: Session, view: View) -> ColumnElement[bool]:
    """What may have been held: erasure took the tags too, so nobody knows any more which it bore."""
    untagged = replace(view, filters=replace(view.filters, tag=None))
    return and_(_held(session, untagged), is_erased())


def _cut(rows: Sequence[Any], limit: int) -> tuple[Sequence[Any], Position | None]:
    return rows[:limit], _position(rows[limit - 1]) if len(rows) > limit else None


def _position(row: Any) -> Position:
    return Position(row.sequence, row.entry_id)


def _touched_later(session: Session, stretch: Stretch, last: int, rows: Sequence[Any]) -> set[UUID]:
    """Return which of these entries a later page will have: each comes once, with its last act."""
    if last == stretch.until or not rows:
        return set()
    ids = [row.entry_id for row in rows]
    later = touched(stretch, last + 1, stretch.until, _dialect(session), only=ids)
    return {row.entry_id for row in session.execute(later)}


def _changes(
    session: Session, rows: Sequence[Any], before: View, now: View, over: Callable[[], Sequence[Ending]]
) -> list[Change]:
    shown = _shown(session, [row.entry_id for row in rows if row.after], now.at)
    gone = [row.entry_id for row in rows if not row.after and not row.public and not row.granted]
    readable = or_(within(session, now.reach, now.at), within(session, before.reach, before.at))
    left = departures(session, gone, now.at, readable) if gone else {}
    hidden = [row.entry_id for row in rows if not row.after and not row.public and row.granted]
    left |= _wrong(session, hidden, now, over()) if hidden else {}
    notices = {one: departure.notice for one, departure in left.items()}
    return [_change(row, shown.get(row.entry_id), notices.get(row.entry_id)) for row in rows]


def _wrong(session: Session, ids: Sequence[UUID], now: View, over: Sequence[Ending]) -> dict[UUID, Departure]:
    """Return which of what a reader has lost was found wrong, or erased, in a form that it had."""
    told = lost(session, over, ids, at=now.at, reach=now.reach)
    return {one: left.departure for one, left in told.items() if left.departure.version}


def _change(row: Any, item: Item | None, notice: Notice | None) -> Change:
    if item:
        return Change(Event.CHANGED if row.before else Event.ADDED, row.type, row.entry_id, item)
    if row.public:
        return Change(Event.REMOVED, row.type, row.entry_id, None, LEFT_FILTER)
    reason = notice.reason if notice else GRANT_ENDED if row.granted else State.GONE
    return Change(Event.REMOVED, row.type, row.entry_id, None, reason, notice)


def _shown(session: Session, ids: Sequence[UUID], at: int) -> dict[UUID, Item]:
    chosen = items(Document.body).where(Edition.entry_id.in_(ids), live_at(at))
    found = [item_of(row) for row in session.execute(chosen)] if ids else []
    return {item.edition.entry_id: item for item in found}


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name
