"""What many entries share is changed once: no statement and no line for each of them."""

from uuid import UUID

import pytest
from sqlalchemy import func, select

from content import corpus, expansion, publishing, topics, types, versions
from content.editions import Edition
from content.log import Line
from content.partners import ANONYMOUS
from tests.builders import ED, HOUR, MAY_DAY, a_topic, an_article, faq_values, publish, saved
from tests.plans import planned, walked

MANY = 2_000


def bearers(session, topic, count):
    """Publish many FAQs that bear a topic, a thousand in an act."""
    steps = []
    for number in range(count):
        values = faq_values(slug=f"faq-{number}", topics=[topic], originally_published_on="2026-01-01")
        made = versions.create(session, "faq", values, locale="en", by=ED, now=MAY_DAY)
        steps.append(publishing.publication(session, made.entry_id, 1, forced=True))
    for start in range(0, count, 1_000):
        publishing.perform(session, steps[start : start + 1_000], by=ED, reason="many", now=MAY_DAY)


def newest(session, topic, at):
    """The first page of the FAQs under a topic, as readers get it."""
    faq = types.get("faq")
    filters = corpus.Filters(topics=topics.tree(session, at).below([UUID(topic)]))
    page = corpus.page(session, faq, filters, at=at, reach=ANONYMOUS, limit=20)
    return expansion.cards(session, faq, page, at=at, reach=ANONYMOUS)


class TestPublishingMany:
    @pytest.mark.parametrize("count", [1, 40])
    def test_takes_as_many_statements_as_publishing_one(self, session, statements, count):
        topic = a_topic(session, "Legs")

        bearers(session, topic, count)

        begun = max(place for place, sent in enumerate(statements) if sent.startswith("INSERT INTO act"))
        assert len([sent for sent in statements[begun:] if sent.startswith("INSERT INTO facet")]) == 1
        assert len(statements) - begun < 25


# PostgreSQL plans by what its tables hold, which here is nothing.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestAnActOfSeveral:
    def steps(self, session, engine, prepared):
        made = [an_article(session, slug=f"slug-{number}") for number in range(3)]
        if prepared is publishing.withdrawal:
            for one in made:
                publish(session, one, forced="Now.")
        session.commit()
        steps = [prepared(session, one.entry_id) for one in made]
        with planned(engine) as planned_steps:
            publishing.perform(session, steps, by=ED, reason="Now.")
        return planned_steps

    def test_walks_no_table_to_publish(self, session, engine):
        def prepared(session, entry_id):
            return publishing.publication(session, entry_id, 1, forced=True)

        assert walked(self.steps(session, engine, prepared)) == []

    def test_walks_no_table_to_withdraw(self, session, engine):
        assert walked(self.steps(session, engine, publishing.withdrawal)) == []


@pytest.mark.slow
class TestRenamingATopic:
    def test_that_thousands_of_entries_bear_is_one_line(self, session, statements):
        above = a_topic(session, "Legs")
        topic = a_topic(session, "Veins", parent=above)
        bearers(session, topic, MANY)
        before = session.scalar(select(func.max(Edition.from_sequence)))
        statements.clear()

        named = versions.latest(session, UUID(topic))
        act = publish(session, saved(session, named, name="Leg veins", slug="leg-veins"), now=MAY_DAY + HOUR)
        needed = len(statements)

        assert session.scalars(select(Line).where(Line.sequence == act.sequence)).one().entry_id == UUID(
            topic
        )
        # Not one for each bearer, nor for any number of them.
        assert needed < 60
        for asked in (topic, above):
            now, then = newest(session, asked, act.sequence), newest(session, asked, before)
            assert {card["topics"][0]["name"] for card in now} == {"Leg veins"}
            assert {card["topics"][0]["slug"] for card in then} == {"veins"}
            assert [card["id"] for card in now] == [card["id"] for card in then]
        counted = corpus.Filters(topics=topics.tree(session, act.sequence).below([UUID(above)]))
        reading = {"at": act.sequence, "reach": ANONYMOUS}
        assert corpus.count(session, types.get("faq"), counted, **reading) == MANY
