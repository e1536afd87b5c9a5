from datetime import UTC, datetime

import pytest

from admin import people, set_up_links
from admin.roles import Role
from tests.admin.conftest import PASSWORD

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NEW = "another fine password"


class TestSetUp:
    def link(self, session, email):
        token = set_up_links.make(session, people.by_email(session, email), now=datetime.now(UTC))
        session.commit()
        return f"/admin/set-up/{token}"

    def test_it_lets_a_person_set_a_password_and_sign_in(self, browser, session, a_person):
        email = a_person()
        link = self.link(session, email)

        answer = browser.post(link, {"password": NEW, "again": NEW}, form_on=link)

        assert answer.location == "/admin/login"
        assert browser.sign_in(email, NEW).status_code == 303

    def test_it_is_good_once(self, browser, session, a_person):
        link = self.link(session, a_person())
        token = browser.token(link)
        browser.post(link, {"password": NEW, "again": NEW, "csrf_token": token})

        assert browser.get(link).status_code == 410
        assert browser.post(link, {"password": NEW, "again": NEW, "csrf_token": token}).status_code == 410

    def test_it_says_what_is_wrong_and_stays_good(self, browser, session, a_person):
        link = self.link(session, a_person())

        answer = browser.post(link, {"password": NEW, "again": "other"}, form_on=link)

        assert answer.status_code == 422
        assert "not typed the same twice" in answer.text
        assert browser.get(link).status_code == 200

    def test_it_knows_no_made_up_link(self, browser):
        assert browser.get("/admin/set-up/abc").status_code == 410


class TestChangePassword:
    def change(self, browser, old=PASSWORD, new=NEW, again=None):
        data = {"old": old, "password": new, "again": again or new}
        return browser.post("/admin/password", data, form_on="/admin/password")

    def test_it_signs_out_every_other_browser(self, signed_in, browser):
        here = signed_in(Role.AUTHOR)
        browser.sign_in("author@example.org")

        assert self.change(here).status_code == 303

        assert here.get("/admin/").status_code == 200
        assert browser.get("/admin/").status_code == 302
        assert browser.sign_in("author@example.org", NEW).status_code == 303

    def test_it_asks_for_the_old_one(self, signed_in):
        answer = self.change(signed_in(Role.AUTHOR), old="something else")

        assert answer.status_code == 422
        assert "is another one" in answer.text

    def test_it_refuses_a_short_one(self, signed_in):
        assert "needs 10 to 200 characters" in self.change(signed_in(Role.AUTHOR), new="short").text

    def test_it_is_for_those_who_are_signed_in(self, browser):
        assert browser.get("/admin/password").location.startswith("/admin/login")
        assert self.change(browser).status_code == 401
