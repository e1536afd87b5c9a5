"""Two people changed the same: what it was, what they made of it, what I made of it, and the form to settle it in."""

from dataclasses import dataclass
from typing import Any

from content.diffs import FieldDiff, compare
from content.errors import SaveClash
from content.types import ContentType


@dataclass(frozen=True)
class Clashing:
    """One field that both changed, in words; the two diffs start from what it was."""

    label: str
    base: str
    theirs: FieldDiff
    mine: FieldDiff


@dataclass(frozen=True)
class Clash:
    """All that the page shows: `values` are mine, with what only they changed; saving them starts from `latest`."""

    latest: int
    fields: tuple[Clashing, ...]
    values: dict[str, Any]


def clash_of(declared: ContentType, error: SaveClash) -> Clash:
    """Return a clash as its page shows it."""
    theirs = {diff.name: diff for diff in compare(declared, error.base, error.theirs)}
    mine = {diff.name: diff for diff in compare(declared, error.base, error.mine)}
    shown = tuple(
        Clashing(mine[name].label, mine[name].before, theirs[name], mine[name])
        for name in error.fields
        if name in theirs and name in mine
    )
    return Clash(error.latest, shown, _settled_as_far_as_it_goes(error))


def _settled_as_far_as_it_goes(error: SaveClash) -> dict[str, Any]:
    return {
        name: error.theirs.get(name) if value == error.base.get(name) else value
        for name, value in error.mine.items()
    }
