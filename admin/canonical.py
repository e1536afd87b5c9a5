"""An entry's address on the organisation's own site, proposed from the setting VERSO_CANONICAL_URL."""

from collections.abc import Mapping
from typing import Any

from content.placement import CANONICAL
from content.types import ContentType


def with_canonical(
    template: str, declared: ContentType, values: Mapping[str, Any], *, locale: str
) -> dict[str, Any]:
    """Return `values` with the canonical address made from the template, where the type has one and none was given."""
    slug = values.get("slug")
    if not template or not slug or CANONICAL not in declared.fields or values.get(CANONICAL.name):
        return dict(values)
    return {**values, CANONICAL.name: proposed(template, declared, locale).replace("{slug}", str(slug))}


def proposed(template: str, declared: ContentType, locale: str) -> str:
    """Return the address that a new entry will have, its slug still in braces; "" without a template."""
    return template.replace("{type}", declared.name).replace("{locale}", locale)
