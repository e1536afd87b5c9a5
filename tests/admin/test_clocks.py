"""The schedule's pages over the days on which clocks are set, and after a process that slept."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from content import publishing, schedule
from content.database import clock
from content.log import Act, Event, Line
from content.rebuild import rebuild
from content.schedule import Fate, Verb
from tests.builders import ED, a_live_article, a_topic, an_article, publish, signed

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
NEXT_YEAR = datetime.now(UTC).year + 1


def last_sunday(month):
    """The last Sunday of a month of next year, when clocks are set in Berlin: in March forward, in October back."""
    day = datetime(NEXT_YEAR, month, 31, tzinfo=BERLIN)
    return day - timedelta(days=(day.weekday() + 1) % 7)


@pytest.fixture
def editor(app, signed_in):
    app.config["VERSO_TIME_ZONE"] = BERLIN
    return signed_in(Role.EDITOR)


@pytest.fixture
def ready(session):
    """Articles that a clinician has signed until long after any clock is set."""
    until = date(NEXT_YEAR + 2, 1, 1)
    made = [
        signed(session, an_article(session, slug=f"s-{number}", title=f"Article {number}"), due_on=until)
        for number in range(2)
    ]
    session.commit()
    return [version.entry_id for version in made]


def plan(browser, entry_id, wall, **more):
    sent = {"later": "1", "note": "New.", "due_at": f"{wall:%Y-%m-%dT%H:%M}", **more}
    return browser.post(f"/admin/entries/{entry_id}/publish", sent, form_on="/admin/password")


def planned(session):
    session.rollback()
    return [one.due_at for one in schedule.waiting(session)]


def days(browser):
    """The schedule as it is shown: each day to come with the times on it, in order."""
    page = BeautifulSoup(browser.get("/admin/schedule/").text, "html.parser")
    coming = page.select_one("section[aria-labelledby=coming]")
    return {
        day.text.strip(): [time.text for time in day.find_next("ol").select("p > .number")]
        for day in coming.select("h3")
    }


class TestTheHourThatIsSkipped:
    def test_a_moment_in_it_is_refused_and_nothing_is_kept(self, editor, session, ready):
        gap = last_sunday(3).replace(hour=2, minute=30)

        answer = plan(editor, ready[0], gap)

        assert answer.status_code == 409
        assert "does not come, for the clocks are set forward then" in answer.text
        assert f'value="{gap:%Y-%m-%dT%H:%M}"' in answer.text
        assert planned(session) == []

    def test_the_minutes_around_it_follow_each_other(self, editor, session, ready):
        day = last_sunday(3)

        plan(editor, ready[0], day.replace(hour=3))
        plan(editor, ready[1], day.replace(hour=1, minute=59))

        first, second = planned(session)
        assert second - first == timedelta(minutes=1)
        assert days(editor) == {f"{day:%-d %b %Y}": ["01:59", "03:00"]}


class TestTheHourThatComesTwice:
    def test_it_is_asked_which_is_meant_and_both_are_told_apart(self, editor, session, ready):
        day = last_sunday(10)
        twice = day.replace(hour=2, minute=30)

        asked = plan(editor, ready[0], twice)
        plan(editor, ready[0], twice, **{"due_at-turn": "second"})
        plan(editor, ready[1], twice, **{"due_at-turn": "first"})

        page = BeautifulSoup(asked.text, "html.parser")
        assert asked.status_code == 409
        assert "comes twice" in page.select_one("[role=alert]").text
        assert [one["value"] for one in page.select("[name=due_at-turn]")] == ["first", "second"]
        first, second = planned(session)
        assert second - first == HOUR
        assert days(editor) == {f"{day:%-d %b %Y}": ["02:30 CEST", "02:30 CET"]}

    def test_what_a_merge_leaves_on_the_schedule_is_told_by_the_newsrooms_clock(self, editor, session):
        veins, vessels = a_topic(session, "Veins"), a_topic(session, "Vessels")
        draft = an_article(session, topics=[veins])
        due_at = datetime(NEXT_YEAR, 7, 1, 22, 30, tzinfo=UTC)
        schedule.schedule(session, Verb.PUBLISH, draft.entry_id, version=1, due_at=due_at, by=ED)
        session.commit()

        page = editor.get(f"/admin/entries/{veins}/merge?into={vessels}").text

        stays = BeautifulSoup(page, "html.parser").select_one("section[aria-labelledby=stays]").text
        assert f"2 Jul {NEXT_YEAR}, 00:30" in stays
        assert "UTC" not in stays

    def test_the_same_moment_for_many_is_asked_for_too(self, editor, session, ready):
        there = editor.post(
            "/admin/bulk/choose/article",
            {"verb": "schedule", "entry": [str(one) for one in ready]},
            form_on="/admin/articles/",
        ).location
        sent = {"kind": "typo", "due_at": f"{last_sunday(10):%Y-%m-%d}T02:30"}

        asked = editor.post(f"{there}/begin", sent, form_on=there)
        editor.post(f"{there}/begin", {**sent, "due_at-turn": "second"}, form_on=there)
        editor.post(f"{there}/step", form_on=there)

        assert (asked.status_code, "comes twice" in asked.text) == (409, True)
        assert [one.astimezone(BERLIN).tzname() for one in planned(session)] == ["CET", "CET"]


class TestTheDayOfTheCalendar:
    def test_it_is_the_newsrooms_on_both_sides_of_midnight(self, editor, session, ready):
        day = datetime(NEXT_YEAR, 7, 1, tzinfo=BERLIN)

        plan(editor, ready[0], day.replace(hour=0, minute=30))
        plan(editor, ready[1], day.replace(hour=23, minute=30))

        assert {one.date() for one in planned(session)} == {
            (day - timedelta(days=1)).date(),
            day.date(),
        }
        assert days(editor) == {f"{day:%-d %b %Y}": ["00:30", "23:30"]}


class TestAProcessThatSlept:
    @pytest.mark.parametrize("path", ["/admin/", "/admin/schedule/", "/api/v1/articles"])
    def test_what_was_missed_for_hours_is_settled_in_due_order_before_the_next_answer(
        self, editor, session, path
    ):
        now = clock(session)
        planned_at = now - timedelta(days=3)
        yesterday = (now - timedelta(days=1)).date()
        falls_due = signed(session, an_article(session, slug="due"), due_on=yesterday, now=planned_at)
        publish(session, falls_due, now=planned_at)
        live = a_live_article(session, slug="live", now=planned_at)
        unsigned = an_article(session, slug="unsigned", now=planned_at)
        ready = signed(session, an_article(session, slug="ready", now=planned_at), now=planned_at)
        publishing.withdraw(
            session, a_live_article(session, slug="gone", now=planned_at).entry_id, by=ED, now=planned_at
        )
        for hours, verb, version, number in (
            (2, Verb.RELEASE, live, None),
            (7, Verb.HOLD, live, None),
            (5, Verb.PUBLISH, unsigned, 1),
            (3, Verb.PUBLISH, ready, 1),
        ):
            due_at = now - hours * HOUR
            schedule.schedule(
                session, verb, version.entry_id, version=number, due_at=due_at, by=ED, now=planned_at
            )
        session.commit()
        before = session.query(Act).count()

        answer = editor.get(path)

        session.rollback()
        lines = session.query(Line).filter(Line.sequence > before).order_by(Line.sequence).all()
        assert answer.status_code == 200
        assert [(line.entry_id, line.event) for line in lines] == [
            (falls_due.entry_id, Event.REVIEW_DUE),
            (live.entry_id, Event.HELD),
            (ready.entry_id, Event.PUBLISHED),
            (live.entry_id, Event.RELEASED),
        ]
        acts = session.query(Act).order_by(Act.sequence).all()
        assert [act.at for act in acts] == sorted(act.at for act in acts)
        fates = {one.entry_id: one.fate for one in schedule.failed(session, planned_at)}
        assert fates == {unsigned.entry_id: Fate.FAILED}
        assert schedule.waiting(session) == []
        editor.get(path)
        session.rollback()
        assert session.query(Act).count() == before + 4
        assert rebuild(session).differences == ()
