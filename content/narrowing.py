"""Narrowing: which editions the filters of a list leave."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from content.editions import Edition
from content.entries import Entry
from content.reach import bears


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


def fixed(filters: Filters) -> Filters:
    """Return the same filters with nothing in them that could change, fit to be a key."""
    topics = None if filters.topics is None else tuple(filters.topics)
    languages = None if filters.languages is None else tuple(filters.languages)
    return replace(filters, topics=topics, languages=languages)


def narrowed(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold of the editions that filters leave."""
    yield from by_columns(filters)
    for name, values in borne(filters).items():
        yield bears(name, values)
    if (group := translates(filters)) is not None:
        yield group


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


def borne(filters: Filters) -> dict[str, Sequence[object]]:
    """Return which facets a list is narrowed by, and to which values; an edition must bear one of each."""
    single = {name: getattr(filters, name) for name in ("tag", "author", "article", "parent")}
    given: dict[str, Sequence[object]] = {
        name: [value] for name, value in single.items() if value is not None
    }
    return given if filters.topics is None else {"topic": filters.topics, **given}


def translates(filters: Filters) -> ColumnElement[bool] | None:
    """The editions of the translations that are wanted, or None where all are."""
    if filters.translation_of is None:
        return None
    group = select(Entry.translation_group).where(Entry.id == filters.translation_of).scalar_subquery()
    return and_(Edition.translation_group == group, Edition.entry_id != filters.translation_of)
