import re
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup

from admin.partners_view import PAGE
from admin.roles import Role
from admin.wrong import LABELS
from content import granting, grants, keys, partners
from content.keys import Key
from content.partners import Partner, Reach
from content.placement import LICENSED
from tests.admin.test_bulk import statements_of
from tests.builders import a_live_article, a_live_faq

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

KEY = re.compile(r"verso_[0-9A-Za-z]{33}")
TOLD = {
    "name": "A magazine",
    "editorial_contact": "Mia, mia@magazine.example",
    "safety_contact": "+44 20 7946 0000",
    "attribution": "From the Leg Clinic.",
    "refresh_within": "24",
    "licence": "CC-BY-4.0",
    "quota": "600",
    "modifications_allowed": "1",
}


@pytest.fixture
def administrator(signed_in):
    return signed_in(Role.ADMINISTRATOR)


@pytest.fixture
def partner(session):
    """A partner's page; two texts for partners are public, and one for all."""
    made = partners.create(session, "A magazine")
    a_live_article(session)
    a_live_article(session, slug="licensed", audience=LICENSED)
    a_live_faq(session, audience=LICENSED)
    session.commit()
    return f"/admin/partners/{made.id}"


def is_told_at(answer, field):
    """Whether a page says why it refuses a form in its words, and that just this field is wrong."""
    page = BeautifulSoup(answer.text, "html.parser")
    refused = {one.get("name") or one.input["name"] for one in page.select("[aria-invalid]")}
    return refused == {field} and f"“{LABELS[field]}” " in page.select_one("[role=alert]").text


def post(browser, path, data=None):
    return browser.post(path, data or {}, form_on="/admin/partners/new")


class TestPartners:
    def test_they_are_added_with_all_that_is_told(self, administrator, session):
        assert post(administrator, "/admin/partners/new", TOLD).status_code == 303

        made = session.query(Partner).one()
        assert (made.name, made.refresh_within, made.quota, made.modifications_allowed) == (
            *("A magazine", 24, 600),
            True,
        )
        assert "+44 20 7946 0000" in administrator.get("/admin/partners/").text

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [({"name": ""}, "Is required."), ({"quota": "many"}, "Is not a whole number."), ({}, "Is taken.")],
    )
    def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
        self, administrator, session, partner, wrong, said
    ):
        answered = post(administrator, "/admin/partners/new", TOLD | wrong)

        assert answered.status_code == 422
        assert said in answered.text
        assert "mia@magazine.example" in answered.text
        assert session.query(Partner).count() == 1


class TestKeys:
    def test_one_is_shown_once_and_works(self, administrator, session, partner):
        page = post(administrator, f"{partner}/keys", {"purpose": "its site", "scopes": ["read"]}).text

        text = KEY.search(page)[0]
        assert keys.bearer(session, text, now=datetime.now(UTC)).scopes == {"read"}
        assert not KEY.search(administrator.get(partner).text)
        assert f"{text[:10]}…" in administrator.get(partner).text

    def test_the_page_that_showed_one_makes_no_second_where_it_is_loaded_anew(
        self, administrator, session, partner
    ):
        once = re.search(r'name="once" value="([^"]+)"', administrator.get(partner).text)[1]
        asked = {"purpose": "its site", "scopes": ["read"], "once": once}
        first, again = (post(administrator, f"{partner}/keys", asked).text for _ in range(2))

        assert KEY.search(first)
        assert not KEY.search(again)
        assert session.query(Key).count() == 1
        assert "was made already" in administrator.get(partner).text
        assert f'value="{once}"' not in administrator.get(partner).text

    def test_a_third_is_refused(self, administrator, session, partner):
        for _ in range(3):
            post(administrator, f"{partner}/keys", {"purpose": "its site", "scopes": ["read", "sync"]})

        assert session.query(Key).count() == 2
        assert "one too many" in administrator.get(partner).text

    @pytest.mark.parametrize(
        ("path", "typed", "said"),
        [
            ("keys", {"purpose": "", "scopes": ["read"]}, "“What it is for” is required."),
            ("keys", {"purpose": "its site"}, "“What it opens” is required."),
            (
                "keys",
                {"purpose": "its site", "scopes": ["read"], "expires_on": "2020-01-01"},
                "“Works until” is not",
            ),
            (
                "keys/{}/rotate",
                {"days": "900"},
                "“Days for which the old one works” is not between 1 and 90.",
            ),
            ("keys/{}/revoke", {"why": ""}, "“Why” is required."),
        ],
    )
    def test_what_is_refused_is_called_as_its_form_calls_it(
        self, administrator, session, partner, path, typed, said
    ):
        post(administrator, f"{partner}/keys", {"purpose": "its site", "scopes": ["read"]})

        post(administrator, f"{partner}/{path.format(session.query(Key).one().id)}", typed)

        assert said in administrator.get(partner).text

    def test_another_follows_it(self, administrator, session, partner):
        post(administrator, f"{partner}/keys", {"purpose": "its site", "scopes": ["read"]})
        first = session.query(Key).one()

        page = post(administrator, f"{partner}/keys/{first.id}/rotate", {"days": "7"}).text

        assert KEY.search(page)
        session.expire_all()
        assert session.query(Key).count() == 2
        assert first.expires_at is not None

    def test_it_is_revoked_with_a_reason(self, administrator, session, partner):
        page = post(administrator, f"{partner}/keys", {"purpose": "its site", "scopes": ["read"]}).text
        made = session.query(Key).one()

        post(administrator, f"{partner}/keys/{made.id}/revoke", {"why": "It stood in a log."})

        assert "It stood in a log." in administrator.get(partner).text
        with pytest.raises(keys.KeyRefused):
            keys.bearer(session, KEY.search(page)[0], now=datetime.now(UTC))

    def test_they_come_page_by_page_those_that_work_first(self, administrator, session, partner):
        about = partners.partners(session)[0].id
        working, _ = keys.make(session, about, purpose="its site", by="person:ed")
        for number in range(PAGE):
            made, _ = keys.make(session, about, purpose=f"old {number}", by="person:ed")
            keys.revoke(session, made.id, why="It is old.", by="person:ed")
        session.commit()

        first, second = (administrator.get(f"{partner}{asked}").text for asked in ("", "?keys=2"))

        assert first.index(working.start) < first.index(f"old {PAGE - 1}<")
        assert ("old 0<" in first, "old 0<" in second) == (False, True)
        assert working.start not in second
        assert "keys=2" in first


class TestGrants:
    def test_they_come_page_by_page_those_that_hold_first(self, administrator, session, partner):
        [magazine] = partners.partners(session)
        granting.grant(session, magazine.id, Reach(locales=("en",)), by="person:ed")
        few = statements_of(administrator, partner)
        for number in range(PAGE):
            granting.grant(session, magazine.id, Reach(locales=("de",)), embargo=number + 1, by="person:ed")
            ended = grants.some_grants(session, magazine.id, limit=1)[0]
            granting.end_grant(session, ended.id, by="person:ed")

        first, second = (administrator.get(f"{partner}{asked}").text for asked in ("", "?grants=2"))

        assert first.index("in force") < first.index("ended")
        assert "after 1 hour<" not in first
        assert ("after 1 hour<" in second, "in force" in second) == (True, False)
        assert "End the contract" in second
        assert statements_of(administrator, partner) == few

    def test_what_one_does_is_shown_before_it_begins(self, administrator, session, partner):
        asked = administrator.get(f"{partner}/grant?asked=1&audiences=licensed").text

        assert "<strong>2</strong> texts that are public now come" in asked
        assert session.query(grants.Grant).count() == 0
        assert post(administrator, f"{partner}/grant", {"audiences": "licensed"}).status_code == 303
        assert session.query(grants.Grant).one().from_sequence

    def test_what_its_end_does_is_shown_before(self, administrator, session, partner):
        post(administrator, f"{partner}/grant", {"audiences": "licensed", "types": "faq"})
        kept = session.query(grants.Grant).one()

        assert "<strong>FAQs</strong>" in re.sub(r"\s*\n\s*", "", administrator.get(partner).text)
        asked = administrator.get(f"{partner}/end?grant={kept.id}").text
        post(administrator, f"{partner}/end", {"grant": str(kept.id)})

        assert "<strong>1</strong> text leaves" in asked
        session.expire_all()
        assert kept.until_sequence

    def test_the_contract_ends_with_all_of_them(self, administrator, session, partner):
        for name in ("faq", "article"):
            post(administrator, f"{partner}/grant", {"audiences": "licensed", "types": name})

        assert "<strong>2</strong> texts leave" in administrator.get(f"{partner}/end").text
        post(administrator, f"{partner}/end")

        assert {one.until_sequence for one in session.query(grants.Grant)} == {6}

    def test_one_is_planned_and_taken_back(self, administrator, session, partner):
        post(administrator, f"{partner}/grant", {"audiences": "licensed", "begins_at": "2200-01-01T09:00"})
        kept = session.query(grants.Grant).one()
        assert kept.from_sequence is None
        assert "planned" in administrator.get(partner).text

        post(administrator, f"{partner}/cancel", {"grant": str(kept.id)})

        assert session.query(grants.Grant).count() == 0

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ("audiences=", "audiences"),
            ("audiences=licensed&topics=x", "topics"),
            ("audiences=licensed&locales=no+language", "locales"),
            ("audiences=licensed&embargo=99999", "embargo"),
            ("audiences=licensed&begins_at=soon", "begins_at"),
            ("audiences=licensed&ends_at=2090-01-01T09:00&ends_at-zone=Mars", "ends_at"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(self, administrator, partner, wrong, said):
        assert is_told_at(administrator.get(f"{partner}/grant?asked=1&{wrong}"), said)


class TestEverybody:
    PAGE = "/admin/partners/anonymous"

    def test_what_it_does_is_shown_before_it_is_said(self, administrator, session, partner):
        a_live_faq(session, slug="for-all")
        session.commit()
        assert "everything public" in administrator.get("/admin/partners/").text

        asked = administrator.get(f"{self.PAGE}?asked=1&what=some&types=faq").text

        assert "<strong>1</strong> entry that is public now needs a key" in asked
        assert "since ever" in asked
        assert session.query(grants.Grant).count() == 0
        assert post(administrator, self.PAGE, {"what": "some", "types": "faq"}).status_code == 303
        said = session.query(grants.Grant).one()
        assert (said.partner_id, said.reach) == (None, Reach(types=("faq",)))
        assert "a part of what is public" in administrator.get("/admin/partners/").text

    def test_what_was_said_is_listed_the_newest_first(self, administrator, session, partner):
        for what in ("nothing", "all"):
            post(administrator, self.PAGE, {"what": what})

        page = re.sub(r"\s+", " ", administrator.get(self.PAGE).text)
        newest, oldest = (
            page.index("<strong> Everything public </strong>"),
            page.index("<strong> Nothing </strong>"),
        )
        assert newest < oldest
        assert "everything public" in administrator.get("/admin/partners/").text

    def test_it_comes_page_by_page(self, administrator, session, partner):
        for number in range(PAGE + 1):
            granting.let_everybody(session, Reach(locales=("en", "de")[number % 2 :]), by="person:ed")

        first, second = (administrator.get(f"{self.PAGE}{asked}").text for asked in ("", "?said=2"))

        assert [page.count(", act ") for page in (first, second)] == [2 * PAGE - 1, 2]
        assert "in force" in first
        assert "in force" not in second

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({}, "what"),
            ({"what": "some"}, "types"),
            ({"what": "some", "types": "topic"}, "types"),
            ({"what": "some", "topics": "x"}, "topics"),
            ({"what": "some", "locales": "no language"}, "locales"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(self, administrator, session, partner, wrong, said):
        answered = post(administrator, self.PAGE, wrong)

        assert answered.status_code == 422
        assert is_told_at(answered, said)
        assert is_told_at(administrator.get(self.PAGE, query_string={"asked": "1", **wrong}), said)
        assert session.query(grants.Grant).count() == 0

    def test_what_needs_a_key_is_embedded_by_servers_only(self, administrator, session, partner):
        text = a_live_article(session, slug="clots-again")
        session.commit()
        path = f"/admin/entries/{text.entry_id}/embed"
        assert "data-verso-embed" in administrator.get(path).text

        post(administrator, self.PAGE, {"what": "nothing"})

        page = administrator.get(path).text
        assert "It needs a key." in page
        assert "data-verso-embed" not in page
        assert "How it looks there" not in page
        assert '<select id="theme"' not in page
