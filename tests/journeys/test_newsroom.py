"""The newsroom in a real browser: an article's life by hand, and every page looked over by axe-core."""

import re
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select
from werkzeug.serving import make_server

from admin import people, saved_filters
from admin.roles import Role
from admin.sources_view import written
from app import create_app
from content import (
    batches,
    comments,
    granting,
    keys,
    partners,
    publishing,
    schedule,
    submissions,
    trash,
    versions,
)
from content.partners import Reach
from content.schedule import Verb
from content.usage.counting import Counts, Kind, handed
from storage import db
from tests import browser
from tests.builders import (
    MAY_DAY,
    a_live_article,
    a_topic,
    an_article,
    an_author,
    an_faq,
    an_image,
    publish,
    saved,
    signed,
)

pytestmark = [pytest.mark.slow, browser.DROPPED]

PASSWORD = "four plain words here"


@pytest.fixture
def app(sqlite_template, tmp_path):
    (tmp_path / "verso.db").write_bytes(sqlite_template.read_bytes())
    cheap = {"argon2__time_cost": 1, "argon2__memory_cost": 64}
    app = create_app(
        {
            "DATABASE_URL": f"sqlite:///{tmp_path}/verso.db",
            "VERSO_VAR": str(tmp_path),
            "VERSO_SECRET_KEY": "k" * 32,
            "TESTING": True,
            "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": cheap,
        }
    )
    with app.app_context():
        person = people.add(
            db.session(),
            email="ada@example.org",
            name="Ada Brandt",
            roles={Role.EDITOR, Role.ADMINISTRATOR},
            now=MAY_DAY,
        )
        people.set_password(db.session(), person, PASSWORD)
        db.session.commit()
    return app


@pytest.fixture
def site(app):
    """The address at which the app is served, by threads of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def chromium():
    with browser.started() as chromium:
        yield chromium


@contextmanager
def visit(chromium, site, *, email="ada@example.org", **how):
    """A page on which Ada is signed in, or somebody else; whatever the browser complains of fails the test."""
    with browser.opened(chromium, **how) as page:
        page.goto(f"{site}/admin/")
        sign_in(page, email)
        yield page


def sign_in(page, email="ada@example.org"):
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


class TestAnArticlesLife:
    def test_it_is_lived_in_a_browser(self, chromium, site):
        with visit(chromium, site, viewport={"width": 1280, "height": 900}) as page:
            page.get_by_role("link", name="Articles").click()
            page.get_by_role("link", name="New article").click()
            page.get_by_label("Title", exact=True).first.fill("Walking and veins")
            page.locator(".editor .cm-content").click()
            page.keyboard.type("Walking *helps* the veins.")
            page.locator("#body-shown em", has_text="helps").wait_for()
            pick_new(page, "topics", "Veins")
            pick_new(page, "tags", "walking")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 1.").wait_for()

            page.get_by_role("link", name="Publish").click()
            page.get_by_text("Veins (topic)").wait_for()
            page.get_by_label("Reason").fill("The desk is away.")
            page.get_by_role("button", name="Publish without a review").click()
            page.get_by_text("Version 1 is public.").wait_for()
            shown = httpx.get(f"{site}/api/v1/articles/walking-and-veins").json()
            assert shown["body"]["html"].strip() == "<p>Walking <em>helps</em> the veins.</p>"
            assert shown["review"]["status"] == "not_reviewed"
            assert [topic["name"] for topic in shown["topics"]] == ["Veins"]

            page.locator(".editor .cm-content").click()
            page.keyboard.press("Control+End")
            page.keyboard.type(" So does rest.")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 2.").wait_for()
            page.get_by_role("link", name="History").click()
            page.get_by_role("link", name="What changed in version 2").click()
            assert page.locator("main .prose ins").first.inner_text().strip() == "So does rest."

            page.get_by_role("link", name="History").click()
            page.get_by_role("button", name="Restore version 1").click()
            page.get_by_text("Version 3 says again what version 1 said.").wait_for()

            page.get_by_role("link", name="Withdraw").click()
            page.get_by_label("Reason").fill("A better text is coming.")
            page.get_by_label("Public note").fill("A better text is coming.")
            page.get_by_role("button", name="Withdraw").click()
            page.get_by_text("It is withdrawn.").wait_for()
            assert httpx.get(f"{site}/api/v1/articles/walking-and-veins").status_code == 410

    def test_it_asks_before_what_was_typed_is_left(self, chromium, site):
        with visit(chromium, site) as page:
            page.goto(f"{site}/admin/articles/new")
            page.get_by_label("Title", exact=True).first.fill("Unsaved")
            asked = []
            page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

            page.goto(f"{site}/admin/")

            assert asked == ["beforeunload"]

    def test_it_can_be_written_without_a_script(self, chromium, site):
        with visit(chromium, site, java_script_enabled=False) as page:
            page.goto(f"{site}/admin/articles/new")
            page.get_by_label("Title", exact=True).first.fill("By hand")
            page.locator("textarea[name=body]").fill("Plain words.")
            page.get_by_role("button", name="Save").click()
            page.get_by_text("Saved as version 1.").wait_for()


class TestTwoWriteAtOnce:
    def test_both_their_words_are_put_together_and_a_clash_is_settled_by_keyboard(self, chromium, site, app):
        with app.app_context():
            made = an_article(db.session(), body="Walk.\n\nRest.\n\nDrink.", slug="at-once")
            db.session.commit()
            form = f"{site}/admin/articles/{made.entry_id}"
        with visit(chromium, site, forgiven="status of 409") as mine, visit(chromium, site) as theirs:
            for page in (mine, theirs):
                page.goto(form)
            write_over(theirs, "Walk daily.\n\nRest well.\n\nDrink.")
            theirs.get_by_role("button", name="Save").click()
            theirs.get_by_text("Saved as version 2.").wait_for()

            write_over(mine, "Walk.\n\nRest at noon.\n\nDrink water.")
            mine.keyboard.press("Control+s")
            mine.get_by_text("One place was changed by both").wait_for()
            assert browser.faults(mine) == []
            radios = mine.get_by_role("radio")
            assert radios.count() == 3
            radios.first.focus()
            mine.keyboard.press("ArrowDown")
            mine.keyboard.press("ArrowDown")
            mine.keyboard.press("Control+s")
            mine.get_by_text("Saved as version 3.").wait_for()

        with app.app_context():
            kept = versions.latest(db.session(), made.entry_id)
            assert kept.values["body"] == "Walk daily.\n\nRest well.\n\nRest at noon.\n\nDrink water."

    def test_what_was_sent_after_the_session_ended_is_saved_all_the_same(self, chromium, site):
        with visit(chromium, site, forgiven="status of 400", java_script_enabled=False) as page:
            page.goto(f"{site}/admin/articles/new")
            page.get_by_label("Title", exact=True).first.fill("Written late")
            page.locator("textarea[name=body]").fill("One.\n\nTwo.")
            page.context.clear_cookies(name="verso_newsroom")
            page.get_by_role("button", name="Save").click()
            with page.context.expect_page() as opened:
                page.get_by_role("link", name="Sign in in another tab").click()
            sign_in(opened.value)
            page.get_by_role("button", name="Send again").click()
            page.get_by_role("button", name="Send again").click()
            page.get_by_text("Saved as version 1.").wait_for()
            assert page.locator("textarea[name=body]").input_value() == "One.\n\nTwo."


def write_over(page, words):
    page.locator(".editor .cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(words)


def pick_new(page, name, words):
    page.locator(f"#{name}-ts-control").fill(words)
    page.locator(f"#{name}-ts-dropdown .create").click()


def a_batch_under_way(session, by, entry_id):
    """The id of a batch in which something failed and something waits."""
    other = an_article(session, slug="of-a-batch").entry_id
    made = batches.choose(session, batches.Verb.WITHDRAW, "article", [[other, entry_id]], by=by)
    batches.begin(session, made, {"note": None, "reason": "Old."})
    session.commit()
    made_id = made.id
    batches.work(session, made_id, lambda item: publishing.withdraw(session, other, by=by), most=1)
    return made_id


# One word, and one line without a place to break it: titles, names and tags may be both.
LONG = "Magnetresonanzcholangiopankreatikographie"
UNBROKEN = "https://www.example.org/" + "recommendations_for_prophylaxis_" * 5


@pytest.fixture
def pages(app):
    """The address of every kind of page, with something on each."""
    with app.app_context():
        session = db.session()
        ada = str(session.scalars(select(people.Person.id)).one())
        topic, author = a_topic(session, LONG), an_author(session, name=f"Anna {LONG}")
        source = {
            "title": "Deep vein thrombosis",
            "publisher": "NHS",
            "url": "https://www.nhs.uk/conditions/dvt/",
        }
        sources = [source, {"title": UNBROKEN, "publisher": LONG, "url": UNBROKEN}]
        given = {"topics": [topic], "authors": [author], "tags": ["legs", LONG], "sources": sources}
        image = an_image(session, caption="Rest it.", name=f"{LONG}_1").entry_id
        words = f"Plain words.\n\n## When?\n\n- *now*\n- [later](https://example.org)\n\n![](/api/v1/images/{image})"
        words = f"{words}\n\n    {'a line of code that goes on and on ' * 20}\n\n    {'unbroken' * 40}"
        article = a_live_article(session, body=words, image=str(image), **given)
        saved(
            session,
            article,
            title=UNBROKEN,
            body=words.replace("Plain", "Other"),
            summary=UNBROKEN,
        )
        an_faq(session, article=str(article.entry_id), question=f"{LONG}{LONG}?", warnings=["Call at once."])
        back = submissions.submit(
            session, an_article(session, slug="back", title=UNBROKEN).entry_id, 1, by=ada
        )
        submissions.send_back(session, back.id, by="person:reed", answer="Name the dose.")
        disowned = a_live_article(session, slug="disowned", **given).entry_id
        publishing.revoke(session, disowned, 1, by=ada, answer="Ten times too much.")
        thrown = an_article(session, slug="thrown", title=UNBROKEN)
        trash.throw_away(session, thrown.entry_id, by="person:ed")
        for hours, verb in ((24, Verb.WITHDRAW), (48, Verb.HOLD)):
            due_at = datetime.now(UTC) + timedelta(hours=hours)
            made = schedule.schedule(session, verb, article.entry_id, due_at=due_at, by="person:ed")
        schedule.cancel(session, made.id)
        submissions.submit(session, article.entry_id, 1, by="person:ed", message="Please read it.")
        comments.comment(session, article.entry_id, 1, field="body", passage="Plain", words="So?", by="ed")
        ben = {
            "email": "ben@example.org",
            "name": f"Ben {LONG}",
            "roles": {Role.AUTHOR},
            "now": datetime.now(UTC),
        }
        other, gone = people.add(session, **ben), a_topic(session, "Gone")
        publishing.withdraw(session, UUID(gone), by="person:ed")
        finished = a_batch_under_way(session, ada, article.entry_id)
        for who, shared in ((ada, False), (str(other.id), True)):
            kept = {
                "type_name": "article",
                "name": f"Legs {LONG}",
                "query": {"tag": "legs"},
                "shared": shared,
            }
            saved_filters.keep(session, **kept, person_id=UUID(who), now=datetime.now(UTC))
        asked = batches.choose(session, batches.Verb.SCHEDULE, "article", [[article.entry_id]], by=ada).id
        partner = partners.create(session, f"{LONG}magazine", safety_contact="+44 20 7946 0000")
        keys.make(session, partner.id, purpose="its site", by=ada)
        session.commit()
        granting.grant(session, partner.id, Reach(audiences=("licensed",)), by=ada)
        at_partners, at_usage = f"/admin/partners/{partner.id}", f"/admin/usage/partners/{partner.id}"
        counts, today = Counts(), datetime.now(UTC)
        for kind in Kind:
            counts.note(handed(partner.id, kind, [(article.entry_id, 1)]), today)
        counts.write(session, today)
        twice = a_live_article(session, slug="twice-on-a-day", **given).entry_id
        again = signed(session, saved(session, versions.latest(session, twice), body="Other words."))
        publish(session, again, now=datetime.now(UTC))
        clots = a_topic(session, f"Endoskopische {LONG}", parent=topic)
        cited = urlencode({"source": written(source)})
        entry, put_aside = f"/admin/entries/{article.entry_id}", thrown.entry_id
    return [
        "/admin/",
        "/admin/partners/",
        "/admin/usage/",
        f"/admin/usage/?entry={article.entry_id}",
        at_usage,
        "/admin/partners/new",
        "/admin/partners/anonymous",
        "/admin/partners/anonymous?asked=1&what=some&types=faq",
        at_partners,
        f"{at_partners}/grant",
        f"{at_partners}/grant?asked=1&audiences=licensed&types=faq",
        f"{at_partners}/end",
        "/admin/articles/",
        "/admin/articles/?q=nothing",
        "/admin/from-text",
        f"/admin/articles/{article.entry_id}",
        f"{entry}/embed",
        f"{entry}/embed?theme=dark&level=3",
        f"/admin/articles/{put_aside}",
        f"/admin/articles/{disowned}",
        f"/admin/entries/{disowned}/review",
        "/admin/faqs/new",
        "/admin/topics/",
        "/admin/authors/",
        "/admin/images/",
        "/admin/images/new",
        f"/admin/images/{image}",
        f"/admin/entries/{image}/uses",
        f"/admin/entries/{image}/review",
        "/admin/tags/",
        "/admin/sources/",
        "/admin/sources/?q=dv",
        "/admin/articles/?tab=approved",
        f"/admin/entries/{topic}/uses",
        f"/admin/entries/{topic}/rename?name=Leg+veins&slug=leg-veins",
        f"/admin/entries/{clots}/merge?into={topic}",
        f"/admin/entries/{topic}/retire",
        "/admin/tags/of?tag=legs",
        "/admin/tags/rename?tag=legs&to=feet",
        f"/admin/sources/of?{cited}",
        f"/admin/sources/change?{cited}&title=DVT",
        "/admin/people/",
        "/admin/people/new",
        "/admin/articles/?due=90&sort=due",
        f"/admin/articles/?topics={gone}",
        "/admin/filters/",
        "/admin/bulk/",
        f"/admin/bulk/{finished}",
        f"/admin/bulk/{asked}",
        "/admin/schedule/",
        "/admin/previews/",
        "/admin/trash/",
        "/admin/password",
        "/admin/account",
        f"/admin/entries/{twice}/on?day={today:%Y-%m-%d}",
        *(
            f"{entry}/{page}"
            for page in (
                "history",
                "diff",
                "diff?as=source",
                "diff?as=fields",
                f"on?day={today:%Y-%m-%d}",
                "review",
                "publish",
                "withdraw",
                "preview",
                "versions/1",
            )
        ),
    ]


class TestEveryPage:
    @pytest.mark.parametrize("look", browser.LOOKS)
    def test_it_is_fit_for_everybody(self, chromium, site, pages, look):
        with visit(chromium, site, **browser.LOOKS[look]) as page:
            found = {path: faults(page, f"{site}{path}") for path in pages}
            page.context.clear_cookies()
            found["/admin/login"] = faults(page, f"{site}/admin/login")

        told = [f"{path}: {wrong}" for path, all_wrong in found.items() for wrong in all_wrong]
        assert not told, "\n".join(told)

    @pytest.mark.parametrize("look", ["light", "dark"])
    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_so_is_an_embed_that_has_not_come_yet(self, chromium, site, pages, look, theme):
        shown = next(one for one in pages if one.endswith("/embed"))
        with visit(chromium, site, **browser.LOOKS[look]) as page:
            page.route(re.compile("/fragment"), lambda route: None)

            assert faults(page, f"{site}{shown}?theme={theme}") == []


def faults(page, address):
    """What axe-core finds at an address, and whether anything sticks out of it sideways."""
    page.goto(address)
    return browser.faults(page)
