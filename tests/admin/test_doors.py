import pytest

from admin import attempts, people, sign_ins
from admin.roles import Role
from storage import db
from tests.admin.conftest import PASSWORD


class TestLogin:
    def test_it_is_where_nobody_is_sent(self, browser):
        answer = browser.get("/admin/")

        assert answer.status_code == 302
        assert answer.location == "/admin/login"

    def test_it_is_one_plain_form(self, browser):
        page = browser.get("/admin/login").text

        assert page.count("<form") == 1
        assert all(f'name="{name}"' in page for name in ("email", "password", "csrf_token"))

    def test_it_signs_a_person_in(self, browser, a_person):
        answer = browser.sign_in(a_person())

        assert answer.status_code == 303
        assert browser.get("/admin/").status_code == 200

    def test_it_takes_an_address_however_it_is_capitalised(self, browser, a_person):
        a_person()

        assert browser.sign_in(" Ada@Example.org ").status_code == 303

    @pytest.mark.parametrize("email", ["ada@example.org", "nobody@example.org", "", "\x00", "x" * 10_000])
    def test_it_refuses_a_wrong_pair_in_the_same_words(self, browser, a_person, email):
        a_person()

        answer = browser.sign_in(email, "something else")

        assert answer.status_code == 422
        assert "That email and password do not go together." in answer.text

    def test_it_refuses_a_disabled_person_in_the_same_words(self, browser, a_person, session):
        email = a_person()
        people.disable(session, people.by_email(session, email))
        session.commit()

        assert "do not go together" in browser.sign_in(email).text

    def test_it_refuses_a_person_without_a_password(self, browser, session, a_person):
        email = a_person()
        people.by_email(session, email).password = None
        session.commit()

        assert browser.sign_in(email, "").status_code == 422

    def test_it_refuses_a_form_without_its_token(self, browser, a_person):
        answer = browser.post("/admin/login", {"csrf_token": "", "email": a_person(), "password": PASSWORD})

        assert answer.status_code == 400
        assert "This form is too old" in answer.text

    def test_it_stops_guessing_at_an_account(self, browser, a_person):
        email = a_person()
        for _ in range(attempts.PER_ACCOUNT):
            assert browser.sign_in(email, "a guess").status_code == 422

        answer = browser.sign_in(email)

        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= 900

    def test_it_does_not_believe_a_forwarded_address(self, browser, monkeypatch):
        monkeypatch.setattr(attempts, "PER_ADDRESS", 3)
        for number in range(3):
            browser.sign_in(f"{number}@example.org", headers={"X-Forwarded-For": f"10.0.0.{number}"})

        assert browser.sign_in("9@example.org", headers={"X-Forwarded-For": "10.0.0.9"}).status_code == 429

    def test_it_leads_to_the_page_that_was_wanted(self, browser, a_person):
        sent = browser.get("/admin/password?x=1")

        answer = browser.post(sent.location, {"email": a_person(), "password": PASSWORD})

        assert answer.location == "/admin/password?x=1"

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example/admin/",
            "//evil.example/admin/",
            "/admin//evil.example",
            "/admin/\\evil.example",
            "\\\\evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/admin/\r\nSet-Cookie: a=b",
            "/api/v1/articles",
            "/admin",
        ],
    )
    def test_it_leads_nowhere_else(self, browser, a_person, elsewhere):
        answer = browser.sign_in(a_person(), query_string={"next": elsewhere})

        assert answer.location == "/admin/"

    def test_it_begins_a_session_of_its_own(self, browser, a_person):
        before = browser.token("/admin/login")

        browser.sign_in(a_person())

        refused = browser.post("/admin/logout", {"csrf_token": before})
        assert refused.status_code == 400

    def test_it_sets_a_cookie_that_scripts_cannot_read(self, browser, a_person):
        cookie = browser.sign_in(a_person()).headers["Set-Cookie"]

        assert all(part in cookie for part in ("HttpOnly", "SameSite=Lax", "Path=/admin"))
        assert "Secure" not in cookie

    def test_it_keeps_the_cookie_to_https_where_there_is_https(self, browser):
        answer = browser.get("/admin/login", base_url="https://localhost")

        assert "Secure" in answer.headers["Set-Cookie"]
        assert "max-age=" in answer.headers["Strict-Transport-Security"]


class TestLogout:
    def test_it_ends_the_session_for_a_copied_cookie_too(self, browser, browsers, a_person):
        browser.sign_in(a_person())
        thief = browsers()
        thief.client.set_cookie(
            "verso_newsroom", browser.client.get_cookie("verso_newsroom", path="/admin").value, path="/admin"
        )
        assert thief.get("/admin/").status_code == 200

        browser.post("/admin/logout", form_on="/admin/")

        assert thief.get("/admin/").status_code == 302

    def test_it_leaves_the_persons_other_browsers_alone(self, browser, browsers, a_person):
        other, email = browsers(), a_person()
        other.sign_in(email)
        browser.sign_in(email)

        browser.post("/admin/logout", form_on="/admin/")

        assert other.get("/admin/").status_code == 200

    def test_it_is_not_done_by_a_link(self, signed_in):
        browser = signed_in(Role.AUTHOR)

        assert browser.get("/admin/logout").status_code == 404
        assert browser.get("/admin/").status_code == 200


class TestChooseAppearance:
    def test_it_is_kept_without_a_script(self, signed_in):
        browser = signed_in(Role.AUTHOR)

        browser.post("/admin/appearance", {"theme": "dark"}, form_on="/admin/")

        assert 'data-theme="dark"' in browser.get("/admin/").text

    def test_it_takes_no_other_word(self, signed_in):
        browser = signed_in(Role.AUTHOR)

        browser.post("/admin/appearance", {"theme": '"><script>'}, form_on="/admin/")

        assert "data-theme" not in browser.get("/admin/").text


class TestSession:
    def test_it_is_not_to_be_had_by_a_token(self, app, browser, a_person):
        with app.test_request_context():
            token = people.by_email(db.session(), a_person()).get_auth_token()

        assert browser.get("/admin/", query_string={"auth_token": token}).status_code == 302
        assert browser.get("/admin/", headers={"Authentication-Token": token}).status_code == 302

    def test_it_keeps_the_form_token_when_the_same_person_comes_back(
        self, browser, browsers, a_person, session
    ):
        email = a_person()
        browser.sign_in(email)
        token = browser.token("/admin/")
        sign_ins.end_all(session, people.by_email(session, email))
        session.commit()
        assert browser.post("/admin/preview", {"csrf_token": token}).status_code == 401

        browser.sign_in(email)

        answer = browser.post("/admin/preview", {"csrf_token": token, "markdown": "kept"})
        assert "<p>kept</p>" in answer.text
