"""Databases of the bench's own: a file of SQLite's, and one of PostgreSQL's where a server lets us in."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from tests.machine import lacking, postgresql_url


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """Yield the address of a database in `folder`."""
    yield f"sqlite:///{folder}/verso.db"


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Yield the address of a new database, which is gone afterwards."""
    server = create_engine(postgresql_url(), isolation_level="AUTOCOMMIT")
    name = f"verso_bench_{os.getpid()}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(postgresql_url()).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


def missing() -> str | None:
    """Return why PostgreSQL cannot be measured here, or None."""
    return lacking("postgresql")
