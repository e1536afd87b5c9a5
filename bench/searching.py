"""Searching: how long it takes to find the few texts that hold a rare word, among very many."""

from collections.abc import Iterator, Sequence
from statistics import median
from time import perf_counter

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bench import filling
from bench.figures import Figure
from bench.filling import Plan
from content.log import head
from content.narrowing import Filters
from content.partners import ANONYMOUS
from content.search import finding
from content.search.finding import Scope

TEXTS = 100_000
MOST = 10.0  # milliseconds
WORDS = 100  # rare ones, each of which is searched for once
COMMON = "known"  # what every FAQ says


def fill(engine: Engine, texts: int) -> None:
    """Fill a migrated, empty database with so many live texts that can be searched."""
    filling.fill(engine, Plan(texts, editions=1, searched=True))


def measured(database: str, engine: Engine, texts: int) -> Iterator[Figure]:
    """Yield the median time of searches for rare words in a log that `fill` filled; then beside a common one too."""
    rare, among = _rare(texts), f"among {texts:,} texts"
    with Session(engine) as session:
        taken = _median(session, rare)
        asked = f"under {MOST:g} ms"
        yield Figure(database, f"a search for a rare word {among}", f"{taken:.2f} ms", asked, taken < MOST)
        taken = _median(session, [f"{COMMON} {word}" for word in rare])
        yield Figure(database, f"a search for a rare word and a common one {among}", f"{taken:.2f} ms")


def _rare(texts: int) -> Sequence[str]:
    """Return words from all over, each of which one article and one FAQ have."""
    halves = texts // 2
    return [filling.rare_word(half) for half in range(0, halves, max(1, halves // WORDS))]


def _median(session: Session, questions: Sequence[str]) -> float:
    scope = Scope(head(session).sequence, ANONYMOUS, Filters())
    return median(_taken(session, typed, scope) for typed in questions)


def _taken(session: Session, typed: str, scope: Scope) -> float:
    """Return for how many milliseconds a question is searched for."""
    began = perf_counter()
    found = finding.find(session, typed, scope)
    taken = (perf_counter() - began) * 1_000
    if not found.hits:
        raise AssertionError(f"nothing is found by {typed}")
    return taken
