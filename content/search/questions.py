"""Questions: what somebody typed, as terms, each with the words of our texts that stand for it."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from sqlalchemy.orm import Session

from content.search import words
from content.search.analysis import abbreviations, language_of, replaced, stem, stop_words
from content.search.analysis import words as words_of
from content.search.words import Meant

MOST_TERMS = 12
ITSELF, OTHER_FORM, BEGINNING, MEANT = 1.0, 0.9, 0.6, 0.75  # how near a word is to the one that was typed


@dataclass(frozen=True)
class Term:
    """One word of a question, and how near each word that stands for it is: 1 for itself, less for others.

    One that is `unfinished` stands for all words that begin so, which only texts tell (`completed`). One that is `idle`
    says nothing by itself, and stands for what it may become. `meant` is the
    word that it was taken for, where no text that may be read has it; then `stems` tells which of the words are forms
    of one.
    """

    asked: str
    near: Mapping[str, float]
    unfinished: bool = False
    idle: bool = False
    meant: str | None = None
    stems: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """What is searched for at one sequence: its terms, and the languages in which they were understood."""

    terms: tuple[Term, ...]
    languages: tuple[str, ...]
    at: int

    def corrected(self, typed: str) -> str | None:
        """Return what was typed with the words put right that stand for others; None where none does."""
        meant = {term.asked: term.meant for term in self.terms if term.meant}
        return replaced(typed, meant) if meant else None


def understood(
    session: Session, typed: str, locale: str | None, at: int, *, typing: bool = False
) -> Question:
    """Return what was typed as terms, stop words and repetitions left out, the last one perhaps unfinished.

    While somebody is `typing`, a stop word that comes last may become another, and is kept; the only word always is.
    Without a locale it may be in any language that was published by `at`. Two statements at most.
    """
    spoken = (language_of(locale),) if locale else tuple(words.languages(session, at))
    each = list(dict.fromkeys(words_of(typed)))
    saying = _saying(each, spoken, abbreviations(typed))
    last = next((word for word in words_of(typed)[-1:] if len(word) > 1), None)
    idle = last if last not in saying and (typing or each == [last]) else None
    asked = [*saying[: MOST_TERMS - 1], idle] if idle else saying[:MOST_TERMS]
    forms = words.forms(session, asked, spoken, at) if asked else []
    terms = (replace(_term(word, forms, spoken, word == last), idle=word == idle) for word in asked)
    return Question(tuple(terms), spoken, at)


def _saying(typed: Sequence[str], spoken: Sequence[str], known: frozenset[str]) -> list[str]:
    """Return the words that say something, or are `known` to, in the language that leaves fewest of them, but some.

    That is most likely the one that they are in: "man" alone is English, "kann man tun" German. Where several leave as
    few, a word of any of these stays.
    """
    left = [[word for word in typed if word not in stop_words(language) - known] for language in spoken]
    fewest = min((len(some) for some in left if some), default=0)
    kept = set(chain.from_iterable(some for some in left if len(some) == fewest))
    return [word for word in typed if word in kept]


def _term(word: str, forms: Sequence[tuple[str, str, str]], spoken: Sequence[str], unfinished: bool) -> Term:
    stems = {language: stem(word, language) for language in spoken if word not in stop_words(language)}
    near = {form: OTHER_FORM for language, form, common in forms if stems.get(language) == common}
    return Term(word, near | {word: ITSELF}, unfinished)


def completed(terms: Sequence[Term], texts: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms; an unfinished one stands for every word of texts that begins like it too.

    The words of a text have a space around each.
    """
    return tuple(_completed(term, texts) if term.unfinished else term for term in terms)


def _completed(term: Term, texts: Sequence[str]) -> Term:
    begins = re.compile(f" ({re.escape(term.asked)}[^ ]*)")
    begun = dict.fromkeys(chain.from_iterable(map(begins.findall, texts)), BEGINNING)
    return replace(term, near=begun | dict(term.near))


def corrected(session: Session, question: Question, unknown: Collection[str]) -> Question:
    """Return the question with those of its words that are unknown standing for words spelt alike; two statements."""
    meant = words.alike(session, sorted(unknown), question.languages, question.at)
    terms = tuple(
        replace(
            term,
            near=_nearness(meant[term.asked]),
            unfinished=False,
            stems={one.word: one.stem for one in meant[term.asked]},
        )
        if term.asked in meant
        else term
        for term in question.terms
    )
    return replace(question, terms=terms)


def _nearness(meant: Sequence[Meant]) -> dict[str, float]:
    return {one.word: MEANT / (1 + one.far / 2) for one in meant}
