"""Places that are remembered are those that would be found."""

import random

import pytest

from content import corpus, orders, places, publishing, types
from content.corpus import Filters
from content.log import head
from content.memory import MEMORY, Memory
from content.orders import Place
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED, PUBLIC
from tests.builders import ED, an_faq

FAQ = types.get("faq")
EVERYBODY = (Reach(audiences=(PUBLIC, LICENSED)),)
COUNT = 30


@pytest.fixture
def written(session):
    """FAQs of which every third is for licensed readers, and half bear a tag."""
    made = [
        an_faq(
            session,
            slug=f"q-{number}",
            question=f"Question {number * 7 % COUNT}?",
            tags=["odd"] if number % 2 else [],
            audience=PUBLIC if number % 3 else LICENSED,
        )
        for number in range(COUNT)
    ]
    steps = [publishing.publication(session, one.entry_id, 1, forced=True) for one in made]
    publishing.perform(session, steps, by=ED, reason="a test")
    return made


@pytest.fixture
def remembering(session, written):
    session.info[MEMORY] = Memory(budget=1_000_000)
    return session


def asked(session, **given):
    known = {"at": head(session).sequence, "reach": ANONYMOUS, "filters": Filters(), "limit": 4} | given
    return places.found(session, FAQ, known.pop("filters"), **known)


def found(session, **given):
    known = {"at": head(session).sequence, "reach": ANONYMOUS, "filters": Filters(), "limit": 4} | given
    return corpus.found(session, FAQ, known.pop("filters"), **known)


def selected(statements):
    """The statements that looked for places."""
    return [sent for sent in statements if "AS found" in sent]


class TestFound:
    @pytest.mark.parametrize("seed", range(3))
    def test_it_is_what_the_corpus_finds_wherever_a_reader_goes_on(self, remembering, seed):
        chance = random.Random(seed)
        at = head(remembering).sequence
        every = {
            (name, tag, reach): found(
                remembering, order=order, filters=Filters(tag=tag), reach=reach, limit=100
            )
            for name, order in orders.of(FAQ).items()
            for tag in (None, "odd")
            for reach in (ANONYMOUS, EVERYBODY)
            if order.within is None
        }

        for _ in range(150):
            name, tag, reach = chance.choice(list(every))
            given = {"order": orders.of(FAQ)[name], "filters": Filters(tag=tag), "reach": reach, "at": at}
            given |= {
                "limit": chance.randint(1, 12),
                "after": chance.choice([None, *every[name, tag, reach]]),
            }
            assert list(asked(remembering, **given)) == found(remembering, **given)

    def test_who_goes_on_is_asked_for_once(self, remembering, statements):
        first = asked(remembering)
        second = asked(remembering, after=first[-1])
        statements.clear()

        third = asked(remembering, after=second[-1])
        assert asked(remembering) == first
        last = asked(remembering, after=third[-1], limit=100)

        assert selected(statements) == []
        assert [*first, *second, *third, *last] == found(remembering, limit=100)

    def test_of_a_first_page_no_more_is_read_than_asked_for(self, remembering, statements):
        first = asked(remembering)
        statements.clear()

        asked(remembering, after=first[1])

        assert len(selected(statements)) == 1

    def test_what_one_may_see_is_no_answer_to_another(self, remembering):
        wide = asked(remembering, reach=EVERYBODY, limit=100)

        assert len(asked(remembering, limit=100)) < len(wide) == COUNT

    def test_a_topic_that_nobody_bears_is_not_no_topic(self, remembering):
        asked(remembering, limit=100)

        assert list(asked(remembering, filters=Filters(topics=[]), limit=100)) == []

    def test_the_past_is_no_answer_to_the_present(self, remembering, written):
        before = asked(remembering, limit=100)
        at = head(remembering).sequence
        publishing.withdraw(remembering, before[0].entry_id, by=ED, note="Over.")

        assert asked(remembering, limit=100) == before[1:]
        assert asked(remembering, limit=100, at=at) == before

    def test_an_erased_entry_has_two_places(self, remembering):
        """Where its title stood, to which old cursors lead, and where none does."""
        order, at = orders.of(FAQ)["title"], head(remembering).sequence
        old = found(remembering, order=order, at=at)[-1]
        publishing.erase(remembering, old.entry_id, by=ED)
        new = Place("", old.entry_id)

        after = [asked(remembering, order=order, at=at, after=place) for place in (new, old)]

        assert after == [found(remembering, order=order, at=at, after=place) for place in (new, old)]
        assert after[0] != after[1]

    def test_a_long_list_is_begun_anew(self, remembering, monkeypatch, statements):
        monkeypatch.setattr(places, "MOST", 5)
        first = asked(remembering)
        asked(remembering, after=first[-1])
        statements.clear()

        # What was read first was forgotten when it had become too much.
        asked(remembering, after=first[0], limit=9)
        asked(remembering)

        assert len(selected(statements)) == 2

    def test_it_finds_as_ever_where_nothing_is_remembered(self, session, written):
        assert asked(session) == found(session)
