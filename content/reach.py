"""Reach as a condition: which editions a reader may be handed at one sequence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, aliased

from content.editions import Edition, Facet
from content.partners import Reach
from content.topics import tree


def within(
    session: Session, reaches: Sequence[Reach], at: int, edition: type[Edition] = Edition
) -> ColumnElement[bool]:
    """The editions that any of `reaches` lets through; topics count with their sub-topics as they were at `at`.

    An embargo delays no form of an entry of which they let an earlier one through. `edition` may be an alias, here and
    below.
    """
    return exactly(resolved(session, reaches, at), edition)


def exactly(reaches: Sequence[Reach], edition: type[Edition] = Edition) -> ColumnElement[bool]:
    """The same where each topic counts by itself, as what is `resolved` has them."""
    let = [_lets_through(reach, edition) for reach in reaches]
    delayed = [replace(reach, first_by=None) for reach in reaches if reach.first_by is not None]
    if delayed:
        in_time = or_(*(_lets_through(reach, edition) for reach in delayed))
        let.append(and_(in_time, _had_earlier(reaches, edition)))
    return or_(false(), *let)


def _had_earlier(reaches: Sequence[Reach], edition: type[Edition]) -> ColumnElement[bool]:
    had = aliased(Edition)
    let = or_(*(_lets_through(reach, had) for reach in reaches))
    before = (had.entry_id == edition.entry_id, had.from_sequence < edition.from_sequence)
    return select(had.entry_id).where(*before, let).correlate(edition).exists()


def is_always_alike(reaches: Sequence[Reach]) -> bool:
    """Whether a reach lets the same through at every sequence: neither topics, whose tree changes, nor an embargo."""
    return all(reach.topics is None and reach.first_by is None for reach in reaches)


def _lets_through(reach: Reach, edition: type[Edition]) -> ColumnElement[bool]:
    conditions = by_columns(reach, edition)
    if reach.topics is not None:
        conditions.append(bears("topic", reach.topics, edition))
    return and_(*conditions)


def by_columns(reach: Reach, edition: type[Edition]) -> list[ColumnElement[bool]]:
    """What a reach asks of an edition's own columns: all but its topics."""
    conditions: list[ColumnElement[bool]] = [edition.audience.in_(reach.audiences)]
    if reach.types is not None:
        conditions.append(edition.type.in_(reach.types))
    if reach.locales is not None:
        conditions.append(edition.locale.in_(reach.locales))
    if reach.first_by is not None:
        conditions.append(edition.first_published_at <= reach.first_by)
    return conditions


def resolved(session: Session, reaches: Sequence[Reach], at: int) -> tuple[Reach, ...]:
    """Return the same, each topic in the place of which stand it and all below it, as they were at `at`, in order."""
    if all(reach.topics is None for reach in reaches):
        return tuple(reaches)
    topics = tree(session, at)
    return tuple(
        reach if reach.topics is None else replace(reach, topics=tuple(sorted(topics.below(reach.topics))))
        for reach in reaches
    )


def together(reaches: Iterable[Reach]) -> tuple[Reach, ...]:
    """Return what lets the same through, in fewer: what differs in its topics alone is one with all of these."""
    topics = dict[Reach, set[UUID] | None]()
    for reach in reaches:
        alike = replace(reach, topics=None)
        known = topics.get(alike, set())
        topics[alike] = None if known is None or reach.topics is None else known | set(reach.topics)
    return tuple(
        alike if some is None else replace(alike, topics=tuple(sorted(some)))
        for alike, some in topics.items()
    )


def bears(name: str, values: Iterable[object], edition: type[Edition] = Edition) -> ColumnElement[bool]:
    """The editions that bear one of `values` under the facet `name`."""
    borne = select(Facet.entry_id).where(
        Facet.entry_id == edition.entry_id,
        Facet.from_sequence == edition.from_sequence,
        Facet.name == name,
        Facet.value.in_([str(value) for value in values]),
    )
    # A statement that reads facets itself must not take these for its own.
    return borne.correlate(edition).exists()
