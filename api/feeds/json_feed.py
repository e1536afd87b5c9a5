"""JSON Feed 1.1; what it has no words for stands under `_verso`, in each item.

It knows no tombstones: an item under the same id says what became of it instead, with its notice under `_verso`.
"""

from typing import Any

import orjson

from api.feeds.page import Page
from api.telling import Told, absolute, farewell, paragraph, urn
from content.expansion import instant, told
from content.feeds import Removal

KIND = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def written(page: Page) -> bytes:
    """Return a page of a feed."""
    feed = {
        "version": VERSION,
        "title": page.title,
        "home_page_url": page.home,
        "feed_url": page.address,
        "next_url": page.following,
        "language": page.locale,
        "authors": [{"name": page.organisation}],
        "hubs": [{"type": "WebSub", "url": page.hub}] if page.hub else None,
        "items": [*map(_item, page.told), *map(_removed, page.removed)],
    }
    return orjson.dumps(_there(feed))


def _item(shown: Told) -> dict[str, Any]:
    document = shown.document
    return _there(
        {
            "id": shown.urn,
            "url": shown.canonical,
            "title": shown.title,
            "content_html": shown.html,
            "content_text": shown.text,
            "summary": shown.summary,
            "date_published": shown.published,
            "date_modified": shown.updated,
            "authors": [_author(one) for one in shown.authors] or None,
            "tags": [*(topic["name"] for topic in shown.topics), *shown.tags] or None,
            "language": document["locale"],
            "_verso": {
                "type": document["type"],
                "id": document["id"],
                "version": document["version"],
                "url": absolute(document["urls"]["self"]),
                "review": dict(shown.review),
                "syndication": {"allowed": shown.may_be_republished},
            },
        }
    )


def _author(author: Any) -> dict[str, Any]:
    return _there({"name": author["name"], "url": author["url"]})


def _removed(removal: Removal) -> dict[str, Any]:
    notice, at = removal.notice, instant(removal.notice.at)
    words = notice.note or farewell(removal)
    return {
        "id": urn(str(removal.entry_id)),
        "title": farewell(removal),
        "content_html": paragraph(words),
        "content_text": words,
        "date_published": at,
        "date_modified": at,
        "language": removal.locale,
        "_verso": {
            "type": removal.type,
            "id": str(removal.entry_id),
            "version": removal.version,
            "notice": told(notice),
        },
    }


def _there(known: dict[str, Any]) -> dict[str, Any]:
    """Return what is there: JSON Feed leaves out what is not, and has no null."""
    return {name: value for name, value in known.items() if value is not None}
