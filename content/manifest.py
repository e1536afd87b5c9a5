"""The manifest: of each entry that is public at one sequence, in which version, and what its bytes hash to.

Who keeps a copy tells by it a word that was changed, and what is not public any more.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import corpus, expansion, signing
from content.corpus import Item
from content.editions import Edition, live_at
from content.partners import Reach
from content.reach import within


def entries(
    session: Session, *, at: int, reach: Sequence[Reach], limit: int, after: UUID | None = None
) -> tuple[list[dict[str, Any]], UUID | None]:
    """Return at most `limit` entries of the manifest at `at`, in the order of their ids, those after one.

    With them comes the entry after which to go on, None at the end. What was struck since is left out: nothing
    vouches for it. As many statements for many as for one.
    """
    chosen = select(Edition.entry_id).where(
        live_at(at), Edition.struck_by.is_(None), within(session, reach, at)
    )
    if after is not None:
        chosen = chosen.where(Edition.entry_id > after)
    ids = session.scalars(chosen.order_by(Edition.entry_id).limit(limit + 1)).all()
    items = corpus.standing(session, ids[:limit], at=at, whole=True)
    wholes = expansion.wholes(session, items, at=at, reach=reach)
    told = [_entry(item, whole) for item, whole in zip(items, wholes, strict=True)]
    return told, ids[limit - 1] if len(ids) > limit else None


def _entry(item: Item, whole: dict[str, Any]) -> dict[str, Any]:
    edition = item.edition
    return {
        "type": edition.type,
        "id": str(edition.entry_id),
        "locale": edition.locale,
        "version": edition.version,
        "sequence": edition.from_sequence,
        "content_hash": edition.content_hash,
        "version_hash": signing.hashed(item.json or b""),
        "whole_hash": signing.hashed(signing.canonical(whole)),
    }
