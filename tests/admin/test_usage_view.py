"""The pages of usage: numbers for everybody who works here, partners' names for whoever looks after partners."""

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest

from admin.roles import Role
from admin.usage_chart import HEIGHT, WIDTH, chart
from content import partners
from content.usage.counting import ANONYMOUS, Counts, Kind, handed
from content.usage.figures import Times
from tests.builders import a_live_article

TODAY = datetime.now(UTC).date()
MAY = date(2026, 5, 1)
HEAD = ["day", "partner", "partner_id", "type", "entry_id", "title", "version", *Kind]


@pytest.fixture
def article(session):
    made = a_live_article(session, title="=1+1").entry_id
    session.commit()
    return made


@pytest.fixture
def partner(session):
    made = partners.create(session, "@magazine")
    session.commit()
    return made.id


@pytest.fixture
def count(session, article):
    """Count that the article was handed out on a day, so many times."""

    def add(day, *, to=None, kind=Kind.FETCH, times=1):
        counts, noon = Counts(), datetime.combine(day, time(12), UTC)
        for _ in range(times):
            counts.note(handed(to, kind, [(article, 1)]), noon)
        counts.write(session, noon)

    return add


def table(page, heading):
    """The rows of the table below a heading, as words."""
    part = page.partition(f">{heading}</h2>")[2].partition("</table>")[0]
    rows = re.findall(r"<tr>(.*?)</tr>", part, re.S)[1:]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


class TestIndex:
    def test_it_tells_the_last_30_days_unless_others_are_asked_for(self, signed_in, count):
        count(TODAY, times=3)
        count(TODAY - timedelta(days=29), kind=Kind.EMBED)
        count(TODAY - timedelta(days=30))
        browser = signed_in(Role.AUTHOR)

        usual = table(browser.get("/admin/usage/").text, "Handed out the most")
        others = table(
            browser.get(
                f"/admin/usage/?from={TODAY - timedelta(days=40)}&until={TODAY - timedelta(days=30)}"
            ).text,
            "Handed out the most",
        )

        assert "3 by itself 0 among others 1 in a page 0 unchanged" in usual[0]
        assert "1 by itself 0 among others 0 in a page 0 unchanged" in others[0]

    def test_its_chart_has_a_table_with_the_same_numbers(self, signed_in, count):
        count(MAY, times=2)

        page = signed_in(Role.AUTHOR).get("/admin/usage/?from=2026-04-30&until=2026-05-02").text

        assert [row.split(" by itself")[0] for row in table(page, "By day")] == [
            "2 May 2026 0",
            "1 May 2026 2",
            "30 Apr 2026 0",
        ]
        assert page.count('class="usage-fetch" x=') == 1

    @pytest.mark.parametrize(
        "asked", ["from=never", "until=2026-13-01", "from=0001-01-01", "until=9999-12-31", "from=2999-01-01"]
    )
    def test_no_day_breaks_it(self, signed_in, asked):
        assert signed_in(Role.AUTHOR).get(f"/admin/usage/?{asked}").status_code == 200

    def test_it_is_about_one_text_where_that_is_asked_for(self, signed_in, count, article):
        count(TODAY, times=4)
        browser = signed_in(Role.AUTHOR)

        page = browser.get(f"/admin/usage/?entry={article}").text

        assert "How often it was handed out" in page
        assert "Handed out the most" not in page
        for wrong in ("nothing", ANONYMOUS):
            assert browser.get(f"/admin/usage/?entry={wrong}").status_code == 404

    def test_names_of_partners_are_for_those_who_look_after_them(self, signed_in, partner, count):
        count(TODAY, to=partner)

        assert "magazine" not in signed_in(Role.EDITOR).get("/admin/usage/").text
        assert f"/admin/usage/partners/{partner}" in signed_in(Role.ADMINISTRATOR).get("/admin/usage/").text

    def test_a_text_s_own_page_tells_of_it(self, signed_in, count, article):
        count(TODAY, times=1_000)
        count(TODAY - timedelta(days=30))

        page = signed_in(Role.AUTHOR).get(f"/admin/articles/{article}").text

        assert f'<a href="/admin/usage/?entry={article}">handed out 1,000 times in 30 days</a>' in page


class TestOfPartner:
    def test_it_tells_of_that_partner_alone(self, signed_in, partner, count):
        count(TODAY, to=partner, times=2)
        count(TODAY, times=5)
        browser = signed_in(Role.ADMINISTRATOR)

        one, anybody = (
            table(browser.get(f"/admin/usage/partners/{who}").text, "Handed out the most")[0]
            for who in (partner, ANONYMOUS)
        )

        assert "2 by itself" in one
        assert "5 by itself" in anybody

    def test_a_partner_s_page_leads_to_it(self, signed_in, partner):
        page = signed_in(Role.ADMINISTRATOR).get(f"/admin/partners/{partner}").text

        assert f'href="/admin/usage/partners/{partner}"' in page


class TestExport:
    def read(self, browser, asked=""):
        answer = browser.get(f"/admin/usage/export.csv?from=2026-05-01&until=2026-05-31{asked}")
        assert answer.content_type == "text/csv; charset=utf-8"
        assert (
            answer.headers["Content-Disposition"] == 'attachment; filename="usage-2026-05-01-2026-05-31.csv"'
        )
        return list(csv.reader(io.StringIO(answer.text)))

    def test_it_has_a_line_for_each_partner_day_and_version(self, signed_in, partner, count, article):
        count(MAY, times=2)
        count(MAY, to=partner, kind=Kind.UNCHANGED)
        browser = signed_in(Role.ADMINISTRATOR)
        anybody = ["2026-05-01", "anonymous", "", "article", str(article), "'=1+1", "1", "2", "0", "0", "0"]
        theirs = ["2026-05-01", "'@magazine", str(partner), "article", str(article), "'=1+1", "1"]

        assert self.read(browser) == [HEAD, anybody, [*theirs, "0", "0", "0", "1"]]
        assert self.read(browser, f"&partner={partner}") == [HEAD, [*theirs, "0", "0", "0", "1"]]
        assert browser.get("/admin/usage/export.csv?partner=nobody").status_code == 404


class TestChart:
    def test_columns_are_drawn_to_scale_and_stand_on_the_ground(self):
        drawn = chart({MAY: Times(fetch=30, embed=10), MAY + timedelta(days=1): Times(unchanged=20)})

        assert drawn.most == 50
        [first, second] = drawn.columns
        assert [(piece.kind, piece.y, piece.height) for piece in first.pieces] == [
            (Kind.FETCH, HEIGHT * 0.4, HEIGHT * 0.6),
            (Kind.EMBED, HEIGHT * 0.2, HEIGHT * 0.2),
        ]
        assert [piece.y + piece.height for piece in second.pieces] == [HEIGHT]
        assert second.x == WIDTH / 2

    @pytest.mark.parametrize(
        ("most", "above"), [(0, 1), (1, 1), (3, 5), (50, 50), (51, 100), (1_234_567, 2_000_000)]
    )
    def test_its_line_is_a_round_number(self, most, above):
        assert chart({MAY: Times(fetch=most)}).most == above
