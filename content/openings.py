"""Openings: by which acts a reader came to read more, though nothing was done to any text.

A grant begins, what needs no key comes to be more, an embargo ends, or a topic moves below one that a grant names: the
mirror of endings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, not_, or_, select
from sqlalchemy.orm import Session, aliased

from content import grants
from content.editions import Edition, live_at
from content.grants import Grant, Rights
from content.log import Act, Line
from content.partners import Reach
from content.reach import exactly, within
from content.types import ContentType


@dataclass(frozen=True)
class Opening:
    """What a reader could read by the act `sequence`, and what it could `before`; topics count by themselves."""

    sequence: int
    before: Sequence[Reach]
    reach: Sequence[Reach]


def openings(session: Session, partner_id: UUID | None, *, after: int, until: int) -> list[Opening]:
    """Return what may have opened to a partner (None: to everybody) after a sequence, up to another, oldest first.

    While an embargo holds for it, that is each act without a line. Four statements at most.
    """
    rights = grants.rights(session, partner_id, until)
    acts = _begun(rights, after, until)
    if any(one.delay and one.until > after for one in rights.every):
        lines = select(Line.sequence).where(Line.sequence == Act.sequence)
        quiet = (Act.sequence > after, Act.sequence <= until, ~lines.exists())
        acts.update(session.scalars(select(Act.sequence).where(*quiet)))
    return _opened(session, rights, acts)


def beginnings(session: Session, partner_id: UUID | None, *, after: int, until: int) -> list[Opening]:
    """Return the same without the ends of embargoes, of which a long stretch may have thousands."""
    rights = grants.rights(session, partner_id, until)
    return _opened(session, rights, _begun(rights, after, until))


def came(declared: ContentType, opening: Opening) -> Select[UUID, str, int]:
    """Select the entries of a type that came into reach by an opening, with their languages and its sequence."""
    form, at = aliased(Edition), opening.sequence
    could, could_before = exactly(opening.reach, form), exactly(opening.before, form)
    chosen = select(form.entry_id, form.locale, literal(at).label("sequence"))
    return chosen.where(form.type == declared.name, live_at(at, form), could, not_(could_before))


def last_end_of_embargo(
    session: Session, partner_id: UUID | None, here: ColumnElement[bool], *, after: int, until: int
) -> int | None:
    """Return the last act after a sequence, up to another, by which an embargo ended for some editions; None if none.

    `here` says which. A few statements for each grant that has one.
    """
    ends = [
        _last_end(session, one, here, after, until)
        for one in _held(session, partner_id, after, until)
        if one.embargo
    ]
    return max(filter(None, ends), default=None)


def _last_end(session: Session, kept: Grant, here: ColumnElement[bool], after: int, until: int) -> int | None:
    assert kept.partner_id
    assert kept.from_sequence
    last = until if kept.until_sequence is None else min(until, kept.until_sequence - 1)
    others = grants.reach_without(session, kept.partner_id, last, {kept.id})
    ended = Edition.first_published_at <= _at(session, last) - kept.delay
    by_it_alone = (within(session, [kept.reach], last), not_(within(session, others, last)))
    newest = select(func.max(Edition.first_published_at)).where(here, ended, *by_it_alone)
    first = session.scalar(newest)
    if first is None:
        return None
    found = session.scalars(select(func.min(Act.sequence)).where(Act.at >= first + kept.delay)).one()
    return found if found > max(after, kept.from_sequence) else None


def _at(session: Session, sequence: int) -> datetime:
    return session.scalars(select(Act.at).where(Act.sequence == sequence)).one()


def _held(session: Session, partner_id: UUID | None, after: int, until: int) -> Sequence[Grant]:
    """The grants of a partner, and everybody's, that held at some act after a sequence, up to another."""
    theirs = or_(Grant.partner_id.is_(None), Grant.partner_id == partner_id)
    there = or_(Grant.until_sequence.is_(None), Grant.until_sequence > after)
    return session.scalars(select(Grant).where(theirs, Grant.from_sequence <= until, there)).all()


def _begun(rights: Rights, after: int, until: int) -> set[int]:
    """Return by which acts grants began, and topics moved where grants name some."""
    acts = {one.since for one in rights.every} | rights.past.moves()
    return {act for act in acts if after < act <= until}


def _opened(session: Session, rights: Rights, acts: set[int]) -> list[Opening]:
    around = {act + back for act in acts for back in (-1, 0)}
    acted_at = grants.acted_at(session, around) if any(one.delay for one in rights.every) and acts else {}
    every = [
        Opening(act, *(rights.reach_at(one, acted_at.get(one)) for one in (act - 1, act)))
        for act in sorted(acts)
    ]
    return [one for one in every if one.before != one.reach]
