"""Search queries: what a search, and a suggestion, may be asked."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from api.parameters import LONGEST_TYPED, TYPED_PATTERN, Typed, Words
from api.queries import as_of, limit, list_query, locale
from content import types
from content.types import ContentType

_OF_LISTS_ALONE = frozenset({"sort", "ids", "fields", "include"})


def search_query() -> type[Schema]:
    """Return what a search may be asked: the filters of lists of every type that is searched."""
    searched = [declared for declared in types.everyone() if declared.health]
    lists: dict[str, fields.Field[Any]] = {}
    for declared in searched:
        lists |= list_query(declared)._declared_fields
    filters = {name: field for name, field in lists.items() if name not in _OF_LISTS_ALONE}
    asked = {
        "q": _typed(),
        "type": _type(searched),
        **filters,
        "facets": _flag("Whether to count by facets."),
    }
    return Schema.from_dict(asked, name="SearchQuery")


def suggest_query() -> type[Schema]:
    """Return what suggestions may be asked for."""
    searched = [declared for declared in types.everyone() if declared.health]
    asked: dict[str, fields.Field[Any]] = {
        "q": _typed(),
        "type": _type(searched),
        "locale": locale(),
        "as_of": as_of(),
        "limit": limit(),
    }
    return Schema.from_dict(asked, name="SuggestQuery")


def _typed() -> Typed:
    return Typed(
        required=True,
        error_messages={"required": "is required"},
        metadata={
            "description": "What to look for, as somebody types it.",
            "minLength": 1,
            "maxLength": LONGEST_TYPED,
            "pattern": f"^{TYPED_PATTERN}$",
            "example": "swelling",
        },
    )


def _type(searched: Sequence[ContentType]) -> Words:
    names = [declared.name for declared in searched]
    word = f"({'|'.join(names)})"
    about = {"description": "Only these types, parted by commas.", "pattern": f"^{word}(,{word})*$"}
    return Words(names, metadata={**about, "example": names[0]})


def _flag(description: str) -> fields.Boolean:
    return fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        error_messages={"invalid": "is neither true nor false"},
        metadata={"description": description, "example": True},
    )
