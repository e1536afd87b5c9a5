from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from admin.roles import Role
from admin.times import local, zone
from content import versions
from tests.builders import an_article

SUMMER = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


class TestZone:
    def test_it_is_utc_unless_set(self, app):
        assert zone() == ZoneInfo("UTC")


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
