"""Whereabouts: where an entry is that is not live under the name asked for, and why it is not to be read.

A reader is told what became of that which it might read. What was done to an entry while it was out of its reach says
nothing to it: it has left, and that is all. But that a version which it might read was wrong is always told.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, func, or_, select
from sqlalchemy.orm import Session, aliased

from content.editions import Edition, live_at
from content.errors import Elsewhere, Gone, NotFound, Notice
from content.log import Act, Event, Line, State

MOST_REDIRECTS = 10
# Which event brings an entry into a state that readers are told of.
_CAUSE = {
    State.GONE: Event.WITHDRAWN,
    State.REDIRECTED: Event.WITHDRAWN,
    State.REPLACED: Event.WITHDRAWN,
    State.HELD: Event.HELD,
    State.RETRACTED: Event.RETRACTED,
    State.ERASED: Event.ERASED,
}
_STRUCK = {Event.RETRACTED: State.RETRACTED, Event.ERASED: State.ERASED}
# What says that a version was wrong, or is not any more.
_JUDGING = (*_STRUCK, Event.REINSTATED)


@dataclass(frozen=True)
class Departure:
    """How an entry left a reader: the notice of it, the version that was struck, if one was, and where it was sent."""

    notice: Notice
    version: int | None = None
    target: str | None = None


@dataclass(frozen=True)
class Done:
    """A line, and the moment of its act."""

    line: Line
    at: datetime

    @property
    def judges(self) -> bool:
        """Whether it says that a version was wrong, or is not any more."""
        return self.line.event in _JUDGING


def whereabouts(session: Session, entry_id: UUID, at: int, readable: ColumnElement[bool]) -> Exception:
    """Return the error that says where an entry is at `at`: under another slug, where it was sent, or gone.

    `readable` are the editions that the reader may have. It is not found where none by `at` is.
    """
    first, followed = None, entry_id
    for _ in range(MOST_REDIRECTS):
        if live := _live_edition(session, followed, at, readable):
            return Elsewhere(type_name=live.type, entry_id=live.entry_id, slug=live.slug, locale=live.locale)
        left = departures(session, [followed], at, readable).get(followed)
        if left is None:
            break
        first = first or left
        if left.notice.reason != State.REDIRECTED or not left.target:
            break
        if "://" in left.target:
            return Elsewhere(url=left.target)
        followed = UUID(left.target)
    return Gone(entry_id, first.notice, first.version) if first else NotFound(f"entry {entry_id}")


def _live_edition(session: Session, entry_id: UUID, at: int, readable: ColumnElement[bool]) -> Edition | None:
    return session.scalar(select(Edition).where(Edition.entry_id == entry_id, live_at(at), readable))


def departures(
    session: Session, ids: Sequence[UUID], at: int, readable: ColumnElement[bool]
) -> dict[UUID, Departure]:
    """Return how each of these entries left a reader by `at`; two statements at most.

    Left out is what is live in a form that is `readable`, and what never had one.
    """
    had = _had(ids, at, readable)
    known = or_(had.c.left.is_(None), Line.sequence <= had.c.left, Line.event.in_(_JUDGING))
    chosen = (
        select(Line, Act.at, had.c.left)
        .join(had, had.c.entry_id == Line.entry_id)
        .join(Act, Act.sequence == Line.sequence)
        .where(Line.sequence > had.c.last, Line.sequence <= at, known)
    )
    newest_first, left = defaultdict[UUID, list[Done]](list), dict[UUID, int]()
    for line, acted_at, sequence in session.execute(chosen.order_by(Line.sequence.desc())):
        newest_first[line.entry_id].append(Done(line, acted_at))
        left[line.entry_id] = sequence
    judged = [one for one, told in newest_first.items() if left[one] and told[0].line.sequence > left[one]]
    versions = _versions(session, judged, at, readable) if judged else {}
    found = {one: departure(told, left[one], versions.get(one, ())) for one, told in newest_first.items()}
    return {one: told for one, told in found.items() if told}


def done(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[Done]]:
    """Return what was done to each of these entries, the last first; one statement."""
    chosen = select(Line, Act.at).join(Act, Act.sequence == Line.sequence).where(Line.entry_id.in_(ids))
    newest_first = defaultdict[UUID, list[Done]](list)
    for line, acted_at in session.execute(chosen.order_by(Line.sequence.desc())):
        newest_first[line.entry_id].append(Done(line, acted_at))
    return newest_first


def _had(ids: Sequence[UUID], at: int, readable: ColumnElement[bool]) -> Subquery:
    """With which act the `last` readable edition of each entry began, and by which it `left` reach after that."""
    last = (
        select(Edition.entry_id, func.max(Edition.from_sequence).label("last"))
        .where(Edition.entry_id.in_(ids), Edition.from_sequence <= at, readable)
        .group_by(Edition.entry_id)
        .subquery()
    )
    later = aliased(Edition)
    left = select(func.min(later.from_sequence)).where(
        later.entry_id == last.c.entry_id, later.from_sequence > last.c.last, later.from_sequence <= at
    )
    return select(last, left.scalar_subquery().label("left")).subquery()


def _versions(
    session: Session, ids: Sequence[UUID], at: int, readable: ColumnElement[bool]
) -> dict[UUID, list[int]]:
    """Return which versions of each entry were readable, the last one first."""
    chosen = select(Edition.entry_id, Edition.version).where(
        Edition.entry_id.in_(ids), Edition.from_sequence <= at, readable
    )
    versions = defaultdict[UUID, list[int]](list)
    for entry_id, version in session.execute(chosen.order_by(Edition.from_sequence.desc())):
        versions[entry_id].append(version)
    return versions


def departure(newest_first: Sequence[Done], left: int | None, versions: Sequence[int]) -> Departure | None:
    """Return what is told of the lines since the last readable edition began; `left` by which it left reach.

    `versions` are those that could be read, the last first. None where it is there still.
    """
    later = [one for one in newest_first if left and one.line.sequence > left]
    if struck := _strike(later, versions):
        return struck
    before = [one for one in newest_first if not left or one.line.sequence < left]
    if before and before[0].line.state != State.LIVE:
        return _because(before[0].line, _cause(before))
    if left is None:
        return None
    leaving = newest_first[len(later)]
    return Departure(Notice(State.GONE, left, leaving.at, None))


def _strike(newest_first: Iterable[Done], versions: Sequence[int]) -> Departure | None:
    """Return the newest strike that holds of the first of `versions` that one holds of."""
    struck, undone = dict[int, Departure](), set[int]()
    for one in newest_first:
        affected = set(one.line.affects or ()) - undone
        if one.line.event == Event.REINSTATED:
            undone |= affected
            continue
        struck = {version: strike(one, version) for version in affected} | struck
    return next((struck[version] for version in versions if version in struck), None)


def strike(one: Done, version: int) -> Departure:
    """Return what is told of a version by the line that says that it was wrong, or erased it."""
    notice = Notice(_STRUCK[Event(one.line.event)], one.line.sequence, one.at, one.line.public_note)
    return Departure(notice, version)


def _because(line: Line, cause: Done) -> Departure:
    replacement = UUID(line.target) if line.state == State.REPLACED and line.target else None
    notice = Notice(line.state, cause.line.sequence, cause.at, cause.line.public_note, replacement)
    return Departure(notice, target=line.target)


def _cause(newest_first: Sequence[Done]) -> Done:
    """Return the newest line that brought an entry to where its last one, the first of these, left it; else that.

    A later one that struck an older version only is not why the last version cannot be read.
    """
    last = newest_first[0].line
    struck = last.state in (State.RETRACTED, State.ERASED)
    caused = (one for one in newest_first if one.line.event == _CAUSE.get(State(last.state)))
    fitting = (one for one in caused if not struck or last.version in (one.line.affects or ()))
    return next(fitting, newest_first[0])
