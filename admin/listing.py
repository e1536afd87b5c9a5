"""Entries as the newsroom lists them: their newest versions, where they stand, and what was asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from admin.ids import id_of
from content import types
from content.editions import NO_DAY, UNREVIEWED, Edition
from content.entries import Entry
from content.fields import Link
from content.lists import Links
from content.log import EXPIRED, Act, Event, Line, State
from content.newest import approved, finding, following
from content.newest.finding import Counted, Order, Place, Wanted
from content.newest.rows import BY, LOCALE, TAG, Newest, mark
from content.reviews import Review, unrevoked
from content.schedule import WAITING, Scheduled
from content.standings import STATE, TARGET
from content.steps import WITHDRAWN
from content.submissions import Outcome, Submission
from content.types import ContentType
from content.versions import Version

PAGE = 50
_KEPT = Entry.trashed_at.is_(None)


class Tab(StrEnum):
    """The heaps that a list is sorted into."""

    ALL = "all"
    DRAFTS = "drafts"
    WAITING = "waiting"
    APPROVED = "approved"
    LIVE = "live"
    CHANGED = "changed"
    UNREVIEWED = "unreviewed"
    AWAY = "away"


class Falls(StrEnum):
    """When the review of what readers have is due."""

    OVERDUE = "overdue"
    IN_30 = "30"
    IN_60 = "60"
    IN_90 = "90"


@dataclass(frozen=True)
class Asked:
    """What a list was asked for; `links` are ids by field name, `after` the place behind which a page begins.

    `due` is None or when the review falls due; then the list is in that order. `by` is who changed it last.
    """

    words: str = ""
    tab: Tab = Tab.ALL
    locale: str = ""
    tag: str = ""
    by: str = ""
    due: Falls | None = None
    links: tuple[tuple[str, str], ...] = ()
    order: Order = Order.SAVED
    after: Place | None = None

    @property
    def narrowed(self) -> bool:
        """Whether more was asked for than a heap."""
        return bool(self.words or self.locale or self.tag or self.by or self.due or self.links)


@dataclass(frozen=True)
class Row:
    """An entry in a list: `live` is the number of its live version, `latest` of its newest.

    `due_on` is the day on which the review of what readers have is due, or was; `planned_at` is when the first act that
    waits on the schedule for it is due. `disowned`: every signature of what readers have was taken back.
    """

    id: UUID
    title: str
    locale: str
    state: State
    live: int | None
    latest: int
    by: str
    saved_at: datetime
    forced: bool
    due_on: date | None = None
    planned_at: datetime | None = None
    disowned: bool = False

    @property
    def ahead(self) -> bool:
        """Whether a draft is ahead of what readers see."""
        return self.live is not None and self.latest > self.live


@dataclass(frozen=True)
class Expired:
    """An entry that readers lost because its review fell due: its last public version, and whether that is signed."""

    type: str
    row: Row
    version: int
    signed: bool


@dataclass(frozen=True)
class Disowned:
    """What readers have though every signature of it was taken back; `sent` is by what its words were sent back."""

    entry: Entry
    version: int
    sent: Submission


@dataclass(frozen=True)
class Page:
    """One page of a list, of how many; `after` is where the next one begins, None on the last."""

    rows: tuple[Row, ...]
    counted: Counted
    after: Place | None


def listed(session: Session, declared: ContentType, asked: Asked, today: date) -> Page:
    """Return a page of at most 50 entries of a type; a fixed number of statements, however many there are."""
    following.follow(session)
    wanted = wanted_of(declared, asked, today)
    counts = finding.counted(session, wanted)
    found = finding.page(session, wanted, asked.order, counts, after=asked.after, limit=PAGE + 1)
    shown = rows_of(session, [one.entry_id for one in found[:PAGE]])
    # What was thrown away since it was chosen is nowhere any more.
    rows = tuple(shown[one.entry_id] for one in found[:PAGE] if one.entry_id in shown)
    return Page(rows, counts, found[PAGE - 1].place if len(found) > PAGE else None)


def wanted_of(declared: ContentType, asked: Asked, today: date) -> Wanted:
    """Return what a list of a type was asked for as its index is asked."""
    given = [(LOCALE, asked.locale), (TAG, asked.tag), (BY, asked.by), *asked.links]
    first, last = _days(asked.due, today)
    return Wanted(
        declared.name,
        own=tuple(mark(name, value) for name, value in given if value),
        standing=_HEAPS[asked.tab],
        text=asked.words,
        waiting=asked.tab == Tab.WAITING,
        approved_on=today if asked.tab == Tab.APPROVED else None,
        due_from=first,
        due_until=last,
    )


def _days(due: Falls | None, today: date) -> tuple[date | None, date | None]:
    if due is None:
        return None, None
    if due == Falls.OVERDUE:
        return None, today
    return today + timedelta(days=1), today + timedelta(days=int(due))


_HEAPS: dict[Tab, tuple[str, ...]] = {
    Tab.ALL: (),
    Tab.WAITING: (),
    Tab.APPROVED: (),
    Tab.DRAFTS: ("is_draft",),
    Tab.LIVE: ("is_live",),
    Tab.CHANGED: ("is_changed",),
    Tab.UNREVIEWED: ("is_unreviewed",),
    Tab.AWAY: ("is_away",),
}


def row(session: Session, entry_id: UUID) -> Row:
    """Return one entry as lists show it."""
    return _row(session.execute(_rows().where(Entry.id == entry_id)).one())


def rows_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return several entries as lists show them, by id."""
    return {found.id: _row(found) for found in session.execute(_rows().where(Entry.id.in_(ids)))}


def _typed_rows(session: Session, ids: Sequence[UUID]) -> list[tuple[str, Row]]:
    """Return entries as lists show them, in the order of their ids, each with its type's name."""
    found = {one.id: one for one in session.execute(_rows().where(Entry.id.in_(ids)))}
    return [(found[one].type, _row(found[one])) for one in ids]


def recent(session: Session, most: int) -> list[tuple[str, Row]]:
    """Return the entries saved last, each with its type's name."""
    chosen = _rows().where(_KEPT).order_by(Entry.saved_at.desc(), Entry.id.desc()).limit(most)
    return [(found.type, _row(found)) for found in session.execute(chosen)]


def unreviewed(session: Session, most: int) -> list[tuple[str, Row]]:
    """Return the live entries that were published without a review, the longest public first."""
    chosen = select(Edition.entry_id).where(UNREVIEWED).order_by(Edition.from_sequence, Edition.entry_id)
    return _typed_rows(session, session.scalars(chosen.limit(most)).all())


def due_for_review(
    session: Session,
    until: date,
    most: int,
    *,
    since: date | None = None,
    after: tuple[date, UUID] | None = None,
) -> list[tuple[str, Row]]:
    """Return the live entries whose review is due by a day, from `since` on or overdue, the soonest first.

    They stand behind `after`, the day and the id of one of them.
    """
    falls_due = (_reviewed(), Edition.due_key.between(since or date.min, until))
    place = (Edition.due_key, Entry.id)
    # The day by itself too, for an index has no entry's own id.
    behind = (Edition.due_key >= after[0], tuple_(*place) > tuple_(*after)) if after else ()
    chosen = _rows().where(*falls_due, *behind).order_by(*place).limit(most)
    return [(found.type, _row(found)) for found in session.execute(chosen)]


def due_by_day(session: Session, since: date, until: date) -> dict[date, int]:
    """Return how many reviews fall due on each of the days from one to another; those without any are left out."""
    live = (_reviewed(), Edition.until_sequence.is_(None), Edition.due_key.between(since, until))
    counted = select(Edition.due_key, func.count()).where(*live).group_by(Edition.due_key)
    return dict(session.execute(counted).all())


def _reviewed() -> ColumnElement[bool]:
    return Edition.type.in_([known.name for known in types.everyone() if known.needs_review])


def unfinished(session: Session, by: str, most: int) -> list[tuple[str, Row]]:
    """Return the entries that somebody saved last and readers do not have like this, the last saved first."""
    ahead = or_(Edition.version.is_(None), Entry.latest > Edition.version)
    open_still = STATE.in_([State.DRAFT.value, State.LIVE.value])
    chosen = _rows().where(Version.by == by, _KEPT, ahead, open_still)
    newest_first = chosen.order_by(Entry.saved_at.desc(), Entry.id.desc()).limit(most)
    return [(found.type, _row(found)) for found in session.execute(newest_first)]


def published(session: Session, most: int) -> list[tuple[Entry, Line, Act]]:
    """Return what was published last, the newest first: each entry with the line and the act that did it."""
    chosen = (
        select(Entry, Line, Act)
        .join(Line, Line.entry_id == Entry.id)
        .join(Act, Act.sequence == Line.sequence)
    )
    went_public = chosen.where(Line.event.in_([Event.PUBLISHED, Event.REINSTATED]))
    newest_first = went_public.order_by(Line.sequence.desc(), Line.entry_id).limit(most)
    return [(entry, line, act) for entry, line, act in session.execute(newest_first)]


def expired(session: Session, most: int, today: date) -> list[Expired]:
    """Return what readers lost because its review fell due, the longest missing first."""
    later, shown = aliased(Line), aliased(Version)
    newer = select(later.sequence).where(later.entry_id == Line.entry_id, later.sequence > Line.sequence)
    signed = select(Review.due_on).join(
        shown, and_(shown.entry_id == Review.entry_id, shown.content_hash == Review.content_hash)
    )
    of_it = signed.where(shown.entry_id == Line.entry_id, shown.number == Line.version, unrevoked())
    newest = of_it.order_by(Review.signed_at.desc(), Review.id.desc()).limit(1)
    again = func.coalesce(newest.scalar_subquery() > today, False)
    chosen = _rows().add_columns(Line.version.label("shown"), again.label("again"))
    chosen = chosen.join(Line, Line.entry_id == Entry.id).where(EXPIRED, ~newer.exists(), _KEPT)
    found = session.execute(chosen.order_by(Line.sequence, Entry.id).limit(most))
    return [Expired(one.type, _row(one), one.shown, one.again) for one in found]


def disowned(session: Session, most: int, entry_id: UUID | None = None) -> list[Disowned]:
    """Return what readers have though every signature of it was taken back, the longest so first; or of one entry."""
    later = aliased(Submission)
    again = (
        later.entry_id == Submission.entry_id,
        later.content_hash == Submission.content_hash,
        later.outcome == Outcome.SENT_BACK,
        later.ended_at > Submission.ended_at,
    )
    words = (Edition.entry_id == Submission.entry_id, Edition.content_hash == Submission.content_hash)
    chosen = (
        select(Submission, Entry, Edition.version)
        .join(Entry, Entry.id == Submission.entry_id)
        .join(Edition, and_(*words))
        .where(_disowned(), Submission.outcome == Outcome.SENT_BACK, ~select(later.id).where(*again).exists())
        .where(*([Entry.id == entry_id] if entry_id else []))
    )
    found = session.execute(chosen.order_by(Submission.ended_at, Entry.id).limit(most))
    return [Disowned(entry, version, sent) for sent, entry, version in found]


def ready(session: Session, most: int, today: date) -> list[tuple[str, Row]]:
    """Return the entries whose newest words somebody signed, and readers do not have.

    Those come first for which the review holds no more the soonest.
    """
    following.follow(session)
    return _typed_rows(session, session.scalars(approved.holding(today).limit(most)).all())


def tree(session: Session, declared: ContentType, parent: str, most: int) -> list[tuple[Row, UUID | None]]:
    """Return at most `most` entries of a type with the id that the link `parent` of each names, by title."""
    following.follow(session)
    first = select(Newest.entry_id).where(Newest.type == declared.name).order_by(Newest.title_key, Newest.id)
    chosen = _rows().add_columns(Version.placement).where(Entry.id.in_(first.limit(most)))
    ordered = session.execute(chosen.order_by(Entry.title, Entry.id))
    return [(_row(found), _id(found.placement.get(parent))) for found in ordered]


def link_fields(declared: ContentType) -> list[Link | Links]:
    """Return the links by which a list of the type can be filtered."""
    return [field for field in declared.fields if isinstance(field, Link | Links) and field.facet]


@dataclass(frozen=True)
class Left:
    """An entry that lists are asked for: what it is called, whether forms still offer it, and what took its place."""

    title: str
    state: State
    trashed: bool
    into: tuple[UUID, str] | None

    @property
    def is_lost(self) -> bool:
        """Whether it is offered no more."""
        return self.trashed or self.state in WITHDRAWN


def left(session: Session, ids: Sequence[UUID]) -> dict[UUID, Left]:
    """Return by id what became of entries, of those that there are; two statements at most."""
    if not ids:
        return {}
    chosen = select(Entry, STATE.label("state"), TARGET.label("target")).where(Entry.id.in_(ids))
    found = session.execute(chosen).all()
    targets = [known for one in found if (known := _id_in(one.target))]
    titles: dict[UUID, str] = {}
    if targets:
        named = select(Entry.id, Entry.title).where(Entry.id.in_(targets))
        titles = {row.id: row.title for row in session.execute(named)}
    return {
        one.Entry.id: Left(
            one.Entry.title or "(erased)",
            State(one.state),
            one.Entry.trashed_at is not None,
            (known, titles[known]) if (known := _id_in(one.target)) in titles else None,
        )
        for one in found
    }


def is_kept() -> ColumnElement[bool]:
    """The entries that were not withdrawn: a retired topic is offered no more."""
    return STATE.not_in([state.value for state in WITHDRAWN])


def _rows() -> Any:
    newest = and_(Version.entry_id == Entry.id, Version.number == Entry.latest)
    live = and_(Edition.entry_id == Entry.id, Edition.until_sequence.is_(None))
    planned = select(func.min(Scheduled.due_at)).where(Scheduled.entry_id == Entry.id, WAITING)
    return (
        select(
            Entry.id,
            Entry.type,
            Entry.title,
            Entry.locale,
            Entry.latest,
            Entry.saved_at,
            Version.by,
            STATE.label("state"),
            Edition.version.label("live"),
            func.coalesce(UNREVIEWED, False).label("forced"),
            Edition.due_key.label("due_key"),
            planned.scalar_subquery().label("planned_at"),
            func.coalesce(_disowned(), False).label("disowned"),
        )
        .join(Version, newest)
        .outerjoin(Edition, live)
    )


def _row(found: Any) -> Row:
    return Row(
        id=found.id,
        title=found.title,
        locale=found.locale,
        state=State(found.state),
        live=found.live,
        latest=found.latest,
        by=found.by,
        saved_at=found.saved_at,
        forced=bool(found.forced),
        due_on=None if found.due_key in (None, NO_DAY) else found.due_key,
        planned_at=found.planned_at,
        disowned=bool(found.disowned),
    )


def _disowned() -> ColumnElement[bool]:
    """The live editions of whose words every signature was taken back; readers are told that nobody reviewed them."""
    same = (Review.entry_id == Edition.entry_id, Review.content_hash == Edition.content_hash)
    signed = select(Review.id).where(*same).correlate(Edition)
    return and_(UNREVIEWED, signed.exists(), ~signed.where(unrevoked()).exists())


def _id_in(target: str | None) -> UUID | None:
    """The id of the entry that a withdrawn one leads to; an address of the web is none of ours."""
    return id_of(target or "")


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value else None
