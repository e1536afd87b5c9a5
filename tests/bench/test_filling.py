"""A log that is made in bulk is one that the verbs could have written."""

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bench import filling, multiplying
from bench.filling import Plan
from content import corpus, publishing, types
from content.corpus import Filters
from content.editions import Edition
from content.log import head
from content.partners import ANONYMOUS
from content.rebuild import rebuild

PLAN = Plan(entries=24, editions=6, an_act=4, searched=True)


@pytest.fixture
def filled(engine, session):
    """A session on a small log."""
    filling.fill(engine, PLAN)
    return session


def page(session, name):
    at = head(session).sequence
    return corpus.page(session, types.get(name), Filters(), at=at, reach=ANONYMOUS, limit=100)


class TestFill:
    def test_it_leaves_what_a_rebuild_makes_of_its_log(self, filled):
        report = rebuild(filled)

        assert (report.damage, report.differences) == ((), ())
        assert report.editions == 24 * 6 + filling.TOPICS

    def test_it_makes_what_readers_get(self, filled):
        assert [len(page(filled, name)) for name in ("article", "faq")] == [12, 12]
        assert (
            filled.scalar(select(func.count()).where(Edition.until_sequence.is_(None))) == 24 + filling.TOPICS
        )

    def test_it_leaves_the_guards_and_indexes_as_they_were(self, filled):
        names = {index["name"] for index in inspect(filled.get_bind()).get_indexes("edition")}

        assert {index.name for index in Edition.__table__.indexes} <= names
        with pytest.raises(DBAPIError):
            filled.execute(text("DELETE FROM line"))

    def test_a_log_goes_on_from_there(self, filled):
        publishing.withdraw(filled, filling.entry_id(0), by="a test")

        assert len(page(filled, "article")) == 11


class TestWithdraw:
    def test_it_takes_the_oldest_part_from_the_public(self, filled, engine):
        filling.withdraw(engine, 0.9, an_act=10)

        assert [len(page(filled, name)) for name in ("article", "faq")] == [1, 2]
        report = rebuild(filled)
        assert (report.damage, report.differences) == ((), ())


class TestMultiply:
    def test_it_makes_a_longer_log_of_copies(self, filled, engine):
        before = {name: {item.edition.slug for item in page(filled, name)} for name in ("article", "faq")}
        acts = head(filled).sequence
        filled.commit()

        multiplying.multiply(engine, 3)

        for name in ("article", "faq"):
            now = {item.edition.slug for item in page(filled, name)}
            assert now == {f"{slug}-{copy}" for slug in before[name] for copy in range(3)}
        assert head(filled).sequence == 1 + (acts - 1) * 3
        report = rebuild(filled)
        assert not [told for told in report.damage if not told.startswith("document ")]
        publishing.withdraw(filled, page(filled, "faq")[0].edition.entry_id, by="a test")
