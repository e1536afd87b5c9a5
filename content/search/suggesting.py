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
    """The titles, best first, and the words as titles write them, in their order."""

    titles: list[dict[str, Any]]
    words: list[str]


def suggest(session: Session, typed: str, scope: Scope, *, limit: int) -> Suggestions:
    """Return at most `limit` titles that have all words typed, the last one perhaps unfinished."""
    met = finding.find(session, typed, scope, titles=True)
    readable = [hit for hit in met.hits if not hit.candidate.struck]
    going_on = _going_on(typed, readable)
    shown = list(dict.fromkeys([*readable[:limit], *going_on.values()]))
    titles = showing.titles(session, shown)
    called = {hit: title["title"] for hit, title in zip(shown, titles, strict=True)}
    written = (analysis.written(called[hit], word) for word, hit in going_on.items())
    return Suggestions(titles[:limit], [word for word in written if word])


def _going_on(typed: str, readable: Sequence[Hit]) -> dict[str, Hit]:
    """Return the words of titles that go on as the last one typed, the more frequent first; each with its best hit."""
    last = (analysis.words(typed) or [""])[-1]
    met: dict[str, list[Hit]] = {}
    for hit in readable:
        for word in hit.candidate.a.split():
            if last and word.startswith(last):
                met.setdefault(word, []).append(hit)
    frequent = sorted(met, key=lambda word: (-len(met[word]), word))
    return {word: met[word][0] for word in frequent[:MOST_WORDS]}
