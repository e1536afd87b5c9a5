"""Every order of a list is walked to its end with each entry met once, whatever happens on the way."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from content import corpus, orders, publishing, types
from content.corpus import Filters
from content.editions import NO_DAY
from content.log import head
from content.orders import Place
from content.partners import ANONYMOUS
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    publish,
    saved,
    signed,
)

ARTICLE, FAQ, TOPIC = (types.get(name) for name in ("article", "faq", "topic"))
DAY = timedelta(days=1)


def page(session, name, declared=ARTICLE, *, at=None, limit=100, after=None, **filters):
    return corpus.page(
        session,
        declared,
        Filters(**filters),
        at=head(session).sequence if at is None else at,
        reach=ANONYMOUS,
        limit=limit,
        order=orders.of(declared)[name],
        after=after,
    )


def slugs(session, name, declared=ARTICLE, **asked):
    return [item.edition.slug for item in page(session, name, declared, **asked)]


class TestOf:
    def test_it_has_the_orders_that_mean_something_for_a_type_newest_first(self):
        assert list(orders.of(ARTICLE)) == ["newest", "oldest", "updated", "title", "review_due"]
        assert list(orders.of(FAQ)) == ["newest", "oldest", "updated", "title", "review_due", "position"]
        assert list(orders.of(TOPIC)) == ["newest", "oldest", "updated", "title"]


class TestOrder:
    @pytest.fixture
    def shown(self, session):
        """Four articles, in another order by each key."""
        first = a_live_article(session, slug="a", title="Öl", originally_published_on="2020-01-01")
        due = an_article(session, slug="b", title="“Nerves”", now=MAY_DAY + HOUR)
        publish(session, signed(session, due, due_on=date(2026, 6, 1)), now=MAY_DAY + HOUR)
        publish(session, an_article(session, slug="c", title="veins"), forced="Urgent.", now=MAY_DAY + DAY)
        a_live_article(session, slug="d", title="Veins", now=MAY_DAY + 2 * DAY)
        changed = signed(session, saved(session, first, body="Other."), due_on=date(2026, 7, 1))
        publish(session, changed, now=MAY_DAY + 3 * DAY)

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("newest", "dcba"),
            ("oldest", "abcd"),
            ("updated", "adcb"),
            ("title", "bacd"),
            ("review_due", "badc"),
        ],
    )
    def test_it_goes_by_its_key_and_then_by_id(self, session, shown, name, expected):
        assert "".join(slugs(session, name)) == expected

    def test_it_goes_by_what_was_so_then(self, session, shown):
        assert slugs(session, "updated", at=4) == ["d", "c", "b", "a"]
        assert slugs(session, "review_due", at=4) == ["b", "a", "d", "c"]

    def test_it_puts_what_is_overdue_before_what_is_due(self, session, shown):
        publishing.withdraw(
            session, page(session, "title")[1].edition.entry_id, by=ED, now=MAY_DAY + 60 * DAY
        )

        (first, *_) = page(session, "review_due")

        assert (first.edition.slug, first.edition.review["status"]) == ("b", "due")
        assert first.edition.due_key == date(2026, 6, 1)

    def test_it_puts_what_nobody_reviewed_last(self, session, shown):
        assert page(session, "review_due")[-1].edition.due_key == NO_DAY

    def test_it_follows_an_article_position_by_position_those_without_one_last(self, session):
        article = str(a_live_article(session).entry_id)
        for slug, position in (("none", None), ("two", 2), ("ten", 10), ("one", 1)):
            a_live_faq(session, slug=slug, article=article, position=position)

        assert slugs(session, "position", FAQ) == ["one", "two", "ten", "none"]


class TestBeyond:
    @pytest.mark.parametrize("name", list(orders.of(FAQ)))
    def test_a_walk_under_several_topics_meets_each_entry_once(self, session, name):
        topics = [UUID(a_topic(session, word)) for word in ("Legs", "Veins")]
        for number in range(3):
            a_live_faq(session, slug=f"q-{number}", topics=[str(one) for one in topics[: 1 + number % 2]])
        order, walked, place = orders.of(FAQ)[name], [], None

        while step := page(session, name, FAQ, limit=2, after=place, topics=topics):
            walked += [item.edition.slug for item in step]
            place = Place(order.key_of(step[-1].edition), step[-1].edition.entry_id)

        assert sorted(walked) == ["q-0", "q-1", "q-2"]

    @pytest.mark.parametrize("name", list(orders.of(FAQ)))
    def test_a_walk_meets_each_entry_of_its_sequence_once(self, session, name):
        made = [
            a_live_faq(
                session,
                slug=f"q-{number}",
                question=f"Question {number % 3}?",
                position=number % 2 or None,
                now=MAY_DAY + number // 2 * HOUR,
            )
            for number in range(6)
        ]
        at, order = head(session).sequence, orders.of(FAQ)[name]
        expected, walked, place = slugs(session, name, FAQ, at=at), [], None

        while step := page(session, name, FAQ, at=at, limit=2, after=place):
            walked += [item.edition.slug for item in step]
            place = Place(order.key_of(step[-1].edition), step[-1].edition.entry_id)
            changed = saved(session, made[len(walked) - 1], question="Another?", position=7)
            publish(session, signed(session, changed), now=MAY_DAY + 9 * HOUR)
            publishing.withdraw(session, made[len(walked) - 2].entry_id, by=ED, now=MAY_DAY + 9 * HOUR)
            a_live_faq(session, slug=f"new-{len(walked)}", now=MAY_DAY + 9 * HOUR)

        assert walked == expected
        assert sorted(walked) == [f"q-{number}" for number in range(6)]
