"""Changes: the public history of the corpus, act by act, oldest first."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Response

from api import endings, envelopes, paging, reading
from api.answers import answer
from api.describing import Reads
from api.queries import BadParameters, ChangesQuery
from content import history, types
from content.documents import API, addresses
from content.errors import EpochOver, Fault
from content.expansion import instant
from content.history import Change, Told
from content.moments import Moment
from storage import db


def blueprint() -> Reads:
    """Return the read of the public history."""
    routes = Reads("Changes", __name__, url_prefix=f"{API}/changes", description="What changed, act by act.")

    @routes.get("")
    @routes.arguments(ChangesQuery, location="query")
    @routes.answers(envelopes.acts(), 410)
    def list_changes(asked: dict[str, Any]) -> Response:
        """List the acts after a sequence, oldest first and without holes; it names no person."""
        page = _page(asked["since"], asked.get("epoch"), asked.get("as_of"), asked["limit"])
        return answer(page, following=page["page"]["next"])

    return routes


def _page(since: int, epoch: UUID | None, as_of: int | datetime | None, limit: int) -> dict[str, Any]:
    moment, newest = reading.present(), reading.sequence(as_of)
    _require_same_log(moment, since, epoch)
    acts = history.changes(
        db.session(),
        since=since,
        at=newest,
        reach=reading.reach(),
        limit=limit,
        over=endings.of_caller(newest),
    )
    more = bool(acts) and acts[-1].sequence < newest
    asked = {} if as_of is None else {"as_of": newest}
    following = _link(acts[-1].sequence, moment.epoch, limit, **asked) if more else None
    return paging.listing([_act(act) for act in acts], limit, following) | {"epoch": str(moment.epoch)}


def _require_same_log(moment: Moment, since: int, epoch: UUID | None) -> None:
    """Refuse a place that is not in this log: raises EpochOver, or BadParameters where no epoch was named."""
    # S never falls within an epoch, so what is beyond it was read before a restore that nobody has told us of.
    if epoch and (epoch != moment.epoch or since > moment.sequence):
        raise EpochOver
    if since > moment.sequence:
        raise BadParameters([Fault("/since", f"has not come yet: the newest sequence is {moment.sequence}")])


def _link(since: int, epoch: UUID, limit: int, **asked: int) -> str:
    return paging.link(f"{API}/changes", {}, since=since, epoch=epoch, **asked, limit=limit)


def _act(act: Change) -> dict[str, Any]:
    return {
        "sequence": act.sequence,
        "at": instant(act.at),
        "lines": list(map(told, act.lines)),
    }


def told(one: Told) -> dict[str, Any]:
    """Return a line as its reader may know of it."""
    line, entry = one.line, one.entry
    return {
        "event": line.event,
        "type": entry.type,
        "id": str(entry.id),
        "locale": entry.locale,
        "state": line.state,
        "version": one.version,
        "affects": list(one.affects),
        "change": {"kind": line.change_kind, "note": line.public_note},
        "urls": {"self": addresses(types.get(entry.type), entry.id, line.version or 1)["self"]},
    }
