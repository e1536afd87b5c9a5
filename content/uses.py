"""Uses: where something stands that many entries bear, found by an index however many versions there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from content.bearings import Bearing
from content.citations import Citation
from content.editions import Edition
from content.entries import Entry
from content.log import State
from content.marks import Kind, Mark
from content.newest.rows import Newest
from content.schedule import Fate, Scheduled
from content.standings import STATE


@dataclass(frozen=True)
class Use:
    """One entry that bears a mark: in its newest version, in the live one, or in both. `live` is None where none is."""

    entry: Entry
    state: State
    newest: int
    live: int | None
    in_newest: bool
    in_live: bool


@dataclass(frozen=True)
class Tally:
    """How many entries bear a mark, and how many of these show it to readers."""

    entries: int
    live: int


def uses(
    session: Session, *marks: Mark, but: Collection[UUID] = (), limit: int | None = None, offset: int = 0
) -> list[Use]:
    """Return every entry that bears a mark in its newest version or before readers, by title; the trash comes last.

    Of several marks, which are of one kind, it bears one or more; those of `but` are not meant. One statement,
    however many there are; `limit` and `offset` choose a page of them.
    """
    borne = _borne(marks, but)
    # What lies in the trash is in no list, and so has no key.
    thrown, key = Entry.trashed_at.is_not(None), func.coalesce(Newest.title_key, "")
    page = (
        select(borne, thrown.label("thrown"), key.label("title"))
        .join(Entry, Entry.id == borne.c.entry_id)
        .outerjoin(Newest, Newest.entry_id == Entry.id)
        .order_by(thrown, key, borne.c.entry_id)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    # Where each stands is asked of those alone that are on the page.
    chosen = select(Entry, STATE.label("state"), page).join(page, page.c.entry_id == Entry.id)
    rows = session.execute(chosen.order_by(page.c.thrown, page.c.title, page.c.entry_id))
    return [
        Use(row.Entry, State(row.state), row.Entry.latest, row.live, bool(row.in_newest), bool(row.in_live))
        for row in rows
    ]


def tally(session: Session, *marks: Mark, but: Collection[UUID] = ()) -> Tally:
    """Count what bears one of the marks, as `uses` finds it; one statement."""
    borne = _borne(marks, but)
    counted = select(func.count(), func.coalesce(func.sum(borne.c.in_live), 0)).select_from(borne)
    return Tally(*session.execute(counted).one())


def pinned(session: Session, mark: Mark) -> list[tuple[Entry, Scheduled]]:
    """Return what waits on the schedule to show a version that bears a mark."""
    table, _, stands = _found(mark.kind, Scheduled.version)
    chosen = (
        select(Entry, Scheduled)
        .join(Scheduled, Scheduled.entry_id == Entry.id)
        .join(table, table.entry_id == Scheduled.entry_id)
        .where(Scheduled.fate == Fate.WAITING, _is(table, [mark]), stands)
        .order_by(Scheduled.due_at, Scheduled.id)
    )
    return [(row.Entry, row.Scheduled) for row in session.execute(chosen)]


def _borne(marks: Sequence[Mark], but: Collection[UUID]) -> Subquery:
    """The entries that bear one of the marks, each once, with its live version."""
    kind = marks[0].kind
    table, in_newest, in_live = _found(kind, Edition.version)
    newest, shown = (func.max(case((stands, 1), else_=0)) for stands in (in_newest, in_live))
    live = and_(Edition.entry_id == table.entry_id, Edition.until_sequence.is_(None))
    columns = (func.max(Edition.version).label("live"), newest.label("in_newest"), shown.label("in_live"))
    chosen = select(table.entry_id, *columns).outerjoin(Edition, live).where(_is(table, marks))
    if kind == Kind.SOURCE:
        chosen = chosen.join(Entry, Entry.id == table.entry_id)
    if but:
        chosen = chosen.where(table.entry_id.not_in(but))
    return chosen.group_by(table.entry_id).having(or_(newest == 1, shown == 1)).subquery()


def _found(kind: Kind, version: Any) -> tuple[Any, ColumnElement[bool], ColumnElement[bool]]:
    """Return where a mark is looked up, and when a row there says so of the newest version and of the one told."""
    if kind == Kind.SOURCE:
        return Citation, Citation.version == Entry.latest, Citation.version == version
    until = Bearing.until_version
    return (
        Bearing,
        until.is_(None),
        and_(Bearing.from_version <= version, or_(until.is_(None), version < until)),
    )


def _is(table: Any, marks: Sequence[Mark]) -> ColumnElement[bool]:
    kind = marks[0].kind
    named: ColumnElement[bool] = table.key.in_([mark.key for mark in marks])
    return named if kind == Kind.SOURCE else and_(table.kind == kind, named)
