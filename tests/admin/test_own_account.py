from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from admin.people import Person
from admin.roles import Role
from content import schedule
from tests.builders import a_live_article

ACCOUNT = "/admin/account"


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def in_berlin(app):
    app.config["VERSO_TIME_ZONE"] = ZoneInfo("Europe/Berlin")


def choose(browser, zone):
    return browser.post(ACCOUNT, {"time_zone": zone}, form_on=ACCOUNT)


class TestTimeZone:
    def test_it_is_the_newsrooms_unless_chosen(self, editor, in_berlin):
        page = BeautifulSoup(editor.get(ACCOUNT).text, "html.parser")

        assert page.select_one("option").text == "The newsroom’s: Europe/Berlin"
        assert page.select_one("option[selected]") is None
        assert "Times are those of Europe/Berlin" in editor.get("/admin/schedule/").text

    def test_dates_and_the_schedule_follow_it_and_name_it(self, editor, session, in_berlin):
        live = a_live_article(session).entry_id
        session.commit()

        assert choose(editor, "Asia/Tokyo").status_code == 303
        assert "Times are those of Asia/Tokyo now." in editor.get(ACCOUNT).text

        asked = f"/admin/entries/{live}/withdraw"
        moment = BeautifulSoup(editor.get(asked).text, "html.parser").select_one("label[for=due_at]")
        assert "Asia/Tokyo" in moment.text
        told = {
            "manner": "gone",
            "reason": "Old.",
            "note": "Old.",
            "later": "1",
            "due_at": "2090-05-01T09:00",
        }
        assert editor.post(asked, told, form_on=asked).status_code == 303
        [planned] = schedule.waiting(session)
        assert planned.due_at.isoformat() == "2090-05-01T00:00:00+00:00"
        shown = editor.get("/admin/schedule/").text
        assert "1 May 2090, 09:00 (Asia/Tokyo)" in shown
        assert "Times are those of Asia/Tokyo." in shown

    def test_it_is_of_that_person_alone_and_given_up_again(self, editor, signed_in, session, in_berlin):
        choose(editor, "Asia/Tokyo")
        other = signed_in(Role.AUTHOR)

        assert "Times are those of Europe/Berlin" in other.get("/admin/schedule/").text
        choose(editor, "")
        assert "Times are those of Europe/Berlin" in editor.get("/admin/schedule/").text

    def test_a_moment_is_read_by_the_clock_that_its_form_showed(self, editor, session, in_berlin):
        article = a_live_article(session).entry_id
        session.commit()
        asked = f"/admin/entries/{article}/withdraw"
        shown = BeautifulSoup(editor.get(asked).text, "html.parser")
        told = {one["name"]: one.get("value", "") for one in shown.select("main input[type=hidden]")}
        told |= {"manner": "gone", "note": "Old.", "later": "1", "due_at": "2090-05-01T09:00"}

        choose(editor, "Asia/Tokyo")
        again = BeautifulSoup(editor.post(asked, told, form_on=asked).text, "html.parser")
        editor.post(asked, {**told, "reason": "Old."}, form_on=asked)

        assert "Europe/Berlin" in again.select_one("label[for=due_at]").text
        assert again.select_one("[name=due_at-zone]")["value"] == "Europe/Berlin"
        [planned] = schedule.waiting(session)
        assert planned.due_at.isoformat() == "2090-05-01T07:00:00+00:00"

    def test_it_may_be_the_worlds_own(self, editor, in_berlin):
        choose(editor, "UTC")

        assert "Times are those of UTC" in editor.get("/admin/schedule/").text
        assert 'value="UTC" selected' in editor.get("/admin/account").text

    @pytest.mark.parametrize("name", ["Moon/Base", "../etc/passwd", "x" * 100, "Europe/Berlin\x00"])
    def test_one_that_is_none_is_told(self, editor, session, name):
        answer = choose(editor, name)

        assert answer.status_code == 422
        [wrong] = BeautifulSoup(answer.text, "html.parser").select("[aria-invalid]")
        assert (wrong["id"], wrong["aria-describedby"]) == ("time_zone", "fault time_zone-says")
        assert "Time zone is none that is known." in answer.text
        assert set(session.scalars(select(Person.time_zone))) == {None}
