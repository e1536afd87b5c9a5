"""The table of loads: rates and waits as Markdown, and Verso's rates as parts of what the bare ones came to."""

from collections.abc import Iterable
from statistics import median

from bench import page
from bench.measuring import Row
from bench.reads import Read

UNSETTLED = 5  # times its p50 is what p99 may come to while something is published
NOISE = 0.05  # of a rate, by which two that are measured one after the other differ by chance
_HEAD = (
    "read",
    "requests/s",
    "p50 ms",
    "p99 ms",
    "errors",
    "memory MB",
    "bare Flask/s",
    "bare WSGI/s",
    "its p99 ms",
    "of Flask",
    "of WSGI",
    "asked for",
    "holds",
)


def table(rows: Iterable[Row]) -> str:
    """Return the rows as one table; each figure is the median of its rounds."""
    return page.table(_HEAD, map(_cells, rows))


def parts(row: Row) -> tuple[float, float]:
    """Return Verso's rate as a part of Flask's and of WSGI's: medians of the rounds, each compared by itself."""
    return (
        median(each.verso.rate / each.flask.rate for each in row.rounds),
        median(each.verso.rate / each.wsgi.rate for each in row.rounds),
    )


def rate(row: Row) -> float:
    """Return Verso's requests a second, the median of the rounds."""
    return median(each.verso.rate for each in row.rounds)


def _cells(row: Row) -> list[str]:
    return [
        f"{row.database}: {row.read.name}, {'first' if row.read.first else 'repeated'}",
        f"{rate(row):,.0f}",
        f"{median(each.verso.p50 for each in row.rounds):.2f}",
        f"{median(each.verso.p99 for each in row.rounds):.2f}",
        str(sum(each.verso.errors for each in row.rounds)),
        "" if row.memory is None else f"{row.memory / 2**20:.0f}",
        f"{median(each.flask.rate for each in row.rounds):,.0f}",
        f"{median(each.wsgi.rate for each in row.rounds):,.0f}",
        f"{median(each.wsgi.p99 for each in row.rounds):.2f}",
        *(f"{part:.2f}" for part in parts(row)),
        _wanted(row.read),
        _holds(row),
    ]


def _wanted(read: Read) -> str:
    if read.than:
        return f"no slower than {read.than}"
    if read.published:
        return f"p99 at most {UNSETTLED} p50"
    named = zip(("Flask", "WSGI"), read.wanted, strict=True)
    return ", ".join(f"{least} of {name}" for name, least in named if least)


def _holds(row: Row) -> str:
    if not all(each.verso.requests for each in row.rounds):
        return "no answer in time"
    if row.read.first and any(each.verso.repeats for each in row.rounds):
        return "ran out of addresses"
    return "yes" if holds(row) else "no"


def holds(row: Row) -> bool:
    """Tell whether a read came to what is asked of it."""
    if row.read.published and median(each.verso.p99 / each.verso.p50 for each in row.rounds) > UNSETTLED:
        return False
    compared = [each.verso.rate / each.than.rate for each in row.rounds if each.than]
    if compared and median(compared) < 1 - NOISE:
        return False
    return all(
        least is None or part >= least for part, least in zip(parts(row), row.read.wanted, strict=True)
    )
