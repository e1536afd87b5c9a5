"""Bearings: which entries link another or bear a tag, from which of their versions on and until which.

So where one stands is found without reading any text. A tag is known here by its key alone, as a source is in
`citations`: its words stand in the texts, from where erasure can take them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Integer, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import types
from content.database import Base, insert_all
from content.entries import Entry
from content.fields import Field, Values
from content.marks import links_and_tags

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


_KEY = (Bearing.kind, Bearing.key)


def keep(session: Session, entry_id: UUID, number: int, fields: Sequence[Field], values: Values) -> None:
    """Keep what a new version bears; where it bears what the one before did, nothing is written."""
    borne = _borne(fields, values)
    newest = (Bearing.entry_id == entry_id, Bearing.until_version.is_(None))
    stood = (
        {(kind, key) for kind, key in session.execute(select(*_KEY).where(*newest))} if number > 1 else set()
    )
    for kind, key in stood - borne:
        ended = update(Bearing).where(*newest, Bearing.kind == kind, Bearing.key == key)
        session.execute(ended.values(until_version=number).execution_options(synchronize_session=False))
    insert_all(session, Bearing, (_row(one, entry_id, number) for one in sorted(borne - stood)))


def erase(session: Session, entry_id: UUID) -> None:
    """Forget what an entry bore in words that are erased by now."""
    session.flush()
    gone = delete(Bearing).where(Bearing.entry_id == entry_id)
    session.execute(gone.execution_options(synchronize_session=False))
    insert_all(session, Bearing, _made(session.execute(_versions().where(Entry.id == entry_id))))


def remake(session: Session) -> Iterator[str]:
    """Make every row anew from the versions; yield a sentence where they stood differently."""
    table = Base.metadata.tables[Bearing.__tablename__]
    stood = {tuple(row) for row in session.execute(select(table))}
    session.execute(delete(Bearing))
    made = list(_made(session.execute(_versions().execution_options(yield_per=BATCH))))
    insert_all(session, Bearing, made)
    if {tuple(row.values()) for row in made} != stood:
        yield "what versions link and are tagged with stood differently"


def _versions() -> Any:
    version, entry = Base.metadata.tables["version"], Entry.__table__.c
    columns = (version.c.entry_id, version.c.number, version.c.content, version.c.placement, entry.type)
    chosen = select(*columns).join(Entry, entry.id == version.c.entry_id)
    return chosen.order_by(version.c.entry_id, version.c.number)


def _made(versions: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for entry_id, kept in groupby(versions, key=lambda row: row.entry_id):
        yield from _of_one(entry_id, kept)


def _of_one(entry_id: UUID, versions: Iterable[Any]) -> Iterator[dict[str, Any]]:
    standing: dict[tuple[str, str], dict[str, Any]] = {}
    for row in versions:
        borne = _borne(types.get(row.type).fields, {**(row.content or {}), **row.placement})
        for ended in standing.keys() - borne:
            yield {**standing.pop(ended), "until_version": row.number}
        for begun in borne - standing.keys():
            standing[begun] = _row(begun, entry_id, row.number)
    yield from standing.values()


def _borne(fields: Sequence[Field], values: Values) -> Borne:
    return {(mark.kind.value, mark.key) for mark in links_and_tags(fields, values)}


def _row(borne: tuple[str, str], entry_id: UUID, number: int) -> dict[str, Any]:
    kind, key = borne
    return {"kind": kind, "key": key, "entry_id": entry_id, "from_version": number, "until_version": None}
