"""Least: what a first read comes to beside a Flask route that asks the same database for one stored document.

Verso makes nothing ahead here, so that it asks the database too. And what that route comes to beside one that has its
bytes at hand.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.figures import Figure
from bench.load import Asked, Load, load
from bench.measuring import SOON_OUT, Effort
from bench.reads import API, ENGLISH
from bench.servers import served

_FIRST = f"{API}/articles/article-0"
_AT_HAND = "/at-hand"
_NAMED = {"articles": "article", "faqs": "faq"}
LEAST = 0.5
_STORED = "a Flask route that hands out one stored document"


@dataclass(frozen=True)
class Round:
    """The loads of one round: of Verso, of the route that asks the database, and of the one that asks nobody."""

    verso: Load
    stored: Load
    at_hand: Load


def measured(database: str, environment: Mapping[str, str], texts: int, effort: Effort) -> Iterator[Figure]:
    """Ask all three in alternating rounds for texts by their slugs, Verso for each once; yield the parts of rates."""
    paths, shares = _paths(texts), effort.rounds + 1
    with (
        served("wsgi:application", {**environment, "VERSO_AHEAD": "0"}, "/readyz") as verso,
        served("bench.stored:flask", environment, _FIRST) as stored,
    ):
        # As in the load, workers that have just been started are not measured.
        load(verso.address, Asked(paths[effort.rounds :: shares]), SOON_OUT)
        made = [
            Round(
                load(verso.address, Asked(paths[number::shares]), SOON_OUT),
                load(stored.address, Asked(paths), SOON_OUT),
                load(stored.address, Asked([_AT_HAND]), SOON_OUT),
            )
            for number in range(effort.rounds)
        ]
    yield from figures(database, made)


def figures(database: str, rounds: Sequence[Round]) -> Iterator[Figure]:
    """Yield what is told of the rounds: medians, each round compared with itself."""
    out = "; it ran out of addresses" if any(one.verso.repeats for one in rounds) else ""
    errors = sum(one.verso.errors + one.stored.errors + one.at_hand.errors for one in rounds)
    missed = f"; {errors} errors" if errors else ""
    part = median(one.verso.rate / one.stored.rate for one in rounds)
    yield Figure(
        database,
        f"one text, first, not made ahead, with all that it names: part of the rate of {_STORED}",
        f"{part:.2f}{out}{missed}",
        f"at least {LEAST}",
        part >= LEAST and not (out or missed),
    )
    yield Figure(
        database,
        f"{_STORED}: part of the rate of one that has it at hand",
        f"{median(one.stored.rate / one.at_hand.rate for one in rounds):.2f}{missed}",
    )


def _paths(texts: int) -> list[str]:
    slugs = [f"{API}/{plural}/{name}-{number}" for number in range(texts) for plural, name in _NAMED.items()]
    paths = [path for slug in slugs for path in (slug, *(f"{slug}?{english}" for english in ENGLISH))]
    random.Random(7).shuffle(paths)  # noqa: S311 - the same order each time
    return paths
