"""The high-water mark: the newest sequence that any process on this machine has met, in memory which they share.

Beside it stands how often something was put on the schedule: what is planned cuts short how long an answer may be kept.

Whoever keeps answers looks at it before handing one out: that costs no query, and an act stands there before it is
acknowledged. Processes on other machines do not see it. So an act is acknowledged only after the time for which
anybody may trust what they last read of the log (see `docs/decisions/trusting-the-log.md`).
"""

import fcntl
import mmap
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

_SIZE = 16  # bytes: two whole numbers, each of which the processor reads and writes at once
_SEQUENCE, _PLANS = 0, 1
# Where a session remembers that it has put something on the schedule and not committed.
_PLANNED = "verso.planned"


class Watermark:
    """The mark in the file at `path`, which is made when it is first asked for; a new one stands at 0."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._shared: memoryview | None = None
        self._file = -1
        self._changing = threading.Lock()

    @property
    def sequence(self) -> int:
        """Where the mark stands; reading it takes no lock and no system call."""
        return self._read(_SEQUENCE)

    @property
    def plans(self) -> int:
        """How often something was put on the schedule; read as cheaply."""
        return self._read(_PLANS)

    def raise_to(self, sequence: int) -> None:
        """Tell every process that the log has reached `sequence`; it never sinks by this."""
        self._change(_SEQUENCE, lambda stands: max(stands, sequence))

    def tell_of_plan(self) -> None:
        """Tell every process that something was put on the schedule."""
        self._change(_PLANS, lambda stands: stands + 1)

    def correct(self, stood: int, sequence: int) -> None:
        """Make the mark fit a look into the log that found `sequence`, begun when the mark stood at `stood`.

        Where it stood higher, the log was restored from a backup since, and the mark sinks with it.
        """
        if stood < sequence:
            self.raise_to(sequence)
        elif stood > sequence:
            self._change(_SEQUENCE, lambda stands: sequence if stands == stood else stands)

    def _read(self, place: int) -> int:
        shared = self._shared
        if shared is None:
            with self._changing:
                shared = self._opened()
        return int(shared[place])

    def _change(self, place: int, changed: Callable[[int], int]) -> None:
        with self._changing:
            shared = self._opened()
            # Of two processes that change it at once, the one with the lower sequence must not have the last word.
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                shared[place] = changed(shared[place])
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def _opened(self) -> memoryview:
        if self._shared is None:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            # A file that is long enough already is left as it is, whoever made it.
            if os.fstat(self._file).st_size < _SIZE:
                os.ftruncate(self._file, _SIZE)
            self._shared = memoryview(mmap.mmap(self._file, _SIZE)).cast("Q")
        return self._shared


def watch(engine: Engine, mark: Watermark, *, trusted: float) -> None:
    """Have acts that are committed through `engine` raise `mark`, and wait `trusted` seconds to be acknowledged."""
    engine.update_execution_options(watermark=mark, trusted=trusted)


def of(engine: Engine) -> Watermark:
    """Return the mark that acts through `engine` raise; raises KeyError where it is not watched."""
    mark: Watermark = engine.get_execution_options()["watermark"]
    return mark


def tell(session: Session, sequence: int) -> None:
    """Raise the mark to an act that has just been committed."""
    mark: Watermark | None = _option(session, "watermark")
    if mark:
        mark.raise_to(sequence)


def plan(session: Session) -> None:
    """Have every process look at the schedule once this session has committed, before that is acknowledged."""
    session.info[_PLANNED] = True


@event.listens_for(Session, "after_commit")
def _planned(session: Session) -> None:
    # A savepoint that ends is no commit yet.
    if _PLANNED in session.info and not session.in_nested_transaction():
        del session.info[_PLANNED]
        mark: Watermark | None = _option(session, "watermark")
        if mark:
            mark.tell_of_plan()
            await_trust(session)


def await_trust(session: Session) -> None:
    """Wait until nobody, on whatever machine, trusts what they read of the log before the last commit."""
    time.sleep(_option(session, "trusted") or 0.0)


def _option(session: Session, name: str) -> Any:
    bind = session.get_bind()
    # A session on a connection of somebody's own is theirs to commit, or to roll back; nothing is known yet.
    return bind.get_execution_options().get(name) if isinstance(bind, Engine) else None
