"""How a list of records changed, such as the sources of a text: row by row, and in each of them field by field."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from content.diffs import FieldDiff, Mark, field_diff, tokens
from content.fields import Url
from content.lists import Records

Row = Mapping[str, str]

ALIKE = 0.5  # a row that shares so much with one that is gone is that one, changed


@dataclass(frozen=True)
class RowDiff:
    """One row: the fields that stand in it before or after, each with its words; `mark` is None where it changed.

    `was` is its place among the rows before, None where it is new.
    """

    mark: Mark | None
    fields: tuple[FieldDiff, ...]
    was: int | None = None


def compare_rows(field: Records, before: Sequence[Row], after: Sequence[Row]) -> list[RowDiff]:
    """Return every row, those of `after` in their order, and behind them those that are gone."""
    came_from = _paired(field, before, after)
    gone = [place for place in range(len(before)) if place not in came_from.values()]
    sides = [(came_from.get(place), row) for place, row in enumerate(after)] + [(place, {}) for place in gone]
    return [_row_diff(field, None if was is None else before[was], row or None, was) for was, row in sides]


def _row_diff(field: Records, old: Row | None, new: Row | None, was: int | None) -> RowDiff:
    return RowDiff(_mark(old, new), tuple(_fields(field, old or {}, new or {})), was)


def _paired(field: Records, before: Sequence[Row], after: Sequence[Row]) -> dict[int, int]:
    """Return which row after was which before, by their places.

    One that stayed is itself; then one of the same address is the same, then one of the same title, then what is the
    most alike of all that is left.
    """
    came_from: dict[int, int] = {}
    addresses = [part.name for part in field.fields if isinstance(part, Url)]
    for names in ([part.name for part in field.fields], addresses, [field.fields[0].name]):
        _pair_equal(came_from, names, before, after)
    _pair_alike(came_from, field, before, after)
    return came_from


def _pair_equal(
    came_from: dict[int, int], names: Sequence[str], before: Sequence[Row], after: Sequence[Row]
) -> None:
    """Pair what says the same in the fields of these names, the first with the first."""
    there: dict[tuple[str, ...], list[int]] = {}
    for place in _left(before, came_from.values()):
        there.setdefault(_told(before[place], names), []).append(place)
    for place in _left(after, came_from):
        same = there.get(told := _told(after[place], names))
        if same and any(told):
            came_from[place] = same.pop(0)


def _pair_alike(
    came_from: dict[int, int], field: Records, before: Sequence[Row], after: Sequence[Row]
) -> None:
    """Pair what shares enough words, the likeliest pair of all first."""
    old, new = (
        {place: tokens(field.words([rows[place]])) for place in _left(rows, taken)}
        for rows, taken in ((before, came_from.values()), (after, came_from))
    )
    likeness = Levenshtein.normalized_similarity
    pairs = [
        (-likeness(theirs, mine), here, was) for here, mine in new.items() for was, theirs in old.items()
    ]
    for unlike, here, was in sorted(pairs):
        if -unlike >= ALIKE and here not in came_from and was in old:
            came_from[here] = was
            del old[was]


def _left(rows: Sequence[Row], taken: Collection[int]) -> list[int]:
    known = set(taken)
    return [place for place in range(len(rows)) if place not in known]


def _told(row: Row, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row.get(name) or "") for name in names)


def _mark(old: Row | None, new: Row | None) -> Mark | None:
    if old is None or new is None:
        return Mark.ADDED if old is None else Mark.REMOVED
    return Mark.SAME if old == new else None


def _fields(field: Records, old: Row, new: Row) -> list[FieldDiff]:
    return [
        field_diff(part.name, part.label, str(old.get(part.name, "")), str(new.get(part.name, "")))
        for part in field.fields
        if old.get(part.name) or new.get(part.name)
    ]
