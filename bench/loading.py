"""Loading: rows brought into a database in bulk, past its triggers and foreign keys, its indexes made afterwards."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, create_engine, inspect, text

from content.database import Base

Load = Callable[[Iterable[Base]], None]


@contextmanager
def bulk(engine: Engine) -> Iterator[Load]:
    """Yield what stores new rows; when all is done, all is as if they had been stored one by one, and committed."""
    with opened(engine) as connection:
        yield lambda rows: _store(connection, rows)


@contextmanager
def opened(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that no trigger, foreign key or index holds up; when all is done it is committed."""
    # The app's connections to SQLite heed foreign keys; plain ones do not.
    plain = create_engine(engine.url)
    with plain.connect() as connection:
        indexes = [index for table in Base.metadata.tables.values() for index in table.indexes]
        for index in indexes:
            index.drop(connection)
        with _unguarded(connection):
            yield connection
        for index in indexes:
            index.create(connection)
        connection.commit()
    plain.dispose()
    tidy(engine)


def tidy(engine: Engine) -> None:
    """Do at once what PostgreSQL does by itself within minutes: count what tables hold, and sort new words in."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        return
    guards = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for guard in guards:
        connection.exec_driver_sql(f'DROP TRIGGER "{guard.name}"')
    yield
    for guard in guards:
        connection.exec_driver_sql(guard.sql)


def _store(connection: Connection, rows: Iterable[Base]) -> None:
    by_table = defaultdict[Table, list[Base]](list)
    for row in rows:
        table = inspect(type(row)).local_table
        assert isinstance(table, Table)
        by_table[table].append(row)
    for table, stored in by_table.items():
        columns = list(table.columns)
        written = [_writer(column, connection) for column in columns]
        tuples = (
            tuple(write(getattr(row, column.key)) for column, write in zip(columns, written, strict=True))
            for row in stored
        )
        _copy(connection, table, columns, tuples)


def _writer(column: Column[Any], connection: Connection) -> Callable[[Any], Any]:
    """Return what turns a column's value into what the driver is handed."""
    return column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) or (
        lambda value: value
    )


def _copy(
    connection: Connection, table: Table, columns: list[Column[Any]], rows: Iterable[tuple[Any, ...]]
) -> None:
    names = ", ".join(f'"{column.name}"' for column in columns)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" for _ in columns)
        driver.executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({places})', rows)
        return
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
