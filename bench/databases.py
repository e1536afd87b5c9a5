"""Databases of the bench's own: a file of SQLite's, and one of PostgreSQL's where a server lets us in."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import flask_migrate
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from app import create_app
from content.database import prepare_engine
from storage import db
from tests.machine import lacking, postgresql_url


@dataclass(frozen=True)
class Database:
    """A migrated database of some kind, a key of `KINDS`; `folder` is for what its server keeps beside it."""

    kind: str
    url: str
    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """What Verso is started with on it."""
        ours = {
            "DATABASE_URL": self.url,
            "VERSO_VAR": str(self.folder),
            "VERSO_SEED": "0",
            "VERSO_LIMITS": "0",
        }
        return {**os.environ, **ours}


@contextmanager
def new(kind: str) -> Iterator[Database]:
    """Yield a database with nothing in it, which is gone afterwards."""
    with TemporaryDirectory() as folder, KINDS[kind](Path(folder)) as url:
        made = Database(kind, url, Path(folder))
        _migrate(made)
        yield made


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Yield an engine as the app has it."""
    engine = create_engine(url)
    prepare_engine(engine)
    try:
        yield engine
    finally:
        engine.dispose()


def missing(kind: str) -> str | None:
    """Return why a kind of database cannot be measured here, or None."""
    return lacking("postgresql") if kind == "PostgreSQL" else None


def _migrate(made: Database) -> None:
    with create_app(made.environment).app_context():
        flask_migrate.upgrade()
        db.engine.dispose()


@contextmanager
def _sqlite(folder: Path) -> Iterator[str]:
    yield f"sqlite:///{folder}/verso.db"


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    server = create_engine(postgresql_url(), isolation_level="AUTOCOMMIT")
    name = f"verso_bench_{os.getpid()}_{uuid4().hex[:8]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield make_url(postgresql_url()).set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


KINDS = {"SQLite": _sqlite, "PostgreSQL": _postgresql}
