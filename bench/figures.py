"""Figures: what is one number or one word, with what is asked of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench import page

_HEAD = ("figure", "measured", "asked for", "holds")


@dataclass(frozen=True)
class Figure:
    """One figure on one database, as it is told; where nothing is asked for, it holds."""

    database: str
    name: str
    measured: str
    asked: str = ""
    holds: bool = True


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as one table."""
    return page.table(_HEAD, map(_cells, figures))


def _cells(one: Figure) -> list[str]:
    judged = ("yes" if one.holds else "no") if one.asked else ""
    return [f"{one.database}: {one.name}", one.measured, one.asked, judged]
