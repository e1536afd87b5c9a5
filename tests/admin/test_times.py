from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from admin.roles import Role
from admin.times import clock, comes_twice, instant_of, local, moment_in, zone
from content import versions
from content.errors import Invalid
from tests.builders import an_article

SUMMER = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


class TestZone:
    def test_it_is_utc_unless_set(self, app):
        assert zone() == ZoneInfo("UTC")


class TestInstantOf:
    @pytest.fixture(autouse=True)
    def in_berlin(self, app):
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Europe/Berlin")

    @pytest.mark.parametrize(
        ("typed", "turn", "meant"),
        [
            ("2026-07-02T00:30", "", "2026-07-01T22:30:00+00:00"),
            ("2026-12-01T09:00", "second", "2026-12-01T08:00:00+00:00"),
            ("2026-03-29T01:59", "", "2026-03-29T00:59:00+00:00"),
            ("2026-03-29T03:00", "", "2026-03-29T01:00:00+00:00"),
            ("2026-10-25T02:30", "first", "2026-10-25T00:30:00+00:00"),
            ("2026-10-25T02:30", "second", "2026-10-25T01:30:00+00:00"),
        ],
    )
    def test_it_is_what_the_clock_on_the_wall_says(self, typed, turn, meant):
        assert instant_of(typed, turn, "/at").isoformat() == meant

    @pytest.mark.parametrize(
        ("typed", "why"),
        [
            (
                "2026-03-29T02:30",
                "does not come, for the clocks are set forward then: enter an earlier or a later one",
            ),
            ("2026-10-25T02:30", "comes twice, for the clocks are set back then: choose which is meant"),
            ("soon", "needs a day and a time, like 2027-03-31 09:30"),
            ("", "needs a day and a time, like 2027-03-31 09:30"),
            ("9999-12-31T23:59", "needs a day and a time, like 2027-03-31 09:30"),
            ("0001-01-01T00:00", "needs a day and a time, like 2027-03-31 09:30"),
            ("2026-07-02T00:30+02:00", "needs a day and a time, like 2027-03-31 09:30"),
        ],
    )
    def test_what_is_none_or_two_is_told(self, typed, why):
        with pytest.raises(Invalid) as caught:
            instant_of(typed, "", "/at")

        assert [(fault.pointer, fault.detail) for fault in caught.value.faults] == [("/at", why)]

    @pytest.mark.parametrize(
        ("zone", "meant"),
        [
            ("Asia/Tokyo", "2026-07-02T00:30:00+00:00"),
            ("America/New_York", "2026-07-02T13:30:00+00:00"),
            ("", "2026-07-02T07:30:00+00:00"),
        ],
    )
    def test_a_form_says_by_which_clock_its_moment_was_typed(self, zone, meant):
        form = {"at": "2026-07-02T09:30", "at-zone": zone}

        assert moment_in(form, "at", "/at").isoformat() == meant

    @pytest.mark.parametrize("zone", ["Mars/Olympus_Mons", "../etc/passwd", "europe/berlin", " "])
    def test_a_clock_that_is_not_known_is_told_and_no_other_taken(self, zone):
        with pytest.raises(Invalid) as caught:
            moment_in({"at": "2026-07-02T09:30", "at-zone": zone}, "at", "/at")

        assert [(fault.pointer, fault.detail) for fault in caught.value.faults] == [
            ("/at", "was typed by a clock that is not known here. Type it by that of Europe/Berlin")
        ]

    def test_what_comes_twice_does_so_by_that_clock(self):
        form = {"at": "2026-11-01T01:30", "at-zone": "America/New_York"}

        with pytest.raises(Invalid, match="comes twice"):
            moment_in(form, "at", "/at")
        assert (
            moment_in({**form, "at-turn": "second"}, "at", "/at").isoformat() == "2026-11-01T06:30:00+00:00"
        )

    @pytest.mark.parametrize(
        ("typed", "twice"),
        [("2026-10-25T02:00", True), ("2026-10-25T03:00", False), ("2026-03-29T02:30", False), ("x", False)],
    )
    def test_it_knows_what_comes_twice(self, typed, twice):
        assert comes_twice(typed) is twice


class TestLocal:
    def test_it_is_the_same_instant_by_the_newsrooms_clock(self, app):
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Europe/Berlin")

        assert local(SUMMER) == SUMMER
        assert local(SUMMER).isoformat() == "2026-07-02T00:30:00+02:00"

    def test_it_is_what_pages_show(self, app, session, signed_in):
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Europe/Berlin")
        made = an_article(session)
        versions.save(session, made.entry_id, made.values, based_on=1, by="person:ed", now=SUMMER)
        session.commit()

        page = signed_in(Role.AUTHOR).get(f"/admin/entries/{made.entry_id}/history").text

        assert "2 Jul 2026, 00:30" in page


class TestClock:
    @pytest.mark.parametrize(
        ("instant", "told"),
        [
            (SUMMER, "00:30"),
            (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "01:59"),
            (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "03:00"),
            (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), "01:59"),
            (datetime(2026, 10, 25, 0, 0, tzinfo=UTC), "02:00 CEST"),
            (datetime(2026, 10, 25, 1, 59, tzinfo=UTC), "02:59 CET"),
            (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "03:00"),
        ],
    )
    def test_it_is_the_time_on_the_wall_and_which_of_two_where_it_comes_twice(self, app, instant, told):
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Europe/Berlin")

        assert clock(instant) == told
