"""The example site in a real browser: it reads by sync, works without the server, and takes down what was retracted."""

import re
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import date

import httpx
import pytest

from content import publishing
from content.versions import latest
from settings import ROOT
from tests import browser
from tests.builders import ED, a_live_article, a_live_faq, a_live_image, an_article, publish, saved, signed
from tests.served import free_port, served, written

pytestmark = [pytest.mark.slow, browser.DROPPED]

SITE = ROOT / "docs" / "example-site"
LINES = 300
# What the browser itself says of a server that it cannot reach.
AWAY = "Failed to load resource"
FURTHER_PAGES = re.compile(r"/sync\?.*cursor=")
SINCE = re.compile(r"/sync\?.*since=")


@pytest.fixture
def folder(tmp_path, sqlite_template):
    """A folder with a database in which an article and its question are public."""
    shutil.copy(sqlite_template, tmp_path / "verso.db")
    with written(tmp_path) as session:
        article = a_live_article(
            session, title="Stockings help", slug="stockings", body="Knee-high is *enough*."
        )
        a_live_faq(session, article=str(article.entry_id), warnings=["Call at once."])
    return tmp_path


@pytest.fixture
def aspirin(folder):
    """The id of an article that will turn out to be wrong."""
    with written(folder) as session:
        return a_live_article(session, title="Take aspirin", slug="aspirin", body="Take one.").entry_id


@contextmanager
def site(folder, verso):
    """The address at which the site is served as its README says, pointed to a Verso."""
    port = free_port()
    made = shutil.copytree(SITE, folder / "site")
    page = (made / "index.html").read_text()
    assert page.count("http://localhost:8000") == 3
    (made / "index.html").write_text(page.replace("http://localhost:8000", verso))
    command = [
        sys.executable,
        "-m",
        "http.server",
        str(port),
        "--bind",
        "127.0.0.1",
        "--directory",
        str(made),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_served(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def two_tabs(folder, sqlite_template):
    """Two tabs of one browser, in which the site is open."""
    with (
        browser.started() as chromium,
        browser.opened(chromium, service_workers="block") as page,
        served(folder, sqlite_template, VERSO_SEED="0") as verso,
        site(folder, verso) as address,
    ):
        tabs = page, page.context.new_page()
        for tab in tabs:
            tab.goto(address)
        yield tabs


def with_pages_of_one(folder):
    """Have the site in a folder walk through sync one entry at a time."""
    script = folder / "site" / "copy.js"
    assert script.read_text().count("limit=100") == 1
    script.write_text(script.read_text().replace("limit=100", "limit=1"))


def before_the_next_page(page, deed):
    """Do a deed once, before the next page but the first of a walk through sync is read."""

    def read_on(route):
        deed()
        route.continue_()

    page.route(FURTHER_PAGES, read_on, times=1)


def refreshed(tab):
    """Have a tab of the site bring its copy up to date, and wait until it says so."""
    tab.evaluate("document.querySelector('#age').textContent = ''; dispatchEvent(new Event('online'))")
    tab.get_by_text("These texts are as they were").wait_for()


def wait_until_served(address):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            return httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("it never served")


class TestExampleSite:
    def test_it_is_small(self):
        assert sum(len(path.read_text().splitlines()) for path in SITE.iterdir()) < LINES

    def test_it_reads_works_offline_and_takes_down_what_was_retracted(self, folder, aspirin, sqlite_template):
        port = free_port()
        verso = f"http://127.0.0.1:{port}"
        with browser.started() as chromium, browser.opened(chromium, forgiven=AWAY) as page:
            with served(folder, sqlite_template, port=port, VERSO_SEED="0"), site(folder, verso) as address:
                page.goto(address)
                page.get_by_role("link", name="Take aspirin").wait_for()
                page.get_by_role("link", name="Stockings help").click()
                page.get_by_role("heading", name="Stockings help").wait_for()
                assert browser.faults(page) == []
                page.evaluate("navigator.serviceWorker.ready.then(() => true)")
                assert page.locator("article em").inner_text() == "enough"

            page.reload()
            page.get_by_text("The server cannot be reached now.").wait_for()
            page.goto(f"{address}index.html")
            page.get_by_role("link", name="Stockings help").click()
            page.get_by_text("Does it hurt?").click()
            assert page.get_by_text("Call at once.").is_visible()
            page.get_by_label("Search").fill("aspirin")
            page.get_by_role("link", name="Take aspirin").wait_for()
            assert page.get_by_role("listitem").count() == 1

            with written(folder) as session:
                publishing.retract(session, aspirin, [1], note="Aspirin does not help.", by=ED)
            with served(folder, sqlite_template, port=port, VERSO_SEED="0"):
                page.get_by_label("Search").fill("")
                page.evaluate("dispatchEvent(new Event('online'))")
                page.get_by_text("Aspirin does not help.").wait_for()
                assert page.get_by_role("listitem").count() == 1
                page.get_by_role("link", name="Take aspirin").click()
                page.get_by_text("retracted on").wait_for()
                assert "Take one." not in page.content()
                assert "Take one." not in page.evaluate(KEPT)

    def test_each_of_two_tabs_shows_what_their_copy_holds(self, folder, aspirin, sqlite_template):
        with two_tabs(folder, sqlite_template) as (page, other):
            for tab in (page, other):
                tab.get_by_role("link", name="Take aspirin").click()
                tab.get_by_text("Take one.").wait_for()
            with written(folder) as session:
                publishing.retract(session, aspirin, [1], note="Aspirin does not help.", by=ED)

            for tab in (page, other):
                refreshed(tab)
                assert "Aspirin does not help." in tab.locator("main").inner_text()
                assert "Take one." not in tab.content()

    def test_an_answer_that_comes_late_brings_nothing_back_that_another_tab_took_down(
        self, folder, aspirin, sqlite_template
    ):
        with two_tabs(folder, sqlite_template) as (page, other):
            for tab in (page, other):
                tab.get_by_role("link", name="Take aspirin").wait_for()
                tab.get_by_text("These texts are as they were").wait_for()
            with written(folder) as session:
                publish(session, signed(session, saved(session, latest(session, aspirin), body="Take two.")))

            late = []
            page.route(SINCE, lambda route: late.append((route, route.fetch())), times=1)
            page.evaluate("dispatchEvent(new Event('online'))")
            while not late:
                page.wait_for_timeout(50)
            with written(folder) as session:
                publishing.retract(session, aspirin, [2], note="Aspirin does not help.", by=ED)
            refreshed(other)
            assert "Aspirin does not help." in other.locator("main").inner_text()

            route, answer = late[0]
            assert "Take two." in answer.text()
            route.fulfill(response=answer)
            page.get_by_text("Aspirin does not help.").wait_for()
            assert "Take two." not in page.evaluate(KEPT)

    def test_what_did_not_change_stays_as_its_reader_has_it(self, folder, sqlite_template):
        with (
            browser.started() as chromium,
            browser.opened(chromium, service_workers="block") as page,
            served(folder, sqlite_template, VERSO_SEED="0") as verso,
            site(folder, verso) as address,
        ):
            page.goto(address)
            page.get_by_role("link", name="Stockings help").click()
            page.get_by_text("Does it hurt?").click()
            page.get_by_text("Call at once.").wait_for()
            stood = page.evaluate(STATE)
            with written(folder) as session:
                a_live_article(session, title="Later", slug="later")

            refreshed(page)
            assert page.evaluate(STATE) != stood
            assert page.get_by_text("Call at once.").is_visible()

    def test_it_takes_down_what_is_retracted_while_the_pages_are_walked(
        self, folder, aspirin, sqlite_template
    ):
        def retract():
            with written(folder) as session:
                publishing.retract(session, aspirin, [1, 2], note="Aspirin does not help.", by=ED)

        with (
            browser.started() as chromium,
            browser.opened(chromium, service_workers="block") as page,
            served(folder, sqlite_template, VERSO_SEED="0") as verso,
            site(folder, verso) as address,
        ):
            with_pages_of_one(folder)
            page.goto(address)
            page.get_by_role("link", name="Take aspirin").wait_for()
            with written(folder) as session:
                a_live_article(session, title="Later", slug="later")
                publish(session, signed(session, saved(session, latest(session, aspirin), body="Take two.")))

            before_the_next_page(page, retract)
            page.evaluate("dispatchEvent(new Event('online'))")
            page.get_by_text("Aspirin does not help.").wait_for()
            assert page.get_by_role("link", name="Later").count() == 1
            assert "Take" not in page.evaluate(KEPT)

            # The next walk tells of it once more, by then of what this copy has no more.
            page.evaluate("dispatchEvent(new Event('online'))")
            page.get_by_role("link", name="Take aspirin").click()
            page.get_by_text("retracted on").wait_for()

    def test_it_tells_no_age_of_a_copy_that_could_not_be_made_anew(self, folder, sqlite_template):
        with (
            browser.started() as chromium,
            browser.opened(chromium, forgiven=AWAY, service_workers="block") as page,
            served(folder, sqlite_template, VERSO_SEED="0") as verso,
            site(folder, verso) as address,
        ):
            page.goto(address)
            page.get_by_role("link", name="Stockings help").wait_for()
            page.get_by_text("These texts are as they were").wait_for()
            stood = page.evaluate(STATE)
            with written(folder) as session:
                a_live_article(session, title="Later", slug="later")
            page.route(
                SINCE,
                lambda route: route.fulfill(status=410, headers={"Access-Control-Allow-Origin": "*"}),
            )
            page.route(re.compile(r"/sync\?limit=100$"), lambda route: route.abort())

            page.evaluate("dispatchEvent(new Event('online'))")
            page.get_by_text("The server cannot be reached now.").wait_for()
            assert page.evaluate(STATE) == stood

            page.unroute(re.compile(r"/sync\?limit=100$"))
            page.evaluate("dispatchEvent(new Event('online'))")
            page.get_by_role("link", name="Later").wait_for()
            assert page.evaluate(STATE) != stood

    def test_it_shows_the_pictures_of_texts(self, folder, sqlite_template):
        with written(folder) as session:
            image = a_live_image(session).entry_id
            body = f"It is here:\n\n![A foot](/api/v1/images/{image})"
            a_live_article(session, title="With pictures", slug="pictures", image=str(image), body=body)

        with (
            browser.started() as chromium,
            browser.opened(chromium, service_workers="block") as page,
            served(folder, sqlite_template, VERSO_SEED="0") as verso,
            site(folder, verso) as address,
        ):
            page.goto(address)
            page.get_by_role("link", name="With pictures").click()
            page.get_by_role("heading", name="With pictures").wait_for()
            assert browser.faults(page) == []
            shown = page.locator("main img")
            for one in shown.all():
                one.scroll_into_view_if_needed()
                assert one.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 0
            assert shown.count() == 2

    def test_it_tells_of_overdue_reviews_and_two_languages_apart(self, folder, sqlite_template):
        with written(folder) as session:
            german = an_article(
                session, locale="de", title="Strümpfe helfen", slug="stockings", body="Bis zum Knie."
            )
            publish(session, signed(session, german, due_on=date(2026, 6, 1)))

        with (
            browser.started() as chromium,
            browser.opened(chromium) as page,
            served(
                folder, sqlite_template, VERSO_SEED="0", VERSO_ON_REVIEW_DUE="article:banner,faq:banner"
            ) as verso,
            site(folder, verso) as address,
        ):
            page.goto(address)
            page.get_by_role("link", name="Strümpfe helfen").click()
            page.get_by_role("heading", name="Strümpfe helfen").wait_for()
            assert page.locator("aside").count() == 1

            page.go_back()
            page.get_by_role("link", name="Stockings help").click()
            page.get_by_role("heading", name="Stockings help").wait_for()
            assert page.locator("article em").inner_text() == "enough"


# All that the browser keeps of the texts.
KEPT = """() => new Promise((resolve) => {
  indexedDB.open("verso").onsuccess = ({target}) => {
    const request = target.result.transaction("entries").objectStore("entries").getAll();
    request.onsuccess = () => resolve(JSON.stringify(request.result));
  };
})"""

# Since when, and by which token.
STATE = """() => new Promise((resolve) => {
  indexedDB.open("verso").onsuccess = ({target}) => {
    const request = target.result.transaction("state").objectStore("state").get("copy");
    request.onsuccess = () => resolve(JSON.stringify(request.result));
  };
})"""
