"""Merging: what two people made of the same version, put together field by field, lists and prose piece by piece.

What both changed is a clash, which a choice settles: nobody's words are dropped unseen, and none are printed twice that
both have moved. Prose is merged paragraph by paragraph (a heading and an item of a list each count as one), since two
halves of one paragraph that nobody has read together may say what neither meant.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import rfc8785
from rapidfuzz.distance import Levenshtein

from content.errors import Clash
from content.fields import Field, Markdown, Values
from content.lists import Links, Passages, Records, Tags


class Choice(StrEnum):
    """Whose words stay where both changed the same; both: theirs, and then what mine have beyond them."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"


@dataclass(frozen=True)
class Merged:
    """Every value by field name; where a clash is left, mine."""

    values: dict[str, Any]
    clashes: tuple[Clash, ...]


def merged(
    fields: Sequence[Field], base: Values, theirs: Values, mine: Values, choices: Mapping[str, str]
) -> Merged:
    """Put together what two made of `base`; `choices` names for a clash's key whose words stay."""
    merging = _Merging(choices)
    values = {
        one.name: merging.field(one, base[one.name], theirs[one.name], mine[one.name]) for one in fields
    }
    return Merged(values, tuple(merging.left))


@dataclass(frozen=True)
class _Piece:
    """A paragraph, with the blank lines that part it from the next, or an item of a list; `text` makes it the same."""

    text: str
    gap: str = field(default="", compare=False)
    item: Any = field(default=None, compare=False)


Pieces = list[_Piece]


class _Merging:
    """One merge: the choices that are made, and the clashes that are left."""

    def __init__(self, choices: Mapping[str, str]) -> None:
        self.choices = choices
        self.left: list[Clash] = []

    def field(self, of: Field, base: Any, theirs: Any, mine: Any) -> Any:
        """Return what a field holds in the end."""
        if mine == theirs or theirs == base:
            return mine
        if mine == base:
            return theirs
        if isinstance(of, Links | Tags):
            return self._picked(of, base, theirs, mine)
        if isinstance(of, Markdown):
            return _prose(self._pieces(of, map(_paragraphs, (base, theirs, mine)), _prose))
        if isinstance(of, Records | Passages):
            sides = map(_items, (base, theirs, mine))
            return _list(self._pieces(of, sides, lambda some: of.words(_list(some))))
        clash = _clash(of, 0, *map(of.words, (base, theirs, mine)), both=False)
        return theirs if self._choice(clash) == Choice.THEIRS else mine

    def _picked(self, of: Links | Tags, base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
        """What is picked from many clashes only where two orders of it cannot be one; what was added stays anyway."""
        if (ordered := _in_order(base, theirs, mine)) is not None:
            return ordered
        his, my = _together(base, theirs, mine), _together(base, mine, theirs)
        clash = _clash(of, 0, of.words(base), of.words(his), of.words(my), both=False)
        return his if self._choice(clash) == Choice.THEIRS else my

    def _choice(self, clash: Clash) -> Choice:
        chosen = self.choices.get(clash.key)
        possible = [one for one in Choice if clash.both or one != Choice.BOTH]
        if chosen not in possible:
            self.left.append(clash)
            return Choice.MINE
        return Choice(chosen)

    def _pieces(self, of: Field, sides: Iterable[Pieces], shown: Callable[[Pieces], str]) -> Pieces:
        base, theirs, mine = sides
        slots = zip(_slots(base, base), _slots(base, theirs), _slots(base, mine), strict=True)
        pieces: Pieces = []
        for place in _landing_once([_Place(at, *slot) for at, slot in enumerate(slots)], theirs, mine):
            if place.clashes:
                clash = _clash(of, place.at, *map(shown, (place.before, place.his, place.my)), both=True)
                pieces += place.chosen(self._choice(clash))
            else:
                pieces += place.kept
        return pieces


# What is known of words wherever they land: the text of a whole piece, or a run of a few words within one.
_Trace = str | tuple[str, ...]
_RUN = 3


@dataclass(frozen=True)
class _Place:
    """A stretch of what both started from, the `at`th, and what either made of it."""

    at: int
    before: Pieces
    his: Pieces
    my: Pieces

    @property
    def clashes(self) -> bool:
        """Whether both changed it, and not alike."""
        return self.before != self.his != self.my != self.before

    @property
    def kept(self) -> Pieces:
        """What whoever changed it made of it."""
        return _parted(self.his if self.my == self.before else self.my, self.before, self.his, self.my)

    def chosen(self, choice: Choice) -> Pieces:
        """What a choice makes of it where it clashes."""
        beyond = [piece for piece in self.my if piece not in self.his]
        return {Choice.THEIRS: self.his, Choice.MINE: self.my, Choice.BOTH: self.his + beyond}[choice]

    @property
    def taken(self) -> set[tuple[str, ...]]:
        """The words that somebody took from here, where both changed it: runs, and pieces no longer than one."""
        if self.before in (self.his, self.my):
            return set()
        told = [_WORD.findall(piece.text) for piece in self.before]
        runs = {run for words in told for run in _runs(words, min(len(words), _RUN))}
        lengths = {len(run) for run in runs}
        return runs - (_traces(self.his, lengths).keys() & _traces(self.my, lengths).keys())

    def told(self, lengths: Collection[int]) -> Counter[_Trace]:
        """What may be told here, whatever is chosen, and how often."""
        if self.clashes:
            return _traces(self.his, lengths) | _traces(self.my, lengths)
        return _traces(self.kept, lengths)


def _landing_once(places: list[_Place], theirs: Pieces, mine: Pieces) -> list[_Place]:
    """Join the places between which words would land oftener than either has them: they clash, as one.

    Both have moved these words, or one has moved what the other has joined to, or parted from, its neighbours.
    """
    # Whatever else both tell alike, "ask your doctor", is no words that were moved.
    moved = {run for place in places for run in place.taken}
    lengths = {len(run) for run in moved}
    most = _traces(theirs, lengths) | _traces(mine, lengths)
    told = [place.told(lengths) for place in places]
    while True:
        often: Counter[_Trace] = Counter()
        for traces in told:
            often.update(traces)
        twice = (trace for trace in often if isinstance(trace, str) or trace in moved)
        landed = next((trace for trace in twice if often[trace] > most[trace]), None)
        if landed is None:
            return places
        here = [number for number, traces in enumerate(told) if landed in traces]
        stretch = slice(here[0], here[-1] + 1)
        places[stretch] = [joined := _joined(places[stretch])]
        told[stretch] = [joined.told(lengths)]


def _joined(places: Sequence[_Place]) -> _Place:
    before, his, my = (
        [piece for side in sides for piece in side]
        for sides in zip(*((place.before, place.his, place.my) for place in places), strict=True)
    )
    return _Place(places[0].at, before, his, my)


def _traces(pieces: Pieces, lengths: Collection[int]) -> Counter[_Trace]:
    """Count what pieces say: each as a whole, if it has words, and every run in it of so many words."""
    traces: Counter[_Trace] = Counter()
    for piece in pieces:
        if words := _WORD.findall(piece.text):
            traces[piece.text] += 1
            for many in lengths:
                traces.update(_runs(words, many))
    return traces


def _runs(words: list[str], many: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + many]) for at in range(len(words) - many + 1))


def _together(base: list[str], first: list[str], second: list[str]) -> list[str]:
    """Each side's additions are in, and what either took away is out; the order is the first side's."""
    kept = [one for one in first if one in second or one not in base]
    return kept + [one for one in second if one not in base and one not in kept]


def _in_order(base: list[str], theirs: list[str], mine: list[str]) -> list[str] | None:
    """What was picked, in an order that keeps what either side made of it; None where there is no such order."""
    ranks = tuple({one: place for place, one in enumerate(side)} for side in (base, theirs, mine))
    left = _together(base, theirs, mine)
    ordered: list[str] = []
    while left:
        # Of those that may come next, theirs first.
        following = next((one for one in left if not any(_precedes(o, one, *ranks) for o in left)), None)
        if following is None:
            return None
        ordered.append(following)
        left.remove(following)
    return ordered


_Ranks = Mapping[str, int]


def _precedes(one: str, other: str, base: _Ranks, theirs: _Ranks, mine: _Ranks) -> bool:
    """Whether a side has one before the other, other than it was before where the sides differ."""
    before, *sides = (_is_before(ranks, one, other) for ranks in (base, theirs, mine))
    told = {order for order in sides if order is not None}
    return True in (told - {before} if len(told) > 1 else told)


def _is_before(ranks: _Ranks, one: str, other: str) -> bool | None:
    return ranks[one] < ranks[other] if one != other and one in ranks and other in ranks else None


def _slots(base: Pieces, side: Pieces) -> list[Pieces]:
    """What a side put before the first piece of `base`, what it made of that piece, and so on; last what it added."""
    slots: list[Pieces] = [[] for _ in range(2 * len(base) + 1)]
    for step in Levenshtein.opcodes([one.text for one in base], [one.text for one in side]):
        made = side[step.dest_start : step.dest_end]
        if step.tag == "insert":
            slots[2 * step.src_start] += made
        else:
            for place, piece in enumerate(made, step.src_start):
                slots[2 * place + 1] = [piece]
    return slots


def _parted(kept: Pieces, *sides: Pieces) -> Pieces:
    """A piece that is kept, parted from the next as whoever changed that would have it."""
    if any(len(side) != 1 for side in sides):
        return kept
    (before,), (his,), (my,) = sides
    return [replace(kept[0], gap=his.gap if my.gap == before.gap else my.gap)]


_WORD = re.compile(r"\w+")
_ITEM = re.compile(r"\s*([-*+]|\d{1,9}[.)])\s")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def _paragraphs(text: str | None) -> Pieces:
    """The paragraphs of a Markdown text; a fenced block is one, whatever blank lines it holds."""
    paragraphs: list[list[str]] = []
    fence = ""
    for line in text.split("\n") if text else ():
        after_blank = bool(paragraphs) and not paragraphs[-1][-1].strip()
        begins = not paragraphs or (after_blank and line.strip()) or _ITEM.match(line)
        if begins and not fence:
            paragraphs.append([])
        paragraphs[-1].append(line)
        if (mark := _FENCE.match(line)) and fence in ("", mark[1]):
            fence = "" if fence else mark[1]
    return [_paragraph(lines, last=lines is paragraphs[-1]) for lines in paragraphs]


def _paragraph(lines: Sequence[str], *, last: bool) -> _Piece:
    whole = "\n".join(lines)
    text = whole.rstrip("\n ")
    # What somebody puts after the last one has to be parted from it too.
    return _Piece(text, "\n\n" if last else whole[len(text) :] + "\n")


def _prose(paragraphs: Iterable[_Piece]) -> str:
    return "".join(one.text + one.gap for one in paragraphs).rstrip("\n")


def _items(values: Sequence[Any]) -> Pieces:
    return [_Piece(rfc8785.dumps(value).decode(), item=value) for value in values]


def _list(pieces: Iterable[_Piece]) -> list[Any]:
    return [piece.item for piece in pieces]


def _clash(of: Field, place: int, base: str, theirs: str, mine: str, *, both: bool) -> Clash:
    # Whoever chose has seen these words of theirs at this place; of others they are asked anew.
    key = hashlib.sha256("\0".join((of.name, str(place), theirs)).encode()).hexdigest()[:16]
    return Clash(key, of.name, of.label, base, theirs, mine, both=both)
