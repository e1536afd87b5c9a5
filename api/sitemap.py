"""The sitemap: where texts stand on the organisation's own site, for search engines (sitemaps.org 0.9).

`docs/decisions/sitemap.md` says whose addresses are in it, and how that site names it.
"""

from typing import Any
from xml.etree.ElementTree import Element, SubElement

from flask import Response
from marshmallow import Schema

from api import answers, asking, queries, reading
from api.describing import Reads
from api.feeds.atom import as_bytes
from api.parameters import NUMBER
from api.telling import absolute
from content import canonicals
from content.documents import API
from content.errors import NotFound
from content.expansion import instant

KIND = "application/xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
PART = 5_000  # texts in one part; 50,000 addresses are allowed
_SHAPE = {"type": "string", "description": "A document of sitemaps.org 0.9."}


class SitemapQuery(Schema):
    """What a sitemap may be asked."""

    as_of = queries.as_of()


def blueprint() -> Reads:
    """Return the reads of the sitemap."""
    routes = Reads("Sitemap", __name__, url_prefix=API, description="For search engines.")

    @routes.get("/sitemap.xml")
    @routes.arguments(SitemapQuery, location="query")
    @routes.answers(_SHAPE, form=KIND, also=("text/xml",))
    def get_sitemap(asked: dict[str, Any]) -> Response:
        """Read which parts the sitemap has."""
        return _sent(_index(reading.sequence(asked.get("as_of")), dict(asking.parameters())))

    @routes.get(f"/sitemaps/<{NUMBER}:number>.xml")
    @routes.arguments(SitemapQuery, location="query")
    @routes.answers(_SHAPE, 404, form=KIND, also=("text/xml",))
    def get_sitemap_part(asked: dict[str, Any], number: int) -> Response:
        """Read a part of the sitemap: addresses on the organisation's own site."""
        return _sent(_part(reading.sequence(asked.get("as_of")), number))

    return routes


def _sent(root: Element) -> Response:
    return answers.sent(answers.ready(as_bytes(root), kind=KIND))


def _index(at: int, asked: dict[str, str]) -> Element:
    index = Element("sitemapindex", xmlns=NAMESPACE)
    found = canonicals.count(asking.session(), at=at, reach=reading.reach())
    query = f"?as_of={at}" if "as_of" in asked else ""
    for number in range(1, _parts(found) + 1):
        address = absolute(f"{API}/sitemaps/{number}.xml{query}")
        SubElement(SubElement(index, "sitemap"), "loc").text = address
    return index


def _part(at: int, number: int) -> Element:
    if number > _parts(canonicals.count(asking.session(), at=at, reach=reading.reach())):
        raise NotFound(f"part {number} of the sitemap")
    found = canonicals.part(
        asking.session(), at=at, reach=reading.reach(), skipped=(number - 1) * PART, limit=PART
    )
    urlset = Element("urlset", xmlns=NAMESPACE)
    for address, updated_at in found.items():
        url = SubElement(urlset, "url")
        SubElement(url, "loc").text = address
        SubElement(url, "lastmod").text = instant(updated_at)
    return urlset


def _parts(texts: int) -> int:
    """Return in how many parts a sitemap of so many texts comes: one at least."""
    return max(1, -(-texts // PART))
