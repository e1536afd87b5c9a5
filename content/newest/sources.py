"""Sources: those that newest and live versions cite, in the order of their titles, and in that of the saves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ForeignKey, Index, Integer, String, and_, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.citations import Citation
from content.database import Base, CanonicalJSON, each_once, insert_all
from content.fields import Values
from content.fingerprints import key_of
from content.folding import LAST, LONGEST, folded
from content.sources import SOURCES

MOST_COUNTED = 1_000
MOST_NAMED = 6
KEY_LENGTH = 64
_ORDERED = String(LONGEST + 1 + KEY_LENGTH)


class NewestSource(Base):
    """A source that the newest version of an entry cites, or its live one; `id` is that of its row in `newest`.

    `place` is its title folded and its key: in that order sources are listed, and each has one of its own.
    """

    __tablename__ = "newest_source"
    __table_args__ = (Index("ix_newest_source_id", "id"),)

    place: Mapped[str] = mapped_column(
        _ORDERED.with_variant(String(LONGEST + 1 + KEY_LENGTH, collation="C"), "postgresql"), primary_key=True
    )
    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    id: Mapped[int] = mapped_column(Integer)
    facts: Mapped[dict[str, str]] = mapped_column(CanonicalJSON)


@dataclass(frozen=True)
class Known:
    """A source that is cited: by how many entries, up to a thousand and one, and a few of these."""

    place: str
    facts: dict[str, str]
    cited: int
    by: tuple[UUID, ...]


def cited(entry_id: UUID, content: Values) -> list[dict[str, Any]]:
    """Return the rows of an entry's newest version, but for their `id`; each source once."""
    rows = {
        place_of(facts): {"place": place_of(facts), "entry_id": entry_id, "facts": facts}
        for facts in content.get(SOURCES.name) or ()
    }
    return list(rows.values())


def settle(session: Session, ids: Sequence[UUID]) -> None:
    """List what the live versions of entries cite as far as the log was followed by now, and no more."""
    forget_live(session, ids)
    add_live(session, ids)


def add_live(session: Session, ids: Sequence[UUID]) -> None:
    """List what live versions cite and newest ones do not any more, beside what these cite."""
    version, newest = Base.metadata.tables["version"], Base.metadata.tables["newest"]
    shown = and_(version.c.entry_id == newest.c.entry_id, version.c.number == newest.c.live)
    behind = (newest.c.entry_id.in_(ids), newest.c.live != newest.c.latest)
    live = session.execute(
        select(newest.c.id, newest.c.entry_id, version.c.content).join(version, shown).where(*behind)
    ).all()
    if not live:
        return
    places = select(NewestSource.place, NewestSource.entry_id)
    listed = {tuple(one) for one in session.execute(places.where(NewestSource.entry_id.in_(ids)))}
    rows = [{**one, "id": number} for number, of_it, content in live for one in cited(of_it, content or {})]
    insert_all(session, NewestSource, (one for one in rows if (one["place"], one["entry_id"]) not in listed))


def forget_live(session: Session, ids: Sequence[UUID]) -> None:
    """List nothing any more that newest versions do not cite."""
    newest = Base.metadata.tables["newest"]
    key = func.substr(NewestSource.place, func.length(NewestSource.place) - KEY_LENGTH + 1)
    is_newest = and_(newest.c.entry_id == Citation.entry_id, newest.c.latest == Citation.version)
    still = select(Citation.key).join(newest, is_newest)
    still = still.where(Citation.entry_id == NewestSource.entry_id, Citation.key == key)
    gone = delete(NewestSource).where(NewestSource.entry_id.in_(ids), ~still.exists())
    session.execute(gone.execution_options(synchronize_session=False))


def place_of(facts: dict[str, str]) -> str:
    """Return where a source stands in the list."""
    # No letter of a folded title comes before a tab, so a title comes before those that begin with it.
    return f"{folded(facts.get('title', ''))}\t{key_of(facts)}"


def page(session: Session, beginning: str, *, after: str, limit: int) -> list[Known]:
    """Return at most `limit` sources by title behind a place, of those whose titles begin so; one statement.

    It leaps along the index from source to source, however many texts cite each.
    """
    met = _met(beginning, after)
    of_it = select(NewestSource).where(NewestSource.place == met.c.place).correlate(met)
    facts = of_it.with_only_columns(NewestSource.facts).limit(1)
    some = of_it.with_only_columns(NewestSource.entry_id).limit(MOST_COUNTED + 1).subquery()
    count = select(func.count()).select_from(some).correlate(met)
    made_last = of_it.with_only_columns(NewestSource.entry_id).order_by(NewestSource.entry_id.desc()).limit(1)
    by = [made_last.offset(number) for number in range(MOST_NAMED)]
    columns = (one.scalar_subquery() for one in (facts, count, *by))
    rows = session.execute(select(met.c.place, *columns).where(met.c.place.is_not(None)).limit(limit))
    return [Known(place, told, number, tuple(filter(None, ids))) for place, told, number, *ids in rows]


def _met(beginning: str, after: str) -> CTE:
    """The places of the sources whose titles begin so, behind a place; the last is null."""
    letters = folded(beginning)
    wanted = (NewestSource.place >= letters, NewestSource.place < letters + LAST)
    return each_once(NewestSource.place, *wanted, after=after)


def last_cited(session: Session, most: int) -> Sequence[dict[str, str]]:
    """Return each source of the last `most` citations, the last saved first; one statement."""
    chosen = select(NewestSource.place, NewestSource.facts).order_by(NewestSource.id.desc()).limit(most)
    return list({row.place: row.facts for row in session.execute(chosen)}.values())
