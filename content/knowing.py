"""Knowing: which lines of the log a reader may know of, by the editions that it might read."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.orm import aliased

from content.editions import Edition
from content.log import Event, Line, names_version

# What a reader may have of the editions that an alias stands for.
Readable = Callable[[type[Edition]], ColumnElement[bool]]


def known(readable: Readable, line: type[Line] = Line) -> ColumnElement[bool]:
    """The lines that began or ended what was readable, or were about it while it was the last of its entry.

    Or that struck some of it, whatever came between. `line` may be an alias, here and below.
    """
    had, later = aliased(Edition), aliased(Edition)
    ends_it = and_(later.from_sequence == line.sequence, had.until_sequence == line.sequence)
    came_between = select(later.entry_id).where(
        later.entry_id == line.entry_id,
        later.from_sequence > had.from_sequence,
        later.from_sequence <= line.sequence,
        not_(ends_it),
    )
    last = and_(had.from_sequence <= line.sequence, ~came_between.correlate(had, line).exists())
    about = or_(last, _strikes(line, had))
    chosen = select(had.entry_id).where(had.entry_id == line.entry_id, about, readable(had))
    return chosen.correlate(line).exists()


def _strikes(line: type[Line], had: type[Edition]) -> ColumnElement[bool]:
    """By what the line itself names: an edition forgets what struck it once it is reinstated, or struck anew."""
    strikes = line.event.in_((Event.RETRACTED, Event.ERASED))
    return and_(strikes, had.from_sequence < line.sequence, names_version(had.version, line))
