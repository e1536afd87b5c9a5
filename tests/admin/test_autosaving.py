from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, func, select

from admin.roles import Role
from content import autosaves, publishing, versions
from content.autosaves import Autosave
from storage import db
from tests.builders import ED, a_topic, an_article, saved


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def article(session):
    made = an_article(session)
    session.commit()
    return made


def form_on(browser, path):
    """The page's writing form, and every hidden field of it."""
    form = BeautifulSoup(browser.get(path).text, "html.parser").select_one("form.writing")
    return form, {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def hidden_of(answer):
    """Every hidden field of the writing form that an answer shows."""
    form = BeautifulSoup(answer.text, "html.parser").select_one("form.writing")
    return {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def path(article):
    return f"/admin/articles/{article.entry_id}"


def typed_on(browser, path, **typed):
    """What a tab on a page sends when typing stops, and what it is answered."""
    form, hidden = form_on(browser, path)
    sent = {**hidden, "title": "T", "body": "B", **typed}
    return sent, browser.open(form["data-autosave"], method="POST", data=sent)


def title_on(browser, path):
    form, _ = form_on(browser, path)
    return form.select_one("#title")["value"]


@contextmanager
def statements():
    """A list of what is sent to the database meanwhile."""
    sent = []

    def note(*told):
        sent.append(" ".join(told[2].split()))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


class TestKeep:
    def test_it_keeps_what_is_typed_and_shows_it_when_the_form_is_opened_again(self, editor, article):
        _, answer = typed_on(editor, path(article), title="Half a ti", note="For Ada", tags="a, b")

        assert answer.status_code == 200
        form, hidden = form_on(editor, path(article))
        assert form.select_one("#title")["value"] == "Half a ti"
        assert form.select_one("#note")["value"] == "For Ada"
        assert form.select_one("#tags")["value"] == "a, b"
        assert hidden["based_on"] == "1"

    def test_it_keeps_what_was_typed_last_whatever_comes_last(self, editor, article):
        sent, _ = typed_on(editor, path(article), title="Half a title", typed_at="1777629600002")
        address = f"/admin/autosaves/{sent['tab']}"

        for moment, title in (("1777629600001", "Half"), ("", "Half a title, and a note")):
            shown = title_on(editor, path(article))
            answer = editor.open(address, method="POST", data={**sent, "title": title, "typed_at": moment})
            assert (answer.status_code, shown) == (200, "Half a title")

        assert title_on(editor, path(article)) == "Half a title, and a note"

    def test_it_makes_no_version(self, editor, article, session):
        typed_on(editor, path(article), title="Half a ti")

        assert versions.latest(session, article.entry_id).number == 1

    def test_it_keeps_an_entry_that_is_not_made_yet(self, editor, session):
        typed_on(editor, "/admin/articles/new", title="Walki", slug="", locale="de", topics=["new:Veins"])

        form, _ = form_on(editor, "/admin/articles/new")
        assert (form.select_one("#title")["value"], form.select_one("#slug")["value"]) == ("Walki", "")
        assert form.select_one("#locale")["value"] == "de"
        assert form.select_one("#topics option[selected]")["value"] == "new:Veins"

    def test_it_starts_from_the_version_that_was_typed_on(self, editor, article, session):
        sent, _ = typed_on(editor, path(article), title="Mine")
        saved(session, article, title="Theirs")
        session.commit()

        _, hidden = form_on(editor, path(article))
        answer = editor.open(path(article), method="POST", data={**sent, **hidden})

        assert hidden["based_on"] == "1"
        assert answer.status_code == 409

    def test_it_is_taken_up_by_the_next_tab(self, editor, article, session):
        first, _ = typed_on(editor, path(article), title="Half a ti")

        second, _ = typed_on(editor, path(article), title="Half a title")

        assert second["instead_of"] == first["tab"] != second["tab"]
        assert title_on(editor, path(article)) == "Half a title"
        assert "Show what you left on" not in editor.get(path(article)).text

    def test_it_shows_nobody_elses(self, editor, signed_in, article):
        typed_on(editor, path(article), title="Mine")

        assert title_on(signed_in(Role.AUTHOR), path(article)) == article.values["title"]

    def test_it_writes_over_nobody_elses(self, editor, signed_in, article):
        sent, _ = typed_on(editor, path(article), title="Mine")
        other = signed_in(Role.AUTHOR)
        _, hidden = form_on(other, path(article))

        answer = other.open(f"/admin/autosaves/{sent['tab']}", method="POST", data={**sent, **hidden})

        assert answer.status_code == 404
        assert title_on(editor, path(article)) == "Mine"

    def test_it_keeps_no_words_of_what_was_erased(self, editor, article, session):
        form, hidden = form_on(editor, path(article))
        publishing.erase(session, article.entry_id, by=ED)

        answer = editor.open(form["data-autosave"], method="POST", data={**hidden, "title": "Jane Doe"})

        assert answer.status_code == 410

    @pytest.mark.parametrize(
        "wrong", [{"type": "leaflet"}, {"type": "faq"}, {"based_on": "9"}, {"entry": str(uuid4())}]
    )
    def test_it_knows_what_there_is(self, editor, article, wrong):
        assert typed_on(editor, path(article), **wrong)[1].status_code == 404


class TestWhatIsSaved:
    def offered(self, editor, there):
        page = editor.get(there).text
        return "not saved" in page or "Show what you left" in page

    def test_what_comes_once_more_after_it_was_saved_is_not_offered(self, editor, article):
        sent, _ = typed_on(editor, path(article), title="Mine", slug="", note="A better title")
        editor.open(path(article), method="POST", data=sent)

        answer = editor.open(f"/admin/autosaves/{sent['tab']}", method="POST", data=sent)

        assert answer.status_code == 200
        assert not self.offered(editor, path(article))
        assert "unsaved" not in editor.get("/admin/").text

    def test_what_became_an_entry_is_not_offered_as_a_new_one(self, app, editor):
        app.config["VERSO_CANONICAL_URL"] = "https://a.example/{type}/{slug}"
        sent, _ = typed_on(editor, "/admin/articles/new", title="Walking", locale="en")
        editor.open("/admin/articles/new", method="POST", data=sent)

        editor.open(f"/admin/autosaves/{sent['tab']}", method="POST", data=sent)

        assert not self.offered(editor, "/admin/articles/new")

    def test_a_language_is_known_however_it_was_typed(self, editor):
        sent, _ = typed_on(editor, "/admin/articles/new", title="Walking", locale="EN")
        editor.open("/admin/articles/new", method="POST", data=sent)

        editor.open(f"/admin/autosaves/{sent['tab']}", method="POST", data=sent)

        assert not self.offered(editor, "/admin/articles/new")

    def test_what_is_no_language_is_kept(self, editor):
        typed_on(editor, "/admin/articles/new", title="Walking", locale="?")

        assert self.offered(editor, "/admin/articles/new")

    def test_the_desk_tells_of_nothing_that_is_saved_by_now(self, editor, article, session):
        typed_on(editor, path(article), **{**article.values, "title": "Mine"})
        typed_on(editor, "/admin/articles/new", title="New")
        saved(session, article, title="Mine")
        session.commit()

        assert "You left 1 text unsaved" in editor.get("/admin/").text

    def test_what_is_saved_by_now_is_forgotten(self, editor, article, session):
        values = {**article.values, "title": "Mine"}
        sent, _ = typed_on(editor, path(article), **values)
        assert self.offered(editor, path(article))
        saved(session, article, title="Mine")
        session.commit()

        assert not self.offered(editor, path(article))
        session.rollback()
        assert session.get(autosaves.Autosave, UUID(sent["tab"])) is None

    @pytest.mark.parametrize("more", [{"title": "Mine too"}, {"note": "Another note"}])
    def test_a_word_more_is_offered(self, editor, article, more):
        sent, _ = typed_on(editor, path(article), title="Mine", slug="mine", note="A better title")
        editor.open(path(article), method="POST", data=sent)

        editor.open(f"/admin/autosaves/{sent['tab']}", method="POST", data={**sent, **more})

        assert self.offered(editor, path(article))

    def test_it_is_told_by_what_was_typed_last(self, editor, article, session):
        values = {**article.values, "title": "Mine"}
        sent, _ = typed_on(editor, path(article), **values, typed_at="1777629600001")
        saved(session, article, title="Mine")
        session.commit()

        more = {**sent, "title": "Mine and more", "typed_at": "1777629600002"}
        editor.open(f"/admin/autosaves/{sent['tab']}", method="POST", data=more)

        assert title_on(editor, path(article)) == "Mine and more"

    @pytest.mark.parametrize(("title", "checked"), [("Mine and more", 0), ("Mine", 1)])
    def test_a_text_is_checked_as_a_whole_only_where_its_words_are_saved_and_before_this_writes(
        self, editor, session, title, checked
    ):
        article = an_article(session, title="Mine", topics=[a_topic(session)])
        session.commit()
        form, hidden = form_on(editor, path(article))

        with statements() as told:
            data = {**hidden, **article.values, "title": title}
            editor.open(form["data-autosave"], method="POST", data=data)

        begins = next(place for place, one in enumerate(told) if "autosave" in one and "SELECT" not in one)
        looked_up = [
            place for place, one in enumerate(told) if one.startswith("SELECT entry.id, entry.type FROM")
        ]
        assert len(looked_up) == checked
        assert all(place < begins for place in looked_up)


class TestUnsaved:
    def test_it_can_be_left_aside(self, editor, article):
        sent, _ = typed_on(editor, path(article), title="Mine")

        page = editor.get(f"{path(article)}?unsaved=none").text

        assert title_on(editor, f"{path(article)}?unsaved=none") == article.values["title"]
        assert f"unsaved={sent['tab']}" in page
        assert title_on(editor, f"{path(article)}?unsaved={sent['tab']}") == "Mine"

    def test_others_are_told_by_their_first_words_and_to_the_second_where_these_are_alike(
        self, editor, session
    ):
        left = [("Legs", 5), ("Legs", 42), ("", 50), ("Veins", 51)]
        for title, second in left:
            sent, _ = typed_on(
                editor, "/admin/articles/new?unsaved=none", title=title, body="Why we\n\nswell."
            )
            kept_at = datetime(2026, 11, 29, 12, 11, second, tzinfo=UTC)
            session.get(Autosave, UUID(sent["tab"])).kept_at = kept_at
            session.commit()

        page = BeautifulSoup(editor.get("/admin/articles/new?unsaved=none").text, "html.parser")

        assert [" ".join(one.text.split()) for one in page.select(".unsaved a[href*=unsaved]")] == [
            "Show what you left on 29 Nov 2026, 12:11: “Veins”",
            "Show what you left on 29 Nov 2026, 12:11: “Why we swell.”",
            "Show what you left on 29 Nov 2026, 12:11:42: “Legs”",
            "Show what you left on 29 Nov 2026, 12:11:05: “Legs”",
        ]

    def test_it_is_of_the_article_that_a_question_is_added_to(self, editor, article):
        typed_on(
            editor, f"/admin/faqs/new?article={article.entry_id}", question="Why?", article=article.entry_id
        )

        form, _ = form_on(editor, f"/admin/faqs/new?article={article.entry_id}")
        other, _ = form_on(editor, f"/admin/faqs/new?article={uuid4()}")

        assert (form.select_one("#question")["value"], other.select_one("#question")["value"]) == ("Why?", "")


class TestSettle:
    def test_it_forgets_what_was_saved_and_tells_the_browser_once(self, editor, article, session):
        sent, _ = typed_on(editor, path(article), title="Mine")

        editor.open(path(article), method="POST", data={**sent, "slug": "mine"})

        assert [form_on(editor, path(article))[0]["data-settled"] for _ in range(2)] == [sent["tab"], ""]
        assert title_on(editor, path(article)) == "Mine"
        assert "not saved" not in editor.get(path(article)).text

    def test_it_forgets_what_became_an_entry(self, editor):
        sent, _ = typed_on(editor, "/admin/articles/new", title="Walking")

        editor.open("/admin/articles/new", method="POST", data=sent)

        assert title_on(editor, "/admin/articles/new") == ""

    def test_it_keeps_what_was_refused(self, editor, article):
        sent, _ = typed_on(editor, path(article), title="Mine")

        answer = editor.open(path(article), method="POST", data={**sent, "title": ""})

        assert answer.status_code == 422
        assert BeautifulSoup(answer.text, "html.parser").select_one("[name=tab]")["value"] == sent["tab"]
        assert title_on(editor, path(article)) == "Mine"

    def test_what_a_form_took_up_is_forgotten_though_it_was_refused_at_first(self, editor, session):
        typed_on(editor, "/admin/articles/new", title="Walking")
        _, sent = form_on(editor, "/admin/articles/new")
        sent |= {"title": "Walking and veins", "body": "B"}

        refused = editor.open("/admin/articles/new", method="POST", data={**sent, "title": ""})
        again = hidden_of(refused)
        editor.open("/admin/articles/new", method="POST", data={**sent, **again})

        assert refused.status_code == 422
        assert title_on(editor, "/admin/articles/new") == ""
        assert session.scalar(select(func.count()).select_from(autosaves.Autosave)) == 0

    def test_what_a_form_took_up_is_forgotten_though_it_clashed_at_first(self, editor, article, session):
        typed_on(editor, path(article), title="Mine")
        _, sent = form_on(editor, path(article))
        saved(session, article, by=ED, title="Another's")
        session.commit()
        sent |= {"title": "Mine", "body": "B", "slug": "mine"}

        clashed = editor.open(path(article), method="POST", data=sent)

        assert clashed.status_code == 409
        assert hidden_of(clashed)["instead_of"] == sent["instead_of"] != ""

    def test_what_was_sent_twice_with_other_words_is_forgotten_once_these_are_saved(self, editor, session):
        sent, _ = typed_on(editor, "/admin/articles/new", title="Walking")
        editor.open("/admin/articles/new", method="POST", data=sent)
        typed = {**sent, "title": "Walking and veins"}

        answer = editor.open("/admin/articles/new", method="POST", data=typed)

        assert answer.status_code == 409
        assert hidden_of(answer)["instead_of"] == sent["tab"]


class TestAsSaved:
    @pytest.fixture
    def elsewhere(self, editor, article, session):
        """Words left in another tab, older than the newest version."""
        typed_on(editor, path(article), title="Half a ti")
        saved(session, article, by=ED, title="Whole")
        session.commit()

    @pytest.mark.parametrize(
        ("act", "sent", "title"),
        [
            ("/admin/articles/{id}", {"based_on": "2", "title": "Now", "body": "B", "slug": "now"}, "Now"),
            ("/admin/entries/{id}/restore", {"version": "1", "newest": "2"}, "Clots in the leg"),
            ("/admin/entries/{id}/publish", {"version": "2", "reason": "Now.", "kind": "typo"}, "Whole"),
        ],
        ids=["saved", "restored", "published"],
    )
    def test_a_form_that_was_acted_on_shows_that_and_offers_the_rest(
        self, elsewhere, editor, article, act, sent, title
    ):
        address = act.format(id=article.entry_id)

        answer = editor.post(address, sent, form_on=path(article))

        assert answer.status_code == 303
        assert title_on(editor, answer.location) == title
        assert "Show what you left on" in editor.get(answer.location).text


class TestDiscard:
    def test_it_shows_the_form_without_it(self, editor, article):
        sent, _ = typed_on(editor, path(article), title="Mine")

        answer = editor.post(f"/admin/autosaves/{sent['tab']}/discard", form_on=path(article))

        assert answer.location == path(article)
        assert title_on(editor, path(article)) == article.values["title"]

    def test_it_is_nobody_elses_to_discard(self, editor, signed_in, article, session):
        sent, _ = typed_on(editor, path(article), title="Mine")

        answer = signed_in(Role.AUTHOR).post(f"/admin/autosaves/{sent['tab']}/discard", form_on=path(article))

        assert answer.status_code == 404
        assert session.get(autosaves.Autosave, UUID(sent["tab"]))


class TestToken:
    def test_it_lets_a_form_go_on_that_outlived_its_session(self, editor, article):
        form, hidden = form_on(editor, path(article))
        editor.client.delete_cookie("verso_newsroom", path="/admin")
        assert editor.get("/admin/autosaves/token").status_code == 302
        editor.sign_in("editor@example.org")

        told = editor.get("/admin/autosaves/token").json
        sent = {**hidden, "title": "Still here", "csrf_token": told["token"]}

        assert told["editor"] == form["data-editor"]
        assert editor.open(form["data-autosave"], method="POST", data=sent).status_code == 200
