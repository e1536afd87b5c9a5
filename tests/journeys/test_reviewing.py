"""A review in a real browser, by the keyboard: submitted, commented on, sent back, mended, signed and published."""

import httpx
import pytest

from admin import people
from admin.roles import Role
from storage import db
from tests import browser
from tests.builders import MAY_DAY
from tests.journeys import test_newsroom as newsroom

pytestmark = [pytest.mark.slow, browser.DROPPED]

app, site, chromium, visit = newsroom.app, newsroom.site, newsroom.chromium, newsroom.visit


@pytest.fixture
def house(app):
    """Who works here besides Ada: Ben writes, and Dr. Reed signs."""
    with app.app_context():
        session = db.session()
        for name, role in (("ben", Role.AUTHOR), ("reed", Role.REVIEWER)):
            person = people.add(
                session,
                email=f"{name}@example.org",
                name=name.title(),
                roles={role},
                now=MAY_DAY,
                credentials="MD, vascular medicine",
            )
            people.set_password(session, person, newsroom.PASSWORD)
        session.commit()


def press(page, role, name):
    """Come to something by its name and press Enter on it, as one does who has no mouse."""
    page.get_by_role(role, name=name, exact=True).first.focus()
    page.keyboard.press("Enter")


def fill(page, label, words):
    page.get_by_label(label, exact=True).focus()
    page.keyboard.insert_text(words)


class TestAReview:
    def test_it_goes_there_and_back_by_the_keyboard(self, chromium, site, house):
        with (
            visit(chromium, site, email="ben@example.org") as ben,
            visit(chromium, site, email="reed@example.org") as reed,
            visit(chromium, site) as ada,
        ):
            ben.goto(f"{site}/admin/articles/new")
            ben.get_by_label("Title", exact=True).first.focus()
            ben.keyboard.insert_text("Aspirin and veins")
            ben.locator(".editor .cm-content").focus()
            ben.keyboard.insert_text("Take *many* tablets.\n\nThen rest.")
            ben.keyboard.press("Control+s")
            ben.get_by_text("Saved as version 1.").wait_for()
            press(ben, "link", "Submit for review")
            fill(ben, "Message to the reviewer optional", "Are the doses right?")
            press(ben, "button", "Submit version 1 for review")
            ben.get_by_text("Version 1 waits for a reviewer.").wait_for()

            reed.goto(f"{site}/admin/")
            reed.get_by_role("heading", name="Waits for your review").wait_for()
            press(reed, "link", "Aspirin and veins")
            reed.get_by_text("Are the doses right?").wait_for()
            reed.locator("[data-field=body] em").evaluate(
                "word => getSelection().selectAllChildren(word.parentElement)"
            )
            assert reed.get_by_label("Passage").input_value() == "Take many tablets."
            fill(reed, "Comment", "How many? Name the dose.")
            press(reed, "button", "Comment")
            reed.get_by_text("Your comment stands beside the text.").wait_for()
            marked = "[...CSS.highlights.get('passages')].map(String)"
            assert reed.locator("main").evaluate(f"() => {marked}") == ["Take many tablets."]
            assert browser.faults(reed) == []
            reed.locator("summary", has_text="Send it back").focus()
            reed.keyboard.press("Enter")
            fill(reed, "What is missing", "The dose, and a source for it.")
            press(reed, "button", "Send back")
            reed.get_by_text("It went back, with what is missing.").wait_for()

            ben.goto(f"{site}/admin/")
            press(ben, "link", "Aspirin and veins")
            ben.get_by_text("The dose, and a source for it.").wait_for()
            press(ben, "link", "Text")
            ben.get_by_role("heading", name="From colleagues").wait_for()
            newsroom.write_over(ben, "Take *one* tablet.\n\nThen rest.")
            ben.keyboard.press("Control+s")
            ben.get_by_text("Saved as version 2.").wait_for()
            press(ben, "link", "Submit for review")
            press(ben, "button", "Settled: How many? Name the dose.")
            ben.get_by_text("Nobody has anything to say of it.").wait_for()
            press(ben, "button", "Submit version 2 for review again")
            ben.get_by_text("Version 2 waits for a reviewer.").wait_for()

            reed.goto(f"{site}/admin/")
            press(reed, "link", "Aspirin and veins")
            press(reed, "button", "Sign version 2")
            reed.get_by_text("You have signed version 2.").wait_for()

            ada.goto(f"{site}/admin/")
            ada.get_by_role("heading", name="Approved, and not public yet").wait_for()
            press(ada, "link", "Aspirin and veins")
            press(ada, "button", "Publish")
            ada.get_by_text("Version 2 is public.").wait_for()

        shown = httpx.get(f"{site}/api/v1/articles/aspirin-and-veins").json()
        assert shown["body"]["text"] == "Take one tablet.\n\nThen rest."
        assert shown["review"]["reviewers"] == [{"name": "Reed", "credentials": "MD, vascular medicine"}]
