from datetime import UTC, date, datetime, timedelta

from bs4 import BeautifulSoup

from admin.roles import Role
from tests.builders import an_article, publish, signed

TODAY = datetime.now(UTC).date()


def due(session, slug, day):
    """A live article whose review is due on a day."""
    version = signed(session, an_article(session, slug=slug, title=slug), due_on=day)
    publish(session, version)
    return version


class TestReviewsThatFallDue:
    def test_the_soonest_is_first_and_what_is_overdue_before_it(self, session, signed_in):
        for slug, days in (("in-80-days", 80), ("in-100-days", 100), ("in-10-days", 10)):
            due(session, slug, TODAY + timedelta(days=days))
        overdue = due(session, "overdue", date(2026, 6, 1))
        an_article(session, slug="draft")
        session.commit()

        page = BeautifulSoup(signed_in(Role.REVIEWER).get("/admin/").text, "html.parser")

        rows = page.select("section[aria-labelledby=due] tr")[1:]
        assert [row.a.text for row in rows] == ["overdue", "in-10-days", "in-80-days"]
        assert ["overdue" in row.select_one(".when").text for row in rows] == [True, False, False]
        assert rows[0].a["href"] == f"/admin/entries/{overdue.entry_id}/review?version=1"
