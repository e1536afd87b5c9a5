"""The public history: the log's acts as anybody may read them, and the versions of an entry that were ever public.

It names no person and no internal reason.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    func,
    not_,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from content import endings
from content.corpus import Item, item_of, items
from content.documents import Document
from content.editions import Edition
from content.endings import Ending, Lost
from content.entries import Entry
from content.errors import NotFound
from content.log import Act, Event, Line, State, names_version
from content.partners import Reach
from content.reach import within
from content.types import ContentType

MOST_LINES = 1_000  # that several acts have together on one page


_STRIKING = Line.event.in_((Event.RETRACTED, Event.ERASED))
_TAKING = or_(Line.state != State.LIVE, _STRIKING)


@dataclass(frozen=True)
class Told:
    """A line and its entry as a reader is told of them: `version` and `affects` are of what it might read alone."""

    line: Line
    entry: Entry
    version: int | None
    affects: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """One act's public projection: each line that a reader is told of, oldest entry first."""

    sequence: int
    at: datetime
    lines: tuple[Told, ...]


def changes(
    session: Session,
    *,
    since: int,
    at: int,
    reach: Sequence[Reach],
    limit: int,
    over: Sequence[Ending] = (),
) -> list[Change]:
    """Return at most `limit` acts after `since` and up to `at`, oldest first, without holes.

    Fewer where they would have more than MOST_LINES lines together, but one at least, and each whole.

    A line is shown where the reader might read the form that its entry had by then, or had last; so an act may show
    none, and what went to licensed partners says nothing to others, its notes included. But that a version which the
    reader might read was wrong is told whatever has come of its entry since. And by what is `over` for the reader it is
    shown what has become of a text that it might read until then, where that is what it is told under the text's key.
    """
    acts = select(Act).where(Act.sequence > since, Act.sequence <= at).order_by(Act.sequence).limit(limit)
    found = list(session.scalars(acts))
    lost = _lost(session, found, at, reach, over) if found and over else {}
    lines = _lines(session, found, at, reach, lost, most=MOST_LINES + 1) if found else []
    if len(lines) > MOST_LINES:
        # More of the last act's lines may be left: it waits for the next page, unless it would stand alone on this one.
        last = lines[-1].line.sequence
        found = [act for act in found if act.sequence < last] or found[:1]
        if found[0].sequence == last:
            lines = _lines(session, found, at, reach, lost)
    told: dict[int, list[Told]] = {act.sequence: [] for act in found}
    for one in lines:
        if one.line.sequence in told:
            told[one.line.sequence].append(one)
    return [Change(act.sequence, act.at, tuple(told[act.sequence])) for act in found]


def _lost(
    session: Session, acts: Sequence[Act], at: int, reach: Sequence[Reach], over: Sequence[Ending]
) -> dict[UUID, Lost]:
    """Return which entries that these acts took from their readers a reader had lost, or lost by that."""
    taken = select(Line.entry_id).distinct().where(_between(acts), _TAKING)
    return endings.lost(session, over, session.scalars(taken).all(), at=at, reach=reach)


def _between(acts: Sequence[Act]) -> ColumnElement[bool]:
    return Line.sequence.between(acts[0].sequence, acts[-1].sequence)


def _lines(
    session: Session,
    acts: Sequence[Act],
    at: int,
    reach: Sequence[Reach],
    lost: Mapping[UUID, Lost],
    *,
    most: int | None = None,
) -> list[Told]:
    by = [(left.departure.notice.sequence, entry_id) for entry_id, left in lost.items()]
    is_told = or_(_told(session, at, reach), and_(_TAKING, tuple_(Line.sequence, Line.entry_id).in_(by)))
    shown = select(Line, Entry).join(Entry, Entry.id == Line.entry_id).where(_between(acts), is_told)
    rows = session.execute(shown.order_by(Line.sequence, Line.entry_id).limit(most)).all()
    could = _could_read(session, [line for line, _ in rows], at, reach)
    could |= {(entry_id, form.version) for entry_id, left in lost.items() for form in left.had}
    return [_narrowed(line, entry, could) for line, entry in rows]


def _could_read(
    session: Session, lines: Sequence[Line], at: int, reach: Sequence[Reach]
) -> set[tuple[UUID, int]]:
    """Return the versions of what `lines` affect that a reader might read by `at`; one statement where any does."""
    struck = {line.entry_id for line in lines if line.affects}
    by_then = (Edition.entry_id.in_(struck), Edition.from_sequence <= at, within(session, reach, at))
    chosen = select(Edition.entry_id, Edition.version).where(*by_then)
    return {(entry_id, number) for entry_id, number in session.execute(chosen)} if struck else set()


def _narrowed(line: Line, entry: Entry, could: Collection[tuple[UUID, int]]) -> Told:
    affects = tuple(number for number in line.affects or () if (entry.id, number) in could)
    is_told = not line.affects or line.version in affects
    return Told(line, entry, line.version if is_told else max(affects, default=None), affects)


def _told(session: Session, at: int, reach: Sequence[Reach]) -> ColumnElement[bool]:
    """The lines that a reader is told of; what strikes only what it might not read is none."""
    readable = within(session, reach, at)
    last = select(Edition.entry_id).where(_newest_by_then(), readable)
    wrong = select(Edition.entry_id).where(
        Edition.entry_id == Line.entry_id,
        Edition.from_sequence < Line.sequence,
        names_version(Edition.version),
        readable,
    )
    return or_(and_(not_(_STRIKING), last.exists()), and_(_STRIKING, wrong.exists()))


def _newest_by_then() -> ColumnElement[bool]:
    """The newest edition that the entry of a line had by then, the one that it began among them."""
    later = aliased(Edition)
    superseded = select(later.entry_id).where(
        later.entry_id == Edition.entry_id,
        later.from_sequence > Edition.from_sequence,
        later.from_sequence <= Line.sequence,
    )
    by_then = and_(Edition.entry_id == Line.entry_id, Edition.from_sequence <= Line.sequence)
    return and_(by_then, ~superseded.correlate(Edition, Line).exists())


def changes_of(
    session: Session,
    declared: ContentType,
    entry_id: UUID,
    *,
    at: int,
    reach: Sequence[Reach],
    limit: int,
    before: int | None = None,
) -> list[tuple[Told, datetime]]:
    """Return at most `limit` lines about one entry up to `at`, newest first, each with its act's moment.

    `before` is the sequence that the page before ended with. A line is shown as `changes` shows it.
    """
    here = (Line.entry_id == entry_id, Entry.type == declared.name, Line.sequence <= at)
    chosen = (
        select(Line, Entry, Act.at)
        .join(Entry, Entry.id == Line.entry_id)
        .join(Act, Act.sequence == Line.sequence)
        .where(*here, _told(session, at, reach))
    )
    if before is not None:
        chosen = chosen.where(Line.sequence < before)
    rows = session.execute(chosen.order_by(Line.sequence.desc()).limit(limit)).all()
    could = _could_read(session, [line for line, _, _ in rows], at, reach)
    return [(_narrowed(line, entry, could), acted_at) for line, entry, acted_at in rows]


def public_versions(
    session: Session,
    declared: ContentType,
    entry_id: UUID,
    *,
    at: int,
    reach: Sequence[Reach],
    limit: int | None = None,
    before: int | None = None,
) -> list[Item]:
    """Return the first edition of each version that was public by `at`, newest first, without its document.

    At most `limit`, those that were first public before the sequence `before`.
    """
    first = _first_editions(declared, entry_id, at).where(within(session, reach, at))
    chosen = items(Document.card).where(Edition.entry_id == entry_id, Edition.from_sequence.in_(first))
    if before is not None:
        chosen = chosen.where(Edition.from_sequence < before)
    rows = session.execute(chosen.order_by(Edition.from_sequence.desc()).limit(limit))
    return [item_of(row) for row in rows]


def public_version(
    session: Session, declared: ContentType, entry_id: UUID, number: int, *, at: int, reach: Sequence[Reach]
) -> Item:
    """Return a version that was public by `at`, with its whole document; raises NotFound.

    It is there after the entry was withdrawn too; `notice` is set where it was retracted or erased.
    """
    first = _first_editions(declared, entry_id, at).where(
        Edition.version == number, within(session, reach, at)
    )
    chosen = items(Document.body).where(Edition.entry_id == entry_id, Edition.from_sequence.in_(first))
    row = session.execute(chosen).first()
    if row is None:
        raise NotFound(f"public version {number} of this {declared.label}")
    return item_of(row)


@dataclass(frozen=True)
class Shown:
    """A public form of an entry, and when readers had it; `until` is None where they have it still."""

    edition: Edition
    since: datetime
    until: datetime | None


def shown_between(session: Session, entry_id: UUID, start: datetime, end: datetime) -> list[Shown]:
    """Return the public forms that readers had of an entry at any time from `start` until before `end`, in order."""
    began, ended = aliased(Act), aliased(Act)
    chosen = (
        select(Edition, began.at, ended.at)
        .join(began, began.sequence == Edition.from_sequence)
        .outerjoin(ended, ended.sequence == Edition.until_sequence)
        .where(Edition.entry_id == entry_id, began.at < end, or_(ended.at.is_(None), ended.at > start))
    )
    rows = session.execute(chosen.order_by(Edition.from_sequence))
    return [Shown(edition, since, until) for edition, since, until in rows]


def _first_editions(declared: ContentType, entry_id: UUID, at: int) -> Select[Any]:
    """The sequence at which each version of an entry was first public."""
    return (
        select(func.min(Edition.from_sequence))
        .where(Edition.entry_id == entry_id, Edition.type == declared.name, Edition.from_sequence <= at)
        .group_by(Edition.version)
    )
