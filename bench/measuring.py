"""Measuring: each read in alternating rounds, by Verso, by a bare Flask route and by a bare WSGI callable."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bench import newsroom
from bench.load import Asked, Load, load
from bench.reads import Read
from bench.servers import Server, served

PUBLICATIONS = 3  # at least, while a read is measured during them
SOON_OUT = 1  # seconds: there are addresses enough for so many first reads
# What the server adds by itself, to everybody's answers.
_ITS_OWN = {"date", "server", "connection", "transfer-encoding"}


@dataclass(frozen=True)
class Round:
    """The loads of one round, one after the other; `than` is that of the read which this one may not be slower than."""

    verso: Load
    flask: Load
    wsgi: Load
    than: Load | None = None


@dataclass(frozen=True)
class Row:
    """One read on one database; `memory` is that of Verso's largest worker after all rounds, in bytes."""

    database: str
    read: Read
    rounds: Sequence[Round]
    memory: int | None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.read.name


@dataclass(frozen=True)
class Effort:
    """How much is measured: rounds of each read, and the seconds of each load."""

    rounds: int
    seconds: int


def measured(
    database: str, url: str, verso: Server, reads: Sequence[Read], effort: Effort, folder: Path
) -> Iterator[Row]:
    """Measure each read in alternating rounds; `url` is that of the database that `verso` serves."""
    named = {read.name: read for read in reads if not read.first}
    with _bare(verso, reads, folder) as (flask, wsgi):
        for place, read in enumerate(reads):
            than = named[read.than].asked if read.than else None
            seconds, same = _seconds(read, effort), replace(read.asked, paths=[f"/{place}"])
            if read.first:
                # Workers that have just been started make what they ask the database with; readers do not start them.
                load(verso.address, _part(read, effort.rounds, effort.rounds), seconds)
            made = [
                Round(
                    _load(verso, url, _part(read, number, effort.rounds), read, seconds),
                    _load(flask, url, same, read, seconds),
                    _load(wsgi, url, same, read, seconds),
                    load(verso.address, than, seconds) if than else None,
                )
                for number in range(effort.rounds)
            ]
            yield Row(database, read, made, verso.memory())


def _seconds(read: Read, effort: Effort) -> int:
    if read.first:
        return SOON_OUT
    return effort.seconds + (PUBLICATIONS if read.published else 0)


def _load(server: Server, url: str, asked: Asked, read: Read, seconds: int) -> Load:
    """Load a server; what publishes beside it takes its part of the processors from a bare one too."""
    if not read.published:
        return load(server.address, asked, seconds)
    with newsroom.at_work(url):
        return load(server.address, asked, seconds)


def _part(read: Read, number: int, rounds: int) -> Asked:
    """Return what a round asks: of first reads a share of its own, without the path that was asked for its bytes.

    There is one share more than rounds.
    """
    shares = rounds + 1
    return replace(read.asked, paths=read.asked.paths[1 + number :: shares]) if read.first else read.asked


@contextmanager
def _bare(verso: Server, reads: Sequence[Read], folder: Path) -> Iterator[tuple[Server, Server]]:
    """Serve what Verso answers to the first path of each read, under the read's place, by Flask and by WSGI."""
    answers = {str(place): _answer(verso, read.asked) for place, read in enumerate(reads)}
    kept = folder / "answers.json"
    kept.write_text(json.dumps(answers))
    environment = {"PATH": "", "BENCH_ANSWERS": str(kept)}
    with (
        served("bench.bare:flask", environment, "/0") as flask,
        served("bench.bare:wsgi", environment, "/0") as wsgi,
    ):
        yield flask, wsgi


def _answer(verso: Server, asked: Asked) -> Mapping[str, object]:
    # Asked as wrk asks, which takes no compression.
    headers = {"Accept-Encoding": "identity", **asked.headers}
    answer = httpx.request(asked.method, verso.address + asked.paths[0], headers=headers)
    kept = [header for header in answer.headers.multi_items() if header[0] not in _ITS_OWN]
    if answer.status_code not in (200, 304):
        answer.raise_for_status()
    return {"status": answer.status_code, "headers": kept, "body": answer.text}
