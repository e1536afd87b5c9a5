import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from admin.roles import Role
from content import trash, versions
from content.database import new_id
from storage import db
from tests.builders import ED, a_live_article, a_live_faq, an_article, an_faq, saved


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def article(session):
    made = an_article(session)
    session.commit()
    return made


def path(version):
    return f"/admin/articles/{version.entry_id}"


def faqs(session, article, *questions):
    made = [
        an_faq(
            session,
            question=question,
            slug=f"faq-{question.lower()}",
            article=str(article.entry_id),
            position=place,
        )
        for place, question in enumerate(questions, 1)
    ]
    session.commit()
    return made


def row(browser, article):
    page = BeautifulSoup(browser.get(path(article)).text, "html.parser")
    return page.select_one("#row-faq")


def questions(browser, article):
    return [one.text for one in row(browser, article).select("li a")]


class TestArranged:
    def test_it_is_the_articles_faqs_by_position(self, editor, session, article):
        first = faqs(session, article, "A", "B")[0]
        saved(session, first, position=9)
        an_faq(session, slug="elsewhere", article=str(an_article(session, slug="other").entry_id))
        away = an_faq(session, question="C", slug="c", article=str(article.entry_id))
        an_faq(session, question="D", slug="d", article=str(article.entry_id))
        trash.throw_away(session, away.entry_id, by=ED)
        session.commit()

        assert questions(editor, article) == ["B", "A", "D"]

    def test_it_asks_as_often_for_many_as_for_one(self, editor, session, article):
        faqs(session, article, "A")
        row(editor, article)
        asked = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        row(editor, article)
        for_one = len(asked)
        faqs(session, article, *"BCDEFGH")
        asked.clear()

        row(editor, article)

        assert len(asked) == for_one

    def test_the_next_is_written_at_its_place_and_leads_back(self, editor, session, article):
        faqs(session, article, "A", "B")

        add = row(editor, article).select_one("a.button")["href"]
        form = BeautifulSoup(editor.get(add).text, "html.parser").select_one("form.writing")
        sent = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
        sent |= {"article": form.select_one("#article option[selected]")["value"]}
        answer = editor.open(
            "/admin/faqs/new", method="POST", data={**sent, "question": "C", "answer": "So."}
        )

        assert sent["position"] == "3"
        assert answer.location == f"{path(article)}?unsaved=none"
        assert questions(editor, article) == ["A", "B", "C"]

    def test_one_that_is_edited_from_there_leads_back_too(self, editor, session, article):
        faqs(session, article, "A")

        edit = row(editor, article).select_one("li a")["href"]
        page = BeautifulSoup(editor.get(edit).text, "html.parser")

        assert page.select_one("[name=back]")["value"] == str(article.entry_id)
        assert article.values["title"] in page.select_one(".crumbs").text

    @pytest.mark.parametrize("back", ["https://evil.example/", "0190a0a0-0000-7000-8000-000000000001", "x"])
    def test_it_leads_nowhere_else(self, editor, back):
        sent = {"title": "T", "body": "B", "locale": "en", "back": back}

        answer = editor.post("/admin/articles/new", sent, form_on="/admin/articles/new")

        assert answer.location.startswith("/admin/articles/")

    def test_a_topic_has_no_such_row(self, editor, session, article):
        assert "Add a" not in editor.get("/admin/topics/new").text


class TestArrange:
    def move(self, browser, article, faq, to):
        sent = {"entry": str(faq.entry_id), "to": to}
        there = f"/admin/entries/{article.entry_id}/arrange"
        return browser.post(there, sent, form_on="/admin/password")

    def test_it_moves_one_by_a_place(self, editor, session, article):
        a, b, c = faqs(session, article, *"ABC")

        answer = self.move(editor, article, c, "up")
        self.move(editor, article, a, "down")

        assert answer.location == f"{path(article)}?unsaved=none#row-faq"
        assert questions(editor, article) == ["C", "A", "B"]
        assert [versions.latest(session, one.entry_id).number for one in (a, b, c)] == [2, 2, 3]

    def test_readers_see_it_once_it_is_published(self, app, editor, session):
        article = a_live_article(session)
        given = {"article": str(article.entry_id)}
        a = a_live_faq(session, question="A", slug="a", position=1, **given)
        a_live_faq(session, question="B", slug="b", position=2, **given)
        session.commit()

        self.move(editor, article, a, "down")

        shown = app.test_client().get(f"/api/v1/articles/{article.entry_id}").json
        assert [one["question"] for one in shown["faqs"]] == ["A", "B"]
        assert "changed since" in row(editor, article).text

    def publish(self, browser, article, **changed):
        sent = {one["name"]: one["value"] for one in row(browser, article).select("form.card-line input")}
        there = f"/admin/entries/{article.entry_id}/publish-order"
        return browser.post(there, {**sent, **changed}, form_on="/admin/password")

    def test_one_button_gives_readers_the_order_under_a_draft(self, app, editor, session):
        article = a_live_article(session)
        given = {"article": str(article.entry_id)}
        a = a_live_faq(session, question="A", slug="a", position=1, **given)
        a_live_faq(session, question="B", slug="b", position=2, **given)
        saved(session, a, answer="Half-written")
        session.commit()
        assert row(editor, article).select_one("form.card-line") is None
        self.move(editor, article, a, "down")
        assert "Readers have 2 of these at another place." in row(editor, article).text

        answer = self.publish(editor, article)

        # At the top of the page it is told what came of it.
        assert answer.location == f"{path(article)}?unsaved=none"
        shown = app.test_client().get(f"/api/v1/articles/{article.entry_id}").json
        assert [one["question"] for one in shown["faqs"]] == ["B", "A"]
        assert app.test_client().get("/api/v1/faqs/a").json["answer"]["text"] == "Often it does."
        assert row(editor, article).select_one("form.card-line") is None

    def test_another_order_than_was_shown_is_told_and_not_published(self, editor, session):
        article = a_live_article(session)
        given = {"article": str(article.entry_id)}
        a = a_live_faq(session, question="A", slug="a", position=1, **given)
        a_live_faq(session, question="B", slug="b", position=2, **given)
        session.commit()
        self.move(editor, article, a, "down")

        told = editor.get(self.publish(editor, article, order="another").location).text

        assert "Nothing was published. What this would do has changed since" in told
        assert row(editor, article).select_one("form.card-line") is not None
        assert self.publish(editor, article, row="topic").status_code == 404

    def test_it_knows_the_row_and_the_two_ways(self, editor, session, article):
        (a,) = faqs(session, article, "A")
        other = an_faq(session, slug="other")
        session.commit()

        assert self.move(editor, article, a, "away").status_code == 404
        assert self.move(editor, article, other, "up").status_code == 404
        assert editor.post(f"/admin/entries/{new_id()}/arrange", form_on="/admin/password").status_code == 404
