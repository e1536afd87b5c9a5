"""Multiplying: a log made a hundred times as long by SQL alone, in a small part of the time that filling takes."""

from typing import Any

from sqlalchemy import Connection, Engine, Table, text

from bench.loading import opened
from content.database import Base
from content.documents import Document
from content.editions import Edition, Facet
from content.entries import Entry
from content.log import Act, Line
from content.versions import Version

MOST = 256  # copies: the last byte of an id numbers them
_BYTE = {"sqlite": "printf('%02x', n)", "postgresql": "lpad(to_hex(n), 2, '0')"}
# Two hexadecimal zeros in its last part make room for the copy's number.
_ID = {
    "sqlite": "substr({0}, 1, 20) || substr({0}, 23) || {1}",
    "postgresql": "(substr({0}::text, 1, 24) || substr({0}::text, 27) || {1})::uuid",
}
_WITH_ID = "CASE WHEN name = 'article' THEN substr(value, 1, 24) || substr(value, 27) || {} ELSE value END"
_SEQUENCES = ("sequence", "from_sequence", "until_sequence", "first_sequence")
_TABLES: tuple[type[Base], ...] = (Entry, Version, Document, Act, Line, Edition, Facet)


def multiply(engine: Engine, times: int) -> None:
    """Make each article and FAQ of a filled log stand there so many times, with acts and lines of its own.

    The documents of the copies are those of their originals, under hashes that are none.
    """
    assert times <= MOST
    with opened(engine) as connection:
        connection.execute(text("CREATE TEMPORARY TABLE copy (n INTEGER)"))
        connection.execute(text("INSERT INTO copy VALUES (:n)"), [{"n": n} for n in range(times)])
        for model in _TABLES:
            table = Base.metadata.tables[model.__tablename__]
            _multiply(connection, table, times)
        connection.execute(text("DROP TABLE copy"))


def _multiply(connection: Connection, table: Table, times: int) -> None:
    # Topics, which the first act shows, stay as they are.
    originals = {"act": "sequence > 1", "entry": "type <> 'topic'", "line": "sequence > 1"}.get(
        table.name, "entry_id NOT IN (SELECT entry_id FROM line WHERE sequence = 1)"
    )
    written = ", ".join(_copied(column, connection.dialect.name, times) for column in table.columns)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    for step in (
        f"CREATE TEMPORARY TABLE original AS SELECT * FROM {table.name} WHERE {originals}",
        f"DELETE FROM {table.name} WHERE {originals}",
        f"INSERT INTO {table.name} ({names}) SELECT {written} FROM original CROSS JOIN copy",
        "DROP TABLE original",
    ):
        connection.execute(text(step.replace(":", "\\:")))


def _copied(column: Any, dialect: str, times: int) -> str:
    name, byte = f'"{column.name}"', _BYTE[dialect]
    if column.name in _SEQUENCES:
        return f"({name} - 2) * {times} + n + 2"
    if column.name in ("id", "entry_id", "translation_group"):
        return _ID[dialect].format(name, byte)
    if column.name in ("hash", "document_hash"):
        return f"substr({name}, 1, 62) || {byte}"
    if column.name == "slug":
        return "slug || '-' || n"
    return _WITH_ID.format(byte) if column.name == "value" else name
