"""Versions: one public version of an entry as it was, and what changed between two."""

import html
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from typing import Any
from uuid import UUID

import orjson
from flask import Response, current_app

from api import caching, endings, envelopes, groups, handed, parameters, reading, shapes
from api.answers import answer
from api.describing import KEY, Reads
from api.queries import DiffQuery, OneQuery
from content import diffs, expansion, history, prose, versions
from content.corpus import Item
from content.diffs import FieldDiff, Mark, Stretch
from content.documents import addresses
from content.errors import Gone
from content.expansion import instant
from content.fields import Markdown
from content.lists import Passages
from content.types import ContentType
from storage import db

NUMBER = f"<{parameters.NUMBER}:number>"
_READ = (Markdown.kind, Passages.kind)
_TAG = {Mark.ADDED: "ins", Mark.REMOVED: "del"}


def add_to(routes: Reads, declared: ContentType) -> None:
    """Give a type the reads of a version and of two."""

    @routes.get(f"/<key>/versions/{NUMBER}", parameters=[KEY])
    @routes.arguments(OneQuery, location="query")
    @routes.answers(shapes.of(declared).version, 404, 410)
    def public_version(asked: dict[str, Any], key: str, number: int) -> Response:
        """Read a public version as it was, byte for byte."""
        with endings.told(declared, key, asked):
            entry_id, at = place(declared, key, asked)
            found = version(declared, entry_id, number, at)
        response = answer(words(found))
        handed.items([found])
        handed.alone()
        if current_app.config.get("VERSO_PURGE_URL") and isinstance(parameters.key(key), UUID):
            response.headers["Cache-Control"] = caching.lifetime_of_a_version(reading.longest())
        return response

    @routes.get("/<key>/diff", parameters=[KEY])
    @routes.arguments(DiffQuery, location="query")
    @routes.answers(envelopes.diff(declared), 404, 410)
    def diff(asked: dict[str, Any], key: str) -> Response:
        """Compare two public versions, field by field."""
        with endings.told(declared, key, asked):
            entry_id, at = place(declared, key, asked)
            before, after = (version(declared, entry_id, asked[side], at) for side in ("from", "to"))
        return answer(_compared(declared, before, after))


def place(declared: ContentType, key: str, asked: dict[str, Any]) -> tuple[UUID, int]:
    """Return whose versions are asked for, and at which sequence."""
    at = reading.sequence(asked.get("as_of"))
    entry_id = reading.entry_id(declared, parameters.key(key), locale=asked.get("locale"), at=at)
    groups.of_entry(entry_id)
    return entry_id, at


def version(declared: ContentType, entry_id: UUID, number: int, at: int) -> Item:
    """Return a version that was public by `at`; raises NotFound."""
    return history.public_version(db.session(), declared, entry_id, number, at=at, reach=reading.reach())


def words(item: Item) -> bytes:
    """Return the stored bytes of a version; raises Gone where it was retracted or erased."""
    if item.notice or item.json is None:
        assert item.notice
        raise Gone(item.edition.entry_id, item.notice, item.edition.version)
    return item.json


def told(declared: ContentType, item: Item) -> dict[str, Any]:
    """Return what lists and comparisons tell of a version: when and why it became public, or a stub."""
    if item.notice:
        return expansion.stub(item)
    edition = item.edition
    return {
        "type": edition.type,
        "id": str(edition.entry_id),
        "version": edition.version,
        "published_at": instant(edition.published_at),
        "change": {"kind": edition.change_kind, "note": edition.change_note},
        "urls": {"this_version": addresses(declared, edition.entry_id, edition.version)["this_version"]},
        "integrity": {"content_hash": edition.content_hash},
    }


def _compared(declared: ContentType, before: Item, after: Item) -> dict[str, Any]:
    struck = before.notice or after.notice
    return {
        "type": declared.name,
        "id": str(after.edition.entry_id),
        "from": told(declared, before),
        "to": told(declared, after),
        "fields": [] if struck else [_field(declared, one) for one in _differences(declared, before, after)],
        "prose": [] if struck else list(_prose(declared, before, after)),
    }


def _differences(declared: ContentType, before: Item, after: Item) -> list[FieldDiff]:
    """Return the fields that differ, those that readers never see left out."""
    old, new = (
        versions.version(db.session(), item.edition.entry_id, item.edition.version).values
        for item in (before, after)
    )
    return [one for one in diffs.compare(declared, old, new) if declared.field(one.name).shown_at]


def _prose(declared: ContentType, before: Item, after: Item) -> Iterator[dict[str, str]]:
    """Yield the texts that differ, as they stand in the stored documents, one marked text for both."""
    old, new = (orjson.loads(item.json or b"{}") for item in (before, after))
    for field in declared.fields:
        if field.kind not in _READ or not field.shown_at:
            continue
        before_it, after_it = (_html(reduce(getitem, field.shown_at.split("."), one)) for one in (old, new))
        # What is cut short of an answer is made from it, and may change by itself.
        if before_it != after_it:
            marked_text = prose.compare(before_it, after_it)
            about = {"path": field.shown_at, "label": field.label}
            yield {**about, "html": marked_text.html, "text": marked_text.text}


def _html(shown: dict[str, Any] | list[dict[str, Any]]) -> str:
    """Return a text as it is read, or several, such as warnings, one after the other."""
    return "".join(one["html"] for one in (shown if isinstance(shown, list) else [shown]))


def _field(declared: ContentType, one: FieldDiff) -> dict[str, Any]:
    return {
        "path": declared.field(one.name).shown_at,
        "label": one.label,
        "stretches": [{"mark": stretch.mark, "text": stretch.text} for stretch in one.stretches],
        "html": "".join(map(marked, one.stretches)),
    }


def marked(stretch: Stretch) -> str:
    """Return a stretch of a text as HTML, what was added in `ins`, what was removed in `del`."""
    words, tag = html.escape(stretch.text), _TAG.get(stretch.mark)
    return f"<{tag}>{words}</{tag}>" if tag else words
