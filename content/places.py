"""Places: what stands where in a list, remembered, and read some pages ahead for those who go on from page to page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from content import corpus, memory, narrowing, orders
from content.narrowing import Filters
from content.orders import Order, Place
from content.partners import Reach
from content.types import ContentType

# Whoever asks for a second page may well ask for the next ones too; of most lists only the first is ever read.
AHEAD = 200  # places
MOST = 4_000  # places of a list, beyond which it is begun anew
_SIZE = 300  # bytes that one takes, roughly

# Where a list goes on after a place (None: at its beginning): the places that were read together, how many of them are
# behind it, and whether the list ends with them. An entry has two places where an erasure has emptied its title.
_Run = dict[tuple[Any, int] | None, tuple[Sequence[Place], int, bool]]


def found(
    session: Session,
    declared: ContentType,
    filters: Filters,
    *,
    at: int,
    reach: Sequence[Reach],
    limit: int,
    order: Order = orders.NEWEST,
    after: Place | None = None,
) -> Sequence[Place]:
    """Return what `corpus.found` returns; no statement where the session remembers it."""
    kept = memory.of(session)
    if kept is None or filters.languages:
        return corpus.found(
            session, declared, filters, at=at, reach=reach, limit=limit, order=order, after=after
        )
    narrowed = narrowing.shape(filters), *narrowing.told(filters).values()
    key = ("places", declared.name, order.name, at, *reach, *narrowed)
    run: _Run = kept.get(key) or {}
    known = _from(run, after, limit)
    if known is not None:
        return known
    most = max(limit, AHEAD) if after else limit
    read = corpus.found(session, declared, filters, at=at, reach=reach, limit=most, order=order, after=after)
    ended = len(read) < most
    # Not changed in place, since other threads read the one that is kept.
    run = (run if len(run) < MOST else {}) | {
        _key(place): (read, behind, ended) for behind, place in enumerate(read, 1)
    }
    run[_key(after)] = read, 0, ended
    kept.put(key, run, len(run) * _SIZE)
    return read[:limit]


def _from(run: _Run, after: Place | None, limit: int) -> Sequence[Place] | None:
    """Return the places after one, as far as they are known to be all that are asked for."""
    places, behind, ended = run.get(_key(after), ((), 0, False))
    return places[behind : behind + limit] if ended or behind + limit <= len(places) else None


def _key(place: Place | None) -> tuple[Any, int] | None:
    return (place.key, place.entry_id.int) if place else None
