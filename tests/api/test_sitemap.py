"""The sitemap: pages of the organisation's own site."""

from datetime import datetime
from urllib.parse import urlsplit

import pytest
from lxml import etree

from api import sitemap
from content import publishing
from content.placement import LICENSED
from tests.builders import ED, a_live_article, a_live_faq, an_article, publish, saved, signed

START = "/api/v1/sitemap.xml"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SITE = "https://clinic.example"


def parts(api, query=""):
    """The paths of the parts that the index names."""
    root = etree.fromstring(api.get(START + query).data)
    assert root.tag == f"{S}sitemapindex"
    assert [one.tag for one in root] == [f"{S}sitemap"] * len(root)
    addresses = [urlsplit(one.findtext(f"{S}loc")) for one in root]
    assert {f"{one.scheme}://{one.netloc}" for one in addresses} == {"http://localhost:8000"}
    return [f"{one.path}?{one.query}" if one.query else one.path for one in addresses]


def told(api, query=""):
    """Every address of a sitemap with its last change, which is written as it may be."""
    found = {}
    for path in parts(api, query):
        root = etree.fromstring(api.get(path).data)
        assert root.tag == f"{S}urlset"
        for url in root:
            assert [one.tag for one in url] == [f"{S}loc", f"{S}lastmod"]
            assert urlsplit(url[0].text).scheme == "https"
            found[url[0].text] = datetime.fromisoformat(url[1].text)
    return found


class TestSitemap:
    def test_it_names_the_pages_of_what_is_public(self, session, api):
        first = a_live_article(session, canonical=f"{SITE}/clots?a=1&b=2")
        a_live_faq(session, canonical=f"{SITE}/does-it-hurt")
        a_live_article(session, slug="nowhere")
        a_live_article(session, slug="licensed", canonical=f"{SITE}/licensed", audience=LICENSED)
        an_article(session, slug="draft", canonical=f"{SITE}/draft")
        gone = a_live_article(session, slug="gone", canonical=f"{SITE}/gone")
        publishing.withdraw(session, gone.entry_id, by=ED)

        found = told(api)

        assert set(found) == {f"{SITE}/clots?a=1&b=2", f"{SITE}/does-it-hurt"}
        document = api.get(f"/api/v1/articles/{first.entry_id}").get_json()
        assert found[f"{SITE}/clots?a=1&b=2"] == datetime.fromisoformat(document["dates"]["updated_at"])

    def test_it_is_there_where_nothing_is_public(self, api):
        assert told(api) == {}

    def test_it_comes_in_parts(self, session, api, monkeypatch):
        monkeypatch.setattr(sitemap, "PART", 2)
        for n in range(5):
            a_live_article(session, slug=f"s-{n}", canonical=f"{SITE}/{n}")

        assert parts(api) == [f"/api/v1/sitemaps/{n}.xml" for n in (1, 2, 3)]
        assert set(told(api)) == {f"{SITE}/{n}" for n in range(5)}
        assert api.get("/api/v1/sitemaps/4.xml").status_code == 404

    def test_its_past_stays(self, session, api):
        shown = a_live_article(session, canonical=f"{SITE}/clots")
        moved = signed(session, saved(session, shown, canonical=f"{SITE}/legs"))
        publish(session, moved, note="Moved.")

        assert list(told(api, "?as_of=1")) == [f"{SITE}/clots"]
        assert list(told(api)) == [f"{SITE}/legs"]

    def test_it_is_taken_as_xml(self, api):
        for accept, status in (("application/xml", 200), ("text/xml", 200), ("application/json", 406)):
            assert api.get(START, headers={"Accept": accept}).status_code == status

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_nothing_new_is_a_304(self, session, api):
        a_live_article(session, canonical=f"{SITE}/clots")
        etag = api.get("/api/v1/sitemaps/1.xml").headers["ETag"]

        a_live_article(session, slug="nowhere")

        assert api.get("/api/v1/sitemaps/1.xml", headers={"If-None-Match": etag}).status_code == 304
