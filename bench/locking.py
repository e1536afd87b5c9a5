"""Locking: how long an act of many items holds the log's lock, from when it is taken until the commit has ended.

On SQLite the lock is the file's, which every writer takes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from bench.figures import Figure
from bench.library import BY
from content import publishing, versions
from content.editions import Edition
from content.steps import Step

ITEMS, ACTS = 500, 5
MOST = 50.0  # milliseconds
TITLES = {"article": "title", "faq": "question"}
# What takes the lock on either database.
_TAKING = ("BEGIN IMMEDIATE", "SELECT pg_advisory_xact_lock(")


def measured(database: str, engine: Engine, *, items: int = ITEMS, acts: int = ACTS) -> Iterator[Figure]:
    """Yield how long acts hold the lock that publish articles and FAQs of a library anew, and that withdraw them."""
    with Session(engine) as session:
        for verb, prepared in (("publishes", _published), ("withdraws", _withdrawn)):
            chosen = _chosen(session, items, acts)
            held = [_held(session, prepared(session, some)) for some in chosen]
            name = f"the log's lock, held by an act that {verb} {len(chosen[0]):,} items"
            taken = median(held)
            yield Figure(database, name, f"{taken:.1f} ms", f"under {MOST:g} ms", taken < MOST)


def _chosen(session: Session, items: int, acts: int) -> list[Sequence[Any]]:
    """Return for each act as many live entries, with their types; fewer where there are not enough."""
    live = select(Edition.entry_id, Edition.type).where(
        Edition.until_sequence.is_(None), Edition.type.in_(TITLES)
    )
    # By the last part of an id, which is random: releases hold entries from anywhere.
    rows = sorted(session.execute(live).all(), key=lambda row: row.entry_id.int % 2**48)
    most = min(items, len(rows) // acts)
    return [rows[place * most : (place + 1) * most] for place in range(acts)]


def _published(session: Session, some: Sequence[Any]) -> list[Step]:
    """Save a next version of each, and prepare its publication."""
    numbers = {row.entry_id: _saved(session, row.entry_id, TITLES[row.type]) for row in some}
    steps: list[Step] = [
        publishing.publication(session, entry_id, number, forced=True) for entry_id, number in numbers.items()
    ]
    session.commit()
    return steps


def _saved(session: Session, entry_id: UUID, title: str) -> int:
    latest = versions.latest(session, entry_id)
    values = {**latest.values, title: f"{latest.values[title]} again"[-200:]}
    return versions.save(session, entry_id, values, based_on=latest.number, by=BY).number


def _withdrawn(session: Session, some: Sequence[Any]) -> list[Step]:
    steps: list[Step] = [publishing.withdrawal(session, row.entry_id) for row in some]
    session.commit()
    return steps


def _held(session: Session, steps: Sequence[Step]) -> float:
    """Return for how many milliseconds an act of these steps holds the lock."""
    with _watched(session) as moments:
        publishing.perform(session, steps, by=BY, reason="the bench acts")
    return (moments["ended"] - moments["taken"]) * 1_000


@contextmanager
def _watched(session: Session) -> Iterator[dict[str, float]]:
    """Yield when the lock was taken and when the commit had ended, as both come."""
    moments: dict[str, float] = {}

    def taken(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith(_TAKING):
            moments["taken"] = perf_counter()

    def ended(session: object) -> None:
        moments["ended"] = perf_counter()

    event.listen(session.get_bind(), "after_cursor_execute", taken)
    event.listen(session, "after_commit", ended)
    try:
        yield moments
    finally:
        event.remove(session.get_bind(), "after_cursor_execute", taken)
        event.remove(session, "after_commit", ended)
