"""Counting: what answers hand out, counted in memory while they are sent, and added to the table once a moment.

Nothing is written while a reader waits, nothing under the log's lock. A write that fails takes nothing from the counts:
they are added with the next one.
"""

import logging
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.database import Base, begin_writing

ANONYMOUS = UUID(int=0)  # stands for the built-in partner, which has no row
MOST_ROWS = (
    100_000  # that wait to be written; what comes beyond them is not counted, and the log says how much
)
MOST_ANSWERS = 5_000  # that wait to be summed up; what each of them holds is kept so long
AT_ONCE = 500  # rows in one transaction: an act waits for no more of them

log = logging.getLogger("verso.usage")


class Kind(StrEnum):
    """How a version was handed out: by itself, among others, to be shown in a page; or the client had it already."""

    FETCH = "fetch"
    LISTED = "listed"
    EMBED = "embed"
    UNCHANGED = "unchanged"


class Usage(Base):
    """How often a partner was handed a version on one day, which is a day of UTC.

    It refers to no other row: what was counted before a backup was restored may be of what is there no more.
    """

    __tablename__ = "usage"
    __table_args__ = (
        Index("ix_usage_day", "day"),
        Index("ix_usage_entry_id", "entry_id", "day"),
        {"sqlite_with_rowid": False},
    )

    partner_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fetch: Mapped[int] = mapped_column(BigInteger, default=0)
    listed: Mapped[int] = mapped_column(BigInteger, default=0)
    embed: Mapped[int] = mapped_column(BigInteger, default=0)
    unchanged: Mapped[int] = mapped_column(BigInteger, default=0)


@dataclass(frozen=True, slots=True, eq=False)
class Handed:
    """What one answer hands out: to which partner (None: whoever has no key), how, and which versions.

    `unchanged` is what it is for a client that has it already. Each is unlike any other: an answer that is sent again
    and again is found by which it is, whatever it holds.
    """

    partner_id: UUID | None
    kind: Kind
    versions: tuple[tuple[UUID, int], ...]
    unchanged: "Handed | None" = None


def handed(partner_id: UUID | None, kind: Kind, versions: Iterable[tuple[UUID, int]]) -> Handed:
    """Return what an answer hands out, each version once."""
    each = tuple(dict.fromkeys(versions))
    return Handed(partner_id, kind, each, Handed(partner_id, Kind.UNCHANGED, each))


Row = tuple[UUID, date, UUID, int]  # the primary key
Counted = dict[Row, dict[Kind, int]]


class Counts:
    """What one process has handed out and not written yet."""

    def __init__(self, most_rows: int = MOST_ROWS) -> None:
        self._answers: deque[Handed] = deque()
        self._rows: Counted = {}
        self._most_rows, self._beyond = most_rows, 0
        self._changing, self._writing = threading.Lock(), threading.Lock()

    def note(self, handed: Handed, now: datetime) -> None:
        """Count an answer; this is all that a read waits for.

        It counts for the day on which it is summed up, within a second while the database takes what is written.
        """
        # No lock: to add to one end and to take from the other are each one step.
        self._answers.append(handed)
        if len(self._answers) > MOST_ANSWERS:
            with self._changing:
                self._gather(now.date())

    def write(self, session: Session, now: datetime) -> None:
        """Add what was counted to the table, and commit; what could not be written stays. One writes at a time.

        `now` is in UTC.
        """
        with self._writing:
            taken = self._taken(now.date())
            try:
                for part in _parts(taken):
                    _add(session, part)
                    for row in part:
                        del taken[row]
            finally:
                self._put_back(taken)

    def _gather(self, day: date) -> None:
        """Sum up by row what answers held; whoever calls has the lock."""
        answers = Counter(self._answers.popleft() for _ in range(len(self._answers)))
        for handed, times in answers.items():
            for entry_id, version in handed.versions:
                self._count((handed.partner_id or ANONYMOUS, day, entry_id, version), handed.kind, times)

    def _count(self, row: Row, kind: Kind, times: int) -> None:
        known = self._rows.get(row)
        if known is None:
            if len(self._rows) >= self._most_rows:
                self._beyond += times
                return
            known = self._rows[row] = {}
        known[kind] = known.get(kind, 0) + times

    def _taken(self, day: date) -> Counted:
        with self._changing:
            self._gather(day)
            taken, self._rows = self._rows, {}
            beyond, self._beyond = self._beyond, 0
        if beyond:
            log.warning("%d reads were not counted: more was read than memory holds of counts", beyond)
        return taken

    def _put_back(self, left: Counted) -> None:
        with self._changing:
            for row, kinds in left.items():
                for kind, times in kinds.items():
                    self._count(row, kind, times)


def _parts(counted: Counted) -> Iterator[Counted]:
    # All in one order: of two processes that add to the same rows, none then waits for one that waits for it.
    rows = sorted(counted)
    for start in range(0, len(rows), AT_ONCE):
        yield {row: counted[row] for row in rows[start : start + AT_ONCE]}


def _add(session: Session, counted: Counted) -> None:
    begin_writing(session)
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    table = Base.metadata.tables[Usage.__tablename__]
    stored = dialect.insert(table)
    added = {kind.value: table.c[kind.value] + stored.excluded[kind.value] for kind in Kind}
    statement = stored.on_conflict_do_update(index_elements=list(table.primary_key), set_=added)
    session.execute(statement, [_row(row, kinds) for row, kinds in counted.items()])
    session.commit()


def _row(row: Row, kinds: Mapping[Kind, int]) -> dict[str, Any]:
    named = dict(zip(("partner_id", "day", "entry_id", "version"), row, strict=True))
    return named | {kind.value: kinds.get(kind, 0) for kind in Kind}
