"""Keyring: how often it was changed what answers rest on besides the log: keys' ends, partners' terms, signatures.

None of that is an act, for what anybody may read stays as it is. Whoever keeps answers asks for this number with the
end of the log, and keeps none from before it.
"""

from typing import Any

from sqlalchemy import Integer, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import watermark
from content.database import Base


class Keyring(Base):
    """One row, once anything was changed."""

    __tablename__ = "keyring"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    changes: Mapped[int]


CHANGES = select(Keyring.changes).where(Keyring.id == 1).scalar_subquery()


def turn(session: Session) -> None:
    """Let no answer that is kept outlive this transaction, which the caller commits."""
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    first = dialect.insert(Keyring).values(id=1, changes=1)
    # Two that change it at once count one after the other, for the row is locked until the first has committed.
    session.execute(first.on_conflict_do_update(index_elements=["id"], set_={"changes": Keyring.changes + 1}))
    watermark.plan(session)
