"""Replicas: copies kept by sync, lists walked page by page and answers kept, each held against what the API answers."""

import re
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy import func, select

from content import types
from content.entries import Entry
from content.log import Line
from tests.api.deeds import SLUGS, TAGS

API = "/api/v1"
# Whatever has a translation, or is to have one: a draft too.
_TRANSLATED = (
    select(Entry.id)
    .where(
        Entry.translation_group.in_(
            select(Entry.translation_group).group_by(Entry.translation_group).having(func.count() > 1)
        )
    )
    .order_by(Entry.id)
)
PLURALS = {declared.name: declared.plural for declared in types.everyone()}


def some_filters(session, chance, now):
    """What a copy may be narrowed to."""
    topics = list(session.scalars(select(Entry.id).where(Entry.type == "topic")))
    translated = list(session.scalars(_TRANSLATED))
    slug = chance.choice(SLUGS)
    return chance.choice(
        [
            {},
            {},
            {"locale": chance.choice(["en", "de"])},
            {"locale": "de", "fallback": "en"},
            {"fallback": "en,de", "type": "article,faq", "topic": slug},
            {"type": chance.choice(["article", "article,faq", "faq,topic", "author"])},
            {"topic": slug},
            {"topic": slug, "locale": "en", "type": "article"},
            {"topic": str(chance.choice(topics or [UUID(int=0)]))},
            {"tag": chance.choice(TAGS)},
            {"article": slug},
            {"author": slug},
            {"parent": slug},
            {"translation_of": str(chance.choice(translated or [UUID(int=0)]))},
            {"review": chance.choice(["reviewed", "due", "not_reviewed"])},
            {"updated_since": now.strftime("%Y-%m-%dT%H:%M:%SZ")},
        ]
    )


def struck_since(session, sequence):
    """Whether something was struck, or is so no more, after a sequence: then the past reads otherwise."""
    later = select(Line.sequence).where(Line.sequence > sequence, Line.affects.is_not(None))
    return session.scalar(later.limit(1)) is not None


class Replica:
    """A copy under some filters: what it holds, its token, and where the walk stands that it is in."""

    def __init__(self, filters):
        self.filters, self.token, self.path = filters, None, None
        self.held, self.met, self.plurals = {}, set(), None

    def sync(self, get, limit):
        """Read a page; return the sequence that the copy has reached with it, or None before the last page."""
        if self.path is None:
            asked = {"since": self.token} if self.token else self.filters
            self.path, self.met = f"{API}/sync?{urlencode({'limit': limit, **asked})}", set()
        response = get(re.sub(r"limit=\d+", f"limit={limit}", self.path))
        assert response.status_code == 200, response.text
        page = response.get_json()
        assert len(page["data"]) <= limit
        for one in page["data"]:
            self.take(one)
        self.path, token = page["page"]["next"], page["token"]
        assert (self.path is None) == (token is not None)
        self.token = token or self.token
        return None if self.path else int(response.headers["Verso-Sequence"])

    def take(self, one):
        """Do to the copy what an entry says; no walk says two things of one."""
        assert one["id"] not in self.met, one
        self.met.add(one["id"])
        if one["event"] == "removed":
            self.held.pop(one["id"], None)
            return
        # Once its tags are erased, nobody knows any more whether an entry bore them.
        assert "tag" in self.filters or (one["id"] in self.held) == (one["event"] == "changed"), one
        self.held[one["id"]] = one["document"]

    def compare(self, get, sequence, *, most=100):
        """Hold the copy against the lists at a sequence, and at most so many of its documents against single reads."""
        query = urlencode({**self.narrowed(), "as_of": sequence, "limit": 100})
        self.plurals = self.plurals or self.fitting(get)
        listed = [one["id"] for plural in self.plurals for one in walk(get, f"{API}/{plural}?{query}")]
        assert sorted(self.held) == sorted(listed), (self.filters, sequence)
        for key, document in list(self.held.items())[:most]:
            alone = get(f"{API}/{PLURALS[document['type']]}/{key}?as_of={sequence}")
            assert document == alone.get_json(), (self.filters, sequence)

    def narrowed(self):
        return {name: value for name, value in self.filters.items() if name != "type"}

    def fitting(self, get):
        """The lists that take these filters."""
        named = self.filters.get("type", ",".join(PLURALS)).split(",")
        query = urlencode({**self.narrowed(), "as_of": 0})
        return [PLURALS[name] for name in named if get(f"{API}/{PLURALS[name]}?{query}").status_code == 200]


def walk(get, path):
    """Yield the items of every page of a list."""
    while path:
        page = get(path)
        assert page.status_code == 200, page.text
        yield from page.get_json()["data"]
        path = page.get_json()["page"]["next"]


class Walk:
    """A list being walked with a cursor while the corpus goes on."""

    def __init__(self, path):
        self.start = self.path = path
        self.met, self.sequence = [], None

    def go_on(self, get):
        """Read a page; return whether it was the last."""
        response = get(self.path)
        assert response.status_code == 200, response.text
        self.sequence = self.sequence or int(response.headers["Verso-Sequence"])
        assert int(response.headers["Verso-Sequence"]) == self.sequence
        self.met += [one["id"] for one in response.get_json()["data"]]
        self.path = response.get_json()["page"]["next"]
        return self.path is None

    def compare(self, get):
        """Each entry of its sequence was met, once."""
        whole = [one["id"] for one in walk(get, f"{self.start}&as_of={self.sequence}")]
        assert sorted(self.met) == sorted(whole)
        assert len(set(self.met)) == len(self.met)
