"""The commands that `flask` has of us: what is wrong with the database is told in one sentence, not in a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from sqlite3 import SQLITE_NOTADB

import click
from flask.cli import AppGroup
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import DatabaseError, OperationalError


class Commands(AppGroup):
    """The app's commands. Each passes here on its way to be run, also those that a package adds."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        return command and _telling(command)


def _telling(command: click.Command) -> click.Command:
    """Return a copy of the command, which may be a group, that tells what is wrong with the database."""

    def invoke(context: click.Context) -> object:
        with _told():
            return command.invoke(context)

    telling = copy(command)
    telling.invoke = invoke  # type: ignore[assignment, method-assign]
    return telling


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except DatabaseError as error:
        if _lacks_tables(error):
            raise click.ClickException(
                "the database DATABASE_URL lacks tables of this version: `make run` or "
                "`.venv/bin/flask db upgrade` makes them."
            ) from error
        if isinstance(error, OperationalError) or _is_no_database(error):
            raise click.ClickException(f"cannot use the database DATABASE_URL: {error.orig}") from error
        raise


def _lacks_tables(error: DatabaseError) -> bool:
    # SQLite has no code of its own for it.
    told = str(error.orig).startswith(("no such table", "no such column"))
    return told or isinstance(error.orig, UndefinedTable | UndefinedColumn)


def _is_no_database(error: DatabaseError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", None) == SQLITE_NOTADB
