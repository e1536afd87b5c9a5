"""The documentation's page in a real browser: a call is found, tried by keyboard alone, and read by everybody."""

import re
import threading

import pytest
from werkzeug.serving import make_server

from app import create_app
from storage import db
from tests import browser
from tests.builders import a_live_article

pytestmark = [pytest.mark.slow, browser.DROPPED]


@pytest.fixture(scope="module")
def site(sqlite_template, tmp_path_factory):
    """The address of an app in which one article is public, in another language than the installation's own."""
    folder = tmp_path_factory.mktemp("documentation")
    (folder / "verso.db").write_bytes(sqlite_template.read_bytes())
    app = create_app({"DATABASE_URL": f"sqlite:///{folder}/verso.db", "VERSO_VAR": str(folder)})
    app.testing = True
    with app.app_context():
        a_live_article(db.session(), locale="de")
        db.session.remove()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def chromium():
    with browser.started() as chromium:
        yield chromium


def typed(page, keys):
    """Press one key after the other."""
    for key in keys:
        page.keyboard.press(key)


class TestDocumentation:
    def test_it_lets_a_call_be_tried_by_keyboard(self, chromium, site):
        with browser.opened(chromium) as page:
            page.goto(f"{site}/api/v1/docs")
            page.get_by_label("Find a call").focus()
            page.keyboard.type("articles read one by its slug")
            call = page.locator("details", has=page.get_by_text("/api/v1/articles/{key}", exact=True))
            typed(page, ["Tab", "Enter"])
            call.get_by_label("key (required)").wait_for()
            # Imported here, as the browser is: without one this test is skipped.
            from playwright.sync_api import expect

            key = call.get_by_label("key (required)")
            expect(key).to_have_value(re.compile("^[0-9a-f-]{36}$"))
            call.get_by_label("as_of").focus()
            page.keyboard.type("1")
            typed(page, ["Enter"])

            call.get_by_text("200 OK in").wait_for()
            assert "verso-sequence: 1" in call.locator("[data-headers]").inner_text()
            assert '"title": "Clots in the leg"' in call.locator("[data-body]").inner_text()
            address = f"{site}/api/v1/articles/{key.input_value()}?as_of=1"
            assert call.locator("[data-curl]").inner_text() == f"curl -i '{address}'"

    def test_it_shows_a_problem_like_any_answer(self, chromium, site):
        with browser.opened(chromium, forgiven="422") as page:
            page.goto(f"{site}/api/v1/docs")
            call = page.locator("details", has=page.get_by_text("/api/v1/articles", exact=True))
            call.locator("summary").click()
            call.get_by_label("limit").fill("1000")
            call.get_by_role("button", name="Ask this server").click()

            call.get_by_role("status").get_by_text("422 ").wait_for()
            assert '"pointer": "/limit"' in call.locator("[data-body]").inner_text()

    @pytest.mark.parametrize("look", browser.LOOKS)
    def test_it_is_fit_for_everybody(self, chromium, site, look):
        with browser.opened(chromium, **browser.LOOKS[look]) as page:
            page.goto(f"{site}/api/v1/docs")
            found = browser.faults(page)
            call = page.locator("details", has=page.get_by_text("/api/v1/articles", exact=True))
            call.locator("summary").click()
            call.get_by_role("button", name="Ask this server").click()
            call.get_by_role("status").get_by_text("200 ").wait_for()
            found += browser.faults(page)

        assert not found, "\n".join(found)
