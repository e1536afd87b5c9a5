"""Listing: how long the newsroom's lists take, among few entries and among many."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from itertools import product

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from admin import listing
from admin.listing import Asked, Falls, Tab
from bench import filling, growth, loading
from bench.figures import Figure
from bench.filling import Plan
from bench.growth import Read, Taken
from content import types
from content.newest import following
from content.newest.finding import Order

FEW = 1_000  # entries that the many are compared with
MOST = 1.5  # times as long as among few
ARTICLE = types.get("article")
TODAY = date(2026, 11, 1)
RARE = filling.rare_word(7)
WORDS = {
    "no word": "",
    "a rare word": RARE,
    "a word of every text": "about",
    "two of them": "all about",
    "a beginning": "abo",
}
HEAPS = {"": Tab.ALL, " that are live": Tab.LIVE}


def fill(engine: Engine, entries: int) -> None:
    """Fill a migrated, empty database with so many entries, half of them articles, and with what lists are found by."""
    filling.fill(engine, Plan(entries, editions=1))
    with Session(engine) as session:
        following.follow(session)
    loading.tidy(engine)


def measured(database: str, few: Engine, many: Engine, entries: int) -> Iterator[Figure]:
    """Yield how long each list takes on databases that `fill` filled, one with `FEW` entries, one with so many."""
    with ExitStack() as sessions:
        shelves = [_reads(sessions.enter_context(Session(engine))) for engine in (few, many)]
        for name in shelves[0]:
            taken = growth.medians([shelf[name] for shelf in shelves])
            yield _figure(database, name, taken, entries)


def _reads(session: Session) -> dict[str, Read]:
    """Return each list, its first page, by name."""
    reads = {}
    for (words, typed), (heap, tab), order in product(WORDS.items(), HEAPS.items(), Order):
        asked = Asked(words=typed, tab=tab, order=order)
        reads[f"articles{heap} with {words}, by {order}"] = Read(partial(_page, session, asked))
    for falls in (Falls.OVERDUE, Falls.IN_90):
        reads[f"reviews due: {falls}"] = Read(partial(_page, session, Asked(due=falls, order=Order.DUE)))
    for tab in (Tab.WAITING, Tab.APPROVED, Tab.UNREVIEWED, Tab.DRAFTS):
        reads[f"articles that are {tab}"] = Read(partial(_page, session, Asked(tab=tab)))
    return reads


def _page(session: Session, asked: Asked) -> list[listing.Row]:
    page = listing.listed(session, ARTICLE, asked, TODAY)
    session.rollback()
    return list(page.rows)


def _figure(database: str, name: str, taken: Taken, entries: int) -> Figure:
    few, many = taken.times
    told = f"{few:.1f} ms among {FEW:,}, {many:.1f} ms among {entries:,}: {taken.ratio:.2f} times"
    return Figure(database, name, told, f"{MOST:g} times as long", taken.ratio <= MOST)
