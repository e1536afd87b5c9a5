"""Rows: one for each entry that is not in the trash, kept with each save, so that lists need no other table to choose.

`id` follows the saves: of two entries the one saved later has the greater.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, ForeignKey, Index, Integer, String, Text, delete, insert, select, text, update
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.database import Base, insert_all
from content.entries import Entry
from content.fields import Values
from content.folding import LONGEST, folded
from content.log import State
from content.newest import approved, sources
from content.newest.approved import Approved
from content.newest.sources import NewestSource
from content.search.analysis import indexed

NO_DAY = date.max  # stands for the day of the next review where there is none, as in editions
TAG, LOCALE, BY = "tag", "locale", "by"
# What an entry can be asked for by, beside its links, with every value that there is offered to choose.
OFFERED = (TAG, LOCALE, BY)
_ORDERED = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")
_PLACE = String(LONGEST + 1 + 100)
_TOKENS = Text().with_variant(TSVECTOR(), "postgresql")


class Newest(Base):
    """One entry's newest version.

    `state`, `live` (a version's number), `due_key` and `unreviewed` are as far as the log was followed. `own` are the
    marks of the version, `marks` these and those of where it stands, a space around each, as the database's own index
    takes them.
    """

    __tablename__ = "newest"
    __table_args__ = (
        Index("ix_newest_title", "type", "title_key", "id"),
        Index("ix_newest_due", "type", "due_key", "id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), unique=True)
    type: Mapped[str] = mapped_column(String(40))
    latest: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    live: Mapped[int | None]
    title_key: Mapped[str] = mapped_column(_ORDERED)
    due_key: Mapped[date] = mapped_column(Date)
    unreviewed: Mapped[bool]
    own: Mapped[str] = mapped_column(Text)
    marks: Mapped[str] = mapped_column(_TOKENS)


# A row's columns that make its `Standing`.
STOOD = (Newest.state, Newest.live, Newest.due_key, Newest.unreviewed)


class NewestText(Base):
    """The words of one newest version, each once, and its own marks; `id` is that of its row in `newest`."""

    __tablename__ = "newest_text"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    tokens: Mapped[str] = mapped_column(_TOKENS)


class NewestValue(Base):
    """One value that lists offer to be asked for, and an entry that has it.

    `place` is the value folded and the value itself: in that order they are listed, and each has one of its own.
    """

    __tablename__ = "newest_value"

    type: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(10), primary_key=True)
    place: Mapped[str] = mapped_column(
        _PLACE.with_variant(String(LONGEST + 1 + 100, collation="C"), "postgresql"), primary_key=True
    )
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True, index=True)


def place_of(value: str) -> str:
    """Return where a value stands among those that lists offer: whatever its case, accents and punctuation."""
    # No letter of a folded text comes before a tab, so it comes before those that begin with it.
    return f"{folded(value)}\t{value}"


def value_at(place: str) -> str:
    """Return the value that stands in a place."""
    return place.partition("\t")[2]


def mark(name: str, value: str) -> str:
    """Return the token by which an index finds what has `value` under `name`, whatever letters that holds."""
    # No word has such a line in it, so marks and words can stand in one index.
    return f"{name}_{hashlib.blake2b(value.encode(), digest_size=8).hexdigest()}"


def spaced(tokens: list[str]) -> str:
    """Return tokens as they are kept: a space around each."""
    return f" {' '.join(tokens)} "


@dataclass(frozen=True)
class Standing:
    """Where an entry stands as far as the log was followed; `live` is its live version's number, if it has one.

    `unreviewed`: readers have it without a review that it needs.
    """

    state: str = State.DRAFT
    live: int | None = None
    due_key: date = NO_DAY
    unreviewed: bool = False

    def marks(self, latest: int) -> list[str]:
        """Return the marks of an entry that stands so, and whose newest version is `latest`."""
        if self.state == State.DRAFT:
            return ["is_draft"]
        if self.state != State.LIVE:
            return ["is_away"]
        changed = self.live is not None and latest > self.live
        return ["is_live"] + ["is_changed"] * changed + ["is_unreviewed"] * self.unreviewed


@dataclass(frozen=True)
class Kept:
    """What a newest version is found by: its rows, but for the id that the database gives."""

    row: dict[str, Any]
    tokens: str
    offered: list[dict[str, Any]]
    cited: list[dict[str, Any]]


def made(entry: Entry, values: Values, placement: Values, by: str, standing: Standing) -> Kept:
    """Work out what a newest version is found by; `values` are those of its content."""
    named, words = list(_values(entry, placement, by)), _words(values)
    own = sorted({mark("type", entry.type), *(mark(name, value) for name, value in named)})
    row = {
        "entry_id": entry.id,
        "type": entry.type,
        "latest": entry.latest,
        "state": standing.state,
        "live": standing.live,
        "title_key": folded(entry.title),
        "due_key": standing.due_key,
        "unreviewed": standing.unreviewed,
        "own": spaced(own),
        "marks": spaced([*own, *standing.marks(entry.latest)]),
    }
    offered = [
        {"type": entry.type, "name": name, "place": place_of(value), "entry_id": entry.id}
        for name, value in named
        if name in OFFERED
    ]
    return Kept(row, spaced(words + own), offered, sources.cited(entry.id, values))


def keep(session: Session, entry: Entry, values: Values, placement: Values, by: str) -> None:
    """Keep what a newest version is found by, in place of the one before it."""
    before = session.execute(select(*STOOD).where(Newest.entry_id == entry.id)).first()
    forget(session, entry.id)
    store(session, [made(entry, values, placement, by, Standing(*before) if before else Standing())])


def store(session: Session, kept: Sequence[Kept]) -> None:
    """Store what newest versions are found by, in the order of their saves; none is there yet."""
    numbered = insert(Newest).returning(Newest.id, sort_by_parameter_order=True)
    numbers = session.scalars(numbered, [one.row for one in kept]).all()
    texts = [{"id": number, "tokens": one.tokens} for number, one in zip(numbers, kept, strict=True)]
    insert_all(session, NewestText, texts)
    cited = ({"id": number, **row} for number, one in zip(numbers, kept, strict=True) for row in one.cited)
    insert_all(session, NewestSource, cited)
    insert_all(session, NewestValue, (row for one in kept for row in one.offered))
    ids = [one.row["entry_id"] for one in kept]
    sources.add_live(session, ids)
    approved.settle(session, ids)


def forget(session: Session, entry_id: UUID) -> None:
    """List an entry no more."""
    kept = select(Newest.id).where(Newest.entry_id == entry_id)
    for gone in (
        delete(NewestText).where(NewestText.id.in_(kept)),
        delete(NewestSource).where(NewestSource.id.in_(kept)),
        delete(NewestValue).where(NewestValue.entry_id == entry_id),
        delete(Approved).where(Approved.entry_id == entry_id),
        delete(Newest).where(Newest.entry_id == entry_id),
    ):
        session.execute(gone.execution_options(synchronize_session=False))


def erase(session: Session, entry: Entry) -> None:
    """Destroy the words of an entry's newest version, those of its title and its tags among them."""
    number = session.scalar(select(Newest.id).where(Newest.entry_id == entry.id))
    session.execute(delete(NewestText).where(NewestText.id == number))
    tags = (NewestValue.entry_id == entry.id, NewestValue.name == TAG)
    session.execute(delete(NewestValue).where(*tags))
    of_it = Newest.id == number
    stood = session.execute(select(*STOOD).where(of_it)).first()
    if stood:
        named = session.scalars(select(Newest.own).where(of_it)).one()
        own = [one for one in named.split() if not one.startswith(f"{TAG}_")]
        marks = spaced([*own, *Standing(*stood).marks(entry.latest)])
        emptied = update(Newest).where(of_it)
        session.execute(emptied.values(title_key="", own=spaced(own), marks=marks))
    if session.get_bind().dialect.name == "sqlite":
        # FTS5 keeps deleted words in its segments until it merges them.
        session.execute(text("INSERT INTO newest_text_index(newest_text_index) VALUES ('optimize')"))


def _values(entry: Entry, placement: Values, by: str) -> Iterator[tuple[str, str]]:
    """Yield what lists can be asked for, by name: a tag's is `tag`, a link's that of its field."""
    yield LOCALE, entry.locale
    yield BY, by
    for field in entry.content_type.placement:
        if field.facet and (value := placement.get(field.name)):
            name = TAG if field.kind == "tags" else field.name
            yield from ((name, one) for one in ([value] if isinstance(value, str) else value))


def _words(content: Values) -> list[str]:
    # Without a language no word is left out: whoever looks for a draft may know of it only that it says "about".
    return sorted(set(indexed("\n".join(_texts(content)), "")))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one)
