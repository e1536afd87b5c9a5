"""Lines being written: steps become lines, and with them the editions that they end, begin and strike.

All of it happens under the log's lock, so there is nothing here but deciding and SQL.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from content import (
    autosaves,
    batches,
    bearings,
    citations,
    comments,
    documents,
    editions,
    erased_pictures,
    grants,
    schedule,
    submissions,
    topics,
)
from content.database import among, insert_all, row_of
from content.editions import Edition, Facet, Listed
from content.entries import Entry
from content.errors import Fault, Invalid, SlugTaken, TwiceInOneAct
from content.log import Act, Event, Line
from content.newest import rows, sources
from content.prepared import any_of
from content.standings import Standing, standings
from content.steps import Step
from content.traces import trace, trace_of_source
from content.versions import Version

# Both databases bind a limited number of values to one statement.
MOST_STEPS = 5_000
Address = tuple[str, str, str]  # type, locale and slug
Row = dict[str, Any]


def write(session: Session, act: Act, steps: Sequence[Step]) -> None:
    """Turn steps into lines and editions within an act that is under way; raises Refused."""
    stand = standings(session, _each_once(steps))
    lines = [step.line(stand[step.entry_id], act) for step in steps]
    documents.store(session, [step.rendering for step in steps if step.rendering], act.sequence)
    insert_all(session, Line, map(row_of, lines))
    _end(session, lines, act.sequence)
    rendered = {step.entry_id: step.rendering.listed for step in steps if step.rendering}
    _begin(session, [line for line in lines if editions.makes_edition(line)], stand, rendered, act.at)
    for line in lines:
        _strike(session, line)


def _each_once(steps: Sequence[Step]) -> list[UUID]:
    if not 0 < len(steps) <= MOST_STEPS:
        raise Invalid([Fault("/steps", f"are {len(steps)}, and an act has between 1 and {MOST_STEPS}")])
    counts = Counter(step.entry_id for step in steps)
    if twice := next((one for one, count in counts.items() if count > 1), None):
        raise TwiceInOneAct(twice)
    return list(counts)


def _end(session: Session, lines: Iterable[Line], sequence: int) -> None:
    ids = [line.entry_id for line in lines if editions.ends_edition(line)]
    ended = update(Edition).where(any_of(session, Edition.entry_id, ids), Edition.until_sequence.is_(None))
    session.execute(ended.values(until_sequence=sequence).execution_options(synchronize_session=False))
    borne = update(Facet).where(any_of(session, Facet.entry_id, ids), Facet.until_sequence.is_(None))
    session.execute(borne.values(until_sequence=sequence).execution_options(synchronize_session=False))


def _begin(
    session: Session,
    lines: Sequence[Line],
    stand: Mapping[UUID, Standing],
    rendered: Mapping[UUID, Listed],
    at: datetime,
) -> None:
    shown = {
        **rendered,
        **_shown_as_before(session, [line for line in lines if line.entry_id not in rendered], stand),
    }
    begun = [
        editions.successor_row(
            line, at, stand[line.entry_id].entry, shown[line.entry_id], stand[line.entry_id].last
        )
        for line in lines
    ]
    _require_free_slugs(session, begun)
    insert_all(session, Edition, begun)
    borne = (editions.facet_rows(edition, shown[edition["entry_id"]]) for edition in begun)
    insert_all(session, Facet, chain.from_iterable(borne))
    grants.appeared(session, begun, at)
    _require_tree(session, begun)


def _shown_as_before(
    session: Session, lines: Sequence[Line], stand: Mapping[UUID, Standing]
) -> dict[UUID, Listed]:
    """Return what the editions take from versions that were not rendered for this act."""
    if not lines:
        return {}
    wanted = [(line.entry_id, line.version) for line in lines]
    chosen = select(Version).where(among((Version.entry_id, Version.number), wanted))
    return {
        version.entry_id: editions.listed(stand[version.entry_id].entry, version)
        for version in session.scalars(chosen)
    }


def _require_free_slugs(session: Session, begun: Sequence[Row]) -> None:
    addresses = [(edition["type"], edition["locale"], edition["slug"]) for edition in begun]
    bearers = {address: edition["entry_id"] for address, edition in zip(addresses, begun, strict=True)}
    others = [(slug, locale, bearer) for (_, locale, slug), bearer in live_at(session, bearers)]
    if len(bearers) < len(begun):
        others += [
            (edition["slug"], edition["locale"], bearers[address])
            for address, edition in zip(addresses, begun, strict=True)
            if bearers[address] != edition["entry_id"]
        ]
    if others:
        slug, locale, bearer = others[0]
        raise SlugTaken(slug, locale, bearer, session.get_one(Entry, bearer).title)


def live_at(session: Session, addresses: Collection[Address]) -> Iterator[tuple[Address, UUID]]:
    """Yield the live bearer of each address that has one."""
    if not addresses:
        return
    types, locales, slugs = (set(column) for column in zip(*addresses, strict=True))
    # SQLite looks no two tuples up in an index, so what bears such a slug in another locale is found too.
    near = (Edition.type.in_(types), Edition.locale.in_(locales), any_of(session, Edition.slug, slugs))
    columns = (Edition.type, Edition.locale, Edition.slug, Edition.entry_id)
    for row in session.execute(select(*columns).where(*near, Edition.until_sequence.is_(None))):
        address = row.type, row.locale, row.slug
        if address in addresses:
            yield address, row.entry_id


def _require_tree(session: Session, begun: Sequence[Row]) -> None:
    """Raise Invalid where a topic would come to lie below itself."""
    moved = [edition for edition in begun if edition["type"] == "topic"]
    tree = topics.tree(session, moved[0]["from_sequence"]) if moved else None
    for edition in moved:
        if tree and edition["entry_id"] in tree.below(tree.children.get(edition["entry_id"], [])):
            raise Invalid([Fault("/parent", "lies below this topic itself")])


def _strike(session: Session, line: Line) -> None:
    """Mark the editions whose content readers may not have any more, or may have again."""
    if not line.affects:
        return
    affected = update(Edition).where(Edition.entry_id == line.entry_id, Edition.version.in_(line.affects))
    struck_by = None if line.event == Event.REINSTATED else line.sequence
    session.execute(affected.values(struck_by=struck_by).execution_options(synchronize_session=False))
    if line.event == Event.ERASED:
        _erase(session, line)


def _erase(session: Session, line: Line) -> None:
    """Destroy the text of versions wherever it stands.

    In them, their documents and facets, the entry's title and source, and what colleagues said of it, or did not save.
    """
    assert line.affects
    entry = session.get_one(Entry, line.entry_id)
    chosen = select(Version).where(Version.entry_id == line.entry_id, Version.number.in_(line.affects))
    for version in session.scalars(chosen):
        version.content, version.note = None, None
        version.placement = editions.erased_placement(entry, version)
    if entry.latest in line.affects:
        entry.title = ""
        rows.erase(session, entry)
    citations.erase(session, line.entry_id, line.affects)
    bearings.erase(session, line.entry_id)
    sources.forget_live(session, [line.entry_id])
    source = entry.source
    entry.source = trace_of_source(source) if source else None
    documents.erase(session, line.entry_id, line.affects)
    session.flush()
    erased_pictures.erase(session, line.entry_id, line.affects)
    autosaves.erase(session, line.entry_id, source)
    submissions.erase(session, line.entry_id)
    batches.erase(session, line.entry_id)
    schedule.erase(session, line.entry_id)
    comments.erase(session, line.entry_id)
    session.flush()
    _forget(session, line)


def _forget(session: Session, line: Line) -> None:
    chosen = select(Edition).where(Edition.entry_id == line.entry_id, Edition.version.in_(line.affects or ()))
    for edition in session.scalars(chosen.execution_options(populate_existing=True)):
        edition.slug, edition.title_key = trace(edition.slug), ""
        session.execute(
            delete(Facet).where(
                Facet.entry_id == edition.entry_id,
                Facet.from_sequence == edition.from_sequence,
                Facet.name == "tag",
            )
        )
    session.flush()
