"""Expansion: a stored document made whole for its reader, by what the log knows and by other entries as they are at S.

A document names others by id only. Here each id is replaced by what readers are shown of that entry at the same
sequence; one that is not public there, or not within the reader's reach, is left out.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy.orm import Session

from content import depicting, including, references, related, reviews, types
from content.corpus import Item
from content.depicting import PicturesOf
from content.documents import pick
from content.editions import PublicForm
from content.errors import Notice
from content.including import RELATED, Included
from content.lists import Links
from content.partners import Reach
from content.references import References, Subject, Wanted
from content.types import ContentType


def whole(
    session: Session,
    declared: ContentType,
    item: Item,
    *,
    at: int,
    reach: Sequence[Reach],
    keys: Sequence[str] | None = None,
    included: Collection[str] = (),
) -> dict[str, Any]:
    """Return a whole document as readers get it, or these `keys` of it.

    One statement; two more where something is to be `included`, and one more where that is `related`.
    """
    return wholes(session, [item], at=at, reach=reach, keys=keys, included=included)[0]


def wholes(
    session: Session,
    items: Sequence[Item],
    *,
    at: int,
    reach: Sequence[Reach],
    keys: Sequence[str] | None = None,
    included: Collection[str] = (),
) -> list[dict[str, Any]]:
    """Return whole documents of any types as readers get them, in order; a stub stands for what was struck.

    As many statements as for one.
    """
    return _expanded(
        session, items, (lambda _: keys) if keys is not None else whole_keys, at, reach, included=included
    )


def cards(
    session: Session, declared: ContentType, items: Sequence[Item], *, at: int, reach: Sequence[Reach]
) -> list[dict[str, Any]]:
    """Return cards as readers get them, in order; a stub stands for what was struck. One statement for all."""
    return _expanded(session, items, card_keys, at, reach)


@cache
def whole_keys(declared: ContentType) -> Sequence[str]:
    """Return the keys of a whole document, in the order in which people read them."""
    fields = [path.partition(".")[0] for field in declared.fields for path in field.paths]
    shown = [part.name for part in declared.shown]
    last = (
        ["review", "change", "dates", "urls", "integrity"]
        if declared.needs_review
        else ["dates", "urls", "integrity"]
    )
    middle = [key for key in fields if key not in last]
    return tuple(dict.fromkeys(["type", "id", "slug", "locale", "version", *middle, *shown, *last]))


@cache
def card_keys(declared: ContentType) -> Sequence[str]:
    """Return the keys of a card, in their order."""
    return tuple(dict.fromkeys(path.partition(".")[0] for path in declared.card))


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
    utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{utc.isoformat(timespec='microseconds')[:-6]}Z"  # without +00:00


def _expanded(
    session: Session,
    items: Sequence[Item],
    keys: Callable[[ContentType], Sequence[str]],
    at: int,
    reach: Sequence[Reach],
    *,
    included: Collection[str] = (),
) -> list[dict[str, Any]]:
    declared = [types.get(name) for name in {item.edition.type for item in items}]
    wanted = {one.name: references.wanted(one, tuple(keys(one))) for one in declared}
    subjects = [_subject(item, wanted[item.edition.type]) for item in items]
    known = [subject for subject in subjects if subject]
    others = references.look_up(session, known, at=at, reach=reach)
    put_in = _included(session, known, others, included, at, reach) if included else Included()
    return [
        _finished(subject, others, put_in) if subject else stub(item)
        for item, subject in zip(items, subjects, strict=True)
    ]


def _subject(item: Item, wanted: Wanted) -> Subject | None:
    return Subject(wanted, item.edition, orjson.loads(item.json)) if item.json is not None else None


def _included(
    session: Session,
    subjects: Sequence[Subject],
    others: References,
    names: Collection[str],
    at: int,
    reach: Sequence[Reach],
) -> Included:
    """Look up what is to be included; what those refer to themselves stands in them as everywhere."""
    alike = {
        subject.edition.entry_id: related.to(session, subject, at=at, reach=reach)
        for subject in subjects
        if RELATED in names
    }
    ids = including.ids(subjects, others, names).union(*alike.values())
    items = including.items(session, ids, at=at, reach=reach)
    told = wholes(session, items, at=at, reach=reach)
    return Included(names, {one["id"]: one for one in told}, alike)


def _finished(subject: Subject, others: References, put_in: Included) -> dict[str, Any]:
    document = subject.document
    for field in subject.wanted.links:
        if isinstance(field, PicturesOf):
            _show_pictures(document, subject, field, others)
        # What was rendered before there was such a field leads nowhere.
        seen = [_seen(card, field.shown_at, field.shows, put_in) for card in others.of(subject, field)]
        document[field.shown_at] = seen if isinstance(field, Links) else next(iter(seen), None)
    for part in subject.wanted.shown:
        cards = others.at(subject, part)
        document[part.name] = [_seen(card, part.name, part.shows, put_in) for card in cards]
    if RELATED in put_in.names:
        document[RELATED] = put_in.related_to(subject)
    known = document | _facts(document, subject.edition)
    return {key: known[key] for key in subject.wanted.keys if key in known}


def _show_pictures(document: Any, subject: Subject, field: PicturesOf, others: References) -> None:
    """Put what readers are shown of images into the text that names them; most name none, and are not searched."""
    if not subject.ids(field):
        return
    assert field.source
    images = {card["id"]: card for card in others.of(subject, field)}
    for path in subject.wanted.declared.field(field.source).paths:
        told = document.get(path)
        for part in told if isinstance(told, list) else [told] if told else []:
            part["html"] = depicting.shown(part["html"], images)


def _seen(card: dict[str, Any], name: str, shows: Sequence[str], put_in: Included) -> dict[str, Any]:
    return put_in.instead_of(card, name) or pick(card, shows)


def _facts(document: dict[str, Any], edition: PublicForm) -> dict[str, Any]:
    """What the log knows of a public form, and the version itself cannot."""
    return {
        "review": reviews.told(edition.review),
        "change": {"kind": edition.change_kind, "note": edition.change_note},
        "dates": {
            **document.get("dates", {}),
            "first_published_at": instant(edition.first_published_at),
            "published_at": instant(edition.published_at),
            "updated_at": instant(edition.updated_at),
        },
    }
