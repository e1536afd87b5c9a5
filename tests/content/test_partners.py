from uuid import UUID

import pytest

from content import partners
from content.corpus import Filters, page
from content.database import new_id
from content.errors import Invalid, NotFound
from content.log import head
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED
from content.types import get
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, a_topic, an_article


@pytest.fixture
def partner(session):
    return partners.create(session, "Partner", now=MAY_DAY)


class TestCreate:
    @pytest.mark.parametrize("name", ["", "  ", "Partner"])
    def test_it_names_what_is_wrong_with_the_name(self, session, partner, name):
        with pytest.raises(Invalid) as caught:
            partners.create(session, name, now=MAY_DAY)

        assert caught.value.faults[0].pointer == "/name"


class TestGrant:
    def test_it_is_an_act_without_a_line(self, session, partner):
        act = partners.grant(session, partner.id, Reach(audiences=(LICENSED,)), by=ED, now=MAY_DAY)

        assert act.sequence == head(session).sequence == 1

    @pytest.mark.parametrize(
        ("reach", "pointer"),
        [
            (Reach(audiences=("everyone",)), "/audiences"),
            (Reach(types=("poem",)), "/types"),
            (Reach(topics=(new_id(),)), "/topics"),
        ],
    )
    def test_it_names_what_it_cannot_mean(self, session, partner, reach, pointer):
        with pytest.raises(Invalid) as caught:
            partners.grant(session, partner.id, reach, by=ED, now=MAY_DAY)

        assert caught.value.faults[0].pointer == pointer
        assert head(session).sequence == 0

    def test_it_takes_topics_for_topics_only(self, session, partner):
        article = an_article(session)

        with pytest.raises(Invalid, match="topics"):
            partners.grant(session, partner.id, Reach(topics=(article.entry_id,)), by=ED, now=MAY_DAY)

    def test_it_does_not_know_a_partner_that_is_not(self, session):
        with pytest.raises(NotFound):
            partners.grant(session, new_id(), Reach(), by=ED, now=MAY_DAY)


class TestEndGrant:
    def test_it_ends_once(self, session, partner):
        partners.grant(session, partner.id, Reach(), by=ED, now=MAY_DAY)
        given = session.query(partners.Grant).one().id
        partners.end_grant(session, given, by=ED, now=MAY_DAY)

        with pytest.raises(Invalid):
            partners.end_grant(session, given, by=ED, now=MAY_DAY)
        with pytest.raises(NotFound):
            partners.end_grant(session, new_id(), by=ED, now=MAY_DAY)


class TestReach:
    def seen(self, session, reach):
        at = head(session).sequence
        return {
            item.edition.slug
            for name in ("article", "faq")
            for item in page(session, get(name), Filters(), at=at, reach=reach, limit=100)
        }

    def test_it_is_the_union_of_what_its_grants_let_through(self, session):
        legs = a_topic(session, "Legs")
        veins = a_topic(session, "Veins", parent=legs)
        a_live_article(session, slug="public")
        a_live_article(session, slug="veins", audience=LICENSED, topics=[veins])
        a_live_article(session, slug="german", audience=LICENSED, locale="de")
        a_live_faq(session, slug="question", audience=LICENSED)

        by_topic = Reach(audiences=(LICENSED,), topics=(UUID(legs),))
        by_type = Reach(audiences=(LICENSED,), types=("faq",))
        by_locale = Reach(audiences=(LICENSED,), locales=("de",))

        assert self.seen(session, ANONYMOUS) == {"public"}
        assert self.seen(session, (*ANONYMOUS, by_topic)) == {"public", "veins"}
        assert self.seen(session, (by_type, by_locale)) == {"question", "german"}
        assert self.seen(session, (Reach(audiences=()),)) == self.seen(session, ()) == set()
