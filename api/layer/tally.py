"""The tally: how many reads this process answered, and how; counted without a lock, one sheet for each thread."""

import os
import threading
from collections import Counter
from collections.abc import Iterable

from api.layer.flask_behind import Environ, StartResponse

METRICS = "/metrics"


class Tally:
    """Counts by name."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._sheets: list[Counter[str]] = []
        self._opening = threading.Lock()

    def add(self, name: str) -> None:
        """Count one more."""
        sheet = getattr(self._own, "sheet", None)
        if sheet is None:
            sheet = self._own.sheet = Counter[str]()
            with self._opening:
                self._sheets.append(sheet)
        sheet[name] += 1

    def tell(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer what was counted, in the text format that Prometheus reads; each worker tells its own."""
        lines = ["# HELP verso_reads_total Reads answered, by status.", "# TYPE verso_reads_total counter"]
        lines += [
            f'verso_reads_total{{answered="{name}",worker="{os.getpid()}"}} {count}'
            for name, count in sorted(self.totals().items())
        ]
        body = ("\n".join(lines) + "\n").encode()
        kind = ("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
        start_response("200 OK", [kind, ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
        return (body,)

    def totals(self) -> Counter[str]:
        """Return what was counted since the start."""
        return sum((Counter(dict(sheet)) for sheet in self._sheets), Counter[str]())
