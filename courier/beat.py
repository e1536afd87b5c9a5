"""Beat: a daemon thread that does a job again and again; each worker has its own, started by its first request."""

import logging
import threading
from collections.abc import Callable

AFTER_FAILURE = 1.0  # seconds at least: a job that runs twenty times a second would fill the log

log = logging.getLogger("verso.courier")


class Beat:
    """Runs `job` every so many seconds, whatever becomes of it; less often where it fails."""

    def __init__(self, name: str, job: Callable[[], object], *, every: float) -> None:
        self.name, self.job, self.every = name, job, every
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread, unless it runs already; a worker that was forked gets one of its own."""
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._stopping.clear()
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        pause = self.every
        while not self._stopping.wait(pause):
            try:
                self.job()
                pause = self.every
            except Exception:
                # The database may be away for a moment; the next turn tries again.
                log.exception("%s could not do its turn", self.name)
                pause = max(self.every, AFTER_FAILURE)
