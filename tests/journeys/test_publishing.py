"""Publishing in a real browser, with the keyboard alone: at once, and later."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from content import moments
from storage import db
from tests import browser, keyboard
from tests.builders import a_live_article, saved, signed
from tests.journeys import test_newsroom as newsroom
from tests.keyboard import fill, fill_moment, go_to, press, unfold

pytestmark = [pytest.mark.slow, browser.DROPPED]

app, site, chromium = newsroom.app, newsroom.site, newsroom.chromium


@pytest.fixture
def ada(chromium, site):
    """A page on which Ada has signed in, by the keyboard too."""
    with browser.opened(chromium) as page:
        keyboard.sign_in(page, site, email="ada@example.org", password=newsroom.PASSWORD)
        yield page


@pytest.fixture
def changed(app):
    """An article that readers have, and that was changed since and signed."""
    with app.app_context():
        session = db.session()
        live = a_live_article(session, title="Walking", body="Walk often.")
        signed(session, saved(session, live, body="Walk daily."))
        session.commit()


def asked_to_publish(ada):
    press(ada, "link", "Articles")
    press(ada, "link", "Walking")
    press(ada, "link", "Publish")
    ada.get_by_text("becomes public at once").wait_for()
    go_to(ada, ada.get_by_role("radio", name="Editorial"))
    ada.keyboard.press("ArrowDown")
    assert ada.get_by_role("radio", name="Clinical").is_checked()
    fill(ada, "Public note", "Daily is better.")


class TestByKeyboardAlone:
    def test_a_text_is_published(self, ada, site, changed):
        asked_to_publish(ada)
        press(ada, "button", "Publish")

        ada.get_by_text("Version 2 is public.").wait_for()
        shown = httpx.get(f"{site}/api/v1/articles/clots").json()
        assert shown["body"]["text"] == "Walk daily."
        assert shown["change"] == {"kind": "clinical", "note": "Daily is better."}

    def test_enter_in_a_field_does_nothing(self, ada, site, changed):
        press(ada, "link", "Articles")
        press(ada, "link", "Walking")
        press(ada, "link", "Withdraw")
        fill(ada, "Public note", "Old.")
        fill(ada, "Reason", "Old.")
        go_to(ada, ada.get_by_role("radio", name="Gone"))
        ada.keyboard.press("ArrowDown")
        ada.keyboard.press("Enter")
        fill(ada, "Or leads to this address if redirected", "https://who.example/")
        ada.keyboard.press("Enter")

        press(ada, "button", "Show what it does")
        ada.get_by_text("leads to https://who.example/").wait_for()
        assert httpx.get(f"{site}/api/v1/articles/clots").status_code == 200

    def test_a_text_is_put_on_the_schedule_and_goes_public_when_it_is_due(self, ada, site, app, changed):
        due = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)

        asked_to_publish(ada)
        unfold(ada, "Publish this version later")
        fill_moment(ada, "Moment", due)
        press(ada, "button", "Put on the schedule")

        ada.get_by_text("It is on the schedule").wait_for()
        coming = ada.get_by_role("region", name="To come")
        coming.get_by_role("link", name="Walking").first.wait_for()
        assert httpx.get(f"{site}/api/v1/articles/clots").json()["version"] == 1
        with app.app_context():
            moments.present(db.session(), now=due)
            db.session.commit()
        assert httpx.get(f"{site}/api/v1/articles/clots").json()["version"] == 2
