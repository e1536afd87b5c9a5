"""Citations: which versions cite a source, so that what rests on one is found without reading any text.

A source is known here by its key alone: its words stand in the texts, from where erasure can take them.
"""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Integer, String, Text, delete, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.database import Base, insert_all
from content.fields import Values
from content.fingerprints import key_of
from content.sources import SOURCES

BATCH = 1_000


class Citation(Base):
    """One source that a version cites."""

    __tablename__ = "citation"
    __table_args__ = (ForeignKeyConstraint(["entry_id", "version"], ["version.entry_id", "version.number"]),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)


def keep(session: Session, entry_id: UUID, version: int, content: Values) -> None:
    """Keep what a new version cites."""
    insert_all(session, Citation, _rows(entry_id, version, content))


def erase(session: Session, entry_id: UUID, versions: Sequence[int]) -> None:
    """Forget what versions cited whose words are erased."""
    cited = (Citation.entry_id == entry_id, Citation.version.in_(versions))
    session.execute(delete(Citation).where(*cited).execution_options(synchronize_session=False))


def remake(session: Session) -> Iterator[str]:
    """Make every row anew from the versions; yield a sentence where they stood differently."""
    table = Base.metadata.tables["version"]
    # Canonical JSON has a key in one way only.
    citing = type_coerce(table.c.content, Text).contains(f'"{SOURCES.name}":[', autoescape=True)
    chosen = select(table.c.entry_id, table.c.number, table.c.content).where(citing)
    stood = {tuple(row) for row in session.execute(select(Citation.key, Citation.entry_id, Citation.version))}
    session.execute(delete(Citation))
    made: set[tuple[Any, ...]] = set()
    for some in session.execute(chosen.execution_options(yield_per=BATCH)).partitions():
        rows = [row for found in some for row in _rows(*found)]
        insert_all(session, Citation, rows)
        made |= {tuple(row.values()) for row in rows}
    if made != stood:
        yield "what versions cite stood differently"


def _rows(entry_id: UUID, version: int, content: Values) -> list[dict[str, Any]]:
    # A list may hold the same source twice.
    keys = dict.fromkeys(key_of(facts) for facts in content.get(SOURCES.name) or ())
    return [{"key": key, "entry_id": entry_id, "version": version} for key in keys]
