import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from content import publishing, versions
from tests.builders import ED, an_article, publish, saved, signed


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def first(session):
    made = an_article(session, body="Walking helps the veins.")
    saved(session, made, body="Walking often helps the leg veins.")
    session.commit()
    return made


def path(version, page):
    return f"/admin/entries/{version.entry_id}/{page}"


class TestDiff:
    def test_it_marks_whole_words(self, editor, first):
        page = BeautifulSoup(editor.get(path(first, "diff?from=1&to=2")).text, "html.parser")

        assert [one.text.strip() for one in page.select("main .words ins")] == ["often", "leg"]
        assert page.select("main .words del") == []

    def test_it_goes_either_way(self, editor, first):
        page = BeautifulSoup(editor.get(path(first, "diff?from=2&to=1")).text, "html.parser")

        assert [one.text.strip() for one in page.select("main .words del")] == ["often", "leg"]

    def test_it_says_so_where_nothing_differs(self, editor, first):
        assert "They say the same." in editor.get(path(first, "diff?from=1&to=1")).text

    @pytest.mark.parametrize(
        "query", ["from=0&to=1", "from=1&to=9", "from=x", "to=99999999999999999999", "to=" + "9" * 5000]
    )
    def test_it_knows_no_other_version(self, editor, first, query):
        assert editor.get(path(first, f"diff?{query}")).status_code == 404

    @pytest.mark.parametrize("number", ["0", "9", "x", "9" * 5000])
    def test_it_shows_no_other_version(self, editor, first, number):
        assert editor.get(path(first, f"versions/{number}")).status_code == 404

    def test_it_escapes_what_was_written(self, editor, session):
        made = an_article(session, body="a <script>alert(1)</script> b")
        saved(session, made, body="a <script>alert(2)</script> b")
        session.commit()

        assert "<script>alert" not in editor.get(path(made, "diff")).text


class TestRestore:
    def test_it_makes_a_new_version_of_an_old_one(self, editor, first, session):
        editor.post(path(first, "restore"), {"version": "1"}, form_on="/admin/password")

        made = versions.latest(session, first.entry_id)
        assert (made.number, made.values, made.note) == (3, first.values, "Restored version 1.")

    @pytest.mark.parametrize("number", ["", "0", "9", "x", "99999999999999999999", "9" * 5000])
    def test_it_knows_no_other_version(self, editor, first, number):
        answer = editor.post(path(first, "restore"), {"version": number}, form_on="/admin/password")

        assert answer.status_code == 404

    def test_it_has_nothing_to_restore_of_what_was_erased(self, editor, first, session):
        publish(session, signed(session, first))
        publishing.erase(session, first.entry_id, [1], by=ED, note="By order.")

        answer = editor.post(path(first, "restore"), {"version": "1"}, form_on="/admin/password")

        assert answer.status_code == 410


class TestHistory:
    def test_it_tells_versions_and_acts(self, editor, first, session):
        publish(session, signed(session, first))

        page = editor.get(path(first, "history")).text

        assert page.count("Walking") == 0
        assert "Published" in page
        assert "changed since" in page

    def test_it_knows_no_other_entry(self, editor):
        assert editor.get("/admin/entries/00000000-0000-7000-8000-000000000000/history").status_code == 404


class TestVersion:
    def test_it_shows_the_text_as_its_readers_would_see_it(self, editor, first):
        page = BeautifulSoup(editor.get(path(first, "versions/1")).text, "html.parser")

        assert page.select_one(".prose p").text == "Walking helps the veins."
