"""Showing: hits as readers get them, and what their filters would leave of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content import corpus, expansion, types
from content.corpus import Item
from content.database import among
from content.documents import Document
from content.editions import Edition, Facet, live_at
from content.reach import within
from content.search import snippets
from content.search.finding import Scope
from content.search.ranking import Hit

MOST_VALUES = 20  # of each facet
COUNTED = ("topic", "tag")


def shown(session: Session, hits: Sequence[Hit], scope: Scope) -> list[dict[str, Any]]:
    """Return hits as cards, each with its snippet; a stub stands for what was struck.

    One statement, and one more for each type among them.
    """
    known = _kept(session, hits)
    ready: dict[UUID, dict[str, Any]] = {}
    for declared in types.everyone():
        items = [known[hit.candidate.entry_id][0] for hit in hits if hit.candidate.type == declared.name]
        cards = expansion.cards(session, declared, items, at=scope.at, reach=scope.reach) if items else []
        ready |= {item.edition.entry_id: card for item, card in zip(items, cards, strict=True)}
    return [
        _with_snippet(ready[hit.candidate.entry_id], hit, known[hit.candidate.entry_id][1]) for hit in hits
    ]


def _kept(session: Session, hits: Sequence[Hit]) -> dict[UUID, tuple[Item, bytes | None]]:
    wanted = [(hit.candidate.entry_id, hit.candidate.from_sequence) for hit in hits]
    chosen = corpus.items(Document.card).add_columns(Document.body)
    rows = session.execute(chosen.where(among((Edition.entry_id, Edition.from_sequence), wanted)))
    found = [(corpus.item_of(row[:-1]), row[-1]) for row in rows]
    return {item.edition.entry_id: (item, body) for item, body in found}


def _with_snippet(card: dict[str, Any], hit: Hit, body: bytes | None) -> dict[str, Any]:
    if "notice" in card or body is None:
        return card
    passage = snippets.snippet(types.get(hit.candidate.type), orjson.loads(body), hit.words)
    return {**card, "snippet": {"html": passage.html, "text": passage.text}}


def titles(session: Session, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """Return hits that were not struck as suggestions: what they are called, and where they are; one statement."""
    known = _kept(session, hits)
    return [_title(known[hit.candidate.entry_id][0]) for hit in hits]


def _title(item: Item) -> dict[str, Any]:
    assert item.json
    card, declared = orjson.loads(item.json), types.get(item.edition.type)
    title = {"title": card[declared.field(declared.title).shown_at]}
    return (
        {name: card[name] for name in ("type", "id", "locale")}
        | title
        | {"urls": {"self": card["urls"]["self"]}}
    )


def facets(session: Session, hits: Sequence[Hit], scope: Scope) -> dict[str, list[dict[str, Any]]]:
    """Return how many of the hits bear each type, locale, topic and tag, most first; two statements.

    A topic counts what is filed under it directly.
    """
    counted = [hit.candidate for hit in hits if not hit.candidate.struck]
    borne = _borne(session, [(one.entry_id, one.from_sequence) for one in counted])
    return {
        "type": _values(_count([one.type for one in counted])),
        "locale": _values(_count([one.locale for one in counted])),
        "topic": _topics(session, borne["topic"], scope),
        "tag": _values(borne["tag"]),
    }


def _count(values: Sequence[str]) -> dict[str, int]:
    return {value: values.count(value) for value in set(values)}


def _borne(session: Session, editions: Sequence[tuple[UUID, int]]) -> dict[str, dict[str, int]]:
    chosen = (
        select(Facet.name, Facet.value, func.count())
        .where(Facet.name.in_(COUNTED), among((Facet.entry_id, Facet.from_sequence), editions))
        .group_by(Facet.name, Facet.value)
    )
    found: dict[str, dict[str, int]] = {name: {} for name in COUNTED}
    for name, value, count in session.execute(chosen):
        found[name][value] = count
    return found


def _values(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [{"value": value, "count": count} for value, count in ordered[:MOST_VALUES]]


def _topics(session: Session, counts: Mapping[str, int], scope: Scope) -> list[dict[str, Any]]:
    """Return those of the topics that the reader may see, as they are at this sequence."""
    chosen = select(Edition.entry_id, Document.card).join(Document, Document.hash == Edition.document_hash)
    wanted = (Edition.entry_id.in_([UUID(one) for one in counts]), Edition.struck_by.is_(None))
    rows = session.execute(chosen.where(*wanted, live_at(scope.at), within(session, scope.reach, scope.at)))
    cards = {str(row.entry_id): orjson.loads(row.card) for row in rows}
    ordered = sorted(cards, key=lambda one: (-counts[one], one))[:MOST_VALUES]
    return [
        {name: cards[one][name] for name in ("id", "slug", "name")} | {"count": counts[one]}
        for one in ordered
    ]
