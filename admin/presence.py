"""Who has an entry's form open: each tab says so every few seconds, and is told who else does."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from admin.people import Person
from content.database import Base, begin_writing, put

# A browser lets a tab in the background speak once a minute.
STAYS = timedelta(seconds=70)


class Presence(Base):
    """One tab in which a person has an entry's form open, and when it last said so."""

    __tablename__ = "presence"

    tab: Mapped[UUID] = mapped_column(primary_key=True)
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime] = mapped_column(index=True)


def note(session: Session, tab: UUID, *, entry_id: UUID, person_id: UUID, now: datetime) -> None:
    """Note that a person has the entry open in a tab; tabs that fell silent are forgotten."""
    begin_writing(session)
    session.execute(delete(Presence).where(Presence.seen_at <= now - STAYS))
    row = {"tab": tab, "entry_id": entry_id, "person_id": person_id, "seen_at": now}
    put(session, Presence, row, where=Presence.person_id == person_id)


def leave(session: Session, tab: UUID, *, person_id: UUID) -> None:
    """Forget a tab that was closed."""
    begin_writing(session)
    session.execute(delete(Presence).where(Presence.tab == tab, Presence.person_id == person_id))


def others(session: Session, entry_id: UUID, *, person_id: UUID, now: datetime) -> Sequence[str]:
    """Return the names of those who have the entry open beside this person, in order."""
    here = select(Presence.person_id).where(Presence.entry_id == entry_id, Presence.seen_at > now - STAYS)
    named = select(Person.name).where(Person.id.in_(here), Person.id != person_id)
    return session.scalars(named.order_by(Person.name)).all()
