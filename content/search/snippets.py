"""Snippets: the passage of a text that answers a question best, with the words that were found marked in it.

It is cut from what a document shows its readers, so it says nothing that the document does not.
"""

import html
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from content.search import analysis, texts
from content.types import ContentType

LONG = 220  # characters of a passage, about
BEFORE = 60  # characters that a passage may begin before its first word found
FARTHEST = 50_000  # characters of a text that are looked through


@dataclass(frozen=True)
class Snippet:
    """A passage as HTML, `<mark>` around what was found and all else escaped, and as plain text."""

    html: str
    text: str


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    words: frozenset[str]


def snippet(declared: ContentType, document: Mapping[str, Any], words: Collection[str]) -> Snippet:
    """Return the passage of a document with most of `words`; its beginning where it has none of them."""
    said = [" ".join(text.split())[:FARTHEST] for text in texts.prose(declared, document)] or [""]
    marked = [(text, _marks(text, frozenset(words))) for text in said]
    text, marks, start = max(
        ((text, marks, _best(marks)) for text, marks in marked), key=lambda one: _worth(one[1], one[2])
    )
    return _cut(text, marks, marks[start].start if marks else 0)


def _marks(text: str, words: frozenset[str]) -> list[_Mark]:
    return [_Mark(*span) for span in analysis.spans(text, words)]


def _best(marks: Sequence[_Mark]) -> int:
    """Return at which of the marks the passage with most different words begins."""
    return max(range(len(marks)), key=lambda start: (_worth(marks, start), -start), default=0)


def _worth(marks: Sequence[_Mark], start: int) -> int:
    return len(frozenset().union(*(mark.words for mark in _from(marks, start))))


def _from(marks: Sequence[_Mark], start: int) -> Iterator[_Mark]:
    for mark in marks[start:]:
        if mark.end > marks[start].start + LONG - BEFORE:
            return
        yield mark


def _cut(text: str, marks: Sequence[_Mark], first: int) -> Snippet:
    begin = _word_start(text, max(0, first - BEFORE), first)
    end = _word_end(text, begin + LONG)
    pieces, at = [], begin
    for mark in marks:
        if begin <= mark.start and mark.end <= end:
            pieces += [
                html.escape(text[at : mark.start]),
                f"<mark>{html.escape(text[mark.start : mark.end])}</mark>",
            ]
            at = mark.end
    pieces.append(html.escape(text[at:end]))
    before, after = "… " if begin else "", " …" if end < len(text) else ""
    return Snippet(f"{before}{''.join(pieces)}{after}", f"{before}{text[begin:end]}{after}")


def _word_start(text: str, begin: int, first: int) -> int:
    """Return where a sentence begins between the two, else a word."""
    if begin == 0:
        return 0
    sentence = max(text.rfind(end, begin, first) for end in (". ", "? ", "! "))
    space = text.find(" ", begin - 1, first)
    return sentence + 2 if sentence >= 0 else space + 1 if space >= 0 else first


def _word_end(text: str, end: int) -> int:
    if end >= len(text):
        return len(text)
    space = text.rfind(" ", end - LONG // 2, end + 1)
    return space if space >= 0 else end
