"""Striking: the steps after which readers may not have some contents any more, whenever they were public."""

from dataclasses import dataclass
from datetime import datetime

from content.errors import ContentRetracted, Fault, Invalid, NotFound
from content.log import Event, Line, State
from content.standings import Standing
from content.steps import WITHDRAWN, Step


@dataclass(frozen=True, kw_only=True)
class _Striking(Step):
    """A step after which readers may not have some contents any more, whenever they were public."""

    numbers: tuple[int, ...]

    def _strike(self, standing: Standing, line: Line, state: State) -> Line:
        if not self.numbers:
            raise Invalid([Fault("/versions", "is required")])
        for number in self.numbers:
            if number not in standing.hashes:
                raise NotFound(f"version {number} of entry {self.entry_id}")
        line.affects = standing.alike(self.numbers)
        if standing.last and standing.last.version in line.affects and standing.state != State.ERASED:
            line.state, line.target = state, None
        return line


@dataclass(frozen=True, kw_only=True)
class Retract(_Striking):
    """Declare public versions wrong: from now on readers get a notice in their place, everywhere."""

    event = Event.RETRACTED
    verb = "retracting"
    allowed = (State.LIVE, State.HELD, State.RETRACTED, State.ERASED, *WITHDRAWN)

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        for number in self.numbers:
            if number not in standing.public:
                raise Invalid([Fault("/versions", f"version {number} was never public")])
            if number in standing.erased:
                # A retracted content can be reinstated; an erased one must never seem so.
                raise ContentRetracted(number, State.ERASED)
        if not self.note:
            raise Invalid([Fault("/note", "is required: a retraction tells its readers why")])
        return self._strike(standing, line, State.RETRACTED)


@dataclass(frozen=True, kw_only=True)
class Erase(_Striking):
    """Destroy the content of versions: a court's order, a patient's name. Numbers and hashes stay."""

    event = Event.ERASED
    verb = "erasing"
    allowed = tuple(State)

    def decide(self, standing: Standing, at: datetime, line: Line) -> Line:
        return self._strike(standing, line, State.ERASED)
