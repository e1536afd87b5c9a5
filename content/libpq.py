"""libpq: statements that PostgreSQL has prepared, asked past psycopg's cursors.

What a cursor does around a small answer takes ten times as long as libpq does for it. Values go in and come out by
psycopg's own adapters all the same. Only for connections on which each statement stands alone, for nothing here begins
a transaction.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from psycopg import Connection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import DuplicatePreparedStatement, error_from_result
from psycopg.pq import ExecStatus, Format

MOST = 200  # statements kept on one connection; beyond it the oldest goes


class Asked:
    """What one connection has been asked: the names of its statements by their text, and how values are put for it."""

    def __init__(self, driver: Connection[Any]) -> None:
        self._driver, self._names = driver, dict[str, bytes]()
        self._transformer = Transformer(driver)

    def rows(self, sql: str, values: Sequence[Any]) -> list[list[Any]]:
        """Return the rows of a statement with numbered parameters; raises psycopg.Error."""
        name = self._names.get(sql) or self._prepared(sql)
        told: Any = self._transformer.dump_sequence(values, [PyFormat.TEXT] * len(values))
        answered = self._driver.pgconn.exec_prepared(name, told, None, Format.BINARY)
        if answered.status != ExecStatus.TUPLES_OK:
            raise error_from_result(answered)
        self._transformer.set_pgresult(answered)
        rows: list[list[Any]] = self._transformer.load_rows(0, answered.ntuples, list)
        return rows

    def _prepared(self, sql: str) -> bytes:
        if len(self._names) >= MOST:
            oldest = next(iter(self._names))
            self._driver.pgconn.close_prepared(self._names.pop(oldest))
        # By what it says: behind a pooler another session's statements may be met, and must be the same.
        name = f"verso_{sha256(sql.encode()).hexdigest()[:32]}".encode()
        answered = self._driver.pgconn.prepare(name, sql.encode())
        if answered.status != ExecStatus.COMMAND_OK:
            error = error_from_result(answered)
            if not isinstance(error, DuplicatePreparedStatement):
                raise error
        self._names[sql] = name
        return name
