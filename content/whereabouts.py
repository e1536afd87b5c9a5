"""Whereabouts: where an entry is that is not live under the name asked for, and why it is not to be read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from content.editions import Edition, live_at
from content.errors import Elsewhere, Gone, NotFound, Notice
from content.log import Act, Event, Line, State
from content.partners import Reach
from content.reach import within

MOST_REDIRECTS = 10
# Which event brings an entry into a state that readers are told of.
_CAUSE = {
    State.GONE: Event.WITHDRAWN,
    State.REDIRECTED: Event.WITHDRAWN,
    State.REPLACED: Event.WITHDRAWN,
    State.HELD: Event.HELD,
    State.RETRACTED: Event.RETRACTED,
    State.ERASED: Event.ERASED,
}


def whereabouts(session: Session, entry_id: UUID, at: int, reach: Sequence[Reach]) -> Exception:
    """Return the error that says where an entry is at `at`: under another slug, where it was sent, or gone."""
    first, followed = None, entry_id
    for _ in range(MOST_REDIRECTS):
        if live := _live_edition(session, followed, at, reach):
            return Elsewhere(type_name=live.type, entry_id=live.entry_id, slug=live.slug, locale=live.locale)
        line = session.scalar(_lines(followed, at).limit(1))
        if line is None:
            break
        first = first or notice(session, line, at)
        if line.state != State.REDIRECTED or not line.target:
            break
        if "://" in line.target:
            return Elsewhere(url=line.target)
        followed = UUID(line.target)
    return Gone(entry_id, first) if first else NotFound(f"entry {entry_id}")


def _live_edition(session: Session, entry_id: UUID, at: int, reach: Sequence[Reach]) -> Edition | None:
    chosen = select(Edition).where(Edition.entry_id == entry_id, live_at(at), within(session, reach, at))
    return session.scalar(chosen)


def _lines(entry_id: UUID, at: int) -> Select[Line]:
    return select(Line).where(Line.entry_id == entry_id, Line.sequence <= at).order_by(Line.sequence.desc())


def notice(session: Session, line: Line, at: int) -> Notice:
    """Return why the entry of `line`, its last one at `at`, is not readable: the act that caused its state.

    To whom it is live, but out of reach by now (licensed partners may have it still), it is gone.
    """
    caused = _lines(line.entry_id, at).where(Line.event == _CAUSE.get(State(line.state)))
    cause = _cause(line, session.scalars(caused))
    acted_at = session.scalars(select(Act.at).where(Act.sequence == cause.sequence)).one()
    return _notice(line, cause, acted_at)


def notices(session: Session, ids: Sequence[UUID], *, since: int, at: int) -> dict[UUID, Notice]:
    """Return why each of these entries, readable at `since`, is not so at `at`; one statement.

    An entry of which no act has told anything in between is left out.
    """
    chosen = select(Line, Act.at).join(Act, Act.sequence == Line.sequence)
    chosen = chosen.where(Line.entry_id.in_(ids), Line.sequence > since, Line.sequence <= at)
    lines: dict[UUID, list[Line]] = {}
    moments: dict[int, datetime] = {}
    for line, acted_at in session.execute(chosen.order_by(Line.sequence.desc())):
        lines.setdefault(line.entry_id, []).append(line)
        moments[line.sequence] = acted_at
    causes = {entry_id: _cause(told[0], told) for entry_id, told in lines.items()}
    return {one: _notice(lines[one][0], cause, moments[cause.sequence]) for one, cause in causes.items()}


def _notice(line: Line, cause: Line, acted_at: datetime) -> Notice:
    if line.state == State.LIVE:
        return Notice(State.GONE, line.sequence, acted_at, None)
    replacement = UUID(line.target) if line.state == State.REPLACED and line.target else None
    return Notice(line.state, cause.sequence, acted_at, cause.public_note, replacement)


def _cause(line: Line, newest_first: Iterable[Line]) -> Line:
    """Return the newest line that brought the entry of `line`, its last one, to its state, else that line.

    A later one that struck an older version only is not why the last version cannot be read.
    """
    struck = line.state in (State.RETRACTED, State.ERASED)
    event = _CAUSE.get(State(line.state))
    caused = (one for one in newest_first if one.event == event)
    return next((one for one in caused if not struck or line.version in (one.affects or ())), line)
