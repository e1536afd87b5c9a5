"""Finding: pages of newest versions by marks and words, asked of the index that each database has: FTS5, or GIN.

What it costs does not grow with the entries: a page follows an index in the order asked for. Where few answer, these
are put in order; where many do, a page of them is met soon on the way through all, in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, cast, column, func, literal, select, table, tuple_
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from content.newest.rows import Newest, NewestText, NewestValue, mark
from content.search.analysis import words as words_of
from content.submissions import Submission

MOST_COUNTED = 1_000
MOST_WORDS = 10
MOST_OFFERED = 300
SHORTEST_BEGINNING = 3  # letters that a word must have to be found by its beginning
_MARK_INDEX = table("newest_mark_index", column("rowid", Integer), column("newest_mark_index"))
_TEXT_INDEX = table("newest_text_index", column("rowid", Integer), column("newest_text_index"))
_WAITS = select(Submission.entry_id).where(Submission.outcome.is_(None))


class Order(StrEnum):
    """What a list can be sorted by."""

    SAVED = "saved"
    TITLE = "title"
    DUE = "due"


@dataclass(frozen=True)
class Wanted:
    """What a list is to show of one type.

    `own` are marks of the versions, `standing` of where their entries stand; `waiting`: only what waits for a review.
    `due_from` and `due_until` are the first and the last day on which the review of what is live is due.
    """

    type: str
    own: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    text: str = ""
    waiting: bool = False
    due_from: date | None = None
    due_until: date | None = None

    @property
    def words(self) -> list[str]:
        """The words that are asked for, each once."""
        return list(dict.fromkeys(words_of(self.text)))[:MOST_WORDS]

    @property
    def nothing(self) -> bool:
        """Whether what was typed holds no word, so that no text can hold it."""
        return bool(self.text.strip()) and not self.words

    @property
    def marks(self) -> list[str]:
        """Every mark that is asked for, the type's first."""
        return [mark("type", self.type), *self.own, *self.standing]


@dataclass(frozen=True)
class Place:
    """Where a page ended: the last row's key in the order of the list (None by the saves), and its id."""

    key: str | date | None
    id: int


@dataclass(frozen=True)
class Found:
    """One row: which entry, and the place from which the list goes on behind it."""

    entry_id: UUID
    place: Place


@dataclass(frozen=True)
class Counted:
    """How many answer; `more` says that there are more than were counted."""

    number: int
    more: bool


def counted(session: Session, wanted: Wanted) -> Counted:
    """Count what answers, up to a thousand."""
    if wanted.nothing:
        return Counted(0, False)
    some = _chosen(session, wanted).limit(MOST_COUNTED + 1).subquery()
    number = session.scalars(select(func.count()).select_from(some)).one()
    return Counted(min(number, MOST_COUNTED), number > MOST_COUNTED)


def page(
    session: Session, wanted: Wanted, order: Order, counts: Counted, *, after: Place | None, limit: int
) -> list[Found]:
    """Return at most `limit` rows in an order (the last saved first, by title, the first due first) behind a place."""
    if wanted.nothing:
        return []
    if order == Order.SAVED:
        chosen = _chosen(session, wanted)
        number: Any = chosen.selected_columns[0]
        rows = chosen.where(number < after.id) if after else chosen
        ordered = rows.order_by(number.desc()).limit(limit)
        return [Found(row.entry_id, Place(None, row.id)) for row in session.execute(ordered)]
    key: Any = Newest.title_key if order == Order.TITLE else Newest.due_key
    chosen = select(Newest.id, Newest.entry_id, key.label("key")).where(Newest.type == wanted.type)
    chosen = chosen.where(*_among_few(session, wanted) if not counts.more else _walked(session, wanted))
    if after:
        chosen = chosen.where(tuple_(key, Newest.id) > tuple_(literal(after.key, key.type), after.id))
    ordered = chosen.order_by(key, Newest.id).limit(limit)
    return [Found(row.entry_id, Place(row.key, row.id)) for row in session.execute(ordered)]


def bearing(session: Session, type_name: str, own: str) -> Select[Any]:
    """Select the entries of a type whose newest version has a mark of its own."""
    chosen = _chosen(session, Wanted(type_name, own=(own,))).subquery()
    return select(chosen.c.entry_id)


def values(session: Session, type_name: str, name: str) -> list[str]:
    """Return the first values that lists of a type offer under a name; one statement, which leaps along the index."""
    own = (NewestValue.type == type_name, NewestValue.name == name)
    met = select(func.min(NewestValue.value).label("value")).where(*own).cte("met", recursive=True)
    further = select(func.min(NewestValue.value)).where(*own, NewestValue.value > met.c.value)
    met = met.union_all(select(further.scalar_subquery()).where(met.c.value.is_not(None)))
    return list(session.scalars(select(met.c.value).where(met.c.value.is_not(None)).limit(MOST_OFFERED)))


def _chosen(session: Session, wanted: Wanted) -> Any:
    """Select the id and the entry of all that answers, by the index that finds the fewest of them."""
    rows: Any = select(Newest.id, Newest.entry_id)
    if wanted.waiting or _by_day(wanted):
        return rows.where(Newest.type == wanted.type, *_walked(session, wanted))
    if not _on_sqlite(session):
        return rows.where(*_in_gin(wanted))
    index = _TEXT_INDEX if wanted.words else _MARK_INDEX
    # Written as a sum, it cannot be used to look into FTS5 for each row: the index is walked, the last saved first.
    joined = Newest.id == index.c.rowid + 0
    found: Any = select(index.c.rowid.label("id"), Newest.entry_id).join(Newest, joined)
    return found.where(_in_fts5(wanted), *(_has(one) for one in wanted.standing if wanted.words))


def _among_few(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    if wanted.waiting or _by_day(wanted):
        return _walked(session, wanted)
    few = _chosen(session, wanted).limit(MOST_COUNTED).subquery()
    return [Newest.id.in_(select(few.c.id))]


def _walked(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked for as conditions on rows, which do not say in which order these are to be met."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.waiting:
        conditions.append(Newest.entry_id.in_(_WAITS))
    if wanted.due_from:
        conditions.append(Newest.due_key >= wanted.due_from)
    if wanted.due_until:
        conditions.append(Newest.due_key <= wanted.due_until)
    if not _on_sqlite(session):
        return conditions + _in_gin(wanted)
    conditions += [_has(one) for one in (*wanted.own, *wanted.standing)]
    if wanted.words:
        conditions.append((Newest.id + 0).in_(select(_TEXT_INDEX.c.rowid).where(_in_fts5(wanted))))
    return conditions


def _has(one: str) -> ColumnElement[bool]:
    return func.instr(Newest.marks, f" {one} ") > 0


def _in_fts5(wanted: Wanted) -> ColumnElement[bool]:
    found = [f'"{word}"{"*" if _is_beginning(word) else ""}' for word in wanted.words]
    if not found:
        return _matches(_MARK_INDEX.c.newest_mark_index, wanted.marks)
    own = [mark("type", wanted.type), *wanted.own]
    return _TEXT_INDEX.c.newest_text_index.op("MATCH", is_comparison=True)(
        " AND ".join(found + [f'"{one}"' for one in own])
    )


def _matches(index: Any, marks: Sequence[str]) -> ColumnElement[bool]:
    matched: ColumnElement[bool] = index.op("MATCH", is_comparison=True)(
        " AND ".join(f'"{one}"' for one in marks)
    )
    return matched


def _in_gin(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = [_holds(Newest.marks, [f"'{one}'" for one in wanted.marks])]
    if wanted.words:
        asked = [f"'{word}'{':*' if _is_beginning(word) else ''}" for word in wanted.words]
        asked += [f"'{one}'" for one in [mark("type", wanted.type), *wanted.own]]
        conditions.append(Newest.id.in_(select(NewestText.id).where(_holds(NewestText.tokens, asked))))
    return conditions


def _holds(tokens: Any, asked: Sequence[str]) -> ColumnElement[bool]:
    # Written into the statement: only where PostgreSQL sees the words does it know how many rows GIN would find.
    query = cast(literal(" & ".join(asked), literal_execute=True), TSQUERY)
    held: ColumnElement[bool] = tokens.op("@@", is_comparison=True)(query)
    return held


def _is_beginning(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING


def _by_day(wanted: Wanted) -> bool:
    return wanted.due_from is not None or wanted.due_until is not None


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
