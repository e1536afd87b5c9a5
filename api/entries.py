"""Entries: the reads that every content type has, made from its declaration."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from flask import Response
from orjson import Fragment

from api import (
    ahead,
    asking,
    choosing,
    chosen,
    envelopes,
    groups,
    handed,
    json_ld,
    links,
    negotiating,
    offering,
    paging,
    parameters,
    reading,
    shapes,
)
from api.answers import JSON, JSON_LD, Ready, accepted, ready, sent
from api.choosing import Choice
from api.describing import KEY, Reads
from api.offering import Offer
from api.paging import Cursor
from api.plain import Read
from api.queries import WITH_IDS, BadParameters, Query, list_query, one_query
from api.telling import Told
from content import cards, corpus, expansion, orders, places, several, topics, types, unchanged
from content.corpus import Item
from content.documents import API
from content.errors import Fault, NotFound
from content.narrowing import Filters
from content.orders import Order, Place
from content.partners import Reach
from content.references import TRANSLATIONS
from content.types import ContentType

# A list in the form that every list has, and the languages of what stands on it (None: a stub).
Page = tuple[dict[str, Any], Sequence[str | None]]
_OF_LANGUAGES = ("locale", "fallback")
_UNCOUNTED = {"total": False}  # what a list is asked where it has no place to tell how many there are
NOBODY = UUID(int=0)  # the id of no entry: what a filter asks for where nothing bears the slug


def add_to(routes: Reads, declared: ContentType) -> None:
    """Give a type its list and its single read."""
    described, loosely, offered = shapes.of(declared), chosen.of(declared), offering.offer(declared)
    also = (JSON_LD,) if declared.health else ()

    @routes.get("")
    @routes.arguments(list_query(declared), location="query")
    @routes.answers(envelopes.cards(declared, described, loosely), 410, spoken=True, also=also)
    def listing(asked: dict[str, Any]) -> Response:
        """List them, in the order asked for."""
        return sent(linked_list(offered, asked) if _is_linked(also) else _list(offered, asked))

    @routes.get("/<key>", parameters=[KEY])
    @routes.arguments(one_query(declared), location="query")
    @routes.answers(described.whole, 301, 404, 410, chosen=loosely, spoken=True, also=also)
    def one(asked: dict[str, Any], key: str) -> Response:
        """Read one by its slug or its id."""
        return sent(linked_one(offered, asked, key) if _is_linked(also) else _one(offered, asked, key))


def plainly(declared: ContentType) -> dict[str, Read]:
    """Return a type's list and its single read as they are answered past Flask, by whether a `key` is named."""
    offered = offering.offer(declared)
    return {
        "list": Read(Query(list_query(declared)()), partial(_list, offered)),
        "one": Read(Query(one_query(declared)()), partial(_one, offered)),
    }


def _is_linked(also: Sequence[str]) -> bool:
    """Whether the caller likes JSON-LD better than JSON, where there is any."""
    return accepted(asking.environ().get("HTTP_ACCEPT", ""), (JSON, *also)) == JSON_LD


def linked_list(offered: Offer, asked: dict[str, Any], path: str | None = None) -> Ready:
    """Return a list as JSON-LD; `path` is its address where that is not the list's own. Raises BadParameters."""
    declared, (page, languages) = offered.declared, whole_list(offered, asked)
    following = page["page"]["next"]
    if following and path:
        following = following.replace(f"{API}/{declared.plural}", path, 1)
    told = json_ld.listing(declared, json_ld.shown(declared, page["data"]))
    made = ready(json_ld.written(told), following=following, kind=JSON_LD)
    tell_languages(made, asked, languages)
    return made


def linked_one(offered: Offer, asked: dict[str, Any], key: str) -> Ready:
    """Return one as JSON-LD; raises NotFound, Gone, Elsewhere, and BadParameters."""
    document = whole_one(offered, asked, key)
    handed.alone()
    made = ready(json_ld.written(json_ld.one(Told(offered.declared, document))), kind=JSON_LD)
    made.headers.update(negotiating.told([document["locale"]]))
    links.add_alternates(made.headers, offered.declared, document.get(TRANSLATIONS.name, ()))
    return made


def whole_list(offered: Offer, asked: dict[str, Any]) -> Page:
    """Return a list of whole documents, stubs among them, and their languages; raises BadParameters."""
    declared, whole = offered.declared, _whole(offered, asked)
    asked = _UNCOUNTED | asked | {"fields": list(whole.tree)}
    return (_several if "ids" in asked else _page)(declared, asked, whole)


def whole_one(offered: Offer, asked: dict[str, Any], key: str) -> dict[str, Any]:
    """Return one whole document; raises NotFound, Gone, Elsewhere, and BadParameters."""
    declared, at = offered.declared, reading.sequence(asked.get("as_of"))
    item = negotiating.one(declared, parameters.key(key), asked, at=at)
    [document] = _wholes([item], _whole(offered, asked), at)
    return document


def _whole(offered: Offer, asked: dict[str, Any]) -> Choice:
    """Return the choice of all there is; raises BadParameters where a part of it was chosen."""
    if parts := sorted(asked.keys() & {"fields", "include"}):
        raise BadParameters([Fault(f"/{name}", "does not go with JSON-LD") for name in parts])
    return choosing.choice(offered, asked, expansion.whole_keys(offered.declared))


def _list(offered: Offer, asked: dict[str, Any]) -> Ready:
    declared = offered.declared
    wanted = choosing.choice(offered, asked, declared.card)
    page, languages = (_several if "ids" in asked else _page)(declared, asked, wanted)
    made = ready(page, following=page["page"]["next"])
    tell_languages(made, asked, languages)
    return made


def tell_languages(made: Ready, asked: dict[str, Any], languages: Sequence[str | None]) -> None:
    """Say on an answer in which languages it is, where some were asked for."""
    # Of all languages that there are, nobody needs to be told.
    if not asked.keys().isdisjoint(_OF_LANGUAGES):
        made.headers.update(negotiating.told(list(dict.fromkeys(filter(None, languages)))))


def _one(offered: Offer, asked: dict[str, Any], key: str) -> Ready:
    declared, at = offered.declared, reading.sequence(asked.get("as_of"))
    known = parameters.key(key)
    if at_hand := ahead.answer(declared, known, asked):
        return at_hand
    wanted = choosing.choice(offered, asked, expansion.whole_keys(declared))
    item = negotiating.one(declared, known, asked, at=at)
    # Documents of some types name no translations: they are looked up for the header alone.
    told_anyway = "fields" in asked or TRANSLATIONS.name in wanted.tree
    named = wanted if told_anyway else replace(wanted, tree=wanted.tree | {TRANSLATIONS.name: {}})
    [told] = _wholes([item], named, at)
    handed.alone()
    made = ready(told if told_anyway else wanted.of(told))
    made.headers.update(negotiating.told([item.edition.locale]))
    links.add_alternates(made.headers, declared, told.get(TRANSLATIONS.name, ()))
    return made


def _several(declared: ContentType, asked: dict[str, Any], wanted: Choice) -> Page:
    if others := asking.parameters().keys() - WITH_IDS:
        raise BadParameters([Fault(f"/{name}", "does not go with ids") for name in sorted(others)])
    at, ids = reading.sequence(asked.get("as_of")), asked["ids"]
    for one in ids:
        groups.of_entry(one)
    whole, chosen = bool("fields" in asked or wanted.included), filters(asked, at)
    items = several.by_ids(asking.session(), declared, ids, chosen, at=at, reach=reading.reach(), whole=whole)
    data = _wholes(items, wanted, at) if whole else _cards(declared, items, at)
    return paging.listing(data, len(ids), None), _languages(items)


def _page(declared: ContentType, asked: dict[str, Any], wanted: Choice) -> Page:
    path, key = f"{API}/{declared.plural}", reading.key()
    question, moment = negotiating.question(path, asked), reading.present()
    start = paging.read(asked["cursor"], question, key, moment) if "cursor" in asked else None
    at = reading.answered_at(start.sequence) if start else reading.sequence(asked.get("as_of"))
    narrowed, limit, order = filters(asked, at), asked["limit"], orders.of(declared)[asked["sort"]]
    # A translation that comes need not be filed under the topic of what it takes the place of.
    filed = bool(narrowed.topics and not narrowed.languages and _is_about_now(asked))
    groups.of_list(declared, narrowed.topics[0] if narrowed.topics and filed else None)
    whole = bool("fields" in asked or wanted.included)
    met = _places(declared, narrowed, order, at, limit + 1, start.place if start else None)
    following = None
    if len(met) > limit:
        onward = _onward(declared, narrowed, at) if filed and not whole else at
        further = Cursor(moment.epoch, onward, met[limit - 1])
        following = paging.link(path, asking.parameters(), cursor=paging.written(further, question, key))
    total = _total(declared, narrowed, at) if asked["total"] else None
    ids = [place.entry_id for place in met[:limit]]
    data, languages = _standing(ids, wanted, at) if whole else _kept(declared, ids, at)
    return paging.listing(data, limit, following, total), languages


def _onward(declared: ContentType, narrowed: Filters, at: int) -> int:
    """Return the sequence that the further pages are read at: now, or the earliest at which they are known to be so.

    A publication in another topic then leaves the first page as it was, its cursor too. That does not hold for what
    a partner may read: by its grants' topics, which may have been others then.
    """
    named = narrowed.author, narrowed.article, narrowed.parent, narrowed.translation_of
    if reading.previewed() or reading.caller() or not narrowed.topics or any(named):
        return at
    return unchanged.since(asking.session(), declared, narrowed.topics, at=at)


def _is_about_now(asked: dict[str, Any]) -> bool:
    return "as_of" not in asked and "cursor" not in asked


def _places(
    declared: ContentType, filters: Filters, order: Order, at: int, limit: int, after: Place | None
) -> Sequence[Place]:
    return places.found(
        asking.session(),
        declared,
        filters,
        at=at,
        reach=reading.reach(),
        limit=limit,
        order=order,
        after=after,
    )


def _total(declared: ContentType, filters: Filters, at: int) -> int:
    return corpus.count(asking.session(), declared, filters, at=at, reach=reading.reach())


def _cards(declared: ContentType, items: Sequence[Item], at: int) -> list[dict[str, Any]]:
    handed.items(items)
    return expansion.cards(asking.session(), declared, items, at=at, reach=reading.reach())


def _kept(declared: ContentType, ids: Sequence[UUID], at: int) -> tuple[list[Any], list[str | None]]:
    made = cards.of(asking.session(), declared, ids, at=at, reach=reading.reach())
    handed.out((one, card.version) for one, card in zip(ids, made, strict=True) if card.version)
    return [Fragment(card.json) for card in made], [card.locale for card in made]


def _standing(ids: Sequence[UUID], wanted: Choice, at: int) -> tuple[list[Any], list[str | None]]:
    items = corpus.standing(asking.session(), ids, at=at, whole=True)
    return _wholes(items, wanted, at), _languages(items)


def _languages(items: Sequence[Item]) -> list[str | None]:
    return [None if item.notice else item.edition.locale for item in items]


def _wholes(items: Sequence[Item], wanted: Choice, at: int) -> list[dict[str, Any]]:
    """Return what was chosen of the documents that `items` hold."""
    for item in items:
        groups.of_entry(item.edition.entry_id)
    handed.items(items)
    told = expansion.wholes(
        asking.session(),
        items,
        at=at,
        reach=reading.reach(),
        keys=list(wanted.tree),
        included=wanted.included,
    )
    for one in told:
        handed.included(one, wanted.included)
    return [one if item.notice else wanted.of(one) for item, one in zip(items, told, strict=True)]


def filters(asked: dict[str, Any], at: int, reach: Sequence[Reach] | None = None) -> Filters:
    """Return what a list is narrowed to by its parameters; a slug means the entry that bears it at `at`.

    That is looked up among what `reach` lets through: what the caller may read now, where none is told.
    """
    spoken = negotiating.of_list(asked)
    return Filters(
        locale=None if spoken else asked.get("locale"),
        languages=spoken,
        topics=_topics(asked, at, reach),
        tag=asked.get("tag"),
        author=_id("author", asked, at, reach),
        article=_id("article", asked, at, reach),
        parent=_id("parent", asked, at, reach, "topic"),
        translation_of=asked.get("translation_of"),
        review=asked.get("review"),
        updated_since=asked.get("updated_since"),
        published_since=asked.get("published_since"),
    )


def _topics(asked: dict[str, Any], at: int, reach: Sequence[Reach] | None) -> list[UUID] | None:
    """Return the topic that is asked for and all below it; one statement where its slug is borne now."""
    given = asked.get("topic")
    if given is None:
        return None
    groups.of_slug(types.get("topic"), given)
    tree = topics.tree(asking.session(), at)
    borne = None if isinstance(given, UUID) else tree.bearer(given, negotiating.of_slugs(asked))
    return tree.below([borne or _id("topic", asked, at, reach) or NOBODY])


def _id(
    name: str, asked: dict[str, Any], at: int, reach: Sequence[Reach] | None, type_name: str = ""
) -> UUID | None:
    """Return the id that a filter means: given, or that of the entry which bears the slug, or once bore it."""
    given = asked.get(name)
    if given is None or isinstance(given, UUID):
        return given
    declared, [locale, *or_in] = types.get(type_name or name), negotiating.of_slugs(asked)
    try:
        return reading.entry_id(declared, given, locale=locale, or_in=or_in, at=at, reaches=reach)
    except NotFound:
        return NOBODY
