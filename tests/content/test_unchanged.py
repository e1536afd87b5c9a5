"""A list of a topic counts as changed by what touches it, and is the same from that act on."""

import random
from uuid import UUID

import pytest
from sqlalchemy import select

from content import corpus, expansion, publishing, topics, types, unchanged, versions
from content.corpus import Filters
from content.editions import Edition
from content.log import State, head
from content.partners import ANONYMOUS
from tests.builders import ED, a_live_article, a_live_faq, a_topic, an_author, publish, saved
from tests.plans import planned

ARTICLE, FAQ = types.get("article"), types.get("faq")


@pytest.fixture
def legs(session):
    return a_topic(session, "Legs")


@pytest.fixture
def veins(session):
    return a_topic(session, "Veins")


def meant(session, topic, at):
    return topics.tree(session, at).below([UUID(topic)])


def since(session, topic, declared=FAQ):
    at = head(session).sequence
    return unchanged.since(session, declared, meant(session, topic, at), at=at)


def cards(session, declared, topic, at):
    """All that the list of a topic shows at a sequence."""
    filters = Filters(topics=meant(session, topic, at))
    items = corpus.page(session, declared, filters, at=at, reach=ANONYMOUS, limit=100)
    return expansion.cards(session, declared, items, at=at, reach=ANONYMOUS)


def changed(session, version, **values):
    """Publish an entry anew with other values; return the act's sequence."""
    latest = versions.latest(session, version.entry_id)
    return publish(session, saved(session, latest, **values), forced="for a test").sequence


class TestSince:
    def test_it_is_the_last_act_on_what_is_listed(self, session, legs, veins):
        shown = a_live_faq(session, topics=[legs])
        act = head(session).sequence
        a_live_faq(session, slug="other", topics=[veins])

        assert since(session, legs) == act
        assert changed(session, shown, question="Changed?") == since(session, legs)

    def test_it_knows_of_what_left_the_topic(self, session, legs, veins):
        moved = a_live_faq(session, topics=[legs])
        withdrawn = a_live_faq(session, slug="second", topics=[legs])

        assert changed(session, moved, topics=[veins]) == since(session, legs)
        assert publishing.withdraw(session, withdrawn.entry_id, by=ED).sequence == since(session, legs)

    def test_it_knows_of_what_is_filed_below_the_topic(self, session, legs):
        below = a_topic(session, "Knees", parent=legs)

        a_live_faq(session, topics=[below])

        assert since(session, legs) == head(session).sequence

    def test_it_knows_of_what_the_cards_name(self, session, legs, veins):
        article = a_live_article(session, topics=[veins])
        a_live_faq(session, topics=[legs], article=str(article.entry_id))
        a_live_faq(session, slug="other", topics=[veins])

        assert changed(session, article, title="Renamed") == since(session, legs)
        assert since(session, legs, ARTICLE) < since(session, legs)

    @pytest.mark.parametrize("build", [a_topic, an_author])
    def test_it_takes_a_topic_or_an_author_for_named_anywhere(self, session, legs, build):
        a_live_faq(session, topics=[legs])

        build(session, "Anything")

        assert since(session, legs) == head(session).sequence

    def test_it_looks_at_no_more_than_a_stretch_of_the_log(self, session, legs, veins, monkeypatch):
        monkeypatch.setattr(unchanged, "STRETCH", 4)
        a_live_faq(session, topics=[legs])  # act 3

        met = []
        for number in range(6):
            a_live_faq(session, slug=f"other-{number}", topics=[veins])
            met.append(since(session, legs))

        assert met == [4, 4, 4, 4, 8, 8]

    def test_it_looks_at_no_more_than_so_many_lines(self, session, legs, veins, monkeypatch):
        monkeypatch.setattr(unchanged, "MOST_LINES", 2)
        # The statement that was made with another number is kept.
        monkeypatch.setattr(unchanged, "_last_changes", unchanged._last_changes.__wrapped__)
        a_live_faq(session, topics=[legs])
        for number in range(5):
            a_live_faq(session, slug=f"other-{number}", topics=[veins])

        assert since(session, legs) == head(session).sequence - 2

    def test_it_takes_one_statement(self, session, legs, veins, statements):
        a_live_faq(session, topics=[legs])
        a_live_faq(session, slug="other", topics=[veins])
        at = head(session).sequence
        asked = meant(session, legs, at)
        statements.clear()

        unchanged.since(session, FAQ, asked, at=at)

        assert len(statements) == 1

    def test_a_list_is_the_same_from_there_on_whatever_happens(self, session, legs, veins):
        chance, under = random.Random(7), [legs, veins, a_topic(session, "Knees", parent=legs)]
        articles = [a_live_article(session, slug=f"a-{one}", topics=[under[one]]) for one in range(3)]
        faqs = [
            a_live_faq(
                session, slug=f"f-{one}", topics=[under[one % 3]], article=str(articles[one % 2].entry_id)
            )
            for one in range(5)
        ]
        steady = 0

        for number in range(25):
            happen(session, chance, chance.choice(articles + faqs), under, number)
            for topic in under:
                for declared in (ARTICLE, FAQ):
                    now, began = head(session).sequence, since(session, topic, declared)
                    assert cards(session, declared, topic, began) == cards(session, declared, topic, now)
                    steady += began < now

        assert steady > 10


def happen(session, chance, version, under, number):
    """Do something to one entry."""
    latest, live = versions.latest(session, version.entry_id), is_live(session, version.entry_id)
    title = "title" if "title" in latest.values else "question"
    if not live:
        publishing.reinstate(session, version.entry_id, latest.number, by=ED, forced="for a test")
    elif chance.random() < 0.3:
        publishing.withdraw(session, version.entry_id, by=ED, manner=State.GONE)
    else:
        values = chance.choice([{"topics": [chance.choice(under)]}, {title: f"Changed {number}"}])
        if any(latest.values[name] != value for name, value in values.items()):
            changed(session, version, **values)


def is_live(session, entry_id):
    live = select(Edition).where(Edition.entry_id == entry_id, Edition.until_sequence.is_(None))
    return session.scalar(live) is not None


# PostgreSQL plans by what its tables hold, which here is nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestPlan:
    def test_it_begins_with_what_acts_are_about_however_much_there_is(self, session, engine, legs):
        a_live_faq(session, topics=[legs])
        at = head(session).sequence
        under = meant(session, legs, at)

        with planned(engine) as steps:
            unchanged.since(session, FAQ, under, at=at)

        assert any(step.startswith("SEARCH facet") for step in steps)
        # All facets of a kind, or all editions of a type, would be most that there are.
        assert not [step for step in steps if step.endswith(("(name=?)", "(type=?)"))]
