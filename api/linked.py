"""Linked data: JSON-LD of one entry and of a list, by the end of the address; `entries` has it by negotiation too."""

from typing import Any

from flask import Response

from api import entries, offering
from api.answers import JSON, JSON_LD, sent
from api.describing import KEY, LINKED, Reads
from api.queries import linked_list_query, linked_query
from content import types
from content.documents import API
from content.types import ContentType


def blueprint() -> Reads:
    """Return the reads of JSON-LD of every type that is a page."""
    about = "Texts in the words of schema.org, for search engines."
    routes = Reads("Linked data", __name__, previewed=True, url_prefix=API, description=about)
    for declared in types.everyone():
        if declared.health:
            _add(routes, declared)
    return routes


def _add(routes: Reads, declared: ContentType) -> None:
    offered, one, many = offering.offer(declared), declared.name.title(), declared.plural.title()

    @routes.get(f"/{declared.plural}.jsonld", endpoint=f"list{many}Linked")
    @routes.arguments(linked_list_query(declared), location="query")
    @routes.answers(LINKED, 410, spoken=True, form=JSON_LD, also=(JSON,), operation=f"list{many}Linked")
    def listing(asked: dict[str, Any]) -> Response:
        """List them as JSON-LD, in the order asked for."""
        return sent(entries.linked_list(offered, asked, f"{API}/{declared.plural}.jsonld"))

    @routes.get(f"/{declared.plural}/<key>.jsonld", endpoint=f"get{one}Linked", parameters=[KEY])
    @routes.arguments(linked_query(declared), location="query")
    @routes.answers(
        LINKED, 301, 404, 410, spoken=True, form=JSON_LD, also=(JSON,), operation=f"get{one}Linked"
    )
    def single(asked: dict[str, Any], key: str) -> Response:
        """Read one as JSON-LD, by its slug or its id."""
        return sent(entries.linked_one(offered, asked, key))
