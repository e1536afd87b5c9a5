"""Feeds: what is new, changed or gone, for programs that ask again and again."""

from collections.abc import Callable
from typing import Any

from flask import Response

from api import answers, links
from api.describing import Reads
from api.feeds import atom, json_feed, reads, rss
from api.feeds.page import Page
from api.feeds.queries import archive_query, feed_query
from api.parameters import NUMBER
from content import feeds, types
from content.types import ContentType

# How each form's address ends, what it is for the description, and what writes it.
FORMS: dict[str, tuple[str, str, Callable[[Page], bytes]]] = {
    "atom": ("Atom", atom.KIND, atom.written),
    "rss": ("RSS", rss.KIND, rss.written),
    "json": ("JSON Feed", json_feed.KIND, json_feed.written),
}


def blueprint() -> Reads:
    """Return the feeds of every type of health content."""
    about = "What is new, changed or gone, for programs that ask again and again."
    routes = Reads("Feeds", __name__, url_prefix=feeds.START, description=about)
    for declared in types.everyone():
        if declared.health:
            for form in FORMS:
                _add_feed(routes, declared, form)
            _add_archive(routes, declared)
    return routes


def _add_feed(routes: Reads, declared: ContentType, form: str) -> None:
    label, kind, write = FORMS[form]
    name = f"follow{declared.plural.title()}As{label.replace(' ', '')}"

    def feed(asked: dict[str, Any]) -> Response:
        page = reads.page(declared, asked, form)
        made = answers.ready(write(page), kind=kind)
        if page.hub:
            links.add(made.headers, f'<{page.hub}>; rel="hub"', f'<{page.address}>; rel="self"')
        return answers.sent(made)

    feed.__doc__ = f"Follow {declared.plural_label} as {label}, the latest change first."
    described = routes.answers(_SHAPES[form], 410, form=kind, also=_also(kind), operation=name)(feed)
    routes.get(f"/{declared.plural}.{form}", endpoint=name)(
        routes.arguments(feed_query(declared), location="query")(described)
    )


def _add_archive(routes: Reads, declared: ContentType) -> None:
    name = f"get{declared.plural.title()}FeedArchive"

    def archive(asked: dict[str, Any], until: int) -> Response:
        page = reads.archive(declared, until, asked, "atom")
        return answers.sent(answers.ready(atom.written(page), kind=atom.KIND))

    archive.__doc__ = f"Read an archive of the feed of {declared.plural_label}: it stays as it is."
    described = routes.answers(
        _SHAPES["atom"], 404, 410, form=atom.KIND, also=_also(atom.KIND), operation=name
    )(archive)
    routes.get(f"/{declared.plural}/archives/<{NUMBER}:until>.atom", endpoint=name)(
        routes.arguments(archive_query(declared), location="query")(described)
    )


_SHAPES: dict[str, dict[str, Any]] = {
    "atom": {"type": "string", "description": "A document of RFC 4287, RFC 5005 and RFC 6721."},
    "rss": {"type": "string", "description": "A document of RSS 2.0."},
    "json": {"type": "object", "description": "A document of JSON Feed 1.1."},
}


def _also(kind: str) -> tuple[str, ...]:
    """Return the media types under which an answer of a kind is taken too: readers of feeds often ask for XML only."""
    return ("application/xml", "text/xml") if kind.endswith("+xml") else (answers.JSON,)
