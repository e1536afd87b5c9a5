"""Readers: for each thread a session that only reads, kept open from one read to the next.

To take a connection from a pool, to begin a transaction on it and to hand it back takes longer than to look an entry
up. So a reader has a connection of its own, on which each statement stands alone and sees what is committed when it
begins, as it would on PostgreSQL within a transaction too.
"""

import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from psycopg import ClientCursor
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from content.database import READS_BY, for_reading

MAPPED = 1 << 30  # bytes of SQLite's file that a reader may look at in place


class Readers:
    """The readers of one database; opens no connection before it is read."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._errors = for_reading(engine), (SQLAlchemyError, engine.dialect.loaded_dbapi.Error)
        self._own = threading.local()
        self._epoch = 0
        self._leaving: set[weakref.finalize[..., Session]] = set()
        self._left: deque[Any] = deque()
        event.listen(engine, "engine_disposed", self._disposed)

    def _disposed(self, engine: Engine) -> None:
        """Close all, and have each thread open a connection anew: what they led to may be there no more."""
        self._epoch += 1
        leaving, self._leaving = self._leaving, set()
        for leave in leaving:
            leave()
        self._close_left()

    @contextmanager
    def reading(self, **info: Any) -> Iterator[Session]:
        """Yield this thread's session, which carries `info` meanwhile, and nothing of an earlier read."""
        session = self._session()
        session.info |= info
        try:
            yield session
        except self._errors:
            # Its connection may be what failed.
            self._own.session = None
            raise
        finally:
            if session.in_transaction():
                session.close()
            # What was noted of this read is no part of the next.
            connection = session.info[READS_BY]
            session.info.clear()
            session.info[READS_BY] = connection

    def _session(self) -> Session:
        epoch, session = getattr(self._own, "epoch", None), getattr(self._own, "session", None)
        if session is None or epoch != self._epoch:
            self._own.epoch, self._own.session = self._epoch, self._opened()
        opened: Session = self._own.session
        return opened

    def _opened(self) -> Session:
        self._close_left()
        connection = self._engine.connect()
        # The pool has its connections for those that hand them back.
        connection.detach()
        if self._engine.dialect.name == "postgresql":
            _keep_plans(_driver(connection))
        else:
            # To be handed pages that the system has in memory anyway takes less than to have them copied.
            _driver(connection).execute(f"PRAGMA mmap_size={MAPPED}")
        session = Session(connection, info={READS_BY: connection})
        leave = weakref.finalize(session, self._left.append, _driver(connection))
        self._leaving = {one for one in self._leaving if one.alive} | {leave}
        return session

    def _close_left(self) -> None:
        """Close the connections of threads that have ended.

        Not while they end: SQLite calls Python back as it closes, and in a thread that the server made Python before
        3.12.4 takes that for the end of the thread, and crashes (https://github.com/python/cpython/issues/119585).
        """
        while self._left:
            with suppress(IndexError):  # another thread may have closed it
                self._left.popleft().close()


def _keep_plans(driver: Any) -> None:
    """Have PostgreSQL plan once what is asked again and again (see `libpq`), and all else by the values asked for.

    It would plan what refers to several tables anew each time, which takes three times as long as the answer. But where
    it does not know how many rows are wanted, it may walk a table of a hundred thousand to find two.
    """
    driver.autocommit = True
    driver.execute("SET plan_cache_mode = force_generic_plan")
    # Writes the values into the statement's text, where they count as known whatever the mode.
    driver.cursor_factory = ClientCursor


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection
