"""The corpus: everything public at one sequence, as a reader of a certain reach meets it.

Every read names the sequence `at` which it asks about; *now* is merely the newest. Nothing here sees a draft: what
is read are editions and documents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Dialect, Select, and_, bindparam, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from content import memory, narrowing, orders, walks
from content.documents import Document
from content.editions import Edition, PublicForm, live_at
from content.errors import Gone, NotFound, Notice
from content.languages import best, rank
from content.log import Act, Event, Line, State
from content.narrowing import Filters as Filters
from content.narrowing import Readable, Shape, narrowed
from content.orders import Order, Place
from content.partners import Reach
from content.prepared import Prepared, connected, one_of
from content.reach import exactly, is_always_alike, within
from content.traces import trace
from content.types import ContentType
from content.walks import Walk
from content.whereabouts import whereabouts


@dataclass(frozen=True)
class Item:
    """One public form and the stored JSON, the card of a list or the whole document.

    `json` is None where the content was retracted or erased since; then `notice` says so.
    """

    edition: PublicForm
    json: bytes | None
    notice: Notice | None = None


def find(
    session: Session,
    declared: ContentType,
    key: UUID | str,
    *,
    locale: str,
    at: int,
    reach: Sequence[Reach],
    or_in: Sequence[str] = (),
) -> Item:
    """Return what is public at `at` under an id or a slug of that locale (or of these), with its whole document.

    Raises NotFound, Gone where it was public once or was struck since, Elsewhere where it is public under another
    address. A slug that its bearer has left leads to where that is now, unless another entry bears it.
    """
    return readable(live_or_struck(session, declared, key, locale=locale, at=at, reach=reach, or_in=or_in))


def live_or_struck(
    session: Session,
    declared: ContentType,
    key: UUID | str,
    *,
    locale: str,
    at: int,
    reach: Sequence[Reach],
    or_in: Sequence[str] = (),
) -> Item:
    """Return the same, or what was struck since, without its document: a translation of that may be whole."""
    spoken = list(dict.fromkeys([locale, *or_in]))
    item = _live(session, declared, key, spoken, at, reach)
    if item:
        return item
    borne_by = bearer(session, declared, key, locale=locale, at=at, reach=reach, or_in=or_in)
    raise whereabouts(session, borne_by, at, within(session, reach, at))


def readable(item: Item) -> Item:
    """Return an item that has its document; raises Gone for one that was struck."""
    if item.notice:
        raise Gone(item.edition.entry_id, item.notice, item.edition.version)
    return item


def _named(key: UUID | str, spoken: Sequence[str]) -> Any:
    if isinstance(key, UUID):
        return Edition.entry_id == key
    return and_(Edition.locale.in_(spoken), Edition.slug.in_((key, trace(key))))


def _live(
    session: Session,
    declared: ContentType,
    key: UUID | str,
    spoken: Sequence[str],
    at: int,
    reach: Sequence[Reach],
) -> Item | None:
    """Return what is live under a name; in the first of the languages `spoken` where it is in several.

    One statement; two for an address that is not in the first of them, for it may have been erased there.
    """
    by_id, connection = isinstance(key, UUID), connected(session)
    if not is_always_alike(reach):
        chosen = Prepared(_one(declared.name, by_id, spoken, within(session, reach, at)), connection.dialect)
    else:
        chosen = _kept_one(declared.name, by_id, tuple(spoken), tuple(reach), connection.dialect)

    def named(name: UUID | str) -> list[Item]:
        return list(map(item_of, chosen.rows(connection, {"at": at, "name": name})))

    found = named(key)
    if not isinstance(key, UUID) and not (found and found[0].edition.locale == spoken[0]):
        # By itself: of two words PostgreSQL, where it knows nothing of a table yet, reads all of a type for either.
        found = sorted(found + named(trace(key)), key=lambda item: spoken.index(item.edition.locale))
    return next(iter(found), None)


@lru_cache(maxsize=512)
def _kept_one(
    type_name: str, by_id: bool, spoken: tuple[str, ...], reach: tuple[Reach, ...], dialect: Dialect
) -> Prepared:
    return Prepared(_one(type_name, by_id, spoken, exactly(reach)), dialect)


def _one(
    type_name: str, by_id: bool, spoken: Sequence[str], readable: ColumnElement[bool]
) -> Select[*tuple[Any, ...]]:
    """Return the statement of what is live under a `name`: an id, or a slug in one of the languages."""
    column = Edition.entry_id if by_id else Edition.slug
    named = column == bindparam("name", type_=column.type)
    spoken_in = true() if by_id else Edition.locale.in_(spoken)
    chosen = items(Document.body).where(
        Edition.type == type_name, named, spoken_in, live_at(walks.AT), readable
    )
    return chosen.order_by(rank(spoken)).limit(1)


def bearer(
    session: Session,
    declared: ContentType,
    key: UUID | str,
    *,
    locale: str,
    at: int,
    reach: Sequence[Reach],
    or_in: Sequence[str] = (),
) -> UUID:
    """Return the entry that bears a slug at `at`, or was the last to bear it, live or not; raises NotFound.

    It is that in the first language in which any entry ever bore it. One statement, none where the session
    remembers it.
    """
    spoken = list(dict.fromkeys([locale, *or_in]))
    named = ("bearer", declared.name, key, *spoken, memory.mark(at, tuple(reach)))
    found = memory.recalled(
        session, named, lambda: _bearer(session, declared, key, spoken, at, reach), size=200
    )
    if found is None:
        raise NotFound(
            f"{declared.label} {key}" if declared.label.isupper() else f"{declared.label.lower()} {key}"
        )
    return found


def _bearer(
    session: Session,
    declared: ContentType,
    key: UUID | str,
    spoken: Sequence[str],
    at: int,
    reach: Sequence[Reach],
) -> UUID | None:
    borne = select(Edition.entry_id).where(
        Edition.type == declared.name,
        _named(key, spoken),
        Edition.from_sequence <= at,
        within(session, reach, at),
    )
    return session.scalar(borne.order_by(rank(spoken), Edition.from_sequence.desc()).limit(1))


def language(session: Session, entry_id: UUID, *, at: int, reach: Sequence[Reach]) -> str | None:
    """Return the language of an entry that was public by `at`, live or not; None of any other."""
    public = (Edition.entry_id == entry_id, Edition.from_sequence <= at, within(session, reach, at))
    return session.scalar(select(Edition.locale).where(*public).limit(1))


def page(
    session: Session,
    declared: ContentType,
    filters: Filters,
    *,
    at: int,
    reach: Sequence[Reach],
    limit: int,
    order: Order = orders.NEWEST,
    after: Place | None = None,
    whole: bool = False,
) -> list[Item]:
    """Return at most `limit` cards, or whole documents, at `at` in an order, those after a place; two statements."""
    met = found(session, declared, filters, at=at, reach=reach, limit=limit, order=order, after=after)
    return standing(session, [one.entry_id for one in met], at=at, whole=whole)


def found(
    session: Session,
    declared: ContentType,
    filters: Filters,
    *,
    at: int,
    reach: Sequence[Reach],
    limit: int,
    order: Order = orders.NEWEST,
    after: Place | None = None,
) -> list[Place]:
    """Return the places of what stands on a page, by indexes alone; one statement."""
    connection, onward = connected(session), after is not None
    told: dict[str, Any] = {"at": at, "most": limit} | (vars(after) if after else {})
    # Most pages are asked for again and again, at another act: making such a statement takes longer than its answer.
    if filters.languages or not is_always_alike(reach):
        readable = and_(within(session, reach, at), spoken(session, filters, at=at, reach=reach))
        named = partial(within, session, reach, at)
        made = Prepared(_page(declared.name, filters, order, onward, readable, named), connection.dialect)
    else:
        shape, told = narrowing.shape(filters), told | narrowing.told(filters)
        made = _kept_page(declared.name, shape, order, onward, tuple(reach), connection.dialect)
    return [Place(*row) for row in made.rows(connection, told)]


@lru_cache(maxsize=512)
def _kept_page(
    type_name: str, shape: Shape, order: Order, onward: bool, reach: tuple[Reach, ...], dialect: Dialect
) -> Prepared:
    readable, named = exactly(reach), partial(exactly, reach)
    return Prepared(_page(type_name, shape.unfilled(), order, onward, readable, named), dialect)


def _page(
    type_name: str,
    filters: Filters,
    order: Order,
    onward: bool,
    readable: ColumnElement[bool],
    named: Readable,
) -> Select[*tuple[Any, ...]]:
    met = walks.found(
        Walk(
            type_name=type_name,
            order=order,
            conditions=(readable, *narrowing.by_columns(filters)),
            borne=narrowing.borne(filters),
            group=narrowing.translates(filters, walks.AT, named),
            onward=onward,
        )
    )
    here = (met.c.key, met.c.entry_id)
    return select(*here).order_by(*orders.terms(order, here)).limit(walks.LIMIT)


def standing(session: Session, ids: Sequence[UUID], *, at: int, whole: bool = False) -> list[Item]:
    """Return the cards, or whole documents, of entries that were found live at `at`, in their order; one statement."""
    if not ids:
        return []
    connection = connected(session)
    rows = _standing(connection.dialect, whole).rows(connection, {"ids": ids, "at": at})
    items = {item.edition.entry_id: item for item in map(item_of, rows)}
    return [items[one] for one in ids]


@lru_cache(maxsize=8)
def _standing(dialect: Dialect, whole: bool) -> Prepared:
    chosen = items(Document.body if whole else Document.card)
    return Prepared(chosen.where(one_of(Edition.entry_id, "ids", dialect), live_at(walks.AT)), dialect)


def count(
    session: Session, declared: ContentType, filters: Filters, *, at: int, reach: Sequence[Reach]
) -> int:
    """Return how many cards all pages of a list hold."""
    matched = matching(session, declared, filters, at=at, reach=reach)
    return session.scalar(select(func.count()).select_from(Edition).where(matched)) or 0


def matching(
    session: Session, declared: ContentType, filters: Filters, *, at: int, reach: Sequence[Reach]
) -> ColumnElement[bool]:
    """The editions of a list: of one type, live at `at`, within reach, and narrowed."""
    here = (live_at(at), within(session, reach, at), spoken(session, filters, at=at, reach=reach))
    group = translated(session, filters, at=at, reach=reach)
    return and_(Edition.type == declared.name, *here, *narrowed(filters), group)


def translated(session: Session, filters: Filters, *, at: int, reach: Sequence[Reach]) -> ColumnElement[bool]:
    """The editions of the translations that a list is narrowed to; all, where it is not."""
    group = narrowing.translates(filters, at, partial(within, session, reach, at))
    return true() if group is None else group


def group(session: Session, filters: Filters, *, at: int, reach: Sequence[Reach]) -> UUID | None:
    """Return the translation group that a list is narrowed to; None where it is to none, or the reader knows of none.

    One statement, none where the filters name no entry whose translations are wanted.
    """
    if filters.translation_of is None:
        return None
    named = partial(within, session, reach, at)
    return session.scalar(narrowing.group_of(filters.translation_of, at, named))


def spoken(session: Session, filters: Filters, *, at: int, reach: Sequence[Reach]) -> ColumnElement[bool]:
    """The editions that stand for their translation groups in the languages of a list; all, where it names none."""
    return best(session, filters.languages, at=at, reach=reach) if filters.languages else true()


_FORM = tuple(getattr(Edition, name) for name in PublicForm._fields)


def items(stored: InstrumentedAttribute[bytes | None]) -> Select[*tuple[Any, ...]]:
    """Public forms, each with its stored JSON and, where it was struck since, the event, sequence, moment and note."""
    struck = and_(Line.sequence == Edition.struck_by, Line.entry_id == Edition.entry_id)
    # Not joined: PostgreSQL, which expects hardly a row, would read the whole log for each of them.
    struck_at = select(Act.at).where(Act.sequence == Line.sequence).correlate(Line).scalar_subquery()
    return (
        select(*_FORM, stored, Line.event, Line.sequence, struck_at, Line.public_note)
        .join(Document, Document.hash == Edition.document_hash)
        .outerjoin(Line, struck)
    )


def item_of(row: Sequence[Any]) -> Item:
    """Return a row of `items` as an Item."""
    *form, json, event, sequence, acted_at, note = row
    if event is None:
        return Item(PublicForm._make(form), json)
    # An erasure says so even where the entry has been retracted, or published anew, since.
    return Item(PublicForm._make(form), None, Notice(_REASON[event], sequence, acted_at, note))


_REASON = {Event.RETRACTED: State.RETRACTED, Event.ERASED: State.ERASED}
