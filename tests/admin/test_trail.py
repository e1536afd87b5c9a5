from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from content import publishing, versions
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_live_image,
    a_topic,
    an_article,
    an_image,
    publish,
    saved,
    signed,
)


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def first(session):
    made = an_article(session, body="Walking helps the veins.")
    saved(session, made, body="Walking often helps the leg veins.")
    session.commit()
    return made


def path(version, page):
    return f"/admin/entries/{version.entry_id}/{page}"


class TestDiff:
    def test_it_marks_whole_words(self, editor, first):
        page = BeautifulSoup(editor.get(path(first, "diff?from=1&to=2&as=source")).text, "html.parser")

        assert [one.text.strip() for one in page.select("main .words ins")] == ["often", "leg"]
        assert page.select("main .words del") == []

    def test_it_goes_either_way(self, editor, first):
        page = BeautifulSoup(editor.get(path(first, "diff?from=2&to=1&as=source")).text, "html.parser")

        assert [one.text.strip() for one in page.select("main .words del")] == ["often", "leg"]

    def test_it_marks_prose_as_readers_see_it_unless_told_otherwise(self, editor, session):
        made = an_article(session, body="## Walking\n\nIt *helps*.")
        saved(session, made, body="## Walking\n\nIt *often* helps.", title="Walking")
        session.commit()

        page = BeautifulSoup(editor.get(path(made, "diff")).text, "html.parser")

        prose = page.select_one("main .prose")
        assert prose.select_one("h2").text == "Walking"
        assert [one.text for one in prose.select("ins em")] == ["often"]
        assert page.select_one("[aria-current=page][href*='as=prose']")
        assert "Walking" in page.select_one("#diff-title").parent.text

    def test_it_shows_the_source_where_no_word_that_readers_see_is_marked(self, editor, session):
        made = an_article(session, body="- Call 112\n- Lie still")
        saved(session, made, body="- Call 112\n\n* Lie still")
        session.commit()

        page = BeautifulSoup(editor.get(path(made, "diff")).text, "html.parser")

        assert [one.text.strip() for one in page.select("main .words del, main .words ins")] == ["-", "*"]

    @pytest.mark.parametrize("manner", ["prose", "source"])
    def test_it_shows_sources_row_by_row_and_field_by_field(self, editor, session, manner):
        veins = {"title": "Veins", "publisher": "Clinic"}
        made = an_article(session, sources=[{"title": "DVT", "publisher": "NHS"}, veins])
        saved(session, made, sources=[veins, {"title": "DVT", "publisher": "NHS England"}])
        session.commit()

        page = BeautifulSoup(editor.get(path(made, f"diff?as={manner}")).text, "html.parser")

        [row] = page.select("main .rows li")
        fields = {one.dt.text: one.dd for one in row.select("dl > div")}
        assert row.p.text == "Changed"
        assert {name: one.text.strip() for name, one in fields.items()} == {
            "Title": "DVT",
            "Publisher": "NHS England",
        }
        assert [one.text.strip() for one in row.select("ins")] == ["England"]
        assert "One stays as it was." in page.text

    def test_sources_stand_side_by_side(self, editor, session):
        made = an_article(session, sources=[{"title": "DVT", "publisher": "NHS"}])
        saved(session, made, sources=[{"title": "Veins of the leg"}])
        session.commit()

        page = BeautifulSoup(editor.get(path(made, "diff?as=fields")).text, "html.parser")

        sides = [[one.text for one in side.select("dd")] for side in page.select(".sides .words")]
        assert sides == [["DVT", "NHS"], ["Veins of the leg"]]

    def test_of_a_long_text_it_shows_what_is_near_to_a_change_and_the_whole_where_that_is_wanted(
        self, editor, session
    ):
        body = "\n\n".join(f"Paragraph {number}." for number in range(20))
        made = an_article(session, body=body)
        saved(session, made, body=f"{body}\n\nA new one.")
        session.commit()

        page = BeautifulSoup(editor.get(path(made, "diff")).text, "html.parser")
        [link] = [one for one in page.select("main a") if one.text == "Read it whole"]
        whole = BeautifulSoup(editor.get(link["href"]).text, "html.parser")

        assert "Paragraph 0." not in page.select_one("main .prose").text
        assert "Paragraph 0." in whole.select_one("main .prose").text
        assert page.select_one("main .prose ins").text == whole.select_one("main .prose ins").text
        [back] = [one for one in whole.select("main a") if one.text == "Show only what changed"]
        assert "whole" not in back["href"]

    def test_it_shows_the_fields_side_by_side(self, editor, first):
        page = BeautifulSoup(editor.get(path(first, "diff?as=fields")).text, "html.parser")

        assert [one.text for one in page.select("main .sides .words")] == [
            "Walking helps the veins.",
            "Walking often helps the leg veins.",
        ]

    def test_side_by_side_each_marks_the_words_that_the_other_has_not(self, editor, session):
        made = an_article(session, body="Bed rest helps.", sources=[{"title": "DVT", "publisher": "NHS"}])
        sources = [{"title": "DVT", "publisher": "NHS England"}]
        saved(session, made, body="Walking helps.", seo_title="New", sources=sources)
        session.commit()

        page = BeautifulSoup(editor.get(path(made, "diff?as=fields")).text, "html.parser")
        marked = {
            heading.text: [
                [str(one) for one in side.select("ins, del")]
                for side in heading.parent.select(".sides .words")
            ]
            for heading in page.select(".diff h2")
        }

        assert marked.pop("Text") == [["<del>Bed rest</del>"], ["<ins>Walking</ins>"]]
        assert marked.pop("Sources") == [[], ["<ins> England</ins>"]]
        assert list(marked.values()) == [[[], ["<ins>New</ins>"]]]

    @pytest.mark.parametrize("manner", ["prose", "source", "fields"])
    def test_it_calls_entries_by_their_titles(self, editor, session, manner):
        made = an_article(session)
        saved(session, made, topics=[a_topic(session, name="Veins")])
        session.commit()

        page = BeautifulSoup(editor.get(path(made, f"diff?as={manner}")).text, "html.parser")

        assert "Veins" in page.select_one("#diff-topics").parent.text

    def test_it_knows_no_other_manner(self, editor, first):
        assert editor.get(path(first, "diff?as=other")).status_code == 404

    def test_it_says_so_where_nothing_differs(self, editor, first):
        assert "They say the same." in editor.get(path(first, "diff?from=1&to=1")).text

    @pytest.mark.parametrize(
        "query", ["from=0&to=1", "from=1&to=9", "from=x", "to=99999999999999999999", "to=" + "9" * 5000]
    )
    def test_it_knows_no_other_version(self, editor, first, query):
        assert editor.get(path(first, f"diff?{query}")).status_code == 404

    @pytest.mark.parametrize("number", ["0", "9", "x", "9" * 5000])
    def test_it_shows_no_other_version(self, editor, first, number):
        assert editor.get(path(first, f"versions/{number}")).status_code == 404

    def test_it_escapes_what_was_written(self, editor, session):
        made = an_article(session, body="a <script>alert(1)</script> b")
        saved(session, made, body="a <script>alert(2)</script> b")
        session.commit()

        assert "<script>alert" not in editor.get(path(made, "diff")).text


class TestChoices:
    @pytest.mark.parametrize("page", ["history", "diff", "preview", "reinstate"])
    def test_each_version_is_offered_with_its_day_who_saved_it_and_how_it_stands(self, editor, session, page):
        made = an_article(session)
        publish(session, signed(session, made))
        second = signed(session, saved(session, made, title="Two"))
        publish(session, second)
        saved(session, signed(session, saved(session, second, title="Three")), title="Four")
        session.commit()

        shown = BeautifulSoup(editor.get(path(made, page)).text, "html.parser")

        for chooser in shown.select(
            "main select[name=version], main select[name=from], main select[name=to]"
        ):
            assert [(one["value"], one.text) for one in chooser.select("option")] == [
                ("4", "4, 1 May 2026, person:ed, draft"),
                ("3", "3, 1 May 2026, person:ed, signed"),
                ("2", "2, 1 May 2026, person:ed, live"),
                ("1", "1, 1 May 2026, person:ed, was public"),
            ]
        chosen = [one["value"] for one in shown.select("main option[selected]")]
        assert chosen[-2:] == ["3", "4"] if page in ("history", "diff") else chosen[:1] == ["4"]


class TestRestore:
    def test_it_makes_a_new_version_of_an_old_one(self, editor, first, session):
        editor.post(path(first, "restore"), {"version": "1", "newest": "2"}, form_on="/admin/password")

        made = versions.latest(session, first.entry_id)
        assert (made.number, made.values, made.note) == (3, first.values, "Restored version 1.")

    @pytest.mark.parametrize("number", ["", "0", "9", "x", "99999999999999999999", "9" * 5000])
    def test_it_knows_no_other_version(self, editor, first, number):
        answer = editor.post(
            path(first, "restore"), {"version": number, "newest": "2"}, form_on="/admin/password"
        )

        assert answer.status_code == 404

    @pytest.mark.parametrize("seen", ["", "1", "x"])
    def test_it_passes_over_nobody_who_saved_meanwhile(self, editor, first, session, seen):
        sent = {"version": "1", "newest": seen}
        answer = editor.post(path(first, "restore"), sent, form_on="/admin/password", follow_redirects=True)

        assert "somebody has saved another version since" in answer.text
        assert versions.latest(session, first.entry_id).number == 2

    def test_it_has_nothing_to_restore_of_what_was_erased(self, editor, first, session):
        publish(session, signed(session, first))
        publishing.erase(session, first.entry_id, [1], by=ED, note="By order.")

        answer = editor.post(
            path(first, "restore"), {"version": "1", "newest": "2"}, form_on="/admin/password"
        )

        assert answer.status_code == 410


class TestHistory:
    def test_it_tells_versions_reviews_and_acts_in_one_order_the_last_first(self, editor, first, session):
        publish(session, signed(session, first))
        publishing.withdraw(session, first.entry_id, by=ED, note="Being rewritten.", now=MAY_DAY + 40 * HOUR)

        page = BeautifulSoup(editor.get(path(first, "history")).text, "html.parser")

        steps = [one.text for one in page.select("main .step strong")]
        assert steps == [
            "Withdrawn",
            "Published",
            "Version 1 signed",
            "Version 2 saved",
            "Version 1 saved",
        ]
        assert [one["id"] for one in page.select("main h2")] == ["day-2026-05-03", "day-2026-05-01"]
        assert "Readers were told: Being rewritten." in page.text

    def test_it_knows_no_other_entry(self, editor):
        assert editor.get("/admin/entries/00000000-0000-7000-8000-000000000000/history").status_code == 404


class TestOnDay:
    @pytest.fixture
    def shown(self, session):
        """Version 1 from the 1st, 9:00; version 2 from the 3rd, 9:00, until the 5th, 9:00."""
        made = an_article(session, body="Walking helps.", slug="walking")
        publish(session, signed(session, made))
        again = saved(session, made, body="Walking often helps.", slug="walking")
        publish(session, signed(session, again, now=MAY_DAY + 48 * HOUR), now=MAY_DAY + 48 * HOUR)
        publishing.withdraw(session, made.entry_id, by=ED, now=MAY_DAY + 96 * HOUR)
        return made

    @pytest.mark.parametrize(
        ("day", "versions"),
        [
            ("2026-04-30", []),
            ("2026-05-01", ["Version 1, from"]),
            ("2026-05-02", ["Version 1, all day"]),
            ("2026-05-03", ["Version 2, from", "Version 1, until"]),
            ("2026-05-04", ["Version 2, all day"]),
            ("2026-05-05", ["Version 2, until"]),
            ("2026-05-06", []),
        ],
    )
    def test_it_shows_what_readers_had_on_that_day(self, editor, shown, day, versions):
        page = BeautifulSoup(editor.get(path(shown, f"on?day={day}")).text, "html.parser")

        told = [one.text for one in page.select("main h2")]
        assert len(told) == len(versions)
        assert all(one.startswith(version) for one, version in zip(told, versions, strict=True))
        assert ("Nothing of it was public" in page.text) == (not versions)
        assert ("Walking often helps." in page.text) == any("Version 2" in one for one in versions)

    def test_a_day_is_one_of_the_newsroom_s_calendar(self, editor, shown, app):
        # Midnight there is 9:00 in UTC, when version 2 replaced version 1.
        app.config["VERSO_TIME_ZONE"] = ZoneInfo("Pacific/Gambier")

        for day, told in (("2026-05-02", "Version 1, all day"), ("2026-05-03", "Version 2, all day")):
            page = BeautifulSoup(editor.get(path(shown, f"on?day={day}")).text, "html.parser")
            assert [one.text for one in page.select("main h2")] == [told]

    def test_pictures_and_names_are_those_of_that_day(self, editor, session):
        veins, image = a_topic(session, "Veins"), a_live_image(session, caption="Take 1 tablet a day.")
        values = {"topics": [veins], "body": f"![](/api/v1/images/{image.entry_id})"}
        made = a_live_article(session, **values)
        later = MAY_DAY + 48 * HOUR
        newer = saved(session, image, caption="Take 2 tablets a day.", now=later)
        publish(session, signed(session, newer, now=later), note="Two.", now=later)
        topic = versions.latest(session, UUID(veins))
        publish(session, saved(session, topic, name="Blood vessels", now=later), note="So.", now=later)
        saved(session, newer, caption="Take 10 tablets a day.", now=later)
        saved(session, versions.latest(session, UUID(veins)), name="Pipes", now=later)
        session.commit()

        for page, dose, name in (
            ("on?day=2026-05-02", 1, "Veins"),
            ("on?day=2026-05-03", 2, "Blood vessels"),
        ):
            shown = BeautifulSoup(editor.get(path(made, page)).text, "html.parser").main
            assert shown.figcaption.text.startswith(f"Take {dose} tablet")
            assert name in [one.text for one in shown.select(".plain-words")]
        as_it_will_be = editor.get(path(made, "versions/1")).text
        assert "Take 2 tablets a day." in as_it_will_be
        assert "Blood vessels" in as_it_will_be

    def test_it_shows_no_erased_word(self, editor, shown, session):
        publishing.erase(session, shown.entry_id, [1], by=ED, note="By order.")

        page = editor.get(path(shown, "on?day=2026-05-02")).text

        assert "Its words were erased." in page
        assert "Walking helps." not in page

    @pytest.mark.parametrize("day", ["", "2026-02-30", "x"])
    def test_it_knows_no_other_day(self, editor, shown, day):
        assert editor.get(path(shown, f"on?day={day}")).status_code == 404

    def test_a_day_to_come_is_refused(self, editor, shown):
        today = datetime.now(UTC).date()
        answer = editor.get(path(shown, f"on?day={today + timedelta(days=2)}"))

        page = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 422
        assert "“What was public on” asks for today, or a day before it" in page.select_one("#fault").text
        assert page.select_one("#day")["aria-invalid"] == "true"
        assert "Nothing of it was public" not in answer.text
        assert editor.get(path(shown, f"on?day={today}")).status_code == 200


class TestVersion:
    def test_it_says_what_it_names_that_is_not_public_yet(self, editor, session):
        image = an_image(session, caption="Rest it.")
        saved(session, image, caption="Rest both.")
        made = an_article(session, image=str(image.entry_id), body=f"![](/api/v1/images/{image.entry_id})")
        session.commit()

        page = BeautifulSoup(editor.get(path(made, "versions/1")).text, "html.parser")

        assert page.figcaption.text == "Rest both."
        assert "Not public yet, and shown as in the newest version: A foot (image, version 2)." in page.text

    def test_it_shows_the_text_as_its_readers_would_see_it(self, editor, first):
        page = BeautifulSoup(editor.get(path(first, "versions/1")).text, "html.parser")

        assert page.select_one(".prose p").text == "Walking helps the veins."
