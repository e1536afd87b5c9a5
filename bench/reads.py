"""The reads that are measured: repeated ones, and first ones, each of an address that nobody has asked for yet."""

import itertools
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import httpx

from bench.library import AUTHORS, BEGAN, TAGS, TOPICS, word
from bench.load import Asked

API = "/api/v1"
PAGE, STEP, COPIED = 20, 3, 100
ORDERS = ("newest", "oldest", "updated", "title", "review_due")
# One question spelt in many ways, each of which is an address that nobody has asked for: a fast server needs many.
ENGLISH = [f"locale={e}{n}" for e in ("e", "E", "%65", "%45") for n in ("n", "N", "%6e", "%4e")]
UNCOUNTED = ("", "&total=false", "&total=fals%65", "&total=f%61lse")
# What a read must come to, as parts of bare Flask's rate and of bare WSGI's.
WHOLE = "one article, asked as HEAD is"
REPEATED, FIRST_ARTICLE, FIRST_LIST = (2.0, 0.6), (0.3, None), (0.15, None)
Wanted = tuple[float | None, float | None]


@dataclass(frozen=True)
class Read:
    """One kind of read. `first`: no path of it has been asked before, and none is asked twice.

    `than` names the read that it may not be slower than. `published`: one publication a second lands meanwhile.
    """

    name: str
    asked: Asked
    first: bool = False
    wanted: Wanted = (None, None)
    than: str | None = None
    published: bool = False


def repeated(site: httpx.Client) -> list[Read]:
    """Return the reads that are answered again and again."""
    article, newest = f"{API}/articles/article-7", f"{API}/articles"
    paths = {
        "one article": article,
        "a list of 20": newest,
        "a filtered list": f"{API}/faqs?topic=topic-9&tag=tag+3",
        "a deep page": list(_pages(site, newest, PAGE))[-2],
        "a search": f"{API}/search?q={word(3)}+{word(40)}",
        "a list as of the middle of the log": f"{newest}?as_of={_middle(site)}",
    }
    reads = [Read(name, Asked([path]), wanted=REPEATED) for name, path in paths.items()]
    # Nothing is asked of a page of sync: it is long, and hardly anybody asks for the same one twice.
    reads.append(Read("a page of sync", Asked([f"{API}/sync"])))
    known = {"If-None-Match": site.get(article).headers["ETag"]}
    return [
        *reads,
        Read("one article, 304", Asked([article], headers=known), than="one article"),
        Read(WHOLE, Asked([article], by_wrk=False)),
        Read("one article, HEAD", Asked([article], method="HEAD", by_wrk=False), than=WHOLE),
        # How long an answer takes is told by a few readers: of those who queue, the queue decides.
        Read(
            "one article, two readers, a publication each second",
            Asked([article], connections=2),
            published=True,
        ),
    ]


def first(site: httpx.Client) -> list[Read]:
    """Return the reads that each ask for something else; the paths of one kind are in no order."""
    lists = {
        "a list of 20, any page, any order": _anywhere(site),
        "a deep page": _deep(site),
        "a filtered list": _filtered(),
        "a list as of some moment": _as_of(),
    }
    reads = [Read(name, Asked(_mixed(paths)), first=True, wanted=FIRST_LIST) for name, paths in lists.items()]
    questions = _mixed(_singles(site, "faqs"))
    return [
        Read("one article", Asked(_mixed(_singles(site, "articles"))), first=True, wanted=FIRST_ARTICLE),
        *reads,
        Read("a search", Asked(_mixed(_searches())), first=True),
        Read("a page of sync", Asked(_mixed(_copied(site))), first=True),
        # Nobody has been here yet and knows an ETag, so that any is asked for.
        Read("one FAQ, 304", Asked(questions, headers={"If-None-Match": "*"}), first=True),
    ]


def _mixed(paths: Iterable[str]) -> list[str]:
    every = list(dict.fromkeys(paths))
    random.Random(7).shuffle(every)  # noqa: S311 - the same order each time
    return every


def _singles(site: httpx.Client, plural: str) -> Iterator[str]:
    """Each of a type by its slug and by its id, with its locale, however it is spelt, and without."""
    for page in _pages(site, f"{API}/{plural}", 100):
        for card in site.get(page).json()["data"]:
            for key in (card["slug"], card["id"]):
                path = f"{API}/{plural}/{key}"
                yield from (path, *(f"{path}?{english}" for english in ENGLISH))


def _anywhere(site: httpx.Client) -> Iterator[str]:
    """Lists of 20 from anywhere among all: a cursor goes on with whatever limit, however that is spelt."""
    for order in ORDERS:
        for page in _pages(site, f"{API}/articles?sort={order}", STEP):
            for limit in ("", f"&limit={PAGE}", "&limit=2%30", "&limit=%320"):
                start = page.replace(f"&limit={STEP}", limit)
                yield from (start + total for total in UNCOUNTED)


def _deep(site: httpx.Client) -> Iterator[str]:
    """Pages from the second half of each order, of about 20; those of just 20 stand among lists from anywhere."""
    for order in ORDERS:
        every = list(_pages(site, f"{API}/articles?sort={order}", STEP))
        for page in every[len(every) // 2 :]:
            for limit in (*range(14, 20), *range(21, 27)):
                start = page.replace(f"limit={STEP}", f"limit={limit}")
                yield from (start + total for total in UNCOUNTED)


def _copied(site: httpx.Client) -> Iterator[str]:
    """Pages of about a hundred of all that is public."""
    for page in _pages(site, f"{API}/sync", COPIED):
        for limit in range(COPIED - 20, COPIED):
            yield page.replace(f"limit={COPIED}", f"limit={limit}")


def _filtered() -> Iterator[str]:
    """Lists as a website narrows them, of several lengths: by topic, by topic and tag, by author; or in one language.

    Few forms of question, as a website has, and many values: a worker makes a statement for each form that it meets.
    """
    topics = [f"topic=topic-{number}" for number in range(TOPICS)]
    tagged = [f"{topic}&tag=tag+{number}" for topic in topics for number in range(TAGS)]
    authors = [f"author=author-{number}" for number in range(AUTHORS)]
    lists = [f"{API}/articles?{one}" for one in (*topics, *tagged, *authors)]
    lists += [f"{API}/faqs?{one}" for one in (*topics, *tagged)]
    lists += [f"{API}/articles?{one}&sort=updated" for one in (*topics, *authors)]
    for path, limit in itertools.product(lists, ("", *(f"&limit={some}" for some in (3, 10, 12)))):
        yield from (f"{path}{limit}", f"{path}{limit}&locale=en")


def _searches() -> Iterator[str]:
    """Each two of the commoner words."""
    for one in range(80):
        for other in range(80, 160):
            yield f"{API}/search?q={word(one)}+{word(other)}"


def _as_of() -> Iterator[str]:
    """The same list at many moments, all after the library was published and far from now."""
    for second in range(60_000):
        moment = BEGAN + timedelta(days=30, seconds=second)
        yield f"{API}/articles?as_of={moment:%Y-%m-%dT%H:%M:%SZ}"


def _pages(site: httpx.Client, path: str, limit: int) -> Iterator[str]:
    """Yield the path of each page of a list."""
    following: str | None = f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while following:
        yield following
        following = site.get(following).raise_for_status().json()["page"]["next"]


def _middle(site: httpx.Client) -> int:
    return int(site.get(f"{API}/articles").headers["Verso-Sequence"]) // 2
