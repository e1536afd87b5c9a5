"""What SQLite walks to answer statements: an index, or a whole table."""

from contextlib import contextmanager

from sqlalchemy import event


@contextmanager
def planned(engine):
    """Yield a list that holds, after the block, the steps of SQLite's plan for each statement sent in it."""
    sent, steps = [], []

    def note(connection, cursor, statement, parameters, context, many):
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            sent.append((statement, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield steps
    finally:
        event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        for statement, given in sent:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
            steps += [row.detail for row in rows]


def walked(steps):
    """The steps that walk all of a table that grows; of acts and of what waits only the first is read."""
    tables = (
        "bearing citation document edition entry facet line newest review search_key search_text search_word version"
    ).split()
    scans = [step for step in steps if step.startswith(tuple(f"SCAN {table}" for table in tables))]
    return [step for step in scans if "VIRTUAL TABLE" not in step]
