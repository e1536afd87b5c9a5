"""States that no address shows, looked over by axe-core: forms refused, late or held, and what only reviewers see."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from admin import people, set_up_links
from admin.roles import Role
from content import batches, publishing
from storage import db
from tests import browser
from tests.builders import MAY_DAY, a_live_article, an_article
from tests.journeys import test_newsroom as newsroom

pytestmark = [pytest.mark.slow, browser.DROPPED]

app, site, chromium, visit = newsroom.app, newsroom.site, newsroom.chromium, newsroom.visit
pages = newsroom.pages


def a_withdrawn_article(session):
    """The id of an article that readers had."""
    live = a_live_article(session, slug="withdrawn", title="Withdrawn")
    publishing.withdraw(session, live.entry_id, by="person:ed", reason="Old.", note="Old.")
    return live.entry_id


def a_bulk_act_with_refusals(session):
    """The id of a batch, not begun, in which one text would be withdrawn and one refused."""
    ids = [a_live_article(session, slug="to-go").entry_id, an_article(session, slug="never-was").entry_id]
    ada = session.scalars(select(people.Person.id).where(people.Person.email == "ada@example.org")).one()
    return batches.choose(session, batches.Verb.WITHDRAW, "article", [ids], by=str(ada)).id


def many_sources(session):
    """More sources than a page shows."""
    sources = [{"title": f"Source {number}"} for number in range(60)]
    an_article(session, slug="rests-on-much", sources=sources)


@pytest.fixture
def states(site, pages, app):
    """What leads a page into each state that no address shows: refused, late, held, and what only reviewers see."""
    with app.app_context():
        session = db.session()
        reed = people.add(session, email="reed@example.org", name="Reed", roles={Role.REVIEWER}, now=MAY_DAY)
        people.set_password(session, reed, newsroom.PASSWORD)
        link = set_up_links.make(session, reed, now=datetime.now(UTC))
        session.commit()
    article = next(path for path in pages if path.startswith("/admin/articles/0"))
    entry = article.replace("articles", "entries")

    def go(page, path, button=None, **fields):
        page.goto(f"{site}{path}")
        for label, words in fields.items():
            page.get_by_label(label, exact=True).first.fill(words)
        if button:
            with page.expect_navigation():
                page.get_by_role("button", name=button, exact=True).first.click()

    def late(page):
        # A type of which no state before left words: this page would show those first.
        page.goto(f"{site}/admin/topics/new")
        page.get_by_label("Name", exact=True).fill("Late")
        page.context.clear_cookies(name="verso_newsroom")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Nothing you typed is lost").wait_for()

    def late_and_back(page):
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Sign in in another tab").click()
        newsroom.sign_in(opened.value)
        opened.value.get_by_role("heading", name="Desk").wait_for()
        opened.value.close()
        page.get_by_role("button", name="Send again").click()
        page.get_by_text("Nothing you typed is lost").wait_for()

    def held(page):
        page.goto(f"{site}{article}")
        page.route("**/admin/autosaves/*", lambda route: route.fulfill(status=413))
        newsroom.write_over(page, "Words that are not taken.")
        page.get_by_text("Not autosaved: the newsroom did not take it.").wait_for()
        page.goto(f"{site}{article}")
        page.get_by_role("region", name="Held by this browser").wait_for()
        page.unroute("**/admin/autosaves/*")

    def for_a_reviewer(page):
        page.context.clear_cookies()
        page.goto(f"{site}/admin/")
        newsroom.sign_in(page, "reed@example.org")
        page.goto(f"{site}{entry}/review")
        page.get_by_role("group", name="Pictures that you sign with it").wait_for()

    return {
        "a refused text": lambda page: go(page, "/admin/articles/new", "Save"),
        "a refused picture": lambda page: go(page, "/admin/images/new", "Save"),
        "a refused publication": lambda page: go(
            page, f"{entry}/publish", "Publish without a review", Reason="It cannot wait."
        ),
        "a refused person": lambda page: go(
            page, "/admin/people/new", "Add and show the set-up link", Name="Ada", Email="ada@example.org"
        ),
        "a page that is not there": lambda page: go(page, "/admin/nothing"),
        "a link that is spent": lambda page: go(page, "/admin/set-up/spent"),
        "a link to set up an account": lambda page: go(page, f"/admin/set-up/{link}"),
        "words held by the browser": held,
        "a form that comes late": late,
        "the same, signed in again": late_and_back,
        "the form to sign, with its pictures": for_a_reviewer,
        "the desk of a reviewer": lambda page: go(page, "/admin/"),
    }


@pytest.fixture
def refusals(site, app):
    """What leads a page to an act that comes back with why it was refused, or what it would do."""
    with app.app_context():
        session = db.session()
        gone, bulk = a_withdrawn_article(session), a_bulk_act_with_refusals(session)
        many_sources(session)
        session.commit()

    def sent(page, path, button, said):
        """Send a form that lacks what is required, as a browser does that asks for nothing."""
        page.goto(f"{site}{path}")
        page.locator("main form").last.evaluate("form => (form.noValidate = true)")
        page.get_by_role("button", name=button, exact=True).click()
        page.locator("main").get_by_text(said).first.wait_for()

    def another_zone(page):
        page.goto(f"{site}/admin/account")
        page.get_by_label("Time zone").evaluate("one => (one.selectedOptions[0].value = 'Moon/Base')")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("is none that is known").wait_for()

    def next_sources(page):
        page.goto(f"{site}/admin/sources/")
        page.get_by_role("link", name="Next").click()
        page.get_by_role("link", name="First page").wait_for()

    def withdrawal_of_many(page):
        page.goto(f"{site}/admin/bulk/{bulk}")
        page.get_by_role("region", name="What would fail, and why").wait_for()

    there = f"/admin/entries/{gone}/reinstate"
    return {
        "a text that may come back": lambda page: page.goto(f"{site}{there}"),
        "what would come back": lambda page: sent(
            page, there, "Show what it does", "What this does for readers"
        ),
        "a return without a reason": lambda page: sent(page, there, "Reinstate", "A reason is needed"),
        "many of which some would fail": withdrawal_of_many,
        "many that are refused": lambda page: sent(
            page, f"/admin/bulk/{bulk}", "Withdraw", "is required; it stays inside"
        ),
        "a time zone that is none": another_zone,
        "a further page of sources": next_sources,
    }


class TestEveryState:
    @pytest.mark.parametrize("look", browser.LOOKS)
    def test_it_is_fit_for_everybody(self, chromium, site, states, refusals, look):
        refused = "the server responded with a status of 4"
        with visit(chromium, site, forgiven=refused, **browser.LOOKS[look]) as page:
            page.on("dialog", lambda dialog: dialog.accept())
            found = {}
            for name, lead in {**refusals, **states}.items():
                lead(page)
                found[name] = browser.faults(page)

        told = [f"{name}: {wrong}" for name, all_wrong in found.items() for wrong in all_wrong]
        assert not told, "\n".join(told)
