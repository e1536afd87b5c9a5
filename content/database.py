"""What every table stands on: the declarative base, our column types, and how a transaction that writes begins.

SQLite and PostgreSQL behave alike behind this module: times come back aware and in UTC, and a transaction that
is going to write says so first, since SQLite cannot turn a reader into a writer once somebody else has written.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from sqlite3 import SQLITE_BUSY, OperationalError
from typing import Any
from uuid import UUID

import orjson
import rfc8785
from sqlalchemy import (
    CTE,
    JSON,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Engine,
    FromClause,
    Insert,
    Join,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    event,
    func,
    insert,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.sql.compiler import SQLCompiler
from uuid_utils.compat import uuid7

READ_COMMITTED = 2  # psycopg's number for it
BUSY_SECONDS = 60  # how long a connection to SQLite waits for another to finish
READS_BY = "verso.reads_by"  # where a session that only reads keeps its connection
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
ACT_LOCK = 0x7665_7273_6F  # "verso": the key of PostgreSQL's advisory lock that acts queue for
TREE_LOCK = 0x7472_6565  # "tree": that for which saves queue that put one entry below another


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, aware and in UTC on both sides; SQLite would drop the offset of a column with a time zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"an instant needs its offset: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        # SQLite keeps text, which SQLAlchemy would take apart by itself, at several times the cost.
        return _instant if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _instant(stored: str | None) -> datetime | None:
    return None if stored is None else datetime.fromisoformat(stored).replace(tzinfo=UTC)


class CanonicalJSON(TypeDecorator[Any]):
    """JSON kept as the text of RFC 8785, so that what was hashed is what is stored."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else rfc8785.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


class Base(DeclarativeBase):
    """The one declarative base; constraints are named by rule, so that a migration can speak of them."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UTCDateTime(), date: Date(), UUID: Uuid()},
    )


def insert_all(session: Session, table: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Store new rows, past the session: what it does for each object takes many times as long as storing it."""
    kept, made = Base.metadata.tables[table.__tablename__], list(rows)
    if not made:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_inserted(kept, tuple(made[0])), {"rows": _as_json(session, kept, made)})
    else:
        session.execute(insert(kept), made)


@lru_cache(maxsize=32)
def _inserted(kept: Table, names: tuple[str, ...]) -> Insert:
    # In one statement, with one value for all rows: to PostgreSQL each row would be a statement of its own.
    told = cast(bindparam("rows", type_=Text), JSON)
    columns = [column(name, kept.c[name].type) for name in names]
    given = func.json_to_recordset(told).table_valued(*columns).render_derived(with_types=True)
    return insert(kept).from_select(names, select(*given.c))


def _as_json(session: Session, kept: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    dialect = session.get_bind().dialect
    into = {name: kept.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]}
    processed = [(name, process) for name, process in into.items() if process]
    told = [{**row, **{name: process(row[name]) for name, process in processed}} for row in rows]
    return orjson.dumps(told).decode()


def put(
    session: Session, table: type[Base], row: Mapping[str, Any], *, where: ColumnElement[bool] | None = None
) -> bool:
    """Store a row, in place of the one that has its primary key; returns False where that one is not such as `where`.

    Two that store the same row at once do so one after the other.
    """
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    key = list(table.__mapper__.primary_key)
    stored = dialect.insert(table).values(dict(row))
    replaced = stored.on_conflict_do_update(index_elements=key, set_=dict(row), where=where)
    return session.execute(replaced.returning(*key)).first() is not None


def among(columns: Sequence[Any], rows: Collection[Sequence[Any]]) -> ColumnElement[bool]:
    """The rows of a table whose columns hold one of several tuples, found by an index that begins with the first.

    SQLite looks no two tuples up in an index, but the values of one column: without them it would walk the table.
    """
    return and_(columns[0].in_({row[0] for row in rows}), tuple_(*columns).in_(rows))


def each_once(column: Any, *own: ColumnElement[bool], after: Any = None) -> CTE:
    """The values of a column in the rows that are `own`, each once and in order, behind one; the last is null.

    It leaps along an index from each to the next (https://wiki.postgresql.org/wiki/Loose_indexscan), which neither
    database does by itself.
    """
    behind = () if after is None else (column > after,)
    met = select(func.min(column).label(column.key)).where(*own, *behind).cte("met", recursive=True)
    here = met.c[column.key]
    further = select(func.min(column)).where(*own, column > here).scalar_subquery()
    return met.union_all(select(further).where(here.is_not(None)))


def row_of(kept: Base) -> dict[str, Any]:
    """Return an object's row, by the names of its columns."""
    return {column.key: getattr(kept, column.key) for column in kept.__mapper__.column_attrs}


def new_id() -> UUID:
    """Return a fresh UUIDv7 (RFC 9562)."""
    return uuid7()


class _InOrder(Join):
    inherit_cache = True


def in_order(left: FromClause, right: type[Base], onclause: ColumnElement[bool]) -> FromClause:
    """Join tables of which SQLite is to read the left one first.

    It expects much of what a statement gathered beforehand, and rather reads a whole table than a few of its rows.
    """
    return _InOrder(left, right.__table__, onclause)


@compiles(_InOrder)
def _joined(join: _InOrder, compiler: SQLCompiler, **told: Any) -> str:
    joined: str = compiler.visit_join(join, **told)  # type: ignore[no-untyped-call]
    keyword = f"JOIN {join.right.name} ON "  # type: ignore[attr-defined]
    # https://www.sqlite.org/lang_select.html#crossjoin
    return joined.replace(keyword, f"CROSS {keyword}", 1) if compiler.dialect.name == "sqlite" else joined


def prepare_engine(engine: Engine) -> None:
    """Make `engine` fit for Verso: on SQLite a power cut loses nothing acknowledged, and writers queue up front."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _set_up_postgresql)
        return
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _set_up_postgresql(connection: Any, record: object) -> None:
    # Whatever the database's own default: under a snapshot, what was committed while an act waited for the log's
    # lock would not be seen.
    connection.isolation_level = READ_COMMITTED
    # It would compile for 200 ms what then takes five: it weighs a page of a list by all pages of it.
    connection.execute("SET jit = off")
    connection.commit()


def _set_up_sqlite(connection: Any, record: object) -> None:
    # We say BEGIN ourselves; the driver would open its transactions too late, and only before some statements.
    connection.isolation_level = None
    # Under synchronous=NORMAL a power cut takes commits that were acknowledged.
    # Without secure_delete the words of an erased text would stay in the file's free pages.
    pragmas = ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", *pragmas):
        connection.execute(f"PRAGMA {pragma}")
    _keep_a_write_ahead_log(connection)


def _keep_a_write_ahead_log(connection: Any) -> None:
    # The file's first connections may ask for it at once, and SQLite then refuses all but one without waiting,
    # whatever busy_timeout says: https://www.sqlite.org/c3ref/busy_handler.html
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except OperationalError as refused:
            if refused.sqlite_errorcode != SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("verso_reading"):
        return
    mode = "IMMEDIATE" if connection.get_execution_options().get("writing") else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


def for_reading(engine: Engine) -> Engine:
    """Return `engine` for what begins no transaction; the two share their connections."""
    return engine.execution_options(verso_reading=True)


@contextmanager
def _without_transaction(engine: Engine) -> Iterator[Connection]:
    """Yield a connection on which each statement stands alone; the engine is one `for_reading`."""
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        has_transactions = engine.dialect.name == "postgresql"
        if has_transactions:
            driver.autocommit = True
        try:
            yield connection
        finally:
            if has_transactions and not driver.closed:
                driver.autocommit = False


def begin_writing(session: Session) -> None:
    """Make the session's transaction one that may write; every verb that writes calls this first.

    On SQLite a transaction that has only read so far is ended, and one that holds the writer's lock begun, for a
    reader whose snapshot is old can never become a writer. On PostgreSQL nothing needs doing.
    """
    if session.get_bind().dialect.name != "sqlite":
        return
    if session.in_transaction():
        if session.connection().get_execution_options().get("writing"):
            return
        session.commit()
    session.connection(execution_options={"writing": True})


def take_act_lock(session: Session) -> None:
    """Queue for the lock under which acts commit; the caller's next statement sees all that came before."""
    begin_writing(session)
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ACT_LOCK})


def take_tree_lock(session: Session) -> None:
    """Queue with all who put one entry below another; the caller's next statement sees where they have put it."""
    begin_writing(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": TREE_LOCK})


def await_act(session: Session) -> None:
    """Wait until an act that holds the lock now has committed; later ones take effect later than this moment.

    It ends the session's transaction, so that the next statement sees that act.
    """
    session.commit()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock_shared(:key)"), {"key": ACT_LOCK})
    else:
        begin_writing(session)
    session.commit()


def empty_write_ahead_log(session: Session) -> None:
    """Take out of SQLite's write-ahead log, after a commit, what pages held before.

    It waits for those who read, as long as a connection waits, and leaves the log as it is where one reads longer.
    """
    if session.get_bind().dialect.name == "sqlite":
        _one_by_one(session.get_bind().engine, [_EMPTY_LOG])


def sweep(engine: Engine) -> None:
    """Write every table anew, so that no byte of what was deleted or changed is left in the database's files.

    It locks each table meanwhile, and needs room for a second copy of it.
    """
    if engine.dialect.name == "sqlite":
        _one_by_one(engine, ["VACUUM", _EMPTY_LOG])
        return
    named = map(engine.dialect.identifier_preparer.format_table, Base.metadata.tables.values())
    _one_by_one(engine, [f"VACUUM (FULL) {name}" for name in named])


def _one_by_one(engine: Engine, statements: Iterable[str]) -> None:
    # Neither may stand in a transaction.
    with _without_transaction(for_reading(engine)) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def clock(session: Session) -> datetime:
    """Return the database's own clock, aware and in UTC; every process that shares the database shares it."""
    if session.get_bind().dialect.name == "sqlite":
        # SQLite has this machine's clock, but tells it to the millisecond only.
        return datetime.now(UTC)
    instant: datetime = session.scalars(text("SELECT clock_timestamp()")).one()
    return instant.astimezone(UTC)
