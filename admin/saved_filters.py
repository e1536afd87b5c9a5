"""Saved filters: what somebody asks of a list again and again, under a name of their own."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from admin.errors import BadField
from admin.people import Person
from content.characters import normalised, refused_character
from content.database import Base, CanonicalJSON, begin_writing, new_id
from content.errors import NotFound

NAME_LENGTH = 60
MOST = 50  # that one person keeps
MOST_SHOWN = 200


class SavedFilter(Base):
    """A named filter of one type's list; `query` is what stands in the list's address, without a place in it.

    `shared`: everybody finds it, as long as who made it works here. Only they change it.
    """

    __tablename__ = "saved_filter"
    __table_args__ = (
        UniqueConstraint("person_id", "type", "name", name="uq_saved_filter_person_id_type_name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    type: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    query: Mapped[dict[str, str]] = mapped_column(CanonicalJSON)
    shared: Mapped[bool]
    made_at: Mapped[datetime]


def keep(
    session: Session,
    *,
    type_name: str,
    name: str,
    query: Mapping[str, str],
    shared: bool,
    person_id: UUID,
    now: datetime,
) -> SavedFilter:
    """Keep a filter under a name; raises BadField for a name or a query that cannot be, or one too many."""
    if not query:
        raise BadField("filter", "asks for nothing yet: choose first what the list is to show")
    if any(refused_character(value) for value in query.values()):
        raise BadField("filter", "has a character in it that cannot be kept")
    name = _checked(name)
    _queue(session, person_id)
    mine = select(func.count()).select_from(SavedFilter).where(SavedFilter.person_id == person_id)
    if session.scalars(mine).one() >= MOST:
        raise BadField("filters", f"are {MOST} already: remove one first")
    _require_free(session, person_id, type_name, name)
    kept = SavedFilter(person_id=person_id, type=type_name, name=name, query=dict(query), shared=shared)
    kept.made_at = now
    session.add(kept)
    session.flush()
    return kept


def found_by(
    session: Session, person_id: UUID, type_name: str | None = None
) -> Sequence[tuple[SavedFilter, str]]:
    """Return a person's own filters and then those that others share, by name, each with its maker's name."""
    shared = SavedFilter.shared & Person.active
    chosen = select(SavedFilter, Person.name).join(Person, Person.id == SavedFilter.person_id)
    chosen = chosen.where(or_(SavedFilter.person_id == person_id, shared))
    if type_name:
        chosen = chosen.where(SavedFilter.type == type_name)
    others = SavedFilter.person_id != person_id
    ordered = chosen.order_by(others, SavedFilter.type, SavedFilter.name, SavedFilter.id).limit(MOST_SHOWN)
    return [(kept, maker) for kept, maker in session.execute(ordered)]


def own(session: Session, filter_id: UUID, *, person_id: UUID) -> SavedFilter:
    """Return a person's own filter; raises NotFound."""
    found = session.get(SavedFilter, filter_id)
    if found is None or found.person_id != person_id:
        raise NotFound(f"filter {filter_id}")
    return found


def change(session: Session, kept: SavedFilter, *, name: str, shared: bool) -> None:
    """Give a filter another name, and share it or not; raises BadField."""
    name = _checked(name)
    _queue(session, kept.person_id)
    _require_free(session, kept.person_id, kept.type, name, but=kept.id)
    kept.name, kept.shared = name, shared
    session.flush()


def remove(session: Session, kept: SavedFilter) -> None:
    """Forget a filter; what it found stays as it is."""
    begin_writing(session)
    session.delete(kept)
    session.flush()


def _queue(session: Session, person_id: UUID) -> None:
    """Let what one person does in two tabs at once be done one after the other."""
    begin_writing(session)
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(of=Person))


def _checked(name: str) -> str:
    name = normalised(name).strip()
    if not name:
        raise BadField("name", "is needed")
    if len(name) > NAME_LENGTH:
        raise BadField("name", f"is longer than {NAME_LENGTH} characters")
    if refused_character(name) or "\n" in name:
        raise BadField("name", "has a character in it that cannot be kept")
    return name


def _require_free(
    session: Session, person_id: UUID, type_name: str, name: str, *, but: UUID | None = None
) -> None:
    bearing = (SavedFilter.person_id == person_id, SavedFilter.type == type_name, SavedFilter.name == name)
    found = session.scalar(select(SavedFilter.id).where(*bearing))
    if found not in (None, but):
        raise BadField("name", f"“{name}” is a filter of yours already")
