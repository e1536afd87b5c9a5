from uuid import UUID

import pytest

from content import publishing
from content.log import State
from content.own_links import Named, named, unfound
from tests.builders import ED, a_live_article, an_article, publish, saved, signed

TEMPLATES = (
    "https://clinic.example/{locale}/{type}/{slug}",
    "/api/v1/{plural}/{slug}",
    "https://clinic.example/{plural}/{slug}/",
)
ID = "0190a0a0-0000-7000-8000-000000000001"


class TestNamed:
    @pytest.mark.parametrize(
        ("href", "wanted"),
        [
            ("/api/v1/articles/clots", Named("article", "clots", "en")),
            ("/api/v1/faqs/clots/?fields=slug#top", Named("faq", "clots", "en")),
            ("/api/v1/faqs/clots?locale=de", Named("faq", "clots", "de")),
            (f"/api/v1/articles/{ID}", Named("article", UUID(ID), "en")),
            ("https://clinic.example/de/article/clots", Named("article", "clots", "de")),
            ("https://clinic.example/faqs/clots/", Named("faq", "clots", "en")),
        ],
    )
    def test_it_is_the_entry_of_an_address_of_ours(self, href, wanted):
        assert named(href, TEMPLATES, locale="en") == wanted

    @pytest.mark.parametrize(
        "href",
        [
            "",
            "#clots",
            "https://other.example/en/article/clots",
            "https://clinic.example/contact",
            "https://clinicxexample/en/article/clots",
            "/api/v1/leaflets/clots",
            "/api/v1/articles/clots/versions",
        ],
    )
    def test_it_is_none_of_others(self, href):
        assert named(href, TEMPLATES, locale="en") is None

    @pytest.mark.parametrize("template", ["https://clinic.example/{slug}", "https://clinic.example/{type}"])
    def test_a_template_that_names_no_type_or_no_slug_tells_nothing(self, template):
        assert named("https://clinic.example/article", (template,), locale="en") is None


class TestUnfound:
    def test_it_is_what_readers_find_nothing_under(self, session):
        live = a_live_article(session)
        an_article(session, slug="draft")
        gone = a_live_article(session, slug="gone")
        publishing.withdraw(session, gone.entry_id, by=ED)
        keys = ("clots", live.entry_id, "draft", "gone", gone.entry_id, "never")

        dead = unfound(session, [Named("article", key, "en") for key in keys])

        assert {name.key for name in dead} == {"draft", "gone", gone.entry_id, "never"}

    def test_it_follows_what_has_moved(self, session):
        live = a_live_article(session)
        publish(session, signed(session, saved(session, live, slug="moved")))

        assert unfound(session, [Named("article", "clots", "en")]) == set()

    def test_what_was_redirected_leads_on_as_far_as_there_is_something(self, session):
        entries = {
            slug: a_live_article(session, slug=slug) for slug in ("far", "near", "away", "taken", "end")
        }
        ids = {slug: str(version.entry_id) for slug, version in entries.items()}
        ways = {"far": ids["near"], "near": ids["end"], "away": "https://example.org/", "taken": ids["end"]}
        for slug, target in ways.items():
            told = {"manner": State.REPLACED if slug == "taken" else State.REDIRECTED, "target": target}
            publishing.withdraw(session, entries[slug].entry_id, by=ED, **told)
        links = [Named("article", slug, "en") for slug in entries]
        links.append(Named("article", entries["far"].entry_id, "en"))

        assert {link.key for link in unfound(session, links)} == {"taken"}

        publishing.withdraw(session, entries["end"].entry_id, by=ED)
        assert {link.key for link in unfound(session, links)} == {*ids, entries["far"].entry_id} - {"away"}

    def test_a_circle_of_redirections_leads_nowhere(self, session):
        one, other = a_live_article(session, slug="one"), a_live_article(session, slug="other")
        for entry, target in ((one, other), (other, one)):
            told = {"manner": State.REDIRECTED, "target": str(target.entry_id)}
            publishing.withdraw(session, entry.entry_id, by=ED, **told)

        links = {Named("article", "one", "en"), Named("article", other.entry_id, "en")}
        assert unfound(session, links) == links

    def test_it_keeps_types_and_languages_apart(self, session):
        a_live_article(session)
        a_live_article(session, slug="andere", locale="de")
        others = {
            Named("faq", "clots", "en"),
            Named("article", "clots", "de"),
            Named("article", "andere", "en"),
        }

        assert unfound(session, others) == others

    def test_it_asks_twice_at_most(self, session, statements):
        links = [Named("article", key, "en") for key in ("a", "b", UUID(ID))]

        unfound(session, links)

        assert len([one for one in statements if one.startswith("SELECT")]) == 2
        assert unfound(session, []) == set()
