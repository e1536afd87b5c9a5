"""Autosaves: what an editor has typed and not saved yet, kept for that editor alone.

An autosave is an unnumbered buffer of one form in one tab. It holds what was typed, as it was typed. It
is never exported, searched or published, and nobody else is told of it.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, types, versions
from content.database import Base, CanonicalJSON, begin_writing, put
from content.errors import ContentRetracted, NotFound
from content.log import State


class Autosave(Base):
    """One form as it was left; `based_on` is the version it started from, None for an entry that is not made yet.

    `typed` is what stood in each field, by its name.
    """

    __tablename__ = "autosave"
    __table_args__ = (Index("ix_autosave_by_type_entry_id", "by", "type", "entry_id"),)

    tab: Mapped[UUID] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(String(100))
    type: Mapped[str] = mapped_column(String(40))
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("entry.id"), index=True)
    based_on: Mapped[int | None]
    typed: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    kept_at: Mapped[datetime]


def keep(
    session: Session,
    tab: UUID,
    typed: Mapping[str, Any],
    *,
    by: str,
    type_name: str,
    entry_id: UUID | None = None,
    based_on: int | None = None,
    instead_of: UUID | None = None,
    now: datetime | None = None,
) -> datetime:
    """Keep what is typed in a tab in place of what was kept of it before; returns since when.

    `instead_of` is a tab that is gone, whose words this one took up. Raises NotFound where there is no such version,
    or the tab is somebody else's or about something else; ContentRetracted where the version was erased.
    """
    begin_writing(session)
    declared = types.get(type_name)
    if entry_id:
        _require_words(session, declared.name, entry_id, based_on)
    now = now or database.clock(session)
    row = {
        "tab": tab,
        "by": by,
        "type": declared.name,
        "entry_id": entry_id,
        "based_on": based_on if entry_id else None,
        "typed": dict(typed),
        "kept_at": now,
    }
    same = (
        (Autosave.by == by) & (Autosave.type == type_name) & Autosave.entry_id.is_not_distinct_from(entry_id)
    )
    if not put(session, Autosave, row, where=same):
        raise NotFound(f"tab {tab}")
    discard(session, [instead_of] if instead_of and instead_of != tab else [], by=by)
    return now


def left(
    session: Session, *, by: str, type_name: str, entry_id: UUID | None, most: int = 20
) -> Sequence[Autosave]:
    """Return what an editor left unsaved of an entry, or of new ones of a type where None is given; the last first."""
    about = (Autosave.by == by, Autosave.type == type_name, Autosave.entry_id.is_not_distinct_from(entry_id))
    newest_first = select(Autosave).where(*about).order_by(Autosave.kept_at.desc(), Autosave.tab)
    return session.scalars(newest_first.limit(most)).all()


def autosave(session: Session, tab: UUID, *, by: str) -> Autosave:
    """Return what was kept of a tab; raises NotFound where that is nothing, or not this editor's."""
    found = session.get(Autosave, tab)
    if found is None or found.by != by:
        raise NotFound(f"tab {tab}")
    return found


def discard(session: Session, tabs: Collection[UUID], *, by: str) -> None:
    """Forget what an editor typed in these tabs: it was saved, or is not wanted."""
    if tabs:
        begin_writing(session)
        session.execute(delete(Autosave).where(Autosave.tab.in_(tabs), Autosave.by == by))


def erase(session: Session, entry_id: UUID) -> None:
    """Destroy every buffer of an entry: any of them may hold the words that are being erased."""
    session.execute(delete(Autosave).where(Autosave.entry_id == entry_id))


def _require_words(session: Session, type_name: str, entry_id: UUID, based_on: int | None) -> None:
    """Raise unless there is that version of an entry of that type, and its words are not erased."""
    # Whoever erases queues here too, so that no buffer can slip past an erasure.
    if versions.queued(session, entry_id).type != type_name:
        raise NotFound(f"{type_name} {entry_id}")
    started_from = versions.version(session, entry_id, based_on or 0)
    if started_from.erased:
        raise ContentRetracted(started_from.number, State.ERASED)
