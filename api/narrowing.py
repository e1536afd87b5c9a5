"""Narrowing: the parameters by which lists are filtered and put in order, made from a type's declaration."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from api.parameters import (
    ID_PATTERN,
    INSTANT_PATTERN,
    KEY_PATTERN,
    LONGEST_KEY,
    LONGEST_TAG,
    TAG_PATTERN,
    Id,
    Instant,
    Key,
    Tag,
)
from api.samples import sample
from content import orders
from content.reviews import PUBLIC_STATUSES
from content.types import ContentType


class Ordered(Schema):
    """What may be put in an order, where an order that means nothing without a filter comes with it."""

    @validates_schema
    def _check_filter(self, asked: dict[str, Any], **kwargs: Any) -> None:
        wanted = orders.NEEDS.get(asked.get("sort", ""))
        if wanted and wanted not in asked:
            raise ValidationError({"sort": [f"is {asked['sort']}, which needs {wanted}"]})


def sort(declared: ContentType) -> fields.String:
    """In which order."""
    known = orders.of(declared)
    meanings = "; ".join(f"`{order.name}`, {order.meaning}" for order in known.values())
    return fields.String(
        load_default=next(iter(known)),
        validate=validate.OneOf(list(known), error="is not one of {choices}"),
        metadata={"description": f"The order: {meanings}.", "example": "updated"},
    )


def filters(declared: ContentType) -> dict[str, fields.Field[Any]]:
    """What a list may be narrowed by."""
    facets = {field.facet for field in declared.fields}
    borne = {name: filter_() for name, filter_ in _BORNE.items() if name in facets}
    return borne | ({"review": _review()} if declared.health else {}) | _rest()


_BORNE: dict[str, Callable[[], fields.Field[Any]]] = {
    "topic": lambda: _key_of(
        "topic", "Only what is filed under this topic, or one below it: its slug or id."
    ),
    "tag": lambda: Tag(
        metadata={
            "description": "Only what bears this tag.",
            "example": "flying",
            "minLength": 1,
            "maxLength": LONGEST_TAG,
            "pattern": f"^{TAG_PATTERN}$",
        },
    ),
    "author": lambda: _key_of("author", "Only what this author signs: a slug or an id."),
    "article": lambda: _key_of("article", "Only what belongs to this article: its slug or id."),
    "parent": lambda: _key_of("topic", "Only what stands right below this topic: its slug or id."),
}


def _key_of(name: str, description: str) -> Key:
    about = {"description": description, "pattern": KEY_PATTERN, "maxLength": LONGEST_KEY}
    return Key(metadata={**about, "example": f"a-{name}"})


def _review() -> fields.String:
    return fields.String(
        validate=validate.OneOf(PUBLIC_STATUSES, error="is not one of {choices}"),
        metadata={
            "description": "Only what is reviewed, what is due to be again, or what nobody has reviewed.",
            "example": "reviewed",
        },
    )


def _rest() -> dict[str, fields.Field[Any]]:
    return {
        "translation_of": Id(
            metadata={
                "description": "Only the translations of the entry of this id.",
                "pattern": ID_PATTERN,
                "example": sample("translation_of", "id"),
            },
        ),
        "updated_since": _since("Only what changed, beyond a typo, at this moment or later."),
        "published_since": _since("Only what was published in its present version at this moment or later."),
    }


def _since(description: str) -> Instant:
    return Instant(
        metadata={
            "description": description,
            "format": "date-time",
            "pattern": INSTANT_PATTERN,
            "example": "2026-01-01T00:00:00Z",
        },
    )
