"""The newsroom for tests: the app on each database, and browsers that take form tokens as real ones do."""

from contextvars import Context
from datetime import UTC, datetime

import pytest

from admin import people
from admin.roles import Role
from app import create_app
from storage import db

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PASSWORD = "four plain words here"


@pytest.fixture
def app(database_url, tmp_path):
    app = create_app(
        {
            "DATABASE_URL": database_url,
            "VERSO_VAR": str(tmp_path),
            "VERSO_SECRET_KEY": "k" * 32,
            "TESTING": True,
            # An act need not wait for readers on other machines: none are there.
            "VERSO_TRUST_MS": "0",
            # argon2 at its cheapest; what a hash costs is no matter of these tests.
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {"argon2__time_cost": 1, "argon2__memory_cost": 64},
        }
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def session(app):
    return db.session()


@pytest.fixture
def a_person(app):
    """A function that makes a person with a password, committed, and returns their email."""

    def make(*roles, email="ada@example.org", name="Ada Brandt"):
        session = db.session()
        person = people.add(session, email=email, name=name, roles=set(roles or [Role.AUTHOR]), now=NOW)
        people.set_password(session, person, PASSWORD)
        session.commit()
        return email

    return make


class Browser:
    """A test client that takes the form's token from the page, as a browser does."""

    def __init__(self, app):
        self.app, self.client = app, app.test_client()

    def open(self, path, **more):
        # As in another process: without the test's app context, and with nothing held open by the test.
        db.session.rollback()
        return Context().run(lambda: self.client.open(path, buffered=True, **more))

    def get(self, path, **more):
        return self.open(path, **more)

    def post(self, path, data=None, form_on="/admin/login", **more):
        with_token = {"csrf_token": self.token(form_on), **(data or {})}
        return self.open(path, method="POST", data=with_token, **more)

    def token(self, path):
        page = self.open(path, follow_redirects=True).text
        return page.partition('name="csrf_token" value="')[2].partition('"')[0]

    def sign_in(self, email, password=PASSWORD, **more):
        return self.post("/admin/login", {"email": email, "password": password}, **more)


@pytest.fixture
def browser(app):
    return Browser(app)


@pytest.fixture
def browsers(app):
    return lambda: Browser(app)


@pytest.fixture
def signed_in(app, a_person):
    """A function that returns a browser in which a person with the roles is signed in."""

    def enter(*roles):
        browser = Browser(app)
        email = a_person(*roles, email=f"{'-'.join(roles)}@example.org", name=" and ".join(roles))
        assert browser.sign_in(email).status_code == 303
        return browser

    return enter
