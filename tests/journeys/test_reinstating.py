"""Reinstating in a real browser, with the keyboard alone: what was withdrawn comes back, the same or in other words."""

import httpx
import pytest

from content import publishing
from content.log import Act
from storage import db
from tests import browser, keyboard
from tests.builders import a_live_article, saved, signed
from tests.journeys import test_newsroom as newsroom
from tests.keyboard import fill, go_to, press

pytestmark = [pytest.mark.slow, browser.DROPPED]

app, site, chromium = newsroom.app, newsroom.site, newsroom.chromium


@pytest.fixture
def withdrawn(app):
    """An article that readers had and have not any more; newer words of it are signed."""
    with app.app_context():
        session = db.session()
        live = a_live_article(session, title="Walking", body="Walk often.")
        publishing.withdraw(session, live.entry_id, by="person:ed", reason="In doubt.", note="In doubt.")
        signed(session, saved(session, live, body="Walk daily."))
        session.commit()


@pytest.fixture
def ada(chromium, site, withdrawn):
    """A page on which Ada has come to the article's page that reinstates, by the keyboard too."""
    with browser.opened(chromium, viewport={"width": 1280, "height": 900}, forgiven="status of 409") as page:
        keyboard.sign_in(page, site, email="ada@example.org", password=newsroom.PASSWORD)
        press(page, "link", "Articles")
        press(page, "link", "Walking")
        press(page, "link", "Reinstate")
        page.get_by_role("region", name="What this does for readers").get_by_text("becomes public").wait_for()
        yield page


def choose_version(ada, number):
    chosen = ada.get_by_label("Version that comes back")
    go_to(ada, chosen)
    ada.keyboard.type(str(number))
    assert chosen.input_value() == str(number)


def read(site):
    return httpx.get(f"{site}/api/v1/articles/clots")


class TestByKeyboardAlone:
    def test_a_text_comes_back_as_it_was(self, ada, site, app):
        assert read(site).status_code == 410

        choose_version(ada, 1)
        fill(ada, "Reason", "It was right.")
        press(ada, "button", "Reinstate")

        ada.get_by_text("Version 1 is public again.").wait_for()
        assert read(site).json()["body"]["text"] == "Walk often."
        with app.app_context():
            last = db.session.query(Act).order_by(Act.sequence.desc()).first()
            assert last.reason == "It was right."

    def test_other_words_come_back_once_readers_are_told_what_changed(self, ada, site):
        fill(ada, "Reason", "It was looked into.")
        press(ada, "button", "Reinstate")

        ada.get_by_text("A public note is needed").wait_for()
        note = ada.get_by_label("Public note", exact=True)
        assert note.get_attribute("aria-invalid") == "true"
        assert ada.get_by_label("Reason", exact=True).input_value() == "It was looked into."
        assert read(site).status_code == 410

        fill(ada, "Public note", "Daily is better.")
        press(ada, "button", "Show what it does")
        ada.get_by_text("The JSON that will be served").wait_for()
        assert note.input_value() == "Daily is better."
        press(ada, "button", "Reinstate")

        ada.get_by_text("Version 2 is public again.").wait_for()
        assert read(site).json()["body"]["text"] == "Walk daily."
        assert read(site).json()["change"]["note"] == "Daily is better."
