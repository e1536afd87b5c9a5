"""How long a text is to read, and how hard: words, minutes, and the grade of Flesch and Kincaid (1975)."""

import math
import re
from dataclasses import dataclass

from content.sentences import sentences

WORDS_A_MINUTE = 220
FEWEST = 100  # words; the grade of fewer says more of chance than of the text

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
# Two vowels that are spoken apart: di-a-betes, vi-olent, re-act, i-dea, qui-et; but not na-tion, spe-cial, mil-lion.
_APART = re.compile(
    r"(?<![tscg])(?<!ll|in)i[ao]|(?<=cr)ea|(?<=^r)ea(?=c)|ea$|eo(?![up])|iet|(?<![gq])ua|[iy]ing|being"
)
# An e that is written and not heard: made, dates, walked, safely; but not ta-ble, clo-ses, hea-ted.
_SILENT = re.compile(
    r"(?<=[^aeiouy])(?<![^aeiouy]l)e$|(?<=[^aeiouysxzcg])(?<!sh)(?<!ch)(?<![^aeiouy]l)es$|(?<=[^aeiouytd])ed$"
    r"|(?<=[^aeiouy])e(?=(?:ly|ments?|ful|less|ness|one|times|where)$)|(?<=v)e(?=ry$)"
)


@dataclass(frozen=True)
class Measure:
    """A text measured; `grade` is the years of school that it asks for, or None, and `why` then says why not."""

    words: int
    minutes: int
    grade: float | None
    why: str | None = None


def measure(text: str, locale: str) -> Measure:
    """Measure plain words, their blocks parted by empty lines."""
    count = len(text.split())
    if locale.partition("-")[0] != "en":
        return Measure(count, minutes(text), None, "a reading grade is told of English texts only")
    if count < FEWEST:
        return Measure(count, minutes(text), None, f"fewer than {FEWEST} words have no reading grade")
    return Measure(count, minutes(text), round(grade(text), 1))


def minutes(text: str) -> int:
    """Return the minutes that reading takes, one at least."""
    return max(1, math.ceil(len(text.split()) / WORDS_A_MINUTE))


def grade(text: str) -> float:
    """Return the Flesch-Kincaid grade of English prose; a heading, an item and a paragraph end a sentence."""
    words = _WORD.findall(text)
    ends = sum(len(sentences(block)) for block in text.split("\n\n"))
    if not words or not ends:
        return 0.0
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / ends + 11.8 * spoken / len(words) - 15.59


def syllables(word: str) -> int:
    """Return how many syllables an English word has; right for most, and one off for some."""
    letters = word.lower()
    heard = len(_VOWELS.findall(letters)) + len(_APART.findall(letters))
    return max(1, heard - len(_SILENT.findall(letters)))
