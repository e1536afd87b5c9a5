"""Figures: what was counted, summed up for whoever looks at it; days are UTC's, and both ends of a range count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, func, select
from sqlalchemy.orm import Session, aliased

from content.editions import Edition
from content.entries import Entry
from content.log import Act
from content.partners import EVERYBODY, Partner
from content.usage.counting import ANONYMOUS, Kind, Usage

_SUMS = tuple(func.sum(getattr(Usage, kind)) for kind in Kind)
_ALL = sum((getattr(Usage, kind) for kind in list(Kind)[1:]), start=Usage.fetch)
COLUMNS = (
    "day",
    "partner",
    "partner_id",
    "type",
    "entry_id",
    "title",
    "version",
    *Kind,
)  # of what is exported


@dataclass(frozen=True)
class Asked:
    """Which counts are meant: those of a range of days, of one partner or (None) of all, and of one entry or all."""

    first: date
    last: date
    partner_id: UUID | None = None
    entry_id: UUID | None = None

    @property
    def days(self) -> list[date]:
        """Every day of the range, the first first."""
        return [self.first + timedelta(days=one) for one in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Times:
    """How often something was handed out, by kind."""

    fetch: int = 0
    listed: int = 0
    embed: int = 0
    unchanged: int = 0

    @property
    def total(self) -> int:
        """All of them together."""
        return self.fetch + self.listed + self.embed + self.unchanged


@dataclass(frozen=True)
class Read:
    """An entry, how often it was handed out, and the last day of that; `version` where only one of it is meant."""

    entry: Entry
    times: Times
    last: date
    version: int | None = None
    live: int | None = None


def by_day(session: Session, asked: Asked) -> dict[date, Times]:
    """Return how often anything was handed out on each day of the range, also where that is never."""
    chosen = select(Usage.day, *_SUMS).where(_meant(asked)).group_by(Usage.day)
    counted = {day: _times(sums) for day, *sums in session.execute(chosen)}
    return {day: counted.get(day, Times()) for day in asked.days}


def total(session: Session, asked: Asked) -> Times:
    """Return how often anything was handed out in the whole range."""
    return _times(session.execute(select(*_SUMS).where(_meant(asked))).one())


def most_read(session: Session, asked: Asked, most: int) -> list[Read]:
    """Return the entries that were handed out the most often; all their versions together."""
    counted = (
        select(Usage.entry_id, func.sum(_ALL).label("all"), func.max(Usage.day).label("last"), *_named_sums())
        .where(_meant(asked))
        .group_by(Usage.entry_id)
        .order_by(func.sum(_ALL).desc(), Usage.entry_id)
        .limit(most)
        .subquery()
    )
    rows = session.execute(
        select(Entry, counted.c.last, *_columns(counted))
        .join(counted, counted.c.entry_id == Entry.id)
        .order_by(counted.c.all.desc(), Entry.id)
    )
    return [Read(entry, _times(sums), last) for entry, last, *sums in rows]


def still_read(session: Session, asked: Asked, most: int) -> list[Read]:
    """Return versions that were handed out on a day after the last one on which readers had them, the latest first.

    Whoever asks for them asks by their number or for a past moment, or has kept them since.
    """
    version = (Usage.entry_id, Usage.version)
    read = (
        select(*version, func.max(Usage.day).label("last")).where(_meant(asked)).group_by(*version).subquery()
    )
    ended = _last_day(read)
    latest_first = (read.c.last.desc(), read.c.entry_id, read.c.version)
    chosen = select(read, ended.label("ended")).where(read.c.last > ended).order_by(*latest_first).limit(most)
    found, live = chosen.subquery(), aliased(Edition)
    since = and_(
        Usage.entry_id == found.c.entry_id, Usage.version == found.c.version, Usage.day > found.c.ended
    )
    shown = (Entry, found.c.version, found.c.last, live.version)
    rows = session.execute(
        select(*shown, *_SUMS)
        .select_from(found)
        .join(Entry, Entry.id == found.c.entry_id)
        .join(Usage, and_(since, _meant(asked)))
        .outerjoin(live, and_(live.entry_id == Entry.id, live.until_sequence.is_(None)))
        .group_by(Entry.id, *shown[1:])
        .order_by(found.c.last.desc(), Entry.id, found.c.version)
    )
    return [Read(entry, _times(sums), last, version, now) for entry, version, last, now, *sums in rows]


def _last_day(read: Any) -> Any:
    """The last day on which a version was live; none where it is still, so that no day is after it."""
    shown = and_(Edition.entry_id == read.c.entry_id, Edition.version == read.c.version)
    ended = select(func.max(func.date(Act.at, type_=Date()))).join(
        Edition, Edition.until_sequence == Act.sequence
    )
    still = select(Edition.entry_id).where(shown, Edition.until_sequence.is_(None)).correlate(read).exists()
    return ended.where(shown, ~still).correlate(read).scalar_subquery()


def exported(session: Session, asked: Asked) -> Iterator[tuple[Any, ...]]:
    """Yield what was counted, row by row, as `COLUMNS` says: by day, by partner, then by entry and version."""
    stored = [getattr(Usage, kind) for kind in Kind]
    chosen = (
        select(
            Usage.day, Partner.name, Usage.partner_id, Entry.type, Usage.entry_id, Entry.title, Usage.version
        )
        .add_columns(*stored)
        .outerjoin(Partner, Partner.id == Usage.partner_id)
        .outerjoin(Entry, Entry.id == Usage.entry_id)
        .where(_meant(asked))
        .order_by(Usage.day, Usage.partner_id, Usage.entry_id, Usage.version)
    )
    for day, name, partner_id, *rest in session.execute(chosen.execution_options(yield_per=1_000)):
        anonymous = partner_id == ANONYMOUS
        yield day, EVERYBODY if anonymous else name, None if anonymous else partner_id, *rest


def _meant(asked: Asked) -> ColumnElement[bool]:
    given: list[ColumnElement[bool]] = [Usage.day.between(asked.first, asked.last)]
    if asked.partner_id is not None:
        given.append(Usage.partner_id == asked.partner_id)
    if asked.entry_id is not None:
        given.append(Usage.entry_id == asked.entry_id)
    return and_(*given)


def _named_sums() -> list[Any]:
    return [one.label(kind) for kind, one in zip(Kind, _SUMS, strict=True)]


def _columns(counted: Any) -> list[Any]:
    return [counted.c[kind] for kind in Kind]


def _times(sums: Any) -> Times:
    # PostgreSQL sums up whole numbers to decimals.
    return Times(*(int(one or 0) for one in sums))
