"""`flask serve`: everything that a first start needs, done where it is not done yet, and then the server."""

import os
import socket
import sys
from collections.abc import Callable

import click
import flask_migrate
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from settings import ROOT
from storage import db

# In each worker. More only take Python from one another: a first read costs a fifth more with eight. The engine's
# pool has 15 connections, so none waits for one.
THREADS = 4
# Seconds that a worker may take to end. One that is told to before it has loaded the app does not hear it, and
# without a limit the server would wait for it for ever.
PATIENCE = 10

Step = Callable[[Session], str | None]


def command(*steps: Step) -> click.Command:
    """Return the command; each of `steps` fills the migrated database, and may return a line to print."""

    @click.command("serve")
    @with_appcontext
    def serve() -> None:
        """Migrate, fill an empty database, and serve."""
        host, port = str(current_app.config["VERSO_HOST"]), int(current_app.config["PORT"])
        _refuse_taken(host, port)
        flask_migrate.upgrade()
        for step in steps:
            # Each line is out before the next step may fail: a password is told once only.
            if line := step(db.session()):
                click.echo(line)
        click.echo(_addresses())
        _become_server(host, port)

    return serve


def _refuse_taken(host: str, port: int) -> None:
    # The server would share a port with another of its kind without a word.
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.ClickException(
            f"cannot serve on VERSO_HOST {host}, PORT {port}: {reason}. Another port: PORT=8001 make run"
        ) from error


def _addresses() -> str:
    start = current_app.config["VERSO_PUBLIC_URL"]
    return f"Verso     {start}/\nNewsroom  {start}/admin/\nAPI       {start}/api/v1/docs"


def _become_server(host: str, port: int) -> None:
    """Turn this process into the server, so that whoever started it stops it by the same process id."""
    db.session.remove()
    db.engine.dispose()
    workers = int(current_app.config["VERSO_WORKERS"])
    os.execv(sys.executable, server("wsgi:application", host, port, workers))  # noqa: S606


def server(application: str, host: str, port: int, workers: int) -> list[str]:
    """Return the command that serves `application`, as `module:name`."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS), "--respawn-failed-workers"),
        *("--workers-kill-timeout", str(PATIENCE), "--working-dir", str(ROOT), "--log-level", "error"),
        application,
    ]
