import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from tests.builders import a_live_faq, an_article

BODY = "[dead](/api/v1/faqs/never)\n[live](/api/v1/faqs/does-it-hurt)\n\n#### Deep"
TYPED = {
    "type": "article",
    "title": "T",
    "summary": "S",
    "body": BODY,
    "sources-0-title": "DVT",
    "locale": "en",
}


@pytest.fixture
def author(signed_in):
    return signed_in(Role.AUTHOR)


def said(author, **typed):
    return author.post("/admin/beside", {**TYPED, **typed}, form_on="/admin/password")


class TestBeside:
    def test_it_leads_each_check_to_its_line(self, author, session):
        a_live_faq(session)

        page = BeautifulSoup(said(author).json["checks"], "html.parser")

        assert [(one.a["href"], one.a["data-line"], one.text.split("\n")[0]) for one in page("li")] == [
            ("#body", "1", "Text, line 1The link “dead” leads to nothing that is public."),
            ("#body", "4", "Text, line 4The heading “Deep” skips a level."),
        ]

    def test_it_looks_at_links_in_warnings_too(self, author):
        warnings = ["No link.", "[dead](/api/v1/faqs/never)", "[in](/admin/faqs/never)"]
        page = BeautifulSoup(said(author, type="faq", warnings=warnings).json["checks"], "html.parser")
        form = BeautifulSoup(author.get("/admin/faqs/new").text, "html.parser")

        told = [(one.a["href"], one.a.get("data-line"), one.text) for one in page("li")]
        assert told[-2:] == [
            ("#warnings", None, "WarningsThe link “dead” leads to nothing that is public."),
            ("#warnings", None, "WarningsThe link “in” leads into the newsroom. Link to the text itself."),
        ]
        assert form.find(id="warnings")

    def test_it_leads_to_a_field_that_has_no_lines(self, author):
        page = BeautifulSoup(said(author, body="Words.", summary="").json["checks"], "html.parser")

        assert [(one["href"], one.get("data-line")) for one in page("a")] == [("#summary", None)]

    def test_it_knows_addresses_of_the_newsroom(self, app, author):
        app.config["VERSO_PUBLIC_URL"] = "https://verso.example"

        ours = ("/admin/articles/x", "http://localhost/admin/articles/x", "https://verso.example/admin/")
        for address in ours:
            assert "leads into the newsroom" in said(author, body=f"[a]({address})").json["checks"]
        for address in ("https://other.example/admin/", "/administration", "/api/v1/articles/admin"):
            assert "into the newsroom" not in said(author, body=f"[a]({address})").json["checks"]

    def test_it_knows_addresses_of_the_organisations_own_site(self, app, author):
        app.config["VERSO_CANONICAL_URL"] = "https://clinic.example/{type}/{slug}"

        body = "[a](https://clinic.example/faq/never) [b](https://clinic.example/contact)"
        assert said(author, body=body).json["checks"].count("nothing that is public") == 1

    def test_it_measures_each_text(self, author):
        assert said(author, body="One *two*.").json["measured"] == {
            "body": "2 words · 1 min to read · fewer than 100 words have no reading grade"
        }
        assert "reading grade -" in said(author, body="Go. " * 100).json["measured"]["body"]
        assert "English" in said(author, body="Go. " * 100, locale="de-AT").json["measured"]["body"]

    def test_it_escapes_what_was_typed(self, author):
        checks = said(author, body="[<b>](/api/v1/faqs/never)").json["checks"]

        assert "<b>" not in checks
        assert "&lt;b&gt;" in checks

    def test_it_stands_in_the_form_without_a_script(self, author, session):
        made = an_article(session, summary="")
        session.commit()

        page = BeautifulSoup(author.get(f"/admin/articles/{made.entry_id}").text, "html.parser")

        assert "Summary is empty." in page.select_one("#checks").text
        assert page.select_one("#body-measured").text.startswith("2 words")

    @pytest.mark.parametrize(
        ("locale", "told"),
        [("de", True), ("en", False), ("en-GB", False)],
    )
    def test_it_tells_of_a_question_whose_article_is_in_another_language(self, author, session, locale, told):
        article = an_article(session, title="Beine", locale=locale).entry_id
        session.commit()

        checks = said(author, type="faq", question="Q?", article=str(article)).json["checks"]

        assert (f"“Beine” is in another language ({locale})" in checks, 'href="#article"' in checks) == (
            told,
            told,
        )

    @pytest.mark.parametrize("article", ["", "nothing", "018f0000-0000-7000-8000-000000000000"])
    def test_it_tells_nothing_of_an_article_that_is_none(self, author, article):
        assert "language" not in said(author, type="faq", question="Q?", article=article).json["checks"]

    def test_it_knows_no_other_type(self, author):
        assert said(author, type="leaflet").status_code == 404
