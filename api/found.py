"""Found: the schemas of what a search answers, derived from the declaration of each type that is searched."""

from typing import Any

from marshmallow import Schema, fields

from api import envelopes
from api.envelopes import STUB
from api.shapes import Either, Flat, card, many, nested, one_of, schema, text, uuid, whole
from content import types
from content.types import ContentType

_SNIPPET: Flat = {"html": text("marked"), "text": text("text")}
_VALUE: Flat = {"value": text("tag"), "count": whole("total")}
_TOPIC: Flat = {"id": uuid(), "slug": text("slug"), "name": text("name"), "count": whole("total")}


def _hit(declared: ContentType) -> type[Schema]:
    name = f"{declared.name.title()}Hit"
    return schema(name, {**card(declared), "snippet": nested("Snippet", _SNIPPET)}, component=name)


def hits() -> type[Schema]:
    """Return the schema of what was found: cards with a snippet each; a stub stands for what was struck since."""
    searched = [_hit(declared) for declared in types.everyone() if declared.health]
    listed = envelopes.listing("SearchList", Either(*searched, STUB))
    query: Flat = {
        "asked": text("query"),
        "corrected": text("query", null=True),
        "complete": _truth(),
    }
    facets: Flat = {
        "type": many(nested("FacetValue", _VALUE)),
        "locale": many(nested("FacetValue", _VALUE)),
        "topic": many(nested("FacetTopic", _TOPIC)),
        "tag": many(nested("FacetValue", _VALUE)),
    }
    flat: Flat = {
        **listed().fields,
        "query": nested("SearchedFor", query),
        "facets": nested("SearchFacets", facets, null=True),
    }
    return schema("SearchList", flat, component="SearchList")


def suggestions() -> type[Schema]:
    """Return the schema of what is suggested."""
    title: Flat = {
        "type": one_of([declared.name for declared in types.everyone() if declared.health]),
        "id": uuid(),
        "locale": text("locale"),
        "title": text("title"),
        "urls": nested("SuggestionUrls", {"self": text("self", format="uri-reference")}),
    }
    flat: Flat = {"data": many(nested("Suggestion", title)), "words": many(text("word"))}
    return schema("Suggestions", flat, component="Suggestions")


def _truth() -> fields.Field[Any]:
    return fields.Boolean(required=True, metadata={"example": True})
