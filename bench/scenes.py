"""Scenes: what the parts are measured on. Parts that need the same one are measured on it one after the other."""

import time
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass

import click
import httpx
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench import (
    databases,
    growth,
    keyed,
    least,
    library,
    listing,
    loading,
    locking,
    measuring,
    memory,
    reads,
    searching,
    topics,
)
from bench.databases import Database
from bench.figures import Figure
from bench.measuring import Effort
from bench.reads import Read
from bench.servers import Server, served

LOAD, LEAST, KEYS, TOPICS, MEMORY, LOCK, GROWTH, SEARCH, LISTS = PARTS = (
    "load",
    "least",
    "keys",
    "topics",
    "memory",
    "lock",
    "growth",
    "search",
    "lists",
)
AHEAD = 15.0  # seconds in which workers make the library ahead
Row = measuring.Row | growth.Row | Figure


@dataclass(frozen=True)
class Plan:
    """What is measured: which parts, with what effort, on how much.

    `articles`: as many FAQs too; `editions`: of each log whose growth is measured; `texts` that are searched; `reads`
    after which memory is asked for.
    """

    parts: Collection[str]
    effort: Effort
    articles: int
    editions: tuple[int, ...]
    texts: int
    reads: tuple[int, ...]

    def has(self, *parts: str) -> bool:
        """Tell whether any of these parts is measured."""
        return not set(parts).isdisjoint(self.parts)


def measured(kind: str, plan: Plan) -> Iterator[tuple[str, Row]]:
    """Yield each row, and the part that it belongs to, as they are measured on a kind of database."""
    if plan.has(LOAD, LEAST, KEYS, TOPICS, LOCK, MEMORY):
        yield from _on_library(kind, plan)
    if plan.has(GROWTH):
        yield from _on_logs(kind, plan)
    if plan.has(SEARCH):
        yield from _on_texts(kind, plan)
    if plan.has(LISTS):
        yield from _on_entries(kind, plan)


def _on_library(kind: str, plan: Plan) -> Iterator[tuple[str, Row]]:
    with databases.new(kind) as made, databases.opened(made.url) as engine:
        _say(kind, f"filling with {plan.articles:,} articles and {plan.articles:,} FAQs")
        with Session(engine) as session:
            library.fill(session, plan.articles, plan.articles)
        loading.tidy(engine)
        measures = {LOAD: _load, LEAST: _least, KEYS: _keys, TOPICS: _topics, MEMORY: _memory, LOCK: _lock}
        for part, measure in measures.items():
            if plan.has(part):
                _say(kind, f"measuring the part {part}")
                yield from ((part, row) for row in measure(made, engine, plan))


def _load(made: Database, engine: Engine, plan: Plan) -> Iterator[Row]:
    with _served(made) as verso:
        reads = _reads(verso)
        # What a worker makes ahead it makes by the way; it is the reads that are measured, and not that.
        time.sleep(AHEAD)
        yield from measuring.measured(made.kind, made.url, verso, reads, plan.effort, made.folder)


def _least(made: Database, engine: Engine, plan: Plan) -> Iterator[Row]:
    yield from least.measured(made.kind, made.environment, plan.articles, plan.effort)


def _keys(made: Database, engine: Engine, plan: Plan) -> Iterator[Row]:
    borne, limits = keyed.a_bearer(engine), {**made.environment, **keyed.LIMITED}
    without = {**made.environment, **keyed.PLAIN}
    with (
        served("wsgi:application", without, "/readyz") as plain,
        served("wsgi:application", limits, "/readyz") as limited,
    ):
        yield from keyed.measured(made.kind, plain, limited, borne, plan.effort)


def _topics(made: Database, engine: Engine, plan: Plan) -> Iterator[Row]:
    with _served(made) as verso:
        yield from topics.measured(made.kind, engine, verso)


def _memory(made: Database, engine: Engine, plan: Plan) -> Iterator[Row]:
    with _served(made) as verso:
        yield from memory.measured(made.kind, verso, _reads(verso), plan.reads)


def _lock(made: Database, engine: Engine, plan: Plan) -> Iterator[Row]:
    yield from locking.measured(made.kind, engine)


def _on_logs(kind: str, plan: Plan) -> Iterator[tuple[str, Row]]:
    with ExitStack() as logs:
        engines = []
        for editions in plan.editions:
            _say(kind, f"filling with {editions:,} editions")
            made = logs.enter_context(databases.new(kind))
            engines.append(logs.enter_context(databases.opened(made.url)))
            growth.fill(engines[-1], editions)
        _say(kind, f"measuring the part {GROWTH}")
        yield from ((GROWTH, row) for row in growth.measured(kind, engines))


def _on_texts(kind: str, plan: Plan) -> Iterator[tuple[str, Row]]:
    with databases.new(kind) as made, databases.opened(made.url) as engine:
        _say(kind, f"filling with {plan.texts:,} texts")
        searching.fill(engine, plan.texts)
        _say(kind, f"measuring the part {SEARCH}")
        yield from ((SEARCH, row) for row in searching.measured(kind, engine, plan.texts))


def _on_entries(kind: str, plan: Plan) -> Iterator[tuple[str, Row]]:
    with ExitStack() as shelves:
        engines = []
        for entries in (listing.FEW, plan.texts):
            _say(kind, f"filling with {entries:,} entries")
            made = shelves.enter_context(databases.new(kind))
            engines.append(shelves.enter_context(databases.opened(made.url)))
            listing.fill(engines[-1], entries)
        _say(kind, f"measuring the part {LISTS}")
        few, many = engines
        yield from ((LISTS, row) for row in listing.measured(kind, few, many, plan.texts))


def _served(made: Database) -> AbstractContextManager[Server]:
    return served("wsgi:application", made.environment, "/readyz")


def _reads(verso: Server) -> list[Read]:
    with closing(httpx.Client(base_url=verso.address, timeout=60)) as site:
        return [*reads.first(site), *reads.repeated(site)]


def _say(kind: str, what: str) -> None:
    click.echo(f"{kind}: {what}", err=True)
