"""Own words: in whatever order people work on a text, nobody signs words that are theirs and no other has signed."""

from contextlib import contextmanager, suppress
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from content import arranging, publishing, reviews, versions
from content.errors import Invalid, OwnText, Refused, SaveClash
from content.reviews import Reviewer
from content.standings import standings
from tests.builders import DR_FINN, DR_REED, ED, MAY_DAY, NEXT_YEAR, an_article, faq_values
from tests.builders import publish as published
from tests.content.machines import FULL, run_on_postgresql, run_on_sqlite

DR_GRAY = Reviewer("person:gray", "Dr. Eve Gray", "MD")
ANN = "person:ann"
WRITERS = st.sampled_from([DR_REED.id, DR_REED.id, ANN, DR_FINN.id])
REVIEWERS = st.sampled_from([DR_REED, DR_REED, DR_FINN, DR_GRAY])
PLACES, BACK = st.integers(0, 11), st.sampled_from([0, 0, 0, 0, 1, 2, 3, 5, 8])


class Writing(RuleBasedStateMachine):
    """An FAQ that writers and reviewers who write too work on, beside another in their article.

    Every word is new, and the machine knows who wrote it, and who signed it; one that somebody copies stays whose it
    was. It knows nothing of how versions come of each other.
    """

    open_session = None  # set for each database

    @initialize()
    def open(self):
        self.database = self.open_session()
        self.session = self.database.__enter__()
        self.now, self.wrote, self.signatures = MAY_DAY, {}, []
        article = an_article(self.session)
        self.row = [self.made(article, slug) for slug in ("first", "second")]
        self.faq = self.row[0]

    def teardown(self):
        self.database.__exit__(None, None, None)

    def made(self, article, slug):
        told = faq_values(answer=self.word(ANN), slug=slug, article=str(article.entry_id))
        made = versions.create(self.session, "faq", told, locale="en", by=ANN, now=self.now)
        published(self.session, made, forced="Urgent.", now=self.now)
        return made.entry_id

    # Who writes

    @rule(writer=WRITERS, place=PLACES, behind=BACK)
    def add(self, writer, place, behind):
        self.save(writer, behind, lambda words: words.insert(place % (len(words) + 1), self.word(writer)))

    @rule(writer=WRITERS, place=PLACES, behind=BACK)
    def take_out(self, writer, place, behind):
        self.save(writer, behind, lambda words: words.pop(place % len(words)) if words[3:] else None)

    @rule(writer=WRITERS, place=PLACES)
    def copy(self, writer, place):
        self.save(writer, 0, lambda words: words.append(list(self.wrote)[place % len(self.wrote)]))

    @rule(writer=WRITERS, behind=PLACES)
    def restore(self, writer, behind):
        newest, chosen = self.newest(), self.chosen(behind)
        values, told = chosen.values, {"based_on": newest.number, "by": writer, "anew": True}
        versions.save(self.session, self.faq, values, now=self.next(), **told)
        self.session.commit()

    # Who places and publishes

    @rule(by=st.sampled_from([ED, DR_REED.id]))
    def publish_another_order(self, by):
        self.row.reverse()
        arranging.arrange(self.session, self.row, by=by, now=self.next())
        arranging.publish_order(self.session, self.row, "article", by=by, now=self.now)
        self.session.commit()

    @rule()
    def move(self):
        publishing.move(
            self.session, self.faq, f"moved-{len(self.wrote)}-{self.now:%j-%H}", by=ED, now=self.next()
        )

    @rule(behind=BACK)
    def publish(self, behind):
        number, now = self.chosen(behind).number, self.next()
        with suppress(Refused):
            publishing.publish(self.session, self.faq, number, by=ED, forced="Urgent.", now=now)

    # Who signs

    @rule(reviewer=REVIEWERS, behind=BACK)
    def sign(self, reviewer, behind):
        chosen = self.chosen(behind)
        with self.judged(reviewer, chosen):
            told = {"due_on": NEXT_YEAR, "now": self.next()}
            reviews.sign(self.session, self.faq, chosen.number, reviewer, **told)
            self.session.commit()

    @rule(reviewer=REVIEWERS)
    def sign_what_is_live(self, reviewer):
        live = standings(self.session, [self.faq])[self.faq].live
        shown = versions.version(self.session, self.faq, live.version)
        with self.judged(reviewer, shown):
            publishing.rereview(self.session, self.faq, reviewer, due_on=NEXT_YEAR, now=self.next())

    @rule(behind=BACK)
    def take_back(self, behind):
        chosen = self.chosen(behind)
        told = {"by": DR_GRAY.id, "answer": "Wrong."}
        with suppress(Invalid):
            reviews.revoke(self.session, self.faq, chosen.number, now=self.next(), **told)
            self.session.commit()
            content = chosen.content_hash
            self.signatures = [one for one in self.signatures if one[1] != content]
        self.session.rollback()

    # How it is done

    def save(self, writer, behind, change):
        base = self.chosen(behind)
        words, wrote = base.values["answer"].split(), dict(self.wrote)
        change(words)
        values = {**base.values, "answer": " ".join(words)}
        try:
            told = {"based_on": base.number, "by": writer, "now": self.next()}
            versions.save(self.session, self.faq, values, **told)
        except SaveClash:
            # What nobody has saved is nobody's to copy.
            self.wrote = wrote
            self.session.rollback()
        self.session.commit()

    @contextmanager
    def judged(self, reviewer, chosen):
        """See to it that a signature is of others' words, or signed by others; who wrote nothing may sign all."""
        words = set(chosen.values["answer"].split())
        own = {word for word in words if self.wrote[word] == reviewer.id}
        others = [signed for by, _, signed in self.signatures if by != reviewer.id]
        try:
            yield
        except OwnText:
            self.session.rollback()
            assert reviewer != DR_GRAY
            return
        assert own <= set().union(*others), (reviewer.id, own)
        self.signatures.append((reviewer.id, chosen.content_hash, words))

    def word(self, writer):
        word = f"word{len(self.wrote)}"
        self.wrote[word] = writer
        return word

    def newest(self):
        return versions.latest(self.session, self.faq)

    def chosen(self, behind):
        """The version so many behind the newest."""
        return versions.version(self.session, self.faq, max(1, self.newest().number - behind))

    def next(self):
        self.now += timedelta(minutes=1)
        return self.now


class TestOwnWords:
    @pytest.mark.parametrize("share", range(2))
    def test_nobody_signs_them_on_sqlite(self, sqlite_template, share):
        run_on_sqlite(Writing, sqlite_template, 60 if FULL else 10)

    def test_nobody_signs_them_on_postgresql(self, postgresql_database):
        run_on_postgresql(Writing, postgresql_database, 10 if FULL else 3)
