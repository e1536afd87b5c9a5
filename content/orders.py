"""Orders: the orders that lists are read in, each by a key of the editions and then by id.

A key is never null, so that a place in an order is one comparison; what has no date or position stands last.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, tuple_

from content.editions import Edition, PublicForm
from content.types import ContentType

Key = datetime | date | str | int
LAST_POSITION = 2_147_483_647


@dataclass(frozen=True)
class Order:
    """One order: the edition's column that it goes by, and what it means, for those who choose one.

    `descending`: the greatest stands first, also among ids. `dated`: nothing public at an act has a key after the
    moment of that act. `absent`: the key of what has none. `within`: the filter without which it means nothing.
    """

    name: str
    column: str
    meaning: str
    descending: bool = False
    dated: bool = False
    absent: Key | None = None
    within: str | None = None

    @property
    def key(self) -> ColumnElement[Any]:
        """The key in SQL."""
        stored: ColumnElement[Any] = getattr(Edition, self.column)
        return stored if self.absent is None else func.coalesce(stored, self.absent)

    def key_of(self, edition: Edition | PublicForm) -> Key:
        """Return the key of one edition."""
        stored: Key | None = getattr(edition, self.column)
        key = self.absent if stored is None else stored
        assert key is not None
        return key


@dataclass(frozen=True)
class Place:
    """Where a page ended: the key and the id of its last entry."""

    key: Key
    entry_id: UUID


NEWEST = Order(
    "newest",
    "sort_at",
    "the latest first publication first, anywhere where that day is known, else here",
    descending=True,
    dated=True,
)
_ORDERS = (
    NEWEST,
    Order("oldest", "sort_at", "the other way round"),
    Order("updated", "updated_at", "the latest change beyond a typo first", descending=True, dated=True),
    Order("title", "title_key", "by title, question or name, whatever their case and accents"),
    Order("review_due", "due_key", "what must be reviewed soonest first, what nobody reviewed last"),
    Order(
        "position",
        "position",
        "as they stand in their article, which must be named",
        absent=LAST_POSITION,
        within="article",
    ),
)
# The filter without which an order means nothing, by the order's name.
NEEDS = {order.name: order.within for order in _ORDERS if order.within}


def of(declared: ContentType) -> dict[str, Order]:
    """Return the orders that have a meaning for a type, by name; the one that is meant unless told is first."""
    names = {field.name for field in declared.fields}
    return {
        order.name: order
        for order in _ORDERS
        if (order.within is None or {order.within, order.column} <= names)
        and (order.column != "due_key" or declared.health)
    }


def beyond(order: Order, here: Sequence[ColumnElement[Any]]) -> ColumnElement[bool]:
    """What stands after the place that a statement is told as `key` and `entry_id`.

    `here` are the key and the id of what is put in order.
    """
    names = ("key", "entry_id")
    there = tuple_(*(bindparam(name, type_=column.type) for name, column in zip(names, here, strict=True)))
    return tuple_(*here) < there if order.descending else tuple_(*here) > there


def terms(order: Order, here: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """What a statement is ordered by."""
    return [column.desc() if order.descending else column.asc() for column in here]
