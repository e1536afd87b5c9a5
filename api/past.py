"""The past of one entry, newest first and page by page: the versions that were public, and what was done about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request

from api import endings, envelopes, groups, paging, parameters, reading, versions
from api.answers import answer
from api.changes import told
from api.describing import KEY, Reads
from api.queries import PastQuery
from content import history
from content.documents import API
from content.errors import NotFound
from content.expansion import instant
from content.orders import Place
from content.types import ContentType
from storage import db

# Each thing with the sequence by which it has its place; of an entry, at a sequence, so many, before another.
Page = list[tuple[int, dict[str, Any]]]
Look = Callable[[UUID, int, int, int | None], Page]


def add_to(routes: Reads, declared: ContentType) -> None:
    """Give a type the reads of an entry's past."""

    @routes.get("/<key>/versions", parameters=[KEY])
    @routes.arguments(PastQuery, location="query")
    @routes.answers(envelopes.versions(declared), 404, 410)
    def public_versions(asked: dict[str, Any], key: str) -> Response:
        """List the public versions of one, newest first, those of a withdrawn one too."""
        with endings.told(declared, key, asked):
            return _page(declared, f"{key}/versions", asked, lambda *about: _versions(declared, *about))

    @routes.get("/<key>/changes", parameters=[KEY])
    @routes.arguments(PastQuery, location="query")
    @routes.answers(envelopes.lines(declared), 404, 410)
    def changes_of(asked: dict[str, Any], key: str) -> Response:
        """List what was done about one, newest first, with the notes for readers; it names no person."""
        with endings.told(declared, key, asked):
            return _page(declared, f"{key}/changes", asked, lambda *about: _changes(declared, *about))


def _versions(declared: ContentType, entry_id: UUID, at: int, limit: int, before: int | None) -> Page:
    found = history.public_versions(
        db.session(), declared, entry_id, at=at, reach=reading.reach(), limit=limit, before=before
    )
    return [(item.edition.from_sequence, versions.told(declared, item)) for item in found]


def _changes(declared: ContentType, entry_id: UUID, at: int, limit: int, before: int | None) -> Page:
    found = history.changes_of(
        db.session(), declared, entry_id, at=at, reach=reading.reach(), limit=limit, before=before
    )
    return [
        (one.line.sequence, {"sequence": one.line.sequence, "at": instant(acted_at), **told(one)})
        for one, acted_at in found
    ]


def _page(declared: ContentType, address: str, asked: dict[str, Any], look: Look) -> Response:
    path = f"{API}/{declared.plural}/{address}"
    question, moment, limit = paging.question(path, request.args), reading.present(), asked["limit"]
    start = paging.read(asked["cursor"], question, reading.key(), moment) if "cursor" in asked else None
    at = reading.answered_at(start.sequence) if start else reading.sequence(asked.get("as_of"))
    entry_id = _entry_id(declared, address, asked, at)
    found = look(entry_id, at, limit + 1, int(str(start.place.key)) if start else None)
    if not found and start is None:
        raise NotFound(f"{declared.label} of that name that was ever public")
    following = None
    if len(found) > limit:
        further = paging.Cursor(moment.epoch, at, Place(found[limit - 1][0], entry_id))
        cursor = paging.written(further, question, reading.key())
        following = paging.link(path, request.args, cursor=cursor)
    listed = paging.listing([one for _, one in found[:limit]], limit, following)
    return answer(listed, following=following)


def _entry_id(declared: ContentType, address: str, asked: dict[str, Any], at: int) -> UUID:
    key = parameters.key(address.partition("/")[0])
    entry_id = reading.entry_id(declared, key, locale=asked.get("locale"), at=at)
    groups.of_entry(entry_id)
    return entry_id
