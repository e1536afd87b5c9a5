"""Spots: the stretches of what two started from, each with what either made of it, that a merge settles one by one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from content.pairing import ALIKE, MOST_COMPARED, Pair, likeliest
from content.pieces import Piece, Pieces


@dataclass(frozen=True)
class Spot:
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

    @property
    def both(self) -> Pieces:
        """Theirs, and then what mine have beyond it, but for what mine left as it was and theirs wrote anew."""
        anew = [set(piece.words) for piece in self.his if piece not in self.before]
        left, beyond = Counter(piece.text for piece in self.his), []
        for piece in self.my:
            left[piece.text] -= 1
            if left[piece.text] < 0 and not (piece in self.before and _told_in(anew, piece)):
                beyond.append(piece)
        return self.his + beyond


def spots(base: Pieces, theirs: Pieces, mine: Pieces) -> list[Spot]:
    """Take `base`, with what either made of it, apart into spots, in order.

    Each may be settled by itself: whatever is chosen where they clash, pieces and words stay that all three have, and
    none are told twice that neither side tells twice.
    """
    slots = zip(_slots(base, base), _slots(base, theirs), _slots(base, mine), strict=True)
    found = [Spot(at, *slot) for at, slot in enumerate(slots)]
    short = _short(base, theirs, mine)
    while spans := _torn(found, short):
        for first, last in reversed(spans):
            found[first : last + 1] = [_joined(found[first : last + 1])]
    return found


# What is known again wherever it stands: a whole piece, by its text, or a run of a few words within one.
_Trace = str | tuple[str, ...]
_RUN = 3
# Of each trace, at which spots a side has less of it than there was before, and at which more.
_Changes = Mapping[_Trace, tuple[set[int], set[int]]]
# From which spot to which, both included.
_Span = tuple[int, int]


def _torn(found: Sequence[Spot], short: Collection[_Trace]) -> list[_Span]:
    """Return where spots cannot be settled one by one, in order, none overlapping another."""
    theirs = _changes([(spot.before, spot.his) for spot in found], short)
    mine = _changes([(spot.before, spot.my) for spot in found], short)
    groups = [*_moved(theirs).values(), *_moved(mine).values(), *_changed_by_both(theirs, mine)]
    torn = [_span(group) for group in groups if _is_torn([found[at] for at in group])]
    alike = {at for at, spot in enumerate(found) if spot.his == spot.my}
    apart = (
        {_span(group) for one, group in _moved(side).items() if _is_whole(one) and not group <= alike}
        for side in (theirs, mine)
    )
    return _without_overlaps([*torn, *_crossing(*apart)])


def _changes(sides: Iterable[tuple[Pieces, Pieces]], short: Collection[_Trace]) -> _Changes:
    changes: dict[_Trace, tuple[set[int], set[int]]] = defaultdict(lambda: (set(), set()))
    for at, (before, now) in enumerate(sides):
        if before != now:
            was, has = _traces(before, short), _traces(now, short)
            for trace in was - has:
                changes[trace][0].add(at)
            for trace in has - was:
                changes[trace][1].add(at)
    return changes


def _moved(changes: _Changes) -> dict[_Trace, set[int]]:
    """Return what is less at some spots and more at others, with all of these: it was moved, parted, or joined."""
    return {trace: less | more for trace, (less, more) in changes.items() if less and more}


def _changed_by_both(theirs: _Changes, mine: _Changes) -> Iterator[set[int]]:
    """Yield where whole pieces that say the same were changed by both: each took another of two, or both added one."""
    for trace in theirs.keys() & mine.keys():
        if _is_whole(trace):
            yield set.union(*theirs[trace], *mine[trace])


def _is_whole(trace: _Trace) -> bool:
    return isinstance(trace, str)


def _is_torn(group: Sequence[Spot]) -> bool:
    """Whether both changed something at spots that belong together, so that each settled by itself may lose words."""
    return (
        len(group) > 1
        and any(spot.his != spot.before for spot in group)
        and any(spot.my != spot.before for spot in group)
        and any(spot.his != spot.my for spot in group)
    )


def _span(group: Collection[int]) -> _Span:
    return min(group), max(group)


def _crossing(theirs: Collection[_Span], mine: Collection[_Span]) -> list[_Span]:
    """Return where a piece that they moved and one that I moved cross: nobody wrote the order that would come of it."""
    return [(min(a, c), max(b, d)) for a, b in theirs for c, d in mine if a < c < b < d or c < a < d < b]


def _without_overlaps(spans: Iterable[_Span]) -> list[_Span]:
    apart: list[_Span] = []
    for first, last in sorted(spans):
        if apart and first <= apart[-1][1]:
            apart[-1] = apart[-1][0], max(last, apart[-1][1])
        else:
            apart.append((first, last))
    return apart


def _joined(found: Sequence[Spot]) -> Spot:
    before, his, my = (
        [piece for side in sides for piece in side]
        for sides in zip(*((spot.before, spot.his, spot.my) for spot in found), strict=True)
    )
    return Spot(found[0].at, before, his, my)


def _short(base: Pieces, *others: Pieces) -> set[_Trace]:
    """Return the runs shorter than others that are traced: words that `base` has once, and whole pieces."""
    often = Counter(word for piece in base for word in piece.words)
    once: set[_Trace] = {(word,) for word, many in often.items() if many == 1}
    return once.union(
        run for side in (base, *others) for run in (tuple(piece.words) for piece in side) if len(run) < _RUN
    )


def _traces(pieces: Pieces, short: Collection[_Trace]) -> Counter[_Trace]:
    """Count what pieces tell; one without words, such as a line across the page, tells nothing."""
    traces: Counter[_Trace] = Counter()
    for piece in pieces:
        if words := piece.words:
            traces[piece.text] += 1
            traces.update(_runs(words, _RUN))
            traces.update(run for many in range(1, _RUN) for run in _runs(words, many) if run in short)
    return traces


def _runs(words: Sequence[str], many: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[at : at + many]) for at in range(len(words) - many + 1))


def _slots(base: Pieces, side: Pieces) -> list[Pieces]:
    """What a side put before the first piece of `base`, what it made of that piece, and so on; last what it added."""
    slots: list[Pieces] = [[] for _ in range(2 * len(base) + 1)]
    was = now = 0
    for one, other in [*_paired(base, side), (len(base), len(side))]:
        # Of what has nothing of the other in it, the nth stands for the nth.
        while was < one and now < other:
            slots[2 * was + 1] = [side[now]]
            was, now = was + 1, now + 1
        slots[2 * was] += side[now:other]
        if one < len(base):
            slots[2 * one + 1] = [side[other]]
        was, now = one + 1, other + 1
    return slots


def _paired(base: Pieces, side: Pieces) -> list[Pair]:
    """Return which piece of `base` lives on as which of a side, changed or not, in order."""
    pairs: list[Pair] = []
    was = now = 0
    for one, other in [*_same(base, side), (len(base), len(side))]:
        pairs += ((was + row, now + column) for row, column in _likely(base[was:one], side[now:other]))
        pairs.append((one, other))
        was, now = one + 1, other + 1
    return pairs[:-1]


def _same(base: Pieces, side: Pieces) -> Iterator[Pair]:
    for step in Levenshtein.opcodes([one.text for one in base], [one.text for one in side]):
        if step.tag == "equal":
            yield from zip(
                range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True
            )


def _likely(olds: Pieces, news: Pieces) -> Iterator[Pair]:
    if len(olds) * len(news) > MOST_COMPARED:
        return iter(())
    words, others = ([set(piece.words) for piece in side] for side in (olds, news))
    return likeliest([[_likeness(one, other) for other in others] for one in words])


def _likeness(one: set[str], other: set[str]) -> float:
    part = len(one & other) / len(one | other) if one or other else 0.0
    return part if part >= ALIKE else 0.0


def _told_in(anew: Iterable[set[str]], piece: Piece) -> bool:
    """Whether one of those that were written anew has most of a piece's words: it is what became of it."""
    words = set(piece.words)
    return any(2 * len(words & one) > len(words) for one in anew)


def _parted(kept: Pieces, *sides: Pieces) -> Pieces:
    """A piece that is kept, parted from the next as whoever changed that would have it."""
    if any(len(side) != 1 for side in sides):
        return kept
    (before,), (his,), (my,) = sides
    return [replace(kept[0], gap=his.gap if my.gap == before.gap else my.gap)]
