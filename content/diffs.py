"""Diffs: what changed between two versions, field by field, in whole words."""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from rapidfuzz.distance import Levenshtein

from content.fields import Values
from content.types import ContentType

# Marks that combine with a letter, and the joiners between letters, belong to its word; `\w` leaves them out.
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)).startswith("M")
)
_LETTERS = rf"[\w{_MARKS}\u00ad\u200c\u200d\u2060]+"
# What parts figures within one number, date, time or dose; the thousands may stand apart, too.
_WITHIN_NUMBER = (
    r"(?<=\d)(?:[.,:·×\u066b\u066c\u2013\u2212'\u2019](?=\d)|[ \u00a0\u2009\u202f](?=\d{3}(?!\d))|°(?=\w)"
    r"|\^[-+\u2212]?(?=\d)|[\u207a\u207b](?=[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]))"
)
_WITHIN_WORD = rf"[-\u2010\u2011/'\u2019](?={_LETTERS})"
_SIGN = r"(?:(?<!\w)(?:[-+\u2212±]?\.?(?=\d)|°(?=\w)))?"
_WORD = re.compile(
    rf"{_SIGN}{_LETTERS}(?:(?:{_WITHIN_NUMBER}|{_WITHIN_WORD}){_LETTERS})*(?:(?<=\d)[%‰°])?|\s+|[^\w\s]"
)


Token = TypeVar("Token", bound=Hashable)


class Mark(StrEnum):
    """What happened to a stretch of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Stretch:
    """A run of words, and whether both texts have it."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class FieldDiff:
    """One field that differs: its words before and after, as one run of stretches."""

    name: str
    label: str
    before: str
    after: str
    stretches: tuple[Stretch, ...]


def compare(declared: ContentType, before: Values, after: Values) -> list[FieldDiff]:
    """Return the fields that differ, in the order of their declaration."""
    return [
        field_diff(field.name, field.label, old, new)
        for field in declared.fields
        for old, new in [(field.words(before.get(field.name)), field.words(after.get(field.name)))]
        if old != new
    ]


def field_diff(name: str, label: str, before: str, after: str) -> FieldDiff:
    """Return how the words of one field differ."""
    return FieldDiff(name, label, before, after, tuple(words(before, after)))


def tokens(text: str) -> list[str]:
    """Return the words of a text, what parts them too."""
    return _WORD.findall(text)


def words(before: str, after: str) -> Iterator[Stretch]:
    """Yield the stretches that turn one text into the other; no word is ever cut in two."""
    for mark, run in stretches(tokens(before), tokens(after)):
        yield Stretch(mark, "".join(run))


def stretches(old: list[Token], new: list[Token]) -> Iterator[tuple[Mark, list[Token]]]:
    """Yield the runs that turn one list of words into the other, none of them empty."""
    reached = 0
    for change in _legible(_changes(old, new)):
        yield from _run(Mark.SAME, old[reached : change.old_start])
        yield from _run(Mark.REMOVED, old[change.old_start : change.old_end])
        yield from _run(Mark.ADDED, new[change.new_start : change.new_end])
        reached = change.old_end
    yield from _run(Mark.SAME, old[reached:])


def _run(mark: Mark, run: list[Token]) -> Iterator[tuple[Mark, list[Token]]]:
    if run:
        yield mark, run


@dataclass(frozen=True)
class _Change:
    """Which words of the old text became which words of the new one."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int

    @property
    def size(self) -> int:
        return max(self.old_end - self.old_start, self.new_end - self.new_start)


def _changes(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[_Change]:
    # Numbers compare faster than words do, and exactly.
    numbers: dict[Hashable, int] = {}
    coded = [[numbers.setdefault(token, len(numbers)) for token in side] for side in (old, new)]
    for step in Levenshtein.opcodes(*coded):
        if step.tag != "equal":
            yield _Change(step.src_start, step.src_end, step.dest_start, step.dest_end)


def _legible(changes: Iterable[_Change]) -> list[_Change]:
    """Join neighbours where fewer words stayed between them than changed on either side: scraps say nothing."""
    joined: list[_Change] = []
    for change in changes:
        while joined and change.old_start - joined[-1].old_end <= min(joined[-1].size, change.size):
            first = joined.pop()
            change = _Change(first.old_start, change.old_end, first.new_start, change.new_end)
        joined.append(change)
    return joined
