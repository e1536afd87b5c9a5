"""Wholes are what expansion makes of the same texts, and follow the log."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest

from content import corpus, expansion, granting, grants, groups, moments, publishing, types, versions, wholes
from content.errors import Gone
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED
from content.wholes import Wholes
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    publish,
    saved,
)

ARTICLE, FAQ, TOPIC = (types.get(name) for name in ("article", "faq", "topic"))


@pytest.fixture
def texts(session):
    """A live article on a topic, with an author and a question; another article; a draft; one for licensed readers."""
    topic = a_topic(session)
    article = a_live_article(session, topics=[topic], authors=[an_author(session)])
    a_live_faq(session, slug="does-it-hurt", article=str(article.entry_id))
    a_live_article(session, slug="legs")
    a_live_article(session, slug="for-some", audience=LICENSED)
    an_article(session, slug="draft")
    session.commit()
    return article


@pytest.fixture
def kept(session, texts):
    """Everything made."""
    made = Wholes(budget=1_000_000)
    go_on(session, made)
    return made


def go_on(session, kept):
    kept.meet(now(session))
    while kept.is_behind:
        kept.go_on(session)


SLUGS = [(ARTICLE, "clots"), (ARTICLE, "legs"), (FAQ, "does-it-hurt"), (TOPIC, "veins")]


def now(session):
    session.rollback()
    return moments.present(session, now=MAY_DAY)


def known(session, kept, declared, key, *, at=None, reach=ANONYMOUS, locale="en"):
    return kept.known(declared, key, locale=locale, moment=at or now(session), reach=reach)


def told(session, declared, key):
    at = now(session).sequence
    item = corpus.find(session, declared, key, locale="en", at=at, reach=ANONYMOUS)
    return expansion.whole(session, declared, item, at=at, reach=ANONYMOUS)


def is_right(session, kept, declared, key):
    return orjson.loads(known(session, kept, declared, key).json) == orjson.loads(
        orjson.dumps(told(session, declared, key))
    )


class TestWholes:
    def test_they_are_what_expansion_makes(self, session, kept, texts):
        assert is_right(session, kept, ARTICLE, texts.entry_id)
        assert is_right(session, kept, ARTICLE, texts.values["slug"])
        assert is_right(session, kept, FAQ, "does-it-hurt")
        assert is_right(session, kept, TOPIC, "veins")
        assert known(session, kept, ARTICLE, "legs").named == frozenset()
        names = known(session, kept, ARTICLE, texts.entry_id).named
        assert names == {
            groups.entry(UUID(one)) for one in (*texts.values["topics"], *texts.values["authors"])
        }

    def test_no_statement_is_sent_for_what_is_at_hand(self, session, kept, texts, statements):
        at = now(session)
        statements.clear()

        assert known(session, kept, ARTICLE, "clots", at=at)
        assert not kept.is_behind
        assert statements == []

    def test_there_are_none_of_what_is_not_everybody_s(self, session, kept, texts):
        assert known(session, kept, ARTICLE, "for-some") is None
        assert known(session, kept, ARTICLE, "draft") is None
        assert known(session, kept, ARTICLE, "legs", locale="de") is None
        assert known(session, kept, FAQ, texts.entry_id) is None
        assert known(session, kept, ARTICLE, "legs", reach=(Reach(audiences=(LICENSED,)),)) is None
        assert known(session, kept, ARTICLE, None) is None

    def test_an_act_takes_what_it_touched_and_nothing_else(self, session, kept, texts, statements):
        before = known(session, kept, ARTICLE, "legs")
        publish(session, saved(session, texts, title="Another title"), forced="A test.")

        assert known(session, kept, ARTICLE, "legs") is None, "nobody knows yet what the act touched"
        kept.meet(now(session))
        kept.go_on(session)

        assert known(session, kept, ARTICLE, "legs") is before
        go_on(session, kept)
        assert is_right(session, kept, ARTICLE, texts.entry_id)
        assert b"Another title" in known(session, kept, ARTICLE, texts.entry_id).json
        assert b"Another title" in known(session, kept, FAQ, "does-it-hurt").json

    def test_a_reader_who_began_before_an_act_is_handed_nothing_of_it(self, session, kept, texts):
        began = now(session)

        class Slow(dict):
            """Is asked, and an act is done and followed before it answers."""

            def get(self, key):
                publish(session, saved(session, texts, title="Another title"), forced="A test.")
                go_on(session, kept)
                return super().get(key)

        shelf = kept._shelf
        shelf.by_id = Slow(shelf.by_id)

        assert known(session, kept, ARTICLE, texts.entry_id, at=began) is None
        assert known(session, kept, ARTICLE, "legs", at=began) is None

    def test_the_log_is_not_followed_where_it_has_not_moved(self, session, texts, statements, monkeypatch):
        monkeypatch.setattr(wholes, "AT_ONCE", 1)
        made = Wholes(budget=1_000_000)
        made.meet(now(session))
        made.go_on(session)
        assert made.is_behind
        statements.clear()

        made.go_on(session)

        assert statements
        assert not [one for one in statements if "FROM line" in one]

    def test_nothing_is_left_of_a_log_that_was_restored(self, session, kept, texts):
        began = now(session)
        other = replace(began, at=began.at - timedelta(hours=1))

        assert known(session, kept, ARTICLE, "legs", at=other) is None

        # As if what it has followed so far had been another act, which the log does not have any more.
        before, kept._shelf.end = known(session, kept, ARTICLE, "legs"), other.end
        publish(session, saved(session, texts, title="Another title"), forced="A test.")
        go_on(session, kept)

        assert known(session, kept, ARTICLE, "legs") is not before
        assert is_right(session, kept, ARTICLE, "legs")

    def test_nothing_is_left_of_what_a_log_had_beyond_its_end(self, session, kept, texts):
        before = known(session, kept, ARTICLE, "legs")
        epoch, sequence, at = now(session).end
        kept._shelf.end = epoch, sequence + 3, at

        publish(session, saved(session, texts, title="Another title"), now=MAY_DAY + HOUR, forced="A test.")
        kept.meet(moments.present(session, now=MAY_DAY + HOUR))
        kept.go_on(session)

        assert known(session, kept, ARTICLE, "legs") is not before

    def test_what_is_moved_is_found_where_it_is(self, session, kept, texts):
        publishing.move(session, texts.entry_id, "elsewhere", by=ED, now=MAY_DAY)
        go_on(session, kept)

        assert known(session, kept, ARTICLE, texts.values["slug"]) is None
        assert known(session, kept, ARTICLE, "elsewhere").entry_id == texts.entry_id

    def test_two_that_change_places_are_both_right(self, session, kept, texts):
        [own], other = [texts.values["slug"]], known(session, kept, ARTICLE, "legs").entry_id
        steps = [
            publishing.publication(
                session, version.entry_id, saved(session, version, slug=slug).number, forced=True
            )
            for version, slug in ((texts, "legs"), (versions.latest(session, other), own))
        ]
        publishing.perform(session, steps, by=ED, reason="A test.", now=MAY_DAY)
        go_on(session, kept)

        assert known(session, kept, ARTICLE, "legs").entry_id == texts.entry_id
        assert known(session, kept, ARTICLE, own).entry_id == other

    def test_what_is_withdrawn_is_gone_and_what_is_new_is_there(self, session, kept, texts):
        publishing.withdraw(session, texts.entry_id, by=ED, now=MAY_DAY)
        a_live_article(session, slug="new")
        go_on(session, kept)

        assert known(session, kept, ARTICLE, texts.entry_id) is None
        with pytest.raises(Gone):
            told(session, ARTICLE, texts.entry_id)
        assert is_right(session, kept, ARTICLE, "new")

    def test_nothing_is_kept_of_what_was_struck(self, session, kept, texts):
        publishing.retract(session, texts.entry_id, [1], note="It was wrong.", by=ED, now=MAY_DAY)
        go_on(session, kept)

        assert known(session, kept, ARTICLE, texts.entry_id) is None
        assert known(session, kept, ARTICLE, "legs")

    def test_a_renamed_topic_is_renamed_everywhere(self, session, kept, texts):
        topic = known(session, kept, TOPIC, "veins").entry_id
        publish(session, saved(session, versions.latest(session, topic), name="Blood vessels"))
        go_on(session, kept)

        assert b"Blood vessels" in known(session, kept, ARTICLE, texts.entry_id).json
        assert is_right(session, kept, ARTICLE, texts.entry_id)

    def test_all_is_made_anew_where_it_is_said_who_may_read(self, session, kept, texts):
        granting.let_everybody(session, Reach(types=("faq",)), by=ED, now=MAY_DAY)
        go_on(session, kept)

        reach = grants.everybodys(session, now(session).sequence)
        assert known(session, kept, ARTICLE, "legs", reach=reach) is None
        assert known(session, kept, ARTICLE, "legs") is None
        assert known(session, kept, FAQ, "does-it-hurt", reach=reach)

    def test_nothing_is_kept_where_topics_say_what_needs_no_key(self, session, kept, texts):
        topic = known(session, kept, TOPIC, "veins").entry_id
        granting.let_everybody(session, Reach(topics=(topic,)), by=ED, now=MAY_DAY)
        go_on(session, kept)
        publish(session, saved(session, texts, title="Another title"), forced="A test.")
        go_on(session, kept)

        reach = grants.everybodys(session, now(session).sequence)
        assert known(session, kept, ARTICLE, texts.entry_id, reach=reach) is None

    def test_another_epoch_has_nothing_of_the_one_before(self, session, kept):
        other = replace(now(session), epoch=uuid4())

        assert known(session, kept, ARTICLE, "legs", at=other) is None
        kept.meet(other)
        assert kept.is_behind

    def test_nothing_is_followed_by_names_for_longer_than_an_hour(self, session, kept, texts, monkeypatch):
        before = known(session, kept, ARTICLE, "legs")
        monkeypatch.setattr(wholes, "LONGEST", -1.0)
        publish(session, saved(session, texts, title="Another title"), forced="A test.")
        go_on(session, kept)

        assert known(session, kept, ARTICLE, "legs") is not before
        assert is_right(session, kept, ARTICLE, "legs")

    def test_no_more_is_kept_than_there_is_room_for(self, session, texts):
        kept = Wholes(budget=3_000)
        go_on(session, kept)

        assert not kept.is_behind
        held = [known(session, kept, declared, slug) for declared, slug in SLUGS]
        assert 1 <= len(list(filter(None, held))) < len(SLUGS)

    def test_a_later_moment_than_the_one_it_began_with_is_not_undone(self, session, kept, texts):
        early = now(session)
        publish(session, saved(session, texts, title="Another title"), forced="A test.")
        late = Wholes(budget=1_000_000)
        while late.is_behind:
            late.go_on(session)
        late.meet(early)

        assert not late.is_behind
        assert b"Another title" in known(session, late, ARTICLE, texts.entry_id).json
