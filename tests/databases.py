"""Databases that several tests share one after the other."""

from sqlalchemy import create_engine, event, text
from sqlalchemy.orm import Session

from content.database import Base


def empty(url):
    """Take every row from the tables of a PostgreSQL database but the epoch that its log began with."""
    engine = create_engine(url)
    names = [f'"{table.name}"' for table in Base.metadata.sorted_tables if table.name != "epoch"]
    with engine.begin() as connection:
        # A replica heeds neither the triggers that keep rows from being deleted nor foreign keys; and where there
        # are few rows, deleting takes a tenth of the time of TRUNCATE, which makes every file anew. The lock waits
        # for what a process that a test has killed was about to commit.
        steps = ["SET LOCAL session_replication_role = replica", f"LOCK TABLE {', '.join(names)}"]
        steps += [f"DELETE FROM {name}" for name in names]
        # One that a test began would date what the tests after it are answered.
        steps.append("DELETE FROM epoch WHERE after_sequence > 0")
        connection.execute(text("; ".join(steps)))
    engine.dispose()


def before_the_lock(engine, do):
    """Call `do` with another session when somebody is about to ask for the log's lock on PostgreSQL, once."""
    waiting = [do]

    def look(*told):
        if waiting and "pg_advisory_xact_lock" in told[2]:
            with Session(engine) as other:
                waiting.pop()(other)

    event.listen(engine, "before_cursor_execute", look)
