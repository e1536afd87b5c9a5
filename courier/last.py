"""Last: what a worker does when it ends, after a signal too.

`atexit` is not heard in the workers of a server that forks them, and signals are the server's own. What multiprocessing
calls at the end of each of its processes is heard, after the last answer.
"""

import logging
import threading
from collections.abc import Callable
from multiprocessing.util import Finalize

log = logging.getLogger("verso.courier")


class Last:
    """Runs `job` once, when the process has nothing else to do any more; the process waits for it."""

    def __init__(self, name: str, job: Callable[[], object]) -> None:
        self.name, self.job = name, job
        self._starting = threading.Lock()
        self._waiting: Finalize | None = None

    def start(self) -> None:
        """Have it run at the end of this process, unless that is so already; one that was forked starts it anew."""
        with self._starting:
            if self._waiting is None or not self._waiting.still_active():
                # Without a priority it would not be called.
                self._waiting = Finalize(None, self._run, exitpriority=1)

    def stop(self) -> None:
        """Do not run it."""
        with self._starting:
            if self._waiting:
                self._waiting.cancel()

    def _run(self) -> None:
        try:
            self.job()
        except Exception:
            log.exception("%s could not be done", self.name)
