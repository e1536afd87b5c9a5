"""Embeds in a real browser, on a page of another origin under a strict content policy: read, offline, old, gone."""

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest

from content import publishing, versions
from content.log import ChangeKind
from tests import browser
from tests.builders import ED, a_live_article, a_live_faq, publish, saved, signed
from tests.served import free_port, served, written

pytestmark = [pytest.mark.slow, browser.DROPPED]

# A site that lets nothing in but what an embed needs.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src {verso}; connect-src {verso}; img-src {verso}; frame-src {verso};"
    " base-uri 'none'; require-trusted-types-for 'script'; trusted-types verso"
)
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>A magazine</title>
<link rel="stylesheet" href="site.css">
<script src="{verso}/api/v1/embed.js" async></script>
</head>
<body>
<main>
<h1>A magazine</h1>
<div id="one" data-verso-embed="{verso}/api/v1/faqs/{faq}/embed/fragment">
<a href="https://clinic.example/">Does it hurt?</a></div>
<div id="list" data-verso-embed="{verso}/api/v1/embeds/faqs/fragment?article={article}&amp;sort=position">
Questions</div>
<iframe id="frame" title="Does it hurt?" src="{verso}/api/v1/faqs/{faq}/embed" width="600" height="400"></iframe>
<p id="below">What stands below.</p>
</main>
</body>
</html>
"""
# The site keeps room for what comes, so that nothing below it jumps.
STYLE = "#one { min-height: 26rem } #list { min-height: 12rem }"
SERVER = """
import functools, http.server, sys
class Handler(http.server.SimpleHTTPRequestHandler):
    def end_headers(self):
        self.send_header("Content-Security-Policy", sys.argv[3])
        self.send_header("Cache-Control", "no-store")
        super().end_headers()
handler = functools.partial(Handler, directory=sys.argv[2])
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handler).serve_forever()
"""
HOURS = 3_600_000  # milliseconds in one
# Moves the clock that pages read, and nothing else.
LATER = "const now = Date.now; Date.now = () => now() + %d;"
AWAY = "Failed to load resource"


@pytest.fixture
def texts(tmp_path, sqlite_template):
    """A folder with a database in which an article and two questions are public; their ids."""
    shutil.copy(sqlite_template, tmp_path / "verso.db")
    with written(tmp_path) as session:
        article = a_live_article(session)
        of_it = {"article": str(article.entry_id)}
        faq = a_live_faq(session, warnings=["Call *112*."], position=1, **of_it)
        other = a_live_faq(session, slug="helps", question="Does it help?", position=2, **of_it)
        return {"article": article.entry_id, "faq": faq.entry_id, "other": other.entry_id}


@contextmanager
def magazine(folder, verso, texts):
    """The address of a page of another origin, which embeds the texts."""
    port, site = free_port(), folder / "site"
    site.mkdir()
    (site / "index.html").write_text(PAGE.format(verso=verso, **texts))
    (site / "site.css").write_text(STYLE)
    (site / "favicon.ico").write_bytes(b"")
    command = [sys.executable, "-c", SERVER, str(port), str(site), POLICY.format(verso=verso)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
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
        server.kill()
        server.wait()


@pytest.fixture
def chromium():
    with browser.started() as chromium:
        yield chromium


def one(page, status="live"):
    """The one text on the page, once it has come to that."""
    found = page.locator(f'#one [data-verso-status="{status}"]')
    found.wait_for()
    return found


def closed_up(html):
    """HTML without what parts its words: a browser moves white space around `body`."""
    return "".join(html.split())


class TestEmbeds:
    def test_a_text_is_read_then_offline_then_too_old_then_gone(
        self, tmp_path, texts, chromium, sqlite_template
    ):
        port = free_port()
        verso = f"http://127.0.0.1:{port}"
        told = {"VERSO_PUBLIC_URL": verso, "VERSO_TRUST_MS": "0", "VERSO_SEED": "0"}
        with (
            magazine(tmp_path, verso, texts) as address,
            browser.opened(chromium, forgiven=AWAY) as page,
        ):
            with served(tmp_path, sqlite_template, port=port, **told):
                page.goto(address)
                assert "Often it does." in one(page).inner_text()
                self.check_reading(page, texts)
                self.check_update(page, tmp_path, texts)

            # Nobody answers any more: the last copy is shown.
            page.reload()
            assert "Never." in one(page).inner_text()
            assert "Call 112." in one(page).inner_text()
            self.check_too_old(page, address)

            with served(tmp_path, sqlite_template, port=port, **told):
                page.reload()
                one(page)
                self.check_nobody_answers(page, address)
                self.check_gone(page, tmp_path, texts)
            page.reload()
            assert "It was wrong." in one(page, "retracted").inner_text()
            assert "Never." not in page.locator("#one").inner_text()

    def test_a_browser_mends_nothing_in_what_needs_no_script(
        self, tmp_path, texts, chromium, sqlite_template
    ):
        with (
            served(tmp_path, sqlite_template, VERSO_SEED="0") as verso,
            browser.opened(chromium, forgiven=AWAY) as page,
        ):
            for path in (
                *(
                    f"{key}/embed{form}"
                    for key in ("articles/clots", "faqs/helps")
                    for form in ("", "/fragment")
                ),
                *("embeds/faqs?article=clots", "embeds/faqs/fragment?article=clots", "faqs/none/embed"),
            ):
                html = httpx.get(f"{verso}/api/v1/{path}").text
                whole = "documentElement.outerHTML" if "<html" in html else "body.innerHTML"
                read = page.evaluate(
                    f"html => new DOMParser().parseFromString(html, 'text/html').{whole}", html
                )
                assert closed_up(read) == closed_up(html.removeprefix("<!doctype html>")), path
                page.goto(f"{verso}/api/v1/{path}")
                if "<html" in html:
                    assert browser.faults(page) == [], path

    def check_reading(self, page, texts):
        """Warnings, attribution, version; by keyboard; without a fault in light and in dark; no cookie."""
        text = one(page)
        assert text.get_attribute("lang") == "en"
        assert text.get_attribute("data-verso-id") == str(texts["faq"])
        assert page.locator("#one aside[role=note]").inner_text() == "Call 112."
        said = page.locator("#one .verso-facts").inner_text()
        assert "Source: Verso" in said
        assert "Last reviewed: May 1, 2026" in said
        assert "Version: 1" in said
        folded = page.locator("#list details")
        assert folded.count() == 2
        page.locator("#list summary").first.focus()
        page.keyboard.press("Enter")
        page.locator("#list details[open]").wait_for()
        assert page.frame_locator("#frame").locator("[data-verso-status=live]").inner_text()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            # The frame is of another origin, and is looked at by itself.
            assert browser.faults(page) == [], scheme
        assert page.context.cookies() == []

    def check_update(self, page, folder, texts):
        """A new version comes while the page stands, what is open stays open, and nothing jumps when it comes."""
        with written(folder) as session:
            first = versions.latest(session, texts["faq"])
            newer = signed(session, saved(session, first, answer="Never."))
            publish(session, newer, kind=ChangeKind.CLINICAL, note="It was not so.")
        page.evaluate("dispatchEvent(new Event('verso'))")
        page.locator('#one [data-verso-version="2"]').wait_for()
        assert page.locator("#list details[open]").count() == 1
        page.reload()
        one(page)
        shifts = page.evaluate(
            """() => new Promise((done) => new PerformanceObserver((seen) => done(
                seen.getEntries().reduce((sum, shift) => sum + shift.value, 0)
            )).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => done(0), 500))"""
        )
        assert shifts < 0.1

    def check_too_old(self, page, address):
        """A copy that is older than it may be is shown no more; nor one from the future, as after a wrong clock."""
        for hours in (73, -2):
            old = page.context.new_page()
            old.add_init_script(LATER % (hours * HOURS))
            old.goto(address)
            old.locator("#one .verso-stale").wait_for()
            said = old.locator("#one").inner_text()
            assert "could not be refreshed in time" in said
            assert "Never." not in said
            assert "Source: Verso" in said
            assert browser.faults(old) == []
            old.close()

    def check_nobody_answers(self, page, address):
        """A text does not outlive its time because an answer does not come."""
        waiting = page.context.new_page()
        waiting.goto(address)
        one(waiting)
        waiting.route("**/embed/fragment*", lambda route: None)
        waiting.evaluate("dispatchEvent(new Event('verso'))")
        waiting.evaluate(LATER % (73 * HOURS))
        waiting.evaluate("dispatchEvent(new Event('verso'))")
        waiting.locator("#one .verso-stale").wait_for()
        waiting.close()

    def check_gone(self, page, folder, texts):
        """What is withdrawn, then retracted, is told in place of the text while the page stands, and aloud."""
        with written(folder) as session:
            publishing.withdraw(session, texts["faq"], note="A better one is coming.", by=ED)
        page.evaluate("dispatchEvent(new Event('verso'))")
        assert "A better one is coming." in one(page, "gone").inner_text()
        assert page.locator("#one > [role=alert]").count() == 1
        assert "Never." not in page.locator("#one").inner_text()
        assert browser.faults(page) == []
        with written(folder) as session:
            publishing.retract(session, texts["faq"], [1, 2], note="It was wrong.", by=ED)
        page.evaluate("dispatchEvent(new Event('verso'))")
        assert "It was wrong." in one(page, "retracted").inner_text()
        assert browser.faults(page) == []
        page.locator("#list details").nth(0).wait_for()
        assert page.locator("#list details").count() == 1
