"""Suggesting: titles that may be meant while somebody types, and words that go on as theirs does.

Both are taken from titles that the asker may read at this sequence, and from nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from content.search import analysis, finding, showing
from content.search.finding import Scope
from content.search.ranking import Hit

MOST_WORDS = 10


@dataclass(frozen=True)
class Suggestions:
    """The titles, best first, and the words, in their order."""

    titles: list[dict[str, Any]]
    words: list[str]


def suggest(session: Session, typed: str, scope: Scope, *, limit: int) -> Suggestions:
    """Return at most `limit` titles that have all words typed, the last one perhaps unfinished."""
    met = finding.find(session, typed, scope, titles=True)
    readable = [hit for hit in met.hits if not hit.candidate.struck]
    return Suggestions(showing.titles(session, readable[:limit]), _words(typed, readable))


def _words(typed: str, readable: Sequence[Hit]) -> list[str]:
    """Return the words of these titles that begin with the last one typed, the more frequent first."""
    last = (analysis.words(typed) or [""])[-1]
    said = [word for hit in readable for word in hit.candidate.a.split() if last and word.startswith(last)]
    return sorted(set(said), key=lambda word: (-said.count(word), word))[:MOST_WORDS]
