"""Links: what an answer says of other addresses in its header `Link` (RFC 8288)."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from werkzeug.datastructures import Headers

from content.documents import API, addresses
from content.types import ContentType

# The headers of an answer, as Flask has them, or by name.
Told = Headers | dict[str, str]

DESCRIPTION = f'<{API}/openapi.json>; rel="service-desc"; type="application/vnd.oai.openapi+json"'


def add(headers: Told, *links: str) -> None:
    """Put links behind those that an answer has."""
    told = headers.get("Link")
    headers["Link"] = ", ".join([told, *links] if told else links)


def add_alternates(headers: Told, declared: ContentType, translations: Iterable[Mapping[str, Any]]) -> None:
    """Put a link to each translation, where there is any, behind those that an answer has."""
    if others := alternates(declared, translations):
        add(headers, *others)


def alternates(declared: ContentType, translations: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return a link to each translation that an answer names by its id and its language."""
    return [
        f'<{addresses(declared, UUID(one["id"]), 1)["self"]}>; rel="alternate"; hreflang="{one["locale"]}"'
        for one in translations
        if "id" in one and "locale" in one
    ]
