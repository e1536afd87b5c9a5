"""The chart of usage: a column for each day, drawn to scale; what it shows stands in a table beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from content.usage.counting import Kind
from content.usage.figures import Times

WIDTH, HEIGHT = 720, 160  # of the drawing, in its own units
_STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Piece:
    """A part of a column: which kind, how far from the top it begins, and how high it is."""

    kind: Kind
    y: float
    height: float


@dataclass(frozen=True)
class Column:
    """A day: where its column begins, what it is made of, and how often each kind was counted."""

    day: date
    x: float
    times: Times
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Chart:
    """The columns, each `wide`, below a line that stands for `most`."""

    columns: tuple[Column, ...]
    wide: float
    most: int
    width: int = WIDTH
    height: int = HEIGHT


def chart(days: Mapping[date, Times]) -> Chart:
    """Return the chart of some days, in their order."""
    most, room = _above(max((times.total for times in days.values()), default=0)), WIDTH / max(1, len(days))
    columns = (
        Column(day, round(at * room, 2), days[day], _pieces(days[day], most)) for at, day in enumerate(days)
    )
    return Chart(tuple(columns), round(room * 0.8, 2), most)


def _pieces(times: Times, most: int) -> tuple[Piece, ...]:
    made, y = [], float(HEIGHT)
    for kind in Kind:
        if counted := getattr(times, kind):
            height = HEIGHT * counted / most
            y -= height
            made.append(Piece(kind, round(y, 2), round(height, 2)))
    return tuple(made)


def _above(most: int) -> int:
    """Return the first round number that is no less."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= most:
                return step * power
        power *= 10
