"""oEmbed 1.0: a frame by the address of a text."""

import json
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from content import granting, publishing
from content.errors import GRANT_ENDED
from content.log import ChangeKind, State
from content.placement import LICENSED
from tests.api.bearers import a_partner, bearing
from tests.api.embeds.reading import HOST
from tests.builders import ED, a_live_article, a_live_faq, publish, saved, signed

PAGE = "https://clinic.example/en/clots.html"


def asked(api, url, more="", **how):
    """What oEmbed answers for an address."""
    return api.get(f"/api/v1/oembed?url={quote(url, safe='')}{more}", **how)


@pytest.fixture
def article(session):
    return a_live_article(session, title='Clots & "legs"', canonical=PAGE)


class TestOembed:
    def test_it_is_found_by_each_address_of_a_text(self, article, api):
        one = f"{HOST}/api/v1/articles/{article.entry_id}"
        for url in (PAGE, one, f"{one}/embed", f"{one}/embed/fragment", f"{HOST}/api/v1/articles/clots"):
            told = asked(api, url).get_json()

            assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", 'Clots & "legs"')
            assert (told["provider_name"], told["provider_url"]) == ("Verso", f"{HOST}/")
            assert (told["width"], told["height"], told["cache_age"]) == (600, 400, 259200)
            frame = BeautifulSoup(told["html"], "lxml").iframe
            assert frame["src"] == f"{one}/embed"
            assert frame["title"] == 'Clots & "legs"'
            assert api.get(frame["src"].removeprefix(HOST)).status_code == 200

    def test_it_is_written_as_xml_too(self, article, api):
        told = asked(api, PAGE, "&format=xml")

        assert told.mimetype == "text/xml"
        found = {one.tag: one.text for one in etree.fromstring(told.data)}
        assert found == {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in asked(api, PAGE, "&format=json").get_json().items()
        }

    def test_it_is_no_larger_than_asked_for(self, article, api):
        told = asked(api, PAGE, "&maxwidth=320&maxheight=9999").get_json()

        assert (told["width"], told["height"]) == (320, 400)
        assert 'width="320" height="400"' in told["html"]

    def test_a_language_is_found_by_the_address(self, session, api):
        a_live_article(session, canonical="https://clinic.example/en/clots")
        german = a_live_article(session, locale="de", canonical="https://clinic.example/de/clots")

        told = asked(api, "https://clinic.example/de/clots").get_json()

        assert str(german.entry_id) in told["html"]
        ours = asked(api, f"{HOST}/api/v1/articles/clots?locale=de").get_json()
        assert ours["html"] == told["html"]

    def test_what_moved_is_found_where_it_is_now(self, session, article, api):
        faq = a_live_faq(session)
        publishing.withdraw(
            session, article.entry_id, manner=State.REDIRECTED, target=str(faq.entry_id), note="x", by=ED
        )

        told = asked(api, f"{HOST}/api/v1/articles/clots").get_json()

        assert f"/faqs/{faq.entry_id}/embed" in told["html"]

    def test_a_slug_that_was_left_is_found_where_it_is_now(self, session, article, api):
        newer = signed(session, saved(session, article, slug="veins"))
        publish(session, newer, kind=ChangeKind.TYPO)

        assert str(article.entry_id) in asked(api, f"{HOST}/api/v1/articles/clots").get_json()["html"]

    @pytest.mark.parametrize(
        "url",
        [
            "https://clinic.example/other",
            "https://other.example/en/clots.html",
            "https://clinic.example/",
            "clots",
            "https://[",
            f"{HOST}/api/v1/topics/veins",
            f"{HOST}/api/v1/articles/none",
            f"{HOST}/api/v1/articles/clots/versions",
            f"{HOST}/api/v1/articles/clots?locale=!",
            f"{HOST}.evil.example/api/v1/articles/clots",
        ],
    )
    def test_what_is_no_text_of_ours_is_not_found(self, article, api, url):
        assert asked(api, url).status_code == 404

    def test_a_format_that_is_none_is_not_implemented(self, article, api):
        answer = asked(api, PAGE, "&format=yaml")

        assert (answer.status_code, answer.get_json()["type"]) == (501, "/api/v1/problems/not-implemented")

    @pytest.mark.parametrize(
        ("reason", "deed"),
        [
            ("gone", lambda *of: publishing.withdraw(*of, note="Old.", by=ED)),
            ("retracted", lambda *of: publishing.retract(*of, [1], note="Wrong.", by=ED)),
        ],
    )
    def test_what_is_gone_is_gone_by_each_address(self, session, article, api, reason, deed):
        deed(session, article.entry_id)

        for url in (PAGE, f"{HOST}/api/v1/articles/clots"):
            told = asked(api, url)
            assert (told.status_code, told.get_json()["reason"]) == (410, reason)
        assert asked(api, "https://clinic.example/de/clots.html").status_code == 404

    def test_what_was_redirected_is_found_by_its_own_page_too(self, session, article, api):
        faq = a_live_faq(session)
        sent = {"manner": State.REDIRECTED, "target": str(faq.entry_id)}
        publishing.withdraw(session, article.entry_id, note="x", by=ED, **sent)

        assert f"/faqs/{faq.entry_id}/embed" in asked(api, PAGE).get_json()["html"]

    def test_whose_page_it_is_now_comes_first(self, session, article, api):
        publishing.withdraw(session, article.entry_id, note="Old.", by=ED)
        heir = a_live_article(session, canonical=PAGE)

        assert str(heir.entry_id) in asked(api, PAGE).get_json()["html"]

    def test_what_a_grant_opened_is_gone_for_whoever_had_it(self, session, api):
        a_live_article(session, canonical=PAGE, audience=LICENSED)
        partner_id = a_partner(session)
        own, other = bearing(session, partner_id), bearing(session, a_partner(session, "Another", reach=None))
        assert asked(api, PAGE, headers=own).status_code == 422

        granting.end_contract(session, partner_id, by=ED)

        assert asked(api, PAGE, headers=own).get_json()["reason"] == GRANT_ENDED
        assert [asked(api, PAGE, headers=headers).status_code for headers in ({}, other)] == [404, 404]

    def test_a_text_that_needs_a_key_is_refused_with_what_shows_it(self, session, api):
        licensed = a_live_article(session, canonical=PAGE, audience=LICENSED)
        own, path = bearing(session, a_partner(session)), f"/api/v1/articles/{licensed.entry_id}"

        refused = asked(api, PAGE, headers=own)
        page = api.get(f"{path}/embed", headers=own)

        [fault] = refused.get_json()["errors"]
        assert (refused.status_code, fault["pointer"]) == (422, "/url")
        assert f"{path}/embed/fragment" in fault["detail"]
        assert "oembed" not in page.text + page.headers.get("Link", "")
        assert api.get(f"{path}/embed/fragment", headers=own).status_code == 200

    def test_a_key_has_the_frame_of_what_needs_none(self, session, article, api):
        own = bearing(session, a_partner(session))

        told = asked(api, PAGE, headers=own).get_json()

        assert told == asked(api, PAGE).get_json()
        assert "oembed" in api.get(f"/api/v1/articles/{article.entry_id}/embed", headers=own).text

    def test_a_licensed_text_is_nobodys_and_a_wrong_key_is_refused(self, session, api):
        a_live_article(session, canonical=PAGE, audience=LICENSED)

        assert asked(api, PAGE).status_code == 404
        refused = asked(api, PAGE, headers={"Authorization": "Bearer verso_none"})
        assert refused.status_code == 401

    def test_the_page_of_a_licensed_text_is_as_unknown_as_any_other(self, session, api):
        a_live_article(session, canonical=PAGE, audience=LICENSED)

        told, unknown = asked(api, PAGE), asked(api, "https://clinic.example/nobody.html")

        assert (told.status_code, unknown.status_code) == (404, 404)
        assert told.get_json() == unknown.get_json()

    @pytest.mark.parametrize(
        "copied",
        [
            f"{PAGE}/",
            f"{PAGE}?utm_source=x",
            f"{PAGE}#signs",
            PAGE.replace("https", "http"),
            PAGE.replace("clinic", "CLINIC"),
        ],
    )
    def test_a_page_is_found_by_its_address_as_it_is_copied(self, article, api, copied):
        assert asked(api, copied).get_json()["title"] == 'Clots & "legs"'

    def test_a_page_that_a_query_names_is_found_by_that_query_only(self, session, api):
        a_live_article(session, canonical="https://clinic.example/clots?page=2")

        assert asked(api, "https://clinic.example/clots?page=2").status_code == 200
        assert asked(api, "https://clinic.example/clots?page=3").status_code == 404

    def test_what_does_not_fit_is_named(self, api):
        answer = api.get("/api/v1/oembed?maxwidth=0&colour=red")

        assert answer.status_code == 422
        assert {one["pointer"] for one in answer.get_json()["errors"]} == {"/url", "/maxwidth", "/colour"}
