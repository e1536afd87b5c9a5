"""The blog-text reader, and the texts that a new installation starts with."""

from flask import Flask, current_app
from sqlalchemy.orm import Session

from content.locales import canonical
from seeds import shipped
from seeds.commands import seed
from seeds.pasting import read_text as read_text


def init_app(app: Flask) -> None:
    """Give `app` the `flask seed` commands."""
    app.cli.add_command(seed)


def fill(session: Session) -> None:
    """Sow the shipped texts into an empty database, unless VERSO_SEED says not to."""
    if current_app.config["VERSO_SEED"]:
        shipped.fill(session, locale=canonical(str(current_app.config["VERSO_LOCALE"])))
