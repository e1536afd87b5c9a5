"""Prepared statements: what delivery asks again and again, compiled once, and answered as plain tuples.

To work a statement's key out, to find what was compiled under it and to build a result of it takes SQLAlchemy several
times as long as SQLite takes to answer. So a statement is compiled here by SQLAlchemy, and from then on goes to the
driver as text; values go in and come out by the processors of their columns' types, as they would anyway.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    ARRAY,
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
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from content.database import READS_BY

Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
Process = Callable[[Any], Any] | None


class Prepared:
    """One statement for one kind of database; it is told by name the values of the parameters that have none."""

    def __init__(self, statement: Statement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self._told = {name for name, bind in compiled.binds.items() if bind.required}
        expanded = compiled.construct_expanded_state(dict.fromkeys(self._told))
        self._sql, self._order = expanded.statement, expanded.positiontup
        self._into = {
            name: _into(bind.type, dialect) for name, bind in compiled.binds.items()
        } | expanded.processors
        fixed = {name: value for name, value in expanded.parameters.items() if name not in self._told}
        self._fixed = {name: self._bound(name, value) for name, value in fixed.items()}
        types = [column.type for column in statement.selected_columns]
        self._out = [(place, out) for place, one in enumerate(types) if (out := _out(one, dialect))]

    def rows(self, connection: Connection, told: Mapping[str, Any]) -> list[list[Any]]:
        """Return the rows, each as a list in the order of the columns."""
        named = {**self._fixed, **{name: self._bound(name, told[name]) for name in self._told}}
        values: Any = named if self._order is None else tuple(named[name] for name in self._order)
        rows = list(map(list, self._fetched(connection, values)))
        for place, out in self._out:
            for row in rows:
                if (value := row[place]) is not None:
                    row[place] = out(value)
        return rows

    def _fetched(self, connection: Connection, values: Any) -> Sequence[Sequence[Any]]:
        # Whoever listens to statements hears of this one too, by SQLAlchemy's own way.
        driver: Any = connection.dialect.dbapi
        heard = connection.dispatch
        if not (heard.before_cursor_execute or heard.after_cursor_execute):
            try:
                cursor = connection.connection.cursor()
                cursor.execute(self._sql, values)
                return cursor.fetchall()
            except driver.Error:
                # It fails again, as an error that SQLAlchemy knows what to do about.
                return connection.exec_driver_sql(self._sql, values).all()
        return connection.exec_driver_sql(self._sql, values).all()

    def _bound(self, name: str, value: Any) -> Any:
        into = self._into.get(name)
        return into(value) if into else value


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
        told = func.json_each(bindparam(name, type_=_Listed(column.type))).table_valued("value")
        found: ColumnElement[bool] = column.in_(select(told.c.value))
        return found
    held: ColumnElement[bool] = column == any_(bindparam(name, type_=ARRAY(column.type)))
    return held


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
    return _id if out and isinstance(of, Uuid) else out


# Topics, authors and what stands on first pages are met in almost every answer, and to make a UUID of text takes long.
_id = lru_cache(maxsize=10_000)(UUID)
