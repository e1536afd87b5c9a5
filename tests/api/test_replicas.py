"""Storms: while all verbs come in any order, copies stay equal to the API, the past to itself, and walks whole.

A few runs on a laptop; more, where CI=true or VERSO_LONG=1.
"""

import os
import random
import shutil
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy.orm import Session

from content import moments
from storage import db
from tests.api.deeds import begin, some_deed
from tests.api.replicas import API, PLURALS, Replica, Walk, some_filters, struck_since
from tests.builders import MAY_DAY
from tests.databases import empty

LONG = os.environ.get("CI") == "true" or os.environ.get("VERSO_LONG") == "1"
PHASES = [phase for phase in Phase if phase != Phase.shrink or os.environ.get("VERSO_SHRINK") == "1"]
SEEDS, LIMITS = st.integers(0, 2**32), st.sampled_from([1, 2, 5, 100])
SORTS = st.sampled_from(["newest", "oldest", "updated", "title", "review_due"])


class Storm(RuleBasedStateMachine):
    """Deeds, with copies, walks and kept answers beside them."""

    app = fresh = None  # set for each database below

    @initialize(seed=SEEDS)
    def open(self, seed):
        self.fresh()
        with self.app.app_context():
            self.session = Session(db.engine)
        self.client, self.now = self.app.test_client(), MAY_DAY
        self.replicas, self.walks, self.kept = [Replica({})], [], {}
        begin(self.session, random.Random(seed), self.now)

    def teardown(self):
        for replica in self.replicas:
            self.finish(replica, most=100)
        for path, (body, sequence) in self.kept.items():
            if not struck_since(self.session, sequence):
                assert self.get(path).data == body, path
        self.session.close()

    def get(self, path):
        """Read at the storm's own moment."""
        present = moments.present(self.session, now=self.now)
        self.session.rollback()
        return self.client.get(path, environ_overrides={"verso.moment": present})

    @rule(seed=SEEDS, many=st.integers(1, 3), hours=st.integers(0, 60))
    def deeds(self, seed, many, hours):
        chance = random.Random(seed)
        for _ in range(many):
            some_deed(self.session, chance, self.now)
        self.now += timedelta(hours=hours)

    @rule(seed=SEEDS)
    def begin_a_copy(self, seed):
        self.replicas = self.replicas[-2:]
        self.replicas.append(Replica(some_filters(self.session, random.Random(seed), self.now)))

    @rule(place=st.integers(0, 2), limit=LIMITS)
    def read_a_page(self, place, limit):
        self.read(self.replicas[place % len(self.replicas)], limit)

    @rule(place=st.integers(0, 2), limit=LIMITS)
    def bring_up_to_date(self, place, limit):
        self.finish(self.replicas[place % len(self.replicas)], limit)

    def finish(self, replica, limit=100, most=2):
        """End the walk that a copy is in, then come to the present and compare."""
        while replica.path:
            self.read(replica, limit, 0)
        while not self.read(replica, limit, most):
            pass

    def read(self, replica, limit, most=2):
        sequence = replica.sync(self.get, limit)
        if sequence is not None and not struck_since(self.session, sequence):
            replica.compare(self.get, sequence, most=most)
        return sequence

    @rule(
        plural=st.sampled_from(list(PLURALS.values())), sort=SORTS, locale=st.sampled_from(["", "&locale=en"])
    )
    def begin_a_walk(self, plural, sort, locale):
        sort = "newest" if sort == "review_due" and plural not in ("articles", "faqs") else sort
        self.walks.append(Walk(f"{API}/{plural}?limit=2&sort={sort}{locale}"))

    @rule(place=st.integers(0, 7))
    def go_on_walking(self, place):
        if not self.walks:
            return
        walk = self.walks[place % len(self.walks)]
        if walk.go_on(self.get):
            walk.compare(self.get)
            self.walks.remove(walk)

    @rule(plural=st.sampled_from(list(PLURALS.values())), sort=SORTS)
    def keep_answers(self, plural, sort):
        """Keep a list with its count, and each of its entries, as they are served at the newest sequence."""
        sequence = int(self.get(f"{API}/sync/head").headers["Verso-Sequence"])
        at = f"as_of={sequence}"
        sort = "newest" if sort == "review_due" and plural not in ("articles", "faqs") else sort
        listed = self.get(f"{API}/{plural}?total=true&limit=100&sort={sort}&{at}")
        self.kept[listed.request.full_path] = (listed.data, sequence)
        for one in listed.get_json()["data"]:
            alone = self.get(f"{API}/{plural}/{one['id']}?{at}")
            self.kept[alone.request.full_path] = (alone.data, sequence)


@pytest.fixture
def fresh(request, database_url, app, tmp_path):
    """Empty the app's database."""

    def fresh():
        if database_url.startswith("postgresql"):
            empty(database_url)
            return
        with app.app_context():
            db.engine.dispose()
        for log in tmp_path.glob("verso.db-*"):
            log.unlink()
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "verso.db")

    return fresh


class TestStorm:
    def test_copies_the_past_and_walks_hold(self, app, fresh, database_url):
        machine = type("Storm", (Storm,), {"app": app, "fresh": staticmethod(fresh)})
        runs = (8 if LONG else 3) if database_url.startswith("sqlite") else (4 if LONG else 2)
        chosen = settings(
            max_examples=runs,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=PHASES,
        )

        run_state_machine_as_test(machine, settings=chosen)
