"""Walks: how the editions of a page are found by index alone, however long the log and however deep the page.

What is live now is walked in an index of live editions. What was live at an earlier act is walked among all editions,
from where nothing public then can lie beyond. Both stand in one statement, and the newest act, as that very statement
sees it, decides which of them is begun.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased

from content.editions import Edition, Facet, live_at
from content.log import Act
from content.orders import Order, beyond, terms

MOST_VALUES = 8  # of a facet, that are walked one by one
FEW = 2_000  # facets of all times, whose bearers are rather read and then put in order
# By which facet a walk goes where several are asked for.
_RAREST = ("article", "parent", "author", "tag", "topic")
AT, LIMIT = bindparam("at", type_=Integer), bindparam("most", type_=Integer)


@dataclass(frozen=True)
class Walk:
    """What is walked: a type's editions at an act, in an order, narrowed by `conditions`.

    `borne` are the facets that they must bear one of some values of; `group` the translations that they must be of;
    `onward`: only those after a place. Which act, which place and how many, the statement is told as `AT`, `LIMIT`
    and what `orders.beyond` names, so that it can be kept.
    """

    type_name: str
    order: Order
    conditions: Sequence[ColumnElement[bool]]
    borne: Mapping[str, Sequence[object]]
    group: ColumnElement[bool] | None = None
    onward: bool = False


def found(walk: Walk) -> Subquery:
    """Return `key`, `entry_id` and `from_sequence` of the editions of one page, and some of the pages after it."""
    name = next((name for name in _RAREST if name in walk.borne), None)
    if walk.group is not None:
        steps = [_translations(walk, walk.group)]
    elif name is None:
        steps = _editions(walk)
    elif walk.order.column == "sort_at" and 0 < len(walk.borne[name]) <= MOST_VALUES:
        steps = [step for value in walk.borne[name] for step in _bearers(walk, name, value)]
    else:
        few = _few(walk, name)
        steps = [*_editions(walk, ~few), _gathered(walk, name, few)]
    # An edition may bear several values of one facet.
    return (union if len(steps) > 2 else union_all)(*steps).subquery("found")


def _editions(walk: Walk, *when: ColumnElement[bool]) -> list[Select[Any]]:
    """Walk the index of an order, live or past; `when` must hold for either to begin."""
    chosen = select(walk.order.key.label("key"), Edition.entry_id, Edition.from_sequence)
    chosen = chosen.where(*walk.conditions, *_others(walk))
    live = chosen.where(Edition.type == _type(walk, _now(), *when), Edition.until_sequence.is_(None))
    past = chosen.where(Edition.type == _type(walk, ~_now(), *when), live_at(AT))
    here = (walk.order.key, Edition.entry_id)
    return [_step(live, walk, here), _step(past.where(*_bound(walk, walk.order.key)), walk, here)]


def _bearers(walk: Walk, name: str, value: object) -> list[Select[Any]]:
    """Walk the facets of one value, newest or oldest first, live or past."""
    chosen = _borne(walk, name, Facet.sort_at).where(Facet.value == value)
    live = chosen.where(Facet.type == _type(walk, _now()), Facet.until_sequence.is_(None))
    past = chosen.where(Facet.type == _type(walk, ~_now()), *_lasted())
    here = (Facet.sort_at, Facet.entry_id)
    return [_step(live, walk, here), _step(past.where(*_bound(walk, Facet.sort_at)), walk, here)]


def _gathered(walk: Walk, name: str, few: ColumnElement[bool]) -> Select[Any]:
    """Read the bearers of a facet's values where they are few, and put them in order."""
    values = Facet.value.in_(walk.borne[name])
    all_times = select(Facet.entry_id, Facet.from_sequence).where(
        Facet.name == name, values, Facet.type == _type(walk, few)
    )
    # There are no more where this is begun, and PostgreSQL had better know it.
    facet = all_times.limit(FEW).subquery()
    borne = and_(facet.c.entry_id == Edition.entry_id, facet.c.from_sequence == Edition.from_sequence)
    chosen = select(walk.order.key.label("key"), Edition.entry_id, Edition.from_sequence).join(facet, borne)
    chosen = chosen.where(live_at(AT), *walk.conditions, *_others(walk, name))
    # PostgreSQL puts what is distinct in order by what is selected only.
    each = chosen.distinct().subquery()
    return _step(select(each), walk, (each.c.key, each.c.entry_id))


def _few(walk: Walk, name: str) -> ColumnElement[bool]:
    """Whether the values of a facet were never borne by many."""
    values = Facet.value.in_(walk.borne[name])
    some = select(Facet.entry_id).where(Facet.name == name, values, Facet.type == walk.type_name)
    return select(func.count() <= FEW).select_from(some.limit(FEW + 1).subquery()).scalar_subquery()


def _translations(walk: Walk, group: ColumnElement[bool]) -> Select[Any]:
    chosen = select(walk.order.key.label("key"), Edition.entry_id, Edition.from_sequence)
    # A type in an expression leads into no index: there are few in a group.
    ours = and_(group, Edition.type.concat("") == walk.type_name, live_at(AT))
    here = (walk.order.key, Edition.entry_id)
    return _step(chosen.where(ours, *walk.conditions, *_others(walk)), walk, here)


def _borne(walk: Walk, name: str, key: Any) -> Select[Any]:
    borne = and_(Facet.entry_id == Edition.entry_id, Facet.from_sequence == Edition.from_sequence)
    chosen = select(key.label("key"), Facet.entry_id, Facet.from_sequence).join(Edition, borne)
    # Asked of the facet that is met: of most of them the edition need not be looked up then.
    return chosen.where(Facet.name == name, *_others(walk, name, of=Facet), *walk.conditions)


def _others(
    walk: Walk, but: str | None = None, *, of: type[Edition] | type[Facet] = Edition
) -> list[ColumnElement[bool]]:
    return [_bears(name, values, of) for name, values in walk.borne.items() if name != but]


def _bears(name: str, values: Sequence[object], of: type[Edition] | type[Facet]) -> ColumnElement[bool]:
    """The same as `reach.bears`, asked of each row that is met: PostgreSQL would rather read all bearers first."""
    other = aliased(Facet)
    borne = select(literal(1)).where(
        other.entry_id == of.entry_id,
        other.from_sequence == of.from_sequence,
        other.name == name,
        other.value.in_(values),
    )
    return borne.correlate(of).limit(1).scalar_subquery() == 1


def _now() -> ColumnElement[bool]:
    return select(func.max(Act.sequence) == AT).scalar_subquery()


def _type(walk: Walk, *when: ColumnElement[bool]) -> ColumnElement[Any]:
    """The type that is walked, or null, which no edition has, where the walk is not to begin."""
    return case((and_(*when), walk.type_name))


def _lasted() -> tuple[ColumnElement[bool], ...]:
    ended = or_(Facet.until_sequence.is_(None), Facet.until_sequence > AT)
    return (Facet.first_sequence <= AT, Facet.from_sequence <= AT, ended)


def _bound(walk: Walk, key: Any) -> tuple[ColumnElement[bool], ...]:
    """From where a walk through the past begins, unless it goes on from a place: nothing was dated later then."""
    if walk.onward or not walk.order.dated:
        return ()
    return (key <= select(Act.at).where(Act.sequence == AT).scalar_subquery(),)


def _step(chosen: Select[Any], walk: Walk, here: Sequence[Any]) -> Select[Any]:
    if walk.onward:
        chosen = chosen.where(beyond(walk.order, here))
    ordered = chosen.order_by(*terms(walk.order, here)).limit(LIMIT)
    # SQLite takes no limit in a part of a union, except within a subquery.
    return select(ordered.subquery())
