from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from admin import scheduling
from admin.month import Has, month_of
from admin.roles import Role
from admin.times import local
from content import moments, schedule, versions
from content.log import State
from content.schedule import Fate, Verb
from content.standings import standings
from storage import db
from tests.builders import ED, an_article, publish, signed

ANYWHERE = "/admin/password"


def soon(hours=24):
    return (datetime.now(UTC) + timedelta(hours=hours)).replace(second=0, microsecond=0)


def typed(instant):
    return instant.strftime("%Y-%m-%dT%H:%M")


def hold(session, version, due_at):
    planned_at = due_at - timedelta(hours=1)
    return schedule.schedule(session, Verb.HOLD, version.entry_id, due_at=due_at, by=ED, now=planned_at)


def leave(session, version, due_at):
    planned_at = due_at - timedelta(hours=1)
    return schedule.schedule(session, Verb.WITHDRAW, version.entry_id, due_at=due_at, by=ED, now=planned_at)


def further(page, name):
    """Where a page of a part of the schedule goes on, or None."""
    on = {"coming": "Later", "over": "Earlier"}[name]
    return next((one["href"] for one in page.select(".paging a") if one.text.strip() == on), None)


def every_page(browser, name):
    """What the pages of a part of the schedule say, thing by thing."""
    address, told = "/admin/schedule/", []
    while address and len(told) < 9:
        page = BeautifulSoup(browser.get(address).text, "html.parser")
        things = page.select_one(f"#{name}").parent.select("li")
        told.append([f"{one} {' '.join(one.text.split())}" for one in things])
        address = further(page, name)
    return told


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

    def test_it_asks_again_where_another_version_is_live_by_now(self, editor, article, session):
        publish(
            session,
            signed(
                session,
                versions.save(
                    session, article.entry_id, {**article.values, "body": "Newer."}, based_on=1, by=ED
                ),
                due_on=soon().date() + timedelta(days=400),
            ),
        )

        answer = do(
            editor, article.entry_id, "publish", version="1", live="", due_at=typed(soon()), note="Said."
        )

        assert answer.status_code == 409
        assert "What readers have is another version by now" in answer.text
        assert planned(session) == []

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

    def test_it_is_one_act_and_one_line_of_the_schedule(self, editor, session):
        topic = versions.create(session, "topic", {"name": "Legs", "slug": "legs"}, locale="en", by=ED)
        article = signed(session, an_article(session, topics=[str(topic.entry_id)]))
        session.commit()

        do(editor, article.entry_id, "publish", due_at=typed(soon()))

        assert [one.entry_id for one in planned(session)] == [article.entry_id]
        assert "and 1 that it is the first to name" in editor.get("/admin/schedule/").text
        sequence = moments.present(session).sequence
        assert moments.present(session, now=soon()).sequence == sequence + 1

    def test_what_it_is_the_first_to_name_is_cancelled_with_it(self, editor, session):
        topic = versions.create(session, "topic", {"name": "Legs", "slug": "legs"}, locale="en", by=ED)
        article = signed(session, an_article(session, topics=[str(topic.entry_id)]))
        session.commit()
        do(editor, article.entry_id, "publish", due_at=typed(soon()))
        [one] = planned(session)

        editor.post(f"/admin/scheduled/{one.id}/cancel", form_on=ANYWHERE)
        session.rollback()
        moments.present(session, now=soon())

        assert standings(session, [topic.entry_id])[topic.entry_id].state == State.DRAFT

    def test_a_moment_by_a_clock_that_is_not_known_is_refused_at_its_field(self, editor, article, session):
        told = {"due_at": typed(soon()), "due_at-zone": "Mars/Olympus_Mons", "note": "Said."}

        answer = do(editor, article.entry_id, "publish", version="1", **told)

        page = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 409
        assert page.select_one("#due_at")["aria-invalid"] == "true"
        assert page.select_one("#due_at")["value"] == told["due_at"]
        assert page.select_one("[name=due_at-zone]")["value"] == "UTC"
        assert "“Moment” was typed by a clock that is not known here." in page.select_one("#fault").text
        assert planned(session) == []

    def test_two_that_are_the_first_to_name_the_same_go_public_both(self, editor, session):
        topic = versions.create(session, "topic", {"name": "Legs", "slug": "legs"}, locale="en", by=ED)
        named = {"topics": [str(topic.entry_id)]}
        both = [signed(session, an_article(session, slug=slug, **named)) for slug in ("one", "two")]
        session.commit()
        for article in both:
            do(editor, article.entry_id, "publish", due_at=typed(soon()))

        session.rollback()
        moments.present(session, now=soon())

        every = standings(session, [topic.entry_id, *(article.entry_id for article in both)])
        assert {one.state for one in every.values()} == {State.LIVE}
        assert schedule.failed(session, soon(0)) == []

    def test_it_is_read_by_the_newsrooms_clock(self, app, editor, article, session):
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Asia/Kolkata")
        due = soon()

        do(editor, article.entry_id, "publish", due_at=typed(due.astimezone(ZoneInfo("Asia/Kolkata"))))

        assert [one.due_at for one in planned(session)] == [due]

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"due_at": ""}, "“Moment” needs a day and a time, like 2027-03-31 09:30."),
            ({"due_at": "2020-01-01T00:00"}, "“Moment” is not to come: enter a later one."),
            ({"due_at": typed(soon()), "kind": "no kind"}, "The kind is not one of typo"),
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

        do(
            editor,
            article.entry_id,
            "withdraw",
            due_at=typed(due),
            manner="gone",
            reason="Out of date.",
            note="Old.",
        )
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
        assert "no review of this very text holds" in over
        assert "Nobody signed this" in editor.get("/admin/").text.partition("Failed in the last 30 days")[2]

    def test_what_was_due_long_ago_and_fails_now_is_told(self, editor, session):
        due = datetime.now(UTC) - timedelta(days=40)
        never = an_article(session, title="Never signed")
        about = {"version": 1, "due_at": due, "by": ED, "now": due - timedelta(hours=1)}
        schedule.schedule(session, Verb.PUBLISH, never.entry_id, **about)
        session.commit()

        desk, page = editor.get("/admin/").text, editor.get("/admin/schedule/").text

        assert "Never signed" in desk.partition("Failed in the last 30 days")[2]
        assert "Never signed" in page.partition("Over in the last 30 days")[2]

    def test_what_is_over_stands_on_the_day_on_which_it_ended(self, editor, session, article):
        schedule.cancel(session, hold(session, article, soon(24 * 200)).id)
        session.commit()

        page = BeautifulSoup(editor.get("/admin/schedule/").text, "html.parser")

        [day] = page.select_one("#over").parent.select("h3 time")
        assert day["datetime"] <= soon().date().isoformat()

    def test_it_tells_which_reviews_fall_due(self, editor, session):
        live = signed(session, an_article(session, title="Soon old"), due_on=soon(24 * 20).date())
        publish(session, live)

        assert "Soon old" in editor.get("/admin/schedule/").text

    @pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
    def test_a_review_stands_at_the_moment_when_it_falls_due(self, app, editor, session, zone):
        app.config["VERSO_TIME_ZONE"] = there = ZoneInfo(zone)
        due_on = soon(24 * 20).date()
        publish(session, signed(session, an_article(session, title="Soon old"), due_on=due_on))

        page = BeautifulSoup(editor.get("/admin/schedule/").text, "html.parser")
        desk = BeautifulSoup(editor.get("/admin/").text, "html.parser")

        local = schedule.midnight(due_on).astimezone(there)
        assert page.select_one("h3 time")["datetime"] == local.date().isoformat()
        assert f"{local:%H:%M} Review due" in " ".join(page.select_one(".versions li").text.split())
        assert f"{local:%-d %b %Y}, {local:%H:%M}" in desk.select_one("#due").parent.text

    def test_it_goes_on_page_by_page(self, monkeypatch, editor, session, article):
        monkeypatch.setattr(scheduling, "MOST", 2)
        for hours in (1, 1, 1, 2, 3):
            hold(session, article, soon(hours))
        for hours in (-3, -2, -1):
            schedule.end(session, hold(session, article, soon(hours)).id, Fate.CANCELLED)
        session.commit()

        met = {name: every_page(editor, name) for name in ("coming", "over")}

        assert {name: [len(page) for page in told] for name, told in met.items()} == {
            "coming": [2, 2, 1],
            "over": [2, 1],
        }
        assert len({one for told in met.values() for page in told for one in page}) == 8

    def test_a_review_stands_on_the_page_of_its_day_only(self, monkeypatch, editor, session, article):
        monkeypatch.setattr(scheduling, "MOST", 1)
        for days in (3, 10, 30):
            hold(session, article, soon(24 * days))
        for days in (1, 5, 20, 40):
            live = an_article(session, title=f"Due in {days}", slug=f"in-{days}")
            publish(session, signed(session, live, due_on=soon(24 * days).date()))
        session.commit()

        told = [[one for one in page if "Review due" in one] for page in every_page(editor, "coming")]

        in_days = [[int(one.rpartition("Due in ")[2].split()[0]) for one in page] for page in told]
        assert in_days == [[1], [], [5], [], [20], [], [40]]

    def test_each_review_stands_on_one_page_though_many_fall_due_on_a_day(self, monkeypatch, editor, session):
        monkeypatch.setattr(scheduling, "MOST", 2)
        for number in range(5):
            live = an_article(session, title=f"Soon old {number}", slug=f"old-{number}")
            publish(session, signed(session, live, due_on=soon(24 * 20).date()))
        session.commit()

        told = every_page(editor, "coming")

        assert [len(page) for page in told] == [2, 2, 1]
        assert sorted(one.partition("Soon old ")[2][0] for page in told for one in page) == list("01234")

    def test_turning_a_page_of_one_part_leaves_the_other_where_it_is(
        self, monkeypatch, editor, session, article
    ):
        monkeypatch.setattr(scheduling, "MOST", 1)
        for days in (1, 2, 3):
            hold(session, article, soon(24 * days))
            schedule.end(session, hold(session, article, soon(-days)).id, Fate.CANCELLED)
        session.commit()

        def page(address):
            return BeautifulSoup(editor.get(address).text, "html.parser")

        def shown(of, name):
            return of.select_one(f"#{name}").parent.ol.text

        first = page("/admin/schedule/")
        later = page(further(first, "coming"))
        both = page(further(later, "over"))
        back = page(next(one["href"] for one in both.select(".paging a") if "First page" in one.text))

        assert shown(both, "coming") == shown(later, "coming") != shown(first, "coming")
        assert shown(both, "over") == shown(back, "over") != shown(first, "over")
        assert shown(back, "coming") == shown(first, "coming")

    @pytest.mark.parametrize("place", ["2026-05-01", "x.y", "2026-05-01.x", "."])
    def test_a_place_that_is_none_is_the_first(self, editor, place):
        assert (
            editor.get("/admin/schedule/", query_string={"reviews": place, "coming": "x"}).status_code == 200
        )

    @pytest.mark.parametrize("address", ["/admin/schedule/", "/admin/"])
    def test_it_asks_as_many_statements_of_many_as_of_few(self, app, editor, session, article, address):
        def asked(count):
            for _ in range(count):
                hold(session, article, soon())
                schedule.end(session, hold(session, article, soon(-1)).id, Fate.FAILED)
            session.commit()
            editor.get(address)
            sent.clear()
            editor.get(address)
            return len(sent)

        sent = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))

        assert asked(1) == asked(150)

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

    @pytest.mark.parametrize("page", ["publish?version=1", "withdraw"])
    def test_taking_off_is_asked_for_and_leads_back_to_where_it_was_pressed(
        self, editor, session, article, one, page
    ):
        here = f"/admin/entries/{article.entry_id}/{page}"
        shown = BeautifulSoup(editor.get(here).text, "html.parser")
        [asked] = shown.select("div[popover][role=dialog] form[action*=cancel]")

        answer = editor.post(asked["action"], form_on=here)

        assert answer.headers["Location"].endswith(here)
        assert planned(session) == []

    def test_what_a_page_shows_twice_asks_for_each_by_itself(self, editor, session, one):
        on = local(schedule.scheduled(session, one).due_at).date()
        shown = BeautifulSoup(editor.get(f"/admin/schedule/?day={on}").text, "html.parser")

        ids = [one["id"] for one in shown.select("[popover][role=dialog]")]
        assert len(ids) == len(set(ids)) == 2

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
    def test_taking_off_is_for_those_who_may_publish(self, signed_in, session, one, role):
        browser = signed_in(role)

        assert browser.post(f"/admin/scheduled/{one}/cancel", form_on=ANYWHERE).status_code == 403
        assert "Take off" not in browser.get("/admin/schedule/").text
        assert len(planned(session)) == 1

    def test_it_knows_nothing_else(self, editor):
        unknown = "00000000-0000-7000-8000-000000000000"

        assert editor.post(f"/admin/scheduled/{unknown}/cancel", form_on=ANYWHERE).status_code == 404


class TestChips:
    def test_a_list_and_the_text_itself_tell_what_is_planned_next(self, app, editor, session, article):
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Asia/Kolkata")
        an_article(session, title="Not planned", slug="other")
        for day in (9, 3):
            hold(session, article, datetime(2032, 3, day, 20, tzinfo=UTC))
        schedule.cancel(session, hold(session, article, datetime(2031, 1, 1, tzinfo=UTC)).id)
        session.commit()

        listed = BeautifulSoup(editor.get("/admin/articles/").text, "html.parser").select("tbody tr")
        told = {row.th.a.text: row.text for row in listed}

        # By the newsroom's clock it is the next day already.
        assert "scheduled, 4 Mar 2032" in told["Clots"]
        assert "scheduled" not in told["Not planned"]
        assert "scheduled, 4 Mar 2032" in editor.get(f"/admin/articles/{article.entry_id}").text


class TestMonth:
    def shown(self, editor, query=""):
        """What each day of the month shown has, by the day of the month; and the page."""
        page = BeautifulSoup(editor.get(f"/admin/schedule/{query}").text, "html.parser")
        cells = page.select(".month td:not(.other)")
        words = [" ".join(one.text.replace("\n", " ").split()) for one in cells]
        return {int(told.split()[0]): told.partition(":")[2].strip() for told in words}, page

    def test_each_day_tells_how_much_it_has_and_what_became_of_it(self, editor, session, article):
        first = datetime(2032, 3, 1, tzinfo=UTC)
        publish(session, article)
        for day, hour in ((3, 9), (3, 10), (4, 9)):
            leave(session, article, first + timedelta(days=day - 1, hours=hour))
        taken, failed = (hold(session, article, first + timedelta(days=9, hours=hour)) for hour in (1, 2))
        publish(
            session, signed(session, an_article(session, slug="due"), due_on=first.date() + timedelta(days=4))
        )
        for one, fate in ((taken, Fate.CANCELLED), (failed, Fate.FAILED)):
            one.fate, one.ended_at = fate, first + timedelta(days=10)
        session.commit()

        days, _ = self.shown(editor, "?month=2032-03-01")

        assert {day: told for day, told in days.items() if told} == {
            3: "2 to come",
            4: "1 to come",
            5: "1 review due",
            11: "1 failed 1 cancelled",
        }

    def test_a_day_leads_to_what_it_has(self, editor, session, article):
        hold(session, article, datetime(2032, 3, 3, 9, tzinfo=UTC))
        hold(session, article, datetime(2032, 3, 4, 0, tzinfo=UTC))
        session.commit()
        _, page = self.shown(editor, "?month=2032-03-01")

        [link, _] = page.select(".month td a")
        day = (
            BeautifulSoup(editor.get(link["href"]).text, "html.parser")
            .select_one("#day")
            .find_parent("section")
        )

        assert day.select_one("h2 time")["datetime"] == "2032-03-03"
        [one] = day.select("li")
        assert " ".join(one.text.split()).startswith("09:00 Hold Clots")

    @pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
    def test_days_are_those_of_the_newsrooms_calendar(self, app, editor, session, article, zone):
        app.config["VERSO_TIME_ZONE"] = there = ZoneInfo(zone)
        late = datetime(2032, 3, 3, 23, 30, tzinfo=there)
        publish(session, article)
        leave(session, article, late.astimezone(UTC))
        due_on = date(2032, 3, 10)
        publish(session, signed(session, an_article(session, slug="due"), due_on=due_on))
        session.commit()

        days, _ = self.shown(editor, "?month=2032-03-01")
        on = schedule.midnight(due_on).astimezone(there).date()
        chosen = editor.get(f"/admin/schedule/?day={on}").text

        assert {day: told for day, told in days.items() if told} == {3: "1 to come", on.day: "1 review due"}
        assert "Review due" in chosen.partition('id="day"')[2].partition("</section>")[0]
        assert "Withdraw" in editor.get("/admin/schedule/?day=2032-03-03").text.partition('id="day"')[2]

    @pytest.mark.parametrize("query", ["", "?month=never", "?month=9999-12-01", "?day=2026-02-30"])
    def test_it_is_this_month_where_none_is_asked_for(self, editor, query):
        _, page = self.shown(editor, query)

        assert page.select_one("#month").text == f"{datetime.now(UTC):%B %Y}"
        assert page.select_one(".month td[aria-current=date] .number").text == str(datetime.now(UTC).day)

    @pytest.mark.parametrize(
        ("month", "neighbours"), [("1900-01-01", 1), ("2032-02-01", 2), ("2999-12-31", 1)]
    )
    def test_it_leads_to_the_months_beside_it(self, editor, month, neighbours):
        _, page = self.shown(editor, f"?month={month}")

        assert len(page.select(".month nav a")) == neighbours

    def test_many_cost_as_many_statements_as_one(self, app, session, article):
        publish(session, article)
        first, sent = datetime(2032, 3, 3, tzinfo=UTC), []
        event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))

        def asked(hours):
            for hour in hours:
                leave(session, article, first + timedelta(hours=hour))
            session.commit()
            sent.clear()
            with app.test_request_context():
                made = month_of(db.session(), date(2032, 3, 1), datetime.now(UTC))
            has = [square.has for square in made.weeks[0] if square.on.day in (3, 4)]
            return has, len([one for one in sent if one.startswith("SELECT")])

        assert asked(range(1)) == ([((Has.COMING, 1),), ()], cost := asked(range(0))[1])
        assert asked(range(1, 30)) == ([((Has.COMING, 24),), ((Has.COMING, 6),)], cost)


class TestWouldFail:
    def test_what_would_be_refused_says_so_wherever_it_is_shown(self, editor, article, session):
        due = soon()
        schedule.schedule(session, Verb.PUBLISH, article.entry_id, version=1, due_at=due, by=ED)
        session.commit()
        shown = {
            "schedule": "/admin/schedule/",
            "day": f"/admin/schedule/?day={local(due).date()}",
            "desk": "/admin/",
            "entry": f"/admin/articles/{article.entry_id}",
            "act": f"/admin/entries/{article.entry_id}/publish",
        }
        said = "belongs to another live entry"

        def told():
            return {name for name, address in shown.items() if said in unescape(editor.get(address).text)}

        assert told() == set()
        other = an_article(session, slug=article.values["slug"])
        said = (
            f"The slug '{article.values['slug']}' (en) belongs to another live entry, “{other.values['title']}”. "
            "Choose another slug, or withdraw that one first."
        )
        publish(session, signed(session, other))

        assert told() == set(shown)
        square = BeautifulSoup(editor.get(shown["day"]).text, "html.parser").select_one(
            "td a[aria-current=true]"
        )
        assert [one.text for one in square.select("span.bad")] == ["1 would fail"]
        assert "to come" not in square.text
