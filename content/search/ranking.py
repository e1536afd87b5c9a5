"""Ranking: how well a text answers a question, from the text, the question and what else was found for it, alone.

So an order that was given once at a sequence is given for ever, whatever is published later, on every database.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import log2
from uuid import UUID

from content.search.questions import Term

IN_TITLE, IN_SUMMARY, IN_TEXT = 8.0, 3.0, 1.0
SIDE_BY_SIDE = (
    0.5  # of a field's weight, for two words that follow one another in it as they do in the question
)
MOST_TIMES = 4  # how often a word counts in one text
_FEW = 30  # words
_PARTS = 1_000_000  # a rank is a whole number, which is the same everywhere
_ALL_WORDS = 10**12  # more than any score

# How many candidates a question had, and how many of them had each of its terms.
Figures = tuple[int, ...]


@dataclass(frozen=True)
class Candidate:
    """A text that holds some words of a question: an edition and the words that it is found by."""

    entry_id: UUID
    from_sequence: int
    type: str
    locale: str
    struck_by: int | None
    a: str
    b: str
    c: str

    @property
    def struck(self) -> bool:
        """Whether it was retracted since."""
        return self.struck_by is not None

    @property
    def fields(self) -> tuple[tuple[float, str], ...]:
        """Each part of the text: its weight, and its words in order, a space around each."""
        return (IN_TITLE, self.a), (IN_SUMMARY, self.b), (IN_TEXT, self.c)

    @cached_property
    def text(self) -> str:
        """All words that it is found by, a space around each."""
        return f"{self.a}{self.b}{self.c}"

    def has_any(self, words: Collection[str]) -> bool:
        """Tell whether it is found by one of these."""
        return any(f" {word} " in self.text for word in words)


def said(words: Collection[str], text: str) -> frozenset[str]:
    """Return those of some words that a text has.

    Few of them are looked for in it: to take it apart takes many times as long.
    """
    if len(words) > _FEW:
        return frozenset(text.split()).intersection(words)
    return frozenset(word for word in words if f" {word} " in text)


@dataclass(frozen=True)
class Hit:
    """A text and its rank: the greater, the better. `words` are those of it that answer the question."""

    candidate: Candidate
    rank: int
    words: frozenset[str]


def ranked(
    candidates: Sequence[Candidate], terms: Sequence[Term], figures: Figures | None = None
) -> tuple[Hit, ...]:
    """Return the hits among candidates, best first, then by id: at least half of the words, or one in the title.

    With `figures` they are ranked as those were that these figures are of, though some have gone since.
    """
    rarity = _rarity(figures or counted(candidates, terms))
    hits = (_hit(candidate, terms, rarity) for candidate in candidates)
    return tuple(sorted((hit for hit in hits if hit), key=place))


def place(hit: Hit) -> tuple[int, int]:
    """Return what a hit is sorted by."""
    return -hit.rank, hit.candidate.entry_id.int


def meant(
    candidates: Sequence[Candidate], terms: Sequence[Term], unknown: Collection[str]
) -> dict[str, Term]:
    """Return by the unknown words the terms that stand for what the best of the candidates has in their place."""
    best = ranked(candidates, terms)
    settled = ((term, _first(term, best)) for term in terms if term.asked in unknown)
    return {term.asked: _settled(term, word) for term, word in settled if word}


def _first(term: Term, best: Sequence[Hit]) -> str | None:
    """Return the nearest word for a term in the first hit that has one."""
    words = next((some for hit in best if (some := hit.words & term.near.keys())), frozenset[str]())
    return max(sorted(words), key=lambda word: term.near[word], default=None)


def _settled(term: Term, word: str) -> Term:
    # Its other forms stay; other words that are spelt alike do not.
    kept = {other: near for other, near in term.near.items() if term.stems[other] == term.stems[word]}
    return replace(term, near=kept, meant=word)


def counted(candidates: Sequence[Candidate], terms: Sequence[Term]) -> Figures:
    """Return how many candidates there are, and how many of them have each term."""
    having = (sum(one.has_any(term.near) for one in candidates) for term in terms)
    return (len(candidates), *having)


def _rarity(figures: Figures) -> list[float]:
    """Return how much each term tells the candidates apart: 1 for one that all have, more for a rarer one."""
    most, *having = figures
    return [1 + log2((most + 1) / (count + 1)) for count in having]


def _hit(candidate: Candidate, terms: Sequence[Term], rarity: Sequence[float]) -> Hit | None:
    found = [said(term.near, candidate.text) for term in terms]
    having = sum(map(bool, found))
    if not _answers(candidate, found, having):
        return None
    covered = sum(weight for weight, some in zip(rarity, found, strict=True) if some) / sum(rarity)
    score = sum(_in_field(field, terms, found, rarity) for field in candidate.fields)
    rank = round(score * covered**2 * _PARTS) + (_ALL_WORDS if having == len(terms) else 0)
    return Hit(candidate, rank, frozenset().union(*found))


def _answers(candidate: Candidate, found: Sequence[frozenset[str]], having: int) -> bool:
    return 2 * having >= len(found) or any(said(some, candidate.a) for some in found)


def _in_field(
    field: tuple[float, str],
    terms: Sequence[Term],
    found: Sequence[frozenset[str]],
    rarity: Sequence[float],
) -> float:
    """Return what one part of a text is worth: its nearest word for each term, and words side by side."""
    weight, text = field
    here = [said(some, text) for some in found]
    worth = sum(
        rare * _nearness(term.near, some, text)
        for rare, term, some in zip(rarity, terms, here, strict=True)
        if some
    )
    return weight * (worth * _share(weight, here, text) + SIDE_BY_SIDE * _pairs(here, text))


def _nearness(near: Mapping[str, float], some: Collection[str], text: str) -> float:
    """Return how near the best of a field's words is, a little more where there are several of them."""
    times = sum(text.count(f" {word} ") for word in some)
    return max(near[word] for word in some) * (1 + 0.1 * (min(times, MOST_TIMES) - 1))


def _share(weight: float, here: Sequence[Collection[str]], text: str) -> float:
    """Return how much of a title the question is about: a title of those very words answers it best."""
    if weight != IN_TITLE:
        return 1.0
    return 0.6 + 0.4 * sum(map(bool, here)) / max(len(set(text.split())), 1)


def _pairs(here: Sequence[Collection[str]], text: str) -> int:
    """Return how many neighbours in the question are neighbours in the text too."""
    return sum(
        any(f" {one} {other} " in text for one in some for other in more) for some, more in pairwise(here)
    )
