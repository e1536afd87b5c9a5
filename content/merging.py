"""Merging: what two people made of the same version, put together field by field, lists and prose piece by piece.

What both changed is a clash, which a choice settles: nobody's words are dropped unseen, and whatever is chosen no words
are lost that all have, nor printed twice. Where one moved words and the other changed something there, all of that
stretch clashes. Prose is merged paragraph by paragraph (a heading and an item of a list each count as one), since two
halves of one paragraph that nobody has read together may say what neither meant.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from content.errors import Clash
from content.fields import Field, Markdown, Values
from content.lists import Links, Passages, Records, Tags
from content.pieces import Pieces, items, listed, paragraphs, prose
from content.spots import spots


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
            return prose(self._pieces(of, map(paragraphs, (base, theirs, mine)), prose))
        if isinstance(of, Records | Passages):
            sides = map(items, (base, theirs, mine))
            return listed(self._pieces(of, sides, lambda some: of.words(listed(some))))
        clash = _clash(of, 0, *map(of.words, (base, theirs, mine)), both=False)
        return theirs if self._choice(clash) == Choice.THEIRS else mine

    def _picked(self, of: Links | Tags, base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
        """What is picked from many clashes only where two orders of it cannot be one; what was added stays anyway."""
        if (ordered := _in_order(base, theirs, mine)) is not None:
            return ordered
        his, my = _together(base, theirs, mine), _together(base, mine, theirs)
        clash = _clash(of, 0, of.words(base), of.words(his), of.words(my), both=False, seen=of.words(theirs))
        return his if self._choice(clash) == Choice.THEIRS else my

    def _choice(self, clash: Clash) -> Choice:
        chosen = self.choices.get(clash.key)
        possible = [one for one in Choice if clash.both or one != Choice.BOTH]
        if chosen not in possible:
            self.left.append(clash)
            return Choice.MINE
        return Choice(chosen)

    def _pieces(self, of: Field, sides: Iterable[Pieces], shown: Callable[[Pieces], str]) -> Pieces:
        pieces: Pieces = []
        for spot in spots(*sides):
            if spot.clashes:
                clash = _clash(of, spot.at, *map(shown, (spot.before, spot.his, spot.my)), both=True)
                chosen = {Choice.THEIRS: spot.his, Choice.MINE: spot.my, Choice.BOTH: spot.both}
                pieces += chosen[self._choice(clash)]
            else:
                pieces += spot.kept
        return pieces


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


def _clash(
    of: Field, place: int, base: str, theirs: str, mine: str, *, both: bool, seen: str | None = None
) -> Clash:
    # Whoever chose has seen these words of theirs at this place; of others they are asked anew. What mine add to those
    # may be made anew each time that it is sent, and is no word of theirs.
    told = theirs if seen is None else seen
    key = hashlib.sha256("\0".join((of.name, str(place), told)).encode()).hexdigest()[:16]
    return Clash(key, of.name, of.label, base, theirs, mine, both=both)
