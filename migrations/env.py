"""How Alembic runs our steps: on the app's own engine, all in one transaction, one process at a time.

Two servers that start at once both come here; the second waits, and finds nothing left to do.
"""

from alembic import context
from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, text

MIGRATION_LOCK = 0x7665_7274  # the key of PostgreSQL's advisory lock that migrations queue for


def migrate() -> None:
    database: SQLAlchemy = current_app.extensions["migrate"].db
    # `writing` makes SQLite's transaction hold the writer's lock from its first statement.
    with database.engine.connect().execution_options(writing=True) as connection:
        _foreign_keys(connection, "OFF")
        with connection.begin():
            _wait_for_turn(connection)
            _run(connection, database)
        _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    # SQLite changes a table by copying and dropping it, which would empty what refers to it; and it heeds
    # this pragma outside a transaction only, so it goes past SQLAlchemy, which would begin one.
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA foreign_keys={state}")
        cursor.close()


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def _run(connection: Connection, database: SQLAlchemy) -> None:
    arguments = current_app.extensions["migrate"].configure_args
    context.configure(connection=connection, target_metadata=database.metadatas[None], **arguments)
    context.run_migrations()
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise RuntimeError("a migration left rows that refer to nothing; nothing was changed")


migrate()
