"""Memory: what a process keeps of what it has read, while the log stands where it stands.

Whatever was read at a sequence is right until an act strikes some of it, or the log gets another epoch. So a memory
belongs to one life of the log, and a session that reads in that life carries it; any other session remembers nothing.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from content.partners import Reach

MEMORY = "verso.memory"  # where a session carries it
_OVERHEAD = 300  # bytes that something kept costs beside itself, roughly
T = TypeVar("T")


class Memory:
    """What was read in one life of the log, at most `budget` bytes of it; what nobody asked for longest goes first.

    So that what stands in many answers is not driven out by what is read for one, and asked for once.
    """

    def __init__(self, budget: int) -> None:
        self._left = budget
        self._kept = OrderedDict[Hashable, tuple[Any, int]]()
        self._changing = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """Return what is kept under `key`, or None."""
        with self._changing:
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
            return kept[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Keep a value of roughly so many bytes."""
        with self._changing:
            self._forget(key)
            self._kept[key] = value, size + _OVERHEAD
            self._left -= size + _OVERHEAD
            while self._left < 0:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        _, size = self._kept.pop(key, (None, 0))
        self._left += size


@lru_cache(maxsize=256)
def mark(at: int, reach: tuple[Reach, ...]) -> object:
    """Return what stands for a sequence and a reach in keys; as such they take long to be told from others."""
    return object()


def of(session: Session) -> Memory | None:
    """Return the memory that a session carries, if it does."""
    carried: Memory | None = session.info.get(MEMORY)
    return carried


def recalled(session: Session, key: Hashable, read: Callable[[], T], *, size: int) -> T:
    """Return what `read` returns, from memory where it is known; None is never remembered."""
    memory = of(session)
    if memory is None:
        return read()
    known: T | None = memory.get(key)
    if known is None:
        known = read()
        memory.put(key, known, size)
    return known
