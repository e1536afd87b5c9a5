"""Cards as readers get them: made once for all lists on which they stand, at one sequence and for one reach."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from content import corpus, expansion, groups, memory, references
from content.corpus import Item
from content.partners import Reach
from content.types import ContentType


class Card(NamedTuple):
    """One card: its JSON, its language and its version (None: a stub), and the groups of the entries that it names."""

    json: bytes
    locale: str | None
    version: int | None
    groups: frozenset[str]


def of(
    session: Session, declared: ContentType, ids: Sequence[UUID], *, at: int, reach: Sequence[Reach]
) -> list[Card]:
    """Return the cards of entries of a type that are live at `at` and within `reach`, in their order.

    Two statements, none where the session remembers them all.
    """
    mark = memory.mark(at, tuple(reach))
    keys = {one: (mark, one.int) for one in ids}
    known = _known(session, keys)
    missing = [one for one in ids if one not in known]
    if missing:
        made = _made(session, declared, missing, at, reach)
        known |= made
        if kept := memory.of(session):
            for one, card in made.items():
                kept.put(keys[one], card, len(card.json))
    cards = [known[one] for one in ids]
    groups.note(session, frozenset[str]().union(*(card.groups for card in cards)))
    return cards


def _known(session: Session, keys: Mapping[UUID, tuple[object, ...]]) -> dict[UUID, Card]:
    kept = memory.of(session)
    return {one: card for one, key in keys.items() if (card := kept.get(key))} if kept else {}


def _made(
    session: Session, declared: ContentType, ids: Sequence[UUID], at: int, reach: Sequence[Reach]
) -> dict[UUID, Card]:
    items = corpus.standing(session, ids, at=at)
    told = expansion.cards(session, declared, items, at=at, reach=reach)
    return {item.edition.entry_id: _card(declared, item, one) for item, one in zip(items, told, strict=True)}


def _card(declared: ContentType, item: Item, told: Mapping[str, Any]) -> Card:
    edition, groups_of_it = item.edition, references.groups_named(declared, item.json)
    if item.notice:
        return Card(orjson.dumps(told), None, None, groups_of_it)
    return Card(orjson.dumps(told), edition.locale, edition.version, groups_of_it)
