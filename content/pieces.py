"""Pieces: what a field's value is made of where two who changed it are merged, paragraphs or items of a list."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import rfc8785

_WORD = re.compile(r"\w+")
_ITEM = re.compile(r"\s*([-*+]|\d{1,9}[.)])\s")
_FENCE = re.compile(r" {0,3}(```|~~~)")


@dataclass(frozen=True)
class Piece:
    """A paragraph, with the blank lines that part it from the next, or an item of a list; `text` makes it the same."""

    text: str
    gap: str = field(default="", compare=False)
    item: Any = field(default=None, compare=False)

    @property
    def words(self) -> list[str]:
        """Its words, in order."""
        return _WORD.findall(self.text)


Pieces = list[Piece]


def paragraphs(text: str | None) -> Pieces:
    """The paragraphs of a Markdown text; a fenced block is one, whatever blank lines it holds."""
    found: list[list[str]] = []
    fence = ""
    for line in text.split("\n") if text else ():
        after_blank = bool(found) and not found[-1][-1].strip()
        begins = not found or (after_blank and line.strip()) or _ITEM.match(line)
        if begins and not fence:
            found.append([])
        found[-1].append(line)
        if (mark := _FENCE.match(line)) and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
    return [_paragraph(lines, last=lines is found[-1]) for lines in found]


def prose(pieces: Iterable[Piece]) -> str:
    """The Markdown text of paragraphs, put together anew."""
    text, gap = "", "\n\n"
    for one in pieces:
        # Only an item of a list follows what stands before it without a blank line; something else may have come here.
        parted = gap.count("\n") > 1 or _ITEM.match(one.text)
        text, gap = text + ("" if parted else "\n") + one.text + one.gap, one.gap
    return text.rstrip("\n")


def items(values: Sequence[Any]) -> Pieces:
    """The items of a list."""
    return [Piece(rfc8785.dumps(value).decode(), item=value) for value in values]


def listed(pieces: Iterable[Piece]) -> list[Any]:
    """The list of items."""
    return [piece.item for piece in pieces]


def _paragraph(lines: Sequence[str], *, last: bool) -> Piece:
    whole = "\n".join(lines)
    text = whole.rstrip("\n ")
    # What somebody puts after the last one has to be parted from it too.
    return Piece(text, "\n\n" if last else whole[len(text) :] + "\n")
