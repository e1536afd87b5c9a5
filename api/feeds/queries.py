"""What a feed may be asked."""

from typing import Any

from marshmallow import Schema, fields, validate

from api import narrowing, queries
from api.parameters import WholeNumber
from content.types import ContentType


def feed_query(declared: ContentType) -> type[Schema]:
    """Return what a page of a type's feed may be asked."""
    paged: dict[str, fields.Field[Any]] = {"limit": queries.limit(), "cursor": queries.cursor()}
    return queries.OneQuery.from_dict({**paged, **_topic(declared)}, name=f"{declared.name.title()}FeedQuery")


def archive_query(declared: ContentType) -> type[Schema]:
    """Return what an archive of a type's feed may be asked."""
    part = WholeNumber(
        load_default=1,
        validate=validate.Range(1, 10_000, error="is not between {min} and {max}"),
        metadata={"description": "Which part of an archive that has several.", "example": 1},
    )
    return queries.OneQuery.from_dict(
        {"part": part, **_topic(declared)}, name=f"{declared.name.title()}ArchiveQuery"
    )


def _topic(declared: ContentType) -> dict[str, fields.Field[Any]]:
    filters = narrowing.filters(declared)
    return {"topic": filters["topic"]} if "topic" in filters else {}
