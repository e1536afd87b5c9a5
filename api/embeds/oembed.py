"""oEmbed 1.0 (oembed.com): a frame with a text in it, for whoever pastes the text's address into a site of theirs."""

import re
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree.ElementTree import Element, SubElement

import orjson
from flask import Response

from api import answers, asking, entries, handed, offering, problems, reading, telling, terms
from api.describing import Reads
from api.embeds.queries import OembedQuery
from api.feeds.atom import as_bytes
from api.queries import BadParameters
from api.telling import Told, absolute
from content import canonicals, locales, types
from content.documents import API
from content.errors import Elsewhere, Fault, Invalid, NotFound
from content.types import ContentType

KINDS = {"json": answers.JSON, "xml": "text/xml"}
WIDTH, HEIGHT = 600, 400  # pixels, unless less is asked for
_PATH = re.compile(rf"{API}/([a-z]+)/([A-Za-z0-9-]+)(?:/embed(?:/fragment)?)?")
_KEYED = (
    "is that of a text that needs a key, which no frame and no script may bear: have your server put {}/embed/fragment"
    " into its page"
)
_XML = ("text/xml", "application/xml")
_AS_XML = {"type": "string", "description": "The same as XML."}
_SHAPE: dict[str, Any] = {
    "type": "object",
    "description": "A response of oEmbed 1.0.",
}


def add_to(routes: Reads) -> None:
    """Give the API the read of oEmbed."""

    @routes.get("/oembed")
    @routes.arguments(OembedQuery, location="query")
    @routes.answers(_SHAPE, 404, 410, 501, also=_XML)
    @routes.response(200, _AS_XML, content_type=KINDS["xml"], description="As asked.")
    def get_oembed(asked: dict[str, Any]) -> Response:
        """Read the frame for the address of a text (oEmbed 1.0)."""
        kind = KINDS.get(asked["format"])
        if kind is None:
            return problems.problem("not-implemented", "`format` is json or xml here.")
        told = _told(asked)
        return answers.sent(answers.ready(_xml(told) if kind == KINDS["xml"] else told, kind=kind))


def _told(asked: dict[str, Any]) -> dict[str, Any]:
    told = _found(asked["url"])
    if terms.needs_key(told.document["id"]):
        raise BadParameters([Fault("/url", _KEYED.format(told.document["urls"]["self"]))])
    # A frame only: what is in it is counted once it is looked at.
    handed.unseen()
    there = absolute(f"{told.document['urls']['self']}/embed")
    width, height = (
        min(most, asked.get(name, most)) for name, most in (("maxwidth", WIDTH), ("maxheight", HEIGHT))
    )
    return {
        "version": "1.0",
        "type": "rich",
        "title": told.title,
        "provider_name": telling.organisation(),
        "provider_url": absolute("/"),
        # Its title is a copy too.
        "cache_age": terms.refresh_within(),
        "syndication_allowed": told.may_be_republished,
        "html": frame(there, told.title, width, height),
        "width": width,
        "height": height,
    }


def frame(address: str, title: str, width: int, height: int) -> str:
    """Return the HTML of a frame with the page of an embed in it; sizes are in pixels."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" height="{height}"'
        ' loading="lazy" sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


def _found(url: str) -> Told:
    """Return the text that an address means: one of ours, or its own on the organisation's site; raises NotFound, Gone.

    What has moved is found where it is now.
    """
    of_ours = _ours(url)
    declared, key, asked = of_ours or _on_their_site(url)
    try:
        return Told(declared, entries.whole_one(offering.offer(declared), asked, key))
    except NotFound as error:
        if of_ours:
            raise
        # That there is one which the caller may not read is not told, nor which.
        raise NotFound(canonicals.NOBODYS) from error
    except Elsewhere as error:
        now = types.get(error.type_name) if error.type_name else None
        if now is None or not now.health:
            raise NotFound("text at that address, for it is on another site now") from error
        return Told(now, entries.whole_one(offering.offer(now), {}, str(error.entry_id)))


def _ours(url: str) -> tuple[ContentType, str, dict[str, Any]] | None:
    start = absolute("")
    if not url.startswith(f"{start}{API}/"):
        return None
    parts = urlsplit(url.removeprefix(start))
    found = _PATH.fullmatch(parts.path)
    declared = next((one for one in types.everyone() if found and one.plural == found[1]), None)
    if found is None or declared is None or not declared.health:
        raise NotFound("text at that address")
    return declared, found[2], _locale(parts.query)


def _locale(query: str) -> dict[str, Any]:
    given = parse_qs(query).get("locale", [])
    try:
        return {"locale": locales.canonical(given[0])} if given else {}
    except Invalid as error:
        raise NotFound("text in that language") from error


def _on_their_site(url: str) -> tuple[ContentType, str, dict[str, Any]]:
    at = reading.sequence(None)
    found = canonicals.bearer(
        asking.session(), url, at=at, reach=reading.reach(), locale=reading.default_locale()
    )
    return types.get(found.type), str(found.entry_id), {}


def _xml(told: dict[str, Any]) -> bytes:
    root = Element("oembed")
    for name, value in told.items():
        SubElement(root, name).text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return as_bytes(root)
