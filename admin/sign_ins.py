"""Who is signed in where: one row per browser, so that signing out, or being disabled, ends it for good.

The cookie holds a random token; the table holds its hash, so that a copy of the database signs nobody in.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from admin.people import Person
from content.database import Base, begin_writing

LASTS = timedelta(days=7)


class SignIn(Base):
    """One browser in which a person is signed in."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    began_at: Mapped[datetime]
    ends_at: Mapped[datetime]


def begin(session: Session, person: Person, *, now: datetime) -> str:
    """Sign the person in; returns the token for the browser's cookie. Sign-ins that ran out are swept away."""
    token = secrets.token_urlsafe(32)
    begin_writing(session)
    session.execute(delete(SignIn).where(SignIn.ends_at <= now))
    row = SignIn(token_hash=hash_of(token), person_id=person.id, began_at=now, ends_at=now + LASTS)
    session.add(row)
    session.flush()
    return token


def person_of(session: Session, token: str, *, now: datetime) -> Person | None:
    """Return who is signed in with `token`; None where nobody is, any more, or the person is disabled."""
    return session.scalar(
        select(Person)
        .join(SignIn)
        .where(SignIn.token_hash == hash_of(token), SignIn.ends_at > now, Person.active)
    )


def end(session: Session, token: str) -> None:
    """Sign out the one browser that holds `token`."""
    begin_writing(session)
    session.execute(delete(SignIn).where(SignIn.token_hash == hash_of(token)))


def end_all(session: Session, person: Person, *, but: str | None = None) -> None:
    """Sign a person out everywhere, except in the browser that holds the token `but`."""
    begin_writing(session)
    ended = delete(SignIn).where(SignIn.person_id == person.id)
    session.execute(ended.where(SignIn.token_hash != hash_of(but)) if but else ended)


def hash_of(token: str) -> str:
    """Return what is stored of a random token; it has 256 bits, so that a plain hash will do."""
    return sha256(token.encode()).hexdigest()
