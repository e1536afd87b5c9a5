"""Bearings: which entries link another or bear a tag, from which of their versions on and until which.

So where one stands is found without reading any text. A link in words is borne as the address that it is written with:
which entry that names depends on where texts have their pages. Tags and addresses are known here by their keys alone,
as a source is in `citations`: their words stand in the texts, from where erasure can take them.

Where an upgrade keeps more of the texts, its migration takes the follower `bearings` away, and all is made anew.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ForeignKeyConstraint,
    Integer,
    String,
    delete,
    distinct,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import followers, marks, types
from content.database import Base, begin_writing, insert_all
from content.entries import Entry
from content.fields import Values
from content.followers import Follower

NAME = "bearings"
BATCH = 1_000
Borne = set[tuple[str, str]]  # kinds and keys


class Bearing(Base):
    """One mark that versions bear: from `from_version` on, up to the one before `until_version`, or to the newest."""

    __tablename__ = "bearing"
    __table_args__ = (
        ForeignKeyConstraint(["entry_id", "from_version"], ["version.entry_id", "version.number"]),
    )

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    from_version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    until_version: Mapped[int | None] = mapped_column(Integer)


def keep(session: Session, entry: Entry, number: int, values: Values) -> None:
    """Keep what a new version bears; where it bears what the one before did, nothing is written."""
    borne, entry_id = _borne(entry.type, entry.locale, values), entry.id
    newest = (Bearing.entry_id == entry_id, Bearing.until_version.is_(None))
    chosen = select(Bearing.kind, Bearing.key, Bearing.from_version).where(*newest)
    stood = {(kind, key): begun for kind, key, begun in session.execute(chosen)} if number > 1 else {}
    ended = [{**_row(one, entry_id, stood[one]), "until_version": number} for one in stood.keys() - borne]
    if ended:
        session.execute(update(Bearing), ended)
    insert_all(session, Bearing, (_row(one, entry_id, number) for one in sorted(borne - stood.keys())))


def erase(session: Session, entry_id: UUID) -> None:
    """Forget what an entry bore in words that are erased by now."""
    session.flush()
    gone = delete(Bearing).where(Bearing.entry_id == entry_id)
    session.execute(gone.execution_options(synchronize_session=False))
    insert_all(session, Bearing, _made(session.execute(_versions().where(Entry.id == entry_id))))


def make_ready(session: Session) -> int:
    """Make every row anew where an older Verso has made them, and commit; return of how many entries there are some.

    0 where they stand already. Whoever saves meanwhile waits, or asks where something is used.
    """
    stands = session.get(Follower, NAME) is not None
    session.rollback()
    if stands:
        return 0
    begin_writing(session)
    if session.get_bind().dialect.name == "postgresql":
        # Whoever saves reads first what stood, and must not have read it before this.
        session.execute(text("LOCK TABLE bearing IN ACCESS EXCLUSIVE MODE"))
    for _ in remake(session):
        pass
    session.commit()
    return session.scalar(select(func.count(distinct(Bearing.entry_id)))) or 0


def remake(session: Session) -> Iterator[str]:
    """Make every row anew from the versions; yield a sentence where they stood differently."""
    table = Base.metadata.tables[Bearing.__tablename__]
    stood = {tuple(row) for row in session.execute(select(table))}
    session.execute(delete(Bearing))
    made = list(_made(session.execute(_versions().execution_options(yield_per=BATCH))))
    insert_all(session, Bearing, made)
    if {tuple(row.values()) for row in made} != stood:
        yield "what versions link and are tagged with stood differently"
    followers.note(session, NAME)


def _versions() -> Any:
    version, entry = Base.metadata.tables["version"], Entry.__table__.c
    columns = (version.c.entry_id, version.c.number, version.c.content, version.c.placement)
    chosen = select(*columns, entry.type, entry.locale).join(Entry, entry.id == version.c.entry_id)
    return chosen.order_by(version.c.entry_id, version.c.number)


def _made(versions: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for entry_id, kept in groupby(versions, key=lambda row: row.entry_id):
        yield from _of_one(entry_id, kept)


def _of_one(entry_id: UUID, versions: Iterable[Any]) -> Iterator[dict[str, Any]]:
    standing: dict[tuple[str, str], dict[str, Any]] = {}
    for row in versions:
        borne = _borne(row.type, row.locale, {**(row.content or {}), **row.placement})
        for ended in standing.keys() - borne:
            yield {**standing.pop(ended), "until_version": row.number}
        for begun in borne - standing.keys():
            standing[begun] = _row(begun, entry_id, row.number)
    yield from standing.values()


def _borne(type_name: str, locale: str, values: Values) -> Borne:
    borne = marks.borne(types.get(type_name).fields, values, locale)
    return {(mark.kind.value, mark.key) for mark in borne}


def _row(borne: tuple[str, str], entry_id: UUID, number: int) -> dict[str, Any]:
    kind, key = borne
    return {"kind": kind, "key": key, "entry_id": entry_id, "from_version": number, "until_version": None}
