"""Settling: what has fallen due becomes an act before anything later does, in due order, one act each, exactly once.

It works without a second process: every read and every act settles first. The schedule's row and the act that
settles it are written in one transaction, so any number of processes may try.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from content import database, documents, grants, lines, log, schedule, turns, versions, watermark
from content.documents import Rendering
from content.editions import Edition, audience_of
from content.errors import AlreadyLive, ContentError, NotFound
from content.log import Act, ChangeKind, State, begin_act, locked
from content.schedule import Fate, Scheduled, Verb
from content.standings import Standing, standings
from content.steps import FallDue, Hold, Publish, Reinstate, Release, Step, Withdraw
from content.turns import Turn, Turning

REVIEWS = "verso:reviews"
GRANTS = "verso:grants"
_TURNS = {
    Turning.BEGIN: "a grant begins",
    Turning.END: "a grant ends",
    Turning.EMBARGO: "an embargo ends",
}
Due = Scheduled | Edition | Turn
# What is to be done about the thing that is due: steps, why there can be none, or None for a turn of a grant.
Plan = list[Step] | ContentError | None
# What gives a version's public form, and who may read it.
Shown = Callable[[UUID, int], tuple[Rendering, str]]


def settle(session: Session, *, now: datetime | None = None) -> list[Act]:
    """Settle all that is due at `now` (the database's clock unless told), each in a transaction; return the acts.

    What a scheduled act shows is rendered before the lock. One that a rule refuses is marked as failed with the
    reason, and changes nothing public.
    """
    moment = _latest(session, now)
    acts: list[Act] = []
    while (due := _first_due(session)) and _due_at(due) <= moment:
        key, plan = _key(due), _planned(session, due)
        with locked(session):
            # Somebody else may have settled it, or something earlier come up, before the lock was ours.
            if (first := _first_due(session)) and _key(first) == key:
                acts += _settled(session, first, plan, moment)
    if acts:
        watermark.await_trust(session)
    return acts


def settled_act(
    session: Session,
    work: Callable[[Act], None],
    *,
    by: str,
    reason: str | None = None,
    now: datetime | None = None,
) -> Act:
    """Do `work` in one act and commit it, with what the session holds; raises what `work` raises, nothing done then.

    Rule 9: an act never overtakes what was due before it. That is settled first, under the same lock, so that
    what the session already holds is neither committed too early nor lost.
    """
    with locked(session):
        moment = _latest(session, now)
        while (due := _first_due(session)) and _due_at(due) <= moment:
            _settled(session, due, _planned(session, due), moment)
        act = begin_act(session, by=by, reason=reason, now=moment)
        work(act)
    watermark.await_trust(session)
    return act


def _latest(session: Session, now: datetime | None) -> datetime:
    return max(filter(None, (now or database.clock(session), log.head(session).at)))


def _first_due(session: Session) -> Due | None:
    """Return what falls due first.

    Of what does at once: first the review of a live edition, then what is scheduled, then a turn of a grant.
    """
    review, planned = schedule.next_review(session), schedule.next_scheduled(session)
    every: tuple[Due | None, ...] = (review, planned, turns.next_turn(session))
    return min((due for due in every if due), key=_due_at, default=None)


def _due_at(due: Due) -> datetime:
    if isinstance(due, Edition):
        assert due.review_due_on
        return schedule.midnight(due.review_due_on)
    return due.due_at


def _key(due: Due) -> UUID | tuple[UUID, int]:
    return (due.entry_id, due.from_sequence) if isinstance(due, Edition) else due.id


def _planned(session: Session, due: Due) -> Plan:
    if isinstance(due, Turn):
        return None
    try:
        if isinstance(due, Scheduled):
            return steps_of(due, partial(_shown, session))
        return [FallDue(entry_id=due.entry_id)]
    except ContentError as error:
        return error


def _shown(session: Session, entry_id: UUID, number: int) -> tuple[Rendering, str]:
    version = versions.version(session, entry_id, number)
    return documents.rendered(session, version), audience_of(version)


def _settled(session: Session, due: Due, plan: Plan, moment: datetime) -> list[Act]:
    """Settle the first thing due under the lock; return its act, or nothing where a rule refused it."""
    if isinstance(due, Turn):
        act = begin_act(session, by=GRANTS, reason=_TURNS[Turning(due.does)], now=moment)
        grants.turned(session, due, act)
        return [act]
    planned = due if isinstance(due, Scheduled) else None
    due_id, by, reason = (
        (planned.id, planned.by, planned.reason) if planned else (None, REVIEWS, "a review is due")
    )
    try:
        with session.begin_nested():
            if isinstance(plan, ContentError):
                raise plan
            assert plan
            act = begin_act(session, by=by, reason=reason, now=moment, due_id=due_id)
            lines.write(session, act, _still_wanted(session, due.entry_id, plan))
            if due_id:
                schedule.end(session, due_id, Fate.DONE, sequence=act.sequence, now=moment)
    except AlreadyLive as error:
        assert due_id
        schedule.end(session, due_id, Fate.CANCELLED, outcome=error.to_keep, now=moment)
        return []
    except ContentError as error:
        if due_id is None:
            raise
        schedule.end(session, due_id, Fate.FAILED, outcome=error.to_keep, now=moment)
        return []
    return [act]


def _still_wanted(session: Session, about: UUID, steps: list[Step]) -> list[Step]:
    if len(steps) == 1:
        return steps
    along = standings(session, [step.entry_id for step in steps if step.entry_id != about])
    return still_wanted(along, about, steps)


def still_wanted(along: Mapping[UUID, Standing], about: UUID, steps: Iterable[Step]) -> list[Step]:
    """Return the steps without those that bring along what is public by now, or was put aside."""
    return [step for step in steps if step.entry_id == about or _is_ahead(along[step.entry_id])]


def _is_ahead(standing: Standing) -> bool:
    return standing.state == State.DRAFT and standing.entry.trashed_at is None


def steps_of(planned: Scheduled, shown: Shown) -> list[Step]:
    """Return the steps that a scheduled act asks for: the drafts that it takes along, then its own."""
    forced = bool(planned.options.get("forced"))
    along = [
        _publication(shown, UUID(entry_id), number, forced=forced)
        for entry_id, number in planned.options.get("along", ())
    ]
    return [*along, _own_step(planned, shown)]


def _publication(shown: Shown, entry_id: UUID, number: int, **more: Any) -> Publish:
    rendering, audience = shown(entry_id, number)
    return Publish(entry_id=entry_id, rendering=rendering, audience=audience, **more)


def _own_step(planned: Scheduled, shown: Shown) -> Step:
    options = dict(planned.options)
    forced, note = bool(options.get("forced")), options.get("note")
    if planned.verb in (Verb.PUBLISH, Verb.REINSTATE):
        if planned.version is None:
            raise NotFound("version to publish")
        if planned.verb == Verb.PUBLISH:
            kind, over = ChangeKind(options.get("kind", ChangeKind.EDITORIAL)), options.get("planned_over")
            told = {"kind": kind, "note": note, "forced": forced, "planned_over": over}
            return _publication(shown, planned.entry_id, planned.version, **told)
        rendering, _ = shown(planned.entry_id, planned.version)
        return Reinstate(entry_id=planned.entry_id, rendering=rendering, forced=forced, note=note)
    if planned.verb == Verb.WITHDRAW:
        manner = State(options.get("manner", State.GONE))
        return Withdraw(
            entry_id=planned.entry_id,
            manner=manner,
            target=options.get("target"),
            note=note,
            planned_over=options.get("planned_over"),
            planned_at=planned.made_at,
        )
    return (Hold if planned.verb == Verb.HOLD else Release)(entry_id=planned.entry_id, note=note)
