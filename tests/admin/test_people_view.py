import re
from uuid import uuid4

import pytest

from admin import people
from admin.roles import Role

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NEW = {"email": "new@example.org", "name": "New Person", "credentials": "RN", "roles": ["author", "reviewer"]}


@pytest.fixture
def administrator(signed_in):
    return signed_in(Role.ADMINISTRATOR)


def post(browser, path, data=None):
    return browser.post(path, data, form_on="/admin/people/new")


class TestAdd:
    def test_it_shows_a_link_once_by_which_the_person_comes_in(self, administrator, browser):
        page = post(administrator, "/admin/people/new", NEW).text

        link = re.search(r'value="http://localhost(/admin/set-up/[^"]+)"', page)[1]
        browser.post(link, {"password": "a fine password", "again": "a fine password"}, form_on=link)
        assert browser.sign_in("new@example.org", "a fine password").status_code == 303
        assert "set-up/" not in administrator.get("/admin/people/").text

    def test_it_shows_the_link_where_the_public_reaches_us(self, app, administrator):
        app.config["VERSO_PUBLIC_URL"] = "http://news.example/verso"

        page = post(administrator, "/admin/people/new", NEW).text

        assert 'value="http://news.example/verso/admin/set-up/' in page

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"email": "nonsense"}, "Email needs to be an email address"),
            ({"name": ""}, "Name is needed"),
            ({"roles": []}, "Roles need at least one"),
            ({"roles": ["emperor"]}, "Roles need at least one"),
            ({"email": "administrator@example.org"}, "belongs to a person already"),
        ],
    )
    def test_it_names_what_is_wrong_and_keeps_what_was_typed(self, administrator, wrong, said):
        answer = post(administrator, "/admin/people/new", {**NEW, **wrong})

        assert answer.status_code == 422
        assert said in answer.text
        assert 'value="RN"' in answer.text


class TestChange:
    def test_it_gives_roles_at_once(self, administrator, signed_in, session):
        author = signed_in(Role.AUTHOR)
        someone = people.by_email(session, "author@example.org")

        post(administrator, f"/admin/people/{someone.id}", {"name": "A", "roles": ["administrator"]})

        assert author.get("/admin/people/").status_code == 200

    def test_it_keeps_the_last_administrator(self, administrator, session):
        me = people.by_email(session, "administrator@example.org")

        answer = post(administrator, f"/admin/people/{me.id}", {"name": "A", "roles": ["author"]})

        assert answer.status_code == 422
        assert "last administrator" in answer.text

    def test_it_knows_nobody_by_another_id(self, administrator):
        assert post(administrator, f"/admin/people/{uuid4()}", NEW).status_code == 404


class TestDisable:
    def test_it_signs_the_person_out_at_once(self, administrator, signed_in, session):
        author = signed_in(Role.AUTHOR)
        someone = people.by_email(session, "author@example.org")

        post(administrator, f"/admin/people/{someone.id}/disable")

        assert author.get("/admin/").status_code == 302

    def test_it_does_not_bring_the_session_back_when_the_person_is_enabled(
        self, administrator, signed_in, session
    ):
        author = signed_in(Role.AUTHOR)
        someone = people.by_email(session, "author@example.org")
        post(administrator, f"/admin/people/{someone.id}/disable")

        post(administrator, f"/admin/people/{someone.id}/enable")

        assert author.get("/admin/").status_code == 302
        assert author.sign_in("author@example.org").status_code == 303

    def test_it_keeps_the_last_administrator(self, administrator, session):
        me = people.by_email(session, "administrator@example.org")

        post(administrator, f"/admin/people/{me.id}/disable")

        assert "last administrator" in administrator.get("/admin/people/").text


class TestLink:
    def test_it_is_not_for_somebody_who_is_disabled(self, administrator, a_person, session):
        someone = people.by_email(session, a_person(Role.AUTHOR))
        post(administrator, f"/admin/people/{someone.id}/disable")

        answer = post(administrator, f"/admin/people/{someone.id}/link")

        assert answer.status_code == 303
        assert "is disabled: enable them first" in administrator.get("/admin/people/").text
