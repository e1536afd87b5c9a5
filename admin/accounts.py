"""flask-security, kept to what we want of it: hashing and the person who is signed in; none of its pages or tokens."""

from datetime import UTC, datetime
from typing import cast

from flask import Flask, session
from flask_security import Security, SQLAlchemySessionUserDatastore, current_user, login_user, logout_user

from admin import sign_ins
from admin.people import Person, PersonRole
from admin.roles import Right
from storage import db

TOKEN = "sign_in"
CSRF_TOKEN = "csrf_token"
OPENED_BY = "opened_by"  # the field of every form that says for whom it was opened


def init_app(app: Flask) -> None:
    """Set flask-security up without its routes, commands and tokens."""
    app.config.update(
        SECURITY_PASSWORD_HASH="argon2",
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        # argon2 salts by itself; a pepper from the secret key would make every password die with that key.
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_CLI_USERS_NAME="",
        SECURITY_CLI_ROLES_NAME="",
        # A person's address changes under way; what ends a session is its row in the database.
        SESSION_PROTECTION=None,
    )
    people = SQLAlchemySessionUserDatastore(db.session, Person, PersonRole)
    security = Security(app, people, register_blueprint=False)
    security.login_manager.user_loader(_signed_in_as)
    # Left as it is, flask-security takes a token from any request's query string, header or body.
    security.login_manager.request_loader(lambda _request: None)


def _signed_in_as(uniquifier: str) -> Person | None:
    person = sign_ins.person_of(db.session(), str(session.get(TOKEN, "")), now=datetime.now(UTC))
    return person if person is not None and person.fs_uniquifier == uniquifier else None


def person_now() -> Person | None:
    """Return who is signed in, or None."""
    return cast(Person, current_user) if current_user.is_authenticated else None


def signed_in_id() -> str:
    """Return the id under which versions and acts know who is signed in; raises where nobody is."""
    person = person_now()
    if person is None:
        raise LookupError("nobody is signed in")
    return str(person.id)


def may(right: Right) -> bool:
    """Tell whether whoever is signed in has `right`."""
    person = person_now()
    return person is not None and person.may(right)


def open_session(person: Person, *, now: datetime) -> None:
    """Sign the person in with this browser, in a session that holds nothing of the one before.

    The same person keeps their form token, so that what they were writing when a session ran out can still be sent.
    """
    token = session.get(CSRF_TOKEN) if session.get("_user_id") == person.fs_uniquifier else None
    session.clear()
    session.permanent = True
    session[TOKEN] = sign_ins.begin(db.session(), person, now=now)
    if token:
        session[CSRF_TOKEN] = token
    login_user(person, remember=False)


def close_session() -> None:
    """Sign this browser out, and its cookie for good, whoever may have copied it."""
    sign_ins.end(db.session(), str(session.get(TOKEN, "")))
    logout_user()
    session.clear()
