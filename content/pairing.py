"""Pairing: which block of an old text lives on as which of a new one."""

from collections.abc import Iterator, Sequence

from rapidfuzz.distance import Levenshtein

from content.blocks import CELLS, Block, Part, name_of

ALIKE = 0.3  # how many words two blocks must share, of all that either has, to be one that changed
MOST_COMPARED = (
    20_000  # pairs of blocks that are weighed against each other; beyond them, the nth goes with the nth
)
# What stays one element: two paragraphs of one item are not two items, and a second list counts from 1 again.
_WHOLE = frozenset({"ol", "li", "tr"})

Pair = tuple[int, int]


def paired(old: Sequence[Block], new: Sequence[Block]) -> tuple[list[Pair], dict[Part, Part]]:
    """Return the places of blocks that are one and the same, changed or not, in order.

    With them, in which element of the new text each one of the old text lives on.
    """
    pairs, known = _in_place(old, new, _alike(old, new))
    return _with_cells(old, new, pairs, known), known


def likeliest(likeness: Sequence[Sequence[float]]) -> Iterator[Pair]:
    """Pair rows with columns so that together they are the most alike, none across another; 0 pairs none."""
    rows, columns = len(likeness), len(likeness[0]) if likeness else 0
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            taken = likeness[row][column] + best[row + 1][column + 1] if likeness[row][column] else 0.0
            best[row][column] = max(taken, best[row + 1][column], best[row][column + 1])
    row = column = 0
    while row < rows and column < columns:
        if likeness[row][column] and best[row][column] == likeness[row][column] + best[row + 1][column + 1]:
            yield row, column
            row, column = row + 1, column + 1
        elif best[row][column] == best[row + 1][column]:
            row += 1
        else:
            column += 1


def _alike(old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    numbers: dict[tuple[object, ...], int] = {}
    coded = [[numbers.setdefault(text, len(numbers)) for text in _texts(side)] for side in (old, new)]
    pairs = []
    for step in Levenshtein.opcodes(*coded):
        olds, news = range(step.src_start, step.src_end), range(step.dest_start, step.dest_end)
        pairs += list(zip(olds, news, strict=True)) if step.tag == "equal" else _likely(old, new, olds, news)
    return pairs


def _texts(blocks: Sequence[Block]) -> Iterator[tuple[object, ...]]:
    """Yield what tells each block from others; a cell is told by its row too, for many rows say the same."""
    rows: dict[Part, list[object]] = {}
    for block in blocks:
        if block.kind in CELLS:
            rows.setdefault(block.way[-2], []).extend([*block.words, None])
    for block in blocks:
        row = rows[block.way[-2]] if block.kind in CELLS else []
        yield block.stands_in, *block.words, None, *row


def _likely(old: Sequence[Block], new: Sequence[Block], olds: range, news: range) -> list[Pair]:
    """Pair changed blocks so that together they share the most words, none across another."""
    if len(olds) * len(news) > MOST_COMPARED:
        return [
            pair for pair in zip(olds, news, strict=False) if old[pair[0]].stands_in == new[pair[1]].stands_in
        ]
    likeness = [[_likeness(old[one], new[other]) for other in news] for one in olds]
    return [(olds[row], news[column]) for row, column in likeliest(likeness)]


def _likeness(one: Block, other: Block) -> float:
    """Return the part of their words that two blocks of a kind share, 0 where it is too small to make them one."""
    if one.stands_in != other.stands_in:
        return 0.0
    words, others = ({word.text for word in block.words if word.text.strip()} for block in (one, other))
    part = len(words & others) / len(words | others) if words | others else 1.0
    return part if part >= ALIKE else 0.0


def _in_place(
    old: Sequence[Block], new: Sequence[Block], pairs: Sequence[Pair]
) -> tuple[list[Pair], dict[Part, Part]]:
    """Return the pairs that stand in the same elements, and which those are."""
    kept, known, back = [], dict[Part, Part](), dict[Part, Part]()
    for one, other in pairs:
        parts = list(zip(old[one].way, new[other].way, strict=True))
        whole = [both for both in parts if name_of(both[0]) in _WHOLE]
        if all(known.get(was, now) == now and back.get(now, was) == was for was, now in whole):
            kept.append((one, other))
            for was, now in parts:
                known.setdefault(was, now)
                back.setdefault(now, was)
    return kept, known


def _with_cells(
    old: Sequence[Block], new: Sequence[Block], pairs: list[Pair], known: dict[Part, Part]
) -> list[Pair]:
    """Add to the pairs the cells in the same column of a row that lives on, whatever they say.

    So that no cell stands beside itself, and what follows in the row under another heading.
    """
    at_old, at_new = _cells(old), _cells(new)
    shifted = {at_old[one][0] for one, other in pairs if one in at_old and at_old[one][1] != at_new[other][1]}
    places = {cell: place for place, cell in at_new.items()}
    known_old, known_new = ({pair[side] for pair in pairs} for side in (0, 1))
    further = [
        (one, places[known[row], column])
        for one, (row, column) in at_old.items()
        if one not in known_old and row not in shifted and row in known and (known[row], column) in places
    ]
    return sorted([*pairs, *(pair for pair in further if pair[1] not in known_new)])


def _cells(blocks: Sequence[Block]) -> dict[int, tuple[Part, int]]:
    """Return the row and the column of each block that is a cell; within a cell nothing else is counted."""
    return {
        place: (block.way[-2], block.way[-1][0] - block.way[-2][0])
        for place, block in enumerate(blocks)
        if block.kind in CELLS
    }
