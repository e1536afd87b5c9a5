"""Settling: what has fallen due becomes an act before anything later does, in due order, one act each, exactly once.

It works without a second process: every read and every act settles first. The schedule's row and the act that
settles it are written in one transaction, so any number of processes may try.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from content import database, documents, entries, lines, log, schedule, versions, watermark
from content.editions import Edition, audience_of
from content.errors import ContentError, NotFound
from content.log import Act, ChangeKind, State, begin_act, locked
from content.schedule import Fate, Scheduled, Verb
from content.steps import FallDue, Hold, Publish, Reinstate, Release, Step, Withdraw

REVIEWS = "verso:reviews"
# What is to be done about the thing that is due: a step, or why there can be none.
Plan = Step | ContentError


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


def _first_due(session: Session) -> Scheduled | Edition | None:
    """Return what falls due first, a scheduled act or a live edition's review; the review where both do at once."""
    planned, review = schedule.next_scheduled(session), schedule.next_review(session)
    if planned and review:
        return review if _due_at(review) <= _due_at(planned) else planned
    return planned or review


def _due_at(due: Scheduled | Edition) -> datetime:
    if isinstance(due, Scheduled):
        return due.due_at
    assert due.review_due_on
    return schedule.midnight(due.review_due_on)


def _key(due: Scheduled | Edition) -> UUID | tuple[UUID, int]:
    return due.id if isinstance(due, Scheduled) else (due.entry_id, due.from_sequence)


def _planned(session: Session, due: Scheduled | Edition) -> Plan:
    try:
        return _prepared(session, due) if isinstance(due, Scheduled) else FallDue(entry_id=due.entry_id)
    except ContentError as error:
        return error


def _settled(session: Session, due: Scheduled | Edition, plan: Plan, moment: datetime) -> list[Act]:
    """Settle the first thing due under the lock; return its act, or nothing where a rule refused it."""
    planned = due if isinstance(due, Scheduled) else None
    due_id, by, reason = (
        (planned.id, planned.by, planned.reason) if planned else (None, REVIEWS, "a review is due")
    )
    try:
        with session.begin_nested():
            if isinstance(plan, ContentError):
                raise plan
            act = begin_act(session, by=by, reason=reason, now=moment, due_id=due_id)
            lines.write(session, act, [plan])
            if due_id:
                schedule.end(session, due_id, Fate.DONE, sequence=act.sequence)
    except ContentError as error:
        if due_id is None:
            raise
        schedule.end(session, due_id, Fate.FAILED, outcome=str(error))
        return []
    return [act]


def _prepared(session: Session, planned: Scheduled) -> Step:
    """Return the step that a scheduled act asks for, rendered where it shows something."""
    options = dict(planned.options)
    forced, note = bool(options.get("forced")), options.get("note")
    if planned.verb in (Verb.PUBLISH, Verb.REINSTATE):
        if planned.version is None:
            raise NotFound("version to publish")
        version = versions.version(session, planned.entry_id, planned.version)
        rendering = documents.render(entries.entry(session, planned.entry_id), version)
        if planned.verb == Verb.REINSTATE:
            return Reinstate(entry_id=planned.entry_id, rendering=rendering, forced=forced, note=note)
        kind = ChangeKind(options.get("kind", ChangeKind.EDITORIAL))
        audience = audience_of(version)
        return Publish(
            entry_id=planned.entry_id,
            rendering=rendering,
            audience=audience,
            forced=forced,
            note=note,
            kind=kind,
        )
    if planned.verb == Verb.WITHDRAW:
        manner = State(options.get("manner", State.GONE))
        return Withdraw(entry_id=planned.entry_id, manner=manner, target=options.get("target"), note=note)
    return (Hold if planned.verb == Verb.HOLD else Release)(entry_id=planned.entry_id, note=note)
