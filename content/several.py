"""Several: entries that are asked for by their ids, and the same ones in other languages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import corpus
from content.corpus import Filters, Item
from content.documents import Document
from content.editions import Edition, live_at
from content.languages import rank
from content.partners import Reach
from content.reach import within
from content.types import ContentType


def by_ids(
    session: Session,
    declared: ContentType,
    ids: Sequence[UUID],
    filters: Filters,
    *,
    at: int,
    reach: Sequence[Reach],
    whole: bool,
) -> list[Item]:
    """Return what is public of these entries, each once and in their order: cards, or whole documents.

    Where `filters` name languages, each stands for its translation group. One statement, two with languages.
    """
    stored = corpus.items(Document.body if whole else Document.card)
    matched = stored.where(corpus.matching(session, declared, filters, at=at, reach=reach))
    if not filters.languages:
        found = [corpus.item_of(row) for row in session.execute(matched.where(Edition.entry_id.in_(ids)))]
        return _ordered(ids, {item.edition.entry_id: item for item in found})
    groups = _groups(session, declared, ids, at, reach)
    rows = session.execute(matched.where(Edition.translation_group.in_(groups.values())))
    by_group = {item.edition.translation_group: item for item in map(corpus.item_of, rows)}
    return _ordered([groups[one] for one in ids if one in groups], by_group)


def translated(
    session: Session, item: Item, languages: Sequence[str], *, at: int, reach: Sequence[Reach]
) -> Item | None:
    """Return the form of an entry in the first of `languages` in which it is live, or None; perhaps itself.

    One statement, none where it is in the very first of them. Raises Gone where that form was struck.
    """
    own = item.edition
    if own.locale == next(iter(languages), None):
        return item
    group = (Edition.type == own.type, Edition.translation_group == own.translation_group)
    chosen = corpus.items(Document.body).where(*group, Edition.locale.in_(languages), live_at(at))
    found = session.execute(
        chosen.where(within(session, reach, at)).order_by(rank(languages)).limit(1)
    ).first()
    return corpus.readable(corpus.item_of(found)) if found else None


def _groups(
    session: Session, declared: ContentType, ids: Sequence[UUID], at: int, reach: Sequence[Reach]
) -> dict[UUID, UUID]:
    """Return the translation group of each of these entries that is public."""
    here = (live_at(at), within(session, reach, at))
    chosen = select(Edition.entry_id, Edition.translation_group).where(Edition.type == declared.name, *here)
    rows = session.execute(chosen.where(Edition.entry_id.in_(ids)))
    return {row.entry_id: row.translation_group for row in rows}


def _ordered(keys: Sequence[UUID], found: dict[UUID, Any]) -> list[Item]:
    return [found[key] for key in dict.fromkeys(keys) if key in found]
