"""Writing in a real browser: nothing typed is lost, whatever dies, and one sees who else is at it."""

from functools import partial
from pathlib import Path

import pytest

from admin import people
from admin.roles import Role
from content import retiring, versions
from content.marks import tag_mark
from storage import db
from tests import browser, keyboard
from tests.builders import ED, MAY_DAY, a_live_article, an_article, saved
from tests.journeys import test_newsroom as newsroom

# A wheel is turned at once, and the menu is moved when the page comes to it.
AT_ITS_END = """() => {
  const menu = document.querySelector(".side");
  return menu.scrollTop + menu.clientHeight >= menu.scrollHeight - 1;
}"""

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


def open_signed_in(page, address):
    """Open a page of the newsroom, signing in where it asks for that."""
    page.goto(address)
    if "/login" in page.url:
        sign_in(page)
        page.goto(address)


class TestMenu:
    def test_its_last_item_can_be_reached_on_a_low_screen(self, chromium, site, article):
        with visit(chromium, site, viewport={"width": 1280, "height": 640}) as page:
            page.goto(f"{site}{article}")
            last = page.locator(".side nav a").last
            there = last.get_attribute("href")
            page.locator(".side").hover(position={"x": 20, "y": 300})
            page.mouse.wheel(0, 3000)
            page.wait_for_function(AT_ITS_END)

            box = last.bounding_box()
            page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)

            page.wait_for_url(f"{site}{there}")

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_its_names_show_as_soon_as_somebody_goes_there(self, chromium, site, article, scheme):
        screen = {"width": 1280, "height": 900}
        with visit(chromium, site, viewport=screen, color_scheme=scheme) as page:
            page.goto(f"{site}{article}")
            menu, names = page.locator(".side"), page.locator(".side nav a > span")

            def is_named():
                boxes = [one.bounding_box() for one in names.all()]
                within = menu.bounding_box()["width"]
                return all(box["width"] > 20 and box["x"] + box["width"] <= within for box in boxes)

            assert menu.bounding_box()["width"] < 70
            assert not is_named()

            keyboard.go_to(page, page.locator(".side nav a").nth(1))
            assert is_named()
            assert browser.faults(page) == []

            page.locator("#title").focus()
            assert not is_named()
            menu.hover(position={"x": 20, "y": 300})
            assert is_named()
            assert browser.faults(page) == []

    def test_it_is_wide_where_nothing_hovers(self, chromium, site, article):
        screen = {"width": 1280, "height": 900}
        with visit(chromium, site, viewport=screen, has_touch=True, is_mobile=True) as page:
            page.goto(f"{site}{article}")

            assert page.locator(".side").bounding_box()["width"] > 200


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

    def test_it_is_there_after_the_browser_was_killed_amid_typing(self, site, article, tmp_path):
        with browser.at_home(tmp_path / "home") as page:
            open_signed_in(page, f"{site}{article}")
            write(page, " ")
            typed = " ".join(f"w{number:03}" for number in range(40))
            page.keyboard.type(typed, delay=60)
            browser.kill(tmp_path / "home")

        with browser.at_home(tmp_path / "home") as page:
            open_signed_in(page, f"{site}{article}")
            page.get_by_text("You have not saved these words yet.").wait_for()
            page.wait_for_timeout(1000)
            # Of it two seconds are lost at most: some seven words, and more where the machine is slow.
            back = text_of(page).removeprefix("Plain words. ")
            assert typed.startswith(back)
            assert len(back.split()) >= len(typed.split()) - 12

    @pytest.mark.parametrize(
        ("cut_off", "told"),
        [
            (lambda context: context.set_offline(True), "Not autosaved: there is no connection."),
            (lambda context: context.clear_cookies(), "Not autosaved: you are signed out."),
        ],
        ids=["offline", "signed out"],
    )
    def test_it_is_there_after_the_browser_was_killed_cut_off(self, site, article, tmp_path, cut_off, told):
        with browser.at_home(tmp_path / "home") as page:
            open_signed_in(page, f"{site}{article}")
            cut_off(page.context)
            write(page, " And")
            page.get_by_text(told).wait_for()
            page.keyboard.type(" more.", delay=60)
            page.wait_for_timeout(100)
            browser.kill(tmp_path / "home")

        with browser.at_home(tmp_path / "home") as page:
            open_signed_in(page, f"{site}{article}")
            page.get_by_text("You have not saved these words yet.").wait_for()
            page.locator(".cm-content", has_text="And more").wait_for()
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 2.").wait_for()
            page.goto(f"{site}{article}")
            page.wait_for_timeout(1000)
            assert page.get_by_text("You have not saved").count() == 0

    def test_it_says_so_where_the_browser_cannot_hold_it(self, chromium, site, article):
        with visit(chromium, site, forgiven="net::ERR_INTERNET_DISCONNECTED") as page:
            page.add_init_script("IDBObjectStore.prototype.put = () => { throw new Error('full') }")
            page.goto(f"{site}{article}")
            page.context.set_offline(True)
            write(page, " And more.")

            page.get_by_text("This browser cannot hold what you typed").wait_for()

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

    def test_it_says_who_is_signed_in_instead(self, chromium, site, article, ben):
        with visit(chromium, site, forgiven="the server responded with a status of 4") as page:
            page.goto(f"{site}{article}")
            page.context.clear_cookies()
            other = page.context.new_page()
            other.goto(f"{site}/admin/login")
            newsroom.sign_in(other, "ben@example.org")
            other.get_by_role("link", name="Articles").wait_for()
            page.bring_to_front()
            write(page, " And more.")

            page.get_by_text("Not autosaved: Ben Okri is signed in by now").wait_for()
            page.get_by_role("link", name="Sign out in another tab").wait_for()

    def test_it_is_held_by_the_browser_while_there_is_no_connection(self, chromium, site, article):
        with visit(chromium, site, forgiven="net::ERR_INTERNET_DISCONNECTED") as page:
            page.goto(f"{site}{article}")
            page.context.set_offline(True)
            write(page, " And more.")
            page.get_by_text("Not autosaved: there is no connection.").wait_for()

            page.context.set_offline(False)

            page.get_by_text("Autosaved a moment ago.").wait_for()

    def test_it_is_shown_from_the_browser_where_the_newsroom_does_not_take_it(self, chromium, site, article):
        with visit(chromium, site, forgiven="status of 413") as page:
            page.goto(f"{site}{article}")
            page.route("**/admin/autosaves/*", lambda route: route.fulfill(status=413))
            write(page, " And more.")
            page.get_by_text("Not autosaved: the newsroom did not take it.").wait_for()

            page.reload()

            held = page.get_by_role("region", name="Held by this browser")
            assert held.get_by_label("Text").input_value() == "Plain words. And more."
            assert browser.faults(page) == []
            held.get_by_role("button", name="Forget them").click()
            page.reload()
            page.wait_for_timeout(1000)
            assert held.count() == 0

    def test_it_interrupts_nobody_who_types_already(self, chromium, site, article):
        with visit(chromium, site, forgiven="net::ERR_FAILED") as page:
            page.goto(f"{site}{article}")
            page.route("**/admin/autosaves/*", lambda route: route.abort())
            write(page, " And more.")
            page.get_by_text("Not autosaved: there is no connection.").wait_for()
            page.unroute("**/admin/autosaves/*")
            page.route("**/admin/autosaves/*", lambda route: None)
            page.on("dialog", lambda dialog: dialog.accept())
            with page.expect_request("**/admin/autosaves/*"):
                page.goto(f"{site}{article}")
            write(page, " Something else.")

            # What waits for an answer until here gets it now.
            page.unroute("**/admin/autosaves/*")

            page.get_by_text("Words that you left in another tab are kept.").wait_for()
            assert text_of(page) == "Plain words. Something else."
            page.get_by_text("Autosaved a moment ago.").wait_for()
            page.goto(f"{site}{article}")
            page.get_by_role("link", name="Show what you left").click()
            page.get_by_text("You have not saved these words yet.").wait_for()
            assert text_of(page) == "Plain words. And more."

    def test_what_was_saved_is_not_taken_for_lost(self, chromium, site):
        with visit(chromium, site, forgiven="net::ERR_FAILED") as page:
            page.goto(f"{site}/admin/topics/new")
            page.route("**/admin/autosaves/*", lambda route: route.abort())
            page.get_by_label("Name").fill("Veins")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 1.").wait_for()
            # The page that says so lets go of what was held, a moment after it has come.
            page.wait_for_timeout(1000)
            page.unroute("**/admin/autosaves/*")

            page.goto(f"{site}/admin/topics/new")

            page.wait_for_timeout(1000)
            assert page.get_by_label("Name").input_value() == ""

    def test_what_is_typed_after_a_save_comes_back_when_the_page_is_loaded_anew(
        self, chromium, site, article
    ):
        with visit(chromium, site) as page:
            page.goto(f"{site}{article}")
            page.get_by_label("Summary").fill("A line.")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 2.").wait_for()
            write(page, " And more.")
            page.get_by_text("Autosaved a moment ago.").wait_for()

            page.reload()

            page.get_by_text("You have not saved these words yet.").wait_for()
            assert text_of(page) == "Plain words. And more."

    def test_what_is_offered_fits_a_phone(self, chromium, site, article):
        with visit(chromium, site, **browser.LOOKS["phone"]) as page:
            page.goto(f"{site}{article}")
            page.get_by_label("Summary").fill("A line.")
            page.get_by_text("Autosaved a moment ago.").wait_for()

            page.goto(f"{site}{article}?unsaved=none")

            page.get_by_role("link", name="Show what you left on").wait_for()
            assert browser.faults(page) == []

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


class TestSavingByKey:
    def test_it_saves_wherever_the_focus_is(self, editor):
        editor.get_by_label("Summary").fill("A line.")
        editor.get_by_role("heading", level=1).click()
        assert editor.evaluate("document.activeElement.closest('form') === null")

        editor.keyboard.press("Control+s")

        editor.get_by_text("Saved as version 2.").wait_for()


class TestLeavingAForm:
    @pytest.mark.parametrize("act", ["publish", "withdraw"])
    def test_it_asks_before_words_for_an_act_are_lost(self, chromium, site, app, act):
        with app.app_context():
            entry_id = a_live_article(db.session()).entry_id
            saved(db.session(), versions.latest(db.session(), entry_id), summary="Another.")
            db.session.commit()
        self.write_and_leave(chromium, site, f"/admin/entries/{entry_id}/{act}", "Public note")

    def test_it_asks_before_a_text_is_lost(self, chromium, site):
        self.write_and_leave(chromium, site, "/admin/from-text", "Text")

    def write_and_leave(self, chromium, site, address, field):
        asked = []
        with visit(chromium, site) as page:
            page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
            page.goto(f"{site}{address}")
            page.get_by_label(field).first.click()
            page.keyboard.type("Some words.")
            page.get_by_role("link", name="Articles").first.click()
            page.get_by_role("heading", name="Articles").wait_for()

        assert asked == ["beforeunload"]


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
        with browser.opened(chromium) as page:
            keyboard.sign_in(page, site, email="ada@example.org", password=newsroom.PASSWORD)
            keyboard.press(page, "link", "Articles")
            page.get_by_role("heading", name="Articles").wait_for()
            keyboard.press(page, "link", "New article")
            page.get_by_role("heading", name="New article").wait_for()
            keyboard.fill(page, "Title", "Walking and veins")
            page.keyboard.press("Tab")
            page.keyboard.type("Why walking helps.")
            keyboard.write(page, "Walking ")
            page.keyboard.press("Control+b")
            page.keyboard.type("helps")
            keyboard.go_to(page, page.get_by_role("combobox", name="Topics"))
            page.keyboard.type("Veins")
            page.locator("#topics-ts-dropdown .create").wait_for()
            page.keyboard.press("Enter")
            page.keyboard.press("Control+s")
            page.get_by_text("Saved as version 1.").wait_for()
            assert page.locator("#body").input_value() == "Walking **helps**"
            assert page.get_by_label("Summary").input_value() == "Why walking helps."
            page.locator(".ts-control .item", has_text="Veins").wait_for()


class TestPastedAddresses:
    def test_the_newsrooms_own_become_links_by_id(self, editor, site, article):
        rewrite(editor, "See ")
        shown = article.replace("/admin/", "/api/v1/")

        assert paste(editor, "", plain=f"{site}{article}?unsaved=none") == f"See {shown}"
        html = f'<p><a href="{site}{article}">it</a></p>'
        assert paste(editor, html).endswith(f"[it]({shown})")


class TestTags:
    def test_a_save_leaves_them_as_they_were(self, chromium, site, app):
        with app.app_context():
            session = db.session()
            tags = ["compression stockings", "deep vein thrombosis", "legs", "old words"]
            made = an_article(session, tags=tags)
            retiring.retire(session, tag_mark("old words"), by=ED)
            session.commit()
            entry_id, placement = made.entry_id, made.placement
        with visit(chromium, site) as page:
            page.goto(f"{site}/admin/articles/{entry_id}")
            page.get_by_label("Summary").fill("A line.")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 2.").wait_for()
        with app.app_context():
            assert versions.latest(db.session(), entry_id).placement == placement


class TestLinks:
    def test_a_text_of_ours_is_linked_by_its_id(self, chromium, site, app, article):
        with app.app_context():
            flying = a_live_article(db.session(), title="Flying [with] clots", slug="flying").entry_id
            db.session.commit()
        with visit(chromium, site) as page:
            page.goto(f"{site}{article}")
            rewrite(page, "Read on")
            page.keyboard.press("Control+a")
            for written in (f"[Read on](/api/v1/articles/{flying})", "[Flying \\[with\\] clots]"):
                press(page, "Link to one of our texts")
                dialog = page.get_by_role("dialog", name="A link to one of our texts")
                dialog.get_by_role("button", name="Link it").click()
                dialog.get_by_text("Choose a text.").wait_for()
                dialog.get_by_role("combobox", name="Article").fill("Flying")
                dialog.locator(".ts-dropdown .option", has_text="Flying").click()
                dialog.get_by_role("button", name="Link it").click()
                dialog.wait_for(state="hidden")
                assert written in page.locator("#body").input_value()
            assert browser.faults(page) == []
            page.locator(f'#body-shown a[href="/api/v1/articles/{flying}"]').nth(1).wait_for()
            assert "leads to nothing" not in page.locator("main").inner_text()


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


class TestWhatIsRefusedAsAWhole:
    def test_it_comes_back_and_is_sent_again(self, chromium, site, article):
        with visit(chromium, site, forgiven="status of 413") as page:
            page.goto(f"{site}{article}")
            page.locator("textarea[name=body]").evaluate("one => (one.value = 'word '.repeat(800_001))")
            page.get_by_role("button", name="Save").click()
            page.get_by_role("heading", name="Too large").wait_for()
            page.get_by_label("Body").fill("Shorter. Caf\ufffd")
            assert browser.faults(page) == []
            page.get_by_role("button", name="Send again").click()

            page.get_by_text("Saved as version 2.").wait_for()
            assert page.locator("textarea[name=body]").input_value() == "Shorter. Caf\ufffd"

    def test_what_is_too_large_to_be_read_is_told_and_still_in_the_browser(
        self, chromium, site, app, article
    ):
        app.config["VERSO_UPLOAD_MB"] = 1
        with visit(chromium, site, forgiven="status of 413") as page:
            page.goto(f"{site}{article}")
            page.locator("textarea[name=body]").evaluate("one => (one.value = 'word '.repeat(1_100_000))")
            page.get_by_label("Summary").fill("A line.")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("this was 5.5 MB").wait_for()
            assert browser.faults(page) == []

            page.get_by_role("link", name="Open the form again").click()

            held = page.get_by_role("region", name="Held by this browser")
            assert held.get_by_label("Summary").input_value() == "A line."


class TestTyping:
    @pytest.mark.parametrize(
        "keys", [("Control+a",), ("Control+End", "Control+Shift+Home")], ids=["all", "back from the end"]
    )
    def test_what_replaces_a_heading_brings_no_style_along(self, editor, keys):
        rewrite(editor, "## One\n\nFirst **bold** words.")
        for key in (*keys, "n"):
            editor.keyboard.press(key)
        editor.keyboard.type("ew")

        assert editor.locator("textarea[name=body]").input_value() == "new"

    def test_a_word_that_stands_out_is_replaced_and_comes_back(self, editor):
        rewrite(editor, "First **bold** words.")
        editor.locator(".cm-line span", has_text="bold").first.dblclick()
        editor.keyboard.press("z")
        assert editor.locator("textarea[name=body]").input_value() == "First **z** words."

        editor.keyboard.press("Control+z")

        assert editor.locator("textarea[name=body]").input_value() == "First **bold** words."


CELLS = "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
TABLE = "| A   | B   |\n| --- | --- |\n| 1   | 2   |"
ITEMS, NUMBERED = "<ul><li>one</li><li>two</li></ul>", "<ol start=4><li>four</li></ol>"
PASSAGES, HEADED = "<p><b>First</b></p><p>Second</p>", "<h2>New</h2><p>Words</p>"
# A text with the place of the cursor, what is pasted there, and the whole afterwards.
PARTED = [
    ("|## One\n\nPara.", CELLS, f"{TABLE}\n\n## One\n\nPara."),
    ("## |One", CELLS, f"{TABLE}\n\n## One"),
    ("|Next.", ITEMS, "- one\n- two\n\nNext."),
    ("Intro.|", NUMBERED, "Intro.\n\n4. four"),
    ("In |tro.\nMore.", PASSAGES, "In\n\n**First**\n\nSecond\n\ntro.\nMore."),
    ("Intro.|\nMore.", HEADED, "Intro.\n\n## New\n\nWords\n\nMore."),
    ("- a|b\n- c", ITEMS, "- a\n- one\n- two\n- b\n- c"),
    ("- a\n- |", ITEMS, "- a\n- one\n- two"),
    ("1) a|\n2) c", NUMBERED, "1) a\n4) four\n2) c"),
    ("- a|\n- c", NUMBERED, "- a\n\n4. four\n\n- c"),
    ("- a|\n- c", PASSAGES, "- a\n\n  **First**\n\n  Second\n\n- c"),
    ("- a|\n- c", HEADED, "- a\n\n## New\n\nWords\n\n- c"),
    ("> a|b\n> c", ITEMS, "> a\n>\n> - one\n> - two\n>\n> b\n> c"),
    ("```\na|\n```", ITEMS, "```\na- one\n- two\n```"),
]
ROW = "| A   | B   |\n| --- | --- |\n| x   | y   |"


class TestPasting:
    @pytest.mark.parametrize("source", ["word", "tracked", "google", "web", "spans"])
    def test_it_comes_in_as_clean_markdown(self, editor, source):
        rewrite(editor, "")
        html, markdown = ((PASTED / f"{source}.{kind}").read_text() for kind in ("html", "md"))

        assert paste(editor, html) == markdown.rstrip("\n")

    @pytest.mark.parametrize("html", ["<div style='font-family: monospace'><div>*as* typed</div></div>", ""])
    def test_what_says_no_more_than_its_text_comes_in_as_that(self, editor, html):
        rewrite(editor, "")

        assert paste(editor, html, plain="*as* typed") == "*as* typed"

    def test_what_stands_off_the_line_is_more_than_its_text(self, editor):
        rewrite(editor, "")
        html = "<p>10<sup>6</sup> cells, 10<sup>-3</sup> g</p>"

        assert paste(editor, html, plain="106 cells, 10-3 g") == "10⁶ cells, 10⁻³ g"

    @pytest.mark.parametrize(
        ("html", "plain", "markdown"),
        [
            ("<p>Take <del>5</del><ins>10</ins> mg</p>", "Take 510 mg", "Take 10 mg"),
            ("<p>Take <s>5</s> 10 mg</p>", "Take 5 10 mg", "Take ~~5~~ 10 mg"),
            ("<p>Now<span style='display: none'> (sure?)</span>.</p>", "Now (sure?).", "Now."),
        ],
        ids=["deleted", "struck out", "hidden"],
    )
    def test_what_is_no_word_of_the_text_is_more_than_its_text(self, editor, html, plain, markdown):
        rewrite(editor, "")

        assert paste(editor, html, plain) == markdown

    def test_it_stands_where_the_cursor_is_and_can_be_undone(self, editor):
        rewrite(editor, "Before. After.")
        for _ in "After.":
            editor.keyboard.press("ArrowLeft")

        assert paste(editor, "<p><strong>Now</strong> </p>") == "Before. **Now**After."
        editor.keyboard.press("Control+z")

        assert editor.locator("textarea[name=body]").input_value() == "Before. After."

    def test_blocks_are_parted_from_what_stands_around_them(self, editor):
        for text, html, whole in PARTED:
            rewrite(editor, text.replace("|", ""))
            for _ in text.partition("|")[2]:
                editor.keyboard.press("ArrowLeft")

            assert paste(editor, html) == whole

    @pytest.mark.parametrize(
        "rows",
        [
            "<tr><td>Age</td><td>Steps</td></tr><tr><td>60</td><td>4000</td></tr>",
            "<colgroup><col><col></colgroup><tr><td>Age</td><td>Steps</td></tr><tr><td>60</td><td>4000</td></tr>",
            "<tr><th>Age</th><td>Steps</td></tr><tr><th>60</th><td>4000</td></tr>",
            "<tr><td></td><td></td></tr><tr><td>Age</td><td>Steps</td></tr><tr><td>60</td><td>4000</td></tr>",
        ],
        ids=["plain", "of columns", "headed at its side", "begun by an empty row"],
    )
    def test_a_tables_first_row_is_its_heading_where_it_has_none(self, editor, rows):
        rewrite(editor, "")

        assert paste(editor, f"<table>{rows}</table>") == "| Age | Steps |\n| --- | --- |\n| 60  | 4000 |"

    def test_what_opens_and_closes_is_parted_from_what_it_is_called(self, editor):
        rewrite(editor, "")

        html = "<p><b>Now</b></p><details><summary>More</summary>inside</details>"
        assert paste(editor, html) == "**Now**\n\nMore\n\ninside"

    @pytest.mark.parametrize(
        ("html", "plain", "cell"),
        [
            (ITEMS, "plain", "xone; two"),
            ("<h2>New</h2><p>Stop.</p><p>Wait a|b</p>", "plain", "xNew; Stop. Wait a\\|b"),
            ("<ol><li>Stop</li><li>Wait</li></ol>", "plain", "x1. Stop; 2. Wait"),
            ("<p>One</p><p>Two</p>", "One\n\nTwo", "xOne; Two"),
        ],
        ids=["items", "a heading", "steps", "plain words"],
    )
    def test_blocks_in_a_cell_are_one_line_of_it(self, editor, html, plain, cell):
        rewrite(editor, ROW)
        for _ in "   | y   |":
            editor.keyboard.press("ArrowLeft")

        assert paste(editor, html, plain) == f"| A   | B   |\n| --- | --- |\n| {cell}   | y   |"

    def test_a_table_in_a_cell_stands_behind_the_table(self, editor):
        rewrite(editor, TABLE)
        editor.keyboard.press("ArrowLeft")
        editor.keyboard.press("ArrowLeft")

        assert paste(editor, CELLS) == f"{TABLE}\n\n{TABLE}"

    @pytest.mark.parametrize(
        ("html", "markdown"),
        [
            (
                "<h3><button aria-expanded='true'>What is it?</button></h3><p>A clot.</p>",
                "### What is it?\n\nA clot.",
            ),
            ("<button><h3>What is it?</h3></button><p>A clot.</p>", "### What is it?\n\nA clot."),
            (
                "<button aria-expanded='true'>What is it?</button><div>A <b>clot</b>.</div>",
                "What is it?\n\nA **clot**.",
            ),
            ("<p>A <button>thrombus</button> is a <b>clot</b>.</p>", "A thrombus is a **clot**."),
            ("<p><b>Rest.</b></p><div><button>Share</button> <button>Print</button></div>", "**Rest.**"),
            (
                "<form><h2>Dose</h2><p>Take 5 mg.</p><select><option>Choose</option></select></form>",
                "## Dose\n\nTake 5 mg.",
            ),
        ],
        ids=["in a heading", "around a heading", "that opens", "in a sentence", "alone", "a form around all"],
    )
    def test_buttons_that_are_words_of_the_text_stay_as_these(self, editor, html, markdown):
        rewrite(editor, "")

        assert paste(editor, html) == markdown

    def test_a_list_of_words_goes_on_counting(self, editor):
        rewrite(editor, "")
        lines = [(3, "Rest"), (4, "Drink")]
        html = "".join(
            f'<p style="mso-list:l1 level1 lfo2"><span style="mso-list:Ignore">{number}.</span>{words}</p>'
            for number, words in lines
        )

        assert paste(editor, html) == "3. Rest\n4. Drink"
