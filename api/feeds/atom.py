"""Atom (RFC 4287), its pages and archives linked (RFC 5005), with a tombstone for what was removed (RFC 6721)."""

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from api.feeds.page import Page
from api.telling import Told, absolute, urn
from content.expansion import instant
from content.feeds import Removal

KIND = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
HISTORY = "http://purl.org/syndication/history/1.0"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
SCHEMA_ORG = "https://schema.org/"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# The writer knows prefixes for the whole process only; where Atom's own names stand without one, `xmlns` is written.
for _prefix, _namespace in (("atom", ATOM), ("fh", HISTORY), ("at", TOMBSTONES), ("schema", SCHEMA_ORG)):
    register_namespace(_prefix, _namespace)


def written(page: Page) -> bytes:
    """Return a page of a feed."""
    feed = Element("feed", {"xmlns": ATOM} | ({_LANGUAGE: page.locale} if page.locale else {}))
    _text(feed, "id", page.id)
    _text(feed, "title", page.title)
    _text(feed, "updated", page.updated)
    _text(SubElement(feed, "author"), "name", page.organisation)
    _text(feed, "generator", "Verso")
    _links(feed, page)
    if page.is_archive:
        SubElement(feed, f"{{{HISTORY}}}archive")
    for told in page.told:
        _entry(feed, told)
    for removal in page.removed:
        tombstone(feed, removal)
    return as_bytes(feed)


def as_bytes(root: Element) -> bytes:
    """Return a document of XML as it is served."""
    made: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _links(feed: Element, page: Page) -> None:
    _link(feed, "self", page.address, KIND)
    for relation, address in (
        ("current", page.current),
        ("next", page.following),
        ("prev-archive", page.archived),
    ):
        if address and address != page.address:
            _link(feed, relation, address, KIND)
    if page.hub:
        _link(feed, "hub", page.hub)


def _entry(feed: Element, told: Told) -> None:
    document = told.document
    entry = SubElement(feed, "entry", {_LANGUAGE: document["locale"]})
    _text(entry, "id", told.urn)
    _text(entry, "title", told.title)
    _text(entry, "updated", told.updated)
    _text(entry, "published", told.published)
    for author in told.authors:
        person = SubElement(entry, "author")
        _text(person, "name", author["name"])
        if author["url"]:
            _text(person, "uri", author["url"])
    for topic in told.topics:
        SubElement(entry, "category", term=topic["slug"], label=topic["name"])
    for tag in told.tags:
        SubElement(entry, "category", term=tag)
    if told.canonical:
        _link(entry, "alternate", told.canonical, "text/html")
    _link(entry, "alternate", absolute(document["urls"]["self"]), "application/json")
    _link(entry, "version-history", absolute(document["urls"]["versions"]), "application/json")
    if told.summary:
        _text(entry, "summary", told.summary)
    _text(entry, "content", told.html, type="html")
    if told.rights:
        _text(entry, "rights", told.rights)
    facts(entry, told)


def facts(parent: Element, told: Told) -> None:
    """Put into an item of XML what its format has no word for, in the words of schema.org."""
    SubElement(parent, f"{{{SCHEMA_ORG}}}version").text = str(told.document["version"])
    if told.review:
        status(parent, told.review["status"])
    if told.review.get("last_reviewed_on"):
        SubElement(parent, f"{{{SCHEMA_ORG}}}lastReviewed").text = told.review["last_reviewed_on"]


def tombstone(parent: Element, removal: Removal) -> None:
    """Put into a feed that an entry is not in it any more: whoever has it takes it down."""
    at = {"ref": urn(str(removal.entry_id)), "when": instant(removal.notice.at)}
    deleted = SubElement(parent, f"{{{TOMBSTONES}}}deleted-entry", at)
    if removal.notice.note:
        SubElement(deleted, f"{{{TOMBSTONES}}}comment").text = removal.notice.note
    status(deleted, removal.notice.reason)


def status(parent: Element, word: str) -> None:
    """Put into an item of XML how it stands, in one of the words that our JSON has for it."""
    SubElement(parent, f"{{{SCHEMA_ORG}}}creativeWorkStatus").text = word


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = text


def _link(parent: Element, relation: str, address: str, kind: str | None = None) -> None:
    SubElement(parent, "link", {"rel": relation, "href": address} | ({"type": kind} if kind else {}))
