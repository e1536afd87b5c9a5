"""The rules that the W3C's feed validator holds documents to, as far as a grammar cannot say them."""

import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
AT = "{http://purl.org/atompub/tombstones/1.0}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
# What an item of RSS may have, once each but for categories.
RSS_ITEM = {
    "title",
    "link",
    "description",
    "author",
    "category",
    "comments",
    "enclosure",
    "guid",
    "pubDate",
    "source",
}
RSS_CHANNEL = {"title", "link", "description"}
DANGEROUS = {"script", "iframe", "object", "embed", "style", "form", "meta", "base"}


def of_atom(content, address):
    """Return what is wrong with a document of Atom that was had from `address`."""
    root = etree.fromstring(content)
    faults = [] if GRAMMAR.validate(root) else [str(fault) for fault in GRAMMAR.error_log]
    faults += _links(root, address)
    entries = root.findall(f"{ATOM}entry")
    if root.find(f"{ATOM}author") is None and any(one.find(f"{ATOM}author") is None for one in entries):
        faults.append("somebody signs nothing")
    stamps = [(one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}updated")) for one in entries]
    if len(set(stamps)) < len(stamps):
        faults.append("two entries have one id and one date")
    return faults + [fault for one in entries for fault in _entry(one)]


def _links(root, address):
    own = [link.get("href") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [address]:
        yield f"calls itself {own}"


def _entry(entry):
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in entry.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    content = entry.find(f"{ATOM}content")
    if len(set(alternates)) < len(alternates):
        yield "has two alternates of one kind"
    if content is None and not alternates:
        yield "has neither content nor an alternate"
    if entry.findtext(f"{ATOM}published", "") > entry.findtext(f"{ATOM}updated", ""):
        yield "was changed before it was published"
    if not entry.findtext(f"{ATOM}title", "").strip():
        yield "has no title"
    if content is not None and content.get("type") == "html":
        yield from _html(content.text or "")


def _html(html):
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(True):
        if tag.name in DANGEROUS or any(name.startswith("on") for name in tag.attrs):
            yield f"<{tag.name}> is dangerous"
        for name in ("href", "src"):
            if name in tag.attrs and not (urlsplit(tag[name]).scheme or tag[name].startswith("#")):
                yield f"{tag[name]} leads nowhere from a feed"


def of_rss(content, address):
    """Return what is wrong with a document of RSS 2.0 that was had from `address`."""
    root = etree.fromstring(content)
    if root.tag != "rss" or root.get("version") != "2.0" or [one.tag for one in root] != ["channel"]:
        return ["is no RSS 2.0"]
    channel = root[0]
    faults = [f"has no {name}" for name in RSS_CHANNEL if not channel.findtext(name)]
    faults += [
        f"has {one.tag} twice"
        for one in channel
        if _own(one) and len(channel.findall(one.tag)) > 1 and one.tag != "item"
    ]
    faults += list(_links(channel, address))
    faults += _date(channel.findtext("lastBuildDate", ""))
    items = channel.findall("item")
    guids = [item.findtext("guid") for item in items]
    if len(set(guids)) < len(guids):
        faults.append("two items have one guid")
    return faults + [fault for item in items for fault in _item(item)]


def _item(item):
    own = [one.tag for one in item if _own(one)]
    if strange := set(own) - RSS_ITEM:
        yield f"{strange} is nothing of RSS"
    if any(own.count(name) > 1 for name in set(own) - {"category"}):
        yield "has something twice"
    if not item.findtext("title") and not item.findtext("description"):
        yield "has neither title nor description"
    guid = item.find("guid")
    if guid is None:
        yield "has no guid"
    elif guid.get("isPermaLink", "true") == "true" and not (guid.text or "").startswith("http"):
        yield "has a guid that is no link and says that it is"
    yield from _date(item.findtext("pubDate", ""))
    yield from _html(item.findtext("description", ""))


_TEXT, _URL = {"type": "string", "minLength": 1}, {"type": "string", "format": "uri", "pattern": "^https?://"}
_MOMENT = {"type": "string", "format": "date-time"}
_AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {"properties": {"name": _TEXT, "url": _URL, "avatar": _URL}, "minProperties": 1},
}
_ITEM = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "properties": {
        "id": _TEXT,
        "url": _URL,
        "external_url": _URL,
        **dict.fromkeys(("title", "content_html", "content_text", "summary", "language"), _TEXT),
        "image": _URL,
        "banner_image": _URL,
        "date_published": _MOMENT,
        "date_modified": _MOMENT,
        "authors": _AUTHORS,
        "tags": {"type": "array", "items": _TEXT},
    },
    "patternProperties": {"^_[^_.][^.]*$": {"type": "object"}},
    "additionalProperties": False,
}
# JSON Feed 1.1; what others add begins with an underscore.
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        **dict.fromkeys(("title", "description", "user_comment", "language"), _TEXT),
        **dict.fromkeys(("home_page_url", "feed_url", "next_url", "icon", "favicon"), _URL),
        "authors": _AUTHORS,
        "expired": {"type": "boolean"},
        "hubs": {
            "type": "array",
            "items": {"required": ["type", "url"], "properties": {"type": _TEXT, "url": _URL}},
        },
        "items": {"type": "array", "items": _ITEM},
    },
    "patternProperties": {"^_[^_.][^.]*$": {"type": "object"}},
    "additionalProperties": False,
}


def of_json_feed(content, address):
    """Return what is wrong with a document of JSON Feed that was had from `address`."""
    feed = json.loads(content)
    checker = Draft202012Validator(JSON_FEED, format_checker=FormatChecker())
    faults = [f"{fault.json_path}: {fault.message}" for fault in checker.iter_errors(feed)]
    if feed.get("feed_url") != address:
        faults.append(f"calls itself {feed.get('feed_url')}")
    ids = [item.get("id") for item in feed.get("items", ())]
    if len(set(ids)) < len(ids):
        faults.append("two items have one id")
    return faults + [fault for item in feed["items"] for fault in _html(item.get("content_html", ""))]


def _date(text):
    if not re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})", text):
        return [f"{text} is no date of RFC 822"]
    return [] if parsedate_to_datetime(text).strftime("%a") == text[:3] else [f"{text} was another day"]


def _own(element):
    return isinstance(element.tag, str) and not element.tag.startswith("{")
