"""What a list is asked for in its address, and what it offers to ask for."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from admin import listing, picking
from admin.listing import Asked, Tab
from admin.numbers import number_of
from admin.shelves import MOST_OFFERED, known_tags
from content.types import ContentType

MOST_PAGES = 10_000


def asked_of(declared: ContentType, query: Mapping[str, str]) -> Asked:
    """Read a list's address; what makes no sense in it is taken as not asked for."""
    page, tab = query.get("page", ""), query.get("tab", "")
    wanted = ((field.name, query.get(field.name, "")) for field in listing.link_fields(declared))
    return Asked(
        words=query.get("q", "").strip()[:200],
        tab=Tab(tab) if tab in list(Tab) else Tab.ALL,
        locale=query.get("locale", "")[:35],
        tag=query.get("tag", "")[:60],
        links=tuple((name, value) for name, value in wanted if _is_id(value)),
        page=min(number_of(page) or 1, MOST_PAGES),
    )


def choices_of(session: Session, declared: ContentType, asked: Asked) -> dict[str, Any]:
    """Return what the list offers: its locales, its tags, and the entries of each link, by field."""
    chosen = dict(asked.links)
    links = [
        (field, picking.options(session, field, [chosen[field.name]] if field.name in chosen else [], ""))
        for field in listing.link_fields(declared)
    ]
    tagged = any(field.kind == "tags" for field in declared.fields)
    return {
        "locales": listing.locales(session, declared),
        "tags": [tag.name for tag in known_tags(session, MOST_OFFERED)] if tagged else [],
        "links": [(field, options) for field, options in links if options],
        "chosen": chosen,
    }


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
