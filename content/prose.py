"""Prose: what changed between two texts, told in their own HTML: whole words in `ins` and `del`, blocks kept.

Each text is taken apart into its blocks (paragraphs, headings, items, cells), each with the way to it through lists,
quotes and tables. Blocks are paired in order, paired ones compared word by word, and all put together again along their
ways, so that what comes out is nested as it should be. A block that stands in something else than before is shown as
removed and as added: a step that counts is not an item, and a quotation not advice.
"""

import html
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, takewhile

from content import diffs, pairing
from content.blocks import Block, Part, Way, Word, blocks_of, by_link, closing, name_of
from content.diffs import Mark

AROUND = 1  # blocks that are shown before and after one that changed
RULE = "* * *"  # a line across the page, where it is shown as removed or as added
_FAR = 1_000_000
_LEFT_OUT = '<p class="left-out">'
_LEFT_OUT_CELL = '<td class="left-out">'
_TAGS = {Mark.ADDED: "ins", Mark.REMOVED: "del"}
_SIGNS = {Mark.ADDED: ("{+", "+}"), Mark.REMOVED: ("[-", "-]"), Mark.SAME: ("", "")}

Stretch = tuple[Mark, list[Word]]
Piece = tuple[Way, list[Stretch]]
Links = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Marked:
    """Two texts in one: as HTML, and as plain words with `{+what was added+}` and `[-what was removed-]`.

    `changed`: whether anything is marked. An empty item, or a list in two parts, leaves no mark.
    """

    html: str
    text: str
    changed: bool


def compare(before: str, after: str, *, near: bool = False) -> Marked:
    """Return what turns one sanitised HTML text into the other; equal texts come out unmarked.

    `near`: only what changed, with the blocks around it, and of a table the row and its headings.
    """
    merged = list(_merged(blocks_of(before), blocks_of(after)))
    shown = list(_near(merged)) if near else merged
    changed = any(
        mark != Mark.SAME and not word.is_blank
        for _, told in merged
        for mark, words in told
        for word in words
    )
    return Marked("".join(_written(shown)), "\n\n".join(filter(None, map(_plain, shown))), changed)


def _merged(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Piece]:
    """Yield every block of both texts, in order, with its words marked; a removed one where it stood."""
    pairs, known = pairing.paired(old, new)
    links_old, links_new = (_links(word for block in side for word in block.words) for side in (old, new))
    reached_old, reached_new, here = 0, 0, Way()
    for place_old, place_new in [*pairs, (len(old), len(new))]:
        gone = [
            (_carried(way, known), [(Mark.REMOVED, _with_addresses(words, links_new))])
            for way, words in map(_alone, old[reached_old:place_old])
        ]
        come = [
            (way, [(Mark.ADDED, _with_addresses(words, links_old))])
            for way, words in map(_alone, new[reached_new:place_new])
        ]
        there = new[place_new].way if place_new < len(new) else Way()
        yield from _in_order(here, gone, come, there)
        if place_new < len(new):
            here = there
            yield here, list(_compared(old[place_old], new[place_new]))
        reached_old, reached_new = place_old + 1, place_new + 1


def _in_order(here: Way, gone: list[Piece], come: list[Piece], there: Way) -> Iterator[Piece]:
    """Yield what was removed before what was added, but each in the element that is open or that goes on behind."""

    def at(piece: Piece) -> tuple[int, int]:
        return -_shared(here, piece[0]), _shared(there, piece[0])

    return merge(gone, come, key=at)


def _compared(one: Block, other: Block) -> Iterator[Stretch]:
    across = {Mark.REMOVED: _links(other.words), Mark.ADDED: _links(one.words)}
    for mark, words in diffs.stretches(one.words, other.words):
        yield mark, words if mark == Mark.SAME else _with_addresses(words, across[mark])


def _alone(block: Block) -> tuple[Way, list[Word]]:
    """Return a block as it is marked: a line across the page has no words that could be."""
    if block.kind != "hr":
        return block.way, block.words
    return (*block.way[:-1], (block.way[-1][0], "<p>")), [Word(RULE)]


def _links(words: Iterable[Word]) -> Links:
    return frozenset((_said(run), address) for address, run in by_link(list(words)) if address)


def _with_addresses(words: list[Word], across: Links) -> list[Word]:
    """Return the words with its address after each link that leads elsewhere in the other text, or is not in it."""
    told = []
    for address, run in by_link(words):
        told += run
        if address and _said(run) != address and _is_news(_said(run), address, across):
            told.append(Word(f" ({address})"))
    return told


def _is_news(said: str, address: str, across: Links) -> bool:
    elsewhere = any(words == said for words, _ in across) and (said, address) not in across
    return elsewhere or all(there != address for _, there in across)


def _said(words: Iterable[Word]) -> str:
    return "".join(word.text for word in words)


def _carried(way: Way, known: dict[Part, Part]) -> Way:
    """Return the way of a removed block through the elements that are there still; the block is one of its own."""
    return (*(known.get(part, _removed(part)) for part in way[:-1]), *map(_removed, way[-1:]))


def _removed(part: Part) -> Part:
    # No number of the new text's, and no heading's id a second time.
    number, written = part
    return -number, f"<{name_of(part)}>" if " id=" in written else written


def _written(pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the HTML of blocks, elements opened and closed as their ways part."""
    here: Way = ()
    for way, stretches in pieces:
        shared = _shared(here, way)
        yield from _closed(here[shared:])
        yield from (written for _, written in way[shared:])
        yield from (_inline(mark, words) for mark, words in stretches)
        here = way
    yield from _closed(here)


def _shared(one: Way, other: Way) -> int:
    """Return how many elements two blocks stand in together."""
    return len(list(takewhile(lambda both: both[0] == both[1], zip(one, other, strict=False))))


def _near(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the blocks that changed, each with what is near to it, and a mark in place of several others."""
    kept = _kept(pieces)
    for is_kept, run in groupby(range(len(pieces)), key=lambda place: place in kept):
        places = list(run)
        if is_kept or len(places) == 1:
            yield from (pieces[place] for place in places)
        else:
            ways = [
                pieces[place][0] if 0 <= place < len(pieces) else ()
                for place in (places[0] - 1, places[-1] + 1)
            ]
            yield _gap(places[0], *ways), [(Mark.SAME, [Word("…")])]


def _kept(pieces: Sequence[Piece]) -> set[int]:
    """Return the places of what changed and of its neighbours; a cell brings its row, and the headings of its table."""
    changed = [place for place, (_, told) in enumerate(pieces) if any(mark != Mark.SAME for mark, _ in told)]
    near = {place + step for place in changed for step in range(-AROUND, AROUND + 1)} & set(
        range(len(pieces))
    )
    parts = {part for place in near for part in pieces[place][0] if name_of(part) in ("tr", "table")}
    return near | {place for place, (way, _) in enumerate(pieces) if _belongs(way, parts)}


def _belongs(way: Way, parts: set[Part]) -> bool:
    """Whether a block is in one of the rows, or in the headings of one of the tables."""
    within = {name_of(part) for part in way if part in parts}
    return "tr" in within or ("table" in within and any(name_of(part) == "thead" for part in way))


def _gap(number: int, before: Way, after: Way) -> Way:
    """Return the way of a mark in place of what is left out: a row of its own where a table goes on behind it."""
    rows = [place for place, part in enumerate(after) if name_of(part) == "tr"]
    # A number of its own, so that no two of them are one element.
    number = -_FAR - 2 * number
    if rows and any(name_of(part) == "table" for part in after[: _shared(before, after)]):
        return (*after[: rows[0]], (number, "<tr>"), (number - 1, _LEFT_OUT_CELL))
    return ((number, _LEFT_OUT),)


def _closed(way: Way) -> Iterator[str]:
    yield from (closing(written) for _, written in reversed(way) if written != "<hr>")


def _inline(mark: Mark, words: Sequence[Word]) -> str:
    inner = "".join(
        "".join(within) + "".join(map(_word, run)) + "".join(closing(tag) for tag in reversed(within))
        for within, run in groupby(words, key=lambda word: word.within)
    )
    tag = _TAGS.get(mark)
    return f"<{tag}>{inner}</{tag}>" if tag and inner else inner


def _word(word: Word) -> str:
    return word.tag or html.escape(word.text, quote=False)


def _plain(piece: Piece) -> str:
    return "".join(_signed(mark, words) for mark, words in piece[1]).strip()


def _signed(mark: Mark, words: Sequence[Word]) -> str:
    before, after = _SIGNS[mark]
    text = "".join(word.text if mark == Mark.SAME else word.told for word in words)
    return f"{before}{text}{after}" if text else ""
