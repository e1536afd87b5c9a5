"""Expansion: a stored document made whole for its reader, by what the log knows and by other entries as they are at S.

A document names others by id only. Here each id is replaced by what readers are shown of that entry at the same
sequence; one that is not public there, or not within the reader's reach, is left out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, and_, literal, select, union_all
from sqlalchemy.orm import Session

from content.corpus import Item
from content.documents import Document, pick
from content.editions import Edition, Facet, live_at
from content.errors import Notice
from content.fields import Link
from content.lists import Links, Shown
from content.partners import Reach
from content.reach import within
from content.types import ContentType


def whole(
    session: Session, declared: ContentType, item: Item, *, at: int, reach: Sequence[Reach]
) -> dict[str, Any]:
    """Return a whole document as readers get it; one statement."""
    return _expanded(session, declared, [item], declared.shown, _whole_keys(declared), at, reach)[0]


def cards(
    session: Session, declared: ContentType, items: Sequence[Item], *, at: int, reach: Sequence[Reach]
) -> list[dict[str, Any]]:
    """Return cards as readers get them, in order; a stub stands for what was struck. One statement for all."""
    return _expanded(
        session, declared, items, (), [path.partition(".")[0] for path in declared.card], at, reach
    )


def stub(item: Item) -> dict[str, Any]:
    """Return what stands in place of a retracted or erased version, in every channel."""
    assert item.notice
    return {
        "type": item.edition.type,
        "id": str(item.edition.entry_id),
        "version": item.edition.version,
        "notice": told(item.notice),
    }


def told(notice: Notice) -> dict[str, Any]:
    """Return a notice as readers get it, in every channel."""
    return {
        "reason": notice.reason,
        "sequence": notice.sequence,
        "at": instant(notice.at),
        "note": notice.note,
    }


def instant(moment: datetime) -> str:
    """Return an instant as RFC 3339 in UTC with `Z`, to the microsecond."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _expanded(
    session: Session,
    declared: ContentType,
    items: Sequence[Item],
    shown: Sequence[Shown],
    keys: Sequence[str],
    at: int,
    reach: Sequence[Reach],
) -> list[dict[str, Any]]:
    stored = [orjson.loads(item.json) if item.json else None for item in items]
    wanted = {
        UUID(one)
        for document in stored
        if document
        for field in _links(declared)
        for one in _ids(document, field)
    }
    others = _others(session, wanted, items[0].edition if shown else None, shown, at, reach)
    return [
        _finished(document, item.edition, declared, shown, keys, others) if document else stub(item)
        for item, document in zip(items, stored, strict=True)
    ]


def _links(declared: ContentType) -> list[Link | Links]:
    return [field for field in declared.fields if isinstance(field, Link | Links) and field.shown_at]


def _ids(document: dict[str, Any], field: Link | Links) -> list[str]:
    value = document.get(field.shown_at)
    return [value] if isinstance(value, str) else value or []


def _others(
    session: Session,
    wanted: Iterable[UUID],
    pointed_at: Edition | None,
    shown: Sequence[Shown],
    at: int,
    reach: Sequence[Reach],
) -> list[dict[str, Any]]:
    """Return the cards of all entries that must be known: those wanted by id, and those that point at one."""
    here = (live_at(at), within(session, reach, at), Edition.struck_by.is_(None))
    chosen = [_cards("", Edition.entry_id.in_(list(wanted)))] if wanted else []
    for part in shown:
        if pointed_at and part.of:
            chosen.append(_cards(part.name, Edition.type == part.of, _points_at(part, pointed_at.entry_id)))
        elif pointed_at:
            group, other = pointed_at.translation_group, Edition.entry_id != pointed_at.entry_id
            chosen.append(_cards(part.name, Edition.translation_group == group, other))
    if not chosen:
        return []
    rows = session.execute(union_all(*(one.where(*here) for one in chosen)))
    return [{**orjson.loads(row.card), "role": row.role, "position": row.position} for row in rows]


def _cards(role: str, *conditions: Any) -> Select[*tuple[Any, ...]]:
    joined = select(literal(role).label("role"), Edition.position, Document.card).join(
        Document, Document.hash == Edition.document_hash
    )
    return joined.where(*conditions)


def _points_at(part: Shown, entry_id: UUID) -> Any:
    pointing = select(Facet.entry_id).where(Facet.name == part.by, Facet.value == str(entry_id))
    still = select(Facet.entry_id).where(
        Facet.entry_id == Edition.entry_id,
        Facet.from_sequence == Edition.from_sequence,
        Facet.name == part.by,
        Facet.value == str(entry_id),
    )
    return and_(Edition.entry_id.in_(pointing), still.exists())


def _finished(
    document: dict[str, Any],
    edition: Edition,
    declared: ContentType,
    shown: Sequence[Shown],
    keys: Sequence[str],
    others: Sequence[dict[str, Any]],
) -> dict[str, Any]:
    by_id = {other["id"]: other for other in others if not other["role"]}
    for field in _links(declared):
        if field.shown_at in document:
            found = [pick(by_id[one], field.shows) for one in _ids(document, field) if one in by_id]
            document[field.shown_at] = found if isinstance(field, Links) else next(iter(found), None)
    for part in shown:
        pointing = sorted((other for other in others if other["role"] == part.name), key=_order)
        document[part.name] = [pick(other, part.shows) for other in pointing]
    known = document | _facts(document, edition)
    return {key: known[key] for key in dict.fromkeys(keys) if key in known}


def _whole_keys(declared: ContentType) -> list[str]:
    """The keys of a whole document, in the order in which people read them."""
    paths = [
        path for field in declared.fields for path in (getattr(field, "sections_at", None), field.shown_at)
    ]
    fields = [path.partition(".")[0] for path in paths if path]
    shown = [part.name for part in declared.shown]
    last = (
        ["review", "change", "dates", "urls", "integrity"]
        if declared.health
        else ["dates", "urls", "integrity"]
    )
    middle = [key for key in fields if key not in last]
    return ["type", "id", "slug", "locale", "version", *middle, *shown, *last]


def _facts(document: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """What the log knows of a public form, and the version itself cannot."""
    return {
        "review": edition.review,
        "change": {"kind": edition.change_kind, "note": edition.change_note},
        "dates": {
            **document.get("dates", {}),
            "first_published_at": instant(edition.first_published_at),
            "published_at": instant(edition.published_at),
            "updated_at": instant(edition.updated_at),
        },
    }


def _order(other: dict[str, Any]) -> tuple[bool, int, str, str]:
    """By position, those without one last, then by locale and id."""
    position = other["position"]
    return (position is None, position or 0, other["locale"], other["id"])
