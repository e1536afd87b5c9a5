"""Links by which a person sets their own password: shown once, good once, and not for long."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from admin.errors import LinkSpent, PersonDisabled
from admin.people import Person, set_password
from admin.sign_ins import end_all, hash_of
from content.database import Base, begin_writing

LASTS = timedelta(hours=72)


class SetUpLink(Base):
    """The one link that a person has at a time; a newer one takes its place."""

    __tablename__ = "set_up_link"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ends_at: Mapped[datetime]


def make(session: Session, person: Person, *, now: datetime) -> str:
    """Return the token of a new link for the person; the one before it stops working.

    Raises PersonDisabled for whoever is shut out.
    """
    if not person.active:
        raise PersonDisabled(person.email)
    token = secrets.token_urlsafe(32)
    begin_writing(session)
    void(session, person)
    session.add(SetUpLink(person_id=person.id, token_hash=hash_of(token), ends_at=now + LASTS))
    session.flush()
    return token


def void(session: Session, person: Person) -> None:
    """Stop the person's link from working, if there is one."""
    begin_writing(session)
    session.execute(delete(SetUpLink).where(SetUpLink.person_id == person.id))


def person_of(session: Session, token: str, *, now: datetime) -> Person:
    """Return whom the link is for; raises LinkSpent where it does not work any more, or never did."""
    person = session.scalar(
        select(Person)
        .join(SetUpLink)
        .where(SetUpLink.token_hash == hash_of(token), SetUpLink.ends_at > now, Person.active)
    )
    if person is None:
        raise LinkSpent
    return person


def use(session: Session, token: str, password: str, *, now: datetime) -> Person:
    """Set the password of the link's person and spend the link; raises LinkSpent, BadField.

    Whoever was signed in as that person is signed out.
    """
    begin_writing(session)
    person = person_of(session, token, now=now)
    set_password(session, person, password)
    # Of two requests with the same link at once, only the one that deletes the row has used it.
    spent = delete(SetUpLink).where(SetUpLink.token_hash == hash_of(token)).returning(SetUpLink.person_id)
    if session.scalar(spent) is None:
        raise LinkSpent
    end_all(session, person)
    return person
