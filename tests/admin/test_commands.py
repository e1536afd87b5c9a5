from contextvars import Context

import pytest
from sqlalchemy import delete

from admin import attempts, people
from admin.roles import Role
from content.followers import Follower
from tests.builders import an_article

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def run(app, *arguments):
    return Context().run(lambda: app.test_cli_runner().invoke(args=["people", *arguments]))


class TestAdd:
    def test_it_prints_a_link_by_which_the_person_sets_a_password(self, app, session, browser):
        told = run(
            app, "add", "new@example.org", "--role", "editor", "--role", "author", "--name", "New Person"
        )

        person = people.by_email(session, "new@example.org")
        assert (person.name, person.role_names) == ("New Person", {Role.EDITOR, Role.AUTHOR})
        link = told.output.split()[-1]
        assert browser.get("/admin/set-up/" + link.rpartition("/")[2]).status_code == 200

    def test_it_refuses_in_one_sentence(self, app):
        told = run(app, "add", "nonsense", "--role", "editor")

        assert told.exit_code == 1
        assert told.output == "Error: Email needs to be an email address, such as ada@example.org.\n"

    def test_it_knows_no_other_role(self, app):
        assert run(app, "add", "new@example.org", "--role", "emperor").exit_code == 2


class TestPassword:
    def test_it_makes_one_up_and_prints_it(self, app, a_person, browser):
        email = a_person()

        told = run(app, "password", email)

        assert browser.sign_in(email, told.output.split()[-1]).status_code == 303

    def test_it_takes_the_one_that_is_given_and_signs_out(self, app, signed_in, browser):
        author = signed_in(Role.AUTHOR)

        told = run(app, "password", "author@example.org", "--password", "another fine password")

        assert "another fine" not in told.output
        assert author.get("/admin/").status_code == 302
        assert browser.sign_in("author@example.org", "another fine password").status_code == 303

    def test_a_set_up_link_from_before_opens_nothing_any_more(self, app, browser):
        link = run(app, "add", "new@example.org", "--role", "reviewer").output.split()[-1]

        run(app, "password", "new@example.org", "--password", "four plain words here")

        assert browser.get("/admin/set-up/" + link.rpartition("/")[2]).status_code == 410
        assert browser.sign_in("new@example.org", "four plain words here").status_code == 303

    def test_nobody_waits_for_guesses_from_before(self, app, a_person, browser):
        email = a_person()
        for _ in range(attempts.PER_ACCOUNT + 1):
            browser.sign_in(email, "a guess")

        run(app, "password", email, "--password", "four other words here")

        assert browser.sign_in(email, "four other words here").status_code == 303

    def test_it_names_whom_it_does_not_know(self, app):
        told = run(app, "password", "nobody@example.org")

        assert told.exit_code == 1
        assert "nobody@example.org" in told.output


class TestLists:
    def test_it_makes_them_anew_where_an_upgrade_left_none(self, app, session):
        an_article(session, tags=["legs"])
        session.execute(delete(Follower))
        session.commit()

        first, second = (
            Context().run(lambda: app.test_cli_runner().invoke(args=["lists"])) for _ in range(2)
        )

        assert first.output.splitlines() == [
            "Made the newsroom's lists anew: 1 entry",
            "Noted anew what texts link and bear: 1 entry",
        ]
        assert second.output == "The newsroom's lists stand already.\n"
