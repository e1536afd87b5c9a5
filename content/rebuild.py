"""Rebuild: remake the read model from acts, lines, versions and documents, and verify what it rests on.

It never renders: documents are taken as they were kept, and their hashes checked. Editions are derived by the very
functions by which an act derives them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content import bearings, citations, database, editions
from content.damage import damaged
from content.database import row_of
from content.editions import Edition, Facet, Listed
from content.entries import Entry
from content.log import Act, Event, Line
from content.newest import following
from content.search import remaking
from content.versions import Version

BATCH = 500


@dataclass(frozen=True)
class Report:
    """What a rebuild met: how much it read, what was damaged, and which editions stood differently before.

    Where anything is damaged, nothing was rewritten.
    """

    acts: int
    editions: int
    damage: tuple[str, ...]
    differences: tuple[str, ...]


def rebuild(session: Session) -> Report:
    """Verify the log, versions and documents, then remake editions, facets and search; commits.

    Readers go on meanwhile.
    """
    try:
        database.take_act_lock(session)
        damage = tuple(damaged(session))
        remade = [] if damage else list(_remade(session))
        differences = () if damage else tuple(_differences(session, remade))
        if not damage:
            _replace(session, remade)
            remade_lists = (remaking, citations, bearings)
            differences = (*differences, *(told for one in remade_lists for told in one.remake(session)))
        acts = len(session.scalars(select(Act.sequence)).all())
        session.commit()
    except BaseException:
        session.rollback()
        raise
    if not damage:
        following.remake(session)
    return Report(acts, len(remade), damage, differences)


def differing(session: Session) -> Iterator[str]:
    """Yield a sentence for each edition that does not stand as the log says; writes nothing."""
    yield from _differences(session, list(_remade(session)))


def _remade(session: Session) -> Iterator[tuple[Edition, list[Facet]]]:
    """Yield every edition with its facets, entry by entry."""
    chosen = (
        select(Line, Act.at)
        .join(Act, Act.sequence == Line.sequence)
        .order_by(Line.entry_id, Line.sequence)
        .execution_options(yield_per=BATCH)
    )
    for entry_id, rows in groupby(session.execute(chosen), key=lambda row: row[0].entry_id):
        entry = session.get_one(Entry, entry_id)
        kept = {
            version.number: editions.listed(entry, version)
            for version in session.scalars(select(Version).where(Version.entry_id == entry_id))
        }
        for edition in _replayed(entry, kept, [(line, at) for line, at in rows]):
            yield edition, list(editions.facets(edition, kept[edition.version]))


def _replayed(entry: Entry, kept: dict[int, Listed], lines: list[tuple[Line, Any]]) -> list[Edition]:
    """Return the editions that an entry's lines began, as the last of them left them."""
    made: list[Edition] = []
    for line, at in lines:
        last = made[-1] if made else None
        if last and last.until_sequence is None and editions.ends_edition(line):
            last.until_sequence = line.sequence
        if editions.makes_edition(line) and line.version is not None:
            made.append(editions.successor(line, at, entry, kept[line.version], last))
        for edition in made:
            if edition.version in (line.affects or ()):
                edition.struck_by = None if line.event == Event.REINSTATED else line.sequence
    return made


def _differences(session: Session, remade: list[tuple[Edition, list[Facet]]]) -> Iterator[str]:
    """Yield a sentence for each edition that did not stand as it does now."""
    stood = {_key(edition): row_of(edition) for edition in session.scalars(select(Edition))}
    borne: dict[tuple[UUID, int], set[tuple[Any, ...]]] = {}
    for facet in session.scalars(select(Facet)):
        borne.setdefault((facet.entry_id, facet.from_sequence), set()).add(tuple(row_of(facet).values()))
    for edition, facets in remade:
        name = f"edition {edition.from_sequence} of entry {edition.entry_id}"
        before = stood.pop(_key(edition), None)
        if before is None:
            yield f"{name} was missing"
        elif before != row_of(edition):
            yield f"{name} stood differently"
        elif borne.get(_key(edition), set()) != {tuple(row_of(facet).values()) for facet in facets}:
            yield f"the facets of {name} stood differently"
    for entry_id, sequence in stood:
        yield f"edition {sequence} of entry {entry_id} follows from no line"


def _key(edition: Edition) -> tuple[UUID, int]:
    return edition.entry_id, edition.from_sequence


def _replace(session: Session, remade: list[tuple[Edition, list[Facet]]]) -> None:
    session.expunge_all()
    session.execute(delete(Facet))
    session.execute(delete(Edition))
    session.add_all(edition for edition, _ in remade)
    session.flush()
    session.add_all(facet for _, facets in remade for facet in facets)
    session.flush()
