"""Reading a feed: its first page, the pages after it, and its archives, all of them at one sequence."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api import asking, endings, entries, handed, negotiating, paging, reading, telling
from api.feeds.page import Page
from api.paging import Cursor
from api.telling import Told
from content import corpus, expansion, feeds, orders
from content.corpus import Item
from content.endings import Ending, had_by
from content.errors import NotFound
from content.feeds import Feed, Removal
from content.narrowing import Filters
from content.types import ContentType

ARCHIVE_PAGE = 100  # entries in one document of an archive
# What names the feed; all else that may be asked says which page of it is meant, or when.
_NAMING = ("topic", "locale")


def page(declared: ContentType, asked: Mapping[str, Any], form: str) -> Page:
    """Return a page of a feed: the newest changes, what was done since the last archive, and what was removed.

    `form` is how the address ends. Raises BadCursor, EpochOver, OutOfRange.
    """
    path = feeds.address(declared, form)
    question, key, moment = negotiating.question(path, asked), reading.key(), reading.present()
    start = paging.read(asked["cursor"], question, key, moment) if "cursor" in asked else None
    at = reading.answered_at(start.sequence) if start else reading.sequence(asked.get("as_of"))
    feed, order, limit = _feed(declared, asked, at), orders.of(declared)["updated"], asked["limit"]
    places = corpus.found(
        asking.session(),
        declared,
        feed.filters,
        at=at,
        reach=feed.reach,
        limit=limit + 1,
        order=order,
        after=start.place if start else None,
    )
    following = None
    if len(places) > limit:
        further = Cursor(moment.epoch, at, places[limit - 1])
        following = paging.link(path, asking.parameters(), cursor=paging.written(further, question, key))
    ids = [place.entry_id for place in places[:limit]]
    found = corpus.standing(asking.session(), ids, at=at, whole=True)
    removed = [one for item in found if (one := feeds.struck(item))]
    archived = None
    if start is None:
        over = feeds.over(asking.session(), feed)
        found, removed = _with_latest(feed, asked, found, removed, over)
        archived = feeds.archived(asking.session(), feed, over)
    return _page(feed, asked, found, removed, form, following=following, archived=_archive(feed, archived))


def archive(declared: ContentType, until: int, asked: Mapping[str, Any], form: str) -> Page:
    """Return an archive of a feed: what became of its entries in the stretch of the log that ends with `until`.

    Raises NotFound where none ends there, or there is no such part of it.
    """
    at = reading.sequence(asked.get("as_of"))
    part, feed = asked["part"], _feed(declared, asked, min(until, at))
    stretch = feeds.stretch(asking.session(), feed, until) if 0 < until <= at else None
    if stretch is None or stretch.until != until:
        raise NotFound(f"archive of {declared.plural_label} that ends with {until}")
    found, removed, more = feeds.changed(
        asking.session(), feed, after=stretch.after, limit=ARCHIVE_PAGE, skipped=(part - 1) * ARCHIVE_PAGE
    )
    if part > 1 and not found and not removed:
        raise NotFound(f"part {part} of this archive")
    if more:
        before = _archive(feed, until, part + 1)
    else:
        before = _archive(feed, feeds.archived(asking.session(), feed, stretch.after))
    return _page(feed, asked, found, removed, form, archived=before, is_archive=True)


def _feed(declared: ContentType, asked: Mapping[str, Any], at: int) -> Feed:
    return Feed(declared, entries.filters(dict(asked), at), reading.reach(), at, reading.partner_id())


def _with_latest(
    feed: Feed, asked: Mapping[str, Any], found: list[Item], removed: list[Removal], over: int
) -> tuple[list[Item], list[Removal]]:
    """Return a page with all that was done since the last archive, and what was removed of late."""
    session, ended = asking.session(), endings.of_caller(feed.at)
    latest, lost, _ = feeds.changed(session, feed, after=over, limit=feeds.LENGTH * feeds.MOST_LINES)
    items = {item.edition.entry_id: item for item in [*latest, *found]}
    # The last says when it left this reader, which may have had it for longer than others.
    had = _had(feed, asked, ended) if ended else None
    every = [*lost, *removed, *feeds.removals(session, feed, ended, had)]
    gone = {one.entry_id: one for one in every}
    newest = sorted(
        items.values(), key=lambda item: (item.edition.updated_at, item.edition.entry_id), reverse=True
    )
    return newest, sorted(gone.values(), key=lambda one: (one.notice.at, one.entry_id), reverse=True)


def _had(feed: Feed, asked: Mapping[str, Any], ended: Sequence[Ending]) -> Filters:
    """Return a feed's filters as its reader had them: a topic by whose old slug it goes may be out of reach now."""
    return entries.filters(dict(asked), feed.at, (*feed.reach, *had_by(ended)))


def _page(
    feed: Feed,
    asked: Mapping[str, Any],
    found: list[Item],
    removed: list[Removal],
    form: str,
    *,
    following: str | None = None,
    archived: str | None = None,
    is_archive: bool = False,
) -> Page:
    kept = [item for item in found if item.json is not None]
    handed.items(kept)
    documents = expansion.wholes(asking.session(), kept, at=feed.at, reach=feed.reach)
    first = feeds.address(feed.declared, form)
    current = telling.absolute(_with(first, _named()))
    return Page(
        id=current,
        title=_title(feed.declared, asked),
        locale=asked.get("locale"),
        organisation=telling.organisation(),
        home=telling.absolute("/"),
        address=telling.absolute(_with(str(asking.environ()["PATH_INFO"]), asking.parameters())),
        current=current,
        following=telling.absolute(following) if following else None,
        archived=telling.absolute(archived) if archived else None,
        hub=_hub(is_archive),
        is_archive=is_archive,
        told=[Told(feed.declared, document) for document in documents],
        removed=removed,
    )


def _hub(is_archive: bool) -> str | None:
    """Return the hub that is told of this very page: of a feed that nothing narrows, not of parts of it.

    It asks without a key, and hands on what it is answered: to whoever may read more that would be wrong.
    """
    alone = not is_archive and not asking.parameters() and not reading.previewed() and not reading.caller()
    return str(asking.config()["VERSO_WEBSUB_HUB"]) or None if alone else None


def _title(declared: ContentType, asked: Mapping[str, Any]) -> str:
    topic = asked.get("topic")
    about = "" if topic is None or isinstance(topic, UUID) else f" ({topic})"
    return f"{telling.organisation()}: {declared.plural_label}{about}"


def _archive(feed: Feed, until: int | None, part: int = 1) -> str | None:
    if until is None:
        return None
    asked = {**_named(), **({"part": str(part)} if part > 1 else {})}
    return _with(f"{feeds.START}/{feed.declared.plural}/archives/{until}.atom", asked)


def _named() -> dict[str, str]:
    """Return what of the request's parameters names the feed."""
    return {name: value for name, value in asking.parameters().items() if name in _NAMING}


def _with(path: str, asked: Mapping[str, str]) -> str:
    return paging.link(path, asked) if asked else path
