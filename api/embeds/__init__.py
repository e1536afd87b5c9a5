"""Embeds: texts as HTML for other people's pages: a page that stands in a frame, a bare fragment, and lists of both.

Neither needs a script. What is gone or was never there is told as HTML too: a frame is never blank.
"""

from typing import Any

from flask import Response

from api import bearing, offering
from api.answers import sent
from api.describing import KEY, Reads
from api.embeds import oembed, pages, queries, script
from api.embeds.pages import HTML
from content import types
from content.documents import API
from content.errors import Elsewhere, Gone, NotFound
from content.types import ContentType

_SHAPE: dict[str, Any] = {"type": "string", "description": "HTML that needs no script."}
_FRAMED = ("Content-Security-Policy",)


def blueprints() -> list[Reads]:
    """Return the embeds of every type of health content, and what brings them into pages: oEmbed and the script."""
    about = "How texts come into other people's pages: oEmbed, and the script."
    scripts = ("get_embed_script", "get_embed_build")
    embedding = Reads("Embedding", __name__, opened_by_any=scripts, url_prefix=API, description=about)
    oembed.add_to(embedding)
    script.add_to(embedding)
    return [_embeds(), embedding]


def _embeds() -> Reads:
    about = "Texts as HTML for other people's pages: to stand in a frame, or to be put into a page."
    routes = Reads("Embeds", __name__, url_prefix=API, description=about)
    for declared in types.everyone():
        if declared.health:
            _add_one(routes, declared)
            _add_list(routes, declared)
    for error, told in ((Gone, pages.gone), (NotFound, pages.not_found), (Elsewhere, pages.moved)):
        routes.register_error_handler(error, told)
    return routes


def _add_one(routes: Reads, declared: ContentType) -> None:
    offered, name = offering.offer(declared), declared.name.title()

    def answers(operation: str) -> Any:
        missing = {status: _in_words(status) for status in (404, 410)}
        return routes.answers(
            _SHAPE, 301, spoken=True, form=HTML, operation=operation, told=missing, bears=_FRAMED
        )

    @routes.get(f"/{declared.plural}/<key>/embed", endpoint=f"get{name}Embed", parameters=[KEY])
    @routes.arguments(queries.page_query(declared), location="query")
    @answers(f"get{name}Embed")
    def page(asked: dict[str, Any], key: str) -> Response:
        """Read one as a page to stand in a frame, by its slug or its id."""
        return sent(pages.one(offered, asked, key))

    @routes.get(f"/{declared.plural}/<key>/embed/fragment", endpoint=f"get{name}Fragment", parameters=[KEY])
    @routes.arguments(queries.fragment_query(declared), location="query")
    @answers(f"get{name}Fragment")
    def fragment(asked: dict[str, Any], key: str) -> Response:
        """Read one as a fragment to be put into a page, by its slug or its id."""
        return sent(pages.one(offered, asked, key))


def _add_list(routes: Reads, declared: ContentType) -> None:
    offered, name, start = offering.offer(declared), declared.plural.title(), f"/embeds/{declared.plural}"

    def answers(operation: str) -> Any:
        return routes.answers(_SHAPE, spoken=True, form=HTML, operation=operation, bears=_FRAMED)

    @routes.get(start, endpoint=f"list{name}Embed")
    @routes.arguments(queries.list_page_query(declared), location="query")
    @answers(f"list{name}Embed")
    def page(asked: dict[str, Any]) -> Response:
        """List them as a page to stand in a frame, each folded up."""
        return sent(pages.several(offered, asked))

    @routes.get(f"{start}/fragment", endpoint=f"list{name}Fragment")
    @routes.arguments(queries.list_fragment_query(declared), location="query")
    @answers(f"list{name}Fragment")
    def fragment(asked: dict[str, Any]) -> Response:
        """List them as a fragment to be put into a page, each folded up."""
        return sent(pages.several(offered, asked))


def _in_words(status: int) -> dict[str, Any]:
    """Describe an answer that says as HTML that there is nothing, or nothing any more."""
    why = "There is nothing here." if status == 404 else "It is not public any more; it says why."
    return {"description": why, "headers": bearing.framed(status), "content": {HTML: {"schema": _SHAPE}}}
