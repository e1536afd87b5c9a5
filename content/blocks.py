"""Blocks: what a text in HTML is made of, in order: paragraphs, headings, items, cells, each with the way to it."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from itertools import groupby

from content import diffs

INLINE = frozenset({"a", "em", "strong", "s", "code"})
CELLS = frozenset({"td", "th"})
_EMPTY = frozenset({"br", "img"})
_HREF = re.compile(r' href="([^"]*)"')
_SRC = re.compile(r' src="([^"]*)"')

Part = tuple[int, str]
Way = tuple[Part, ...]


@dataclass(frozen=True)
class Word:
    """A word, a space or a picture, whose text is its `alt`, and the inline tags around it, as they are written."""

    text: str
    within: tuple[str, ...] = ()
    tag: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nobody sees it."""
        return not (self.tag or self.text.strip())

    @property
    def told(self) -> str:
        """What tells it from others in plain words: of a picture also its address, as in Markdown."""
        source = _SRC.search(self.tag)
        return f"![{self.text}]({html.unescape(source[1])})" if source else self.text


@dataclass
class Block:
    """The words of one block, and the elements that it stands in, from the outermost: each a number and its tag."""

    way: Way
    words: list[Word] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The tag of the block itself."""
        return name_of(self.way[-1]) if self.way else ""

    @cached_property
    def stands_in(self) -> tuple[str, ...]:
        """The tags around its words; a heading's id, which comes of its words, is left out."""
        return tuple(f"<{name_of(part)}>" if " id=" in part[1] else part[1] for part in self.way)


class _Reader(HTMLParser):
    """Takes sanitised HTML, whose tags are all closed, apart into blocks."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.way: list[tuple[int, str]] = []
        self.within: list[str] = []
        self.count = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = self.get_starttag_text() or f"<{tag}>"
        if tag in _EMPTY:
            text = "\n" if tag == "br" else dict(attrs).get("alt") or ""
            self._here().words.append(Word(text, tuple(self.within), written))
        elif tag in INLINE and not (tag == "code" and self.way and name_of(self.way[-1]) == "pre"):
            self.within.append(written)
        else:
            self.count += 1
            self.way.append((self.count, written))
            if tag in CELLS:
                self._here()
            elif tag == "hr":
                self.blocks.append(Block(tuple(self.way)))
                self.way.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.within and _name(self.within[-1]) == tag:
            self.within.pop()
        elif self.way and name_of(self.way[-1]) == tag:
            self.way.pop()

    def handle_data(self, data: str) -> None:
        kept = any(name_of(part) == "pre" for part in self.way)
        goes_on = bool(self.blocks) and self.blocks[-1].way == tuple(self.way)
        if data.strip() or kept or goes_on:
            self._here().words += [Word(token, tuple(self.within)) for token in diffs.tokens(data)]

    def _here(self) -> Block:
        if not self.blocks or self.blocks[-1].way != tuple(self.way):
            self.blocks.append(Block(tuple(self.way)))
        return self.blocks[-1]


def blocks_of(source: str) -> list[Block]:
    """Return the blocks of sanitised HTML; an empty cell is one too, for others stand behind it."""
    reader = _Reader()
    reader.feed(source)
    reader.close()
    for block in reader.blocks:
        _trim(block)
    return reader.blocks


def _trim(block: Block) -> None:
    # What parts a block from one within it is no word, and no change.
    while block.words and block.words[-1].is_blank and "<pre>" not in block.stands_in:
        block.words.pop()


def name_of(part: Part) -> str:
    """Return the name of an element."""
    return _name(part[1])


def _name(written: str) -> str:
    return written[1:].rstrip(">").split(" ")[0]


def closing(written: str) -> str:
    """Return the tag that ends what `written` begins."""
    return f"</{_name(written)}>"


def by_link(words: Sequence[Word]) -> Iterator[tuple[str | None, list[Word]]]:
    """Yield the words in runs, each with the address that it leads to."""
    for address, run in groupby(words, key=_address):
        yield address, list(run)


def _address(word: Word) -> str | None:
    found = next(filter(None, map(_HREF.search, word.within)), None)
    return html.unescape(found[1]) if found else None
