from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from threading import Barrier

import pytest
from sqlalchemy import func, select

from admin.roles import Role
from content.entries import Entry
from tests.builders import a_topic, an_article, publish, signed


class TestLookUp:
    def test_it_finds_by_a_part_of_the_title(self, signed_in, session):
        veins = a_topic(session, "Leg veins")
        a_topic(session, "Clots")

        found = signed_in(Role.AUTHOR).get("/admin/pick/topic?locale=en&q=VEINS").json

        assert found == [{"value": veins, "text": "Leg veins"}]

    def test_it_is_bounded(self, signed_in, session):
        for number in range(25):
            an_article(session, title=f"Article {number}", slug=f"article-{number}")
        session.commit()

        assert len(signed_in(Role.AUTHOR).get("/admin/pick/article?limit=1000").json) == 20

    def test_it_takes_a_wildcard_as_it_is_typed(self, signed_in, session):
        a_topic(session)

        assert signed_in(Role.AUTHOR).get("/admin/pick/topic?q=%25").json == []

    def test_it_finds_what_is_live_alone_where_that_is_asked(self, signed_in, session):
        an_article(session, title="Draft", slug="draft")
        publish(session, signed(session, an_article(session, title="Live", slug="live")))

        found = signed_in(Role.AUTHOR).get("/admin/pick/article?live=1").json

        assert [one["text"] for one in found] == ["Live"]

    def test_it_knows_no_other_type(self, signed_in):
        assert signed_in(Role.AUTHOR).get("/admin/pick/person").status_code == 404

    def test_it_is_for_those_who_are_signed_in(self, browser):
        assert browser.get("/admin/pick/topic").status_code == 302


class TestMaking:
    def test_it_makes_one_of_what_several_make_at_once(self, app, signed_in, session):
        given = {"title": "Clots", "body": "Words.", "locale": "en", "topics": ["new:Veins"]}
        browser = signed_in(Role.AUTHOR)
        form = {**given, "csrf_token": browser.token("/admin/articles/new")}
        cookie = browser.client.get_cookie("verso_newsroom", path="/admin").value
        together = Barrier(6)

        def make(_):
            other = app.test_client()
            other.set_cookie("verso_newsroom", cookie, path="/admin")
            together.wait()
            return Context().run(lambda: other.post("/admin/articles/new", data=form).status_code)

        with ThreadPoolExecutor(6) as several:
            codes = list(several.map(make, range(6)))

        assert codes == [303] * 6
        assert session.scalar(select(func.count()).where(Entry.type == "topic")) == 1
        assert session.scalar(select(func.count()).where(Entry.type == "article")) == 6

    @pytest.mark.parametrize(
        ("typed", "told"),
        [("Ve\x00ins", "U+0000"), ("x" * 500, "longer than"), ("", "Is required")],
    )
    def test_it_names_the_field_in_which_a_name_does_not_fit(self, signed_in, session, typed, told):
        given = {"title": "Clots", "body": "Words.", "locale": "en", "topics": [f"new:{typed}"]}

        refused = signed_in(Role.AUTHOR).post("/admin/articles/new", given)

        assert refused.status_code == 422
        assert told in refused.text
        assert session.scalar(select(func.count()).select_from(Entry)) == 0


class TestPreview:
    def test_it_is_the_html_that_publishing_renders(self, signed_in):
        sent = {"markdown": "## One\r\n\r\n*two* <script>three</script>"}

        answer = signed_in(Role.AUTHOR).post("/admin/preview", sent, form_on="/admin/password")

        assert '<h2 id="one">One</h2>' in answer.text
        assert "<em>two</em> &lt;script&gt;" in answer.text

    @pytest.mark.parametrize("method", ["GET", "PUT"])
    def test_it_takes_posts_only(self, signed_in, method):
        browser = signed_in(Role.AUTHOR)
        sent = {"csrf_token": browser.token("/admin/password")}

        assert browser.open("/admin/preview", method=method, data=sent).status_code == 404
