from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from content import granting, grants, partners
from content.corpus import Filters, page
from content.database import new_id
from content.errors import Invalid, NotFound
from content.log import head
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED
from content.types import get
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, a_live_faq, a_topic, an_article


@pytest.fixture
def partner(session):
    return partners.create(session, "Partner", now=MAY_DAY)


class TestCreate:
    @pytest.mark.parametrize("name", ["", "  ", "Partner", "pARTNER", "Anonymous"])
    def test_it_names_what_is_wrong_with_the_name(self, session, partner, name):
        with pytest.raises(Invalid) as caught:
            partners.create(session, name, now=MAY_DAY)

        assert caught.value.faults[0].pointer == "/name"


class TestGrant:
    def test_it_is_an_act_without_a_line(self, session, partner):
        act = granting.grant(session, partner.id, Reach(audiences=(LICENSED,)), by=ED, now=MAY_DAY)

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
            granting.grant(session, partner.id, reach, by=ED, now=MAY_DAY)

        assert caught.value.faults[0].pointer == pointer
        assert head(session).sequence == 0

    def test_it_takes_topics_for_topics_only(self, session, partner):
        article = an_article(session)

        with pytest.raises(Invalid, match="topics"):
            granting.grant(session, partner.id, Reach(topics=(article.entry_id,)), by=ED, now=MAY_DAY)

    def test_it_does_not_know_a_partner_that_is_not(self, session):
        with pytest.raises(NotFound):
            granting.grant(session, new_id(), Reach(), by=ED, now=MAY_DAY)


class TestEndGrant:
    def test_it_ends_once(self, session, partner):
        granting.grant(session, partner.id, Reach(), by=ED, now=MAY_DAY)
        given = session.query(grants.Grant).one().id
        granting.end_grant(session, given, by=ED, now=MAY_DAY)

        with pytest.raises(Invalid):
            granting.end_grant(session, given, by=ED, now=MAY_DAY)
        with pytest.raises(NotFound):
            granting.end_grant(session, new_id(), by=ED, now=MAY_DAY)


class TestEndContract:
    def test_it_takes_back_what_was_planned_where_that_is_all(self, session, partner):
        granting.plan(session, partner.id, Reach(), by=ED, begins_at=MAY_DAY + HOUR, now=MAY_DAY)

        assert granting.end_contract(session, partner.id, by=ED, now=MAY_DAY) is None
        assert grants.grants(session, partner.id) == []
        with pytest.raises(Invalid):
            granting.end_contract(session, partner.id, by=ED, now=MAY_DAY)

    def test_nothing_comes_to_be_planned_beside_it(self, session, engine, partner):
        granting.grant(session, partner.id, Reach(), by=ED, now=MAY_DAY)
        partner_id = partner.id
        session.commit()

        def end():
            with Session(engine) as other:
                return granting.end_contract(other, partner_id, by=ED, now=MAY_DAY).sequence

        granting.plan(session, partner_id, Reach(), by=ED, begins_at=MAY_DAY + HOUR, now=MAY_DAY)
        with ThreadPoolExecutor(1) as pool:
            ending = pool.submit(end)
            with pytest.raises(TimeoutError):
                ending.result(timeout=0.5)
            session.commit()
            sequence = ending.result(timeout=60)

        [left] = grants.grants(session, partner_id)
        assert left.until_sequence == sequence


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
