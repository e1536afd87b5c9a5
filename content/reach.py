"""Reach as a condition: which editions a reader may be handed at one sequence."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from content.editions import Edition, Facet
from content.partners import Reach
from content.topics import tree


def within(
    session: Session, reaches: Sequence[Reach], at: int, edition: type[Edition] = Edition
) -> ColumnElement[bool]:
    """The editions that any of `reaches` lets through; topics count with their sub-topics as they were at `at`.

    `edition` may be an alias, here and below.
    """
    return or_(false(), *(_lets_through(session, reach, at, edition) for reach in reaches))


def is_always_alike(reaches: Sequence[Reach]) -> bool:
    """Whether a reach lets the same through at every sequence: no topics narrow it, whose tree changes."""
    return all(reach.topics is None for reach in reaches)


def always_within(reaches: Sequence[Reach]) -> ColumnElement[bool]:
    """The same as `within` for what `is_always_alike`."""
    return or_(false(), *(and_(*_by_columns(reach, Edition)) for reach in reaches))


def _lets_through(session: Session, reach: Reach, at: int, edition: type[Edition]) -> ColumnElement[bool]:
    conditions = _by_columns(reach, edition)
    if reach.topics is not None:
        conditions.append(bears("topic", tree(session, at).below(reach.topics), edition))
    return and_(*conditions)


def _by_columns(reach: Reach, edition: type[Edition]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [edition.audience.in_(reach.audiences)]
    if reach.types is not None:
        conditions.append(edition.type.in_(reach.types))
    if reach.locales is not None:
        conditions.append(edition.locale.in_(reach.locales))
    return conditions


def bears(name: str, values: Iterable[object], edition: type[Edition] = Edition) -> ColumnElement[bool]:
    """The editions that bear one of `values` under the facet `name`."""
    borne = select(Facet.entry_id).where(
        Facet.entry_id == edition.entry_id,
        Facet.from_sequence == edition.from_sequence,
        Facet.name == name,
        Facet.value.in_([str(value) for value in values]),
    )
    return borne.exists()
