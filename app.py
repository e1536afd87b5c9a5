"""create_app(): the one module that knows api, admin, seeds and courier, and does nothing but join them."""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import admin
import api
import seeds
import serving
import settings
import signing_key
import storage
from admin.commands import make_bearings, make_lists, make_search
from admin.errors import BadField
from admin.people import EMAIL_LENGTH, PASSWORD_LENGTHS, checked_email, ensure_administrator
from api import ahead, callers, handed
from api.embeds import script
from commands import Commands
from content import signing
from courier import Beat, Forgetter, Hook, Hub, Last, Pinger, Purger, Timer
from secret import secret_key

USAGE_EVERY = 1.0  # seconds; as much of what was handed out is lost where a worker is killed
USES_EVERY = 30  # seconds; on which day a key was last used is written down so much later
AHEAD_EVERY = (
    0.05  # seconds; a text is not at hand for so long after an act that touched it, and is read then
)
PURGING_EVERY = 0.5  # seconds; a purge comes so much later than its act at most
PINGING_EVERY = 1.0  # seconds
FORGETTING_EVERY = 3600.0


class Verso(Flask):
    """Flask, as far as it asks before each call of a function whether that is a coroutine: none of ours is."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return `func` as it is."""
        return func


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """Return Verso's Flask app; what `config` says goes before the environment.

    Reads the settings here and nowhere else, starts no thread and opens no database. A key of `config` that
    is no setting of ours is Flask's or an extension's. Raises SettingError for a value that cannot be used.
    """
    given = dict(config or {})
    values = settings.read({**os.environ, **given})
    _require_administrator(str(values["VERSO_ADMIN_EMAIL"]), str(values["VERSO_ADMIN_PASSWORD"]))
    folder = settings.folder(str(values["VERSO_VAR"]))
    app = Verso("verso", root_path=str(settings.ROOT), static_folder=None, instance_path=str(folder))
    app.config.update({**given, **values})
    app.config["SECRET_KEY"] = values["VERSO_SECRET_KEY"] or secret_key(folder)
    app.config["SQLALCHEMY_DATABASE_URI"] = values["DATABASE_URL"]
    app.cli = Commands(app.name)
    _join(app)
    return app


def _require_administrator(email: str, password: str) -> None:
    """Raise SettingError unless the newsroom lets in whoever has that address and password (or none set)."""
    try:
        checked_email(email)
    except BadField as error:
        wanted = f"an e-mail address of at most {EMAIL_LENGTH} characters"
        raise settings.SettingError("VERSO_ADMIN_EMAIL", email, wanted) from error
    # How short it may be is the operator's affair; one that sign-in would not read to its end locks them out.
    longest = PASSWORD_LENGTHS[1]
    if len(password) > longest:
        raise settings.SettingError("VERSO_ADMIN_PASSWORD", None, f"at most {longest} characters long")


def _join(app: Flask) -> None:
    storage.init_app(app)
    with app.app_context():
        signing.use(storage.db.engine, signing_key.read(str(app.config["VERSO_SIGNING_KEY"])))
    app.cli.add_command(signing_key.command)
    admin.init_app(app, seeds.read_text, script.built)
    api.init_app(app)
    seeds.init_app(app)
    app.cli.add_command(
        serving.command(make_lists, make_search, make_bearings, seeds.fill, first_administrator)
    )
    _start_courier_when_asked(app)


def first_administrator(session: Session) -> str | None:
    """Make an administrator where there is nobody yet; return how to sign in where we made up the password."""
    email, password = current_app.config["VERSO_ADMIN_EMAIL"], current_app.config["VERSO_ADMIN_PASSWORD"]
    made_up = ensure_administrator(session, email, password or None)
    return f"Sign in as {email} with password {made_up}" if made_up else None


def _start_courier_when_asked(app: Flask) -> None:
    """Let a worker's first request start what leaves by itself: never an import, a command or a test."""
    with app.app_context():
        engine = storage.db.engine
    started: list[Timer | Beat | Last] = [Timer(lambda: Session(engine))]
    forgetter = Forgetter(lambda: Session(engine), app.config["VERSO_AUTOSAVE_DAYS"])
    started += _making_ahead(app, engine)
    started.append(Beat("verso-forgetter", forgetter.tick, every=FORGETTING_EVERY))
    if url := app.config["VERSO_PURGE_URL"]:
        header, key = str(app.config["VERSO_PURGE_HEADER"]), str(app.config["SECRET_KEY"]).encode()
        purger = Purger(lambda: Session(engine), Hook(str(url), header, key))
        started.append(Beat("verso-purger", purger.tick, every=PURGING_EVERY))
    if hub := app.config["VERSO_WEBSUB_HUB"]:
        pinger = Pinger(lambda: Session(engine), Hub(str(hub), str(app.config["VERSO_PUBLIC_URL"])))
        started.append(Beat("verso-pinger", pinger.tick, every=PINGING_EVERY))

    def write_uses() -> None:
        with Session(engine) as session:
            uses.write(session)

    def write_usage() -> None:
        with Session(engine) as session:
            counts.write(session, datetime.now(UTC))

    uses, counts = callers.uses(app), handed.counts(app)
    started.append(Beat("verso-keys", write_uses, every=USES_EVERY))
    started.append(Beat("verso-usage", write_usage, every=USAGE_EVERY))
    started += [Last("verso-last-usage", write_usage), Last("verso-last-keys", write_uses)]

    @app.before_request
    def start() -> None:
        if not app.testing:
            for one in started:
                one.start()


def _making_ahead(app: Flask, engine: Engine) -> list[Beat]:
    """Return what has texts made before anybody asks for them; nothing where the settings say so."""
    wholes = ahead.wholes(app)

    def turn() -> None:
        if wholes.is_behind:
            with Session(engine) as session:
                wholes.go_on(session)

    return [Beat("verso-ahead", turn, every=AHEAD_EVERY)] if app.config["VERSO_AHEAD"] else []
