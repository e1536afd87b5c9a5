"""The life of entries: whatever verbs come in whatever order, the rules hold, and the past is served as it was.

On SQLite 500 runs of up to 50 steps where CI=true, 60 on a laptop; on PostgreSQL 30 and 5,
since emptying a database there takes longer than living in it. The rules are the same code on both.
"""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from content import (
    corpus,
    documents,
    expiry,
    granting,
    log,
    moments,
    partners,
    publishing,
    reviews,
    schedule,
    types,
    versions,
)
from content.errors import ContentError, ContentRetracted, Elsewhere, Gone, Invalid, NotFound, OwnText
from content.log import ChangeKind, State
from content.partners import ANONYMOUS, Reach
from content.reviews import Reviewer
from content.schedule import Verb
from content.standings import standings
from content.steps import Hold, Release
from content.types import OnReviewDue
from tests.builders import DR_REED, ED, MAY_DAY
from tests.content.lives_model import Life, Model, Refused
from tests.content.machines import FULL, run_on_postgresql, run_on_sqlite
from tests.invariants import invariants

PLACES, TEXTS, SLUGS = st.integers(0, 5), st.sampled_from("abc"), st.sampled_from(["one", "two", "three"])
DAYS, HOURS = st.integers(1, 40), st.integers(0, 60)
MANNERS = st.sampled_from([State.GONE, State.REDIRECTED, State.REPLACED])
MOST_ENTRIES = 4


class Lives(RuleBasedStateMachine):
    """Every verb on a few entries, with a model beside them and what was served kept."""

    open_session = None  # set for each database

    @initialize(policy=st.sampled_from(OnReviewDue))
    def open(self, policy):
        self.database = self.open_session()
        self.session = self.database.__enter__()
        self.now, self.model, self.served, self.renderer = MAY_DAY, Model(policy=policy), {}, 1
        expiry.decide(self.session.get_bind(), {"article": policy})
        self.partner = partners.create(self.session, "Partner", now=self.now).id
        self.session.commit()

    def teardown(self):
        for sequence in self.served:
            self.compare_list(sequence)
            self.compare_found(sequence)
        documents.RENDERER = "verso-1"
        self.database.__exit__(None, None, None)

    # What an editor does

    @precondition(lambda self: len(self.model.lives) < MOST_ENTRIES)
    @rule(kind=st.sampled_from(["article", "article", "topic"]), text=TEXTS, slug=SLUGS)
    def create(self, kind, text, slug):
        made = versions.create(self.session, kind, values(kind, text, slug), locale="en", by=ED, now=self.now)
        self.session.commit()
        life = self.model.lives[made.entry_id] = Life(health=kind == "article", kind=kind)
        life.save(text, slug)

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, text=TEXTS, slug=SLUGS)
    def save(self, place, text, slug):
        key, life = self.entry(place)
        told, gone = values(life.kind, text, slug), text in {life.texts[number] for number in life.erased}
        begun = {"based_on": life.latest, "by": ED, "anew": True, "now": self.now}
        if gone:
            with pytest.raises(ContentRetracted):
                versions.save(self.session, key, told, **begun)
            self.session.rollback()
            return
        versions.save(self.session, key, told, **begun)
        self.session.commit()
        life.save(text, slug)

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, number=PLACES, days=DAYS)
    def sign(self, place, number, days):
        key, life = self.entry(place)
        number, due_on = 1 + number % life.latest, self.now.date() + timedelta(days=days)
        if number in life.erased:
            with pytest.raises(ContentError):
                reviews.sign(self.session, key, number, DR_REED, due_on=due_on, now=self.now)
            return
        # Who wrote it may sign it once another has.
        if not life.reviews.get(life.texts[number]):
            with pytest.raises(OwnText):
                reviews.sign(self.session, key, number, Reviewer(ED, "Ed"), due_on=due_on, now=self.now)
        # What is signed at the very moment at which the words are sent back is sent back with them.
        self.now += timedelta(microseconds=1)
        reviews.sign(self.session, key, number, DR_REED, due_on=due_on, now=self.now)
        self.session.commit()
        life.signed(life.texts[number], self.now, due_on)

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, number=PLACES)
    def take_back(self, place, number):
        """Take the signatures of a version's words back: an act where readers have them, and else none."""
        key, life = self.entry(place)
        number = 1 + number % life.latest
        told = {"by": DR_REED.id, "answer": "Wrong.", "now": self.now}
        self.settle()
        if not life.reviews.get(life.texts[number]):
            with pytest.raises(Invalid):
                publishing.revoke(self.session, key, number, **told)
            self.session.rollback()
            return
        publishing.revoke(self.session, key, number, **told)
        self.model.take_back(life, self.now, number)

    # What changes what is public

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, number=PLACES, forced=st.booleans(), back=st.booleans(), typo=st.booleans())
    def publish(self, place, number, forced, back, typo):
        key, life = self.entry(place)
        number, now = 1 + number % life.latest, self.clock(back)
        kind = ChangeKind.TYPO if typo else ChangeKind.EDITORIAL
        self.act(
            [("publish", key, number, forced, typo)],
            lambda: publishing.publish(
                self.session, key, number, by=ED, kind=kind, forced="Urgent." if forced else None, now=now
            ),
            now,
        )

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, slug=SLUGS)
    def move(self, place, slug):
        key, _ = self.entry(place)
        self.act(
            [("move", key, slug)],
            lambda: publishing.move(self.session, key, slug, by=ED, now=self.now),
            self.now,
        )

    @precondition(lambda self: len(self.model.lives) > 1)
    @rule(place=PLACES, manner=MANNERS, back=st.booleans())
    def withdraw(self, place, manner, back):
        (key, _), (other, _), now = self.entry(place), self.entry(place + 1), self.clock(back)
        target = None if manner == State.GONE else str(other)
        self.act(
            [("withdraw", key, manner)],
            lambda: publishing.withdraw(self.session, key, by=ED, manner=manner, target=target, now=now),
            now,
        )

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, number=PLACES, forced=st.booleans())
    def reinstate(self, place, number, forced):
        key, life = self.entry(place)
        number = 1 + number % life.latest
        self.act(
            [("reinstate", key, number, forced)],
            lambda: publishing.reinstate(
                self.session, key, number, by=ED, forced="Urgent." if forced else None, now=self.now
            ),
            self.now,
        )

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, number=PLACES)
    def retract(self, place, number):
        key, life = self.entry(place)
        number = 1 + number % life.latest
        self.act(
            [("retract", key, number)],
            lambda: publishing.retract(self.session, key, [number], note="Wrong.", by=ED, now=self.now),
            self.now,
        )

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, number=PLACES)
    def erase(self, place, number):
        key, life = self.entry(place)
        number = 1 + number % life.latest
        self.act(
            [("erase", key, number)],
            lambda: publishing.erase(self.session, key, [number], by=ED, now=self.now),
            self.now,
        )

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES)
    def hold(self, place):
        key, _ = self.entry(place)
        self.act([("hold", key)], lambda: publishing.hold(self.session, key, by=ED, now=self.now), self.now)

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES)
    def release(self, place):
        key, _ = self.entry(place)
        self.act(
            [("release", key)], lambda: publishing.release(self.session, key, by=ED, now=self.now), self.now
        )

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, days=DAYS)
    def rereview(self, place, days):
        key, _ = self.entry(place)
        self.now += timedelta(microseconds=1)
        due_on = self.now.date() + timedelta(days=days)
        self.act(
            [("rereview", key, self.now, due_on)],
            lambda: publishing.rereview(self.session, key, DR_REED, due_on=due_on, now=self.now),
            self.now,
        )

    @precondition(lambda self: any(life.live for life in self.model.lives.values()))
    @rule()
    def rerender(self):
        self.renderer += 1
        documents.RENDERER = f"verso-{self.renderer}"
        live = [("rerender", key) for key, life in self.model.lives.items() if life.live]
        self.act(live, lambda: publishing.rerender(self.session, by=ED, now=self.now), self.now)

    @precondition(lambda self: len(self.model.lives) > 1)
    @rule(forced=st.booleans())
    def act_of_many(self, forced):
        """Publish every newest version, hold what is live with it, release what is held: one act, or none of it."""
        deeds, steps = [], []
        for key, life in self.model.lives.items():
            if life.state == State.HELD:
                deeds.append(("release", key))
                steps.append(Release(entry_id=key))
            elif life.live == life.latest:
                deeds.append(("hold", key))
                steps.append(Hold(entry_id=key))
            else:
                deeds.append(("publish", key, life.latest, forced))
                steps.append(publishing.publication(self.session, key, life.latest, forced=forced))
        reason = "Urgent." if forced else None
        self.act(
            deeds,
            lambda: publishing.perform(self.session, steps, by=ED, reason=reason, now=self.now),
            self.now,
        )

    @rule(licensed=st.booleans())
    def grant(self, licensed):
        reach = Reach(audiences=("licensed",) if licensed else ("public",))
        self.act([], lambda: granting.grant(self.session, self.partner, reach, by=ED, now=self.now), self.now)

    # Time

    @precondition(lambda self: self.model.lives)
    @rule(place=PLACES, number=PLACES, verb=st.sampled_from(Verb), hours=HOURS, forced=st.booleans())
    def plan(self, place, number, verb, hours, forced):
        key, life = self.entry(place)
        due_at = self.now + timedelta(hours=hours, microseconds=1 + len(self.model.plans))
        number = 1 + number % life.latest if verb in (Verb.PUBLISH, Verb.REINSTATE) else None
        told = {"forced": True, "reason": "Urgent."} if forced and number else {}
        told |= {"due_at": due_at, "by": ED, "version": number, "now": self.now}
        if number in life.erased or (number and self.model.waits_beside(key, verb.value, number, due_at)):
            with pytest.raises(Invalid):
                schedule.schedule(self.session, verb, key, **told)
            self.session.rollback()
            return
        schedule.schedule(self.session, verb, key, **told)
        self.session.commit()
        withdrawal = (State.GONE, self.model.over(key, due_at), self.now)
        rest = {Verb.WITHDRAW: withdrawal}.get(verb, (number, "forced" in told) if number else ())
        self.model.plans.append((due_at, verb.value, key, *rest))
        self.model.planned_over[self.model.plans[-1]] = life.live

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)
        self.settle()

    # What must hold after each of them

    @invariant()
    def the_rules_hold(self):
        invariants(self.session)
        assert log.head(self.session).sequence == self.model.sequence
        assert self.told_states() == {
            key: (life.state, life.live, life.latest, life.shown if life.live else None)
            for key, life in self.model.lives.items()
        }
        self.watch()
        self.compare_list(hash(self.now) % len(self.served))
        self.session.rollback()

    def watch(self):
        """Keep what is served at each sequence that is new."""
        for sequence in range(len(self.served), self.model.sequence + 1):
            self.served[sequence] = self.seen(sequence)

    def told_states(self):
        return {
            key: (
                one.state,
                one.live.version if one.live else None,
                one.entry.latest,
                (one.live.review["status"], one.live.review_due_on) if one.live else None,
            )
            for key, one in standings(self.session, list(self.model.lives)).items()
        }

    def seen(self, sequence):
        """What anybody is served at a sequence: each list with its stored bytes, and each entry by its id."""
        return self.listed(sequence), {key: self.found(key, sequence) for key in self.model.lives}

    def listed(self, sequence):
        return [
            told(item)
            for kind in ("article", "topic")
            for item in corpus.page(
                self.session, types.get(kind), corpus.Filters(), at=sequence, reach=ANONYMOUS, limit=100
            )
        ]

    def found(self, key, sequence):
        kind = types.get(self.model.lives[key].kind)
        try:
            item = corpus.find(self.session, kind, key, locale="en", at=sequence, reach=ANONYMOUS)
        except Gone as gone:
            return gone.version, gone.notice.reason, gone.notice.sequence
        except Elsewhere as elsewhere:
            return elsewhere.entry_id
        except NotFound:
            return None
        return told(item)

    def compare_list(self, sequence):
        """A list is served alike for ever, but for stubs of what was struck since."""
        for before, now in zip(self.served[sequence][0], self.listed(sequence), strict=True):
            assert now == self.expected(before), sequence

    def compare_found(self, sequence):
        """So is each entry."""
        for key, before in self.served[sequence][1].items():
            now, reason = self.found(key, sequence), isinstance(before, dict) and self.reason(before)
            if reason:
                assert now[:2] == (before["version"], reason), sequence
            else:
                assert now == before, sequence

    def expected(self, before):
        reason = self.reason(before)
        return {**before, "json": None, "reason": reason} if reason else before

    def reason(self, before):
        """Why a version that was served is a stub now, or None."""
        life = self.model.lives[before["id"]]
        struck = life.struck.get(life.texts[before["version"]])
        return State.ERASED if before["version"] in life.erased else struck

    # How it is done

    def entry(self, place):
        keys = list(self.model.lives)
        key = keys[place % len(keys)]
        return key, self.model.lives[key]

    def clock(self, back):
        return self.now - timedelta(hours=30) if back else self.now

    def settle(self):
        self.model.settle(self.now)
        moment = moments.present(self.session, now=self.now)
        assert moment.sequence == self.model.sequence
        self.watch()

    def act(self, deeds, do, now):
        self.settle()
        try:
            self.model.act(now, *deeds)
        except Refused:
            with pytest.raises(ContentError):
                do()
            return
        assert do().sequence == self.model.sequence


def told(item):
    edition = item.edition
    return {
        "id": edition.entry_id,
        "version": edition.version,
        "from": edition.from_sequence,
        "review": edition.review,
        "dates": (edition.first_published_at, edition.published_at, edition.updated_at),
        "json": item.json,
        "reason": item.notice.reason if item.notice else None,
    }


def values(kind, text, slug):
    title = {"article": {"title": "Title", "body": text}, "topic": {"name": text}}[kind]
    return {**title, "slug": slug}


class TestLives:
    @pytest.mark.parametrize("share", range(4))
    def test_they_keep_every_rule_on_sqlite(self, sqlite_template, share):
        run_on_sqlite(Lives, sqlite_template, 125 if FULL else 15)

    def test_they_keep_every_rule_on_postgresql(self, postgresql_database):
        run_on_postgresql(Lives, postgresql_database, 30 if FULL else 5)
