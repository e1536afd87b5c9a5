import re
from html import unescape
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup

from admin import shelves
from admin.roles import Role
from admin.sources_view import written
from content import publishing, versions
from content.log import head
from tests.builders import ED, a_live_article, an_faq, saved

NHS = {"title": "DVT", "publisher": "NHS"}
OTHER = {"title": "Veins", "publisher": "Clinic", "accessed_on": "2026-05-01"}


def at(page, facts=NHS, **more):
    return f"/admin/sources/{page}?{urlencode({'source': written(facts), **more})}"


@pytest.fixture
def article(session):
    return a_live_article(session, sources=[NHS, OTHER])


@pytest.fixture
def ed(signed_in, session, article):
    session.commit()
    return signed_in(Role.EDITOR)


def sent(browser, address):
    shown = browser.get(address).text
    found = re.findall(r'type="hidden" name="(source|into|expected)" value="([^"]*)"', shown)
    facts = {name: unescape(value) for name, value in found}
    return browser.post("/admin/sources/change", facts, form_on=address)


def sources(session, version):
    session.expire_all()
    return versions.latest(session, version.entry_id).values["sources"]


class TestOf:
    def test_it_links_what_rests_on_it(self, ed, session, article):
        faq = an_faq(session, sources=[NHS])
        session.commit()

        page = ed.get(at("of")).text

        assert f'href="/admin/articles/{article.entry_id}"' in page
        assert f'href="/admin/faqs/{faq.entry_id}"' in page
        assert "1 live text rests on it" in page
        assert "/admin/sources/of?source=" in ed.get("/admin/sources/").text

    @pytest.mark.parametrize(
        ("given", "field", "said"),
        [
            ({"title": "", "publisher": "NHS"}, "title", "“Title” "),
            ({"title": "DVT", "url": "nowhere"}, "url", "“Address” "),
            ({"into": "[]"}, "into", "The other one is no source."),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(self, ed, given, field, said):
        asked = ed.get(at("change", **given))

        page = BeautifulSoup(asked.text, "html.parser")
        assert asked.status_code == 409
        assert [one["id"] for one in page.select("[aria-invalid]")] == [field]
        assert page.select_one("#fault").text.startswith(said)

    @pytest.mark.parametrize("source", ["", "x", "[]", "{}", '{"title": 1}', '{"strange": "x"}', "[" * 5_000])
    def test_it_is_nowhere_for_what_can_be_no_source(self, ed, source):
        assert ed.get(f"/admin/sources/of?{urlencode({'source': source})}").status_code == 404


class TestIndex:
    def test_it_shows_a_page_and_leads_on(self, ed, session, article, monkeypatch):
        monkeypatch.setattr(shelves, "PAGE", 1)

        first = BeautifulSoup(ed.get("/admin/sources/").text, "html.parser")
        second = ed.get(first.select_one(".paging a")["href"]).text

        assert "DVT" in first.select_one("tbody").text
        assert "Veins" in second
        assert ">1 May 2026</time>" in second
        assert "First page" in second

    def test_it_finds_titles_by_their_beginning(self, ed, article):
        assert "Veins" not in ed.get("/admin/sources/?q=dv").text
        assert "No title of a source begins so." in ed.get("/admin/sources/?q=x").text

    def test_a_text_whose_title_was_erased_is_still_led_to(self, ed, session, article):
        saved(session, article, title="Jane Doe", sources=[])
        publishing.erase(session, article.entry_id, [2], by=ED)
        session.commit()

        page = BeautifulSoup(ed.get("/admin/sources/").text, "html.parser")

        links = page.select(f'tbody td a[href="/admin/articles/{article.entry_id}"]')
        assert {link.text for link in links} == {"(erased)"}


class TestChange:
    def test_it_shows_what_waits_and_saves_drafts_only(self, ed, session, article):
        address = at("change", title="Deep vein thrombosis", publisher="NHS")
        page = ed.get(address).text
        assert "Correct DVT" in page
        assert "Readers have version 1 until the new one is reviewed and published." in page
        assert "The log gets no line." in page
        before = head(session).sequence

        answer = sent(ed, address)

        assert answer.status_code == 303
        assert head(session).sequence == before
        assert sources(session, article) == [{"title": "Deep vein thrombosis", "publisher": "NHS"}, OTHER]
        assert ed.get("/api/v1/articles/clots").json["sources"][0]["title"] == "DVT"
        assert "1 still rest on it" in ed.get(answer.location).text

    def test_it_merges_two_into_one(self, ed, session, article):
        address = at("change", into=written(OTHER))
        assert "Merge DVT" in ed.get(address).text

        sent(ed, address)

        assert sources(session, article) == [OTHER]

    @pytest.mark.parametrize(
        "given",
        [NHS, {"title": ""}, {"title": "DVT", "url": "no address"}, {"into": "x"}],
    )
    def test_it_tells_why_not(self, ed, session, article, given):
        assert ed.get(at("change", **given)).status_code == 409

        answer = ed.post("/admin/sources/change", {"source": written(NHS), **given}, form_on=at("of"))

        assert answer.status_code == 409
        assert sources(session, article) == [NHS, OTHER]


class TestRetire:
    def test_it_is_offered_no_more_and_kept_until_it_is_offered_again(self, ed, session, article):
        option = '<option value="DVT"'
        assert option in ed.get("/admin/articles/new").text

        ed.post(at("retire"), form_on=at("of"))

        assert option not in ed.get("/admin/articles/new").text
        assert sources(session, article) == [NHS, OTHER]
        assert "retired" in ed.get("/admin/sources/").text
        ed.post(at("offer"), form_on=at("of"))
        assert option in ed.get("/admin/articles/new").text


class TestRights:
    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
    def test_it_is_for_those_who_publish(self, signed_in, session, article, role):
        session.commit()
        visitor = signed_in(role)

        assert visitor.get(at("of")).status_code == 200
        assert "See what it does" not in visitor.get(at("of")).text
        assert visitor.get(at("change", title="X")).status_code == 403
        for act in ("change", "retire", "offer"):
            given = {"source": written(NHS), "title": "X"}
            assert visitor.post(f"/admin/sources/{act}", given, form_on="/admin/password").status_code == 403
        assert sources(session, article) == [NHS, OTHER]
