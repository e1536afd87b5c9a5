"""Every address below /admin, as nobody and as each role: our layout, a refusal or a way to the sign-in."""

import re
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from tests.builders import a_live_article, a_topic, an_author, an_faq, saved

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

INLINE = re.compile(r"^(on[a-z]+|style)$")
VARIABLE = re.compile(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>")
METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH"}


def addresses(app, *ids):
    """Each rule below /admin with something put in for its variables (each of `ids` for an id), and a method of it."""
    for rule in app.url_map.iter_rules():
        for one in [*ids, uuid4()] if "<uuid" in rule.rule else [""]:
            a_value = {"uuid": str(one), "int": "1"}
            path = VARIABLE.sub(lambda part, a_value=a_value: a_value.get(part[1], "x"), rule.rule)
            if path.startswith("/admin"):
                yield from ((path, method) for method in rule.methods & METHODS)


@pytest.fixture
def ids(session):
    """An entry of each type, the article live with a draft ahead of it."""
    topic, author = a_topic(session), an_author(session)
    article = a_live_article(session, topics=[topic], authors=[author], tags=["legs"])
    saved(session, article, title="Another title")
    faq = an_faq(session, article=str(article.entry_id), warnings=["Call at once."])
    session.commit()
    return [topic, author, article.entry_id, faq.entry_id]


def faults(answer):
    """What an answer has that no page of ours may have."""
    policy = answer.headers.get("Content-Security-Policy", "")
    found = ["unsafe policy"] if "unsafe" in policy or "default-src 'none'" not in policy else []
    if "html" not in answer.content_type:
        return found
    page = BeautifulSoup(answer.text, "html.parser")
    found += [
        f"stock word {word}" for word in ("bootstrap", "jquery", "select2") if word in answer.text.lower()
    ]
    found += [f"inline {tag.name}" for tag in page(["script", "style"]) if not tag.get("src")]
    found += [
        f"{name} on {tag.name}"
        for tag in page(True)
        for name in tag.attrs
        if INLINE.match(name) or name == "style"
    ]
    found += [f"not ours: {tag['src']}" for tag in page(src=True) if not tag["src"].startswith("/")]
    return found


def is_ours(answer):
    return 'rel="stylesheet" href="/admin/static/built/newsroom.css"' in answer.text


class TestEveryRoute:
    @pytest.mark.parametrize("role", [None, *Role])
    def test_it_shows_our_layout_refuses_or_sends_to_the_sign_in(self, app, browser, signed_in, ids, role):
        visitor = signed_in(role) if role else browser
        token = visitor.token("/admin/password" if role else "/admin/login")

        for path, method in addresses(app, *ids):
            if path == "/admin/logout":
                continue
            answer = visitor.open(path, method=method, data={"csrf_token": token})

            said = f"{method} {path} as {role}: {answer.status_code}"
            assert faults(answer) == [], said
            assert answer.status_code < 500, said
            if answer.status_code >= 400:
                assert is_ours(answer), said

    def test_it_lets_nobody_see_or_do_anything(self, app, browser, ids):
        token = browser.token("/admin/login")
        open_to_all = {"/admin/login", "/admin/logout", "/admin/appearance"}

        for path, method in addresses(app, *ids):
            if path in open_to_all or "/set-up/" in path or "/static/" in path:
                continue
            answer = browser.open(path, method=method, data={"csrf_token": token})

            assert answer.status_code in (302, 401, 404), f"{method} {path}: {answer.status_code}"
            if answer.status_code == 302:
                assert answer.location.startswith("/admin/login")

    def test_it_takes_nothing_without_a_form_token(self, app, signed_in):
        visitor = signed_in(Role.ADMINISTRATOR)

        for path, method in addresses(app):
            if method != "GET":
                answer = visitor.open(path, method=method)
                assert answer.status_code == 400, f"{method} {path}: {answer.status_code}"

    def test_it_is_none_of_flask_admins_or_flask_securitys_own(self, app, signed_in):
        administrator = signed_in(Role.ADMINISTRATOR)

        ends = {rule.rule for rule in app.url_map.iter_rules()}
        assert not [rule for rule in ends if "ajax" in rule or "/export/" in rule or "fs-static" in rule]
        for path in (
            "/admin/static/bootstrap/bootstrap4/css/bootstrap.min.css",
            "/admin/static/vendor/jquery.min.js",
            "/admin/people/ajax/update/",
        ):
            assert administrator.get(path).status_code == 404, path
        for path in ("/login", "/register", "/reset", "/change", "/logout"):
            assert administrator.get(path).status_code == 404, path

    def test_it_can_find_no_template_of_flask_admins_or_flask_securitys(self, app):
        found = set(app.jinja_env.list_templates())

        assert not [
            name
            for name in found
            if name.startswith(("admin/model", "admin/lib", "admin/rediscli", "admin/file"))
        ]
        assert "bootstrap" not in " ".join(found)
