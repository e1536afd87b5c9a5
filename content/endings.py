"""Endings: until when a reader could read what, so that nothing leaves anybody without a word.

A grant ends, the whole contract, or what needs no key comes to be less; or a topic moves out of those that a grant
names. Nothing of this is kept: what let a text through last, and what ended that, follows from the grants, from how
topics have stood, and from the text's own editions. What could be read is what was there before the end; what came
later, a new address too, is nothing that was lost. Whoever came without a key (None) had what needed none.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from content import grants
from content.editions import Edition, Facet
from content.errors import GRANT_ENDED, Gone, Notice
from content.grants import Right, Rights
from content.log import State
from content.partners import Reach
from content.reach import together, within
from content.topics import FOREVER
from content.traces import trace
from content.types import ContentType
from content.whereabouts import Departure, Done, departure, done, strike


@dataclass(frozen=True)
class Ending:
    """What a reader could read until before the act of `notice`; each topic in `reach` counts by itself.

    `upheld` is what grants with an embargo, which have not ended, let through without delay until then: of a text of
    which `reach` let an earlier form through.
    """

    reach: Reach
    notice: Notice
    upheld: tuple[Reach, ...] = ()


@dataclass(frozen=True)
class Form:
    """What of an edition says who might read it; `readable` by the grants of now."""

    topics: frozenset[UUID]
    entry_id: UUID
    since: int
    until: int | None
    version: int
    type: str
    locale: str
    audience: str
    first_published_at: datetime
    struck_by: int | None
    readable: bool


@dataclass(frozen=True)
class Lost:
    """How a text left a reader that might read it once, and which forms of it that `had`, the last first."""

    departure: Departure
    had: Sequence[Form]


_READ: tuple[Any, ...] = (
    Edition.entry_id,
    Edition.from_sequence,
    Edition.until_sequence,
    Edition.version,
    Edition.type,
    Edition.locale,
    Edition.audience,
    Edition.first_published_at,
    Edition.struck_by,
)


def endings(session: Session, partner_id: UUID | None, now: int) -> list[Ending]:
    """Return what ended for a partner (None: everybody) by `now`; three statements at most."""
    had = grants.rights(session, partner_id, now)
    over = [(right, reach, until) for right in had.every for reach, until in _over(had, right)]
    # An embargo is counted at the last act before the end.
    acts = {until + back for _, _, until in over for back in (-1, 0)}
    acted_at = grants.acted_at(session, acts) if acts else {}
    return [_ending(had, right, reach, until, acted_at) for right, reach, until in over]


def _over(had: Rights, right: Right) -> list[tuple[Reach, int]]:
    """Return what of a right is over, and until before which act that was: where it goes by topics, of each."""
    if right.reach.topics is None:
        return [(right.reach, right.until)] if right.until != FOREVER else []
    lasted = defaultdict[int, list[UUID]](list)
    for topic, until in had.past.last_below(right.reach.topics, right.since, right.until).items():
        lasted[until].append(topic)
    return [
        (replace(right.reach, topics=tuple(some)), until)
        for until, some in lasted.items()
        if until != FOREVER
    ]


def _ending(had: Rights, right: Right, reach: Reach, until: int, acted_at: Mapping[int, datetime]) -> Ending:
    reason = GRANT_ENDED if until == right.until else State.GONE
    early = replace(right, reach=reach).reach_at(acted_at.get(until - 1))
    delayed = [one for one in had.every if one.delay and one.until == FOREVER]
    upheld = Rights(delayed, had.past).reach_at(until - 1, None)
    return Ending(early, Notice(reason, until, acted_at[until], None), upheld)


def had_by(over: Sequence[Ending]) -> tuple[Reach, ...]:
    """Return what any of these let through in the end, its embargo aside, in as few reaches as can be."""
    return together(replace(one.reach, first_by=None) for one in over)


def tell(
    session: Session,
    partner_id: UUID | None,
    declared: ContentType,
    key: UUID | str,
    *,
    spoken: Sequence[str],
    at: int,
    now: int,
    reach: Sequence[Reach],
    found: UUID | None = None,
) -> None:
    """Raise Gone where a partner (None: whoever has no key) may not read an entry, but could once.

    What has ended by `now` counts; `reach` is what the partner may read still. `spoken` are the languages in which a
    slug is looked up, and `found` the entry that was found under it, if one was: what bore it before is not meant.
    One statement where nothing ever bore the key, and some eight at most.
    """
    borne = _borne(session, declared, key, spoken, at)
    ids = list(borne)
    ids = ids[: ids.index(found) + 1] if found in borne else ids
    over = endings(session, partner_id, now) if ids else []
    for entry_id, left in lost(session, over, ids, at=at, reach=reach).items():
        # Its new address is not for whoever had it under another one.
        if borne[entry_id] & {form.since for form in left.had}:
            raise Gone(entry_id, left.departure.notice, left.departure.version)


def _borne(
    session: Session, declared: ContentType, key: UUID | str, spoken: Sequence[str], at: int
) -> dict[UUID, set[int]]:
    """Return which entries have had an id or a slug by a sequence, the last first, and with which acts they got it."""
    if isinstance(key, UUID):
        named = Edition.entry_id == key
    else:
        named = and_(Edition.locale.in_(spoken), Edition.slug.in_((key, trace(key))))
    chosen = select(Edition.entry_id, Edition.from_sequence).where(Edition.type == declared.name, named)
    borne = defaultdict[UUID, set[int]](set)
    newest_first = chosen.where(Edition.from_sequence <= at).order_by(Edition.from_sequence.desc())
    for entry_id, since in session.execute(newest_first):
        borne[entry_id].add(since)
    return borne


def lost(
    session: Session, over: Sequence[Ending], ids: Sequence[UUID], *, at: int, reach: Sequence[Reach]
) -> dict[UUID, Lost]:
    """Return how each of these entries left a reader for whom this is `over`, in their order; three statements.

    Left out is what the reader might never read, and what it had last in a form that it may read by `reach`, which is
    told as to everybody. What has become of the text itself, up to `at`, is told before that the reader lost it.
    """
    if not over or not ids:
        return {}
    forms = _forms(session, ids, at, reach)
    last = {one: had for one in ids if one in forms and (had := _last_had(forms[one], over))}
    lines = done(session, list(last)) if last else {}
    return {one: _lost(forms[one], *had, lines[one], over, at) for one, had in last.items()}


def _forms(session: Session, ids: Sequence[UUID], at: int, reach: Sequence[Reach]) -> dict[UUID, list[Form]]:
    """Return the public forms that these entries had by `at`, the newest first."""
    here = (Edition.entry_id.in_(ids), Edition.from_sequence <= at)
    topics = defaultdict[tuple[UUID, int], set[UUID]](set)
    borne = select(Facet.entry_id, Facet.from_sequence, Facet.value).where(
        Facet.entry_id.in_(ids), Facet.name == "topic"
    )
    for entry_id, since, topic in session.execute(borne):
        topics[entry_id, since].add(UUID(topic))
    chosen = select(*_READ, case((within(session, reach, at), True), else_=False)).where(*here)
    forms = defaultdict[UUID, list[Form]](list)
    for row in session.execute(chosen.order_by(Edition.from_sequence.desc())):
        borne_by = frozenset(topics[row.entry_id, row.from_sequence])
        forms[row.entry_id].append(Form(borne_by, *tuple(row)))
    return forms


def _last_had(forms: Sequence[Form], over: Sequence[Ending]) -> tuple[Form, Ending] | None:
    """Return the newest form that a reader could have and the last of what is over that let it through.

    None where there is no such form, or the reader may read it still.
    """
    for form in forms:
        if form.readable:
            return None
        if by := [one for one in over if form.since < one.notice.sequence and _lets(one, form, forms, over)]:
            return form, max(by, key=lambda one: one.notice.sequence)
    return None


def _lets(ending: Ending, form: Form, forms: Sequence[Form], over: Sequence[Ending]) -> bool:
    """Whether something that is over let a form through; no embargo delays what came after a form that was had."""
    before = [one for one in forms if one.since < form.since]
    if not _fits(ending.reach, form):
        upheld = any(_fits(one, form) for one in ending.upheld)
        return upheld and any(_fits(ending.reach, one) and _in_time(ending.reach, one) for one in before)
    if _in_time(ending.reach, form):
        return True
    return any(
        one.readable or any(_fits(other.reach, one) and _in_time(other.reach, one) for other in over)
        for one in before
    )


def _fits(reach: Reach, form: Form) -> bool:
    asked = ((reach.types, form.type), (reach.locales, form.locale), (reach.audiences, form.audience))
    by_columns = all(some is None or value in some for some, value in asked)
    return by_columns and (reach.topics is None or not form.topics.isdisjoint(reach.topics))


def _in_time(reach: Reach, form: Form) -> bool:
    return reach.first_by is None or form.first_published_at <= reach.first_by


def _lost(
    forms: Sequence[Form], last: Form, ended: Ending, lines: Sequence[Done], over: Sequence[Ending], at: int
) -> Lost:
    def let(form: Form, some: Sequence[Ending]) -> bool:
        return any(_lets(one, form, forms, over) for one in some)

    end = ended.notice.sequence
    had = [
        form
        for form in forms
        if form.readable or let(form, [one for one in over if form.since < one.notice.sequence])
    ]
    struck = next((strike(one, last.version) for one in lines if one.line.sequence == last.struck_by), None)
    if struck:
        return Lost(struck, had)
    to_the_end = last.until is None or last.until >= end
    if to_the_end:
        # What is done to it further is told, as long as it stays where this reader had it.
        same = [one for one in over if one.notice.sequence == end]
        last = next((form for form in forms if form.since >= end and let(form, same)), last)
    left = min((form.since for form in forms if form.since > last.since), default=None)
    told = [one for one in lines if last.since < one.line.sequence <= at]
    if not to_the_end:
        # What was done since is for those who have it.
        told = [one for one in told if one.line.sequence < end or one.line.sequence == left or one.judges]
    found = departure(told, left, [form.version for form in had])
    return Lost(found or Departure(ended.notice), had)
