"""Queries of embeds: what the reads of them may be asked besides the language, the moment and the filters."""

from typing import Any

from marshmallow import Schema, fields, validate

from api import queries
from api.parameters import WholeNumber
from content.types import ContentType

LEVEL = 2  # of a fragment's title among the headings of its page, unless told
THEMES = ("auto", "light", "dark")
LONGEST_ADDRESS = 2_000  # characters


def page_query(declared: ContentType) -> type[Schema]:
    """Return what the page of one of this type may be asked."""
    return queries.linked_query(declared).from_dict(_theme(), name=f"{declared.name.title()}EmbedQuery")


def fragment_query(declared: ContentType) -> type[Schema]:
    """Return what the fragment of one of this type may be asked."""
    return queries.linked_query(declared).from_dict(_level(), name=f"{declared.name.title()}FragmentQuery")


def list_page_query(declared: ContentType) -> type[Schema]:
    """Return what the page of a list of this type may be asked."""
    return _listed(declared).from_dict(_theme(), name=f"{declared.name.title()}EmbedListQuery")


def list_fragment_query(declared: ContentType) -> type[Schema]:
    """Return what the fragment of a list of this type may be asked."""
    return _listed(declared).from_dict(_level(), name=f"{declared.name.title()}FragmentListQuery")


def _listed(declared: ContentType) -> type[Schema]:
    """Return what a list may be asked that is all on one page."""
    asked = {name: field for name, field in queries.listing(declared).items() if name != "cursor"}
    return queries.ordered(asked, name=f"{declared.name.title()}OnePageQuery")


def _theme() -> dict[str, fields.Field[Any]]:
    about = {"description": "Light, dark, or as the reader's device says.", "enum": list(THEMES)}
    return {
        "theme": fields.String(
            load_default="auto",
            validate=validate.OneOf(THEMES, error="is none of auto, light, dark"),
            metadata={**about, "example": "auto"},
        )
    }


def _level() -> dict[str, fields.Field[Any]]:
    return {
        "level": WholeNumber(
            load_default=LEVEL,
            validate=validate.Range(1, 4, error="is not between {min} and {max}"),
            metadata={
                "description": "The level of the title among the headings of the page that it comes to stand on.",
                "example": LEVEL,
            },
        )
    }


class OembedQuery(Schema):
    """What may be asked of oEmbed (section 2.2 of its specification); a `format` that is none is answered 501."""

    url = fields.String(
        required=True,
        validate=validate.Length(1, LONGEST_ADDRESS, error="is not an address of at most {max} characters"),
        error_messages={"required": "is required"},
        metadata={
            "description": "The address of a text: on the organisation's own site, here, or of its embed.",
            "example": "https://clinic.example/swelling-after-a-flight",
        },
    )
    format = fields.String(
        load_default="json",
        metadata={"description": "Any other is answered 501.", "enum": ["json", "xml"], "example": "json"},
    )
    maxwidth = WholeNumber(
        validate=validate.Range(1, 10_000, error="is not between {min} and {max}"),
        metadata={"description": "How wide it may be at most, in pixels.", "example": 600},
    )
    maxheight = WholeNumber(
        validate=validate.Range(1, 10_000, error="is not between {min} and {max}"),
        metadata={"description": "How high it may be at most, in pixels.", "example": 400},
    )
