"""Growth: what the length of the log does to the time of a read, measured in process on short and long logs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter
from uuid import UUID

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from bench import filling, multiplying
from content import corpus, orders, types
from content.database import prepare_engine
from content.editions import Edition
from content.log import head
from content.narrowing import Filters
from content.orders import Order, Place
from content.partners import ANONYMOUS

ARTICLE = types.get("article")
SHORT = 10_000  # editions that are filled in; longer logs are copies of these
ROUNDS = 15
PAGE = 20
COMMON = Filters(topics=(filling.topic_id(filling.COMMON),))
BELOW = Filters(topics=tuple(map(filling.topic_id, (filling.ABOVE, *filling.BELOW))))
Read = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One read, and its median time in milliseconds at each size."""

    read: str
    times: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """How many times as long the last size takes as the first."""
        return self.times[-1] / self.times[0]


def fill(engine: Engine, editions: int) -> None:
    """Fill a migrated, empty database with so many editions, a multiple of those of a short log or fewer."""
    filling.fill(engine, filling.Plan(min(editions, SHORT) // 10))
    if editions > SHORT:
        multiplying.multiply(engine, editions // SHORT)


def table(urls: Sequence[str], rounds: int = ROUNDS) -> list[Row]:
    """Return each read's times on databases that `fill` has filled, in their order."""
    measured = [_times(url, rounds) for url in urls]
    return [Row(name, tuple(times[name] for times in measured)) for name in measured[0]]


def _times(url: str, rounds: int) -> dict[str, float]:
    engine = create_engine(url)
    prepare_engine(engine)
    try:
        with Session(engine) as session:
            return {name: _median(read, rounds) for name, read in _reads(session).items()}
    finally:
        engine.dispose()


def _median(read: Read, rounds: int) -> float:
    read()
    taken = []
    for _ in range(rounds):
        began = perf_counter()
        read()
        taken.append((perf_counter() - began) * 1_000)
    return median(taken)


def _reads(session: Session) -> dict[str, Read]:
    now, known = head(session).sequence, orders.of(ARTICLE)
    middle: UUID = _page(session, orders.NEWEST, now)[-1].edition.entry_id
    reads: dict[str, Read] = {
        "one article": lambda: corpus.find(session, ARTICLE, middle, locale="en", at=now, reach=ANONYMOUS)
    }
    for order in known.values():
        reads |= _of_order(session, order, now)
    for share in (1, 10, 50):
        reads |= _of_past(session, max(1, now * share // 100), f"as of {share} %")
    return reads


def _of_order(session: Session, order: Order, now: int) -> dict[str, Read]:
    deep = _deep(session, order, now)
    return {
        f"{order.name}": lambda: _page(session, order, now),
        f"{order.name}, one locale": lambda: _page(session, order, now, Filters(locale="de")),
        f"{order.name}, deep": lambda: _page(session, order, now, after=deep),
        f"{order.name}, a topic": lambda: _page(session, order, now, COMMON),
        f"{order.name}, sub-topics": lambda: _page(session, order, now, BELOW),
    }


def _of_past(session: Session, at: int, when: str) -> dict[str, Read]:
    reads: dict[str, Read] = {f"newest, a topic, {when}": lambda: _page(session, orders.NEWEST, at, COMMON)}
    for order in orders.of(ARTICLE).values():
        reads[f"{order.name}, {when}"] = partial(_page, session, order, at)
    return reads


def _page(
    session: Session, order: Order, at: int, filters: Filters | None = None, after: Place | None = None
) -> list[corpus.Item]:
    wanted = filters or Filters()
    return corpus.page(session, ARTICLE, wanted, at=at, reach=ANONYMOUS, limit=PAGE, order=order, after=after)


def _deep(session: Session, order: Order, now: int) -> Place:
    """Return where the middle of all pages begins."""
    chosen = select(Edition).where(corpus.matching(session, ARTICLE, Filters(), at=now, reach=ANONYMOUS))
    half = corpus.count(session, ARTICLE, Filters(), at=now, reach=ANONYMOUS) // 2
    ordered = chosen.order_by(order.key, Edition.entry_id)
    middle = session.scalars(ordered.offset(half).limit(1)).one()
    return Place(order.key_of(middle), middle.entry_id)
