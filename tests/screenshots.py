"""The screenshots of docs/newsroom.md: a newsroom at work, each of its pages looked at in Chromium.

Run as `make screenshots` or `python -m tests.screenshots`; it writes the pictures and the page that shows them. The
texts are the shipped ones, and who works there is made up.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import flask_migrate
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

import seeds
from app import create_app
from settings import ROOT
from storage import db
from tests import browser
from tests.newsroom_at_work import PASSWORD, Scene, played

PAGE = ROOT / "docs" / "newsroom.md"
FOLDER = ROOT / "docs" / "images" / "newsroom"
SIZE = {"width": 1280, "height": 800}
MEANT = "Failed to load resource"  # a clash answers so, and a bulk act that is held
BEGINNING = """\
# The newsroom, page by page

What an editor sees, in the light look at 1280 pixels; every page also has a dark look and fits a telephone. Remade by
`make screenshots`.
"""


def open_quietly(page: Page, address: str) -> None:
    """Open a page, and wait until all of it has come."""
    page.goto(address, wait_until="networkidle")


def signed_out(page: Page, address: str) -> None:
    """Open a page as somebody who has not signed in, in the same window."""
    kept = page.context.cookies()
    page.context.clear_cookies()
    open_quietly(page, address)
    page.context.add_cookies([{**one} for one in kept])  # type: ignore[typeddict-item]


def halfway(page: Page, address: str) -> None:
    """Open a bulk act that goes on while its page is open, and hold it where it stands."""
    page.route("**/step", lambda route: route.abort())
    open_quietly(page, address)
    page.unroute("**/step")


def clashing(page: Page, address: str) -> None:
    """Save a text over what somebody else saved meanwhile, in the same place."""
    with page.context.expect_page() as opened:
        page.evaluate("open('about:blank')")
    other = opened.value
    for one in (page, other):
        open_quietly(one, address)
    for one, words in ((page, "for a fortnight"), (other, "for ten days")):
        one.locator(".editor .cm-content").focus()
        one.keyboard.press("Control+End")
        one.keyboard.insert_text(f"\n\nWear them {words} after a flight.")
    for one, told in ((other, "Saved as version"), (page, "changed by both")):
        one.keyboard.press("Control+s")
        one.get_by_text(told).first.wait_for()
    other.close()


@dataclass(frozen=True)
class Shot:
    """One page: its picture's name, its heading here, where it is, and what one does there.

    `lead` brings the browser to what is shown, where the address alone does not.
    """

    name: str
    heading: str
    address: str
    sentence: str
    lead: Callable[[Page, str], None] = open_quietly


def shots(scene: Scene) -> list[Shot]:
    """Return every page of the newsroom, in the order in which an editor comes to it."""
    entry = f"/admin/entries/{scene.article}"
    topic = f"/admin/entries/{scene.topic}"
    cited = urlencode({"source": scene.source})
    return [
        Shot(
            "sign-in",
            "Signing in",
            "/admin/login",
            "An address and a password; a lost one is set anew by a link from an administrator.",
            signed_out,
        ),
        Shot("desk", "Desk", "/admin/", "What waits for you, what is due and what was written last."),
        Shot(
            "list",
            "A list",
            "/admin/articles/",
            "Every article, with where it stands and what is ahead of it.",
        ),
        Shot(
            "filters",
            "Saved filters",
            "/admin/filters/",
            "What is asked of the lists again and again, under a name, for oneself or for all.",
        ),
        Shot(
            "bulk-asked",
            "Many at once",
            f"/admin/bulk/{scene.asked}",
            "What it would do for readers, which would fail and why, before anything is done.",
        ),
        Shot(
            "bulk",
            "Many at once, under way",
            f"/admin/bulk/{scene.begun}",
            "Each is done by itself; what fails is listed with the reason, and stops none of the others.",
            halfway,
        ),
        Shot(
            "writing",
            "Writing",
            f"/admin/articles/{scene.article}",
            "Markdown beside what readers will see, checks that lead to their line, and what colleagues say.",
        ),
        Shot(
            "faq", "An FAQ", f"/admin/faqs/{scene.faq}", "A question with its short answer and the whole one."
        ),
        Shot(
            "from-text",
            "New from text",
            "/admin/from-text",
            "A blog text, pasted or uploaded, is shown as what it would become before anything is made.",
        ),
        Shot(
            "clash",
            "A clash",
            f"/admin/articles/{scene.draft}",
            "Two changed one place, or moved the same words to two: base, theirs and mine, with a choice for each; all "
            "else is put together by the save, which tells with which version it was.",
            clashing,
        ),
        Shot(
            "review",
            "Review",
            f"{entry}/review",
            "The very text, what changed in it, comments and the signature, which a reviewer can take back.",
        ),
        Shot(
            "publish",
            "Publishing",
            f"{entry}/publish",
            "What changes for readers, here and wherever else the text is shown, and then one button.",
        ),
        Shot(
            "withdraw",
            "Withdrawing",
            f"{entry}/withdraw",
            "What becomes of the address, which texts link it in their words, and a public reason.",
        ),
        Shot(
            "reinstate",
            "Reinstating",
            f"/admin/entries/{scene.withdrawn}/reinstate",
            "What was withdrawn comes back, in the version that is chosen.",
        ),
        Shot(
            "history",
            "History",
            f"{entry}/history",
            "Versions, reviews, comments and what became public, on one time line.",
        ),
        Shot(
            "diff",
            "Comparing",
            f"{entry}/diff",
            "Any two versions, as readers see them and as they were typed.",
        ),
        Shot(
            "on-day",
            "A day",
            f"{entry}/on?day={scene.day}",
            "What was public on a day, with the pictures and the names of that day.",
        ),
        Shot("preview", "Previews", f"{entry}/preview", "A link for one draft that ends and can be revoked."),
        Shot("topics", "Topics", "/admin/topics/", "A tree; lists of a topic hold what is filed below it."),
        Shot(
            "uses",
            "Where used",
            f"{topic}/uses",
            "What bears a topic, and what renaming or merging it would do.",
        ),
        Shot(
            "rename",
            "Renaming",
            f"{topic}/rename?name=Veins+and+arteries&slug=veins-and-arteries",
            "How many texts show the new name, and where the old address leads.",
        ),
        Shot(
            "merge",
            "Merging",
            f"{topic}/merge?into={scene.other_topic}",
            "Which texts go over to the other topic, and which wait for somebody.",
        ),
        Shot(
            "images",
            "Pictures",
            "/admin/images/",
            "Every picture with its words; each is also uploaded where it is used.",
        ),
        Shot(
            "image",
            "A picture",
            f"/admin/images/{scene.image}",
            "Drawn anew from what was uploaded, with words for those who do not see it; other words must be signed.",
        ),
        Shot(
            "embed",
            "Showing a text elsewhere",
            f"/admin/entries/{scene.faq}/embed",
            "The lines by which another site shows it, and the very embed that they bring.",
        ),
        Shot("tags", "Tags", "/admin/tags/", "Each tag with how many texts bear it; found by how it begins."),
        Shot("sources", "Sources", "/admin/sources/", "What the texts rest on, and which rest on each."),
        Shot(
            "source",
            "A source",
            f"/admin/sources/of?{cited}",
            "What rests on it, and correcting it or merging it into another everywhere at once.",
        ),
        Shot(
            "schedule",
            "Schedule",
            f"/admin/schedule/?day={scene.due_on}",
            "A month at a glance, a day in full, what is due or would fail, and what failed, was late or cancelled.",
        ),
        Shot("trash", "Trash", "/admin/trash/", "Drafts that were put aside, and the way back."),
        Shot("partners", "Partners", "/admin/partners/", "Who republishes our texts, and how to reach them."),
        Shot(
            "partner",
            "One partner",
            f"/admin/partners/{scene.partner}",
            "What it may read, its keys, and on what terms it has the texts.",
        ),
        Shot("usage", "Usage", "/admin/usage/", "How often each version was handed out, by day."),
        Shot(
            "everybody",
            "What needs no key",
            "/admin/partners/anonymous?asked=1&what=some&types=faq",
            "Everything public, some of it or nothing, and what a change would do.",
        ),
        Shot("people", "People", "/admin/people/", "Who works here, and what each may do."),
        Shot("account", "Your account", "/admin/account", "The time zone in which you read and type times."),
    ]


def written(pages: list[Shot]) -> str:
    """Return docs/newsroom.md."""
    parts = [
        f"## {shot.heading}\n\n{shot.sentence}\n\n![{shot.heading}](images/newsroom/{shot.name}.png)\n"
        for shot in pages
    ]
    return "\n".join([BEGINNING, *parts])


def main() -> None:
    """Write every picture and the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, served(Path(folder)) as (app, address):
        with app.app_context():
            scene = played(db.session())
        pages = shots(scene)
        with browser.started() as chromium, browser.opened(chromium, viewport=SIZE, forgiven=MEANT) as page:
            page.goto(f"{address}/admin/")
            page.get_by_label("Email").fill("ada@clinic.example")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", name="Desk").wait_for()
            for shot in pages:
                shot.lead(page, f"{address}{shot.address}")
                page.screenshot(path=FOLDER / f"{shot.name}.png")
    PAGE.write_text(written(pages))
    print(f"{len(pages)} pictures in {FOLDER.relative_to(ROOT)}")


@contextmanager
def served(folder: Path) -> Iterator[tuple[Flask, str]]:
    """Serve an installation with the shipped texts, on a port of its own."""
    settings = {"DATABASE_URL": f"sqlite:///{folder}/verso.db", "VERSO_VAR": str(folder), "TESTING": True}
    app = create_app({**settings, "VERSO_TIME_ZONE": "Europe/Berlin"})
    with app.app_context():
        flask_migrate.upgrade()
        seeds.fill(db.session())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield app, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        with app.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    main()
