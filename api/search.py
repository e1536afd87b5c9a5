"""Search: what anybody looks for, in texts of every kind, and what may be meant while it is typed."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, request

from api import entries, found, handed, negotiating, paging, reading, signed
from api.answers import answer, ready, sent
from api.describing import Reads
from api.search_queries import search_query, suggest_query
from content.documents import API
from content.errors import EpochOver
from content.moments import Moment
from content.search import finding, showing, suggesting
from content.search.finding import Found, Scope
from content.search.ranking import Figures, Hit, place
from storage import db

PATH = f"{API}/search"
# The log's epoch, the sequence, the last hit's rank, its entry's id; the figures of the first page follow.
_LAYOUT = struct.Struct(">16sIq16s")
_FIGURE = "H"  # no look into the index finds so many texts


@dataclass(frozen=True)
class _Start:
    """Where a walk goes on: its sequence, the place where its last page ended, and what its hits are ranked by."""

    at: int
    after: tuple[int, int]
    figures: Figures


def blueprint() -> Reads:
    """Return the reads of search."""
    about = "Texts of every kind, by their words."
    routes = Reads("Search", __name__, previewed=True, url_prefix=PATH, description=about)

    @routes.get("")
    @routes.arguments(search_query(), location="query")
    @routes.answers(found.hits(), 410, spoken=True)
    def search(asked: dict[str, Any]) -> Response:
        """Search all texts, best first."""
        page = _page(asked)
        made = ready(page, following=page["page"]["next"])
        entries.tell_languages(made, asked, [hit.get("locale") for hit in page["data"]])
        return sent(made)

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
    scope = _scope(asked, reading.answered_at(start.at) if start else reading.sequence(asked.get("as_of")))
    met = finding.find(db.session(), asked["q"], scope, figures=start.figures if start else ())
    left = [hit for hit in met.hits if start is None or place(hit) > start.after]
    following = None
    if len(left) > limit:
        further = _written(left[limit - 1], met, question, moment, scope.at)
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


def _written(last: Hit, met: Found, question: bytes, moment: Moment, at: int) -> str:
    packed = _LAYOUT.pack(moment.epoch.bytes, at, last.rank, last.candidate.entry_id.bytes)
    figures = struct.pack(f">{len(met.figures)}{_FIGURE}", *met.figures)
    return signed.write(packed + figures, question, reading.key())


def _read(text: str, question: bytes, moment: Moment) -> _Start:
    """Return where a walk goes on; raises BadCursor, EpochOver."""
    packed = signed.read(text, question, reading.key())
    epoch, sequence, rank, entry_id = _LAYOUT.unpack_from(packed)
    if UUID(bytes=epoch) != moment.epoch or sequence > moment.sequence:
        raise EpochOver
    figures = [figure for (figure,) in struct.iter_unpack(f">{_FIGURE}", packed[_LAYOUT.size :])]
    return _Start(sequence, (-rank, UUID(bytes=entry_id).int), tuple(figures))
