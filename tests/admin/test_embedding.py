"""The page that hands out the lines by which other sites show a text."""

import html

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from api.embeds import script
from content.placement import LICENSED
from tests.builders import a_live_article, a_live_faq, a_topic, an_article, saved

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
START = "http://localhost:8000"


@pytest.fixture
def author(signed_in):
    return signed_in(Role.AUTHOR)


def page(author, entry_id, asked=""):
    """What the page shows, and its answer."""
    answer = author.get(f"/admin/entries/{entry_id}/embed{asked}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser"), answer


def lines(shown):
    """The lines to be copied, by the ids of their fields; each has a button."""
    found = {one["id"]: one.text for one in shown.select("textarea")}
    assert {one["data-copy"] for one in shown.select("[data-copy]")} == found.keys()
    return found


class TestEmbed:
    def test_it_hands_out_lines_that_show_the_text(self, session, author):
        faq = a_live_faq(session, question='Is it "bad" & sore?')

        shown, _ = page(author, faq.entry_id)

        told, there = lines(shown), f"{START}/api/v1/faqs/{faq.entry_id}/embed"
        [place] = BeautifulSoup(told["embed-1-script"], "html.parser").select("[data-verso-embed]")
        assert (place["data-verso-embed"], place.a["href"]) == (f"{there}/fragment", there)
        assert place.a.text == 'Is it "bad" & sore?'
        assert f'<script src="{START}/api/v1/embed.js" async></script>' in told["embed-1-script"]
        frame = BeautifulSoup(told["embed-1-frame"], "html.parser").iframe
        assert (frame["src"], frame["title"]) == (there, 'Is it "bad" & sore?')
        assert f"'{there}/fragment'" in told["embed-1-server"]
        assert script.built().integrity in told["pinned"]
        assert script.built().address in told["pinned"]
        for name in ("script", "connect", "img", "frame"):
            assert f"{name}-src {START}" in told["policy"]

    def test_its_preview_is_the_very_embed_in_the_theme_and_level_chosen(self, session, author):
        article = a_live_article(session)

        shown, answer = page(author, article.entry_id, "?theme=dark&level=3")

        there = f"/api/v1/articles/{article.entry_id}/embed"
        assert shown.select_one(".theme-dark")["data-verso-embed"] == f"{there}/fragment?level=3"
        assert shown.iframe["src"] == f"{there}?theme=dark"
        assert shown.select_one('script[src="/api/v1/embed.js"]')
        assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
        assert "frame-src" not in author.get("/admin/").headers["Content-Security-Policy"]
        for path in (shown.iframe["src"], shown.select_one(".theme-dark")["data-verso-embed"]):
            assert author.get(html.unescape(path)).status_code == 200

    def test_what_it_does_not_know_is_as_it_was(self, session, author):
        article = a_live_article(session)

        shown, _ = page(author, article.entry_id, "?theme=pink&level=9")

        assert shown.iframe["src"] == f"/api/v1/articles/{article.entry_id}/embed"

    def test_the_questions_of_an_article_and_of_a_topic_have_lines_too(self, session, author):
        topic = a_topic(session)
        article = a_live_article(session, topics=[topic])
        for key, asked in ((article.entry_id, "article="), (topic, "topic=")):
            shown, _ = page(author, key)

            fragments = [one["data-verso-embed"] for one in shown.select("[data-verso-embed]")]
            assert fragments[-1].startswith(f"/api/v1/embeds/faqs/fragment?{asked}{key}")

    def test_a_licensed_text_has_no_lines_for_a_public_page(self, session, author):
        article = a_live_article(session, audience=LICENSED)

        shown, _ = page(author, article.entry_id)

        assert lines(shown).keys() == {"embed-1-server", "embed-2-server"}
        assert shown.script is None or "embed.js" not in str(shown)
        assert "must never have one" in shown.text

    def test_it_says_that_a_text_may_not_be_republished(self, session, author):
        article = a_live_article(session, syndication=False)

        assert "It may not be republished" in page(author, article.entry_id)[0].text

    def test_it_goes_by_what_is_public_and_not_by_what_is_written_since(self, session, author):
        barred = a_live_article(session, syndication=False)
        saved(session, barred, syndication=True, audience=LICENSED)
        session.commit()

        shown, _ = page(author, barred.entry_id)

        assert "It may not be republished" in shown.text
        assert "must never have one" not in shown.text

    def test_what_is_not_public_has_none(self, session, author):
        draft = an_article(session)
        session.commit()

        shown, _ = page(author, draft.entry_id)

        assert lines(shown) == {}
        assert "not public" in shown.text

    def test_a_public_text_leads_there(self, session, author):
        live = a_live_article(session)
        draft = an_article(session, slug="draft")
        session.commit()

        assert f"/admin/entries/{live.entry_id}/embed" in author.get(f"/admin/articles/{live.entry_id}").text
        assert "/embed" not in author.get(f"/admin/articles/{draft.entry_id}").text
