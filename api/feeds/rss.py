"""RSS 2.0; what it has no words for comes in those of Atom, Dublin Core and schema.org.

It knows no tombstones, and its readers show what they have: an item under the same id says what became of it instead.
No summary is in it: some readers would show that, and not the words.
"""

from datetime import datetime
from email.utils import format_datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace

from api.feeds import atom
from api.feeds.page import Page
from api.telling import Told, farewell, paragraph, urn
from content.expansion import instant
from content.feeds import Removal

KIND = "application/rss+xml"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_ATOM = f"{{{atom.ATOM}}}"
_CREATOR = f"{{{DUBLIN_CORE}}}creator"
_RIGHTS = f"{{{DUBLIN_CORE}}}rights"
register_namespace("dc", DUBLIN_CORE)


def written(page: Page) -> bytes:
    """Return a page of a feed."""
    rss = Element("rss", version="2.0")
    channel = SubElement(rss, "channel")
    _text(channel, "title", page.title)
    _text(channel, "link", page.home)
    _text(channel, "description", page.title)
    if page.locale:
        _text(channel, "language", page.locale)
    _text(channel, "lastBuildDate", _day(page.updated))
    _text(channel, "generator", "Verso")
    _text(channel, "docs", "https://www.rssboard.org/rss-specification")
    _link(channel, "self", page.address)
    if page.following:
        _link(channel, "next", page.following)
    if page.hub:
        SubElement(channel, f"{_ATOM}link", rel="hub", href=page.hub)
    for told in page.told:
        _item(channel, told)
    for removal in page.removed:
        _removed(channel, removal)
    return atom.as_bytes(rss)


def _item(channel: Element, told: Told) -> None:
    item = SubElement(channel, "item")
    _text(item, "title", told.title)
    if told.canonical:
        _text(item, "link", told.canonical)
    _text(item, "description", told.html)
    for author in told.authors:
        SubElement(item, _CREATOR).text = author["name"]
    for name in (*(topic["name"] for topic in told.topics), *told.tags):
        _text(item, "category", name)
    SubElement(item, "guid", isPermaLink="false").text = told.urn
    _text(item, "pubDate", _day(told.published))
    SubElement(item, f"{_ATOM}updated").text = told.updated
    if told.rights:
        SubElement(item, _RIGHTS).text = told.rights
    atom.facts(item, told)


def _removed(channel: Element, removal: Removal) -> None:
    item, notice = SubElement(channel, "item"), removal.notice
    _text(item, "title", farewell(removal))
    _text(item, "description", paragraph(notice.note) if notice.note else farewell(removal))
    SubElement(item, "guid", isPermaLink="false").text = urn(str(removal.entry_id))
    _text(item, "pubDate", _day(instant(notice.at)))
    SubElement(item, f"{_ATOM}updated").text = instant(notice.at)
    atom.status(item, notice.reason)


def _day(moment: str) -> str:
    """Return a moment as RSS writes it (RFC 5322)."""
    return format_datetime(datetime.fromisoformat(moment), usegmt=True)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _link(channel: Element, relation: str, address: str) -> None:
    SubElement(channel, f"{_ATOM}link", rel=relation, href=address, type=KIND)
