"""Feeds: what became of the texts of one type, newest first, and in which stretches of the log it is archived.

The log is cut into stretches that never change once they are over, so that a document about one is archived for good: a
stretch ends with every 20th act, and with each act of many lines or by which much came into reach, so that none of them
grows without bound. What a reader cannot know of makes no archive and ends no stretch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from content import corpus, endings, grants, openings, types
from content.corpus import Item, item_of, items
from content.documents import API, Document
from content.editions import Edition, live_at
from content.endings import Ending, Lost
from content.entries import Entry
from content.errors import Notice
from content.knowing import Readable, known
from content.log import Act, Line, State
from content.narrowing import Filters, narrowed
from content.openings import Opening
from content.partners import Reach
from content.reach import exactly, within
from content.types import ContentType
from content.whereabouts import Departure, departures

START = f"{API}/feeds"
FORMS = ("atom", "rss", "json")  # how their addresses end
LENGTH = 20  # acts
MOST_LINES = 20  # of an act that does not end its stretch
MOST_TOGETHER = 100  # openings in one statement: SQLite takes no more than 500 parts
REMEMBERED = 1_000  # acts for which a feed's first page tells of what was removed
MOST_REMOVED = 10_000  # entries, what was wrong first: a tombstone is some hundred bytes
LEFT_FILTER = "left_filter"


@dataclass(frozen=True)
class Stretch:
    """The acts after `after`, up to `until`; over once the log has come that far."""

    after: int
    until: int


@dataclass(frozen=True)
class Feed:
    """Whose changes are told: those of one type, narrowed, as far as a reader's reach goes, at a sequence.

    `partner_id` is whose reach that is, None where it is that of whoever has no key.
    """

    declared: ContentType
    filters: Filters
    reach: Sequence[Reach]
    at: int
    partner_id: UUID | None = None


@dataclass(frozen=True)
class Removal:
    """An entry that a feed had and has no more; `version` is the one that was struck, if one was."""

    type: str
    entry_id: UUID
    locale: str
    notice: Notice
    version: int | None = None


def address(declared: ContentType, form: str) -> str:
    """Return the path of a type's feed in a form."""
    return f"{START}/{declared.plural}.{form}"


def touched(session: Session, *, after: int, until: int) -> list[str]:
    """Return the paths of the feeds in which the acts after one sequence, up to another, may have changed something."""
    chosen = select(Entry.type).distinct().join(Line, Line.entry_id == Entry.id)
    names = set(session.scalars(chosen.where(Line.sequence > after, Line.sequence <= until)))
    every = grants.said_between(session, after, until) or _moved(session, after, until)
    known = (
        declared for declared in types.everyone() if declared.health and (every or declared.name in names)
    )
    return [address(declared, form) for declared in known for form in FORMS]


def _moved(session: Session, after: int, until: int) -> bool:
    """Return whether topics moved where what needs no key goes by topics, or once did: texts come and go with them."""
    return any(after < act <= until for act in grants.rights(session, None, until).past.moves())


def stretch(session: Session, feed: Feed, sequence: int) -> Stretch:
    """Return the stretch of the log that the act `sequence` belongs to; one statement.

    It is the same whenever it is asked for: topics, whose tree changes, and embargoes have no part in it.
    """
    after = (sequence - 1) // LENGTH * LENGTH
    until = after + LENGTH
    lasting = [replace(reach, topics=None, first_by=None) for reach in feed.reach]
    great = (
        select(Line.sequence)
        .join(Entry, Entry.id == Line.entry_id)
        .where(Line.sequence > after, Line.sequence <= until, Entry.type == feed.declared.name)
        .where(known(partial(exactly, lasting)))
    )
    ends = session.scalars(great.group_by(Line.sequence).having(func.count() > MOST_LINES)).all()
    opened = openings.openings(session, feed.partner_id, after=after, until=until)
    ends = [*ends, *_wide(session, feed, opened)]
    return Stretch(
        max([after, *(end for end in ends if end < sequence)]),
        min([until, *(end for end in ends if end >= sequence)]),
    )


def _wide(session: Session, feed: Feed, opened: Sequence[Opening]) -> Sequence[int]:
    """Return which openings let so much in that their act ends its stretch."""
    many = [
        select(literal(one.sequence)).where(
            openings.came(feed.declared, one).offset(MOST_LINES).limit(1).exists()
        )
        for one in opened
    ]
    return session.scalars(union_all(*many)).all() if many else []


def over(session: Session, feed: Feed) -> int:
    """Return the sequence up to which all stretches are over at the feed's own."""
    last = stretch(session, feed, feed.at) if feed.at else Stretch(0, 0)
    return feed.at if last.until == feed.at else last.after


def archived(session: Session, feed: Feed, before: int) -> int | None:
    """Return the end of the newest stretch, none of it after `before`, in which something was done about a feed.

    Or came into its reader's reach. `before` is the end of a stretch. None where there is no such stretch.
    """
    told = (Line.sequence <= before, known(_readable(session, feed)))
    chosen = _lines(feed).where(*told).order_by(Line.sequence.desc()).limit(1)
    done = session.scalar(chosen.with_only_columns(Line.sequence)) or 0
    newest = max(done, _last_opening(session, feed, done, before))
    return stretch(session, feed, newest).until if newest else None


def _last_opening(session: Session, feed: Feed, after: int, until: int) -> int:
    """Return the last act after a sequence, up to another, by which something came into a feed; 0 if there is none."""
    begun = openings.beginnings(session, feed.partner_id, after=after, until=until)
    last = _last_to_come(session, feed, begun)
    held = _held(session, feed)
    ended = openings.last_end_of_embargo(session, feed.partner_id, held, after=after, until=until)
    return max(last or 0, ended or 0)


def _last_to_come(session: Session, feed: Feed, begun: Sequence[Opening]) -> int | None:
    for end in range(len(begun), 0, -MOST_TOGETHER):
        came = _came(session, feed, begun[max(end - MOST_TOGETHER, 0) : end])
        last: int | None = session.scalar(select(func.max(union_all(*came).subquery().c.sequence)))
        if last:
            return last
    return None


def changed(
    session: Session, feed: Feed, *, after: int, limit: int, skipped: int = 0
) -> tuple[list[Item], list[Removal], bool]:
    """Return what became of a feed's entries after a sequence, up to the feed's own: each entry once, newest first.

    The items have their whole documents. At most `limit` entries, after so many `skipped`; and whether there are more.
    """
    lines = _last_lines(session, feed, after).add_columns(Line.sequence.label("sequence"))
    opened = openings.openings(session, feed.partner_id, after=after, until=feed.at)
    every = union_all(lines, *_came(session, feed, opened)).subquery()
    newest_first = (func.max(every.c.sequence).desc(), every.c.entry_id.desc())
    chosen = select(every.c.entry_id, every.c.locale).group_by(every.c.entry_id, every.c.locale)
    page = session.execute(chosen.order_by(*newest_first).offset(skipped).limit(limit + 1))
    entries = [(entry_id, locale) for entry_id, locale in page]
    found, removed = _told(session, feed, dict(entries[:limit]))
    return found, removed, len(entries) > limit


def _came(session: Session, feed: Feed, opened: Sequence[Opening]) -> list[Select[UUID, str, int]]:
    """Select for each of these openings what came into a feed by it and is in it still."""
    held = select(Edition.entry_id).where(_held(session, feed))
    every = [openings.came(feed.declared, one) for one in opened]
    return [one.where(one.selected_columns.entry_id.in_(held)) for one in every]


def removals(
    session: Session, feed: Feed, over: Sequence[Ending], had: Filters | None = None
) -> list[Removal]:
    """Return what a feed has lost in the last acts and has not again; where that is too much, what was wrong first.

    Also by what is `over` for its reader, and what it had lost before that: it may still be shown somewhere. `had` are
    the feed's filters as they were then, where they are others now. A fixed number of statements, whatever that is.
    """
    after = feed.at - REMEMBERED
    chosen = [
        _gone(session, feed, after),
        *([_taken(session, feed, over, had or feed.filters, after)] if over else []),
    ]
    locales = {one.entry_id: one.locale for some in chosen for one in session.execute(some)}
    left = _left(session, feed, list(locales)) if locales else {}
    lost = endings.lost(session, over, list(locales), at=feed.at, reach=feed.reach)
    told = {one: how for one in locales if (how := _told_of(left.get(one), lost.get(one)))}
    removed = [
        _removal(feed, one, locales[one], how) for one, how in told.items() if how.notice.sequence > after
    ]
    return sorted(removed, key=_was_not_wrong)[:MOST_REMOVED]


def _told_of(left: Departure | None, lost: Lost | None) -> Departure | None:
    """Return how an entry left a feed; that a version was wrong which its reader may read is told first."""
    return left if lost is None or (left and left.version) else lost.departure


def _removal(feed: Feed, entry_id: UUID, locale: str, left: Departure) -> Removal:
    return Removal(feed.declared.name, entry_id, locale, left.notice, left.version)


def _was_not_wrong(removal: Removal) -> bool:
    return removal.notice.reason not in (State.RETRACTED, State.ERASED)


def _gone(session: Session, feed: Feed, after: int) -> Select[UUID, str]:
    """Select the entries that a feed had and has no more, with their languages.

    Which of them: those that were found wrong after a sequence, and then those that it lost after it.
    """
    touched = select(Line.entry_id).where(Line.sequence > after, Line.sequence <= feed.at)
    ended = and_(Edition.until_sequence > after, Edition.until_sequence <= feed.at)
    struck = and_(Edition.struck_by > after, Edition.struck_by <= feed.at)
    # SQLite, asked for the type itself, would walk through all editions of that, and not through the last acts.
    typed = Edition.type.concat("") == feed.declared.name
    here = (Edition.entry_id.in_(touched), or_(ended, struck), typed, Edition.from_sequence <= feed.at)
    return _no_more(session, feed, and_(*here, _within(session, feed)), struck)


def _taken(
    session: Session, feed: Feed, over: Sequence[Ending], had: Filters, after: int
) -> Select[UUID, str]:
    """Select, with others, what a feed had under some filters by what is `over` for its reader and has no more.

    Which of them: those that were found wrong after a sequence, and then those that were lost by what ended after it.
    """
    until = max(one.notice.sequence for one in over)
    struck = and_(Edition.struck_by > after, Edition.struck_by <= feed.at)
    live = or_(Edition.until_sequence.is_(None), Edition.until_sequence > after)
    let, lately = (
        exactly(endings.had_by(some)) for some in (over, [one for one in over if one.notice.sequence > after])
    )
    readable = or_(and_(lately, live), and_(let, struck))
    here = (Edition.type == feed.declared.name, Edition.from_sequence < until, readable)
    return _no_more(session, feed, and_(*here, *narrowed(had)), Edition.struck_by.is_not(None))


def _no_more(
    session: Session, feed: Feed, here: ColumnElement[bool], wrong: ColumnElement[bool]
) -> Select[UUID, str]:
    """Select the entries, with their languages, of whose editions `here` a feed has none; those `wrong` first."""
    last = func.max(func.coalesce(Edition.until_sequence, feed.at + 1)).label("last")
    was_wrong = func.max(case((wrong, 1), else_=0)).label("wrong")
    chosen = select(Edition.entry_id, Edition.locale, last, was_wrong).where(here)
    had = chosen.group_by(Edition.entry_id, Edition.locale).subquery()
    wrong_first = (had.c.wrong.desc(), had.c.last.desc(), had.c.entry_id.desc())
    none = select(had.c.entry_id, had.c.locale).where(~_has(session, feed, had.c.entry_id))
    return none.order_by(*wrong_first).limit(MOST_REMOVED)


def _has(session: Session, feed: Feed, entry_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    here = (Edition.entry_id == entry_id, live_at(feed.at), _within(session, feed))
    return select(Edition.entry_id).where(*here).exists()


def _lines(feed: Feed) -> Select[UUID, str]:
    chosen = select(Line.entry_id, Entry.locale).join(Entry, Entry.id == Line.entry_id)
    chosen = chosen.where(Entry.type == feed.declared.name)
    return chosen.where(Entry.locale == feed.filters.locale) if feed.filters.locale else chosen


def _last_lines(session: Session, feed: Feed, after: int) -> Select[UUID, str]:
    """The last line that its reader may know of, after a sequence, of each entry that the feed has or ever had."""
    later, readable = aliased(Line), _readable(session, feed)
    superseded = select(later.sequence).where(
        later.entry_id == Line.entry_id, later.sequence > Line.sequence, later.sequence <= feed.at
    )
    superseded = superseded.where(known(readable, later))
    had = select(Edition.entry_id).where(
        Edition.entry_id == Line.entry_id, Edition.from_sequence <= feed.at, _within(session, feed)
    )
    here = (Line.sequence > after, Line.sequence <= feed.at, ~superseded.exists(), had.exists())
    return _lines(feed).where(known(readable), *here)


def _readable(session: Session, feed: Feed) -> Readable:
    return lambda edition: within(session, feed.reach, feed.at, edition)


def _within(session: Session, feed: Feed) -> ColumnElement[bool]:
    return and_(within(session, feed.reach, feed.at), *narrowed(feed.filters))


def _told(session: Session, feed: Feed, locales: dict[UUID, str]) -> tuple[list[Item], list[Removal]]:
    """Return what a feed has of these entries, whose locales are given, and what it has no more, in their order."""
    shown = {item.edition.entry_id: item for item in _items(session, feed, locales)} if locales else {}
    missing = [one for one in locales if one not in shown]
    left = _left(session, feed, missing) if missing else {}
    removed = [_removal(feed, one, locales[one], left[one]) for one in missing]
    lost = [one for item in shown.values() if (one := struck(item))]
    return [shown[one] for one in locales if one in shown and shown[one].json is not None], [*removed, *lost]


def _left(session: Session, feed: Feed, ids: Sequence[UUID]) -> dict[UUID, Departure]:
    """Return how each of these left a feed: its reader's reach, or the feed's filters only."""
    readable = within(session, feed.reach, feed.at)
    chosen = (
        select(Edition.entry_id, Edition.from_sequence, Act.at)
        .join(Act, Act.sequence == Edition.from_sequence)
        .where(Edition.entry_id.in_(ids), live_at(feed.at), readable)
    )
    filtered = {
        entry_id: Departure(Notice(LEFT_FILTER, sequence, acted_at, None))
        for entry_id, sequence, acted_at in session.execute(chosen)
    }
    return filtered | departures(session, ids, feed.at, readable)


def _items(session: Session, feed: Feed, ids: Iterable[UUID]) -> list[Item]:
    chosen = items(Document.body).where(Edition.entry_id.in_(list(ids)), _held(session, feed))
    return [item_of(row) for row in session.execute(chosen)]


def _held(session: Session, feed: Feed) -> ColumnElement[bool]:
    return corpus.matching(session, feed.declared, feed.filters, at=feed.at, reach=feed.reach)


def struck(item: Item) -> Removal | None:
    """Return what stands in a feed for an item whose content was struck since; None where it was not."""
    form = item.edition
    return Removal(form.type, form.entry_id, form.locale, item.notice, form.version) if item.notice else None
