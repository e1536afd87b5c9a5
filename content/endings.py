"""Endings: what a reader could read until a grant ended, so that nothing leaves anybody without a word.

A grant ends, the whole contract, or what needs no key comes to be less; or a topic moves out of those that a grant
names. What could be read is what the grants of the act before let through then; what came later, a new address too, is
nothing that was lost. Whoever comes without a key (None) had what needed none.

Grants that end one after another within a minute, with nothing else in between, are one ending: a contract with a grant
for each topic is over at one moment, by as many acts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, Select, and_, case, literal, or_, select, union_all
from sqlalchemy.orm import Session

from content import corpus, grants, topics
from content.editions import Edition, live_at
from content.errors import GRANT_ENDED, Gone, Notice
from content.grants import Grant
from content.log import Act, State
from content.partners import Reach
from content.reach import within
from content.traces import trace
from content.types import ContentType
from content.whereabouts import departures

MOST = 20  # of a reader, the last ones of grants and of topics; what ended before is not told of any more
MOST_ACTS = 1_000  # that these consist of
AT_ONE_MOMENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Ending:
    """What a reader could read at `at`, the sequence before grants ended or a topic moved, and the notice of that."""

    at: int
    reach: Sequence[Reach]
    notice: Notice


@dataclass(frozen=True)
class _Stretch:
    """Acts without another one between them, the first being `first`, by which less may be read; told as the last."""

    first: int
    notice: Notice


def endings(session: Session, partner_id: UUID | None, now: int) -> list[Ending]:
    """Return what ended for a partner (None: everybody) by `now`, the last first."""
    return [_ending(session, partner_id, one) for one in _stretches(session, partner_id, now)]


def _stretches(session: Session, partner_id: UUID | None, now: int) -> list[_Stretch]:
    """Return by which acts less may be read, the last first."""
    by_topic = topics.moved().where(grants.goes_by_topic(partner_id))
    parts = (
        _last(grants.ended_by(partner_id), now, GRANT_ENDED, MOST_ACTS),
        _last(by_topic, now, State.GONE, MOST),
    )
    acts = sorted(session.execute(union_all(*parts)), key=lambda act: act.sequence, reverse=True)
    moved = [_stretch(act) for act in acts if act.reason == State.GONE]
    told = [*_of_grants([act for act in acts if act.reason == GRANT_ENDED])[:MOST], *moved]
    return sorted(told, key=lambda one: one.notice.sequence, reverse=True)


def _of_grants(acts: Sequence[Row[int, datetime, str, bool]]) -> list[_Stretch]:
    """Return acts that end grants, the last first, those of one moment as one stretch."""
    made: list[_Stretch] = []
    for act in acts:
        last = made[-1] if made else None
        # Where a grant begins too, more may be read before the next act than before this one.
        if (
            last
            and act.only_ends
            and act.sequence == last.first - 1
            and last.notice.at - act.at < AT_ONE_MOMENT
        ):
            made[-1] = _Stretch(act.sequence, last.notice)
        else:
            made.append(_stretch(act))
    return made


def _stretch(act: Row[int, datetime, str, bool]) -> _Stretch:
    return _Stretch(act.sequence, Notice(act.reason, act.sequence, act.at, None))


def _last(acts: Select[int], now: int, reason: str, most: int) -> Select[int, datetime, str, bool]:
    """Select the last of these acts by `now`, the reason that is told of them, and whether no grant began with one."""
    begins = select(Grant.id).where(Grant.from_sequence == Act.sequence).exists()
    chosen = select(Act.sequence, Act.at, literal(str(reason)).label("reason"), (~begins).label("only_ends"))
    chosen = chosen.where(Act.sequence.in_(acts), Act.sequence <= now)
    last = chosen.order_by(Act.sequence.desc()).limit(most).subquery()
    return select(last.c.sequence, last.c.at, last.c.reason, last.c.only_ends)


def _ending(session: Session, partner_id: UUID | None, stretch: _Stretch) -> Ending:
    before = stretch.first - 1
    return Ending(before, grants.reach_of(session, partner_id, before), stretch.notice)


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
    after: int = 0,
) -> None:
    """Raise Gone where a partner (None: whoever has no key) may not read an entry, but could before a grant ended.

    What has ended by `now` counts; `reach` is what the partner may read still. `spoken` are the languages in which a
    slug is looked up, and `after` the act by which the text left that, if it did: what ended before it took nothing.
    What has become of the text itself, up to `at`, is told before that: it may still be shown. A few statements for
    each of the `MOST` endings, and a few where nothing is found under the key.
    """
    stretches = [one for one in _stretches(session, partner_id, now) if one.notice.sequence > after]
    entry_id = _bearer(session, declared, key, spoken, stretches[0].first - 1) if stretches else None
    if entry_id is None:
        return
    over = [_ending(session, partner_id, one) for one in stretches]
    ending = _last_to_let_through(session, declared, entry_id, over)
    if ending is None:
        return
    let = within(session, ending.reach, ending.at)
    of_it = select(Edition.entry_id).where(Edition.entry_id == entry_id, let).limit(1)
    if session.scalar(of_it.where(Edition.from_sequence <= at)) is None:
        return
    if session.scalar(of_it.where(live_at(ending.at))) is None:
        # It had left before; what was done to it since is for those who have it.
        let = and_(let, Edition.from_sequence <= ending.at)
    elif (had := corpus.standing(session, [entry_id], at=ending.at)[0]).notice:
        raise Gone(entry_id, had.notice, had.edition.version)
    readable = or_(within(session, reach, at), let)
    if left := departures(session, [entry_id], at, readable).get(entry_id):
        raise Gone(entry_id, left.notice, left.version)
    raise Gone(entry_id, ending.notice)


def _bearer(
    session: Session, declared: ContentType, key: UUID | str, spoken: Sequence[str], until: int
) -> UUID | None:
    """Return the entry of an id, or the last that bore a slug by a sequence, whoever may read it."""
    if isinstance(key, UUID):
        named = Edition.entry_id == key
    else:
        named = and_(Edition.locale.in_(spoken), Edition.slug.in_((key, trace(key))))
    borne = select(Edition.entry_id).where(
        Edition.type == declared.name, named, Edition.from_sequence <= until
    )
    return session.scalar(borne.order_by(Edition.from_sequence.desc()).limit(1))


def _last_to_let_through(
    session: Session, declared: ContentType, entry_id: UUID, over: Sequence[Ending]
) -> Ending | None:
    let = {one.at: and_(Edition.from_sequence <= one.at, within(session, one.reach, one.at)) for one in over}
    # The last first: an edition counts for the last ending before which it could be read.
    last = case(*((through, at) for at, through in let.items()))
    chosen = select(last).where(
        Edition.entry_id == entry_id, Edition.type == declared.name, or_(*let.values())
    )
    found = max(session.scalars(chosen), default=None)
    return next((one for one in over if one.at == found), None)
