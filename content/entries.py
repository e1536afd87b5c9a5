"""Entries: the lasting identity of each thing that can be public, in one locale."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import types
from content.database import Base, new_id
from content.errors import Fault, InTrash, Invalid, NotFound
from content.traces import trace_of_source


class Entry(Base):
    """What stays the same through all versions. `latest`, `title` and `saved_at` follow the newest version.

    `source` names what an entry was read from, by which a second reading knows it again; erasure leaves a trace of it.
    `trashed_at` and `trashed_by` say since when, and by whom, a draft lies in the trash.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("source", "locale"),
        Index("ix_entry_type_saved_at", "type", "saved_at"),
        Index("ix_entry_type_title", "type", "title", "id"),
        Index(
            "ix_entry_trashed_at",
            "trashed_at",
            "id",
            sqlite_where=text("trashed_at IS NOT NULL"),
            postgresql_where=text("trashed_at IS NOT NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    type: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(35))
    translation_group: Mapped[UUID] = mapped_column(index=True)
    source: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    latest: Mapped[int]
    title: Mapped[str] = mapped_column(String(400))
    saved_at: Mapped[datetime]
    trashed_at: Mapped[datetime | None]
    trashed_by: Mapped[str | None] = mapped_column(String(100))

    @property
    def content_type(self) -> types.ContentType:
        """The declaration of this entry's fields."""
        return types.get(self.type)


def entry(session: Session, entry_id: UUID) -> Entry:
    """Return the entry of that id; raises NotFound."""
    found = session.get(Entry, entry_id)
    if found is None:
        raise NotFound(f"entry {entry_id}")
    return found


def require_kept(entry: Entry) -> None:
    """Raise InTrash where a draft was put aside."""
    if entry.trashed_at is not None:
        raise InTrash(entry.id)


def group_for(session: Session, type_name: str, locale: str, translation_of: UUID | None) -> UUID:
    """Return the translation group of a new entry: a new one, or that of the entry which it translates.

    Raises NotFound, and Invalid where the other is of another type, or the group has an entry in that locale.
    """
    if translation_of is None:
        return new_id()
    group = entry(session, translation_of).translation_group
    for other in session.scalars(select(Entry).where(Entry.translation_group == group)):
        if other.type != type_name:
            raise Invalid([Fault("/translation_of", f"is no {type_name}")])
        if other.locale == locale:
            raise Invalid([Fault("/locale", f"{locale} is there already")])
    return group


def from_source(session: Session, source: str, locale: str) -> Entry | None:
    """Return the entry that was read from `source`, or None; one that was erased since is known by its trace."""
    sources = (source, trace_of_source(source))
    return session.scalar(select(Entry).where(Entry.source.in_(sources), Entry.locale == locale))


def types_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the content type's name of each id that is an entry's; the others are missing."""
    rows = session.execute(select(Entry.id, Entry.type).where(Entry.id.in_(list(ids))))
    return {row.id: row.type for row in rows}
