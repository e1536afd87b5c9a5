from datetime import UTC, date, datetime, timedelta

from bs4 import BeautifulSoup

from admin.roles import Role
from content import expiry, reviews
from content.types import OnReviewDue
from tests.builders import DR_FINN, a_live_article, an_article, an_faq, publish, saved, signed

TODAY = datetime.now(UTC).date()


def due(session, slug, day):
    """A live article whose review is due on a day."""
    version = signed(session, an_article(session, slug=slug, title=slug), due_on=day)
    publish(session, version)
    return version


class TestReviewsThatFallDue:
    def test_the_soonest_is_first_and_what_is_overdue_before_it(self, session, signed_in):
        for slug, days in (("in-80-days", 80), ("in-100-days", 100), ("in-10-days", 10)):
            due(session, slug, TODAY + timedelta(days=days))
        overdue = due(session, "overdue", date(2026, 6, 1))
        an_article(session, slug="draft")
        session.commit()

        page = BeautifulSoup(signed_in(Role.REVIEWER).get("/admin/").text, "html.parser")

        rows = page.select("section[aria-labelledby=due] tr")[1:]
        assert [row.a.text for row in rows] == ["overdue", "in-10-days", "in-80-days"]
        assert ["overdue" in row.select_one(".when").text for row in rows] == [True, False, False]
        assert rows[0].a["href"] == f"/admin/entries/{overdue.entry_id}/review?version=1"


def titles(page, heading):
    return [link.text for link in page.select(f"section[aria-labelledby={heading}] th a")]


class TestWhatWaits:
    def test_it_is_what_one_saved_last_and_readers_do_not_have(self, session, signed_in):
        browser = signed_in(Role.AUTHOR)
        form = {"title": "Mine", "body": "Words.", "locale": "en"}
        browser.post("/admin/articles/new", form, form_on="/admin/articles/new")
        an_article(session, title="Another's", slug="others")
        session.commit()

        page = BeautifulSoup(browser.get("/admin/").text, "html.parser")

        assert titles(page, "unfinished") == ["Mine"]


class TestWhatWasPublished:
    def test_it_is_the_newest_first_with_what_readers_were_told(self, session, signed_in):
        first = a_live_article(session, title="First", slug="first")
        a_live_article(session, title="Second", slug="second")
        publish(session, signed(session, saved(session, first, body="Other words.")), note="Said better.")
        session.commit()

        page = BeautifulSoup(signed_in(Role.AUTHOR).get("/admin/").text, "html.parser")

        assert titles(page, "published") == ["First", "Second", "First"]
        assert "Said better." in page.select_one("section[aria-labelledby=published] tbody tr").text
        assert titles(page, "unfinished") == []


class TestWhatLostItsReview:
    def test_it_says_what_becomes_of_a_text_and_what_waits_for_whom(self, session, signed_in):
        expiry.decide(session.get_bind(), {"article": OnReviewDue.HOLD, "faq": OnReviewDue.WITHDRAW})
        coming = due(session, "coming", TODAY + timedelta(days=10))
        held = due(session, "held", date(2026, 6, 1))
        gone = signed(session, an_faq(session), due_on=date(2026, 6, 2))
        publish(session, gone)
        editor = signed_in(Role.EDITOR)

        page = BeautifulSoup(editor.get("/admin/").text, "html.parser")

        assert "It is held on that day" in page.select_one("section[aria-labelledby=due]").text
        assert coming.entry_id
        first, second = page.select("section[aria-labelledby=expired] tr")[1:]
        assert first.a["href"] == f"/admin/entries/{held.entry_id}/review?version=1"
        assert "brings it back at once" in first.text
        assert "A review, then to be reinstated" in second.text

        reviews.sign(session, gone.entry_id, 1, DR_FINN, due_on=TODAY + timedelta(days=9))
        session.commit()
        page = BeautifulSoup(editor.get("/admin/").text, "html.parser")

        _, second = page.select("section[aria-labelledby=expired] tr")[1:]
        assert second.a["href"] == f"/admin/entries/{gone.entry_id}/reinstate?version=1"
        assert "Signed again" in second.text
