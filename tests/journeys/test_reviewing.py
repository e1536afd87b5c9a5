"""A review in a real browser, by the keyboard alone: from what is submitted to what is published, there and back."""

from contextlib import ExitStack

import httpx
import pytest
from playwright.sync_api import expect

from admin import people
from admin.roles import Role
from content import submissions
from storage import db
from tests import browser, keyboard
from tests.builders import MAY_DAY, an_article
from tests.journeys import test_newsroom as newsroom
from tests.keyboard import fill, press, unfold, write

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


@pytest.fixture
def come_in(chromium, site):
    """Opens a page on which somebody has signed in, by the keyboard too."""
    with ExitStack() as opened:

        def come_in(name):
            page = opened.enter_context(browser.opened(chromium))
            keyboard.sign_in(page, site, email=f"{name}@example.org", password=newsroom.PASSWORD)
            return page

        yield come_in


class TestAReview:
    def test_it_goes_there_and_back_by_the_keyboard(self, come_in, site, house):
        ben, reed, ada = come_in("ben"), come_in("reed"), come_in("ada")

        press(ben, "link", "Articles")
        press(ben, "link", "New article")
        fill(ben, "Title", "Aspirin and veins")
        write(ben, "Take *many* tablets.\n\nThen rest.")
        ben.keyboard.press("Control+s")
        ben.get_by_text("Saved as version 1.").wait_for()
        press(ben, "link", "Submit for review")
        fill(ben, "Message to the reviewer optional", "Are the doses right?")
        press(ben, "button", "Submit version 1 for review")
        ben.get_by_text("Version 1 waits for a reviewer.").wait_for()

        press(reed, "link", "Desk")
        reed.get_by_role("heading", name="Waits for your review").wait_for()
        press(reed, "link", "Aspirin and veins")
        reed.get_by_text("Are the doses right?").wait_for()
        unfold(reed, "Comment on a passage")
        fill(reed, "Passage optional", "Take many tablets.")
        fill(reed, "Comment", "How many? Name the dose.")
        press(reed, "button", "Comment")
        reed.get_by_text("Your comment stands beside the text.").wait_for()
        assert browser.faults(reed) == []
        unfold(reed, "Send it back")
        fill(reed, "What is missing or wrong", "The dose, and a source for it.")
        press(reed, "button", "Send back")
        reed.get_by_text("It went back, with what is missing.").wait_for()

        press(ben, "link", "Desk")
        press(ben, "link", "Aspirin and veins")
        ben.get_by_text("The dose, and a source for it.").wait_for()
        press(ben, "link", "Text")
        ben.get_by_role("heading", name="From colleagues").wait_for()
        write(ben, "Take *one* tablet.\n\nThen rest.")
        ben.keyboard.press("Control+s")
        ben.get_by_text("Saved as version 2.").wait_for()
        press(ben, "link", "Submit for review")
        press(ben, "button", "Settled: How many? Name the dose.")
        ben.get_by_text("Nobody has anything to say of it.").wait_for()
        press(ben, "button", "Submit version 2 for review again")
        ben.get_by_text("Version 2 waits for a reviewer.").wait_for()

        press(reed, "link", "Desk")
        press(reed, "link", "Aspirin and veins")
        press(reed, "button", "Sign version 2")
        reed.get_by_text("You have signed version 2.").wait_for()

        press(ada, "link", "Desk")
        ada.get_by_role("heading", name="Approved, and not public yet").wait_for()
        press(ada, "link", "Aspirin and veins")
        press(ada, "button", "Publish")
        ada.get_by_text("Version 2 is public.").wait_for()
        shown = httpx.get(f"{site}/api/v1/articles/aspirin-and-veins").json()
        assert shown["body"]["text"] == "Take one tablet.\n\nThen rest."
        assert shown["review"]["reviewers"] == [{"name": "Reed", "credentials": "MD, vascular medicine"}]

        write(ada, "Take *two* tablets.\n\nThen rest.")
        ada.keyboard.press("Control+s")
        ada.get_by_text("Saved as version 3.").wait_for()
        press(ada, "link", "Publish")
        ada.get_by_text("make that signature void for this text").wait_for()
        text = ada.get_by_role("region", name="Text")
        assert text.locator("del").all_inner_texts() == ["one tablet"]
        assert text.locator("ins").all_inner_texts() == ["two tablets"]

    def test_a_passage_is_marked_in_its_text_and_shown_there(self, chromium, site, app, house):
        with app.app_context():
            made = an_article(db.session(), body="Take *many* tablets.\n\nThen rest.").entry_id
            db.session.commit()
        with visit(chromium, site, email="reed@example.org") as reed:
            reed.goto(f"{site}/admin/entries/{made}/review")
            reed.get_by_text("tablets.").click(click_count=3)
            expect(reed.get_by_label("Passage")).to_have_value("Take many tablets.")
            reed.get_by_label("Comment", exact=True).fill("How many?")
            reed.get_by_role("button", name="Comment", exact=True).click()
            reed.get_by_text("Your comment stands beside the text.").wait_for()
            reed.wait_for_load_state()

            marked = "[...CSS.highlights.get('passages')].map(String)"
            assert reed.locator("main").evaluate(f"() => {marked}") == ["Take many tablets."]


class TestWhatWasTyped:
    def test_it_stays_when_another_form_of_the_page_is_sent(self, app, come_in, site, house):
        with app.app_context():
            version = an_article(db.session())
            submissions.submit(db.session(), version.entry_id, 1, by="person:ed")
            db.session.commit()
            address = f"{site}/admin/entries/{version.entry_id}/review"
        reed = come_in("reed")
        reed.goto(address)
        asked = []
        reed.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        reed.get_by_text("Send it back", exact=True).click()
        reed.get_by_label("What is missing or wrong").fill("The dose, and a source for it.")
        reed.get_by_label("The next review is due on").fill("2099-01-31")
        reed.get_by_text("Comment on a passage").click()
        reed.get_by_label("Comment", exact=True).fill("Which?")
        reed.get_by_role("button", name="Comment", exact=True).click()

        reed.get_by_text("Your comment stands beside the text.").wait_for()
        expect(reed.get_by_label("What is missing or wrong")).to_have_value("The dose, and a source for it.")
        expect(reed.get_by_label("The next review is due on")).to_have_value("2099-01-31")
        expect(reed.get_by_label("Comment", exact=True)).to_have_value("")
        assert asked == []

        # Left otherwise, it asks.
        reed.goto(f"{site}/admin/")
        assert asked == ["beforeunload"]
