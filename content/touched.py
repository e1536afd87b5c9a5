"""Touched: which entries' whole documents, or whose place in a list, some acts may have changed.

That is those which the acts are about, those that show one of them (a topic's name, a question, a translation), and
those that bear a value which a filter has come to mean, or means no more. It may name too many, never too few.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Uuid,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)

from content import types
from content.database import in_order
from content.editions import MAKING, Edition, Facet, live_at
from content.entries import Entry
from content.fields import Link
from content.lists import Links
from content.log import Line, State


@dataclass(frozen=True)
class Stretch:
    """The acts after `since` up to `until`, and what filters have come to mean by it or mean no more.

    `refiled` has the values of each facet of which that is so. `moved` selects the entries that came into reach or left
    it by what that is, and no act need have told of. `chained`: of its
    translations the best stands for a text, so that what becomes of one decides about the others. `regrouped` are the
    translation groups of which filters have come to mean the entries, or mean them no more.
    """

    since: int
    until: int
    refiled: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    moved: Select[UUID] | None = None
    chained: bool = False
    regrouped: Sequence[UUID] = ()


def touched(
    stretch: Stretch, first: int, last: int, dialect: str, *, only: Iterable[UUID] | None = None
) -> Select[tuple[UUID, int]]:
    """Select the entries that the acts from `first` to `last` of a stretch touched, each with its last such act.

    What is touched by a filter's new meaning, or by another reach, counts to the last act of the stretch. `only`
    narrows it to some.
    """
    ids = None if only is None else list(only)
    acted = _acted_on(first, last, stretch.moved if last == stretch.until else None)
    parts = [
        _narrowed(select(acted.c.entry_id, acted.c.sequence), acted.c.entry_id, ids),
        _narrowed(_showing(acted, stretch, dialect), Facet.entry_id, ids),
        _shown_at(acted, stretch, dialect, ids),
        _narrowed(_translated(acted, stretch), Edition.entry_id, ids),
    ]
    if last == stretch.until:
        parts += [
            _narrowed(_bearing(name, values, stretch), Facet.entry_id, ids)
            for name, values in stretch.refiled.items()
            if values
        ]
        parts += [_narrowed(_grouped(stretch), Edition.entry_id, ids)] if stretch.regrouped else []
    every = union_all(*parts).subquery()
    return select(every.c.entry_id, func.max(every.c.sequence).label("sequence")).group_by(every.c.entry_id)


def _narrowed(chosen: Select[Any], column: Any, ids: Sequence[Any] | None) -> Select[Any]:
    return chosen if ids is None else chosen.where(column.in_(ids))


def _acted_on(first: int, last: int, moved: Select[UUID] | None) -> CTE:
    """The entries that came to have another public form, or none, or that moved; striking an old version is neither."""
    changing = or_(Line.event.in_(MAKING), Line.state != State.LIVE)
    told: Any = select(Line.entry_id, Line.sequence).where(Line.sequence.between(first, last), changing)
    if moved is not None:
        ids = moved.subquery()
        told = union_all(told, select(ids.c.entry_id, literal(last)))
    every = told.subquery()
    newest = func.max(every.c.sequence).label("sequence")
    return select(every.c.entry_id, newest).group_by(every.c.entry_id).cte()


def _showing(acted: CTE, stretch: Stretch, dialect: str) -> Select[Any]:
    """Those that name one of them by a link which readers are shown."""
    names = {
        part.facet
        for declared in types.everyone()
        for part in declared.fields
        if isinstance(part, Link | Links) and part.shown_at and part.facet
    }
    named = and_(Facet.name.in_(names), Facet.value == _text_of(acted.c.entry_id, dialect))
    chosen = select(Facet.entry_id, acted.c.sequence).select_from(in_order(acted, Facet, named))
    return chosen.join(Edition, _borne()).where(live_at(stretch.until))


def _shown_at(acted: CTE, stretch: Stretch, dialect: str, ids: Sequence[UUID] | None) -> Select[Any]:
    """Those at which one of them is shown, or was: the article of a question."""
    names = {part.by for declared in types.everyone() for part in declared.shown if part.by}
    pointing = and_(Facet.entry_id == acted.c.entry_id, Facet.name.in_(names))
    chosen = select(_id_in(Facet.value, dialect), acted.c.sequence)
    chosen = chosen.select_from(in_order(acted, Facet, pointing))
    texts = None if ids is None else [str(one) for one in ids]
    held = chosen.join(Edition, _borne()).where(_held_within(stretch))
    return _narrowed(held, Facet.value, texts)


def _translated(acted: CTE, stretch: Stretch) -> Any:
    """Those of which a translation is among them, where their type shows it, or a chain of languages chooses by it."""
    names = [
        declared.name
        for declared in types.everyone()
        if stretch.chained or any(not part.of for part in declared.shown)
    ]
    other = and_(Edition.translation_group == Entry.translation_group, Edition.entry_id != acted.c.entry_id)
    own = in_order(acted, Entry, Entry.id == acted.c.entry_id)
    chosen: Any = select(Edition.entry_id, acted.c.sequence).select_from(in_order(own, Edition, other))
    return chosen.where(Edition.type.in_(names), live_at(stretch.until))


def _bearing(name: str, values: Sequence[UUID], stretch: Stretch) -> Any:
    borne = and_(Facet.name == name, Facet.value.in_([str(value) for value in values]))
    chosen: Any = select(Facet.entry_id, literal(stretch.until)).join(Edition, _borne())
    return chosen.where(borne, live_at(stretch.until))


def _grouped(stretch: Stretch) -> Any:
    chosen: Any = select(Edition.entry_id, literal(stretch.until))
    return chosen.where(Edition.translation_group.in_(stretch.regrouped), live_at(stretch.until))


def _borne() -> ColumnElement[bool]:
    return and_(Facet.entry_id == Edition.entry_id, Facet.from_sequence == Edition.from_sequence)


def _held_within(stretch: Stretch) -> ColumnElement[bool]:
    ended = or_(Edition.until_sequence.is_(None), Edition.until_sequence > stretch.since)
    return and_(Edition.from_sequence <= stretch.until, ended)


def _text_of(entry_id: ColumnElement[UUID], dialect: str) -> ColumnElement[str]:
    """An id as facets name it; SQLite keeps an id as its 32 digits."""
    if dialect != "sqlite":
        return cast(entry_id, String)
    digits: Any = type_coerce(entry_id, String)
    parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    return reduce(lambda one, other: one + "-" + other, (func.substr(digits, *part) for part in parts))


def _id_in(value: Any, dialect: str) -> ColumnElement[UUID]:
    if dialect != "sqlite":
        return cast(value, Uuid())
    return type_coerce(func.replace(value, "-", ""), Uuid())
