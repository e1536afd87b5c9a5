"""The tally: how many reads this process answered, and how; counted without a lock, one sheet for each thread."""

import threading
from collections import Counter


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

    def totals(self) -> Counter[str]:
        """Return what was counted since the start."""
        return sum((Counter(dict(sheet)) for sheet in self._sheets), Counter[str]())
