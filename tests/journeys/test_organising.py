"""More of an editor's day in a real browser: from a text, on the schedule, over the history, and putting in order."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from content import publishing, topics
from content.log import head
from storage import db
from tests import browser
from tests.builders import ED, a_live_article, a_topic, an_article, saved, signed
from tests.journeys import test_newsroom as newsroom
from tests.seeds.blog_texts import POST

pytestmark = [pytest.mark.slow, browser.DROPPED]

app, site, chromium, visit = newsroom.app, newsroom.site, newsroom.chromium, newsroom.visit


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


def typed(moment):
    """A moment as its field takes it, by the newsroom's clock."""
    return moment.strftime("%Y-%m-%dT%H:%M")


class TestFromText:
    def test_a_blog_text_becomes_drafts_once_it_was_looked_over(self, ada):
        ada.to("/admin/articles/")
        ada.get_by_role("link", name="New from text").click()
        ada.get_by_label("Text or a file below").fill(POST)
        ada.get_by_role("button", name="Show what comes of it").click()
        left_out = ada.get_by_role("region", name="Left out")
        left_out.get_by_text("A shower head").wait_for()
        ada.get_by_role("button", name="Make these drafts").click()

        ada.to("/admin/faqs/")
        ada.get_by_role("link", name="Is cold water safe for everybody?").wait_for()


class TestSavedFilters:
    def test_what_is_asked_for_again_and_again_is_named_opened_from_the_desk_renamed_and_removed(
        self, ada, session
    ):
        an_article(session, title="Legs up", tags=["legs"])
        an_article(session, slug="other", title="Arms down")
        session.commit()

        ada.to("/admin/articles/?tag=legs")
        ada.get_by_text("Save this filter").click()
        ada.get_by_label("Name").fill("Legs")
        ada.get_by_label("Name").press("Enter")
        ada.get_by_text("Kept as “Legs”").wait_for()
        ada.to("/admin/")
        ada.get_by_role("list", name="Saved filters").get_by_role("link", name="Legs").click()
        ada.get_by_text("1 article", exact=True).wait_for()
        ada.get_by_role("link", name="Legs up").wait_for()

        ada.get_by_role("link", name="Change them").click()
        ada.get_by_label("Name of Legs").fill("Calves")
        ada.get_by_role("button", name="Change Legs").click()
        ada.get_by_text("“Calves” is changed.").wait_for()
        ada.get_by_role("button", name="Remove Calves").click()
        ada.get_by_text("None yet.").wait_for()


class TestLists:
    def test_a_draft_is_found_by_a_word_in_its_text(self, ada, session):
        an_article(session, title="Legs up", body="Raise them above the heart.")
        an_article(session, slug="other", title="Arms down", body="Let them hang.")
        session.commit()

        ada.to("/admin/")
        ada.get_by_role("link", name="Articles", exact=True).click()
        ada.get_by_label("Search in titles and texts").fill("heart")
        ada.get_by_label("Search in titles and texts").press("Enter")

        ada.get_by_text("1 article", exact=True).wait_for()
        ada.get_by_role("link", name="Legs up").wait_for()


class TestSchedule:
    def test_an_act_is_put_on_it_seen_there_and_taken_off(self, ada, session, site):
        live = a_live_article(session, title="Soon old")
        session.commit()
        due = datetime.now(UTC) + timedelta(days=2)

        ada.to(f"/admin/entries/{live.entry_id}/withdraw")
        ada.get_by_label("Reason").fill("A better text comes.")
        ada.get_by_label("Public note").fill("A better text comes.")
        ada.get_by_text("Withdraw it later").click()
        ada.get_by_label("Moment").fill(typed(due))
        ada.get_by_role("button", name="Put on the schedule").click()

        ada.get_by_text("It is on the schedule").wait_for()
        ada.get_by_role("region", name="To come").get_by_role("link", name="Soon old").wait_for()
        assert browser.faults(ada) == []
        ada.to("/admin/")
        ada.get_by_role("region", name="On the schedule").get_by_role("link", name="Soon old").wait_for()
        ada.get_by_role("link", name="The whole schedule").click()
        ada.get_by_role("button", name="Take off Soon old, withdraw").click()
        ada.get_by_role("dialog", name="Take this off the schedule?").get_by_role(
            "button", name="Take off"
        ).click()
        ada.get_by_role("region", name="Over in the last 30 days").get_by_text("cancelled").wait_for()
        assert httpx.get(f"{site}/api/v1/articles/clots").status_code == 200


class TestHistory:
    def test_versions_are_compared_and_a_day_is_looked_at(self, ada, session):
        first = a_live_article(session, title="Walking", body="Walk often.")
        saved(session, first, body="Walk daily.")
        session.commit()

        ada.to(f"/admin/articles/{first.entry_id}")
        ada.get_by_role("link", name="History").click()
        ada.get_by_role("button", name="Compare").click()
        assert ada.locator("main .prose ins").inner_text() == "daily"
        ada.get_by_role("link", name="As it was typed").click()
        assert ada.locator("main .words ins").inner_text() == "daily"
        ada.get_by_role("link", name="Side by side").click()
        ada.get_by_role("group", name="Text, Version 2").get_by_text("Walk daily.").wait_for()

        ada.get_by_role("link", name="History").click()
        ada.get_by_label("What was public on").fill("2026-05-02")
        ada.get_by_role("button", name="Show").click()
        ada.get_by_text("Walk often.").wait_for()
        assert ada.get_by_text("Walk daily.").count() == 0


class TestPublish:
    def test_its_effects_are_listed_and_then_happen(self, ada, session, site):
        first = a_live_article(session)
        signed(session, saved(session, first, title="Renamed", slug="renamed"))
        session.commit()

        ada.to(f"/admin/entries/{first.entry_id}/publish")
        effects = ada.get_by_role("region", name="What this does for readers")
        effects.get_by_text("the old address leads to the new one").wait_for()
        effects.get_by_text("The JSON that will be served").click()
        assert '"slug": "renamed"' in effects.locator("pre").inner_text()
        assert browser.faults(ada) == []
        ada.get_by_label("Public note").fill("It has another name.")
        ada.get_by_role("button", name="Publish").click()

        ada.get_by_text("Version 2 is public.").wait_for()
        moved = httpx.get(f"{site}/api/v1/articles/clots")
        assert (moved.status_code, moved.headers["Location"]) == (301, "/api/v1/articles/renamed")


class TestTopics:
    def test_one_is_merged_into_another_once_its_effect_was_seen(self, ada, session):
        legs, limbs = a_topic(session, "Legs"), a_topic(session, "Limbs")
        a_live_article(session, title="On limbs", topics=[limbs])
        session.commit()

        ada.to(f"/admin/topics/{limbs}")
        ada.get_by_role("link", name="Where used").click()
        ada.get_by_role("link", name="On limbs").wait_for()
        merging = ada.locator("form", has=ada.get_by_role("heading", name="Merge"))
        merging.locator(".ts-control").click()
        ada.locator(".ts-dropdown .option", has_text="Legs").click()
        merging.get_by_role("button", name="See what it does").click()
        ada.get_by_text("On limbs").first.wait_for()
        ada.get_by_role("button", name="Merge").click()

        ada.get_by_role("link", name="On limbs").wait_for()
        session.rollback()
        tree = topics.tree(session, head(session).sequence)
        assert set(tree.bearers) == {("legs", "en")}
        assert str(tree.bearers["legs", "en"]) == legs

    def test_one_is_renamed_once_its_effect_was_seen(self, ada, session, site):
        limbs = a_topic(session, "Limbs")
        a_live_article(session, title="On limbs", topics=[limbs])
        session.commit()

        ada.to(f"/admin/topics/{limbs}")
        ada.get_by_role("link", name="Where used").click()
        renaming = ada.get_by_role("form", name="Rename")
        renaming.get_by_label("Name").fill("Arms and legs")
        renaming.get_by_label("Slug").fill("arms-and-legs")
        renaming.get_by_role("button", name="See what it does").click()
        ada.get_by_text("1 live text shows the new name at once").wait_for()
        ada.get_by_role("button", name="Rename").click()

        ada.get_by_text("It has another name.").wait_for()
        shown = httpx.get(f"{site}/api/v1/articles/clots").json()
        assert [topic["name"] for topic in shown["topics"]] == ["Arms and legs"]
        moved = httpx.get(f"{site}/api/v1/topics/limbs")
        assert moved.headers["Location"] == "/api/v1/topics/arms-and-legs"


class TestSources:
    def test_what_rests_on_one_is_seen_and_corrected_everywhere(self, ada, session, site):
        cited = {"title": "On clots", "publisher": "NHS", "url": "https://www.nhs.uk/clots"}
        a_live_article(session, title="Walking", sources=[cited])
        a_live_article(session, title="Flying", slug="flying", sources=[cited])
        session.commit()

        ada.to("/admin/sources/")
        ada.get_by_role("link", name="On clots").click()
        ada.get_by_text("2 live texts rest on it").wait_for()
        correcting = ada.get_by_role("form", name="Correct")
        correcting.get_by_label("Title").fill("On blood clots")
        correcting.get_by_role("button", name="See what it does").click()
        for title in ("Walking", "Flying"):
            ada.get_by_role("link", name=title).first.wait_for()
        assert browser.faults(ada) == []
        ada.get_by_role("button", name="Correct").click()

        ada.get_by_text("Done. 2 still rest on it, listed here.").wait_for()
        ada.to("/admin/sources/")
        corrected = ada.get_by_role("row", name="On blood clots")
        for title in ("Walking", "Flying"):
            corrected.get_by_role("link", name=title).wait_for()
        newest = httpx.get(f"{site}/api/v1/articles/flying").json()
        assert newest["sources"][0]["title"] == "On clots"  # until the new version is signed and published


class TestTrash:
    def test_a_draft_goes_there_and_comes_back(self, ada, session):
        draft = an_article(session, title="Not now")
        session.commit()

        ada.to(f"/admin/articles/{draft.entry_id}")
        ada.get_by_role("button", name="Throw away").first.click()
        ada.get_by_role("dialog").get_by_role("button", name="Throw away").click()
        ada.get_by_text("is in the trash, from where it can come back").wait_for()
        ada.get_by_role("link", name="Trash").click()
        ada.get_by_role("link", name="Not now").click()
        ada.get_by_role("button", name="Take it out").click()
        ada.get_by_text("It is out of the trash, as it was.").wait_for()

    def test_what_was_public_is_withdrawn_and_replaced(self, ada, session, site):
        old = a_live_article(session, title="Old advice", slug="old")
        new = a_live_article(session, title="New advice", slug="new")
        a_live_article(session, title="Linking", slug="linking", body="See [that](/api/v1/articles/old).")
        session.commit()

        ada.to(f"/admin/entries/{old.entry_id}/withdraw")
        linking = ada.get_by_role("region", name="Linked in the words of")
        linking.get_by_text("1 live text links here in its words. Once it is gone").wait_for()
        linking.get_by_role("link", name="Linking").wait_for()
        assert browser.faults(ada) == []
        ada.get_by_role("radio", name="Replaced").check()
        ada.locator("#target_entry-ts-control").fill("New")
        ada.locator("#target_entry-ts-dropdown .option", has_text="New advice").click()
        ada.get_by_label("Public note").fill("Read the new text.")
        ada.get_by_label("Reason").fill("Superseded.")
        ada.get_by_role("button", name="Withdraw", exact=True).click()

        ada.get_by_text("It is withdrawn.").wait_for()
        gone = httpx.get(f"{site}/api/v1/articles/old")
        assert gone.status_code == 410
        assert str(new.entry_id) in gone.text
        session.rollback()
        publishing.reinstate(session, old.entry_id, 1, by=ED)
        assert httpx.get(f"{site}/api/v1/articles/old").status_code == 200
