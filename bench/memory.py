"""Memory: what a worker holds after very many reads, most of them repeated, the others first ones.

First ones are what could make it grow: each leaves an answer that is kept, until the budget of these is spent.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from time import monotonic

from bench.figures import Figure
from bench.load import Asked, load
from bench.reads import Read
from bench.servers import Server

READS = (100_000, 500_000, 1_000_000)
REPEATED = 40  # reads between two first ones
GROWS = 0.05  # between the last two: less than the pages that an allocator may hold or not by chance
SECONDS = 5  # of one load
A_LOAD = 200_000  # paths: more than are asked for in that time
LONGEST = 1_200.0  # seconds for all of them


def measured(
    database: str, verso: Server, reads: Sequence[Read], counts: Sequence[int] = READS, seconds: int = SECONDS
) -> Iterator[Figure]:
    """Ask a server that was just started until it has answered so many reads, and yield what a worker holds."""
    paths, until, asked = _mixed(reads), monotonic() + LONGEST, 0
    held = list[int]()
    for count in counts:
        while asked < count and monotonic() < until:
            asked += load(verso.address, Asked(_onward(paths, asked)), seconds).requests
        held.append(verso.memory() or 0)
    yield figure(database, counts, held, asked)


def figure(database: str, counts: Sequence[int], held: Sequence[int], asked: int) -> Figure:
    """Return what is told of the bytes that were held after each of `counts`, when so many reads had been answered."""
    flat = asked >= counts[-1] and 0 < held[-1] <= held[-2] * (1 + GROWS)
    late = "" if asked >= counts[-1] else f"; only {asked:,} were answered in time"
    return Figure(
        database,
        f"memory of the larger worker after {', '.join(f'{count:,}' for count in counts)} reads",
        f"{', '.join(f'{one / 2**20:.0f}' for one in held)} MB{late}",
        f"at most {GROWS:.0%} more between the last two",
        flat,
    )


def _mixed(reads: Sequence[Read]) -> Sequence[str]:
    """Return paths in the order in which they are asked for: each first one after so many repeated ones."""
    plain = [read for read in reads if read.asked.method == "GET" and not read.asked.headers]
    again = cycle(read.asked.paths[0] for read in plain if not read.first)
    once = [path for read in plain if read.first for path in read.asked.paths]
    random.Random(7).shuffle(once)  # noqa: S311 - the same order each time
    return [path for one in once for path in (*islice(again, REPEATED), one)]


def _onward(paths: Sequence[str], asked: int) -> Sequence[str]:
    """Return the paths after so many, from the first again where they end: what was kept of those is gone then."""
    start = asked % len(paths)
    return (*paths[start : start + A_LOAD], *paths[: max(0, start + A_LOAD - len(paths))])
