"""Whose name stands behind an act or a version, which know people by their id and commands by their name."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.ids import id_of
from admin.people import Person


def names_of(session: Session, by: Iterable[str]) -> dict[str, str]:
    """Return a name for each `by`: the person's, or what it says where that is no person's id."""
    wanted = set(by)
    ids = [known for one in wanted if (known := id_of(one))]
    found = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {**{one: one for one in wanted}, **{str(row.id): row.name for row in found}}
