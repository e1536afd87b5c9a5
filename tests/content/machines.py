"""State machines of hypothesis, each run on databases that are empty."""

import os
import sqlite3
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from content.database import prepare_engine
from tests.databases import empty

FULL = os.environ.get("CI") == "true" or os.environ.get("VERSO_LONG") == "1"
# Shrinking a run of fifty steps takes minutes: ask for it with VERSO_SHRINK=1 once there is something to shrink.
PHASES = [phase for phase in Phase if phase != Phase.shrink or os.environ.get("VERSO_SHRINK") == "1"]


def run_on_sqlite(machine, sqlite_template, runs):
    """Run a machine on copies of a migrated SQLite file; it opens each with its `open_session`."""
    template = bytearray(sqlite_template.read_bytes())
    # Bytes 18 and 19 of the header say that a write-ahead log stands beside the file; in memory there is none.
    template[18] = template[19] = 1
    _run(machine, lambda: _in_memory(bytes(template)), runs)


def run_on_postgresql(machine, url, runs):
    """Run a machine on a PostgreSQL database that is empty each time."""
    _run(machine, lambda: _emptied(url), runs)


def _run(machine, open_session, runs):
    machine = type(machine.__name__, (machine,), {"open_session": staticmethod(open_session)})
    chosen = settings(
        max_examples=runs,
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=PHASES,
    )
    run_state_machine_as_test(machine, settings=chosen)


@contextmanager
def _in_memory(template):
    """A session on a copy of a SQLite file that lives in memory: no disk, in this test alone."""

    def connect():
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        connection.deserialize(template)
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool)
    prepare_engine(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@contextmanager
def _emptied(url):
    """A session on a PostgreSQL database that is empty, and is so again for whoever comes next."""
    engine = create_engine(url)
    prepare_engine(engine)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()
        empty(url)
