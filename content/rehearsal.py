"""Rehearsal: what would be public, shown by doing it in a transaction that is never committed.

The verbs that publish and settle run as they are, and the ordinary reads answer at the sequence that they reach. So a
preview shows what publication will show, by the same code; then everything is taken back.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, func, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from content import moments, publishing, types
from content.database import among, take_act_lock
from content.editions import Edition
from content.errors import ContentError, PreviewRefused
from content.log import State
from content.moments import Moment
from content.partners import Reach
from content.placement import PUBLIC
from content.previews import Preview
from content.schedule import Fate, Scheduled
from content.standings import Standing, standings
from content.steps import WITHDRAWN, Reinstate, Release, Step

MOST_DUE = 50  # acts that one rehearsal does; the log's lock is held meanwhile
SECONDS = 5  # that PostgreSQL lets it wait for the lock, think, or run one statement
BY, REASON = "verso:preview", "a rehearsal"
REHEARSED = "rehearsed"  # the audience of what a rehearsal is about, which nothing has outside it


@contextmanager
def rehearsing(engine: Engine) -> Iterator[Session]:
    """Yield a session whose commits end savepoints only; all that was done in it is taken back at the end.

    It holds the log's lock, so no act happens meanwhile.
    """
    with engine.connect().execution_options(writing=True) as connection, connection.begin() as outer:
        try:
            _bound(connection)
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                take_act_lock(session)
                session.commit()
                yield session
        finally:
            outer.rollback()


def _bound(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {name} = '{SECONDS}s'"))


def rehearse(session: Session, preview: Preview, *, now: datetime) -> Moment:
    """Do what a preview is about, and return the moment at which it is read; the session is a rehearsing one.

    Raises PreviewRefused where a rule other than the review forbids it, or where it would take too long.
    """
    try:
        if preview.instant is None:
            _publish(session, preview.pinned, now)
            return moments.present(session, now=now)
        instant = max(preview.instant, now)
        _require_few(session, instant)
        planned = _planned(session, instant)
        moment = moments.present(session, now=instant)
        _show(session, Edition.entry_id.in_(planned), Edition.audience == PUBLIC)
        return moment
    except ContentError as error:
        # Whoever holds the token may not read the entry that stands in the way.
        raise PreviewRefused(error.to_keep) from error


def reach() -> tuple[Reach, ...]:
    """Return what a preview lets through beside what needs no key: what it is about, and what names and shows texts."""
    named = tuple(declared.name for declared in types.everyone() if not declared.health)
    return Reach(audiences=(REHEARSED,)), Reach(types=named)


def _planned(session: Session, instant: datetime) -> set[UUID]:
    """Return the entries about which something is on the schedule until an instant, with those that go along."""
    waiting = select(Scheduled).where(Scheduled.fate == Fate.WAITING, Scheduled.due_at <= instant)
    planned = session.scalars(waiting).all()
    along = {UUID(one) for due in planned for one, _ in due.options.get("along") or ()}
    return along | {due.entry_id for due in planned}


def _show(session: Session, *which: ColumnElement[bool]) -> None:
    shown = update(Edition).where(*which, Edition.until_sequence.is_(None)).values(audience=REHEARSED)
    session.execute(shown.execution_options(synchronize_session=False))
    session.commit()


def _require_few(session: Session, instant: datetime) -> None:
    planned = select(func.count()).where(Scheduled.fate == Fate.WAITING, Scheduled.due_at <= instant)
    reviews = select(func.count()).where(
        Edition.until_sequence.is_(None), Edition.review_due_on <= instant.date()
    )
    due = (session.scalar(planned) or 0) + (session.scalar(reviews) or 0)
    if due > MOST_DUE:
        raise PreviewRefused(
            f"{due} changes fall due until then, and a preview shows at most {MOST_DUE} at once."
        )


def _publish(session: Session, pinned: list[tuple[UUID, int]], now: datetime) -> None:
    """Publish the draft, then what it links, whoever has reviewed them; each is shown, whatever key it will need."""
    (draft, number), *linked = pinned
    stand = standings(session, [one for one, _ in pinned])
    steps = [*_brought(session, stand[draft], number, now)]
    for one, version in linked:
        if _still_ahead(stand[one], version):
            steps.append(publishing.publication(session, one, version, forced=True))
    if steps:
        publishing.perform(session, steps, by=BY, reason=REASON, now=now)
    _show(session, among((Edition.entry_id, Edition.version), pinned))


def _brought(session: Session, standing: Standing, number: int, now: datetime) -> Iterator[Step]:
    """Yield the step that makes a draft public from where its entry stands, or none where it is."""
    if standing.live and standing.live.version == number:
        return
    entry_id = standing.entry.id
    if standing.state == State.HELD:
        publishing.perform(session, [Release(entry_id=entry_id)], by=BY, now=now)
        if standing.last and standing.last.version == number:
            return
    step = publishing.publication(session, entry_id, number, forced=True)
    if standing.state in WITHDRAWN:
        yield Reinstate(entry_id=entry_id, rendering=step.rendering, forced=True)
    else:
        yield step


def _still_ahead(standing: Standing, number: int) -> bool:
    """Whether a linked draft is one still: not public meanwhile, nor left behind, withdrawn or struck."""
    if standing.hashes[number] in standing.struck or number in standing.erased:
        return False
    if standing.live:
        return standing.live.version < number
    return standing.state == State.DRAFT
