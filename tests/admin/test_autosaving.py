from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from content import autosaves, publishing, versions
from tests.builders import ED, an_article, saved


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def article(session):
    made = an_article(session)
    session.commit()
    return made


def form_on(browser, path):
    """The page's writing form, and every hidden field of it."""
    form = BeautifulSoup(browser.get(path).text, "html.parser").select_one("form.writing")
    return form, {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def path(article):
    return f"/admin/articles/{article.entry_id}"


def typed_on(browser, path, **typed):
    """What a tab on a page sends when typing stops, and what it is answered."""
    form, hidden = form_on(browser, path)
    sent = {**hidden, "title": "T", "body": "B", **typed}
    return sent, browser.open(form["data-autosave"], method="POST", data=sent)


def title_on(browser, path):
    form, _ = form_on(browser, path)
    return form.select_one("#title")["value"]


class TestKeep:
    def test_it_keeps_what_is_typed_and_shows_it_when_the_form_is_opened_again(self, editor, article):
        _, answer = typed_on(editor, path(article), title="Half a ti", note="For Ada", tags="a, b")

        assert answer.status_code == 200
        form, hidden = form_on(editor, path(article))
        assert form.select_one("#title")["value"] == "Half a ti"
        assert form.select_one("#note")["value"] == "For Ada"
        assert form.select_one("#tags")["value"] == "a, b"
        assert hidden["based_on"] == "1"

    def test_it_makes_no_version(self, editor, article, session):
        typed_on(editor, path(article), title="Half a ti")

        assert versions.latest(session, article.entry_id).number == 1

    def test_it_keeps_an_entry_that_is_not_made_yet(self, editor, session):
        typed_on(editor, "/admin/articles/new", title="Walki", slug="", locale="de", topics=["new:Veins"])

        form, _ = form_on(editor, "/admin/articles/new")
        assert (form.select_one("#title")["value"], form.select_one("#slug")["value"]) == ("Walki", "")
        assert form.select_one("#locale")["value"] == "de"
        assert form.select_one("#topics option[selected]")["value"] == "new:Veins"

    def test_it_starts_from_the_version_that_was_typed_on(self, editor, article, session):
        sent, _ = typed_on(editor, path(article), title="Mine")
        saved(session, article, title="Theirs")
        session.commit()

        _, hidden = form_on(editor, path(article))
        answer = editor.open(path(article), method="POST", data={**sent, **hidden})

        assert hidden["based_on"] == "1"
        assert answer.status_code == 409

    def test_it_is_taken_up_by_the_next_tab(self, editor, article, session):
        first, _ = typed_on(editor, path(article), title="Half a ti")

        second, _ = typed_on(editor, path(article), title="Half a title")

        assert second["instead_of"] == first["tab"] != second["tab"]
        assert title_on(editor, path(article)) == "Half a title"
        assert "Show what you left on" not in editor.get(path(article)).text

    def test_it_shows_nobody_elses(self, editor, signed_in, article):
        typed_on(editor, path(article), title="Mine")

        assert title_on(signed_in(Role.AUTHOR), path(article)) == article.values["title"]

    def test_it_writes_over_nobody_elses(self, editor, signed_in, article):
        sent, _ = typed_on(editor, path(article), title="Mine")
        other = signed_in(Role.AUTHOR)
        _, hidden = form_on(other, path(article))

        answer = other.open(f"/admin/autosaves/{sent['tab']}", method="POST", data={**sent, **hidden})

        assert answer.status_code == 404
        assert title_on(editor, path(article)) == "Mine"

    def test_it_keeps_no_words_of_what_was_erased(self, editor, article, session):
        form, hidden = form_on(editor, path(article))
        publishing.erase(session, article.entry_id, by=ED)

        answer = editor.open(form["data-autosave"], method="POST", data={**hidden, "title": "Jane Doe"})

        assert answer.status_code == 410

    @pytest.mark.parametrize(
        "wrong", [{"type": "leaflet"}, {"type": "faq"}, {"based_on": "9"}, {"entry": str(uuid4())}]
    )
    def test_it_knows_what_there_is(self, editor, article, wrong):
        assert typed_on(editor, path(article), **wrong)[1].status_code == 404


class TestUnsaved:
    def test_it_can_be_left_aside(self, editor, article):
        sent, _ = typed_on(editor, path(article), title="Mine")

        page = editor.get(f"{path(article)}?unsaved=none").text

        assert title_on(editor, f"{path(article)}?unsaved=none") == article.values["title"]
        assert f"unsaved={sent['tab']}" in page
        assert title_on(editor, f"{path(article)}?unsaved={sent['tab']}") == "Mine"

    def test_it_is_of_the_article_that_a_question_is_added_to(self, editor, article):
        typed_on(
            editor, f"/admin/faqs/new?article={article.entry_id}", question="Why?", article=article.entry_id
        )

        form, _ = form_on(editor, f"/admin/faqs/new?article={article.entry_id}")
        other, _ = form_on(editor, f"/admin/faqs/new?article={uuid4()}")

        assert (form.select_one("#question")["value"], other.select_one("#question")["value"]) == ("Why?", "")


class TestSettle:
    def test_it_forgets_what_was_saved_and_tells_the_browser_once(self, editor, article, session):
        sent, _ = typed_on(editor, path(article), title="Mine")

        editor.open(path(article), method="POST", data={**sent, "slug": "mine"})

        assert [form_on(editor, path(article))[0]["data-settled"] for _ in range(2)] == [sent["tab"], ""]
        assert title_on(editor, path(article)) == "Mine"
        assert "not saved" not in editor.get(path(article)).text

    def test_it_forgets_what_became_an_entry(self, editor):
        sent, _ = typed_on(editor, "/admin/articles/new", title="Walking")

        editor.open("/admin/articles/new", method="POST", data=sent)

        assert title_on(editor, "/admin/articles/new") == ""

    def test_it_keeps_what_was_refused(self, editor, article):
        sent, _ = typed_on(editor, path(article), title="Mine")

        answer = editor.open(path(article), method="POST", data={**sent, "title": ""})

        assert answer.status_code == 422
        assert BeautifulSoup(answer.text, "html.parser").select_one("[name=tab]")["value"] == sent["tab"]
        assert title_on(editor, path(article)) == "Mine"


class TestDiscard:
    def test_it_shows_the_form_without_it(self, editor, article):
        sent, _ = typed_on(editor, path(article), title="Mine")

        answer = editor.post(f"/admin/autosaves/{sent['tab']}/discard", form_on=path(article))

        assert answer.location == path(article)
        assert title_on(editor, path(article)) == article.values["title"]

    def test_it_is_nobody_elses_to_discard(self, editor, signed_in, article, session):
        sent, _ = typed_on(editor, path(article), title="Mine")

        answer = signed_in(Role.AUTHOR).post(f"/admin/autosaves/{sent['tab']}/discard", form_on=path(article))

        assert answer.status_code == 404
        assert session.get(autosaves.Autosave, UUID(sent["tab"]))


class TestToken:
    def test_it_lets_a_form_go_on_that_outlived_its_session(self, editor, article):
        form, hidden = form_on(editor, path(article))
        editor.client.delete_cookie("verso_newsroom", path="/admin")
        assert editor.get("/admin/autosaves/token").status_code == 302
        editor.sign_in("editor@example.org")

        told = editor.get("/admin/autosaves/token").json
        sent = {**hidden, "title": "Still here", "csrf_token": told["token"]}

        assert told["editor"] == form["data-editor"]
        assert editor.open(form["data-autosave"], method="POST", data=sent).status_code == 200
