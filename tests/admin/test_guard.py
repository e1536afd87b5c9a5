from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from flask import session as flask_session
from sqlalchemy import func, select

from admin.roles import Role
from content import database, schedule
from content.database import new_id
from content.entries import Entry
from content.schedule import Verb
from tests.builders import ED, an_article


class TestEveryPage:
    def test_it_settles_what_is_due_before_it_shows_where_things_stand(self, session, signed_in):
        version = an_article(session, title="Due by now")
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        schedule.schedule(
            session,
            Verb.PUBLISH,
            version.entry_id,
            version=1,
            due_at=long_ago + timedelta(hours=1),
            by=ED,
            reason="a test",
            forced=True,
            now=long_ago,
        )
        session.commit()
        assert database.clock(session) > long_ago + timedelta(hours=1)

        listed = signed_in(Role.EDITOR).get("/admin/articles/?tab=live").text

        assert "Due by now" in listed
        assert schedule.waiting(session) == []


class TestRefusals:
    @pytest.mark.parametrize(
        ("method", "path", "code"),
        [
            ("POST", "/admin/", 405),
            ("PUT", "/admin/", 405),
            ("TRACE", "/admin/", 405),
            ("PROPFIND", "/admin/x", 405),
            ("POST", "/admin", 404),
            ("PUT", "/admin", 404),
            ("POST", "/admin/login/x", 400),
            ("PUT", "/admin/login", 400),
        ],
    )
    def test_they_are_shown_in_our_layout(self, browser, method, path, code):
        answer = browser.open(path, method=method)

        assert answer.status_code == code
        assert "newsroom.css" in answer.text

    def test_they_name_what_is_allowed(self, browser):
        assert "GET" in browser.open("/admin/", method="PUT").headers["Allow"]


class TestForms:
    def test_they_are_text_in_utf_8(self, signed_in, session):
        browser = signed_in(Role.AUTHOR)
        token = browser.token("/admin/articles/new")
        body = f"csrf_token={token}&locale=en&title=A%FFB&body=Words".encode()

        refused = browser.client.post(
            "/admin/articles/new", data=body, content_type="application/x-www-form-urlencoded"
        )

        assert refused.status_code == 400
        assert "What came in “title” is not UTF-8" in refused.text
        assert session.scalar(select(func.count()).select_from(Entry)) == 0

    def test_they_are_so_in_parts_too(self, signed_in, session):
        browser = signed_in(Role.AUTHOR)
        told = {"csrf_token": browser.token("/admin/articles/new"), "locale": "en", "title": "A", "body": "B"}
        parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{told[key]}' for key in told]
        body = "\r\n".join([*parts, "--x--\r\n"]).encode().replace(b"\r\nA\r\n", b"\r\nA\xff\r\n")

        refused = browser.client.post(
            "/admin/articles/new",
            data=body,
            content_type="multipart/form-data; boundary=x",
            headers={"Origin": "http://localhost"},
        )

        assert refused.status_code == 400
        assert '<textarea name="title" rows="3">\nA\ufffd</textarea>' in refused.text
        assert "What came in “title” is not UTF-8" in refused.text
        assert session.scalar(select(func.count()).select_from(Entry)) == 0

    @pytest.mark.parametrize("in_parts", [False, True])
    def test_the_character_for_unknown_ones_is_one_like_others(self, signed_in, session, in_parts):
        browser = signed_in(Role.AUTHOR)

        for path, code in ((f"/admin/autosaves/{new_id()}", 200), ("/admin/articles/new", 303)):
            file = {"image-upload": (BytesIO(b""), "")} if in_parts else {}
            sent = {"type": "article", "locale": "en", "title": "Caf\ufffd", "body": "B\ufffd", **file}
            assert browser.post(path, sent, form_on="/admin/articles/new").status_code == code

        assert session.scalars(select(Entry.title)).all() == ["Caf\ufffd"]


class TestSessions:
    @pytest.mark.parametrize(("path", "known"), [("/admin/password", True), ("/api/v1/articles", False)])
    def test_the_api_knows_nobody_s(self, signed_in, path, known):
        browser = signed_in(Role.EDITOR)
        cookie = browser.client.get_cookie("verso_newsroom", path="/admin")

        with browser.app.test_client() as client:
            client.set_cookie("verso_newsroom", cookie.value)
            client.get(path)

            assert ("_user_id" in flask_session) == known
