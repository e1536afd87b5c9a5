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

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    cast,
    column,
    exists,
    func,
    literal,
    select,
    table,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from content.database import each_once
from content.folding import LAST, folded
from content.newest import approved
from content.newest.rows import Newest, NewestText, NewestValue, mark, value_at
from content.search.analysis import words as words_of
from content.submissions import Submission

MOST_COUNTED = 1_000
COMMON = 3_000  # a word that more texts hold is looked for in each that is met
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

    `own` are marks of the versions, `standing` of where their entries stand; `waiting`: only what waits for review.
    `approved_on`: only what is signed on that day, and not public. `due_from` and `due_until` are the first and the
    last day on which the review of what is live is due.
    """

    type: str
    own: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()
    text: str = ""
    waiting: bool = False
    approved_on: date | None = None
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
        chosen = _chosen(session, wanted) if counts.more else _few(session, wanted, Newest.entry_id)
        # As a sum it is put in order, where few answer: nobody goes through all, looking for these.
        number: Any = chosen.selected_columns[0] if counts.more else Newest.id + 0
        rows = chosen.where(number < after.id) if after else chosen
        ordered = rows.order_by(number.desc()).limit(limit)
        return [Found(row.entry_id, Place(None, row.id)) for row in session.execute(ordered)]
    key: Any = Newest.title_key if order == Order.TITLE else Newest.due_key
    columns = (Newest.entry_id, key.label("key"))
    met = counts.more or _by_day(wanted)
    chosen = _met(session, wanted, *columns) if met else _few(session, wanted, *columns)
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
    met = _leaps(type_name, name)
    places = session.scalars(select(met.c.place).where(met.c.place.is_not(None)).limit(MOST_OFFERED))
    return [value_at(place) for place in places]


def counts(
    session: Session, type_name: str, name: str, *, beginning: str = "", after: str = "", limit: int
) -> Sequence[tuple[str, int]]:
    """Return the places of at most `limit` values that newest versions of a type have under a name, with how many do.

    They are those that begin so, whatever their case, behind a place, and counted up to a thousand and one. One
    statement, which leaps along the index from value to value.
    """
    met = _leaps(type_name, name, beginning, after)
    own = (NewestValue.type == type_name, NewestValue.name == name, NewestValue.place == met.c.place)
    some = select(NewestValue.entry_id).where(*own).correlate(met).limit(MOST_COUNTED + 1).subquery()
    number = select(func.count()).select_from(some).correlate(met).scalar_subquery()
    counted = select(met.c.place, number).where(met.c.place.is_not(None)).limit(limit)
    return [(place, number) for place, number in session.execute(counted)]


def _leaps(type_name: str, name: str, beginning: str = "", after: str = "") -> CTE:
    """The places of the values that a type has under a name, behind one, in their order; the last is null."""
    letters, place = folded(beginning), NewestValue.place
    own = (NewestValue.type == type_name, NewestValue.name == name, place >= letters, place < letters + LAST)
    return each_once(place, *own, after=after)


def _chosen(session: Session, wanted: Wanted) -> Any:
    """Select the id and the entry of all that answers, by the index that finds the fewest of them."""
    rows: Any = select(Newest.id, Newest.entry_id)
    if _by_entry(wanted):
        # The type as a mark, or SQLite would walk all of it to find these few.
        return rows.where(*_walked(session, wanted), *_of_type(session, wanted))
    if _by_day(wanted):
        return _met(session, wanted, Newest.entry_id)
    if not _on_sqlite(session):
        return rows.where(*_in_gin(wanted))
    index = _TEXT_INDEX if wanted.words else _MARK_INDEX
    # Written as a sum, it cannot be used to look into FTS5 for each row: the index is walked, the last saved first.
    joined = Newest.id == index.c.rowid + 0
    found: Any = select(index.c.rowid.label("id"), Newest.entry_id).join(Newest, joined)
    return found.where(_in_fts5(wanted), *(_has(one) for one in wanted.standing if wanted.words))


def _met(session: Session, wanted: Wanted, *columns: Any) -> Any:
    """Select the ids of what answers, and more, such that the rows of its type can be met in any order."""
    return select(Newest.id, *columns).where(Newest.type == wanted.type, *_walked(session, wanted))


def _few(session: Session, wanted: Wanted, *columns: Any) -> Any:
    """Select the same where few answer, such that these are found first, and put in order."""
    few = _chosen(session, wanted).limit(MOST_COUNTED).subquery()
    # Nothing is said of the type, or SQLite would meet all rows of it in their order.
    return select(Newest.id, *columns).where(Newest.id.in_(select(few.c.id)))


def _walked(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked for as conditions on rows, which do not say in which order these are to be met."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.waiting:
        conditions.append(Newest.entry_id.in_(_WAITS))
    if wanted.approved_on:
        conditions.append(Newest.entry_id.in_(approved.holding(wanted.approved_on).order_by(None)))
    if wanted.due_from:
        conditions.append(Newest.due_key >= _day(wanted.due_from))
    if wanted.due_until:
        conditions.append(Newest.due_key <= _day(wanted.due_until))
    if not _on_sqlite(session):
        return conditions + _in_gin(wanted)
    conditions += [_has(one) for one in (*wanted.own, *wanted.standing)]
    return conditions + _worded(session, wanted)


def _worded(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The words that are asked for as conditions on rows that SQLite meets in another order than that of the saves."""
    if not wanted.words:
        return []
    found = select(_TEXT_INDEX.c.rowid).where(_in_fts5(wanted))
    some = found.limit(COMMON + 1).subquery()
    if session.scalars(select(func.count()).select_from(some)).one() <= COMMON:
        return [(Newest.id + 0).in_(found)]
    # Very many texts hold them, so that most that are met do: these are asked one by one.
    said = [
        func.instr(NewestText.tokens, f" {word}{'' if _is_beginning(word) else ' '}") > 0
        for word in wanted.words
    ]
    return [exists().where(NewestText.id == Newest.id, *said)]


def _of_type(session: Session, wanted: Wanted) -> list[ColumnElement[bool]]:
    return [_has(mark("type", wanted.type))] if _on_sqlite(session) else [Newest.type == wanted.type]


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


def _day(on: date) -> ColumnElement[date]:
    # Written out for the same reason.
    return literal(on, Date, literal_execute=True)


def _is_beginning(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING


def _by_entry(wanted: Wanted) -> bool:
    return wanted.waiting or wanted.approved_on is not None


def _by_day(wanted: Wanted) -> bool:
    return wanted.due_from is not None or wanted.due_until is not None


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
