"""Narrowing: which editions the filters of a list leave."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from content.editions import Edition, Facet
from content.reach import bears

# The condition under which somebody may read an edition, told the edition or an alias of it.
Readable = Callable[[type[Edition]], ColumnElement[bool]]


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; None means all. `topics`: any of them; sub-topics are named too (`topics.tree`).

    `translation_of` is the entry whose translations are wanted, itself not among them. `languages`: of each
    translation group only the one in the best of these, the best first.
    """

    locale: str | None = None
    languages: Sequence[str] | None = None
    topics: Sequence[UUID] | None = None
    tag: str | None = None
    author: UUID | None = None
    article: UUID | None = None
    parent: UUID | None = None
    translation_of: UUID | None = None
    review: str | None = None
    updated_since: datetime | None = None
    published_since: datetime | None = None


@dataclass(frozen=True)
class Shape:
    """Which filters there are, and how many topics (None: all), whatever their values: fit to be a key."""

    names: tuple[str, ...]
    topics: int | None

    def unfilled(self) -> Filters:
        """Return filters with parameters of a statement in place of values, which `told` has by their names."""
        named: dict[str, Any] = {name: bindparam(name, type_=_TYPES[name]) for name in self.names}
        if self.topics is not None:
            topics = [bindparam(f"topic_{place}", type_=Facet.value.type) for place in range(self.topics)]
            named["topics"] = topics
        return Filters(**named)


_TYPES = {
    "locale": Edition.locale.type,
    "tag": Facet.value.type,
    "author": Facet.value.type,
    "article": Facet.value.type,
    "parent": Facet.value.type,
    "translation_of": Edition.entry_id.type,
    "review": Edition.review_status.type,
    "updated_since": Edition.updated_at.type,
    "published_since": Edition.published_at.type,
}


def shape(filters: Filters) -> Shape:
    """Return the shape of filters; `languages` have none."""
    names = tuple(name for name in _TYPES if getattr(filters, name) is not None)
    return Shape(names, None if filters.topics is None else len(filters.topics))


def told(filters: Filters) -> dict[str, Any]:
    """Return the values that a statement of this shape is told."""
    given = {name: value for name in _TYPES if (value := getattr(filters, name)) is not None}
    single = {name: str(value) if name in _BORNE else value for name, value in given.items()}
    return single | {f"topic_{place}": str(topic) for place, topic in enumerate(filters.topics or ())}


def narrowed(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold of the editions that filters leave, but for `translates`."""
    yield from by_columns(filters)
    for name, values in borne(filters).items():
        yield bears(name, values)


def by_columns(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold of the edition's own columns."""
    if filters.locale is not None:
        yield Edition.locale == filters.locale
    if filters.review is not None:
        yield Edition.review_status == filters.review
    if filters.updated_since is not None:
        yield Edition.updated_at >= filters.updated_since
    if filters.published_since is not None:
        yield Edition.published_at >= filters.published_since


_BORNE = ("tag", "author", "article", "parent")


def borne(filters: Filters) -> dict[str, Sequence[Any]]:
    """Return which facets a list is narrowed by, and to which values; an edition must bear one of each."""
    single = {name: getattr(filters, name) for name in _BORNE}
    given: dict[str, Sequence[Any]] = {
        name: [_value(value)] for name, value in single.items() if value is not None
    }
    return given if filters.topics is None else {"topic": [*map(_value, filters.topics)], **given}


def _value(given: Any) -> Any:
    return given if isinstance(given, BindParameter) else str(given)


def translates(filters: Filters, at: Any, readable: Readable) -> ColumnElement[bool] | None:
    """The editions of the translations that are wanted, or None where all are.

    Of an entry that was never public by `at`, in a form of which `readable` holds, nobody is told anything.
    """
    if filters.translation_of is None:
        return None
    group = group_of(filters.translation_of, at, readable).scalar_subquery()
    return and_(Edition.translation_group == group, Edition.entry_id != filters.translation_of)


def group_of(entry_id: Any, at: Any, readable: Readable) -> Select[UUID]:
    """Select the translation group of an entry that was public by `at` in a form of which `readable` holds."""
    # By which the caller knows the entry. No two threads may share it: whichever looks at an alias while another does
    # so for the first time may get a column of the table itself.
    named = aliased(Edition, name="named")
    known = and_(named.entry_id == entry_id, named.from_sequence <= at, readable(named))
    return select(named.translation_group).where(known).limit(1)
