"""`flask people` and `flask lists`: what is done to the newsroom from the machine itself."""

import secrets
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.orm import Session

from admin import attempts, set_up_links, sign_ins
from admin import people as everybody
from admin.errors import NewsroomError
from admin.roles import Role
from content import bearings
from content.newest import following
from content.search import remaking
from storage import db


@click.command("lists")
@with_appcontext
def lists() -> None:
    """Make the newsroom's lists, what texts are found by and what they link anew where an upgrade asks for it."""
    made = filter(None, [make(db.session()) for make in (make_lists, make_search, make_bearings)])
    click.echo("\n".join(made) or "The newsroom's lists stand already.")


def make_lists(session: Session) -> str | None:
    """Make the newsroom's lists anew where an upgrade has left none; return that it was done, where there was any."""
    listed = following.make_ready(session)
    return (
        f"Made the newsroom's lists anew: {listed:,} {'entry' if listed == 1 else 'entries'}"
        if listed
        else None
    )


def make_search(session: Session) -> str | None:
    """Make what texts are found by anew where an upgrade asks for it; return that it was done, where there was any."""
    found = remaking.make_ready(session)
    return (
        f"Made what texts are found by anew: {found:,} {'text' if found == 1 else 'texts'}" if found else None
    )


def make_bearings(session: Session) -> str | None:
    """Keep anew what texts link and bear where an upgrade asks for it; return that it was done, where there was any."""
    borne = bearings.make_ready(session)
    return (
        f"Noted anew what texts link and bear: {borne:,} {'entry' if borne == 1 else 'entries'}"
        if borne
        else None
    )


people = AppGroup("people", help="Add people to the newsroom and give them passwords.")


@people.command("add")
@click.argument("email")
@click.option(
    "--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role])
)
@click.option("--name", default="", help="Their name; the part of the address before the @ unless given.")
@click.option(
    "--credentials", default="", help='What stands behind the name, such as "MD, vascular surgery".'
)
def add(email: str, roles: tuple[str, ...], name: str, credentials: str) -> None:
    """Add a person with one or more roles, and print the link by which they set their password."""
    now = datetime.now(UTC)
    try:
        person = everybody.add(
            db.session(),
            email=email,
            name=name or email.partition("@")[0],
            credentials=credentials,
            roles={Role(role) for role in roles},
            now=now,
        )
    except NewsroomError as error:
        raise click.ClickException(str(error)) from error
    token = set_up_links.make(db.session(), person, now=now)
    db.session.commit()
    hours = int(set_up_links.LASTS.total_seconds() // 3600)
    click.echo(f"{person.email} is added. This link sets their password, once, within {hours} hours:")
    click.echo(f"{current_app.config['VERSO_PUBLIC_URL']}/admin/set-up/{token}")


@people.command("password")
@click.argument("email")
@click.option(
    "--password", "chosen", help="The new password; one is made up and printed where this is not given."
)
def password(email: str, chosen: str | None) -> None:
    """Give a person a new password and sign them out everywhere."""
    new = chosen or secrets.token_urlsafe(15)
    try:
        person = everybody.by_email(db.session(), email)
        everybody.set_password(db.session(), person, new)
    except NewsroomError as error:
        raise click.ClickException(str(error)) from error
    sign_ins.end_all(db.session(), person)
    # Whoever holds a link that was made before must not set another; and nobody waits for others' guesses.
    set_up_links.void(db.session(), person)
    attempts.forget(db.session(), email=person.email)
    db.session.commit()
    click.echo(f"{person.email} has a new password" + (f": {new}" if chosen is None else "."))
