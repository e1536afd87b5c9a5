"""No key ever sees, in any form, cached or not, what it may not; and each sees all that it may.

Texts, grants and keys change at random in this process, on SQLite and on PostgreSQL; a server of two others is
asked, by connections of which each may come to either. What may be seen is worked out here anew,
from what was published and granted, by nothing that the API asks.
"""

import json
import os
import re
import shutil
from contextlib import contextmanager
from itertools import count
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

import storage
from content import granting, grants, keys, log, partners, publishing
from content.errors import ContentError
from content.partners import Reach
from content.placement import LICENSED, PUBLIC
from content.signing import canonical, hashed
from tests.builders import ED, a_live_article, a_live_faq, a_topic, publish, saved, signed
from tests.databases import empty
from tests.served import served

LONG = os.environ.get("CI") == "true" or os.environ.get("VERSO_LONG") == "1"
RUNS, DEEDS = (2, 8) if LONG else (1, 5)
PHASES = [phase for phase in Phase if phase != Phase.shrink or os.environ.get("VERSO_SHRINK") == "1"]
NUMBERS = st.integers(0, 99)
DEEDS_OF = (
    "place place write withdraw retract grant grant grant end_grant end_contract say say rotate".split()
)
DEED = st.tuples(st.sampled_from(DEEDS_OF), NUMBERS, NUMBERS, NUMBERS)
NAMES = ("magazine", "app")
MARK = re.compile(r"mark\d+x")
STATUSES = {200, 404, 410}
WHOLE, ANEW = {"Accept-Encoding": "identity"}, httpx.Limits(max_keepalive_connections=0)
PLURALS = {"article": "articles", "faq": "faqs"}


class World:
    """A few texts, each version of which bears a mark, two partners with a key each, and what each may see."""

    def __init__(self, session):
        self.session, self.marks = session, count(1)
        above = a_topic(session, "Above", now=None)
        below = a_topic(session, "Below", parent=above, now=None)
        self.topics = {above: {above, below}, below: {below}}
        # By entry: its type, its newest version, whether it is live; by mark: where its version stood.
        self.texts, self.placed, self.struck = {}, {}, set()
        for place in range(4):
            self._begin(place, above, below)
        self.partners = {name: partners.create(session, name).id for name in NAMES}
        session.commit()
        self.keys = {name: self._key(name) for name in NAMES}

    def _begin(self, place, above, below):
        topics = [[], [above], [below], [below]][place]
        audience, word = (PUBLIC, LICENSED)[place > 0], f"mark{next(self.marks)}x"
        if place % 2 == 0:
            name, begin, more = "article", a_live_article, {}
        else:
            name, begin, more = "faq", a_live_faq, {"article": self.article}
        told = {"slug": f"text-{place}", "audience": audience, "topics": topics} | more
        made = begin(self.session, now=None, **told, **self.words(name, word))
        if name == "article":
            self.article = str(made.entry_id)
        self.texts[made.entry_id] = [name, made, True]
        self.placed[word] = (name, made.entry_id, audience, frozenset(topics))

    @staticmethod
    def words(name, word):
        """All the values of a text that bear words, each with its mark."""
        if name == "article":
            return {"title": f"Common {word}", "summary": word, "body": word, "tags": [word]}
        return {"question": f"Common {word}?", "answer": word, "tags": [word]}

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
        _, (_, version, _) = self.pick(a)
        self._publish(a, version.values["audience"], version.values.get("topics", []))

    def place(self, a, b, c):
        """File it elsewhere."""
        topics = ([], *([topic] for topic in self.topics))[c % 3]
        self._publish(a, (PUBLIC, LICENSED, LICENSED)[b % 3], topics)

    def _publish(self, a, audience, topics):
        entry_id, kept = self.pick(a)
        name, version, live = kept
        word = f"mark{next(self.marks)}x"
        newer = saved(
            self.session, version, audience=audience, topics=topics, now=None, **self.words(name, word)
        )
        kept[1] = signed(self.session, newer, now=None)
        self.session.commit()
        if live:
            publish(self.session, kept[1], note="Said anew.", now=None)
        else:
            publishing.reinstate(self.session, entry_id, kept[1].number, by=ED)
        kept[2] = True
        self.placed[word] = (name, entry_id, audience, frozenset(topics))

    def withdraw(self, a, b, c):
        entry_id, kept = self.pick(a)
        publishing.withdraw(self.session, entry_id, by=ED)
        kept[2] = False

    def retract(self, a, b, c):
        entry_id, kept = self.pick(a)
        version, word = kept[1], self.word_of(kept[1])
        publishing.retract(self.session, entry_id, [version.number], note="Wrong.", by=ED)
        kept[2] = False
        self.struck.add(word)

    def grant(self, a, b, c):
        reach = Reach(
            audiences=((LICENSED,), (PUBLIC, LICENSED))[a % 2],
            types=(None, ("faq",), ("article",))[b % 3],
            topics=(None, *((UUID(topic),) for topic in self.topics))[c % 3],
        )
        granting.grant(self.session, self.partners[NAMES[a % 2]], reach, by=ED)

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

    def word_of(self, version):
        return MARK.search(json.dumps(version.values))[0]

    def may_see(self, name):
        """The marks that whoever bears a key (None: nobody's) may meet, at whatever moment."""
        chosen = select(grants.Grant).where(grants.Grant.until_sequence.is_(None)).order_by(grants.Grant.id)
        every = self.session.scalars(chosen).all()
        said = [one for one in every if one.partner_id is None]
        held = [(one.audiences, one.types, one.topics) for one in said[-1:]] or [((PUBLIC,), None, None)]
        if name:
            mine = [one for one in every if one.partner_id == self.partners[name]]
            held += [(one.audiences, one.types, one.topics) for one in mine]
        return {word for word, placed in self.placed.items() if any(self._lets(one, *placed) for one in held)}

    def _lets(self, granted, name, _, audience, topics):
        audiences, types, filed = granted
        below = None if filed is None else set().union(*(self.topics[one] for one in filed))
        return (
            audience in audiences
            and (types is None or name in types)
            and (below is None or bool(below & topics))
        )

    def live(self, name):
        """The marks of what is public now and may be seen, by entry."""
        words = {
            entry_id: self.word_of(version) for entry_id, (_, version, live) in self.texts.items() if live
        }
        return {str(one): word for one, word in words.items() if word in self.may_see(name)}


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
        yield f"feeds/{plural}.atom?as_of={sequence}"
    yield "articles?limit=100&include=faqs"
    yield "faqs?limit=100&include=article"
    yield "search?q=common&total=true&facets=true&limit=50"
    yield from (f"search?q={word[:-2]}" for word in list(world.placed)[-2:])
    yield from (f"search/suggest?q={typed}" for typed in ("common", "common+mark", "mar"))
    yield from ("changes", f"changes?as_of={sequence}", "sync", f"sync?as_of={sequence}")
    yield from ("manifest/entries", f"manifest/entries?as_of={sequence}")
    for entry, (name, version, _) in world.texts.items():
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


class Reader:
    """A caller: whose key it bears, and the copy that it keeps."""

    def __init__(self, name):
        self.name, self.held, self.token = name, {}, None

    def reads(self, client, world, asked, known):
        """Ask everything; `known` has the ETag and the body by which others were answered."""
        may = world.may_see(self.name)
        headers = world.keys[self.name] if self.name else {}
        for path in asked:
            for again in (False, True):
                answer = client.get(f"/api/v1/{path}", headers=headers)
                echoed = set(MARK.findall(path))
                assert answer.status_code in STATUSES, (self.name, path, answer.text)
                leaked = set(MARK.findall(answer.text)) - may - echoed
                assert not leaked, (self.name, path, again, leaked)
                assert not set(MARK.findall(answer.text)) & world.struck - echoed, (self.name, path)
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

    def manifest(self, client, world):
        """The manifest names what the copy holds, each as it is held, and nothing else."""
        headers = world.keys[self.name] if self.name else {}
        told = client.get("/api/v1/manifest/entries", headers=headers).json()["data"]
        listed = {one["id"]: one["whole_hash"] for one in told if one["type"] in PLURALS}
        assert listed == {one: hashed(canonical(held)) for one, held in self.held.items()}, self.name

    def syncs(self, client, world):
        headers = world.keys[self.name] if self.name else {}
        asked = {"since": self.token} if self.token else {"type": "article,faq"}
        told = client.get("/api/v1/sync", headers=headers, params=asked | {"limit": 100}).json()
        for one in told["data"]:
            if one["event"] == "removed":
                self.held.pop(one["id"], None)
            else:
                self.held[one["id"]] = one["document"]
        self.token = told["token"]
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


class TestReach:
    def test_no_key_sees_what_it_may_not_and_each_sees_what_it_may(self, app, anew):
        with app.app_context():
            watched = storage.db.engine

        @settings(max_examples=RUNS, phases=PHASES, suppress_health_check=list(HealthCheck), deadline=None)
        @given(deeds=st.lists(DEED, min_size=DEEDS, max_size=DEEDS))
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
