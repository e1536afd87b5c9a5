"""The corpus: everything public at one sequence, as a reader of a certain reach meets it.

Every read names the sequence `at` which it asks about; *now* is merely the newest. Nothing here sees a draft: what
is read are editions and documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from content.documents import Document
from content.editions import Edition, erased_slug, live_at
from content.errors import Elsewhere, Gone, NotFound, Notice
from content.log import Act, Event, Line, State
from content.partners import Reach
from content.reach import bears, within
from content.types import ContentType

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


@dataclass(frozen=True)
class Item:
    """One public form: its edition and the stored JSON, the card of a list or the whole document.

    `json` is None where the content was retracted or erased since; then `notice` says so.
    """

    edition: Edition
    json: bytes | None
    notice: Notice | None = None


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; None means all. `topics`: any of them; sub-topics are named too (`topics.tree`)."""

    locale: str | None = None
    topics: Sequence[UUID] | None = None
    tag: str | None = None
    article: UUID | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True)
class Place:
    """Where a page ended, in the order of a list."""

    sort_at: datetime
    entry_id: UUID


def find(
    session: Session, declared: ContentType, key: UUID | str, *, locale: str, at: int, reach: Sequence[Reach]
) -> Item:
    """Return what is public at `at` under an id or a slug, with its whole document.

    Raises NotFound, Gone where it was public once, Elsewhere where it is public under another address. A slug that
    its bearer has left leads to where that is now, unless another entry bears it.
    """
    item = _live(session, declared, _named(key, locale), at, reach)
    if item:
        if item.notice:
            raise Gone(item.edition.entry_id, item.notice, item.edition.version)
        return item
    borne_by = bearer(session, declared, key, locale=locale, at=at, reach=reach)
    raise _whereabouts(session, borne_by, at, reach)


def _named(key: UUID | str, locale: str) -> Any:
    if isinstance(key, UUID):
        return Edition.entry_id == key
    return and_(Edition.locale == locale, Edition.slug.in_((key, erased_slug(key))))


def _live(
    session: Session, declared: ContentType, named: Any, at: int, reach: Sequence[Reach]
) -> Item | None:
    chosen = items(Document.body).where(Edition.type == declared.name, named, live_at(at))
    row = session.execute(chosen.where(within(session, reach, at)).limit(1)).first()
    return item_of(row) if row else None


def bearer(
    session: Session, declared: ContentType, key: UUID | str, *, locale: str, at: int, reach: Sequence[Reach]
) -> UUID:
    """Return the entry that bears a slug at `at`, or was the last to bear it, live or not; raises NotFound."""
    borne = select(Edition.entry_id).where(
        Edition.type == declared.name,
        _named(key, locale),
        Edition.from_sequence <= at,
        within(session, reach, at),
    )
    found = session.scalar(borne.order_by(Edition.from_sequence.desc()).limit(1))
    if found is None:
        raise NotFound(
            f"{declared.label} {key}" if declared.label.isupper() else f"{declared.label.lower()} {key}"
        )
    return found


def _whereabouts(session: Session, entry_id: UUID, at: int, reach: Sequence[Reach]) -> Exception:
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
    cause = _cause(session, line, at)
    acted_at = session.scalars(select(Act.at).where(Act.sequence == cause.sequence)).one()
    if line.state == State.LIVE:
        return Notice(State.GONE, line.sequence, acted_at, None)
    replacement = UUID(line.target) if line.state == State.REPLACED and line.target else None
    return Notice(line.state, cause.sequence, acted_at, cause.public_note, replacement)


def _cause(session: Session, line: Line, at: int) -> Line:
    """Return the newest line that brought the entry of `line` to its state, else that line.

    A later one that struck an older version only is not why the last version cannot be read.
    """
    caused = _lines(line.entry_id, at).where(Line.event == _CAUSE.get(State(line.state)))
    struck = line.state in (State.RETRACTED, State.ERASED)
    fitting = (one for one in session.scalars(caused) if not struck or line.version in (one.affects or ()))
    return next(fitting, line)


def page(
    session: Session,
    declared: ContentType,
    filters: Filters,
    *,
    at: int,
    reach: Sequence[Reach],
    limit: int,
    after: Place | None = None,
) -> list[Item]:
    """Return at most `limit` cards at `at`, newest first, those after a place; one statement, two with a topic."""
    chosen = _filtered(session, items(Document.card), declared, filters, at, reach)
    if after:
        earlier = and_(Edition.sort_at == after.sort_at, Edition.entry_id < after.entry_id)
        chosen = chosen.where(Edition.sort_at <= after.sort_at, or_(Edition.sort_at < after.sort_at, earlier))
    rows = session.execute(chosen.order_by(Edition.sort_at.desc(), Edition.entry_id.desc()).limit(limit))
    return [item_of(row) for row in rows]


def count(
    session: Session, declared: ContentType, filters: Filters, *, at: int, reach: Sequence[Reach]
) -> int:
    """Return how many cards all pages of a list hold."""
    counted = _filtered(session, select(func.count()).select_from(Edition), declared, filters, at, reach)
    return session.scalar(counted) or 0


def _filtered(
    session: Session,
    chosen: Select[*tuple[Any, ...]],
    declared: ContentType,
    filters: Filters,
    at: int,
    reach: Sequence[Reach],
) -> Select[*tuple[Any, ...]]:
    return chosen.where(matching(session, declared, filters, at=at, reach=reach))


def matching(
    session: Session, declared: ContentType, filters: Filters, *, at: int, reach: Sequence[Reach]
) -> ColumnElement[bool]:
    """The editions that a list holds, on whatever page."""
    conditions = [Edition.type == declared.name, live_at(at), within(session, reach, at)]
    if filters.locale is not None:
        conditions.append(Edition.locale == filters.locale)
    if filters.updated_since is not None:
        conditions.append(Edition.updated_at >= filters.updated_since)
    if filters.topics is not None:
        conditions.append(bears("topic", filters.topics))
    if filters.tag is not None:
        conditions.append(bears("tag", [filters.tag]))
    if filters.article is not None:
        conditions.append(bears("article", [filters.article]))
    return and_(*conditions)


def items(stored: InstrumentedAttribute[bytes | None]) -> Select[*tuple[Any, ...]]:
    """Editions, each with its stored JSON and, where it was struck since, the line and the moment that struck it."""
    struck = and_(Line.sequence == Edition.struck_by, Line.entry_id == Edition.entry_id)
    return (
        select(Edition, stored, Line, Act.at)
        .join(Document, Document.hash == Edition.document_hash)
        .outerjoin(Line, struck)
        .outerjoin(Act, Act.sequence == Line.sequence)
    )


def item_of(row: Any) -> Item:
    """Return a row of `items` as an Item."""
    edition, json, line, acted_at = row
    if line is None:
        return Item(edition, json)
    # An erasure says so even where the entry has been retracted, or published anew, since.
    return Item(edition, None, Notice(_REASON[line.event], line.sequence, acted_at, line.public_note))


_REASON = {Event.RETRACTED: State.RETRACTED, Event.ERASED: State.ERASED}
