"""Search: what anybody looks for, in texts of every kind, and what may be meant while it is typed."""

import struct
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from api import entries, found, handed, negotiating, paging, reading, signed
from api.answers import answer
from api.describing import Reads
from api.search_queries import search_query, suggest_query
from content.documents import API
from content.errors import EpochOver
from content.moments import Moment
from content.search import finding, showing, suggesting
from content.search.finding import Found, Scope
from content.search.ranking import Hit, place
from storage import db

PATH = f"{API}/search"
_LAYOUT = struct.Struct(">16sIq16s")  # the log's epoch, the sequence, the last hit's rank, its entry's id


def blueprint() -> Reads:
    """Return the reads of search."""
    about = "Texts of every kind, by their words."
    routes = Reads("Search", __name__, previewed=True, url_prefix=PATH, description=about)

    @routes.get("")
    @routes.arguments(search_query(), location="query")
    @routes.answers(found.hits(), 410)
    def search(asked: dict[str, Any]) -> Response:
        """Search all texts, best first."""
        page = _page(asked)
        return answer(page, following=page["page"]["next"])

    @routes.get("/suggest")
    @routes.arguments(suggest_query(), location="query")
    @routes.answers(found.suggestions())
    def suggest(asked: dict[str, Any]) -> Response:
        """Suggest titles and words while somebody types."""
        scope = _scope(asked, reading.sequence(asked.get("as_of")))
        made = suggesting.suggest(db.session(), asked["q"], scope, limit=asked["limit"])
        return answer({"data": made.titles, "words": made.words})

    return routes


def _page(asked: dict[str, Any]) -> dict[str, Any]:
    question, moment, limit = negotiating.question(PATH, asked), reading.present(), asked["limit"]
    start = _read(asked["cursor"], question, moment) if "cursor" in asked else None
    scope = _scope(asked, reading.answered_at(start[0]) if start else reading.sequence(asked.get("as_of")))
    met = finding.find(db.session(), asked["q"], scope)
    left = [hit for hit in met.hits if start is None or place(hit) > start[1]]
    following = None
    if len(left) > limit:
        further = _written(left[limit - 1], question, moment, scope.at)
        following = paging.link(PATH, request.args, cursor=further)
    total = len(met.hits) if asked["total"] and met.complete else None
    shown = showing.shown(db.session(), left[:limit], scope)
    handed.documents(shown)
    page = paging.listing(shown, limit, following, total)
    return page | {
        "query": _told(asked["q"], met),
        "facets": _facets(met, scope) if asked["facets"] else None,
    }


def _scope(asked: Mapping[str, Any], at: int) -> Scope:
    return Scope(at, reading.reach(), entries.filters(dict(asked), at), asked.get("type", ()))


def _told(typed: str, met: Found) -> dict[str, Any]:
    return {"asked": typed, "corrected": met.question.corrected(typed), "complete": met.complete}


def _facets(met: Found, scope: Scope) -> dict[str, Any]:
    return showing.facets(db.session(), met.hits, scope)


def _written(last: Hit, question: bytes, moment: Moment, at: int) -> str:
    packed = _LAYOUT.pack(moment.epoch.bytes, at, last.rank, last.candidate.entry_id.bytes)
    return signed.write(packed, question, reading.key())


def _read(text: str, question: bytes, moment: Moment) -> tuple[int, tuple[int, int]]:
    """Return the sequence of a walk, and the place where its last page ended; raises BadCursor, EpochOver."""
    packed = signed.read(text, question, reading.key())
    if len(packed) != _LAYOUT.size:
        raise signed.BadCursor
    epoch, sequence, rank, entry_id = _LAYOUT.unpack(packed)
    if UUID(bytes=epoch) != moment.epoch or sequence > moment.sequence:
        raise EpochOver
    return sequence, (-rank, UUID(bytes=entry_id).int)
