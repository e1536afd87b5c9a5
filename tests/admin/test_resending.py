from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from werkzeug.test import encode_multipart

from admin import people, sign_ins
from admin.roles import Role
from content import publishing, reviews, versions
from storage import db
from tests.admin.test_entries_view import form_of
from tests.builders import ED, a_live_article, a_topic, an_article, saved

TYPED = {"title": "A <b>title</b>", "body": '\n\nFirst.\r\n\r\nSecond & "third".'}


@pytest.fixture
def article(session):
    made = an_article(session)
    session.commit()
    return made


@pytest.fixture
def late(browser, a_person, article, session):
    """Somebody who was signed in, wrote, and comes back after their session has ended: what they send."""
    email = a_person(Role.EDITOR)
    browser.sign_in(email)
    path = f"/admin/articles/{article.entry_id}"
    sent = {
        "csrf_token": browser.token(path),
        **form_of(browser, path),
        **TYPED,
        "topics": ["new:A", "new:B"],
    }
    sign_ins.end_all(session, people.by_email(session, email))
    session.commit()
    return email, path, sent


def send(browser, path, sent, origin="http://localhost", **more):
    return browser.open(path, method="POST", data=sent, headers={"Origin": origin}, **more)


def fields_of(answer):
    form = BeautifulSoup(answer.text, "html.parser").select_one("main form[action*=articles]")
    texts = [(one["name"], one.text.removeprefix("\n")) for one in form.select("textarea")]
    return form["action"], texts, form.select_one("input[name=csrf_token]")["value"]


class TestALateForm:
    def test_it_comes_back_with_all_that_was_typed(self, browser, late, session, article):
        _, path, sent = late

        answer = send(browser, path, sent)

        assert answer.status_code == 401
        action, texts, _ = fields_of(answer)
        assert action == path
        assert ("title", TYPED["title"]) in texts
        assert ("body", TYPED["body"]) in texts
        assert [value for name, value in texts if name == "topics"] == ["new:A", "new:B"]
        assert versions.latest(session, article.entry_id).number == 1

    @pytest.mark.parametrize("cookie", ["kept", "lost"])
    def test_it_is_saved_once_they_have_signed_in(self, browser, late, session, article, cookie):
        email, path, sent = late
        if cookie == "lost":
            browser.client.delete_cookie("verso_newsroom", path="/admin")
        _, texts, token = fields_of(send(browser, path, sent))
        browser.sign_in(email)

        # With another token than that of the session the page comes once more, and then with one that holds.
        answer = send(browser, path, sending(texts, token))
        if cookie == "lost":
            assert answer.status_code == 400
            _, texts, token = fields_of(answer)
            answer = send(browser, path, sending(texts, token))

        assert answer.status_code == 303
        session.rollback()
        kept = versions.latest(session, article.entry_id)
        assert (kept.number, kept.values["title"]) == (2, TYPED["title"])
        assert kept.values["body"] == 'First.\n\nSecond & "third".'

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
    def test_what_others_send_never_comes_back_with_a_token(self, browser, late, origin):
        _, path, sent = late

        answer = send(browser, path, sent, origin)

        assert answer.status_code == 401
        assert "csrf_token" not in answer.text
        assert TYPED["body"] not in answer.text

    def test_it_comes_back_without_the_file_that_was_chosen(self, browser, late):
        _, path, sent = late

        answer = send(browser, path, {**sent, "image-upload": (BytesIO(b"a picture"), "a.png")})

        assert answer.status_code == 401
        assert ("body", TYPED["body"]) in fields_of(answer)[1]
        assert "choose it again" in answer.text

    def test_a_password_never_comes_back(self, browser, a_person):
        answer = send(browser, "/admin/login", {"email": a_person(), "password": "a secret of mine"})

        assert answer.status_code == 400
        assert "a secret of mine" not in answer.text


class TestAFormOfSomebodyElse:
    """Rita opens a form, and Rolf signs in with the same browser before it is sent."""

    @pytest.fixture
    def browser_of_two(self, browser, a_person):
        for name in ("Rita", "Rolf"):
            email = a_person(Role.REVIEWER, Role.EDITOR, email=f"{name.lower()}@example.org", name=name)
            person = people.by_email(db.session(), email)
            person.credentials = "MD"
            db.session.commit()
        browser.sign_in("rita@example.org")
        return browser

    def rolf_signs_in(self, browser):
        browser.post("/admin/logout", form_on="/admin/password")
        assert browser.sign_in("rolf@example.org").status_code == 303

    def fields_on(self, browser, path, action):
        page = BeautifulSoup(browser.get(path).text, "html.parser")
        form = page.select_one(f"main form[action*='{action}']")
        return {field["name"]: field.get("value", "") for field in form.select("input[name]")}

    @pytest.mark.parametrize("token", ["Rita's", "Rolf's"])
    def test_nothing_is_signed_in_the_name_of_who_came_after(self, browser_of_two, article, session, token):
        path = f"/admin/entries/{article.entry_id}/review"
        form = self.fields_on(browser_of_two, path, "/review?version=1")
        sent = {**form, "due_on": "2027-11-20", "scope": "page", "answer": "What she typed"}
        self.rolf_signs_in(browser_of_two)
        if token == "Rolf's":
            sent["csrf_token"] = browser_of_two.token("/admin/password")

        answer = send(browser_of_two, f"{path}?version=1", sent)

        assert answer.status_code == 409
        session.rollback()
        assert not reviews.of_entry(session, article.entry_id)
        page = BeautifulSoup(answer.text, "html.parser").main
        assert "Rita opened this form, and Rolf is signed in by now." in page.text
        assert "What she typed" in [words.text.strip() for words in page.select("textarea[readonly]")]
        assert not page.select("button")

    def test_it_is_refused_still_when_it_came_back_signed_out(self, browser_of_two, article, session):
        path = f"/admin/articles/{article.entry_id}"
        sent = {**form_of(browser_of_two, path), **TYPED}
        browser_of_two.post("/admin/logout", form_on="/admin/password")
        _, texts, token = fields_of(send(browser_of_two, path, sent))
        browser_of_two.sign_in("rolf@example.org")

        answer = send(browser_of_two, path, sending(texts, token))

        assert answer.status_code == 409
        session.rollback()
        assert versions.latest(session, article.entry_id).number == 1

    @pytest.mark.parametrize("page", ["publish", "withdraw", "reinstate", "retire", "review"])
    def test_the_forms_of_every_act_say_for_whom_they_were_opened(self, browser_of_two, session, page):
        article = a_live_article(session)
        saved(session, article, title="Another")
        if page == "reinstate":
            publishing.withdraw(session, article.entry_id, by=ED, reason="r", note="n")
        about = a_topic(session) if page == "retire" else article.entry_id
        session.commit()
        path = f"/admin/entries/{about}/{page}"
        rita = str(people.by_email(session, "rita@example.org").id)

        shown = BeautifulSoup(browser_of_two.get(path).text, "html.parser")

        forms = shown.select("form[method=post]")
        assert forms
        for form in forms:
            assert [field["value"] for field in form.select("input[name=opened_by]")] == [rita]

    def test_a_late_form_of_ones_own_names_who_sends_it(self, browser_of_two, article):
        path = f"/admin/articles/{article.entry_id}"
        sent = {**form_of(browser_of_two, path), **TYPED}
        browser_of_two.client.delete_cookie("verso_newsroom", path="/admin")
        browser_of_two.sign_in("rita@example.org")

        answer = send(browser_of_two, path, sent)

        assert answer.status_code == 400
        assert "in the name of Rita" in BeautifulSoup(answer.text, "html.parser").main.text


class TestAFormThatIsTooLarge:
    def test_it_comes_back_to_be_shortened(self, signed_in, article, session):
        browser, path = signed_in(Role.EDITOR), f"/admin/articles/{article.entry_id}"
        long = "word " * 800_001
        sent = {"csrf_token": browser.token(path), **form_of(browser, path), "title": "Kept", "body": long}

        # The client would put so much into a file of its own, which it does not close.
        boundary, parts = encode_multipart(sent)
        kind = f'multipart/form-data; boundary="{boundary}"'

        answer = send(browser, path, parts, content_type=kind)

        assert answer.status_code == 413
        _, texts, token = fields_of(answer)
        assert {"title": "Kept", "body": long}.items() <= dict(texts).items()
        assert answer.text.count("Nothing was saved.") == 1
        assert "The longest of its fields is “Text”." in answer.text
        again = send(browser, path, {**sending(texts, token), "body": "Shorter."})
        assert again.status_code == 303
        session.rollback()
        assert versions.latest(session, article.entry_id).values["body"] == "Shorter."

    def test_what_is_larger_than_anything_is_not_even_read(self, signed_in, article):
        browser, path = signed_in(Role.EDITOR), f"/admin/articles/{article.entry_id}"

        sent = {"csrf_token": browser.token(path), "body": "w" * 17_000_000}
        headers = {"Origin": "http://localhost", "Referer": f"http://localhost{path}"}
        answer = browser.open(path, method="POST", data=sent, headers=headers)

        assert answer.status_code == 413
        assert len(answer.text) < 100_000
        assert "The newsroom takes a file of 12 MB and 4,000,000 letters at once" in answer.text
        assert "this was 17.0 MB." in answer.text
        # Nobody here knows whether the browser holds it.
        assert "this page cannot show what you typed" in answer.text
        assert "still in your browser" not in answer.text
        page = BeautifulSoup(answer.text, "html.parser")
        assert page.select_one("main a.button-first")["href"] == path

    def test_the_way_back_leads_to_none_but_us(self, signed_in):
        browser = signed_in(Role.EDITOR)
        sent = {"csrf_token": browser.token("/admin/"), "body": "w" * 17_000_000}

        for referrer in ("https://evil.example/admin/articles/", "http://localhost/elsewhere", ""):
            answer = browser.open("/admin/from-text", method="POST", data=sent, headers={"Referer": referrer})

            assert answer.status_code == 413
            assert "Open the form again" not in answer.text


def sending(texts, token):
    sent = {"csrf_token": token}
    for name, value in texts:
        sent.setdefault(name, []).append(value)
    return sent
