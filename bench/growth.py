"""Growth: what the length of the log does to the time of a read, measured in process on short and long logs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median
from time import perf_counter

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench import filling, multiplying, page
from content import corpus, orders, types
from content.editions import Edition
from content.log import Act, head, sequence_at
from content.narrowing import Filters
from content.orders import NEWEST, Order, Place
from content.partners import ANONYMOUS

ARTICLE = types.get("article")
SHORT = 10_000  # editions that are filled in; longer logs are copies of these
ROUNDS = 25
PAGE = 20
SHARES = (1, 10, 50)  # per cent of the log
WITHDRAWN = 0.9
COMMON = Filters(topics=(filling.topic_id(filling.COMMON),))
BELOW = Filters(topics=tuple(map(filling.topic_id, (filling.ABOVE, *filling.BELOW))))


@dataclass(frozen=True)
class Bound:
    """What a read may take in the longest log: so many times the time in the shortest, or so many milliseconds."""

    times: float | None = None
    milliseconds: float | None = None

    def __str__(self) -> str:
        if self.times:
            return f"{self.times} times as long"
        return f"under {self.milliseconds:g} ms" if self.milliseconds else ""

    def holds(self, taken: "Taken") -> bool:
        """Tell whether a read keeps it; how many times as long it takes tells nothing where it finds more."""
        if self.times:
            return taken.ratio <= self.times or not taken.alike
        return self.milliseconds is None or taken.times[-1] <= self.milliseconds


@dataclass(frozen=True)
class Taken:
    """A read's median milliseconds at each size, the shortest log's first; `alike`: it found as many everywhere."""

    times: tuple[float, ...]
    alike: bool = True

    @property
    def ratio(self) -> float:
        """How many times as long it takes in the longest log as in the shortest."""
        return self.times[-1] / self.times[0]

    @property
    def cells(self) -> list[str]:
        """The times and the ratio as they are told; a star says that it found fewer in the shortest log."""
        return [*(f"{time:.2f}" for time in self.times), f"{self.ratio:.2f}{'' if self.alike else ' *'}"]


ALIKE, SOON, FREE = Bound(times=1.5), Bound(milliseconds=50), Bound()


@dataclass(frozen=True)
class Read:
    """One read, and what is asked of it."""

    ask: Callable[[], object]
    bound: Bound = ALIKE


@dataclass(frozen=True)
class Row:
    """A read on one database, `before` and `after` most was withdrawn."""

    database: str
    name: str
    bound: Bound
    before: Taken
    after: Taken


def fill(engine: Engine, editions: int) -> None:
    """Fill a migrated, empty database with so many editions, a multiple of those of a short log or fewer."""
    filling.fill(engine, filling.Plan(min(editions, SHORT) // 10))
    if editions > SHORT:
        multiplying.multiply(engine, editions // SHORT)


def measured(database: str, engines: Sequence[Engine], rounds: int = ROUNDS) -> Iterator[Row]:
    """Yield each read's times on logs that `fill` has filled, the shortest first; most of them is withdrawn then."""
    before = _times(engines, rounds)
    for engine in engines:
        filling.withdraw(engine, WITHDRAWN)
    after = _times(engines, rounds)
    for name, (bound, taken) in before.items():
        yield Row(database, name, bound, taken, after[name][1])


def table(sizes: Sequence[int], rows: Sequence[Row]) -> str:
    """Return the rows as one table."""
    columns = [f"{size:,}" for size in sizes]
    thinned = [f"{column}, withdrawn" for column in columns]
    head = ["read", *columns, "ratio", *thinned, "ratio, withdrawn", "asked for", "holds"]
    return page.table(head, map(_cells, rows))


def holds(row: Row) -> bool:
    """Tell whether a read keeps what is asked of it, before and after."""
    return row.bound.holds(row.before) and row.bound.holds(row.after)


def _cells(row: Row) -> list[str]:
    judged = ("yes" if holds(row) else "no") if str(row.bound) else ""
    name = f"{row.database}: {row.name}"
    return [name, *row.before.cells, *row.after.cells, str(row.bound), judged]


def _times(engines: Sequence[Engine], rounds: int) -> dict[str, tuple[Bound, Taken]]:
    with ExitStack() as sessions:
        logs = [_reads(sessions.enter_context(Session(engine))) for engine in engines]
        return {
            name: (read.bound, medians([log[name] for log in logs], rounds)) for name, read in logs[0].items()
        }


def medians(reads: Sequence[Read], rounds: int = ROUNDS) -> Taken:
    """Measure one read on all logs in turn, so that what else the machine does meets all of them."""
    found = {_many(read.ask()) for read in reads}
    taken = [[_taken(read) for read in reads] for _ in range(rounds)]
    return Taken(tuple(map(median, zip(*taken, strict=True))), alike=len(found) == 1)


def _many(found: object) -> int:
    return len(found) if isinstance(found, list) else 1


def _taken(read: Read) -> float:
    began = perf_counter()
    read.ask()
    return (perf_counter() - began) * 1_000


def _reads(session: Session) -> dict[str, Read]:
    now = head(session).sequence
    middle = _page(session, NEWEST, now)[-1].edition.entry_id
    article = partial(corpus.find, session, ARTICLE, middle, locale="en", at=now, reach=ANONYMOUS)
    reads = {"one article": Read(article)}
    for order in orders.of(ARTICLE).values():
        reads |= _of_order(session, order, now)
    for share in SHARES:
        # The first act is that of the topics; there is nothing to list in it.
        reads |= _of_past(session, _last_alike(session, 1 + (now - 1) * share // 100), f"as of {share} %")
    return reads


def _last_alike(session: Session, sequence: int) -> int:
    """Return the last act of an act's moment: the copies of one that `multiply` made share it, as acts never do."""
    return sequence_at(session, session.scalars(select(Act.at).where(Act.sequence == sequence)).one())


def _of_order(session: Session, order: Order, now: int) -> Mapping[str, Read]:
    deep, asked = _deep(session, order, now), partial(_page, session, order, now)
    narrowed = ALIKE if order is NEWEST else FREE
    return {
        order.name: Read(asked),
        f"{order.name}, deep": Read(partial(asked, after=deep)),
        f"{order.name}, one locale": Read(partial(asked, Filters(locale="de")), narrowed),
        f"{order.name}, a topic": Read(partial(asked, COMMON), narrowed),
        f"{order.name}, sub-topics": Read(partial(asked, BELOW), narrowed),
    }


def _of_past(session: Session, at: int, when: str) -> Mapping[str, Read]:
    reads = {f"newest, a topic, {when}": Read(partial(_page, session, NEWEST, at, COMMON))}
    for order in orders.of(ARTICLE).values():
        asked = ALIKE if order is NEWEST else SOON
        reads[f"{order.name}, {when}"] = Read(partial(_page, session, order, at), asked)
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
