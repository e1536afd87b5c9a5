"""JSON-LD: a document in the words of schema.org, for search engines and whoever reads those."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from api import telling
from api.telling import Told, absolute
from content.documents import API
from content.log import ChangeKind
from content.types import ContentType

CONTEXT = "https://schema.org"
FAQ_PAGE = "FAQPage"
# The kinds of change that readers of the version before must be told of.
_CORRECTING = (ChangeKind.CLINICAL, ChangeKind.SAFETY)
Node = dict[str, Any]
# It is made to be put into a page, which these could end or change.
_OF_PAGES = {b"<": b"\\u003c", b">": b"\\u003e", b"&": b"\\u0026"}


def written(node: Node) -> bytes:
    """Return a document as JSON that is safe between the tags of a `script`, whatever its words are."""
    content = orjson.dumps(node)
    for sign, escaped in _OF_PAGES.items():
        content = content.replace(sign, escaped)
    return content


def one(shown: Told) -> Node:
    """Return one entry as a page."""
    return {"@context": CONTEXT, **_page(shown), **_words(shown)}


def listing(declared: ContentType, shown: Sequence[Told | Mapping[str, Any]]) -> Node:
    """Return a list: of questions a page with all of them, else a list of pages; a stub stands for what was struck."""
    if declared.schema_org == FAQ_PAGE:
        questions = [_question_of_list(one) if isinstance(one, Told) else _stub(one) for one in shown]
        return {"@context": CONTEXT, "@type": FAQ_PAGE, "mainEntity": questions}
    pages = [_page(one) | _words(one) if isinstance(one, Told) else _stub(one) for one in shown]
    items = [
        {"@type": "ListItem", "position": place, "item": page} for place, page in enumerate(pages, start=1)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "itemListElement": items}


def _page(shown: Told) -> Node:
    """What is known of an entry besides its words; each word of schema.org is there only where it says something."""
    document, review = shown.document, shown.review
    dates = document["dates"]
    return _there(
        {
            "@type": shown.declared.schema_org,
            "@id": absolute(document["urls"]["self"]),
            "url": shown.canonical or absolute(document["urls"]["self"]),
            "identifier": document["id"],
            "version": document["version"],
            "name": shown.title,
            "abstract": shown.summary,
            "inLanguage": document["locale"],
            "dateCreated": dates.get("originally_published_on"),
            "datePublished": shown.published,
            "dateModified": shown.updated,
            "lastReviewed": review.get("last_reviewed_on"),
            "reviewedBy": [_reviewer(one) for one in review.get("reviewers", ())],
            "creativeWorkStatus": review.get("status"),
            "author": [_author(one) for one in shown.authors],
            "publisher": {"@type": "Organization", "name": telling.organisation()},
            "about": [{"@type": "DefinedTerm", "name": one["name"]} for one in shown.topics],
            "keywords": list(shown.tags),
            "citation": [_source(one) for one in document.get("sources") or ()],
            "usageInfo": {"@type": "CreativeWork", "text": shown.rights} if shown.rights else None,
            "correction": _correction(shown),
            "isPartOf": _article(document.get("article")),
            "workTranslation": [_translation(shown, one) for one in document.get("translations") or ()],
        }
    )


def _words(shown: Told) -> Node:
    if shown.declared.schema_org == FAQ_PAGE:
        return {"mainEntity": [_question(shown)]}
    return {"text": shown.text}


def _question(shown: Told) -> Node:
    return {
        "@type": "Question",
        "@id": f"{absolute(shown.document['urls']['self'])}#question",
        "name": shown.title,
        "acceptedAnswer": {"@type": "Answer", "text": shown.html},
    }


def _question_of_list(shown: Told) -> Node:
    return _question(shown) | {"mainEntityOfPage": _page(shown)}


def _stub(stub: Mapping[str, Any]) -> Node:
    notice = stub["notice"]
    return _there(
        {
            "@type": "CreativeWork",
            "identifier": stub["id"],
            "version": stub["version"],
            "creativeWorkStatus": notice["reason"],
            "correction": [_comment(notice["note"], notice["at"])] if notice["note"] else [],
        }
    )


def _correction(shown: Told) -> list[Node]:
    """Return what the version says of an error in the one before."""
    change = shown.document.get("change") or {}
    if change.get("kind") not in _CORRECTING or not change["note"]:
        return []
    return [_comment(change["note"], shown.document["dates"]["published_at"])]


def _comment(note: str, at: str) -> Node:
    return {"@type": "CorrectionComment", "text": note, "datePublished": at}


def _reviewer(reviewer: Mapping[str, Any]) -> Node:
    held = reviewer["credentials"]
    credential = {"@type": "EducationalOccupationalCredential", "name": held} if held else None
    return _there({"@type": "Person", "name": reviewer["name"], "hasCredential": credential})


def _author(author: Mapping[str, Any]) -> Node:
    kind = "Person" if author["kind"] == "person" else "Organization"
    known = {"name": author["name"], "url": author["url"], "telephone": author["telephone"]}
    return _there({"@type": kind, **known, "description": author["bio"]})


def _source(source: Mapping[str, Any]) -> Node:
    publisher = source["publisher"]
    return _there(
        {
            "@type": "CreativeWork",
            "name": source["title"],
            "publisher": {"@type": "Organization", "name": publisher} if publisher else None,
            "url": source["url"],
            "datePublished": source["published_on"],
        }
    )


def _article(article: Mapping[str, Any] | None) -> Node | None:
    if not article:
        return None
    return {
        "@type": "MedicalWebPage",
        "@id": absolute(f"{API}/articles/{article['id']}"),
        "name": article["title"],
    }


def _translation(shown: Told, other: Mapping[str, Any]) -> Node:
    address = absolute(f"{API}/{shown.declared.plural}/{other['id']}")
    return {"@type": shown.declared.schema_org, "@id": address, "inLanguage": other["locale"]}


def _there(known: Node) -> Node:
    """Return what says something."""
    return {name: value for name, value in known.items() if value not in (None, "", [])}


def shown(declared: ContentType, documents: Iterable[Mapping[str, Any]]) -> list[Told | Mapping[str, Any]]:
    """Return documents ready to be told; stubs as they are."""
    return [one if "notice" in one else Told(declared, one) for one in documents]
