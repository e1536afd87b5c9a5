"""Sync: what keeps a copy of the corpus, or of a part of it, equal to what the API answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, current_app, request
from marshmallow import Schema, ValidationError

from api import caching, endings, entries, envelopes, handed, paging, reading, shapes, tokens
from api.answers import answer
from api.describing import Reads
from api.queries import BadParameters, NoQuery, filters_of, sync_query
from api.signed import BadCursor
from api.tokens import Cursor, Grants, Token
from content import expansion, sync, types
from content.corpus import Item
from content.documents import API
from content.errors import Fault, GrantsChanged
from content.keys import Scope
from content.moments import Moment
from content.sync import Change, Position, View
from content.types import ContentType
from storage import db

PATH = f"{API}/sync"


@dataclass(frozen=True)
class _Page:
    """A page of what was asked: its entries, and the act and the entry after which the next one begins."""

    data: list[dict[str, Any]]
    following: Position | None


def blueprint() -> Reads:
    """Return the reads for whoever keeps a copy."""
    routes = Reads(
        "Sync",
        __name__,
        scope=Scope.SYNC,
        opened_by_any=("get_sync_head",),
        url_prefix=PATH,
        description="Keeping a copy: everything, then what changed.",
    )
    query = sync_query()
    shown = [shapes.of(declared).whole for declared in types.everyone()]

    @routes.get("")
    @routes.arguments(query, location="query")
    @routes.answers(envelopes.copies(shown), 410)
    def get_sync(asked: dict[str, Any]) -> Response:
        """Read all that is public, whole, or the net change since a token: each entry once."""
        told = _told(asked, query)
        return _brief(answer(told, following=told["page"]["next"]), asked)

    @routes.get("/head")
    @routes.arguments(NoQuery, location="query")
    @routes.answers(envelopes.HEAD)
    def get_sync_head(asked: dict[str, Any]) -> Response:
        """Read how far the log has come: where it is where a token was made, there is nothing to fetch."""
        moment = reading.present()
        return _brief(answer({"sequence": moment.sequence, "epoch": str(moment.epoch)}), asked)

    return routes


def _brief(response: Response, asked: Mapping[str, Any]) -> Response:
    """Keep what depends on the present for a second only: whoever asks here wants to know what is new."""
    if not asked.keys() & {"cursor", "as_of"} and response.headers["Cache-Control"] != "no-cache":
        response.headers["Cache-Control"] = caching.INSTANT
    return response


def _told(asked: dict[str, Any], query: type[Schema]) -> dict[str, Any]:
    moment, key = reading.present(), str(current_app.secret_key).encode()
    question = paging.question(PATH, request.args)
    token = _token(asked["since"], key, moment) if "since" in asked else None
    wanted = _with_token(asked, token, query) if token else asked
    cursor = tokens.cursor_read(asked["cursor"], question, key, moment) if "cursor" in asked else None
    at = reading.answered_at(cursor.sequence) if cursor else reading.sequence(asked.get("as_of"))
    grants = as_begun(cursor.grants) if cursor else granted(at)
    page = _changes(wanted, token, at, grants, cursor) if token else _everything(wanted, at, grants, cursor)
    following = None
    if page.following:
        further = Cursor(moment.epoch, at, page.following.sequence, page.following.entry_id, grants)
        text = tokens.cursor_written(further, question, key)
        following = paging.link(PATH, request.args, cursor=text)
    kept = Token(moment.epoch, at, token.filters if token else _filters_as_asked(), grants)
    told = paging.listing(page.data, asked["limit"], following)
    return told | {"token": None if following else tokens.written(kept, key)}


def _token(text: str, key: bytes, moment: Moment) -> Token:
    try:
        token = tokens.read(text, key, moment)
    except BadCursor as error:
        raise BadParameters([Fault("/since", "is no token of ours")]) from error
    if token.grants.partner not in (None, partner()):
        raise BadParameters([Fault("/since", "was given to a partner; send a key of that partner's with it")])
    return token


def partner() -> UUID | None:
    """Return the caller's partner, None where it came without a key."""
    borne = reading.caller()
    return borne.partner_id if borne else None


def granted(at: int) -> Grants:
    """Return by which right the caller reads a copy of a sequence: by the grants of now.

    Without a key by those of when they were last another's; so what is read of the past stays the same bytes.
    """
    moment = reading.present()
    return Grants(partner(), moment.sequence) if partner() else Grants(None, max(at, moment.said))


def as_begun(grants: Grants) -> Grants:
    """Return the grants that a walk began with; raises GrantsChanged where they are not those of now.

    What was read by some grants and what by others would make a copy of which nobody could say what it holds.
    """
    if grants.partner != partner() or not reading.grants_hold_still(grants.sequence):
        raise GrantsChanged
    return grants


def _filters_as_asked() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name in _filters()}


def _filters() -> frozenset[str]:
    return filters_of(*types.everyone()) | {"type"}


def _with_token(asked: dict[str, Any], token: Token, query: type[Schema]) -> dict[str, Any]:
    """Return what is asked under the token's filters; raises BadParameters that names one which is another."""
    try:
        kept: dict[str, Any] = query().load(token.filters)
    except ValidationError as error:
        raise BadParameters([Fault("/since", "has filters that are no more; begin again")]) from error
    if others := sorted(name for name in asked.keys() & _filters() if kept.get(name) != asked[name]):
        raise BadParameters([Fault(f"/{name}", "is not what the token was made with") for name in others])
    return kept | asked


def _everything(asked: dict[str, Any], at: int, grants: Grants, cursor: Cursor | None) -> _Page:
    view = _view(asked, at, grants)
    after = cursor.entry_id if cursor else None
    items, following = sync.everything(db.session(), view, limit=asked["limit"], after=after)
    handed.items(items)
    documents = expansion.wholes(db.session(), items, at=at, reach=view.reach)
    data = [_added(item, document) for item, document in zip(items, documents, strict=True)]
    return _Page(data, Position(0, following) if following else None)


def _added(item: Item, document: dict[str, Any]) -> dict[str, Any]:
    return _kept(sync.Event.ADDED, item.edition.type, document)


def _changes(asked: dict[str, Any], token: Token, at: int, grants: Grants, cursor: Cursor | None) -> _Page:
    if at < token.sequence:
        raise BadParameters([Fault("/as_of", f"is before the token, which is of {token.sequence}")])
    after = Position(cursor.act, cursor.entry_id) if cursor else None
    before, now = _view(asked, token.sequence, token.grants), _view(asked, at, grants)
    changes, following = sync.changed(
        db.session(),
        before,
        now,
        over=lambda: endings.of_caller(reading.present().sequence),
        limit=asked["limit"],
        after=after,
    )
    items = [change.item for change in changes if change.item]
    handed.items(items)
    documents = iter(expansion.wholes(db.session(), items, at=at, reach=now.reach))
    return _Page([_change(change, next(documents) if change.item else None) for change in changes], following)


def _change(change: Change, document: dict[str, Any] | None) -> dict[str, Any]:
    if document is not None:
        return _kept(change.event, change.type, document)
    return {
        "event": change.event,
        "type": change.type,
        "id": str(change.entry_id),
        "reason": change.reason,
        "notice": expansion.told(change.notice) if change.notice else None,
    }


def _kept(event: sync.Event, type_: str, document: dict[str, Any]) -> dict[str, Any]:
    return {"event": event, "type": type_, "id": document["id"], "document": document}


def _view(asked: dict[str, Any], at: int, grants: Grants) -> View:
    reach = reading.reach_at(grants.sequence, grants.partner)
    return View(at, tuple(_types(asked)), entries.filters(asked, at, reach), reach)


def _types(asked: dict[str, Any]) -> list[ContentType]:
    """Return the types that are asked for: those named, else all that have every filter asked for."""
    named, filters = asked.get("type"), asked.keys() & filters_of(*types.everyone())
    known = [declared for declared in types.everyone() if named is None or declared.name in named]
    fitting = [declared for declared in known if filters <= filters_of(declared)]
    if fitting and (named is None or fitting == known):
        return fitting
    strange = sorted(name for name in filters if any(name not in filters_of(one) for one in known))
    raise BadParameters([Fault(f"/{name}", "is no filter of every type asked for") for name in strange])
