from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from admin import listing, people
from admin.roles import Role
from content import autosaves, batches, expiry, publishing, reviews, schedule, submissions
from content.database import new_id
from content.types import OnReviewDue
from storage import db
from tests.builders import DR_FINN, ED, MAY_DAY, a_live_article, an_article, an_faq, publish, saved, signed
from tests.plans import planned, walked

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


class TestWhatWaitsForAReview:
    def test_who_submitted_it_reads_that_another_signs_it(self, session, signed_in):
        reviewer = signed_in(Role.REVIEWER, Role.AUTHOR)
        mine = str(session.scalar(select(people.Person)).id)
        for slug, by in (("mine", mine), ("others", ED)):
            made = an_article(session, slug=slug, title=slug, by=by)
            submissions.submit(session, made.entry_id, 1, by=by)
        session.commit()

        page = BeautifulSoup(reviewer.get("/admin/").text, "html.parser")

        rows = page.select("section[aria-labelledby=submitted] tr")[1:]
        assert {row.a.text: "somebody else signs it" in row.text for row in rows} == {
            "mine": True,
            "others": False,
        }


class TestWhatFailed:
    def test_it_stands_before_all_that_waits(self, session, signed_in):
        unsigned = an_article(session, slug="unsigned")
        past = datetime.now(UTC) - timedelta(hours=2)
        plan = {"version": 1, "due_at": past + timedelta(hours=1), "by": ED, "now": past}
        schedule.schedule(session, schedule.Verb.PUBLISH, unsigned.entry_id, **plan)
        waits = an_article(session, slug="waits")
        submissions.submit(session, waits.entry_id, 1, by=ED)
        session.commit()

        page = BeautifulSoup(signed_in(Role.EDITOR).get("/admin/").text, "html.parser")

        first, second, *_ = [section["aria-labelledby"] for section in page.select("main section.card")]
        assert (first, second) == ("failed", "submitted")


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

    def test_an_older_longer_signature_does_not_wait_to_be_reinstated(self, session, signed_in):
        expiry.decide(session.get_bind(), {"article": OnReviewDue.WITHDRAW})
        taken = due(session, "taken", TODAY + timedelta(days=300))
        publishing.rereview(session, taken.entry_id, DR_FINN, due_on=date(2026, 6, 2), now=MAY_DAY)

        page = BeautifulSoup(signed_in(Role.EDITOR).get("/admin/").text, "html.parser")

        [row] = page.select("section[aria-labelledby=expired] tr")[1:]
        assert "A review, then to be reinstated" in row.text


class TestWhatWasLeftUnsaved:
    def left(self, session, typed, days, **about):
        """A tab in which the author left something so many days ago."""
        author = str(people.by_email(session, "author@example.org").id)
        now, tab = datetime.now(UTC) - timedelta(days=days), new_id()
        autosaves.keep(session, tab, typed, by=author, type_name="article", now=now, **about)
        session.commit()
        return tab

    def shown(self, browser):
        page = BeautifulSoup(browser.get("/admin/").text, "html.parser")
        return page.select_one("section[aria-labelledby=unsaved]")

    def test_it_leads_to_the_words_and_says_when_they_go_long_before(self, session, signed_in):
        author = signed_in(Role.AUTHOR)
        article = an_article(session, title="Clots")
        old = self.left(session, {"title": ""}, 95, entry_id=article.entry_id, based_on=1)
        new = self.left(session, {"title": "Begun", "body": "Typed."}, 1)

        section = self.shown(author)

        assert section.h2.text == "You left 2 texts unsaved"
        first, second = section.select("tbody tr")
        assert (first.a.text, first.a["href"]) == ("Begun", f"/admin/articles/new?unsaved={new}")
        assert "Typed." in author.get(first.a["href"]).text
        assert (second.a.text, second.a["href"]) == (
            "Clots",
            f"/admin/articles/{article.entry_id}?unsaved={old}",
        )
        assert [row.select_one(".chip") is not None for row in (first, second)] == [False, True]
        assert f"goes on {datetime.now(UTC) + timedelta(days=14):%-d %b %Y}" in second.text
        assert autosaves.forget(session, days=90, now=datetime.now(UTC) + timedelta(days=13)) == 0
        assert autosaves.forget(session, days=90, now=datetime.now(UTC) + timedelta(days=15)) == 1

    def test_it_is_nobody_elses(self, session, signed_in):
        author = signed_in(Role.AUTHOR)
        self.left(session, {"title": "Begun"}, 1)

        assert self.shown(signed_in(Role.ADMINISTRATOR)) is None
        assert self.shown(author)

    def test_nothing_goes_where_it_is_to_stay_for_ever(self, app, session, signed_in):
        app.config["VERSO_AUTOSAVE_DAYS"] = 0
        author = signed_in(Role.AUTHOR)
        self.left(session, {"title": "Begun"}, 3000)

        assert self.shown(author).select_one(".chip") is None


class TestWhatIsUnderWay:
    def test_a_batch_leads_to_its_page_until_it_is_done(self, session, signed_in):
        editor = signed_in(Role.EDITOR)
        me = str(people.by_email(session, "editor@example.org").id)
        draft = an_article(session).entry_id
        begun = batches.choose(session, batches.Verb.TAG, "article", [[draft]], by=me)
        asked = batches.choose(session, batches.Verb.TAG, "article", [[draft]], by="person:eve")
        for one in (begun, asked):
            batches.begin(session, one, {"tag": "legs", "way": "add"})
        session.commit()

        def shown():
            page = BeautifulSoup(editor.get("/admin/").text, "html.parser")
            return [link["href"] for link in page.select("section[aria-labelledby=under-way] a")]

        assert shown() == [f"/admin/bulk/{begun.id}"]
        batches.work(session, begun.id, lambda item: None, most=9)
        assert shown() == []


# PostgreSQL plans by what its tables hold, which here is little.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestCost:
    def test_what_is_ready_or_unreviewed_is_found_by_index(self, session):
        publish(session, an_article(session, slug="forced"), forced="Urgent.")
        signed(session, an_article(session))
        session.commit()
        listing.ready(session, 8, MAY_DAY.date())

        with planned(db.engine) as steps:
            assert len(listing.ready(session, 8, MAY_DAY.date())) == 1
            assert len(listing.unreviewed(session, 8)) == 1

        assert set(walked(steps)) == {"SCAN edition USING INDEX ix_edition_unreviewed"}
        assert any("approved USING COVERING INDEX ix_approved_due_on" in step for step in steps)


class TestMoreThanItShows:
    def test_it_leads_to_the_lists_of_all_that_wait_or_fall_due(self, session, signed_in):
        for number in range(8):
            version = due(session, f"due-{number}", TODAY + timedelta(days=9))
            submissions.submit(session, version.entry_id, 1, by="person:ed")
            publish(session, an_article(session, slug=f"forced-{number}"), forced="Urgent.")
            signed(session, an_article(session, slug=f"ready-{number}"), due_on=TODAY + timedelta(days=9))
        session.commit()

        editor = signed_in(Role.EDITOR)
        page = BeautifulSoup(editor.get("/admin/").text, "html.parser")

        links = [link["href"] for link in page.select("p.pad a")]
        assert links == [
            f"/admin/{plural}/?{asked}"
            for asked in ("tab=waiting", "tab=approved", "due=90", "tab=unreviewed")
            for plural in ("articles", "faqs", "images")
        ]
        assert {editor.get(link).status_code for link in links} == {200}
        assert all(
            "8 articles" in editor.get(f"/admin/articles/?tab={tab}").text
            for tab in ("approved", "unreviewed")
        )
