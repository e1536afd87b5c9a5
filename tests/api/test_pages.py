"""The pages that people read: no other host, no inline script, all of it there without scripts."""

import pytest
from bs4 import BeautifulSoup

from api.documentation import marked_up
from api.problems import KINDS

PAGES = ["/", "/api/v1/docs", "/api/v1/problems/gone"]


@pytest.fixture
def page(api):
    """A page, parsed."""
    return lambda path: BeautifulSoup(api.get(path).get_data(as_text=True), "html.parser")


class TestPages:
    @pytest.mark.parametrize("path", PAGES)
    def test_it_asks_no_other_host_and_runs_nothing_inline(self, api, page, path):
        policy = api.get(path).headers["Content-Security-Policy"]
        found = page(path)

        assert "'unsafe-inline'" not in policy
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert [one for one in found.find_all(["script", "link", "img"]) if not own(one)] == []
        assert not found.find_all("style")
        assert not [one for one in found.find_all(True) for name in one.attrs if name.startswith("on")]
        assert not found.find_all(style=True)

    def test_it_welcomes_with_links_that_all_answer(self, api, page):
        links = [link["href"] for link in page("/").find_all("a")]

        assert {"/admin/", "/api/v1/docs", "/api/v1/articles", "/api/v1/changes"} <= set(links)
        assert {api.get(link).status_code for link in links} <= {200, 302}

    def test_it_shows_every_call_and_every_problem(self, api, page):
        text = page("/api/v1/docs").get_text()

        for path in api.get("/api/v1/openapi.json").get_json()["paths"]:
            assert path in text
        for kind in KINDS:
            assert kind.name in text

    def test_it_shows_values_as_they_are_asked_for(self, api, page):
        shown = page("/api/v1/docs")

        hints = {field["placeholder"] for field in shown.find_all("input", placeholder=True)}
        assert {"such as de,en", "such as title,dates.updated_at"} <= hints
        assert not [hint for hint in hints if set(hint) & set("[]'")]
        said = [cell.get_text() for cell in shown.select("td")]
        assert "boolean, false unless told" in said
        assert not [one for one in said if "False" in one or "True" in one or "[" in one]

    def test_it_shows_as_code_what_is_written_so(self, page):
        shown = page("/api/v1/docs")

        assert {"ids", "fields", "fallback"} <= {one.get_text() for one in shown.select(".lead code")}
        assert "auto" in {one.get_text() for one in shown.select("td:last-child code")}
        for given in shown.find_all("pre"):
            given.decompose()
        assert "`" not in shown.get_text()

    def test_it_has_a_heading_a_language_and_a_title(self, page):
        for path in PAGES:
            found = page(path)
            assert len(found.find_all("h1")) == 1
            assert found.html["lang"] == "en"
            assert found.title.string.endswith("· Verso")


class TestMarkedUp:
    def test_it_escapes_what_is_code_and_what_is_not(self):
        text = "`<b>` & <i>, and a lone `"

        assert marked_up(text) == "<code>&lt;b&gt;</code> &amp; &lt;i&gt;, and a lone `"


def own(element):
    """Whether an element loads from this server."""
    address = element.get("src") or element.get("href") or ""
    return address == "data:," or address.startswith("/")
