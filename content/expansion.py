"""Expansion: a stored document made whole for its reader, by what the log knows and by other entries as they are at S.

A document names others by id only. Here each id is replaced by what readers are shown of that entry at the same
sequence; one that is not public there, or not within the reader's reach, is left out.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, and_, literal, select, union_all
from sqlalchemy.orm import Session

from content import types
from content.corpus import Item
from content.documents import Document, pick
from content.editions import Edition, Facet, live_at
from content.errors import Notice
from content.fields import Link
from content.lists import Links, Shown
from content.partners import Reach
from content.reach import within
from content.types import ContentType

# Cards by why they are known: ("", "") for those named by id, else the name of a `Shown` and whom they are shown at.
Others = dict[tuple[str, str], list[dict[str, Any]]]


def whole(
    session: Session, declared: ContentType, item: Item, *, at: int, reach: Sequence[Reach]
) -> dict[str, Any]:
    """Return a whole document as readers get it; one statement."""
    return wholes(session, [item], at=at, reach=reach)[0]


def wholes(
    session: Session, items: Sequence[Item], *, at: int, reach: Sequence[Reach]
) -> list[dict[str, Any]]:
    """Return whole documents of any types as readers get them, in order; a stub stands for what was struck.

    One statement for all.
    """
    return _expanded(session, items, at, reach, whole=True)


def cards(
    session: Session, declared: ContentType, items: Sequence[Item], *, at: int, reach: Sequence[Reach]
) -> list[dict[str, Any]]:
    """Return cards as readers get them, in order; a stub stands for what was struck. One statement for all."""
    return _expanded(session, items, at, reach, whole=False)


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
    session: Session, items: Sequence[Item], at: int, reach: Sequence[Reach], *, whole: bool
) -> list[dict[str, Any]]:
    stored = [(item, orjson.loads(item.json)) for item in items if item.json]
    wanted = {
        UUID(one)
        for item, document in stored
        for field in _links(_type(item))
        for one in _ids(document, field)
    }
    pointed_at = [item.edition for item, _ in stored] if whole else []
    others = _others(session, wanted, pointed_at, at, reach)
    finished = {item.edition: _finished(document, item, others, whole=whole) for item, document in stored}
    return [finished.get(item.edition) or stub(item) for item in items]


def _type(item: Item) -> ContentType:
    return types.get(item.edition.type)


def _links(declared: ContentType) -> list[Link | Links]:
    return [field for field in declared.fields if isinstance(field, Link | Links) and field.shown_at]


def _ids(document: dict[str, Any], field: Link | Links) -> list[str]:
    value = document.get(field.shown_at)
    return [value] if isinstance(value, str) else value or []


def _others(
    session: Session, wanted: Iterable[UUID], pointed_at: Sequence[Edition], at: int, reach: Sequence[Reach]
) -> Others:
    """Return the cards of all entries that must be known: those wanted by id, and those that point at one."""
    here = (live_at(at), within(session, reach, at), Edition.struck_by.is_(None))
    chosen = [_cards("", literal("")).where(Edition.entry_id.in_(list(wanted)))] if wanted else []
    for declared in {edition.type: types.get(edition.type) for edition in pointed_at}.values():
        editions = [edition for edition in pointed_at if edition.type == declared.name]
        chosen += [_pointing(part, editions) for part in declared.shown]
    others: Others = {}
    if chosen:
        for row in session.execute(union_all(*(one.where(*here) for one in chosen))):
            key = (row.role, row.of or str(row.translation_group) if row.role else "")
            others.setdefault(key, []).append({**orjson.loads(row.card), "position": row.position})
    return others


def _cards(role: str, of: ColumnElement[str]) -> Select[*tuple[Any, ...]]:
    columns = (literal(role).label("role"), of.label("of"), Edition.translation_group, Edition.position)
    return select(*columns, Document.card).join(Document, Document.hash == Edition.document_hash)


def _pointing(part: Shown, editions: Sequence[Edition]) -> Select[*tuple[Any, ...]]:
    """Select the cards of what points at any of these editions' entries, or of their translations."""
    if part.of is None:
        groups = {edition.translation_group for edition in editions}
        return _cards(part.name, literal("")).where(Edition.translation_group.in_(groups))
    borne = and_(Facet.entry_id == Edition.entry_id, Facet.from_sequence == Edition.from_sequence)
    ids = [str(edition.entry_id) for edition in editions]
    pointing = _cards(part.name, Facet.value.expression).join(Facet, borne)
    return pointing.where(Edition.type == part.of, Facet.name == part.by, Facet.value.in_(ids))


def _finished(document: dict[str, Any], item: Item, others: Others, *, whole: bool) -> dict[str, Any]:
    declared, edition = _type(item), item.edition
    by_id = {other["id"]: other for other in others.get(("", ""), ())}
    for field in _links(declared):
        if field.shown_at in document:
            found = [pick(by_id[one], field.shows) for one in _ids(document, field) if one in by_id]
            document[field.shown_at] = found if isinstance(field, Links) else next(iter(found), None)
    for part in declared.shown if whole else ():
        of = str(edition.entry_id if part.of else edition.translation_group)
        pointing = sorted(others.get((part.name, of), ()), key=_order)
        document[part.name] = [pick(other, part.shows) for other in pointing if other["id"] != document["id"]]
    known = document | _facts(document, edition)
    keys = _whole_keys(declared) if whole else [path.partition(".")[0] for path in declared.card]
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
