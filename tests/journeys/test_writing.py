"""Writing in a real browser: nothing typed is lost, whatever dies, and one sees who else is at it."""

from functools import partial
from pathlib import Path

import pytest

from admin import people
from admin.roles import Role
from storage import db
from tests import browser
from tests.builders import MAY_DAY, an_article
from tests.journeys import test_newsroom as newsroom

pytestmark = [pytest.mark.slow, browser.DROPPED]

app, site, chromium, visit = newsroom.app, newsroom.site, newsroom.chromium, newsroom.visit


@pytest.fixture
def article(app):
    """The address of an article's form."""
    with app.app_context():
        made = an_article(db.session())
        db.session.commit()
        return f"/admin/articles/{made.entry_id}"


@pytest.fixture
def ben(app):
    with app.app_context():
        session = db.session()
        person = people.add(
            session, email="ben@example.org", name="Ben Okri", roles={Role.AUTHOR}, now=MAY_DAY
        )
        people.set_password(session, person, newsroom.PASSWORD)
        session.commit()


@pytest.fixture
def editor(chromium, site, article):
    with visit(chromium, site) as page:
        page.goto(f"{site}{article}")
        yield page


def rewrite(page, words):
    page.locator(".editor .cm-content").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(words)


def press(page, tool):
    page.get_by_role("toolbar").get_by_role("button", name=tool, exact=True).click()


def write(page, words):
    page.locator(".editor .cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def text_of(page):
    return page.locator(".editor .cm-content").inner_text()


class TestNothingTypedIsLost:
    def test_it_is_there_after_the_browser_died(self, chromium, site, article):
        with visit(chromium, site) as page:
            page.goto(f"{site}{article}")
            write(page, " And more.")
            page.get_by_text("Autosaved a moment ago.").wait_for(timeout=3000)
            page.get_by_label("Summary").fill("A line.")
            page.get_by_label("Note for colleagues").fill("Half way")
            page.wait_for_timeout(1500)
            page.context.close()

        with visit(chromium, site) as page:
            page.goto(f"{site}{article}")
            page.get_by_text("You have not saved these words yet.").wait_for()
            assert text_of(page) == "Plain words. And more."
            assert page.get_by_label("Summary").input_value() == "A line."
            assert page.get_by_label("Note for colleagues").input_value() == "Half way"
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 2.").wait_for()
            assert page.get_by_text("You have not saved").count() == 0
            assert text_of(page) == "Plain words. And more."

    def test_it_is_there_after_the_session_ran_out(self, chromium, site, article):
        with visit(chromium, site, forgiven="the server responded with a status of 4") as page:
            page.goto(f"{site}{article}")
            page.context.clear_cookies()
            write(page, " And more.")
            page.get_by_text("Not autosaved: you are signed out.").wait_for()
            page.reload()
            sign_in(page)
            page.goto(f"{site}{article}")
            page.get_by_text("You have not saved these words yet.").wait_for()
            assert text_of(page) == "Plain words. And more."

    def test_it_goes_on_where_one_signs_in_again_in_another_tab(self, chromium, site, article):
        with visit(chromium, site, forgiven="the server responded with a status of 4") as page:
            page.goto(f"{site}{article}")
            page.context.clear_cookies()
            write(page, " And more.")
            with page.context.expect_page() as opened:
                page.get_by_role("link", name="Sign in in another tab").click()
            sign_in(opened.value)
            opened.value.close()

            page.bring_to_front()
            page.get_by_role("button", name="Save").click()

            page.get_by_text("Saved as version 2.").wait_for()
            assert text_of(page) == "Plain words. And more."

    def test_it_is_held_by_the_browser_while_there_is_no_connection(self, chromium, site, article):
        with visit(chromium, site, forgiven="net::ERR_INTERNET_DISCONNECTED") as page:
            page.goto(f"{site}{article}")
            page.context.set_offline(True)
            write(page, " And more.")
            page.get_by_text("Not autosaved: there is no connection.").wait_for()

            page.context.set_offline(False)

            page.get_by_text("Autosaved a moment ago.").wait_for()

    def test_what_was_saved_is_not_taken_for_lost(self, chromium, site):
        with visit(chromium, site, forgiven="net::ERR_FAILED") as page:
            page.goto(f"{site}/admin/topics/new")
            page.route("**/admin/autosaves/*", lambda route: route.abort())
            page.get_by_label("Name").fill("Veins")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 1.").wait_for()
            page.unroute("**/admin/autosaves/*")

            page.goto(f"{site}/admin/topics/new")

            page.wait_for_timeout(1000)
            assert page.get_by_label("Name").input_value() == ""

    def test_it_is_discarded_when_told(self, chromium, site, article):
        with visit(chromium, site) as page:
            page.goto(f"{site}{article}")
            write(page, " And more.")
            page.get_by_text("Autosaved a moment ago.").wait_for()
            page.reload()
            assert browser.faults(page) == []
            page.get_by_role("button", name="Discard them").click()
            page.get_by_role("button", name="Discard", exact=True).click()
            page.locator(".cm-content", has_text="Plain words.").wait_for()
            assert text_of(page) == "Plain words."


def sign_in(page):
    page.goto(page.url.partition("/admin")[0] + "/admin/login")
    page.get_by_label("Email").fill("ada@example.org")
    page.get_by_label("Password").fill(newsroom.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Articles").wait_for()


class TestBesideTheText:
    def test_it_follows_what_is_typed_and_leads_to_its_line(self, chromium, site, article):
        with visit(chromium, site) as page:
            page.goto(f"{site}{article}")
            write(page, "\nTwo.\n\n#### Deep\nThree.\n")
            page.get_by_text("The heading “Deep” skips a level.").wait_for()
            page.get_by_text("5 words · 1 min to read").wait_for()
            page.keyboard.press("Control+Home")

            page.get_by_role("link", name="Text, line 4").click()
            page.keyboard.press("End")
            page.keyboard.type("er")

            page.locator(".cm-line", has_text="#### Deeper").wait_for()
            page.locator("#checks").get_by_role("link", name="Sources").click()
            page.keyboard.type("NHS on clots")
            page.get_by_text("No source is named.").wait_for(state="detached")


class TestQuestionsOfAnArticle:
    def test_they_are_written_and_ordered_in_its_page(self, editor):
        for question in ("Does it hurt?", "Can I fly?"):
            editor.get_by_role("link", name="Add an FAQ").click()
            editor.get_by_label("Question").fill(question)
            editor.locator(".editor .cm-content").click()
            editor.keyboard.type("It depends.")
            editor.get_by_role("button", name="Save").click()
            editor.get_by_role("link", name=question).wait_for()

        assert browser.faults(editor) == []
        editor.get_by_role("button", name="Move up: Can I fly?").click()

        editor.get_by_text("Moved. Readers see the new order once it is published.").wait_for()
        assert editor.locator("#row-faq li a").all_inner_texts() == ["Can I fly?", "Does it hurt?"]


class TestWhoElseIsHere:
    def test_it_is_shown_within_some_seconds(self, chromium, site, article, ben):
        with visit(chromium, site) as page, browser.opened(chromium) as other:
            page.goto(f"{site}{article}")
            other.goto(f"{site}{article}")
            other.get_by_label("Email").fill("ben@example.org")
            other.get_by_label("Password").fill(newsroom.PASSWORD)
            other.get_by_role("button", name="Sign in").click()
            other.get_by_text("Ada Brandt has this open too.").wait_for()

            page.get_by_text("Ben Okri has this open too.").wait_for(timeout=10_000)
            other.get_by_label("Summary").fill("Mine.")
            other.get_by_role("button", name="Save").click()
            page.get_by_text("Ben Okri saved version 2 meanwhile").wait_for(timeout=10_000)


class TestByKeyboardAlone:
    def test_an_article_is_written(self, chromium, site):
        with visit(chromium, site) as page:
            page.goto(f"{site}/admin/articles/")
            go_to(page, "New article")
            page.keyboard.press("Enter")
            page.get_by_role("heading", name="New article").wait_for()
            go_to(page, "Title")
            page.keyboard.type("Walking and veins")
            page.keyboard.press("Tab")
            page.keyboard.type("Why walking helps.")
            go_to(page, "Text")
            page.keyboard.type("Walking ")
            page.keyboard.press("Control+b")
            page.keyboard.type("helps")
            page.keyboard.press("Control+s")
            page.get_by_text("Saved as version 1.").wait_for()
            assert page.locator("#body").input_value() == "Walking **helps**"


def go_to(page, name):
    """Press Tab until what is called `name` has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED).startswith(name):
            return
    raise AssertionError(f"the Tab key never came to {name}")


FOCUSED = """() => {
  let one = document.activeElement;
  while (one.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return (one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent || "").trim();
}"""

TOOLS = [
    ("Bold", "Control+b", "one **two**"),
    ("Italic", "Control+i", "one *two*"),
    ("Heading", "Control+Alt+h", "## one two"),
    ("List", "Control+Shift+8", "- one two"),
    ("Numbered list", "Control+Shift+7", "1. one two"),
    ("Quote", "Control+Shift+9", "> one two"),
    ("Link", "Control+k", "one [two](https://)"),
    ("Table", "Control+Alt+t", "one two\n\n| Column | Column |\n| --- | --- |\n| Cell | Cell |"),
]


class TestToolbar:
    def test_each_button_has_a_key(self, editor):
        for tool, keys, written in TOOLS:
            for act in (partial(editor.keyboard.press, keys), partial(press, editor, tool)):
                rewrite(editor, "one two")
                editor.keyboard.press("Control+Shift+ArrowLeft")
                act()
                assert editor.locator("#body").input_value().strip() == written

    def test_it_takes_back_what_it_did(self, editor):
        rewrite(editor, "one\ntwo")
        editor.keyboard.press("Control+a")
        for keys, written in (
            ("Control+Shift+8", "- one\n- two"),
            ("Control+Shift+7", "1. one\n2. two"),
            ("Control+Shift+7", "one\ntwo"),
            ("Control+b", "**one\ntwo**"),
            ("Control+b", "one\ntwo"),
        ):
            editor.keyboard.press(keys)
            assert editor.locator("#body").input_value() == written

    def test_it_is_used_by_keyboard_alone(self, editor):
        rewrite(editor, "one")
        editor.keyboard.press("Control+a")
        editor.keyboard.press("Shift+Tab")
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "Enter"):
            editor.keyboard.press(key)
        assert editor.locator("#body").input_value() == "*one*"

        editor.keyboard.press("Shift+Tab")
        editor.keyboard.press("End")
        editor.keyboard.press("Enter")
        editor.get_by_role("heading", name="Writing by keyboard").wait_for()
        assert browser.faults(editor) == []
        editor.keyboard.press("Escape")
        editor.locator(".editor .cm-content").focus()
        editor.keyboard.press("Control+s")
        editor.get_by_text("Saved as version 2.").wait_for()

    def test_the_preview_scrolls_along(self, editor):
        rewrite(editor, "word\n\n" * 60 + "the end")
        editor.locator("#body-shown", has_text="the end").wait_for()
        editor.keyboard.press("Control+Home")
        editor.keyboard.press("Control+End")
        shown = editor.locator("#body-shown")
        for _ in range(50):
            left = shown.evaluate("one => one.scrollHeight - one.clientHeight - one.scrollTop")
            if left < 40:
                break
            editor.wait_for_timeout(100)
        assert left < 40


PASTED = Path(__file__).with_name("pasted")


def paste(page, html, plain="plain"):
    page.locator(".editor .cm-content").evaluate(
        """(content, [html, plain]) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/html", html);
          clipboardData.setData("text/plain", plain);
          const pasted = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
          content.dispatchEvent(pasted);
        }""",
        [html, plain],
    )
    return page.locator("textarea[name=body]").input_value()


class TestPasting:
    @pytest.mark.parametrize("source", ["word", "google", "web"])
    def test_it_comes_in_as_clean_markdown(self, editor, source):
        rewrite(editor, "")
        html, markdown = ((PASTED / f"{source}.{kind}").read_text() for kind in ("html", "md"))

        assert paste(editor, html) == markdown.rstrip("\n")

    @pytest.mark.parametrize("html", ["<div style='font-family: monospace'><div>*as* typed</div></div>", ""])
    def test_what_says_no_more_than_its_text_comes_in_as_that(self, editor, html):
        rewrite(editor, "")

        assert paste(editor, html, plain="*as* typed") == "*as* typed"

    def test_it_stands_where_the_cursor_is_and_can_be_undone(self, editor):
        rewrite(editor, "Before. After.")
        for _ in "After.":
            editor.keyboard.press("ArrowLeft")

        assert paste(editor, "<p><strong>Now</strong> </p>") == "Before. **Now**After."
        editor.keyboard.press("Control+z")

        assert editor.locator("textarea[name=body]").input_value() == "Before. After."
