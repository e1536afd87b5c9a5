"""Granting: how a grant begins and ends, at once or at a moment to come, and what that would do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from content import database, grants, keyring, locales, log, partners, turns, types
from content.database import begin_writing
from content.editions import Edition, live_at
from content.entries import types_of
from content.errors import Fault, Invalid
from content.grants import Grant
from content.log import Act
from content.partners import Reach
from content.placement import LICENSED, PUBLIC
from content.reach import within
from content.settling import settled_act
from content.turns import Turning

LONGEST_EMBARGO = 24 * 366  # hours


@dataclass(frozen=True)
class Effect:
    """How many entries that are public now would come into a partner's reach, and how many would leave it."""

    comes: int
    goes: int


def grant(
    session: Session,
    partner_id: UUID,
    reach: Reach,
    *,
    by: str,
    embargo: int = 0,
    ends_at: datetime | None = None,
    now: datetime | None = None,
) -> Act:
    """Let a partner read what `reach` says, from this act on, and no more from `ends_at` on; raises Invalid, NotFound.

    What is first published comes into reach `embargo` hours later.
    """
    partners.partner(session, partner_id)
    made = _checked(session, partner_id, reach, by, embargo)
    _require_to_come(session, now, ends_at=ends_at)

    def give(act: Act) -> None:
        session.add(made)
        session.flush()
        grants.begin(session, made, act)
        if ends_at:
            turns.plan(session, Turning.END, made.id, ends_at)

    return settled_act(session, give, by=by, reason="a grant begins", now=now)


def let_everybody(
    session: Session, reach: Reach, *, by: str, reason: str | None = None, now: datetime | None = None
) -> Act:
    """Let whoever comes without a key read the texts that `reach` says, from this act on, and no others.

    What names and shows texts needs no key either. Without any audience nothing is let through. Raises Invalid, also
    for what is for licensed partners, and for types that are no texts.
    """
    check_everybodys(session, reach)
    made = _checked(session, None, reach, by, 0)

    def give(act: Act) -> None:
        for one in grants.held(session, None, act.sequence):
            grants.end(session, one, act)
        session.add(made)
        grants.begin(session, made, act)

    return settled_act(session, give, by=by, reason=reason or "what needs no key", now=now)


def plan(
    session: Session,
    partner_id: UUID,
    reach: Reach,
    *,
    by: str,
    begins_at: datetime,
    embargo: int = 0,
    ends_at: datetime | None = None,
    now: datetime | None = None,
) -> Grant:
    """Let a partner read what `reach` says from a moment to come on; raises as `grant` does."""
    partners.locked(session, partner_id)
    made = _checked(session, partner_id, reach, by, embargo)
    _require_to_come(session, now, begins_at=begins_at, ends_at=ends_at)
    if ends_at is not None and ends_at <= begins_at:
        raise Invalid([Fault("/ends_at", "is not after it begins")])
    session.add(made)
    session.flush()
    turns.plan(session, Turning.BEGIN, made.id, begins_at)
    if ends_at:
        turns.plan(session, Turning.END, made.id, ends_at)
    # Its terms tell the partner of it.
    keyring.turn(session)
    return made


def end_grant(session: Session, grant_id: UUID, *, by: str, now: datetime | None = None) -> Act:
    """End a grant with this act; raises NotFound, and Invalid where it has ended, or has not begun."""
    return _ending(
        session, lambda: [grants.grant_of(session, grant_id)], by=by, reason="a grant ends", now=now
    )


def end_contract(session: Session, partner_id: UUID, *, by: str, now: datetime | None = None) -> Act | None:
    """End all grants of a partner with one act, and plan none; None where what was planned was all.

    Raises NotFound, and Invalid where there is nothing to end. Its keys go on to work, so that its copies can be told
    what they have to take down.
    """
    partners.partner(session, partner_id)

    def holding() -> list[Grant]:
        _take_back_planned(session, partner_id)
        every = grants.grants(session, partner_id)
        return [one for one in every if one.from_sequence is not None and one.until_sequence is None]

    if not grants.held(session, partner_id, log.head(session).sequence) and _take_back_planned(
        session, partner_id
    ):
        session.commit()
        return None
    return _ending(session, holding, by=by, reason="a contract ends", now=now)


def _take_back_planned(session: Session, partner_id: UUID) -> int:
    """Take back what a partner is to be granted, and nobody plans more of it meanwhile; return how much that was."""
    partners.locked(session, partner_id)
    planned = grants.planned(session, partner_id)
    for one in planned:
        turns.forget(session, one.id)
        session.delete(one)
    session.flush()
    keyring.turn(session)
    return len(planned)


def _ending(
    session: Session, which: Callable[[], list[Grant]], *, by: str, reason: str, now: datetime | None
) -> Act:
    def take(act: Act) -> None:
        chosen = which()
        if not chosen or any(one.until_sequence is not None for one in chosen):
            raise Invalid([Fault("/until", "has ended already")])
        for one in chosen:
            if one.partner_id is None:
                raise Invalid([Fault("/until", "comes when another one says what needs no key")])
            if one.from_sequence is None:
                raise Invalid([Fault("/from", "has not begun; it is planned only")])
            grants.end(session, one, act)

    return settled_act(session, take, by=by, reason=reason, now=now)


def cancel(session: Session, grant_id: UUID) -> None:
    """Take back a grant that has not begun; raises NotFound, and Invalid where it has."""
    begin_writing(session)
    kept = grants.grant_of(session, grant_id)
    if kept.partner_id:
        partners.locked(session, kept.partner_id)
        kept = grants.grant_of(session, grant_id)
    if kept.from_sequence is not None:
        raise Invalid([Fault("/from", "has begun; end it")])
    turns.forget(session, grant_id)
    session.delete(kept)
    session.flush()
    keyring.turn(session)


def effect_on_everybody(session: Session, reach: Reach, *, at: int) -> Effect:
    """Return what it would do to what needs no key if that were `reach` of the texts."""
    return _effect(session, grants.everybodys(session, at), grants.reach_of_everybody(reach), at)


def effect_of(session: Session, partner_id: UUID, reach: Reach, *, at: int) -> Effect:
    """Return what giving a partner `reach` would do to what it may read at `at`."""
    before = grants.reach_of(session, partner_id, at)
    return _effect(session, before, (*before, reach), at)


def effect_of_ending(session: Session, partner_id: UUID, some: Sequence[UUID], *, at: int) -> Effect:
    """Return what ending some grants of a partner would do to what it may read at `at`."""
    before = grants.reach_of(session, partner_id, at)
    left = grants.reach_without(session, partner_id, at, some)
    return _effect(session, before, left, at)


def _effect(session: Session, before: Sequence[Reach], after: Sequence[Reach], at: int) -> Effect:
    return Effect(comes=_apart(session, after, before, at), goes=_apart(session, before, after, at))


def _apart(session: Session, one: Sequence[Reach], other: Sequence[Reach], at: int) -> int:
    apart = (live_at(at), within(session, one, at), not_(within(session, other, at)))
    return session.scalar(select(func.count()).select_from(Edition).where(*apart)) or 0


def _checked(session: Session, partner_id: UUID | None, reach: Reach, by: str, embargo: int) -> Grant:
    check(session, reach, embargo)
    spoken = None if reach.locales is None else [locales.canonical(one) for one in reach.locales]
    return Grant(
        partner_id=partner_id,
        audiences=sorted(reach.audiences),
        types=_listed(reach.types),
        topics=_listed(reach.topics),
        locales=_listed(spoken),
        embargo=embargo,
        made_by=by,
    )


def _listed(values: Sequence[object] | None) -> list[str] | None:
    return None if values is None else sorted(map(str, values))


def check(session: Session, reach: Reach, embargo: int = 0) -> None:
    """Raise Invalid where a grant could not mean this."""
    faults = [
        Fault("/audiences", f"{one} is none") for one in reach.audiences if one not in (PUBLIC, LICENSED)
    ]
    known = {declared.name for declared in types.everyone()}
    faults += [Fault("/types", f"{one} is no content type") for one in reach.types or () if one not in known]
    topics = types_of(session, reach.topics or ())
    faults += [
        Fault("/topics", f"{one} is no topic") for one in reach.topics or () if topics.get(one) != "topic"
    ]
    for one in reach.locales or ():
        try:
            locales.canonical(one)
        except Invalid:
            faults.append(Fault("/locales", f"{one} is no language tag"))
    if not 0 <= embargo <= LONGEST_EMBARGO:
        faults.append(Fault("/embargo", f"is not between 0 and {LONGEST_EMBARGO} hours"))
    if faults:
        raise Invalid(faults)


def check_everybodys(session: Session, reach: Reach) -> None:
    """Raise Invalid where this could not be what needs no key."""
    check(session, reach)
    if LICENSED in reach.audiences:
        raise Invalid([Fault("/audiences", "are for whoever has a key")])
    texts = {declared.name for declared in types.everyone() if declared.health}
    if faults := [Fault("/types", f"{one} is no text") for one in reach.types or () if one not in texts]:
        raise Invalid(faults)


def needs_key(session: Session, entry_id: UUID) -> bool:
    """Return whether an entry is public now for those only who bear a key."""
    at = log.head(session).sequence
    open_ = within(session, grants.everybodys(session, at), at)
    there = (Edition.entry_id == entry_id, live_at(at), not_(open_))
    return session.scalar(select(Edition.entry_id).where(*there)) is not None


def _require_to_come(session: Session, now: datetime | None, **moments: datetime | None) -> None:
    clock = now or database.clock(session)
    faults = [Fault(f"/{name}", "is not to come") for name, at in moments.items() if at and at <= clock]
    if faults:
        raise Invalid(faults)
