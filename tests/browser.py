"""A real browser for the journeys: how it is started, what it complains of, and what axe-core finds on a page."""

import os
import signal
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from settings import ROOT
from tests.machine import chromium_path, need

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BUILT = ROOT / "admin" / "static" / "built" / "newsroom.js"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 390, "height": 844}},
}
# A browser that leaves a page drops what it was still loading; the server's file is closed by the collector.
DROPPED = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@contextmanager
def started():
    """The installed Chromium."""
    need("chromium")
    assert BUILT.exists(), "the front-end files are missing: make build"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def at_home(home):
    """A page in a browser that keeps all it knows in `home`; it may be killed meanwhile."""
    need("chromium")
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            str(home), executable_path=chromium_path(), args=FLAGS
        )
        yield context.new_page()
        with suppress(Error):
            context.close()


def kill(home):
    """End at once every process of the browser that lives in `home`."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if f"--user-data-dir={home}".encode() in (process / "cmdline").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)


@contextmanager
def opened(browser, *, forgiven="nothing", **how):
    """A page in a context of its own; whatever the browser complains of fails the test, but what is forgiven."""
    context = browser.new_context(**how)
    page = context.new_page()
    complaints = []
    page.on(
        "console",
        lambda said: complaints.append(f"{page.url}: {said.text}") if said.type == "error" else None,
    )
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    yield page
    context.close()
    left = [said for said in complaints if forgiven not in said]
    assert left == [], left


def faults(page):
    """What axe-core finds on the page as it stands, and whether anything sticks out of it sideways."""
    # A page that has only just come may have its words and not yet its style.
    page.wait_for_load_state()
    # axe is put in by the debugger's door, which a content policy does not guard.
    page.evaluate(AXE.read_text())
    answer = page.evaluate("rules => axe.run(document, rules)", RULES)
    found = [
        f"{one['id']}: {node['html']} {node['failureSummary']}"
        for one in answer["violations"]
        for node in one["nodes"]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return found + ([f"{wide} pixels too wide"] if wide > 0 else [])
