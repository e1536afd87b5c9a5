"""The pages on which preview tokens are made, shown once, listed and revoked."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from content import previews
from content.errors import PreviewOver
from tests.builders import an_article, saved

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ELSEWHERE = "/admin/password"


@pytest.fixture
def author(signed_in):
    return signed_in(Role.AUTHOR)


@pytest.fixture
def draft(session):
    made = an_article(session)
    saved(session, made, title="Newer")
    session.commit()
    return made


def token_on(page):
    """The token that a page shows."""
    return BeautifulSoup(page.text, "html.parser").select_one("#token")["value"]


def path(draft, rest=""):
    return f"/admin/entries/{draft.entry_id}/preview{rest}"


class TestOfDraft:
    def test_it_makes_a_token_and_shows_it_once(self, author, draft, session):
        made = author.post(path(draft), {"purpose": "for Dr. Reed", "days": "3"}, form_on=ELSEWHERE)

        token = token_on(made)
        kept = previews.find(session, token, now=datetime.now(UTC))
        assert kept.pinned == [(draft.entry_id, 2)]
        assert kept.ends_at - kept.made_at == timedelta(days=3)
        listed = author.get(path(draft)).text
        assert "for Dr. Reed" in listed
        assert token not in listed

    def test_it_is_for_the_version_that_was_chosen(self, author, draft, session):
        made = author.post(path(draft), {"purpose": "x", "version": "1"}, form_on=ELSEWHERE)

        assert previews.find(session, token_on(made), now=datetime.now(UTC)).pinned == [(draft.entry_id, 1)]

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"purpose": ""}, "purpose"),
            ({"purpose": "x", "days": "91"}, "days"),
            ({"purpose": "x", "days": "0"}, "days"),
            ({"purpose": "x", "days": "9" * 30}, "days"),
            ({"purpose": "x", "days": "soon"}, "days"),
        ],
    )
    def test_it_says_what_does_not_fit(self, author, draft, session, typed, told):
        refused = author.post(path(draft), typed, form_on=ELSEWHERE)

        assert refused.status_code == 422
        assert told in BeautifulSoup(refused.text, "html.parser").select_one("[role=alert]").text
        assert previews.working(session, draft.entry_id, now=datetime.now(UTC)) == []

    @pytest.mark.parametrize("number", ["0", "3", "x"])
    def test_it_knows_no_other_version(self, author, draft, number):
        refused = author.post(path(draft), {"purpose": "x", "version": number}, form_on=ELSEWHERE)

        assert refused.status_code == 404


class TestRevoke:
    @pytest.fixture
    def made(self, author, draft, session):
        token = token_on(author.post(path(draft), {"purpose": "x"}, form_on=ELSEWHERE))
        return token, previews.find(session, token, now=datetime.now(UTC)).id

    def test_it_ends_a_token(self, author, draft, session, made):
        token, preview_id = made

        assert author.post(path(draft, f"/{preview_id}/revoke"), form_on=ELSEWHERE).status_code == 303

        with pytest.raises(PreviewOver):
            previews.find(session, token, now=datetime.now(UTC))

    def test_it_ends_none_of_another_entry_or_of_a_moment(self, author, signed_in, draft, session, made):
        other = an_article(session, slug="other")
        moment, _ = previews.for_instant(
            session, datetime.now(UTC) + timedelta(days=1), purpose="x", by="person:ed"
        )
        session.commit()
        ids, now = (made[1], moment.id), datetime.now(UTC)

        assert author.post(path(other, f"/{ids[0]}/revoke"), form_on=ELSEWHERE).status_code == 404
        assert author.post(path(draft, f"/{ids[1]}/revoke"), form_on=ELSEWHERE).status_code == 404
        assert len(previews.working(session, None, now=now)) == 1
        assert len(previews.working(session, draft.entry_id, now=now)) == 1


class TestMomentsView:
    def test_it_makes_one_for_those_who_publish(self, signed_in, session):
        editor, tomorrow = signed_in(Role.EDITOR), datetime.now(UTC) + timedelta(days=1)
        typed = {"purpose": "the campaign", "instant": tomorrow.strftime("%Y-%m-%dT%H:%M")}
        made = editor.post("/admin/previews/", typed, form_on=ELSEWHERE)

        kept = previews.find(session, token_on(made), now=datetime.now(UTC))
        assert kept.instant == tomorrow.replace(second=0, microsecond=0)
        revoked = editor.post(f"/admin/previews/{kept.id}/revoke", form_on=ELSEWHERE)
        assert revoked.status_code == 303
        assert previews.working(session, None, now=datetime.now(UTC)) == []

    def test_it_reads_the_newsrooms_clock_and_asks_which_of_two_is_meant(self, app, signed_in, session):
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Europe/Berlin")
        editor = signed_in(Role.EDITOR)
        # The last Sunday of October, when half past two comes twice.
        october = datetime.now(UTC).year + 1
        sunday = max(day for day in range(25, 32) if datetime(october, 10, day, tzinfo=UTC).weekday() == 6)
        typed = {"purpose": "x", "instant": f"{october}-10-{sunday}T02:30", "days": "7"}

        asked = editor.post("/admin/previews/", typed, form_on=ELSEWHERE)
        made = editor.post("/admin/previews/", {**typed, "instant-turn": "second"}, form_on=ELSEWHERE)

        assert asked.status_code == 422
        assert "comes twice" in asked.text
        assert asked.text.count('name="instant-turn"') == 2
        kept = previews.find(session, token_on(made), now=datetime.now(UTC))
        assert kept.instant == datetime(october, 10, sunday, 1, 30, tzinfo=UTC)

    @pytest.mark.parametrize("instant", ["", "soon", "2020-01-01T00:00", "9" * 40])
    def test_it_takes_a_moment_to_come_only(self, signed_in, instant):
        editor = signed_in(Role.EDITOR)
        refused = editor.post("/admin/previews/", {"purpose": "x", "instant": instant}, form_on=ELSEWHERE)

        assert refused.status_code == 422

    def test_it_is_not_for_those_who_only_write(self, author):
        assert author.get("/admin/previews/").status_code == 403
