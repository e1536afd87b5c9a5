"""The people of the newsroom: who they are, what they may do, and how they come and go.

A person is never deleted, since versions and acts name their authors by id; whoever leaves is disabled.
"""

import secrets
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from flask_security import RoleMixin, UserMixin, hash_password, verify_password
from sqlalchemy import CheckConstraint, ForeignKey, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from admin.errors import AlreadyThere, BadField, LastAdministrator, PersonNotFound
from admin.roles import Right, Role, rights_of
from admin.zones import known_zones
from content.characters import refused_character
from content.database import Base, begin_writing, new_id

EMAIL_LENGTH = 254  # characters, after RFC 5321
NAME_LENGTH = 200
PASSWORD_LENGTHS = (10, 200)  # the upper bound keeps a hash from being made to work for minutes


class PersonRole(RoleMixin, Base):
    """A role that a person holds; `name` is what flask-security calls it."""

    __tablename__ = "person_role"
    __table_args__ = (
        CheckConstraint("name IN ('author', 'reviewer', 'editor', 'administrator')", name="known_role"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)


class Person(UserMixin, Base):
    """Somebody with an account; `password` is an argon2 hash, null until the person has chosen one."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    # flask-security's mixin believes that an id is a number and its list of roles is its own.
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)  # type: ignore[assignment]
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    credentials: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    active: Mapped[bool] = mapped_column(default=True)
    password: Mapped[str | None] = mapped_column(String(255), default=None)
    # flask-security wants it; what ends a session here is its row in `sign_in`.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(32))
    time_zone: Mapped[str | None] = mapped_column(String(64), default=None)  # None: the newsroom's
    created_at: Mapped[datetime]
    roles: Mapped[list[PersonRole]] = relationship(  # type: ignore[assignment]
        lazy="selectin", cascade="all, delete-orphan", order_by=PersonRole.name
    )

    @property
    def role_names(self) -> set[Role]:
        return {Role(role.name) for role in self.roles}

    def may(self, right: Right) -> bool:
        """Tell whether the person is enabled and holds a role that gives `right`."""
        return self.active and right in rights_of(self.role_names)


def people(session: Session) -> list[Person]:
    """Return everybody, those who are enabled first, then by name."""
    return list(session.scalars(select(Person).order_by(Person.active.desc(), Person.name, Person.id)))


def by_id(session: Session, person_id: UUID) -> Person:
    """Return the person; raises PersonNotFound."""
    person = session.get(Person, person_id)
    if person is None:
        raise PersonNotFound(str(person_id))
    return person


def by_email(session: Session, email: str) -> Person:
    """Return the person with that address, however it is capitalised; raises PersonNotFound."""
    if refused_character(email):  # which PostgreSQL would not even compare
        raise PersonNotFound("of that name")
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if person is None:
        raise PersonNotFound(email)
    return person


def add(
    session: Session, *, email: str, name: str, roles: set[Role], now: datetime, credentials: str = ""
) -> Person:
    """Add a person who has no password yet.

    Raises BadField for an address, a name or roles that cannot be, AlreadyThere for an address in use.
    """
    email = checked_email(email)
    begin_writing(session)
    if session.scalar(select(Person.id).where(Person.email == email)):
        raise AlreadyThere(email)
    person = Person(email=email, name=checked_text("name", name), created_at=now)
    person.credentials = checked_text("credentials", credentials, required=False)
    person.roles = [PersonRole(name=role.value) for role in sorted(checked_roles(roles))]
    session.add(person)
    session.flush()
    return person


def change(session: Session, person: Person, *, name: str, credentials: str, roles: set[Role]) -> None:
    """Change what is said of a person and the roles they hold; raises BadField, LastAdministrator."""
    name, credentials = checked_text("name", name), checked_text("credentials", credentials, required=False)
    kept = checked_roles(roles)
    begin_writing(session)
    if Role.ADMINISTRATOR not in kept:
        _require_another_administrator(session, person)
    person.name, person.credentials = name, credentials
    held = {role.name: role for role in person.roles}
    person.roles = [held.get(role.value) or PersonRole(name=role.value) for role in sorted(kept)]
    session.flush()


def choose_time_zone(session: Session, person: Person, name: str) -> None:
    """Let a person read and type times by the clock of a zone (IANA), or by the newsroom's for ""; raises BadField."""
    if name and name not in known_zones():
        raise BadField("time zone", "is none that is known")
    begin_writing(session)
    person.time_zone = name or None
    session.flush()


def disable(session: Session, person: Person) -> None:
    """Shut a person out at once; raises LastAdministrator."""
    begin_writing(session)
    _require_another_administrator(session, person)
    person.active = False
    session.flush()


def enable(session: Session, person: Person) -> None:
    """Let a disabled person in again, with the password and the roles that they had."""
    begin_writing(session)
    person.active = True
    session.flush()


def set_password(session: Session, person: Person, password: str) -> None:
    """Give a person a new password; raises BadField where it is too short or too long."""
    hashed = hash_password(checked_password(password))
    begin_writing(session)
    person.password = hashed
    session.flush()


def password_fits(person: Person | None, password: str) -> bool:
    """Tell whether `password` is the person's; takes as long for nobody, so that time tells no address."""
    known = person.password if person is not None and person.active else None
    fits = verify_password(password[: PASSWORD_LENGTHS[1]], known or hash_of_nobody())
    return bool(fits) and known is not None and len(password) <= PASSWORD_LENGTHS[1]


def ensure_administrator(
    session: Session, email: str, password: str | None, *, now: datetime | None = None
) -> str | None:
    """Make the first administrator where there is no person yet, and commit.

    Returns the password where it had to be made up, else None. A password that the operator gave is taken as it is.
    """
    begin_writing(session)
    if session.scalar(select(func.count()).select_from(Person)):
        return None
    made_up = None if password else secrets.token_urlsafe(15)
    at = now or datetime.now(UTC)
    person = add(session, email=email, name="Administrator", roles={Role.ADMINISTRATOR}, now=at)
    person.password = hash_password(password or made_up or "")
    session.commit()
    return made_up


def checked_email(email: str) -> str:
    """Return the address in lower case; raises BadField. Whether post reaches it is not asked."""
    email = email.strip().lower()
    local, at, domain = email.partition("@")
    odd = refused_character(email) or any(character.isspace() for character in email)
    if not (local and at and domain) or "@" in domain or odd or len(email) > EMAIL_LENGTH:
        raise BadField("email", "needs to be an email address, such as ada@example.org")
    return email


def checked_text(field: str, value: str, *, required: bool = True) -> str:
    """Return one line of text without blanks around it; raises BadField."""
    value = value.strip()
    if required and not value:
        raise BadField(field, "is needed")
    if len(value) > NAME_LENGTH:
        raise BadField(field, f"is longer than {NAME_LENGTH} characters")
    if refused_character(value) or "\n" in value or "\r" in value:
        raise BadField(field, "has a character in it that cannot be kept")
    return value


def checked_roles(roles: set[Role]) -> set[Role]:
    """Return `roles`; raises BadField where there is none."""
    if not roles:
        raise BadField("roles", "need at least one to be chosen")
    return roles


def checked_password(password: str) -> str:
    """Return the password; raises BadField where it is too short or too long."""
    shortest, longest = PASSWORD_LENGTHS
    if not shortest <= len(password) <= longest:
        raise BadField("password", f"needs {shortest} to {longest} characters")
    return password


def _require_another_administrator(session: Session, person: Person) -> None:
    """Raise LastAdministrator where nobody else is one; two who disable each other at once wait for one another."""
    everyone = (
        select(Person.id)
        .join(PersonRole)
        .where(PersonRole.name == Role.ADMINISTRATOR.value, Person.active)
        .order_by(Person.id)
        .with_for_update(of=Person)
    )
    if set(session.scalars(everyone)) == {person.id}:
        raise LastAdministrator(person.email)


@cache
def hash_of_nobody() -> str:
    """Return a hash that no password is known to fit, made like real ones, so that checking it costs the same."""
    return str(hash_password(secrets.token_hex()))
