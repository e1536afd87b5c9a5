"""One act for more than a hundred entries in a real browser: chosen by a filter, watched, and what failed looked up."""

from datetime import UTC, datetime, timedelta

import pytest

from content import schedule, versions
from content.log import State
from content.standings import standings
from storage import db
from tests import browser, keyboard
from tests.builders import a_live_article, an_article, signed
from tests.journeys import test_newsroom as newsroom
from tests.keyboard import fill, go_to, press

pytestmark = [pytest.mark.slow, browser.DROPPED]

app, site, chromium, visit = newsroom.app, newsroom.site, newsroom.chromium, newsroom.visit
MANY = 120


@pytest.fixture
def ada(chromium, site):
    """A page on which Ada is signed in, and who goes where she is told."""
    with visit(chromium, site) as page:
        page.to = lambda path: page.goto(f"{site}{path}")
        yield page


@pytest.fixture
def session(app):
    with app.app_context():
        yield db.session()


def many(session, make):
    """The ids of many articles that bear a tag, among others that do not."""
    made = [
        make(session, slug=f"s-{number}", title=f"Article {number}", body=f"Words {number}.", tags=["legs"])
        for number in range(MANY)
    ]
    an_article(session, slug="other", title="Bears no tag")
    session.commit()
    return [version.entry_id for version in made]


def ask(page, deed, count):
    """Filter the list by the tag, choose all that match, and say what is to be done."""
    page.to("/admin/articles/")
    page.get_by_label("Tag", exact=True).select_option("legs")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_label(f"All {count} that match, instead of those ticked").check()
    page.get_by_label("What to do").select_option(label=deed)
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name=f"{deed}: {count} articles").wait_for()


def finished(page):
    """Watch it until it is done; every stand that the page told on the way."""
    bar, told = page.get_by_role("progressbar", name="How far it has come"), set()
    end = page.get_by_role("heading", name="Finished")
    while not end.is_visible():
        told.add(bar.get_attribute("value"))
        page.wait_for_timeout(50)
    return told


class TestByKeyboardAlone:
    def test_two_are_chosen_foreseen_begun_and_told(self, chromium, site, session):
        good = signed(session, an_article(session, slug="good", title="Signed"))
        bad = an_article(session, slug="bad", title="Not signed", body="Other words.")
        session.commit()

        with browser.opened(chromium) as page:
            keyboard.sign_in(page, site, email="ada@example.org", password=newsroom.PASSWORD)
            press(page, "link", "Articles")
            for title in ("Not signed", "Signed"):
                go_to(page, page.get_by_role("checkbox", name=f"Choose {title}", exact=True))
                page.keyboard.press("Space")
            go_to(page, page.get_by_label("What to do"))
            page.keyboard.type("Publish")
            press(page, "button", "Go on")

            foreseen = page.get_by_role("region", name="What this does for readers")
            foreseen.get_by_text("becomes public").wait_for()
            refused = page.get_by_role("region", name="What would fail, and why")
            assert refused.get_by_role("link", name="Not signed", exact=True).count() == 1
            assert refused.get_by_role("link", name="Review of Not signed").count() == 1
            fill(page, "Public note optional", "New.")
            press(page, "button", "Publish")

            page.get_by_role("heading", name="Finished").wait_for()
            page.get_by_text("1 done, 1 failed.").wait_for()
            failed = page.get_by_role("region", name="What failed, and why")
            failed.get_by_text("no review of this very text holds").wait_for()
            press(page, "link", "Not signed")
            page.get_by_role("heading", name="Not signed").wait_for()

        session.rollback()
        assert [standings(session, [one.entry_id])[one.entry_id].state for one in (good, bad)] == [
            State.LIVE,
            State.DRAFT,
        ]


class TestMany:
    def test_all_that_a_filter_finds_are_published_and_what_failed_is_told_and_mended(self, ada, session):
        ids = many(session, lambda session, **values: signed(session, an_article(session, **values)))
        unsigned = ids[70], ids[110]
        for entry_id in unsigned:
            newest = versions.latest(session, entry_id)
            changed = {**newest.values, "body": "Words that nobody has signed."}
            versions.save(session, entry_id, changed, based_on=1, by="person:ed")
        session.commit()

        ask(ada, "Publish", MANY)
        ada.get_by_label("Public note").fill("New.")
        ada.get_by_role("button", name="Publish").click()
        told = finished(ada)

        assert len(told) > 1, told
        ada.get_by_text(f"{MANY - 2} done, 2 failed.").wait_for()
        failed = ada.get_by_role("region", name="What failed, and why")
        for title in ("Article 70", "Article 110"):
            assert failed.get_by_role("link", name=title, exact=True).count() == 1
        assert failed.get_by_text("no review of this very text holds").count() == 2
        session.rollback()
        assert {one.state for one in standings(session, ids).values()} == {State.LIVE, State.DRAFT}
        assert [standings(session, [one])[one].state for one in unsigned] == [State.DRAFT] * 2

        failed.get_by_role("link", name="Article 110", exact=True).click()
        ada.get_by_label("Title", exact=True).first.wait_for()
        assert ada.get_by_label("Title", exact=True).first.input_value() == "Article 110"
        ada.to("/admin/articles/")
        ada.get_by_role("link", name="Your bulk acts").click()
        ada.get_by_role("link", name="Publish, Articles").click()
        ada.get_by_role("heading", name="What failed, and why").wait_for()

    def test_all_are_redirected_to_one(self, ada, session):
        one = a_live_article(session, slug="one", title="The one").entry_id
        ids = many(session, a_live_article)

        ask(ada, "Withdraw", MANY)
        ada.get_by_role("radio", name="Redirected").check()
        ada.locator("#target_entry-ts-control").fill("The one")
        ada.locator("#target_entry-ts-dropdown").get_by_text("The one", exact=True).click()
        ada.get_by_label("Public note").fill("Read The one instead.")
        ada.get_by_label("Reason").fill("Doubles.")
        ada.get_by_role("button", name="Withdraw").click()
        finished(ada)

        ada.get_by_text(f"{MANY} done, 0 failed.").wait_for()
        session.rollback()
        stands = standings(session, ids).values()
        assert {(stand.state, stand.target) for stand in stands} == {(State.REDIRECTED, str(one))}

    def test_all_are_tagged(self, ada, session):
        many(session, an_article)

        ask(ada, "Tag", MANY)
        ada.get_by_label("Tag", exact=True).fill("veins")
        ada.get_by_role("button", name="Tag").click()
        finished(ada)

        ada.get_by_text(f"{MANY} done, 0 failed.").wait_for()
        ada.to("/admin/articles/?tag=veins")
        ada.get_by_text(f"{MANY} articles").wait_for()

    def test_all_are_submitted(self, ada, session):
        many(session, an_article)

        ask(ada, "Submit for review", MANY)
        ada.get_by_label("Message to the reviewers").fill("By Friday, please.")
        ada.get_by_role("button", name="Submit for review").click()
        finished(ada)

        ada.get_by_text(f"{MANY} done, 0 failed.").wait_for()
        ada.to("/admin/articles/?tab=waiting")
        ada.get_by_text(f"{MANY} articles").wait_for()

    def test_all_are_put_on_the_schedule(self, ada, session):
        ids = many(session, lambda session, **values: signed(session, an_article(session, **values)))
        due = (datetime.now(UTC) + timedelta(days=2)).replace(second=0, microsecond=0)

        ask(ada, "Schedule publication", MANY)
        ada.get_by_label("Moment").fill(f"{due:%Y-%m-%dT%H:%M}")
        ada.get_by_role("button", name="Schedule publication").click()
        finished(ada)

        ada.get_by_text(f"{MANY} done, 0 failed.").wait_for()
        session.rollback()
        assert {one.entry_id for one in schedule.waiting(session, MANY + 1) if one.due_at == due} == set(ids)
