"""Least: what a first read comes to beside a Flask route that asks the same database for one stored document."""

import random
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from bench.figures import Figure
from bench.load import Asked, Load, load
from bench.measuring import Effort
from bench.reads import API
from bench.servers import served

_FIRST = f"{API}/articles/article-0"
_NAMED = {"articles": "article", "faqs": "faq"}


def measured(database: str, environment: Mapping[str, str], texts: int, effort: Effort) -> Iterator[Figure]:
    """Ask both in alternating rounds for texts by their slugs, Verso for each once; yield its part of the rate."""
    paths = _paths(texts)
    with (
        served("wsgi:application", environment, "/readyz") as verso,
        served("bench.stored:flask", environment, _FIRST) as stored,
    ):
        made = [
            (
                load(verso.address, Asked(paths[number :: effort.rounds]), effort.seconds),
                load(stored.address, Asked(paths), effort.seconds),
            )
            for number in range(effort.rounds)
        ]
    yield figure(database, made)


def figure(database: str, rounds: Sequence[tuple[Load, Load]]) -> Figure:
    """Return what is told of the rounds, each of Verso's load and that of the route."""
    out = "; it ran out of addresses" if any(verso.repeats for verso, _ in rounds) else ""
    errors = sum(one.errors for both in rounds for one in both)
    return Figure(
        database,
        "one text, first, with all that it names: part of the rate of a Flask route that hands out one stored document",
        f"{median(verso.rate / stored.rate for verso, stored in rounds):.2f}"
        f"{out}{f'; {errors} errors' if errors else ''}",
    )


def _paths(texts: int) -> list[str]:
    slugs = [f"{API}/{plural}/{name}-{number}" for number in range(texts) for plural, name in _NAMED.items()]
    paths = [f"{slug}{query}" for slug in slugs for query in ("", "?locale=en")]
    random.Random(7).shuffle(paths)  # noqa: S311 - the same order each time
    return paths
