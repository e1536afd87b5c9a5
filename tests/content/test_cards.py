"""Cards are made once for a sequence and a reach, and are what expansion makes of them."""

from uuid import UUID

import orjson
import pytest

from content import cards, corpus, expansion, groups, publishing, types, versions
from content.corpus import Filters
from content.log import head
from content.memory import MEMORY, Memory
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED, PUBLIC
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, a_topic, publish, saved

FAQ = types.get("faq")
EVERYBODY = (Reach(audiences=(PUBLIC, LICENSED)),)


@pytest.fixture
def listed(session):
    """FAQs of an article that licensed readers alone may read, the newest first."""
    article = a_live_article(session, audience=LICENSED)
    topic = a_topic(session)
    for number in range(3):
        a_live_faq(session, slug=f"question-{number}", article=str(article.entry_id), topics=[topic])
    session.commit()
    return found(session)


@pytest.fixture
def remembering(session):
    session.info[MEMORY] = Memory(budget=1_000_000)
    return session


def found(session):
    places = corpus.found(session, FAQ, Filters(), at=now(session), reach=ANONYMOUS, limit=9)
    return [place.entry_id for place in places]


def now(session):
    return head(session).sequence


def shown(session, ids, at, reach=ANONYMOUS):
    return [orjson.loads(card.json) for card in cards.of(session, FAQ, ids, at=at, reach=reach)]


def expanded(session, ids, at, reach=ANONYMOUS):
    items = corpus.standing(session, ids, at=at)
    return expansion.cards(session, FAQ, items, at=at, reach=reach)


class TestCards:
    def test_they_are_what_expansion_makes_in_the_order_asked_for(self, session, listed):
        backwards = listed[::-1]

        assert shown(session, backwards, now(session)) == expanded(session, backwards, now(session))
        assert [one["id"] for one in shown(session, backwards, now(session))] == list(map(str, backwards))

    def test_none_is_made_twice_where_the_session_remembers(self, remembering, listed, statements):
        at = now(remembering)
        first = cards.of(remembering, FAQ, listed[:2], at=at, reach=ANONYMOUS)
        statements.clear()

        again = cards.of(remembering, FAQ, listed[:2], at=at, reach=ANONYMOUS)

        assert again == first
        assert not any(sent.startswith("SELECT") for sent in statements)
        assert len(cards.of(remembering, FAQ, listed, at=at, reach=ANONYMOUS)) == 3
        # What the third one names stands in the others too.
        assert len([sent for sent in statements if sent.startswith("SELECT")]) == 1

    def test_what_one_may_see_is_no_answer_to_another(self, remembering, listed):
        at = now(remembering)

        told = [shown(remembering, listed, at, reach) for reach in (EVERYBODY, ANONYMOUS, EVERYBODY)]

        assert [one["article"] is None for page in told for one in page] == [False] * 3 + [True] * 3 + [
            False
        ] * 3

    def test_the_past_is_no_answer_to_the_present(self, remembering, listed):
        before = now(remembering)
        shown(remembering, listed, before)
        changed = saved(remembering, versions.latest(remembering, listed[0]), question="Changed?")
        publish(remembering, changed, forced="for a test")

        assert shown(remembering, listed, now(remembering))[0]["question"] == "Changed?"
        assert shown(remembering, listed, before)[0]["question"] != "Changed?"

    def test_what_they_name_is_as_it_was_at_each_moment(self, remembering, listed):
        before = now(remembering)
        [first] = shown(remembering, listed[:1], before, EVERYBODY)
        article = versions.latest(remembering, UUID(first["article"]["id"]))
        publish(remembering, saved(remembering, article, title="Renamed"), forced="for a test")

        [then] = shown(remembering, listed[1:2], before, EVERYBODY)
        [since] = shown(remembering, listed[1:2], now(remembering), EVERYBODY)

        assert then["article"] == first["article"]
        assert since["article"]["title"] == "Renamed" != then["article"]["title"]

    def test_an_answer_of_remembered_cards_is_filed_under_all_that_they_name(self, remembering, listed):
        shown(remembering, listed, now(remembering))
        named = set(groups.noted(remembering))
        groups.noted(remembering).clear()

        shown(remembering, listed, now(remembering))

        assert groups.noted(remembering) == named
        assert len(named) == 2

    def test_a_stub_has_no_language(self, session, listed):
        at = now(session)
        publishing.retract(session, listed[0], [1], note="It was wrong.", by=ED, now=MAY_DAY)

        stub, *others = cards.of(session, FAQ, listed, at=at, reach=ANONYMOUS)

        assert orjson.loads(stub.json)["notice"]["reason"] == "retracted"
        assert [stub.locale, *(one.locale for one in others)] == [None, "en", "en"]
