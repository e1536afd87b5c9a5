"""The screenshots of docs/newsroom.md: a newsroom at work, each of its pages looked at in Chromium.

Run as `make screenshots` or `python -m tests.screenshots`; it writes the pictures and the page that shows them. The
texts are the shipped ones, and who works there is made up.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

import seeds
from admin import people
from admin.people import Person
from admin.roles import Role
from app import create_app
from content import comments, publishing, schedule, submissions, trash, versions
from content.entries import Entry
from content.reviews import Reviewer, Scope
from content.schedule import Verb
from settings import ROOT
from storage import db
from tests import browser

PAGE = ROOT / "docs" / "newsroom.md"
FOLDER = ROOT / "docs" / "images" / "newsroom"
PASSWORD = "four plain words here"
SIZE = {"width": 1280, "height": 800}
BEGINNING = """\
# The newsroom, page by page

What an editor sees, in the light look at 1280 pixels; every page also has a dark look and fits a telephone. Remade by
`make screenshots`.
"""


@dataclass(frozen=True)
class Shot:
    """One page: its picture's name, its heading here, where it is, and what one does there."""

    name: str
    heading: str
    address: str
    sentence: str


@dataclass(frozen=True)
class Scene:
    """What the addresses name, by id: an article at work, an FAQ and a topic."""

    article: str
    faq: str
    topic: str


def shots(scene: Scene) -> list[Shot]:
    """Return every page of the newsroom, in the order in which an editor comes to it."""
    entry = f"/admin/entries/{scene.article}"
    topic = f"/admin/entries/{scene.topic}"
    return [
        Shot("desk", "Desk", "/admin/", "What waits for you, what is due and what was written last."),
        Shot(
            "list",
            "A list",
            "/admin/articles/",
            "Every article, with where it stands and what is ahead of it.",
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
            "review",
            "Review",
            f"{entry}/review",
            "The very text, what changed in it, comments and the signature.",
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
            "What becomes of the address, and a public reason.",
        ),
        Shot(
            "history",
            "History",
            f"{entry}/history",
            "Versions, reviews and what became public, on one time line.",
        ),
        Shot(
            "diff",
            "Comparing",
            f"{entry}/diff",
            "Any two versions, as readers see them and as they were typed.",
        ),
        Shot("preview", "Previews", f"{entry}/preview", "A link for one draft that ends and can be revoked."),
        Shot("topics", "Topics", "/admin/topics/", "A tree; lists of a topic hold what is filed below it."),
        Shot(
            "uses",
            "Where used",
            f"{topic}/uses",
            "What bears a topic, and what renaming or merging it would do.",
        ),
        Shot("tags", "Tags", "/admin/tags/", "Each tag with how many texts bear it."),
        Shot("sources", "Sources", "/admin/sources/", "What the texts rest on, and which rest on each."),
        Shot(
            "schedule",
            "Schedule",
            "/admin/schedule/",
            "What is due, and what failed, was late or cancelled.",
        ),
        Shot("trash", "Trash", "/admin/trash/", "Drafts that were put aside, and the way back."),
        Shot("people", "People", "/admin/people/", "Who works here, and what each may do."),
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
        with browser.started() as chromium, browser.opened(chromium, viewport=SIZE) as page:
            page.goto(f"{address}/admin/")
            page.get_by_label("Email").fill("ada@clinic.example")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", name="Desk").wait_for()
            for shot in pages:
                page.goto(f"{address}{shot.address}", wait_until="networkidle")
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


def played(session: Session) -> Scene:
    """Have some people work on the shipped texts."""
    ada = _person(session, "Ada Brandt", Role.EDITOR, Role.ADMINISTRATOR)
    ben = _person(session, "Ben Okri", Role.AUTHOR)
    reed = _person(session, "Dr. Ana Reed", Role.REVIEWER)
    first, second = session.scalars(select(Entry).where(Entry.type == "article").order_by(Entry.title)).all()[
        :2
    ]
    faq = session.scalars(select(Entry).where(Entry.type == "faq").order_by(Entry.title).limit(1)).one()
    topic = session.scalars(select(Entry).where(Entry.type == "topic").order_by(Entry.title).limit(1)).one()
    now = datetime.now(UTC)
    signer = Reviewer(str(reed.id), reed.name, reed.credentials)
    for entry, days in ((first, 340), (second, 20)):
        due_on = (now + timedelta(days=days)).date()
        publishing.rereview(session, entry.id, signer, due_on=due_on, scope=Scope.PAGE)
    newest = versions.latest(session, first.id)
    body = f"{newest.values['body']}\n\n## When to come back\n\nCome back if the swelling is still there after a week."
    versions.save(
        session,
        first.id,
        {**newest.values, "body": body},
        based_on=newest.number,
        by=str(ben.id),
        note="As agreed.",
    )
    submissions.submit(
        session, first.id, newest.number + 1, by=str(ben.id), message="Is a week right for everybody?"
    )
    comments.comment(
        session,
        first.id,
        newest.number + 1,
        field="body",
        passage="after a week",
        words="Sooner for pregnant women: say so.",
        by=str(reed.id),
    )
    draft = {
        "title": "Compression stockings",
        "slug": "compression-stockings",
        "body": "They press water out.",
    }
    made = versions.create(session, "article", draft, locale="en", by=str(ada.id))
    sent = submissions.submit(session, made.entry_id, 1, by=str(ada.id))
    submissions.send_back(
        session, sent.id, by=str(reed.id), answer="Name the classes and who must not wear them."
    )
    thrown = versions.create(session, "article", {**draft, "slug": "old"}, locale="en", by=str(ben.id))
    trash.throw_away(session, thrown.entry_id, by=str(ben.id))
    schedule.schedule(
        session,
        Verb.WITHDRAW,
        second.id,
        due_at=now + timedelta(days=9),
        by=str(ada.id),
        reason="A newer text comes.",
    )
    session.commit()
    return Scene(str(first.id), str(faq.id), str(topic.id))


def _person(session: Session, name: str, *roles: Role) -> Person:
    email = f"{name.split()[0].lower().strip('.')}@clinic.example"
    person = people.add(
        session,
        email=email,
        name=name,
        roles=set(roles),
        now=datetime.now(UTC),
        credentials="MD, vascular medicine" if Role.REVIEWER in roles else "",
    )
    people.set_password(session, person, PASSWORD)
    return person


if __name__ == "__main__":
    main()
