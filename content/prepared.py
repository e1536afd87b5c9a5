"""Prepared statements: what delivery asks again and again, compiled once, and answered as plain tuples.

To work a statement's key out, to find what was compiled under it and to build a result of it takes SQLAlchemy several
times as long as SQLite takes to answer. So a statement is compiled here by SQLAlchemy, and from then on goes to the
driver as text; values go in and come out by the processors of their columns' types, as they would anyway.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ARRAY,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Dialect,
    Select,
    Text,
    TypeDecorator,
    Uuid,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from content.database import READS_BY
from content.libpq import Asked

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Process = Callable[[Any], Any] | None
# Parameters as PostgreSQL itself takes them.
_NUMBERED: Dialect = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_ASKED = "verso.asked"  # where a connection of PostgreSQL's keeps what it has been asked


class Prepared:
    """One statement for one kind of database; it is told by name the values of the parameters that have none."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        self._statement, self._met = statement, False
        compiled, told, expanded = _compiled(statement, dialect)
        self._sql, self._order = expanded.statement, expanded.positiontup
        into = {name: _into(bind.type, dialect) for name, bind in compiled.binds.items()}
        into |= expanded.processors
        self._told = [(name, into.get(name) or _as_it_is) for name in told]
        fixed = {name: value for name, value in expanded.parameters.items() if name not in told}
        self._fixed = {name: (into.get(name) or _as_it_is)(value) for name, value in fixed.items()}
        types = [column.type for column in statement.selected_columns]
        self._out = [(place, out) for place, one in enumerate(types) if (out := _out(one, dialect))]

    def rows(self, connection: Connection, told: Mapping[str, Any]) -> list[list[Any]]:
        """Return the rows, each as a list in the order of the columns."""
        named = self._fixed | {name: into(told[name]) for name, into in self._told}
        rows = self._fetched(connection, named)
        for place, out in self._out:
            for row in rows:
                if (value := row[place]) is not None:
                    row[place] = out(value)
        return rows

    def _fetched(self, connection: Connection, named: Mapping[str, Any]) -> list[list[Any]]:
        driver: Any = connection.dialect.dbapi
        heard, values = connection.dispatch, self._ordered(self._order, named)
        # Whoever listens to statements hears of this one too, by SQLAlchemy's own way.
        if not (heard.before_cursor_execute or heard.after_cursor_execute):
            try:
                return self._by_the_driver(connection, named, values)
            except driver.Error:
                # It fails again, as an error that SQLAlchemy knows what to do about.
                pass
        return list(map(list, connection.exec_driver_sql(self._sql, values).all()))

    def _by_the_driver(
        self, connection: Connection, named: Mapping[str, Any], values: Any
    ) -> list[list[Any]]:
        pooled: Any = connection.connection
        # What is asked but once is not worth being prepared.
        if self._met and self._order is None and pooled.dbapi_connection.autocommit:
            asked = connection.info.get(_ASKED)
            if asked is None:
                asked = connection.info[_ASKED] = Asked(pooled.dbapi_connection)
            sql, order = self._numbered
            rows: list[list[Any]] = asked.rows(sql, self._ordered(order, named))
            return rows
        self._met = True
        cursor = pooled.cursor()
        cursor.execute(self._sql, values)
        return list(map(list, cursor.fetchall()))

    @cached_property
    def _numbered(self) -> tuple[str, Sequence[str]]:
        """The statement's text with numbered parameters, and their names in that order."""
        _, _, expanded = _compiled(self._statement, _NUMBERED)
        return expanded.statement, expanded.positiontup

    @staticmethod
    def _ordered(order: Sequence[str] | None, named: Mapping[str, Any]) -> Any:
        return named if order is None else tuple([named[name] for name in order])


def _compiled(statement: Statement, dialect: Dialect) -> tuple[Any, set[str], Any]:
    """Return what SQLAlchemy makes of a statement, what that is to be told, and its text with each list written out."""
    compiled: Any = statement.compile(dialect=dialect)
    told = {name for name, bind in compiled.binds.items() if bind.required}
    return compiled, told, compiled.construct_expanded_state(dict.fromkeys(told))


def _as_it_is(value: Any) -> Any:
    return value


class _Listed(TypeDecorator[Any]):
    """Several values as one, a JSON array: SQLite knows no others."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        into = _into(self.of, dialect) or (lambda value: value)
        return lambda values: orjson.dumps([into(value) for value in values]).decode()


def one_of(column: Any, name: str, dialect: Dialect) -> ColumnElement[bool]:
    """The rows whose column has one of the values that a statement is told as `name`, however many these are."""
    if dialect.name == "sqlite":
        return _listed(column, bindparam(name, type_=_Listed(column.type)))
    held: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(column.type)))
    return held


def any_of(session: Session, column: Any, values: Iterable[Any]) -> ColumnElement[bool]:
    """The rows whose column has one of many values, which go to the database as one.

    SQLAlchemy would write each of them into the statement, which for thousands takes longer than the answer.
    """
    if session.get_bind().dialect.name == "sqlite":
        return _listed(column, bindparam(None, list(values), type_=_Listed(column.type)))
    held: ColumnElement[bool] = column == any_(bindparam(None, list(values), type_=ARRAY(column.type)))
    return held


def _listed(column: Any, told: BindParameter[Any]) -> ColumnElement[bool]:
    each = func.json_each(told).table_valued("value")
    found: ColumnElement[bool] = column.in_(select(each.c.value))
    return found


def connected(session: Session) -> Connection:
    """Return the connection of a session's transaction, what the session holds sent to the database before."""
    if reads_by := session.info.get(READS_BY):
        connection: Connection = reads_by
        return connection
    if session.new or session.dirty or session.deleted:
        session.flush()
    return session.connection()


def _into(of: TypeEngine[Any], dialect: Dialect) -> Process:
    return of.dialect_impl(dialect).bind_processor(dialect)


def _out(of: TypeEngine[Any], dialect: Dialect) -> Process:
    out = of.dialect_impl(dialect).result_processor(dialect, None)
    return known_id if out and isinstance(of, Uuid) else out


# Topics, authors and what stands on first pages are met in almost every answer, and to make a UUID of text takes long.
known_id = lru_cache(maxsize=10_000)(UUID)
