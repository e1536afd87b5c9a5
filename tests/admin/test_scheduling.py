from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from content import moments, schedule, versions
from content.log import State
from content.schedule import Fate, Verb
from content.standings import standings
from tests.builders import ED, an_article, publish, signed

ANYWHERE = "/admin/password"


def soon(hours=24):
    return (datetime.now(UTC) + timedelta(hours=hours)).replace(second=0, microsecond=0)


def typed(instant):
    return instant.strftime("%Y-%m-%dT%H:%M")


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def article(session):
    made = signed(session, an_article(session, title="Clots"), due_on=soon().date() + timedelta(days=400))
    session.commit()
    return made


def do(browser, entry_id, verb, **answers):
    path = f"/admin/entries/{entry_id}/{verb}"
    return browser.post(path, {"later": "1", **answers}, form_on=ANYWHERE)


def planned(session):
    session.rollback()
    return schedule.waiting(session)


class TestPublishLater:
    def test_it_is_pinned_to_the_version_that_was_shown(self, editor, article, session):
        due = soon()
        answer = do(editor, article.entry_id, "publish", version="1", due_at=typed(due), note="New.")

        versions.save(
            session, article.entry_id, {**article.values, "title": "Later words"}, based_on=1, by=ED
        )
        session.commit()
        [one] = planned(session)
        assert answer.headers["Location"].endswith("/admin/schedule/")
        assert (one.verb, one.version, one.due_at, one.options["note"]) == ("publish", 1, due, "New.")

        moments.present(session, now=due)
        assert standings(session, [article.entry_id])[article.entry_id].live.version == 1

    def test_what_it_is_the_first_to_name_goes_public_with_it(self, editor, session):
        topic = versions.create(session, "topic", {"name": "Legs", "slug": "legs"}, locale="en", by=ED)
        article = signed(session, an_article(session, topics=[str(topic.entry_id)]))
        session.commit()
        due = soon()

        do(editor, article.entry_id, "publish", due_at=typed(due))
        session.rollback()
        moments.present(session, now=due)

        both = standings(session, [topic.entry_id, article.entry_id])
        assert {one.state for one in both.values()} == {State.LIVE}

    def test_it_is_read_by_the_newsrooms_clock(self, app, editor, article, session):
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Asia/Kolkata")
        due = soon()

        do(editor, article.entry_id, "publish", due_at=typed(due.astimezone(ZoneInfo("Asia/Kolkata"))))

        assert [one.due_at for one in planned(session)] == [due]

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"due_at": ""}, "moment: is no moment"),
            ({"due_at": "2020-01-01T00:00"}, "due_at: is not to come"),
            ({"due_at": typed(soon()), "kind": "no kind"}, "kind: is not one of typo"),
        ],
    )
    def test_it_says_what_does_not_fit_and_keeps_nothing(self, editor, article, session, answers, said):
        answer = do(editor, article.entry_id, "publish", note="Kept here.", **answers)

        assert answer.status_code == 409
        assert said in answer.text
        assert "Kept here." in answer.text
        assert planned(session) == []

    def test_an_unreviewed_text_needs_a_reason(self, editor, session):
        draft = an_article(session)
        session.commit()

        refused = do(editor, draft.entry_id, "publish", due_at=typed(soon()))
        taken = do(editor, draft.entry_id, "publish", due_at=typed(soon()), reason="The desk is away.")

        assert "A reason is needed" in refused.text
        assert taken.status_code == 303
        assert [one.options["forced"] for one in planned(session)] == [True]

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
    def test_it_is_for_those_who_may_publish(self, signed_in, article, session, role):
        assert do(signed_in(role), article.entry_id, "publish", due_at=typed(soon())).status_code == 403
        assert planned(session) == []


class TestWithdrawLater:
    def test_it_leaves_the_public_at_its_moment(self, editor, article, session):
        publish(session, article)
        due = soon()

        do(editor, article.entry_id, "withdraw", due_at=typed(due), manner="gone", reason="Out of date.")
        session.rollback()
        before = standings(session, [article.entry_id])[article.entry_id].state
        moments.present(session, now=due)

        assert before == State.LIVE
        assert standings(session, [article.entry_id])[article.entry_id].state == State.GONE

    def test_it_needs_a_reason(self, editor, article, session):
        publish(session, article)

        answer = do(editor, article.entry_id, "withdraw", due_at=typed(soon()), manner="gone")

        assert "A reason is needed" in answer.text
        assert planned(session) == []


class TestSchedule:
    @pytest.fixture
    def one(self, session, article):
        made = schedule.schedule(
            session, Verb.PUBLISH, article.entry_id, version=1, due_at=soon(), by=ED, reason="a test"
        )
        session.commit()
        return made.id

    def test_it_shows_what_is_due_and_what_became_of_what_was(self, editor, session, article, one):
        # What is due is settled before a page is shown, and so is in the past already.
        other = an_article(session, title="Nobody signed this", slug="unsigned")
        past = datetime.now(UTC) - timedelta(hours=2)
        schedule.schedule(
            session,
            Verb.PUBLISH,
            other.entry_id,
            version=1,
            due_at=past + timedelta(hours=1),
            by=ED,
            now=past,
        )
        session.commit()

        page = BeautifulSoup(editor.get("/admin/schedule/").text, "html.parser")

        coming, over = (page.select_one(f"#{part}").parent.text for part in ("coming", "over"))
        assert "Publish version 1 of Clots" in " ".join(coming.split())
        assert "Nobody signed this" in over
        assert "failed" in over
        assert "nobody has reviewed this very text" in over
        assert "Nobody signed this" in editor.get("/admin/").text.partition("Failed in the last 30 days")[2]

    def test_it_tells_which_reviews_fall_due(self, editor, session):
        live = signed(session, an_article(session, title="Soon old"), due_on=soon(24 * 20).date())
        publish(session, live)

        assert "Soon old" in editor.get("/admin/schedule/").text

    def test_it_is_told_where_the_entry_is_published(self, editor, article, one):
        page = BeautifulSoup(editor.get(f"/admin/entries/{article.entry_id}/publish").text, "html.parser")

        assert "Publish version 1" in page.select_one("#waits").parent.text

    def test_what_is_taken_off_stays_in_sight(self, editor, session, one):
        answer = editor.post(f"/admin/scheduled/{one}/cancel", form_on=ANYWHERE)
        again = editor.post(f"/admin/scheduled/{one}/cancel", form_on=ANYWHERE)

        assert answer.status_code == again.status_code == 303
        session.rollback()
        assert schedule.scheduled(session, one).fate == Fate.CANCELLED
        page = editor.get("/admin/schedule/").text
        assert "cannot be taken off" in page
        assert planned(session) == []

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
    def test_taking_off_is_for_those_who_may_publish(self, signed_in, session, one, role):
        browser = signed_in(role)

        assert browser.post(f"/admin/scheduled/{one}/cancel", form_on=ANYWHERE).status_code == 403
        assert "Take off" not in browser.get("/admin/schedule/").text
        assert len(planned(session)) == 1

    def test_it_knows_nothing_else(self, editor):
        unknown = "00000000-0000-7000-8000-000000000000"

        assert editor.post(f"/admin/scheduled/{unknown}/cancel", form_on=ANYWHERE).status_code == 404
