"""What a list is asked for in its address, and what it offers to ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from admin import listing, picking
from admin.listing import Asked, Falls, Tab
from admin.names import names_of
from admin.numbers import number_of
from content.newest import finding
from content.newest.finding import Order, Place
from content.newest.rows import BY, LOCALE, TAG
from content.types import ContentType

LONGEST_KEY = 100


def asked_of(declared: ContentType, query: Mapping[str, str]) -> Asked:
    """Read a list's address; what makes no sense in it is taken as not asked for."""
    tab, due, order = query.get("tab", ""), query.get("due", ""), query.get("sort", "")
    wanted = ((field.name, query.get(field.name, "")) for field in listing.link_fields(declared))
    sorted_by = Order(order) if order in list(Order) else Order.SAVED
    # What falls due is looked through by its days.
    sorted_by = Order.DUE if due in list(Falls) else sorted_by
    return Asked(
        words=query.get("q", "").strip()[:200],
        tab=Tab(tab) if tab in list(Tab) else Tab.ALL,
        locale=query.get("locale", "")[:35],
        tag=query.get("tag", "")[:60],
        by=query.get("by", "")[:100],
        due=Falls(due) if due in list(Falls) else None,
        links=tuple((name, value) for name, value in wanted if _is_id(value)),
        order=sorted_by,
        after=_place(sorted_by, query.get("after", "")),
    )


def query_of(asked: Asked) -> dict[str, str]:
    """Return what stands in the address of a list that is asked for this, from its beginning, by name."""
    given = {
        "tab": "" if asked.tab == Tab.ALL else asked.tab.value,
        "q": asked.words,
        "locale": asked.locale,
        "tag": asked.tag,
        "by": asked.by,
        "due": asked.due.value if asked.due else "",
        **dict(asked.links),
        "sort": "" if asked.order == (Order.DUE if asked.due else Order.SAVED) else asked.order.value,
    }
    return {name: value for name, value in sorted(given.items()) if value}


@dataclass(frozen=True)
class Lost:
    """Something that a list is asked for and that is offered no more: `label` is the field's, `went` tells where to.

    `instead` is the same list, asked for what has taken its place, where something has.
    """

    label: str
    title: str
    went: str
    instead: dict[str, str] | None = None


def lost(session: Session, declared: ContentType, asked: Asked) -> list[Lost]:
    """Return what is asked for and was merged, retired or thrown away since, as in a filter that was kept."""
    fields = {field.name: field for field in listing.link_fields(declared)}
    found = listing.left(session, [UUID(value) for _, value in asked.links])
    return [
        Lost(fields[name].label, *_told(found.get(UUID(value)), query_of(asked), name))
        for name, value in asked.links
        if UUID(value) not in found or found[UUID(value)].is_lost
    ]


def _told(
    found: listing.Left | None, query: dict[str, str], name: str
) -> tuple[str, str, dict[str, str] | None]:
    if found is None:
        return "", "is not known here", None
    if found.into:
        return found.title, f"was merged into “{found.into[1]}”", {**query, name: str(found.into[0])}
    return found.title, "is in the trash" if found.trashed else "was retired", None


def written(place: Place) -> str:
    """Return a place as it stands in an address."""
    return f"{place.id}~{place.key or ''}"


def choices_of(session: Session, declared: ContentType, asked: Asked) -> dict[str, Any]:
    """Return what the list offers: its locales, tags and people, and the entries of each link, by field."""
    chosen = dict(asked.links)
    links = [
        (field, picking.options(session, field, [chosen[field.name]] if field.name in chosen else [], ""))
        for field in listing.link_fields(declared)
    ]
    locales, tags, people = (finding.values(session, declared.name, name) for name in (LOCALE, TAG, BY))
    names = names_of(session, _with(people, asked.by))
    return {
        "locales": _with(locales, asked.locale),
        "tags": _with(tags, asked.tag),
        "people": sorted(names.items(), key=lambda known: known[1].casefold()),
        "links": [(field, options) for field, options in links if options],
        "chosen": chosen,
    }


def _with(offered: list[str], chosen: str) -> list[str]:
    return offered if not chosen or chosen in offered else [*offered, chosen]


def _place(order: Order, text: str) -> Place | None:
    before, _, key = text.partition("~")
    number = number_of(before)
    if number is None or number >= 2**31:
        return None
    if order == Order.SAVED:
        return Place(None, number)
    if order == Order.TITLE:
        return Place(key[:LONGEST_KEY], number)
    try:
        return Place(date.fromisoformat(key), number)
    except ValueError:
        return None


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
