"""A partner reads its own terms by its key, and nobody else does."""

import pytest

from content import database, expansion, granting, keys, partners
from content.keys import Scope
from content.partners import Reach
from content.placement import LICENSED
from tests.api.bearers import EVERYTHING, a_partner, bearing
from tests.builders import ED, HOUR

TERMS = "/api/v1/partner/terms"
TOLD = {
    "attribution": "From the Leg Clinic.",
    "modifications_allowed": True,
    "refresh_within": 24,
    "licence": "CC-BY-4.0",
    "quota": 600,
}


@pytest.fixture
def borne(session):
    made = partners.create(session, "A magazine", **TOLD)
    session.commit()
    reach = Reach(audiences=(LICENSED,), types=("faq",), locales=("en",))
    granting.grant(session, made.id, reach, by=ED, embargo=2)
    _, text = keys.make(session, made.id, purpose="its site", by=ED, scopes=[Scope.READ])
    session.commit()
    return {"Authorization": f"Bearer {text}"}


class TestTerms:
    def test_they_are_a_partners_own(self, api, borne):
        answered = api.get(TERMS, headers=borne)
        told = answered.get_json()

        assert told["partner"] == "A magazine"
        assert {name: told[name] for name in TOLD} == TOLD | {"refresh_within": 86_400}
        assert (told["scopes"], told["expires_at"]) == (["read"], None)
        assert answered.headers["Cache-Control"].startswith("private")

    def test_what_a_partner_has_none_of_its_own_is_everybodys(self, api, session):
        borne = bearing(session, a_partner(session))

        told = api.get(TERMS, headers=borne).get_json()

        assert told["refresh_within"] == api.get(TERMS).get_json()["refresh_within"] == 259_200

    def test_they_tell_what_it_may_read(self, api, borne):
        everybodys, own = api.get(TERMS, headers=borne).get_json()["grants"]

        assert everybodys["audiences"] == ["public"]
        assert (own["audiences"], own["types"], own["locales"]) == (["licensed"], ["faq"], ["en"])
        assert (own["topics"], own["embargo"]) == (None, 7_200)
        assert own["from"]

    def test_they_tell_what_is_planned(self, api, session):
        partner_id, now = a_partner(session, reach=None), database.clock(session)
        session.rollback()
        borne = bearing(session, partner_id)
        begins, ends = now + HOUR, now + 2 * HOUR
        granting.grant(session, partner_id, EVERYTHING, by=ED, ends_at=begins)
        assert api.get(TERMS, headers=borne).get_json()["planned"] == []
        planned = granting.plan(session, partner_id, EVERYTHING, by=ED, begins_at=begins, ends_at=ends)
        session.commit()

        told = api.get(TERMS, headers=borne).get_json()

        assert [one["until"] for one in told["grants"]] == [None, expansion.instant(begins)]
        [to_come] = told["planned"]
        assert (to_come["from"], to_come["until"]) == (expansion.instant(begins), expansion.instant(ends))
        granting.cancel(session, planned.id)
        session.commit()
        assert api.get(TERMS, headers=borne).get_json()["planned"] == []

    def test_without_a_key_they_are_everybodys(self, api, borne):
        told = api.get(TERMS).get_json()

        assert (told["partner"], told["licence"]) == ("anonymous", None)
        assert [one["audiences"] for one in told["grants"]] == [["public"]]
