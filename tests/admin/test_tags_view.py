import re

import pytest
from bs4 import BeautifulSoup

from admin import shelves
from admin.roles import Role
from content import versions
from content.log import head
from tests.builders import a_live_article, an_article, an_faq


@pytest.fixture
def article(session):
    return a_live_article(session, tags=["legs", "walking"])


@pytest.fixture
def ed(signed_in, session, article):
    session.commit()
    return signed_in(Role.EDITOR)


def sent(browser, address):
    shown = browser.get(address).text
    facts = dict(re.findall(r'type="hidden" name="(tag|to|expected)" value="([^"]*)"', shown))
    return browser.post(address.partition("?")[0], facts, form_on=address)


def tags(session, version):
    session.expire_all()
    return versions.latest(session, version.entry_id).values["tags"]


class TestOf:
    def test_it_links_what_bears_the_tag(self, ed, session, article):
        faq = an_faq(session, tags=["legs"])
        an_article(session, title="Another", slug="another", tags=["leg"])
        session.commit()

        page = ed.get("/admin/tags/of?tag=legs").text

        assert f'href="/admin/articles/{article.entry_id}"' in page
        assert f'href="/admin/faqs/{faq.entry_id}"' in page
        assert "Another" not in page
        assert 'href="/admin/tags/of?tag=legs"' in ed.get("/admin/tags/").text

    @pytest.mark.parametrize("tag", ["", "a,b", "x" * 61])
    def test_it_is_nowhere_for_what_can_be_no_tag(self, ed, tag):
        assert ed.get(f"/admin/tags/of?tag={tag}").status_code == 404


class TestIndex:
    def test_it_shows_those_that_begin_so_and_goes_on_among_them(self, ed, session, monkeypatch):
        monkeypatch.setattr(shelves, "PAGE", 1)
        an_article(session, slug="another", tags=["Lungs", "arms"])
        session.commit()

        def shown(address):
            page = BeautifulSoup(ed.get(address).text, "html.parser")
            names = [one.a.text for one in page.select("tbody th")]
            return names, [one["href"] for one in page.select(".paging a") if "Next" in one.text]

        first, [further] = shown("/admin/tags/?q=L")

        assert first == ["legs"]
        assert shown(further) == (["Lungs"], [])
        assert "No tag begins so." in ed.get("/admin/tags/?q=nothing").text


class TestRename:
    def test_it_shows_its_effect_and_does_that(self, ed, session, article):
        faq = an_faq(session, tags=["legs"])
        session.commit()
        address = "/admin/tags/rename?tag=legs&to=feet"
        page = ed.get(address).text
        assert "Rename legs to feet" in page
        assert "1 live text changes for readers." in page
        assert "The log gets 1 line, in 1 act." in page
        before = head(session).sequence

        answer = sent(ed, address)

        assert answer.location == "/admin/tags/of?tag=feet"
        assert head(session).sequence == before + 1
        assert tags(session, faq) == ["feet"]
        assert ed.get("/api/v1/articles/clots").json["tags"] == ["feet", "walking"]

    def test_it_merges_into_a_tag_that_is_there(self, ed, session, article):
        address = "/admin/tags/rename?tag=legs&to=walking"
        assert "Merge legs into walking" in ed.get(address).text

        sent(ed, address)

        assert tags(session, article) == ["walking"]

    @pytest.mark.parametrize("to", ["", "legs", "a,b"])
    def test_it_tells_why_not(self, ed, session, to):
        before = head(session).sequence
        asked = ed.get(f"/admin/tags/rename?tag=legs&to={to}")
        page = BeautifulSoup(asked.text, "html.parser")
        assert asked.status_code == 409
        assert [one["id"] for one in page.select("[aria-invalid]")] == ["to"]
        assert page.select_one("#fault").text.startswith("The new name ")

        answer = ed.post("/admin/tags/rename", {"tag": "legs", "to": to}, form_on="/admin/tags/of?tag=legs")

        assert answer.status_code == 409
        assert head(session).sequence == before

    def test_it_refuses_what_changed_since(self, ed, session, article):
        given = {"tag": "legs", "to": "feet", "expected": "0" * 64}

        answer = ed.post("/admin/tags/rename", given, form_on="/admin/tags/of?tag=legs")

        assert answer.status_code == 409
        assert tags(session, article) == ["legs", "walking"]


class TestRetire:
    def test_it_is_offered_no_more_and_kept_until_it_is_offered_again(self, ed, session, article):
        ed.post("/admin/tags/retire?tag=legs", form_on="/admin/tags/of?tag=legs")

        offered = ed.get("/admin/articles/new").text
        assert "&#34;walking&#34;" in offered
        assert "&#34;legs&#34;" not in offered
        assert tags(session, article) == ["legs", "walking"]
        assert "retired" in ed.get("/admin/tags/").text
        ed.post("/admin/tags/offer?tag=legs", form_on="/admin/tags/of?tag=legs")
        assert "&#34;legs&#34;" in ed.get("/admin/articles/new").text


class TestRights:
    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
    def test_it_is_for_those_who_publish(self, signed_in, session, article, role):
        session.commit()
        visitor = signed_in(role)

        page = visitor.get("/admin/tags/of?tag=legs")
        assert page.status_code == 200
        assert "See what it does" not in page.text
        assert visitor.get("/admin/tags/rename?tag=legs&to=feet").status_code == 403
        for act in ("rename", "retire", "offer"):
            given = {"tag": "legs", "to": "feet"}
            assert visitor.post(f"/admin/tags/{act}", given, form_on="/admin/password").status_code == 403
        assert tags(session, article) == ["legs", "walking"]
