"""No key ever sees, in any form, cached or not, what it may not; and each sees all that it may.

Texts, grants and keys change at random in this process, on SQLite and on PostgreSQL; a server of two others is
asked, by connections of which each may come to either. What may be seen is worked out here anew,
from what was published and granted, by nothing that the API asks: words and slugs by the grants of now, ids,
notes and targets by what was ever granted, for whoever had a text is told what became of it. One id more is told:
that of the article which a version of a question names itself (docs/decisions/what-is-signed.md).
"""

import json
import os
import re
import shutil
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import storage
from content import database, granting, grants, keys, log, moments, partners, publishing
from content.errors import ContentError
from content.log import State
from content.partners import Reach
from content.placement import LICENSED, PUBLIC
from content.signing import canonical, hashed
from tests.builders import ED, HOUR, a_live_article, a_live_faq, a_topic, publish, saved, signed
from tests.databases import empty
from tests.served import served

LONG = os.environ.get("CI") == "true" or os.environ.get("VERSO_LONG") == "1"
# Where it may take long, after the life that is told below.
RUNS, DEEDS = (1, 8) if LONG else (1, 5)
LEFT_OUT = {
    Phase.shrink: os.environ.get("VERSO_SHRINK") != "1",
    Phase.explicit: not LONG,
}
PHASES = [phase for phase in Phase if not LEFT_OUT.get(phase)]
NUMBERS = st.integers(0, 99)
DEEDS_OF = (
    "place place shift shift write withdraw withdraw withdraw retract grant grant grant plan plan end_grant"
    " end_contract say say rotate".split()
)
DEED = st.tuples(st.sampled_from(DEEDS_OF), NUMBERS, NUMBERS, NUMBERS)
# A text goes from everybody to a partner, who alone is told of what follows, but for its retraction; others are
# replaced by what is not for everybody, and lead to it; and the contract ends. What is for everybody then names a
# text that is not.
TOLD = (
    ("grant", 0, 3, 0),
    ("shift", 0, 1, 0),
    ("withdraw", 0, 1, 1),
    ("withdraw", 2, 3, 3),
    ("retract", 0, 0, 0),
    ("place", 1, 0, 0),
    ("withdraw", 1, 2, 3),
    ("end_contract", 0, 0, 0),
    ("shift", 3, 0, 0),
)
NAMES = ("magazine", "app")
MARK = re.compile(r"mark\d+x")
VERSION = re.compile(r"(articles|faqs)/[^/]+/versions/\d+")
SOON = timedelta(milliseconds=100)
STATUSES = {200, 301, 404, 410}
WHOLE, ANEW = {"Accept-Encoding": "identity"}, httpx.Limits(max_keepalive_connections=0)
PLURALS = {"article": "articles", "faq": "faqs"}


class World:
    """A few texts, each version of which bears a mark, two partners with a key each, and what each may see."""

    def __init__(self, session):
        self.session, self.marks, self.numbers = session, count(1), count()
        before = datetime.now(UTC) - 2 * HOUR
        above = a_topic(session, "Above", now=before)
        below = a_topic(session, "Below", parent=above, now=before)
        self.topics = {above: {above, below}, below: {below}}
        # By entry: its type, its newest version, whether it is live, and where that stands.
        self.texts = {}
        # By mark: where the versions stood that bear it; by that of a note or a target: those that it is about.
        self.placed, self.told, self.struck = {}, {}, set()
        # No embargo of an hour holds of these any more.
        self.old = set()
        for place in range(4):
            self._begin(place, above, below, before if place < 2 else None)
        self.partners = {name: partners.create(session, name).id for name in NAMES}
        session.commit()
        self.keys = {name: self._key(name) for name in NAMES}

    def _begin(self, place, above, below, now):
        topics = [[], [above], [below], [below]][place]
        audience, word = (PUBLIC, LICENSED)[place > 0], f"mark{next(self.marks)}x"
        if place % 2 == 0:
            name, begin, more = "article", a_live_article, {}
        else:
            name, begin, more = "faq", a_live_faq, {"article": self.article}
        told = {"audience": audience, "topics": topics} | more
        made = begin(self.session, now=now, **told, **self.words(name, word))
        if now:
            self.old.add(made.entry_id)
        if name == "article":
            self.article = str(made.entry_id)
        there = (name, made.entry_id, audience, frozenset(topics), next(self.numbers))
        self.texts[made.entry_id] = [name, made, True, there]
        self.placed[word] = [there]

    @staticmethod
    def words(name, word):
        """All the values of a text that bear words, each with its mark."""
        shared = {"tags": [word], "slug": f"text-{word}"}
        if name == "article":
            return {"title": f"Common {word}", "summary": word, "body": word, **shared}
        return {"question": f"Common {word}?", "answer": word, **shared}

    def _key(self, name):
        _, text = keys.make(self.session, self.partners[name], purpose="a site", by=ED)
        self.session.commit()
        return {"Authorization": f"Bearer {text}"}

    def do(self, deed, *numbers):
        try:
            getattr(self, deed)(*numbers)
        except ContentError:
            self.session.rollback()

    def pick(self, a):
        return list(self.texts.items())[a % len(self.texts)]

    def write(self, a, b, c):
        """Say it otherwise, where it stands."""
        _, (_, version, *_) = self.pick(a)
        self._publish(a, version.values["audience"], version.values.get("topics", []), anew=True)

    def place(self, a, b, c):
        """Say it otherwise, and file it elsewhere."""
        self._publish(a, *self._somewhere(b, c), anew=True)

    def shift(self, a, b, c):
        """File it elsewhere as it is."""
        self._publish(a, *self._somewhere(b, c), anew=False)

    def _somewhere(self, b, c):
        return (PUBLIC, LICENSED, LICENSED)[b % 3], ([], *([topic] for topic in self.topics))[c % 3]

    def _publish(self, a, audience, topics, *, anew):
        entry_id, kept = self.pick(a)
        name, version, live, _ = kept
        words = self.words(name, f"mark{next(self.marks)}x") if anew else {}
        newer = saved(self.session, version, audience=audience, topics=topics, now=None, **words)
        there = (name, entry_id, audience, frozenset(topics), next(self.numbers))
        kept[1] = signed(self.session, newer, now=None)
        self.session.commit()
        word, note = self.word_of(kept[1]), f"mark{next(self.marks)}x"
        if live:
            publish(self.session, kept[1], note=note, now=None)
        else:
            publishing.reinstate(self.session, entry_id, kept[1].number, note=note, by=ED)
            self.struck.discard(word)
        kept[2:] = [True, there]
        self.placed.setdefault(word, []).append(there)
        self.told[note] = [there]

    def withdraw(self, a, b, c):
        """Take it away: for good, for another text, or for a page elsewhere."""
        entry_id, kept = self.pick(a)
        note, page, other = f"mark{next(self.marks)}x", f"mark{next(self.marks)}x", str(self.pick(c)[0])
        manner, target = (
            (State.GONE, None),
            (State.REDIRECTED, f"https://elsewhere.example/{page}"),
            (State.REDIRECTED, other),
            (State.REPLACED, other),
        )[b % 4]
        publishing.withdraw(self.session, entry_id, by=ED, manner=manner, target=target, note=note)
        kept[2] = False
        self.told |= {note: [kept[3]], page: [kept[3]]}

    def retract(self, a, b, c):
        entry_id, kept = self.pick(a)
        version, word, note = kept[1], self.word_of(kept[1]), f"mark{next(self.marks)}x"
        publishing.retract(self.session, entry_id, [version.number], note=note, by=ED)
        kept[2] = False
        self.struck.add(word)
        self.told[note] = list(self.placed[word])

    def grant(self, a, b, c):
        granting.grant(self.session, self.partners[NAMES[a % 2]], **self._granted(a, b, c))

    def _granted(self, a, b, c):
        reach = Reach(
            audiences=((LICENSED,), (PUBLIC, LICENSED))[a % 2],
            types=(None, ("faq",), ("article",))[b % 3],
            topics=(None, *((UUID(topic),) for topic in self.topics))[c % 3],
            locales=(None, None, ("en",), ("de", "fr"))[(a + b) % 4],
        )
        return {"reach": reach, "embargo": 1 if (a + b + c) % 4 == 0 else 0, "by": ED}

    def plan(self, a, b, c):
        """Grant something from a moment on which passes, and until one that passes too, or does not."""
        now = database.clock(self.session)
        ends_at = (None, now + 2 * SOON, now + HOUR)[c % 3]
        whose, granted = self.partners[NAMES[a % 2]], self._granted(a, b, c)
        granting.plan(self.session, whose, begins_at=now + SOON, ends_at=ends_at, **granted)
        self.session.commit()
        time.sleep(3 * SOON.total_seconds())
        moments.present(self.session)

    def say(self, a, b, c):
        """Say what needs no key: everything public, some of it, or nothing."""
        reach = Reach(
            audiences=() if a % 5 == 0 else (PUBLIC,),
            types=(None, None, ("faq",), ("article",))[b % 4],
            topics=(None, *((UUID(topic),) for topic in self.topics))[c % 3],
        )
        granting.let_everybody(self.session, reach, by=ED)

    def end_grant(self, a, b, c):
        own = select(grants.Grant.id).where(grants.Grant.partner_id.is_not(None)).order_by(grants.Grant.id)
        held = self.session.scalars(own).all()
        if held:
            granting.end_grant(self.session, held[a % len(held)], by=ED)

    def end_contract(self, a, b, c):
        granting.end_contract(self.session, self.partners[NAMES[a % 2]], by=ED)

    def rotate(self, a, b, c):
        name = NAMES[a % 2]
        for one in keys.keys(self.session, self.partners[name]):
            keys.revoke(self.session, one.id, why="It is time.", by=ED)
        self.session.commit()
        self.keys[name] = self._key(name)

    def words_of(self, entry_id):
        """The words of an entry's versions, the oldest first."""
        return [word for word, [first, *_] in self.placed.items() if first[1] == entry_id]

    def word_of(self, version):
        return MARK.search(json.dumps(version.values))[0]

    def may_see(self, name):
        """The words that whoever bears a key (None: nobody's) may meet, at whatever moment."""
        held = self._held(name)
        return {word for word, placed in self.placed.items() if self._let(held, placed)}

    def may_know(self, name):
        """The notes and targets that it may meet, and the ids of which it may know."""
        ever = self._held(name, ever=True)
        known = {one for placed in self.placed.values() for one in placed if self._let(ever, [one])}
        told = {mark for mark, about in self.told.items() if self._let(ever, about)}
        return told, {entry_id for _, entry_id, *_ in known}

    def _held(self, name, *, ever=False):
        """What the grants let through that a key has, or ever had: audiences, types, topics, languages, embargo."""
        begun = grants.Grant.from_sequence.is_not(None)
        chosen = select(grants.Grant).where(begun).order_by(grants.Grant.id)
        every = self.session.scalars(chosen).all()
        said = [one for one in every if one.partner_id is None]
        first = [((PUBLIC,), None, None, None, 0)] if ever or not said else []
        mine = [one for one in every if name and one.partner_id == self.partners[name]]
        some = said + mine if ever else [one for one in said + mine if one.until_sequence is None]
        return first + [(one.audiences, one.types, one.topics, one.locales, one.embargo) for one in some]

    def _let(self, held, placed):
        return any(self._lets(one, there, held) for one in held for there in placed)

    def _lets(self, granted, there, held):
        """Whether a grant lets through what stood there; no embargo delays what could be read in an earlier form."""
        embargo, (_, entry_id, *_, number) = granted[-1], there
        if not self._fits(granted, there):
            return False
        earlier = [
            one
            for places in self.placed.values()
            for one in places
            if one[1] == entry_id and one[-1] < number
        ]
        had = (self._fits(other, one) for other in held if not other[-1] for one in earlier)
        return not embargo or entry_id in self.old or any(had)

    def _fits(self, granted, there):
        audiences, types, filed, locales, _ = granted
        name, _, audience, topics, _ = there
        below = None if filed is None else set().union(*(self.topics[one] for one in filed))
        return (
            audience in audiences
            and (types is None or name in types)
            and (locales is None or "en" in locales)
            and (below is None or bool(below & topics))
        )

    def live(self, name):
        """The marks of what is public now and may be seen, by entry."""
        held = self._held(name)
        return {
            str(entry_id): self.word_of(version)
            for entry_id, (_, version, live, there) in self.texts.items()
            if live and self._let(held, [there])
        }


def paths(world, sequence):
    """Reads of every form, by every name that anybody may know."""
    for plural in PLURALS.values():
        yield f"{plural}?limit=100&total=true"
        yield f"{plural}?limit=100&fields=slug,tags"
        yield f"{plural}?as_of={sequence}&limit=100"
        yield f"{plural}?topic=above&limit=100"
        yield f"{plural}?topic=below&limit=1&total=true"
        yield from (f"embeds/{plural}?limit=100", f"embeds/{plural}/fragment?topic=below&as_of={sequence}")
        yield f"{plural}.jsonld?limit=100"
        yield from (f"feeds/{plural}.{form}?limit=100" for form in ("atom", "rss", "json"))
        yield from (f"feeds/{plural}.atom?as_of={sequence}", f"feeds/{plural}/archives/20.atom")
    yield "articles?limit=100&include=faqs"
    yield "faqs?limit=100&include=article"
    yield "search?q=common&total=true&facets=true&limit=50"
    yield from (f"search?q={word[:-2]}" for word in list(world.placed)[-2:])
    yield from (f"search/suggest?q={typed}" for typed in ("common", "common+mark", "mar"))
    yield from ("changes", f"changes?as_of={sequence}", "sync", f"sync?as_of={sequence}")
    yield from ("manifest/entries", f"manifest/entries?as_of={sequence}")
    for entry, (name, version, *_) in world.texts.items():
        yield from (f"{PLURALS[name]}/text-{word}" for word in world.words_of(entry)[:-1])
        for key in (entry, version.values["slug"]):
            at = f"{PLURALS[name]}/{key}"
            yield from (at, f"{at}.jsonld", f"{at}?as_of={sequence}", f"{at}/versions", f"{at}/changes")
            yield f"{at}/versions/{version.number}/signature"
            yield from (f"{at}/embed", f"{at}/embed/fragment?as_of={sequence}")
        yield f"oembed?url=http://localhost:8000/api/v1/{PLURALS[name]}/{entry}/embed"
        yield f"{PLURALS[name]}/{entry}?include={'faqs' if name == 'article' else 'article'}"
        yield from (f"{PLURALS[name]}/{entry}/versions/{number}" for number in range(1, version.number + 1))
        if version.number > 1:
            yield f"{PLURALS[name]}/{entry}/diff?from=1&to={version.number}"


def but_what_it_names(path, answer):
    """What an answer says but for the bare id of the article that a version of a question names itself."""
    if answer.status_code != 200 or not VERSION.fullmatch(path):
        return answer.text
    return json.dumps({name: value for name, value in answer.json().items() if name != "article"})


class Reader:
    """A caller: whose key it bears, and the copies that it keeps: of all, and of what is filed under a topic."""

    def __init__(self, name):
        self.name, self.held, self.token = name, {}, None
        self.filed, self.filed_token = {}, None

    def reads(self, client, world, asked, known):
        """Ask everything; `known` has the ETag and the body by which others were answered."""
        told, ids = world.may_know(self.name)
        may, hidden = world.may_see(self.name) | told, world.texts.keys() - ids
        headers = world.keys[self.name] if self.name else {}
        for path in asked:
            for again in (False, True):
                answer = client.get(f"/api/v1/{path}", headers=headers)
                echoed, said = set(MARK.findall(path)), f"{answer.headers.multi_items()}{answer.text}"
                assert answer.status_code in STATUSES, (self.name, path, answer.text)
                leaked = set(MARK.findall(said)) - may - echoed
                assert not leaked, (self.name, path, again, leaked)
                assert not set(MARK.findall(answer.text)) & world.struck - echoed, (self.name, path)
                said = f"{answer.headers.multi_items()}{but_what_it_names(path, answer)}"
                named = {one for one in hidden if str(one) not in path and one.hex in said.replace("-", "")}
                assert not named, (self.name, path, again, named)
            for etag, body in known.get(path, ()):
                told = client.get(f"/api/v1/{path}", headers={**headers, "If-None-Match": etag})
                assert (told.status_code == 304) == (body == answer.content), (self.name, path)
            if answer.status_code == 200:
                known.setdefault(path, []).append((answer.headers["ETag"], answer.content))

    def lists(self, client, world):
        headers = world.keys[self.name] if self.name else {}
        listed = {}
        for plural in PLURALS.values():
            answer = client.get(f"/api/v1/{plural}?limit=100&total=true", headers=headers)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            assert page["page"]["total"] == len(page["data"])
            listed |= {one["id"]: MARK.search(json.dumps(one))[0] for one in page["data"]}
        assert listed == world.live(self.name), self.name

    @staticmethod
    def _synced(client, headers, held, token, filters):
        """Bring a copy up to date; return its next token."""
        asked = {"since": token} if token else filters
        told = client.get("/api/v1/sync", headers=headers, params=asked | {"limit": 100}).json()
        for one in told["data"]:
            if one["event"] == "removed":
                held.pop(one["id"], None)
            else:
                held[one["id"]] = one["document"]
        return told["token"]

    def manifest(self, client, world):
        """The manifest names what the copy holds, each as it is held, and nothing else."""
        headers = world.keys[self.name] if self.name else {}
        told = client.get("/api/v1/manifest/entries", headers=headers).json()["data"]
        listed = {one["id"]: one["whole_hash"] for one in told if one["type"] in PLURALS}
        assert listed == {one: hashed(canonical(held)) for one, held in self.held.items()}, self.name

    def syncs(self, client, world):
        headers = world.keys[self.name] if self.name else {}
        types = {"type": "article,faq"}
        self.token = self._synced(client, headers, self.held, self.token, types)
        filed = types | {"topic": "above"}
        self.filed_token = self._synced(client, headers, self.filed, self.filed_token, filed)
        for plural in PLURALS.values():
            listed = client.get(f"/api/v1/{plural}?topic=above&limit=100", headers=headers).json()["data"]
            mine = {one for one, held in self.filed.items() if PLURALS[held["type"]] == plural}
            assert mine == {one["id"] for one in listed}, (self.name, plural)
        assert {one: MARK.search(json.dumps(held))[0] for one, held in self.held.items()}.keys() == set(
            world.live(self.name)
        ), self.name
        for one, held in self.held.items():
            path = f"/api/v1/{PLURALS[held['type']]}/{one}"
            assert client.get(path, headers=headers).json() == held, (self.name, path)


@pytest.fixture
def anew(database_url, app, engine, sqlite_template, tmp_path):
    """Empties the database that the app stands on, and serves it by other processes; a client of these."""

    @contextmanager
    def anew():
        if database_url.startswith("postgresql"):
            empty(database_url)
        else:
            with app.app_context():
                storage.db.engine.dispose()
            engine.dispose()
            shutil.copy(sqlite_template, database_url.removeprefix("sqlite:///"))
        told = {"DATABASE_URL": database_url, "VERSO_SEED": "0", "VERSO_LIMITS": "0", "VERSO_WORKERS": "2"}
        with (
            served(tmp_path, sqlite_template, **told) as address,
            httpx.Client(base_url=address, headers=WHOLE, limits=ANEW) as client,
        ):
            yield client

    return anew


def _is_varied(deeds):
    """Whether deeds are of several kinds: what hypothesis comes to first is the same one over and over."""
    return len({deed for deed, *_ in deeds}) > 3


class TestReach:
    def test_no_key_sees_what_it_may_not_and_each_sees_what_it_may(self, app, anew):
        with app.app_context():
            watched = storage.db.engine

        @settings(max_examples=RUNS, phases=PHASES, suppress_health_check=list(HealthCheck), deadline=None)
        @given(deeds=st.lists(DEED, min_size=DEEDS, max_size=DEEDS).filter(_is_varied))
        @example(deeds=TOLD)
        def storm(deeds):
            readers = [Reader(name) for name in (None, *NAMES)]
            with anew() as client, Session(watched) as session:
                world = World(session)
                for deed in deeds:
                    world.do(*deed)
                    asked = list(paths(world, deed[1] % (log.head(session).sequence + 1)))
                    session.rollback()
                    known = {}
                    for reader in readers:
                        reader.reads(client, world, asked, known)
                        reader.lists(client, world)
                        reader.syncs(client, world)
                        reader.manifest(client, world)
                    session.rollback()

        storm()
