"""Diffs: what changed between two versions, field by field, in whole words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from content.fields import Values
from content.types import ContentType

# Marks that combine with a letter, and the joiners between letters, belong to its word; `\w` leaves them out.
_MARKS = "".join(
    chr(code) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)).startswith("M")
)
_WORD = re.compile(rf"[\w{_MARKS}\u200c\u200d]+|\s+|[^\w\s]")


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
        FieldDiff(field.name, field.label, old, new, tuple(words(old, new)))
        for field in declared.fields
        for old, new in [(field.words(before.get(field.name)), field.words(after.get(field.name)))]
        if old != new
    ]


def words(before: str, after: str) -> Iterator[Stretch]:
    """Yield the stretches that turn one text into the other; no word is ever cut in two."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    reached = 0
    for change in _legible(_changes(old, new)):
        yield from _stretch(Mark.SAME, old[reached : change.old_start])
        yield from _stretch(Mark.REMOVED, old[change.old_start : change.old_end])
        yield from _stretch(Mark.ADDED, new[change.new_start : change.new_end])
        reached = change.old_end
    yield from _stretch(Mark.SAME, old[reached:])


def _stretch(mark: Mark, tokens: list[str]) -> Iterator[Stretch]:
    if tokens:
        yield Stretch(mark, "".join(tokens))


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


def _changes(old: list[str], new: list[str]) -> Iterator[_Change]:
    # Numbers compare faster than words do, and exactly.
    numbers: dict[str, int] = {}
    coded = [[numbers.setdefault(token, len(numbers)) for token in tokens] for tokens in (old, new)]
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
