"""A cache that is purged of each act's groups, and of nothing else, never holds an answer that is not true any more.

Nor do the texts that are made ahead, which are taken by the same groups.

Deeds at random, on SQLite and on PostgreSQL: 3 runs of 10 deeds on a laptop, 4 of 12 where CI=true or VERSO_LONG=1.
"""

import os
import random
import re
import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import storage
from content import (
    database,
    granting,
    grants,
    groups,
    log,
    moments,
    publishing,
    schedule,
    settling,
    types,
    versions,
)
from content.errors import ContentError
from content.log import State
from content.partners import Reach
from content.reach import is_always_alike
from content.wholes import Wholes
from tests.builders import DR_REED, ED, article_values, faq_values
from tests.databases import empty

LONG = os.environ.get("CI") == "true" or os.environ.get("VERSO_LONG") == "1"
RUNS, DEEDS, READS = (4, 12, 30) if LONG else (3, 10, 20)
SLUGS = ("one", "two", "three")
TYPES = {"article": "articles", "faq": "faqs", "topic": "topics", "author": "authors"}
# Shrinking takes minutes: ask for it with VERSO_SHRINK=1 once there is something to shrink.
PHASES = [phase for phase in Phase if phase != Phase.shrink or os.environ.get("VERSO_SHRINK") == "1"]
NUMBERS = st.integers(0, 99)
DEED = st.tuples(
    st.sampled_from(
        "save save save publish_two move withdraw redirect replace reinstate retract erase hold release review create"
        " translate say".split()
    ),
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.booleans(),
)


class Newsroom:
    """A few entries that name one another, and every deed on them; a deed that is refused changes nothing."""

    def __init__(self, session):
        self.session, self.now = session, database.clock(session)
        self.ids = {name: [] for name in TYPES}
        for name in (*("topic",) * 3, *("author",) * 2, *("article",) * 3, *("faq",) * 3):
            self.make(name, len(self.ids[name]), 1, 2)

    def every(self):
        return [(name, one) for name, ids in self.ids.items() for one in ids]

    def do(self, deed, *numbers):
        try:
            getattr(self, deed)(*numbers)
        except ContentError:
            self.session.rollback()

    def values(self, name, a, b, c):
        def some(of, number):
            return [str(self.ids[of][number % len(self.ids[of])])] if self.ids[of] and number % 4 else []

        slug, words = SLUGS[a % 3], f"{a} {b} {c}"
        if name == "article":
            return article_values(
                title=words,
                slug=slug,
                topics=some("topic", b),
                authors=some("author", c),
                tags=["t"] if a % 2 else [],
                audience="licensed" if c % 7 == 6 else "public",
            )
        if name == "faq":
            article = next(iter(some("article", c)), None)
            return faq_values(question=words, slug=slug, topics=some("topic", b), article=article)
        if name == "topic":
            return {"name": words, "slug": slug, "parent": next(iter(some("topic", b)), None)}
        return {"name": words, "slug": slug, "kind": "person"}

    def create(self, a, b, c):
        self.make(list(TYPES)[a % 4], a, b, c)

    def make(self, name, a, b, c, **told):
        values, told = self.values(name, a, b, c), {"locale": "en", **told}
        made = versions.create(self.session, name, values, by=ED, now=self.now, **told)
        self.session.commit()
        self.ids[name].append(made.entry_id)
        self.show(made)

    def translate(self, a, b, c):
        name = "article" if a % 2 else "faq"
        of = self.ids[name][b % len(self.ids[name])]
        self.make(name, a, b, c, locale="de", translation_of=of)

    def show(self, version):
        forced = "A storm."
        publishing.publish(self.session, version.entry_id, version.number, by=ED, forced=forced, now=self.now)

    def pick(self, a):
        return self.every()[a % len(self.every())]

    def saved(self, a, b, c):
        name, key = self.pick(a)
        newest = versions.latest(self.session, key)
        saved = versions.save(
            self.session, key, self.values(name, b, c, a), based_on=newest.number, by=ED, now=self.now
        )
        self.session.commit()
        return saved

    def save(self, a, b, c):
        self.show(self.saved(a, b, c))

    def publish_two(self, a, b, c):
        both = [self.saved(a, b, c), self.saved(a + 1, c, b)]
        steps = [publishing.publication(self.session, one.entry_id, one.number, forced=True) for one in both]
        publishing.perform(self.session, steps, by=ED, reason="A storm.", now=self.now)

    def move(self, a, b, c):
        publishing.move(self.session, self.pick(a)[1], SLUGS[b % 3], by=ED, now=self.now)

    def withdraw(self, a, b, c, manner=State.GONE):
        target = None if manner == State.GONE else str(self.pick(b)[1])
        publishing.withdraw(self.session, self.pick(a)[1], by=ED, manner=manner, target=target, now=self.now)

    def redirect(self, a, b, c):
        self.withdraw(a, b, c, State.REDIRECTED)

    def replace(self, a, b, c):
        self.withdraw(a, b, c, State.REPLACED)

    def say(self, a, b, c):
        """Let everybody read all, or what is filed under a topic."""
        topics = self.ids["topic"]
        reach = Reach(topics=(topics[b % len(topics)],)) if a % 3 else Reach()
        granting.let_everybody(self.session, reach, by=ED, now=self.now)

    def number(self, key, b):
        return 1 + b % versions.latest(self.session, key).number

    def reinstate(self, a, b, c):
        key = self.pick(a)[1]
        number = self.number(key, b)
        publishing.reinstate(self.session, key, number, by=ED, forced="A storm.", now=self.now)

    def retract(self, a, b, c):
        key = self.pick(a)[1]
        publishing.retract(self.session, key, [self.number(key, b)], note="Wrong.", by=ED, now=self.now)

    def erase(self, a, b, c):
        key = self.pick(a)[1]
        publishing.erase(self.session, key, [self.number(key, b)], by=ED, now=self.now)

    def hold(self, a, b, c):
        publishing.hold(self.session, self.pick(a)[1], by=ED, now=self.now)

    def release(self, a, b, c):
        publishing.release(self.session, self.pick(a)[1], by=ED, now=self.now)

    def review(self, a, b, c):
        """Sign a live text until tomorrow; half the time let that day come."""
        key, tomorrow = self.pick(a)[1], (self.now + timedelta(days=1)).date()
        publishing.rereview(self.session, key, DR_REED, due_on=tomorrow, now=self.now)
        if b % 2:
            self.now = schedule.midnight(tomorrow)
            settling.settle(self.session, now=self.now)


def paths(newsroom, sequence):
    """Reads of every kind, by everything that a reader may name."""
    for plural in TYPES.values():
        yield f"{plural}?total=true"
        yield f"{plural}?limit=2"
        yield f"{plural}?as_of={sequence}"
        yield from (f"{plural}/{slug}" for slug in (*SLUGS, "never"))
        yield f"{plural}/two/versions"
    for plural in ("articles", "faqs"):
        yield f"{plural}?locale=de"
        yield from (f"{plural}?topic={slug}" for slug in SLUGS)
        yield from (f"{plural}?topic={one}&total=true" for one in newsroom.ids["topic"])
        yield f"{plural}?topic=one&as_of={sequence}"
    yield from (f"faqs?article={slug}" for slug in SLUGS)
    yield from (f"faqs?article={one}" for one in newsroom.ids["article"])
    for name, one in newsroom.every():
        yield f"{TYPES[name]}/{one}"
        yield f"{TYPES[name]}/{one}/versions/1"
        yield f"{TYPES[name]}/{one}?as_of={sequence}"
    yield "changes"


class Cache:
    """Answers under their groups; it forgets what it is told to and nothing else."""

    def __init__(self, client):
        self.client, self.kept = client, {}

    def purge(self, names):
        self.kept = {path: told for path, told in self.kept.items() if not told[0] & set(names)}

    def fill(self, asked, *, checked):
        for path in asked:
            answer = self.client.get(f"/api/v1/{path}")
            told = set(answer.headers["Surrogate-Key"].split()), substance(answer)
            if checked and path in self.kept:
                assert self.kept[path][1] == told[1], path
            self.kept.setdefault(path, told)


class Ahead:
    """Texts made ahead, which follow the log where they are told to."""

    def __init__(self, client, session):
        self.client, self.session, self.kept = client, session, Wholes(budget=10_000_000)

    def check(self, newsroom):
        """Follow; then all that is live is at hand, by its id and by its slug, and just as it is answered."""
        self.session.rollback()
        moment = moments.present(self.session)
        self.kept.meet(moment)
        while self.kept.is_behind:
            self.kept.go_on(self.session)
        reach = grants.everybodys(self.session, moment.sequence)
        for name, one in newsroom.every():
            answer = self.client.get(f"/api/v1/{TYPES[name]}/{one}")
            told = answer.get_json() if answer.status_code == 200 else {}
            for key in (one, told.get("slug", "none")):
                whole = self.kept.known(
                    types.get(name), key, locale=told.get("locale", "en"), moment=moment, reach=reach
                )
                at_hand = told and is_always_alike(reach)
                assert (whole.json if whole else None) == (answer.data if at_hand else None), key


def substance(answer):
    """What an answer says; a cursor names the sequence at which its walk began, and any one is as true."""
    return answer.status_code, answer.location, re.sub(r"cursor=[\w-]+", "cursor", answer.text)


@pytest.fixture
def anew(database_url, app, engine, sqlite_template):
    """Empty the database that the app stands on."""

    def anew():
        if database_url.startswith("postgresql"):
            return empty(database_url)
        with app.app_context():
            storage.db.engine.dispose()
        engine.dispose()  # whoever closes a file last takes its write-ahead log away
        return shutil.copy(sqlite_template, database_url.removeprefix("sqlite:///"))

    return anew


class TestTouched:
    def test_it_names_every_answer_that_an_act_makes_untrue(self, app, session, anew):
        @settings(max_examples=RUNS, phases=PHASES, suppress_health_check=list(HealthCheck), deadline=None)
        @given(deeds=st.lists(DEED, min_size=DEEDS, max_size=DEEDS), chance=st.integers(0, 10**6))
        def storm(deeds, chance):
            session.close()
            anew()
            newsroom, cache = Newsroom(session), Cache(app.test_client())
            ahead = Ahead(app.test_client(), session)
            ahead.check(newsroom)
            purged = log.head(session).sequence
            asked = random.Random(chance).sample(list(paths(newsroom, purged)), READS)
            cache.fill(asked, checked=False)
            for deed, *numbers, at_once in deeds:
                newsroom.do(deed, *numbers)
                session.rollback()
                newest = log.head(session).sequence
                if at_once:
                    touched = groups.touched(session, after=purged, until=newest)
                    cache.purge(groups.told(touched, app.config["SECRET_KEY"].encode()))
                    purged = newest
                    ahead.check(newsroom)
                cache.fill(asked, checked=at_once)

        storm()
