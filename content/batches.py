"""Batches: one act of the newsroom asked for many entries at once, worked off one by one, each in its own transaction.

What was chosen is kept when it is chosen, so that it stays the same however long it takes. An item is marked as done in
the transaction that does it, so that nothing is done twice, whoever works at it and whenever one dies.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database
from content.database import Base, CanonicalJSON, begin_writing, insert_all, new_id
from content.entries import Entry
from content.errors import ContentError, Fault, Invalid, NotFound

UNBEGUN = timedelta(days=1)  # for as long as what was chosen can be begun, in whichever tab that was
GIVEN_UP = timedelta(days=7)  # for as long it stays of somebody who chooses nothing else


class Verb(StrEnum):
    """What can be done to many entries."""

    SUBMIT = "submit"
    PUBLISH = "publish"
    SCHEDULE = "schedule"
    TAG = "tag"
    WITHDRAW = "withdraw"


class Fate(StrEnum):
    """What has become of one item."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


# A column of JSON has None as SQL's own null.
_UNBEGUN: dict[str, Any] = {
    "sqlite_where": text("options IS NULL"),
    "postgresql_where": text("options IS NULL"),
}


class Batch(Base):
    """What one person asked for many entries of a type; `options` are the verb's own, None until it is begun."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_by_made_at", "by", "made_at"),
        Index("ix_batch_unbegun", "made_at", **_UNBEGUN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    type: Mapped[str] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(20))
    options: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJSON)
    by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]


class Item(Base):
    """One entry of a batch, and the version that was newest when it was chosen; `outcome` says why it failed."""

    __tablename__ = "batch_item"
    __table_args__ = (Index("ix_batch_item_fate", "batch_id", "fate", "place"),)

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), index=True)
    version: Mapped[int]
    fate: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class Progress:
    """How many items of a batch wait, were done and failed."""

    waiting: int
    done: int
    failed: int

    @property
    def all(self) -> int:
        """How many there are."""
        return self.waiting + self.done + self.failed


def choose(
    session: Session,
    verb: Verb,
    type_name: str,
    ids: Iterable[Sequence[UUID]],
    *,
    by: str,
    now: datetime | None = None,
) -> Batch:
    """Keep what a person has chosen, some ids at a time; each entry of the type once, and none from the trash.

    What the same person chose long before and never began is forgotten. Raises Invalid where nothing is left.
    """
    begin_writing(session)
    now = now or database.clock(session)
    _forget(session, Batch.by == by, Batch.made_at <= now - UNBEGUN)
    made = Batch(type=type_name, verb=verb, options=None, by=by, made_at=now)
    session.add(made)
    session.flush()
    seen: set[UUID] = set()
    for some in ids:
        fresh = [one for one in dict.fromkeys(some) if one not in seen]
        about = (Entry.id.in_(fresh), Entry.type == type_name, Entry.trashed_at.is_(None))
        latest = {row.id: row.latest for row in session.execute(select(Entry.id, Entry.latest).where(*about))}
        insert_all(
            session,
            Item,
            (
                {"batch_id": made.id, "place": place, "entry_id": one, "version": latest[one], **_WAITING}
                for place, one in enumerate((one for one in fresh if one in latest), len(seen) + 1)
            ),
        )
        seen |= latest.keys()
    if not seen:
        raise Invalid([Fault("/entries", "are none that this can be done to")])
    return made


_WAITING = {"fate": Fate.WAITING, "outcome": None}


def forget(session: Session, *, now: datetime) -> int:
    """Forget what was chosen so long ago and never begun, and commit; return how many batches went."""
    old = Batch.made_at <= now - GIVEN_UP
    if session.scalar(select(Batch.id).where(Batch.options.is_(None), old).limit(1)) is None:
        session.rollback()
        return 0
    begin_writing(session)
    went = _forget(session, old)
    session.commit()
    return went


def _forget(session: Session, *such: ColumnElement[bool]) -> int:
    # Whoever begins one at this moment waits, or is waited for and keeps it.
    chosen = select(Batch.id).where(Batch.options.is_(None), *such).order_by(Batch.id).with_for_update()
    ids = session.scalars(chosen).all()
    for gone in (delete(Item).where(Item.batch_id.in_(ids)), delete(Batch).where(Batch.id.in_(ids))):
        session.execute(gone.execution_options(synchronize_session=False))
    return len(ids)


def batch(session: Session, batch_id: UUID, *, by: str) -> Batch:
    """Return a person's own batch; raises NotFound."""
    found = session.get(Batch, batch_id)
    if found is None or found.by != by:
        raise NotFound(f"batch {batch_id}")
    return found


def begin(session: Session, chosen: Batch, options: dict[str, Any]) -> None:
    """Say how it is to be done; raises Invalid where it was begun already."""
    begin_writing(session)
    begun = update(Batch).where(Batch.id == chosen.id, Batch.options.is_(None)).values(options=options)
    if session.execute(begun.returning(Batch.id)).first() is None:
        raise Invalid([Fault("/batch", "was begun already")])


def work(session: Session, batch_id: UUID, do: Callable[[Item], None], *, most: int) -> int:
    """Do the next items, at most so many, and return how many were tried.

    `do` does one within the transaction that marks it, and may commit it; what it refuses is kept with the reason.
    """
    chosen = select(Item.place).where(Item.batch_id == batch_id, Item.fate == Fate.WAITING)
    places = session.scalars(chosen.order_by(Item.place).limit(most)).all()
    for place in places:
        _one(session, batch_id, place, do)
    return len(places)


def _one(session: Session, batch_id: UUID, place: int, do: Callable[[Item], None]) -> None:
    begin_writing(session)
    try:
        # Whoever else works at it waits here, and then finds that it does not wait any more.
        if _ended(session, batch_id, place, Fate.DONE):
            do(session.get_one(Item, (batch_id, place), populate_existing=True))
        session.commit()
    except ContentError as error:
        session.rollback()
        begin_writing(session)
        _ended(session, batch_id, place, Fate.FAILED, error.to_keep)
        session.commit()


def _ended(session: Session, batch_id: UUID, place: int, fate: Fate, outcome: str | None = None) -> bool:
    """Mark an item that waits, and return whether it did."""
    waits = (Item.batch_id == batch_id, Item.place == place, Item.fate == Fate.WAITING)
    ended = update(Item).where(*waits).values(fate=fate, outcome=outcome)
    ended_one = ended.execution_options(synchronize_session=False).returning(Item.place)
    return session.execute(ended_one).first() is not None


_WORDS = {Verb.SUBMIT: "message", Verb.TAG: "tag"}  # in which of a verb's options words of a text may stand


def erase(session: Session, entry_id: UUID) -> None:
    """Destroy what batches keep of an entry's words: why it failed, what reviewers were told of it, and its tag."""
    about = update(Item).where(Item.entry_id == entry_id, Item.outcome.is_not(None))
    session.execute(about.values(outcome="").execution_options(synchronize_session=False))
    of_entry = select(Item.batch_id).where(Item.entry_id == entry_id)
    told = select(Batch).where(Batch.id.in_(of_entry), Batch.verb.in_(_WORDS), Batch.options.is_not(None))
    for one in session.scalars(told):
        one.options = {**(one.options or {}), _WORDS[Verb(one.verb)]: None}
    session.flush()


def progress(session: Session, batch_id: UUID) -> Progress:
    """Return how far a batch has come."""
    counts = select(Item.fate, func.count()).where(Item.batch_id == batch_id).group_by(Item.fate)
    found = {row[0]: row[1] for row in session.execute(counts)}
    return Progress(*(found.get(fate, 0) for fate in (Fate.WAITING, Fate.DONE, Fate.FAILED)))


def items(
    session: Session, batch_id: UUID, fate: Fate, *, after: int = 0, most: int = 100
) -> list[tuple[Item, Entry]]:
    """Return items of one fate with their entries, in their order behind a place."""
    chosen = select(Item, Entry).join(Entry, Entry.id == Item.entry_id)
    about = chosen.where(Item.batch_id == batch_id, Item.fate == fate, Item.place > after)
    return [(item, entry) for item, entry in session.execute(about.order_by(Item.place).limit(most))]


def of_person(session: Session, by: str, most: int) -> Sequence[Batch]:
    """Return what a person has begun, the last first."""
    return _begun(session, by, most)


def under_way(session: Session, by: str, most: int) -> Sequence[Batch]:
    """Return what a person has begun and is not done yet, the last first."""
    return _begun(session, by, most, _has(Fate.WAITING))


def failed_lately(session: Session, by: str, since: datetime, most: int) -> Sequence[Batch]:
    """Return what a person has begun since a moment that is done, but for items that failed; the last first."""
    return _begun(session, by, most, Batch.made_at >= since, _has(Fate.FAILED), ~_has(Fate.WAITING))


def _begun(session: Session, by: str, most: int, *such: ColumnElement[bool]) -> Sequence[Batch]:
    begun = select(Batch).where(Batch.by == by, Batch.options.is_not(None), *such)
    return session.scalars(begun.order_by(Batch.made_at.desc(), Batch.id.desc()).limit(most)).all()


def _has(fate: Fate) -> ColumnElement[bool]:
    return select(Item.place).where(Item.batch_id == Batch.id, Item.fate == fate).exists()
