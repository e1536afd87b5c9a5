"""Links: what an answer says of other addresses in its header `Link` (RFC 8288)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import Response

from content.documents import API, addresses
from content.types import ContentType

DESCRIPTION = f'<{API}/openapi.json>; rel="service-desc"; type="application/vnd.oai.openapi+json"'


def add(response: Response, *links: str) -> Response:
    """Put links behind those that an answer has."""
    told = response.headers.get("Link")
    response.headers["Link"] = ", ".join([*([told] if told else []), *links])
    return response


def alternates(declared: ContentType, translations: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a link to each translation that an answer names by its id and its language."""
    return [
        f'<{addresses(declared, UUID(one["id"]), 1)["self"]}>; rel="alternate"; hreflang="{one["locale"]}"'
        for one in translations
        if "id" in one and "locale" in one
    ]
