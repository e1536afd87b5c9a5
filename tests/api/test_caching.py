"""No answer may be kept past a moment at which it is known to change."""

from datetime import timedelta
from uuid import UUID

import pytest

from api import caching
from content import database, schedule
from content.moments import Moment
from content.schedule import Verb
from tests.builders import ED, HOUR, MAY_DAY, a_live_article


def moment(left=None, *, at=MAY_DAY, clock=MAY_DAY + HOUR, began_at=None):
    """A moment at which something is due in `left` seconds."""
    due = None if left is None else clock + timedelta(seconds=left)
    return Moment(1, at, UUID(int=1), clock, due, began_at=began_at)


class TestLifetime:
    @pytest.mark.parametrize(
        ("left", "told"),
        [
            (None, "public, max-age=60, stale-while-revalidate=30, stale-if-error=300"),
            (100_000, "public, max-age=60, stale-while-revalidate=30, stale-if-error=300"),
            (101, "public, max-age=60, stale-while-revalidate=30, stale-if-error=40"),
            (76, "public, max-age=60, stale-while-revalidate=15, stale-if-error=15"),
            (61, "public, max-age=60"),
            (8.9, "public, max-age=7"),
            (2, "public, max-age=1"),
            (1.9, "no-cache"),
            (0, "no-cache"),
        ],
    )
    def test_it_ends_before_what_is_due(self, left, told):
        assert caching.lifetime(moment(left)) == told

    def test_it_ends_there_for_every_answer(self, session, api):
        shown = a_live_article(session)
        due_at = database.clock(session) + timedelta(seconds=40)
        schedule.schedule(session, Verb.WITHDRAW, shown.entry_id, due_at=due_at, by=ED)
        session.commit()

        for path in ("articles", "articles/clots", "articles/clots?as_of=1", "changes"):
            told = api.get(f"/api/v1/{path}").headers["Cache-Control"]
            assert 0 < int(told.removeprefix("public, max-age=")) <= 40

    def test_it_is_as_short_as_the_operator_says(self, app, session, api):
        app.config["VERSO_MAX_AGE"] = 5
        a_live_article(session)

        told = api.get("/api/v1/articles/clots").headers["Cache-Control"]

        assert told == "public, max-age=5, stale-while-revalidate=30, stale-if-error=300"


class TestForCdns:
    @pytest.mark.parametrize(
        ("left", "told"),
        [
            (None, "max-age=3600, stale-while-revalidate=30, stale-if-error=300"),
            (3_701, "max-age=3600, stale-while-revalidate=30, stale-if-error=100"),
            (501, "max-age=500"),
            (1.9, None),
        ],
    )
    def test_it_ends_before_what_is_due(self, left, told):
        assert caching.for_cdns(moment(left), 3600) == told

    def test_it_is_told_only_where_somebody_purges(self, app, session, api):
        a_live_article(session)
        assert "CDN-Cache-Control" not in api.get("/api/v1/articles/clots").headers
        app.config["VERSO_PURGE_URL"] = "https://cdn.example/purge"

        paths = ["articles/clots", "articles", "articles/nothing", "sync/head", "articles?limit=0"]
        told = {path: api.get(f"/api/v1/{path}").headers.get("CDN-Cache-Control") for path in paths}

        assert [path for path in paths if told[path]] == ["articles/clots", "articles"]


class TestShort:
    @pytest.mark.parametrize(
        ("left", "told"), [(None, "public, max-age=10"), (4, "public, max-age=3"), (0, "no-cache")]
    )
    def test_it_is_never_served_stale(self, left, told):
        assert caching.short(moment(left)) == told


class TestLastModified:
    def test_it_is_the_second_of_the_last_act(self):
        assert caching.last_modified(moment(at=MAY_DAY + timedelta(milliseconds=900))) == MAY_DAY

    def test_it_is_the_second_in_which_a_restored_log_went_on(self):
        later = MAY_DAY + timedelta(minutes=5)

        assert caching.last_modified(moment(began_at=later + timedelta(milliseconds=900))) == later
        assert caching.last_modified(moment(began_at=MAY_DAY - HOUR)) == MAY_DAY
        assert caching.last_modified(moment(began_at=later, clock=later)) is None

    @pytest.mark.parametrize("clock", [MAY_DAY, MAY_DAY + timedelta(milliseconds=999), MAY_DAY - HOUR])
    def test_it_is_not_said_while_another_act_may_fall_into_that_second(self, clock):
        assert caching.last_modified(moment(at=MAY_DAY, clock=clock)) is None

    def test_it_is_not_said_where_nothing_is_public(self):
        assert caching.last_modified(moment(at=None)) is None
