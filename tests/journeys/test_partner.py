"""A partner's contract: made in the newsroom, lived by key, feed, JSON-LD and embed, and ended, of which each tells."""

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import feedparser
import httpx
import pytest

from content.placement import LICENSED
from tests import browser, keyboard
from tests.builders import a_live_article, a_live_faq
from tests.served import free_port, served, written

pytestmark = [pytest.mark.slow, browser.DROPPED]

PASSWORD = "four plain words here"
API = "/api/v1"
# What the partner's own server puts into its page by its key, and goes on to show while nobody answers.
SITE = '''
import http.server, sys
import httpx
port, verso, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
last = {}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A magazine</title>
<script src="%s/api/v1/embed.js" async></script><main><h1>A magazine</h1><div id="ours">%s</div>
<div id="open" data-verso-embed="%s/api/v1/faqs/open/embed/fragment">A question</div></main></html>"""
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            told = httpx.get(f"{verso}/api/v1/faqs/paid/embed/fragment", headers={"Authorization": "Bearer " + key})
            last["fragment"] = told.text
        except httpx.TransportError:
            pass
        body = (PAGE % (verso, last.get("fragment", ""), verso)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
'''
AWAY = "Failed to load resource"


@pytest.fixture
def texts(tmp_path, sqlite_template):
    """A folder with a database in which a question is for everybody, and one for partners; their ids."""
    shutil.copy(sqlite_template, tmp_path / "verso.db")
    with written(tmp_path) as session:
        article = str(a_live_article(session).entry_id)
        paid = a_live_faq(
            session,
            slug="paid",
            question="Who pays?",
            answer="The insurer does.",
            article=article,
            audience=LICENSED,
        )
        open_to_all = a_live_faq(
            session, slug="open", question="Who asks?", answer="Anybody.", article=article
        )
        return {"paid": str(paid.entry_id), "open": str(open_to_all.entry_id)}


@contextmanager
def magazine(verso, key):
    """The address of the partner's own site."""
    port = free_port()
    site = subprocess.Popen([sys.executable, "-c", SITE, str(port), verso, key])
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                httpx.get(f"http://127.0.0.1:{port}/")
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        site.kill()
        site.wait()


@pytest.fixture
def chromium():
    with browser.started() as chromium:
        yield chromium


def set_up(page, verso):
    """Add the partner in the newsroom, grant it what is licensed, and make its key; return that."""
    keyboard.sign_in(page, verso, email="admin@verso.example", password=PASSWORD)
    page.get_by_role("link", name="Partners").click()
    page.get_by_role("link", name="Add a partner").click()
    page.get_by_label("Name").fill("A magazine")
    page.get_by_label("Safety contact, day and night").fill("+49 30 112")
    page.get_by_label("Attribution").fill("With thanks to Verso.")
    page.get_by_label("To be fetched anew within (hours)").fill("24")
    page.get_by_role("button", name="Add").click()
    page.get_by_text("A magazine is added.").wait_for()
    page.get_by_role("link", name="New grant").click()
    page.get_by_label("Texts for licensed partners").check()
    page.get_by_label("FAQs").check()
    page.get_by_role("button", name="Show what it does").click()
    page.get_by_text("1 text that is public now comes into A magazine’s reach").wait_for()
    page.get_by_role("button", name="Begin this grant").click()
    page.get_by_text("The grant holds from now on.").wait_for()
    page.get_by_text("Make a key", exact=True).click()
    page.get_by_label("What it is for").fill("its site")
    page.get_by_role("button", name="Make the key and show it once").click()
    return page.get_by_label("Key").input_value()


def end(page, verso):
    """End the contract in the newsroom."""
    page.goto(f"{verso}/admin/partners/")
    page.get_by_role("link", name="A magazine").click()
    page.get_by_role("link", name="End the contract").click()
    page.get_by_text("1 text leaves A magazine’s reach at once.").wait_for()
    page.get_by_role("button", name="End the contract").click()
    page.get_by_text("It has ended.").wait_for()


def fragment(page, place, status="live"):
    """The words of a text on the magazine's page, once it has come to a status."""
    found = page.locator(f'#{place} [data-verso-status="{status}"]')
    found.wait_for()
    return found.inner_text()


class TestAContract:
    def test_it_is_made_lived_and_ended_and_every_channel_says_so(
        self, tmp_path, texts, chromium, sqlite_template
    ):
        port = free_port()
        verso = f"http://127.0.0.1:{port}"
        told = {
            "VERSO_PUBLIC_URL": verso,
            "VERSO_TRUST_MS": "0",
            "VERSO_SEED": "0",
            "VERSO_ADMIN_PASSWORD": PASSWORD,
        }
        with browser.opened(chromium) as newsroom, browser.opened(chromium, forgiven=AWAY) as reader:
            with served(tmp_path, sqlite_template, port=port, **told):
                key = set_up(newsroom, verso)
                with httpx.Client(base_url=verso, headers={"Authorization": f"Bearer {key}"}) as partner:
                    token = self.check_living(partner, verso, texts)
            with magazine(verso, key) as site:
                with served(tmp_path, sqlite_template, port=port, **told):
                    reader.goto(site)
                    self.check_shown(reader)
                # Nobody answers: the magazine shows its last copy, the browser its own.
                reader.reload()
                self.check_shown(reader)
                with served(tmp_path, sqlite_template, port=port, **told):
                    end(newsroom, verso)
                    with httpx.Client(base_url=verso, headers={"Authorization": f"Bearer {key}"}) as partner:
                        self.check_ended(partner, texts, token)
                    reader.reload()
                    assert "No longer available here" in fragment(reader, "ours", "grant_ended")
                    assert "insurer" not in reader.locator("main").inner_text()
                    assert "Anybody." in fragment(reader, "open")

    def check_living(self, partner, verso, texts):
        """The partner reads what nobody else may in each form; return the token of its copy."""
        for path in ("faqs/paid", f"faqs/{texts['paid']}.jsonld", "faqs/paid/embed/fragment"):
            assert "The insurer does." in partner.get(f"{API}/{path}").text, path
            assert httpx.get(f"{verso}{API}/{path}").status_code == 404, path
        terms = partner.get(f"{API}/partner/terms").json()
        assert (terms["attribution"], terms["refresh_within"]) == ("With thanks to Verso.", 24 * 3600)
        feed = feedparser.parse(partner.get(f"{API}/feeds/faqs.atom").content)
        assert {entry.title for entry in feed.entries} == {"Who pays?", "Who asks?"}
        copy = partner.get(f"{API}/sync").json()
        assert texts["paid"] in {one["id"] for one in copy["data"]}
        return copy["token"]

    def check_shown(self, reader):
        said = fragment(reader, "ours")
        assert "The insurer does." in said
        assert "With thanks to Verso." in said
        assert "Anybody." in fragment(reader, "open")

    def check_ended(self, partner, texts, token):
        for path in ("faqs/paid", f"faqs/{texts['paid']}.jsonld"):
            told = partner.get(f"{API}/{path}")
            assert (told.status_code, told.json()["reason"]) == (410, "grant_ended"), path
        assert partner.get(f"{API}/faqs/paid/embed/fragment").status_code == 410
        feed = partner.get(f"{API}/feeds/faqs.atom").text
        assert "insurer" not in feed
        assert f'ref="urn:uuid:{texts["paid"]}"' in feed
        changes = partner.get(f"{API}/sync", params={"since": token}).json()["data"]
        removed = {one["id"]: one["reason"] for one in changes if one["event"] == "removed"}
        assert removed == {texts["paid"]: "grant_ended"}
        # What everybody may read is left to it.
        terms = partner.get(f"{API}/partner/terms").json()
        assert [one["audiences"] for one in terms["grants"]] == [["public"]]
