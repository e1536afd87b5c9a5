"""Autosaves: what an editor has typed and not saved yet, kept for that editor alone.

An autosave is an unnumbered buffer of one form in one tab. It holds what was typed, as it was typed. It
is never exported, searched or published, and nobody else is told of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, types, versions
from content.database import Base, CanonicalJSON, begin_writing, put
from content.entries import Entry
from content.errors import ContentRetracted, NotFound
from content.log import State
from content.traces import ERASED, trace_of_source

NOTICE = timedelta(days=14)  # for as long its editor sees that something is to go
UNTOLD = timedelta(days=365)


class Autosave(Base):
    """One form as it was left; `based_on` is the version it started from, None for an entry that is not made yet.

    `typed` is what stood in each field, by its name; `told_at` is when its editor was told that it is to go.
    """

    __tablename__ = "autosave"
    __table_args__ = (
        Index("ix_autosave_by_type_entry_id", "by", "type", "entry_id"),
        Index("ix_autosave_kept_at", "kept_at"),
    )

    tab: Mapped[UUID] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(String(100))
    type: Mapped[str] = mapped_column(String(40))
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("entry.id"), index=True)
    based_on: Mapped[int | None]
    typed: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    kept_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    def goes_at(self, days: int) -> datetime | None:
        """Return when it goes, of an editor who was told; None where it does not yet, or nothing ever does."""
        if not days or not self.told_at:
            return None
        return max(self.kept_at + timedelta(days=days), self.told_at + NOTICE)


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
    or the tab is somebody else's or about something else; ContentRetracted where the version was erased, or words of
    the entry that this tab has made.
    """
    begin_writing(session)
    declared = types.get(type_name)
    if entry_id:
        _require_words(session, declared.name, entry_id, based_on)
    else:
        _require_nothing_erased(session, source_of(tab, by))
    now = now or database.clock(session)
    row = {
        "tab": tab,
        "by": by,
        "type": declared.name,
        "entry_id": entry_id,
        "based_on": based_on if entry_id else None,
        "typed": dict(typed),
        "kept_at": now,
        "told_at": None,
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


def of_editor(session: Session, *, by: str, most: int) -> Sequence[tuple[Autosave, Entry | None]]:
    """Return all that an editor left unsaved, the last first, each with its entry where it has one."""
    chosen = select(Autosave, Entry).outerjoin(Entry, Entry.id == Autosave.entry_id).where(Autosave.by == by)
    newest_first = chosen.order_by(Autosave.kept_at.desc(), Autosave.tab)
    return [(one, entry) for one, entry in session.execute(newest_first.limit(most))]


def tell(session: Session, shown: Iterable[Autosave], *, days: int, now: datetime) -> bool:
    """Note that their editor is told of those that are to go soon; return whether there were any to note.

    From then on they stay for `NOTICE` at least, however old they are.
    """
    soon = now - timedelta(days=days) + NOTICE
    untold = [one.tab for one in shown if days and not one.told_at and one.kept_at <= soon]
    if untold:
        begin_writing(session)
        told = update(Autosave).where(Autosave.tab.in_(untold), Autosave.kept_at <= soon)
        session.execute(told.values(told_at=now))
    return bool(untold)


def forget(session: Session, *, days: int, now: datetime) -> int:
    """Forget what was typed so many days ago, and nobody came back to, and commit; return how many went.

    Its editor was told a while before. Who was never there to be told has a year more. 0 days: nothing ever goes.
    """
    old = now - timedelta(days=days)
    given_up = Autosave.told_at.is_(None) & (Autosave.kept_at <= old - UNTOLD)
    gone = and_(Autosave.kept_at <= old, (Autosave.told_at <= now - NOTICE) | given_up)
    if not days or session.scalar(select(Autosave.tab).where(gone).limit(1)) is None:
        session.rollback()
        return 0
    begin_writing(session)
    went = len(session.scalars(delete(Autosave).where(gone).returning(Autosave.tab)).all())
    session.commit()
    return went


def autosave(session: Session, tab: UUID, *, by: str) -> Autosave:
    """Return what was kept of a tab; raises NotFound where that is nothing, or not this editor's."""
    found = session.get(Autosave, tab, populate_existing=True)
    if found is None or found.by != by:
        raise NotFound(f"tab {tab}")
    return found


def discard(session: Session, tabs: Collection[UUID], *, by: str) -> None:
    """Forget what an editor typed in these tabs: it was saved, or is not wanted."""
    if tabs:
        begin_writing(session)
        session.execute(delete(Autosave).where(Autosave.tab.in_(tabs), Autosave.by == by))


def source_of(tab: UUID, by: str) -> str:
    """Return what an entry is known by that was made in a tab, so that a form sent twice makes one."""
    return f"{_TAB}{tab} of {by}"


_TAB = "tab "


def erase(session: Session, entry_id: UUID, source: str | None) -> None:
    """Destroy every buffer of an entry and of the tab that made it, told by its `source`: any may hold erased words."""
    of_entry = Autosave.entry_id == entry_id
    tab = _tab_of(source or "")
    session.execute(delete(Autosave).where(or_(of_entry, Autosave.tab == tab) if tab else of_entry))


def _tab_of(source: str) -> UUID | None:
    try:
        return UUID(source.removeprefix(_TAB).partition(" ")[0]) if source.startswith(_TAB) else None
    except ValueError:
        return None  # a file may be called anything


def _require_words(session: Session, type_name: str, entry_id: UUID, based_on: int | None) -> None:
    """Raise unless there is that version of an entry of that type, and its words are not erased."""
    # Whoever erases queues here too, so that no buffer can slip past an erasure.
    if versions.queued(session, entry_id).type != type_name:
        raise NotFound(f"{type_name} {entry_id}")
    started_from = versions.version(session, entry_id, based_on or 0)
    if started_from.erased:
        raise ContentRetracted(started_from.number, State.ERASED)


def _require_nothing_erased(session: Session, source: str) -> None:
    """Raise where words were erased of what a tab has made: it may be open still, and send them once more."""
    for made in session.scalars(select(Entry.id).where(Entry.source.in_((source, trace_of_source(source))))):
        one = versions.queued(session, made)
        if one.source and one.source.startswith(ERASED):
            raise ContentRetracted(one.latest, State.ERASED)
