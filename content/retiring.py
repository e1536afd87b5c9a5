"""Retiring: tags and sources that are offered no more, and kept by the texts that bear them.

A topic or an author is an entry, and is withdrawn instead.
"""

from datetime import datetime

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database
from content.database import Base, begin_writing, put
from content.marks import Kind, Mark


class Retired(Base):
    """One that is retired, known by its `key` alone: its words stand in the texts, from where erasure can take them."""

    __tablename__ = "retired"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    by: Mapped[str] = mapped_column(String(100))
    retired_at: Mapped[datetime]


def retire(session: Session, mark: Mark, *, by: str, now: datetime | None = None) -> None:
    """Offer a tag or a source no more; one that is retired already is retired anew."""
    begin_writing(session)
    put(
        session,
        Retired,
        {"kind": mark.kind, "key": mark.key, "by": by, "retired_at": now or database.clock(session)},
    )


def offer_again(session: Session, mark: Mark) -> None:
    """Offer a tag or a source as before; one that is not retired stays as it is."""
    begin_writing(session)
    session.execute(delete(Retired).where(Retired.kind == mark.kind, Retired.key == mark.key))


def retired(session: Session, kind: Kind) -> frozenset[str]:
    """Return the keys of all that are retired of a kind."""
    return frozenset(session.scalars(select(Retired.key).where(Retired.kind == kind)))
