"""Prose: what changed between two texts, told in their own HTML: whole words in `ins` and `del`, blocks kept.

Each text is taken apart into its blocks (paragraphs, headings, items, cells), each with the way to it through lists,
quotes and tables. Blocks are paired in order, paired ones compared word by word, and all put together again along their
ways, so that what comes out is nested as it should be.
"""

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import groupby, takewhile

from rapidfuzz.distance import Levenshtein

from content import diffs
from content.diffs import Mark

INLINE = frozenset({"a", "em", "strong", "s", "code"})
_EMPTY = frozenset({"br", "img"})
ALIKE = 0.3  # how many words two blocks must share, of all that either has, to be one that changed
MOST_COMPARED = (
    20_000  # pairs of blocks that are weighed against each other; beyond them, the nth goes with the nth
)
AROUND = 1  # blocks that are shown before and after one that changed
_FAR = 1_000_000
_LEFT_OUT = '<p class="left-out">'
_TAGS = {Mark.ADDED: "ins", Mark.REMOVED: "del"}
_SIGNS = {Mark.ADDED: ("{+", "+}"), Mark.REMOVED: ("[-", "-]"), Mark.SAME: ("", "")}


@dataclass(frozen=True)
class Word:
    """A word, a space or a picture, and the inline tags that it stands in, as they are written."""

    text: str
    within: tuple[str, ...] = ()
    tag: str = ""


@dataclass
class Block:
    """The words of one block, and the elements that it stands in, from the outermost: each a number and its tag."""

    way: "Way"
    words: list[Word] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The tag of the block itself."""
        return _name(self.way[-1][1]) if self.way else ""


Way = tuple[tuple[int, str], ...]
Stretch = tuple[Mark, list[Word]]
Piece = tuple[Way, list[Stretch]]


@dataclass(frozen=True)
class Marked:
    """Two texts in one: as HTML, and as plain words with `{+what was added+}` and `[-what was removed-]`."""

    html: str
    text: str


def compare(before: str, after: str, *, near: bool = False) -> Marked:
    """Return what turns one sanitised HTML text into the other; equal texts come out unmarked.

    `near`: only what changed, with the blocks around it.
    """
    old, new = _blocks(before), _blocks(after)
    merged = list(_merged(old, new))
    shown = list(_near(merged)) if near else merged
    return Marked("".join(_written(shown)), "\n\n".join(filter(None, map(_plain, shown))))


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
            self._here().words.append(Word("\n" if tag == "br" else "", tuple(self.within), written))
        elif tag in INLINE and not (tag == "code" and self.way and _name(self.way[-1][1]) == "pre"):
            self.within.append(written)
        else:
            self.count += 1
            self.way.append((self.count, written))
            if tag == "hr":
                self.blocks.append(Block(tuple(self.way)))
                self.way.pop()

    def handle_endtag(self, tag: str) -> None:
        if self.within and _name(self.within[-1]) == tag:
            self.within.pop()
        elif self.way and _name(self.way[-1][1]) == tag:
            self.way.pop()

    def handle_data(self, data: str) -> None:
        kept = any(_name(written) == "pre" for _, written in self.way)
        goes_on = bool(self.blocks) and self.blocks[-1].way == tuple(self.way)
        if data.strip() or kept or goes_on:
            self._here().words += [Word(token, tuple(self.within)) for token in diffs.tokens(data)]

    def _here(self) -> Block:
        if not self.blocks or self.blocks[-1].way != tuple(self.way):
            self.blocks.append(Block(tuple(self.way)))
        return self.blocks[-1]


def _blocks(source: str) -> list[Block]:
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.blocks


def _name(written: str) -> str:
    return written[1:].rstrip(">").split(" ")[0]


def _merged(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Piece]:
    """Yield every block of both texts, in order, with its words marked; a removed one where it stood."""
    pairs = _paired(old, new)
    known = _shared_ways(old, new, pairs)
    reached_old, reached_new = 0, 0
    for place_old, place_new in [*pairs, (len(old), len(new))]:
        for gone in old[reached_old:place_old]:
            if gone.words:
                yield _carried(gone.way, known), [(Mark.REMOVED, gone.words)]
        for come in new[reached_new:place_new]:
            yield come.way, [(Mark.ADDED, come.words)]
        if place_new < len(new):
            yield new[place_new].way, list(diffs.stretches(old[place_old].words, new[place_new].words))
        reached_old, reached_new = place_old + 1, place_new + 1


def _paired(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """Return the places of blocks that are one and the same, changed or not, in order."""
    texts = [[(one.kind, *one.words) for one in blocks] for blocks in (old, new)]
    numbers: dict[tuple[object, ...], int] = {}
    coded = [[numbers.setdefault(text, len(numbers)) for text in side] for side in texts]
    pairs = []
    for step in Levenshtein.opcodes(*coded):
        olds, news = range(step.src_start, step.src_end), range(step.dest_start, step.dest_end)
        pairs += list(zip(olds, news, strict=True)) if step.tag == "equal" else _likely(old, new, olds, news)
    return pairs


def _likely(old: Sequence[Block], new: Sequence[Block], olds: range, news: range) -> list[tuple[int, int]]:
    """Pair changed blocks so that together they share the most words, none across another."""
    if len(olds) * len(news) > MOST_COMPARED:
        return [pair for pair in zip(olds, news, strict=False) if old[pair[0]].kind == new[pair[1]].kind]
    best = [[0.0] * (len(news) + 1) for _ in range(len(olds) + 1)]
    likeness = [[_likeness(old[one], new[other]) for other in news] for one in olds]
    for row in reversed(range(len(olds))):
        for column in reversed(range(len(news))):
            taken = likeness[row][column] + best[row + 1][column + 1] if likeness[row][column] else 0.0
            best[row][column] = max(taken, best[row + 1][column], best[row][column + 1])
    return list(_walked(best, likeness, olds, news))


def _walked(
    best: list[list[float]], likeness: list[list[float]], olds: range, news: range
) -> Iterator[tuple[int, int]]:
    row = column = 0
    while row < len(olds) and column < len(news):
        if likeness[row][column] and best[row][column] == likeness[row][column] + best[row + 1][column + 1]:
            yield olds[row], news[column]
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1


def _likeness(one: Block, other: Block) -> float:
    """Return the part of their words that two blocks of a kind share, 0 where it is too small to make them one."""
    if one.kind != other.kind:
        return 0.0
    words, others = ({word.text for word in block.words if word.text.strip()} for block in (one, other))
    part = len(words & others) / len(words | others) if words | others else 1.0
    return part if part >= ALIKE else 0.0


def _shared_ways(
    old: Sequence[Block], new: Sequence[Block], pairs: Sequence[tuple[int, int]]
) -> dict[tuple[int, str], tuple[int, str]]:
    """Return which element of the new text each one of the old text lives on in, where a pair stands in both."""
    known: dict[tuple[int, str], tuple[int, str]] = {}
    for one, other in pairs:
        for theirs, ours in zip(old[one].way, new[other].way, strict=False):
            if _name(theirs[1]) != _name(ours[1]):
                break
            known.setdefault(theirs, ours)
    return known


def _carried(way: Way, known: dict[tuple[int, str], tuple[int, str]]) -> Way:
    """Return the way of a removed block through the elements that are there still; the block is one of its own."""
    return (*(known.get(part, _removed(part)) for part in way[:-1]), *map(_removed, way[-1:]))


def _removed(part: tuple[int, str]) -> tuple[int, str]:
    # No number of the new text's, and no heading's id a second time.
    number, written = part
    return -number, f"<{_name(written)}>" if " id=" in written else written


def _written(pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the HTML of blocks, elements opened and closed as their ways part."""
    here: Way = ()
    for way, stretches in pieces:
        shared = len(list(takewhile(lambda both: both[0] == both[1], zip(here, way, strict=False))))
        yield from _closed(here[shared:])
        yield from (written for _, written in way[shared:])
        yield from (_inline(mark, words) for mark, words in stretches)
        here = way
    yield from _closed(here)


def _near(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the blocks that changed, each with its neighbours, and a mark in place of several others."""
    changed = [place for place, (_, told) in enumerate(pieces) if any(mark != Mark.SAME for mark, _ in told)]
    kept = {near for place in changed for near in range(place - AROUND, place + AROUND + 1)}
    for is_kept, run in groupby(enumerate(pieces), key=lambda one: one[0] in kept):
        blocks = list(run)
        if is_kept or len(blocks) == 1:
            yield from (piece for _, piece in blocks)
        else:
            # A number of its own, so that no two of them are one element.
            yield ((-_FAR - blocks[0][0], _LEFT_OUT),), [(Mark.SAME, [Word("…")])]


def _closed(way: Way) -> Iterator[str]:
    yield from (f"</{_name(written)}>" for _, written in reversed(way) if _name(written) != "hr")


def _inline(mark: Mark, words: Sequence[Word]) -> str:
    inner = "".join(
        "".join(within) + "".join(map(_word, run)) + "".join(f"</{_name(tag)}>" for tag in reversed(within))
        for within, run in groupby(words, key=lambda word: word.within)
    )
    tag = _TAGS.get(mark)
    return f"<{tag}>{inner}</{tag}>" if tag and inner else inner


def _word(word: Word) -> str:
    return word.tag or html.escape(word.text, quote=False)


def _plain(piece: Piece) -> str:
    marked = [(mark, "".join(word.text for word in words)) for mark, words in piece[1]]
    return "".join(f"{_SIGNS[mark][0]}{text}{_SIGNS[mark][1]}" for mark, text in marked if text).strip()
