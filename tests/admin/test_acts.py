import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from admin.roles import Role
from admin.wrong import LABELS
from content import schedule, trash, versions
from content.entries import Entry
from content.fingerprints import fingerprint
from content.log import Act, Line, State
from content.standings import standings
from content.versions import Version
from tests.builders import (
    NEXT_YEAR,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    an_faq,
    an_image,
    publish,
    saved,
    signed,
)


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def article(session):
    made = an_article(session)
    session.commit()
    return made


def do(browser, version, verb, **answers):
    path = f"/admin/entries/{version.entry_id}/{verb}"
    return browser.post(path, answers, form_on="/admin/password")


def standing(session, version):
    session.rollback()
    return standings(session, [version.entry_id])[version.entry_id]


def last(session):
    session.rollback()
    return session.execute(select(Act, Line).join(Line).order_by(Act.sequence.desc()).limit(1)).one()


SOME_ID = "01a22509-5a34-7400-8000-000000000000"
REDIRECTED = {"manner": "redirected", "reason": "Old.", "note": "Old."}


class TestWrongFields:
    @pytest.mark.parametrize(
        ("verb", "answers", "field"),
        [
            ("publish", {"note": "New."}, "reason"),
            ("publish", {"reason": "Now.", "later": "1", "due_at": "never"}, "due_at"),
            ("publish", {"reason": "Now.", "later": "1", "due_at": "2020-01-01T00:00"}, "due_at"),
            ("publish", {"reason": "Now.", "note": "N.", "later": "1", "due_at": ""}, "due_at"),
            ("withdraw", {"manner": "gone", "reason": "Old."}, "note"),
            ("withdraw", {**REDIRECTED, "target_url": "ftp:/nowhere"}, "target_url"),
            ("withdraw", REDIRECTED, "target_entry"),
            (
                "withdraw",
                {**REDIRECTED, "manner": "gone", "target_url": "https://who.example/"},
                "target_url",
            ),
            ("withdraw", {**REDIRECTED, "manner": "gone", "target_entry": SOME_ID}, "target_entry"),
            (
                "withdraw",
                {**REDIRECTED, "target_entry": SOME_ID, "target_url": "https://who.example/"},
                "target_url",
            ),
            (
                "withdraw",
                {**REDIRECTED, "manner": "replaced", "target_url": "https://who.example/"},
                "target_url",
            ),
            ("publish", {"reason": "Now.", "note": "N.", "due_at": "2099-01-01T00:00"}, "due_at"),
            ("withdraw", {**REDIRECTED, "manner": "gone", "due_at": "2099-01-01T00:00"}, "due_at"),
            ("reinstate", {"note": "Back."}, "reason"),
        ],
    )
    def test_the_field_says_that_it_is_wrong_and_where_is_told_why(
        self, editor, article, verb, answers, field
    ):
        answer = do(editor, article, verb, **answers)

        page = BeautifulSoup(answer.text, "html.parser")
        [wrong] = page.select("[aria-invalid]")
        assert answer.status_code == 409
        assert wrong["id"] == field
        assert page.find(id=wrong["aria-describedby"].split()[0])["role"] == "alert"
        assert "field-wrong" in wrong.parent["class"]
        assert all(one.has_attr("open") for one in wrong.find_parents("details"))

    def test_the_field_is_called_as_beside_it(self, editor, article):
        answers = {"reason": "Now.", "note": "New.", "later": "1", "due_at": "2020-01-01T00:00"}
        page = BeautifulSoup(do(editor, article, "publish", **answers).text, "html.parser")

        assert page.select_one("#fault").text.strip() == "“Moment” is not to come: enter a later one."
        for field, label in LABELS.items():
            if said := page.select_one(f"label[for={field}]"):
                assert said.text.startswith(label)


class TestPublish:
    def test_it_asks_for_a_reason_where_nobody_has_reviewed_the_text(self, editor, article, session):
        answer = do(editor, article, "publish")

        assert answer.status_code == 409
        assert "A reason is needed" in answer.text
        assert standing(session, article).state == State.DRAFT

    def test_it_publishes_by_force_and_says_so(self, editor, article, session):
        answer = do(editor, article, "publish", reason="It cannot wait.", note="New here.", kind="clinical")

        assert answer.status_code == 303
        act, line = last(session)
        assert (act.reason, line.public_note, line.change_kind) == (
            "It cannot wait.",
            "New here.",
            "clinical",
        )
        assert line.review["status"] == "not_reviewed"
        assert "Clots in the leg" in editor.get("/admin/").text.partition("Public without a review")[2]

    def test_it_tells_what_the_checks_of_the_form_say_of_that_version(self, editor, session):
        article = an_article(session, body="[dead](/api/v1/faqs/never)\n\n#### Deep")
        saved(session, article, body="Only words.")
        session.commit()

        def said(number):
            page = editor.get(f"/admin/entries/{article.entry_id}/publish?version={number}").text
            return [
                (one.a["href"], one.text) for one in BeautifulSoup(page, "html.parser").select(".findings li")
            ]

        form = f"/admin/articles/{article.entry_id}#body"
        assert (form, "Text, line 1The link “dead” leads to nothing that is public.") in said(1)
        assert (form, "Text, line 3The heading “Deep” skips a level.") in said(1)
        assert form not in [href for href, _ in said(2)]

    def test_it_needs_no_force_for_a_reviewed_text(self, editor, article, session, signed_in):
        signed(session, article, due_on=NEXT_YEAR)
        session.commit()

        assert do(editor, article, "publish").status_code == 303
        assert last(session).Act.reason is None

    def test_it_needs_none_for_what_is_not_about_health(self, editor, session):
        topic = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by="test")
        session.commit()

        assert do(editor, topic, "publish").status_code == 303

    def test_it_takes_what_it_is_the_first_to_name_along_in_one_act(self, editor, session):
        topic = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by="test")
        author = an_author(session)
        made = an_article(session, topics=[str(topic.entry_id)], authors=[author])
        session.commit()
        assert "Veins (topic)" in editor.get(f"/admin/entries/{made.entry_id}/publish").text

        do(editor, made, "publish", reason="It cannot wait.")

        assert last(session).Act.sequence == 2
        assert standing(session, topic).state == State.LIVE

    def test_it_takes_a_signed_picture_along_and_leaves_behind_one_that_nobody_signed(self, editor, session):
        known, unknown = signed(session, an_image(session)), an_image(session, name="A knee", slug="a-knee")
        text = f"![](/api/v1/images/{known.entry_id})\n\n![](/api/v1/images/{unknown.entry_id})"
        made = signed(session, an_article(session, body=text))
        session.commit()
        page = editor.get(f"/admin/entries/{made.entry_id}/publish").text
        assert "These go public with it: A foot (image)." in page
        assert f'/admin/entries/{unknown.entry_id}/review">A knee</a> (image).' in page

        do(editor, made, "publish")

        assert standing(session, known).live.review["status"] == "reviewed"
        assert standing(session, unknown).state == State.DRAFT

    def test_it_tells_of_what_lies_in_the_trash_that_readers_will_not_have_it(self, editor, session):
        topic = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by="test")
        trash.throw_away(session, topic.entry_id, by="test")
        made = signed(session, an_article(session, topics=[str(topic.entry_id)]))
        session.commit()
        page = BeautifulSoup(editor.get(f"/admin/entries/{made.entry_id}/publish").text, "html.parser")
        told = " ".join(page.select_one("main form[action*=publish]").text.split())
        assert "Readers will not have these yet, which lie in the trash: Veins (topic, in the trash)." in told

        do(editor, made, "publish")

        assert standing(session, topic).state == State.DRAFT

    def test_what_is_forced_takes_its_pictures_along_by_force(self, editor, session):
        image = an_image(session)
        made = an_article(session, image=str(image.entry_id))
        session.commit()

        do(editor, made, "publish", reason="It cannot wait.")

        assert standing(session, image).live.review["status"] == "not_reviewed"
        assert last(session).Act.sequence == 1

    @pytest.mark.parametrize("is_live", [False, True])
    def test_where_the_signature_is_void_it_leads_to_the_review_and_to_the_signed_version(
        self, editor, article, session, is_live
    ):
        signed(session, article)
        if is_live:
            publish(session, article)
        saved(session, article, body="Other words.")
        session.commit()
        here = f"/admin/entries/{article.entry_id}"

        page = BeautifulSoup(editor.get(f"{here}/publish").text, "html.parser")
        links = {one.text: one["href"] for one in page.select("form[action*=publish] a")}

        assert links.pop("Review version 2") == f"{here}/review?version=2"
        assert links.pop("Compare version 1 with this one") == f"{here}/diff?to=2&from=1"
        # What readers have already is published no second time.
        assert ("Publish version 1, which is signed" in links) is not is_live
        if not is_live:
            shown = editor.get(links["Publish version 1, which is signed"])
            assert "Version <strong>1</strong> becomes public" in shown.text
            assert "Publish without a review" not in shown.text

    def test_it_shows_what_changes_for_readers(self, editor, session):
        first = an_article(session)
        publish(session, signed(session, first))
        saved(session, first, body="Plain new words.")
        session.commit()

        page = BeautifulSoup(editor.get(f"/admin/entries/{first.entry_id}/publish").text, "html.parser")

        assert [one.text.strip() for one in page.select("main ins")] == ["new"]

    def test_it_shows_words_as_readers_will_see_them_and_entries_by_title(self, editor, session):
        topic = a_topic(session)
        first = an_article(session, body="## When\n\n*Now*.", topics=[topic])
        session.commit()
        asked = f"/admin/entries/{first.entry_id}/publish"

        page = BeautifulSoup(editor.get(asked).text, "html.parser")
        assert [one.text for one in page.select(".prose h2, .prose em")] == ["When", "Now"]
        assert not page.select("ins")
        assert [one.text for one in page.select("#diff-topics ~ .words")] == ["Veins"]

        publish(session, signed(session, first))
        saved(session, first, body="## When\n\n*Never*.")
        session.commit()
        page = BeautifulSoup(editor.get(asked).text, "html.parser")
        assert [one.text for one in page.select("main em")] == ["Now", "Never"]
        assert [one.text for one in page.select(".prose del, .prose ins")] == ["Now", "Never"]

    def test_it_lists_every_effect_beforehand(self, editor, session):
        first = a_live_article(session)
        faq = a_live_faq(session, article=str(first.entry_id))
        signed(session, saved(session, first, title="Renamed", slug="renamed"))
        session.commit()

        page = BeautifulSoup(editor.get(f"/admin/entries/{first.entry_id}/publish").text, "html.parser")

        told = [" ".join(one.text.split()) for one in page.select(".effects > li")]
        assert told[0].startswith("Renamed article moves from clots to renamed; the old address leads to")
        assert told[1] == f"{faq.values['question']} FAQ changes: article “Renamed” (address, title)"
        shown = json.loads(page.select_one(".effects pre").text)
        assert do(editor, first, "publish", live="1", kind="clinical", note="Said.").status_code == 303
        served = editor.get("/api/v1/articles/renamed").json
        assert [key for key in served if served[key] != shown[key]] == ["change", "dates"]

    def test_it_names_which_other_texts_are_shown_anew(self, editor, session):
        veins, legs, arms = (a_topic(session, name) for name in ("Veins", "Legs", "Arms"))
        first = a_live_article(session, topics=[veins, legs])
        signed(session, saved(session, first, topics=[legs, arms]))
        session.commit()

        page = BeautifulSoup(editor.get(f"/admin/entries/{first.entry_id}/publish").text, "html.parser")

        told = " ".join(page.select_one(".effects > li").text.split())
        assert "topics “Veins” (no more) and “Arms” (new)" in told

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            ("Take 200 mg at 8:30.", "20, 8:00 before, 200, 8:30 after"),
            ("Take 20 mg at 8:00 and 9:00.", "none before, 9:00 after"),
            ("Take 20 mg at 8:00!", None),
        ],
    )
    def test_it_names_numbers_that_change_beside_the_kinds(self, editor, session, body, told):
        version = saved(session, a_live_article(session, body="Take 20 mg at 8:00."), body=body)
        session.commit()

        page = editor.get(f"/admin/entries/{version.entry_id}/publish").text

        assert ("Numbers change" in page) == (told is not None)
        assert told is None or f"Numbers change: {told}." in page

    def test_it_tells_of_another_order(self, editor, session):
        veins, legs = (a_topic(session, name) for name in ("Veins", "Legs"))
        first = a_live_article(session, topics=[veins, legs])
        signed(session, saved(session, first, topics=[legs, veins]))
        session.commit()

        page = BeautifulSoup(editor.get(f"/admin/entries/{first.entry_id}/publish").text, "html.parser")

        assert "topics (their order)" in " ".join(page.select_one(".effects > li").text.split())

    def test_it_tells_beforehand_what_would_be_refused(self, editor, session):
        a_live_article(session)
        other = signed(session, an_article(session, title="Other"))
        session.commit()

        asked = editor.get(f"/admin/entries/{other.entry_id}/publish").text

        assert "It would be refused: " in asked
        assert "belongs to another live entry" in asked

    def test_it_offers_nothing_where_readers_have_that_version(self, editor, session):
        version = an_article(session)
        publish(session, signed(session, version))
        session.commit()

        page = BeautifulSoup(editor.get(f"/admin/entries/{version.entry_id}/publish").text, "html.parser")

        assert "Version 1 is what readers have" in page.text
        assert not page.select("form[action*=publish]")

    def test_it_asks_again_where_another_version_is_live_by_now(self, editor, session):
        first = an_article(session)
        publish(session, signed(session, first))
        second = saved(session, first, body="Second words.")
        session.commit()
        page = editor.get(f"/admin/entries/{first.entry_id}/publish?version=2").text
        compared = BeautifulSoup(page, "html.parser").find("input", {"name": "live"})["value"]
        third = saved(session, second, body="Third words.")
        publish(session, signed(session, third))

        answer = do(editor, first, "publish?version=2", live=compared, reason="It cannot wait.")

        assert (compared, answer.status_code) == ("1", 409)
        assert "from version 3 to 2" in answer.text
        assert "It cannot wait." in answer.text
        assert standing(session, first).live.version == 3

    @pytest.mark.parametrize("later", [{}, {"later": "1", "due_at": f"{NEXT_YEAR:%Y-%m-%d}T09:00"}])
    def test_it_asks_again_where_what_goes_along_is_another_by_now(self, editor, session, later):
        topic = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by="test")
        article = an_article(session, topics=[str(topic.entry_id)])
        signed(session, article, due_on=NEXT_YEAR + timedelta(days=400))
        session.commit()

        def asked():
            page = BeautifulSoup(editor.get(f"/admin/entries/{article.entry_id}/publish").text, "html.parser")
            fields = page.select("form[action*=publish] input[type=hidden]:not([name=csrf_token])")
            return {one["name"]: one["value"] for one in fields} | later

        shown = asked()
        saved(session, topic, name="Nonsense")
        session.commit()

        answer = do(editor, article, "publish", **shown)

        assert answer.status_code == 409
        assert "What would go public with it is not what it was." in answer.text
        assert "Nonsense (topic)" in answer.text
        assert do(editor, article, "publish", **asked()).status_code == 303

    def test_it_asks_again_where_nothing_is_live_any_more(self, editor, session, article):
        publish(session, signed(session, article))
        saved(session, article, body="Second words.")
        session.commit()
        do(editor, article, "withdraw", manner="gone", reason="Wrong dose.", note="Being mended.")

        answer = do(editor, article, "publish", live="1", reason="It cannot wait.")

        assert answer.status_code == 409
        assert standing(session, article).state == State.GONE

    def test_a_second_click_leads_to_what_the_first_has_published(self, editor, session, article):
        sent = {"live": "", "reason": "It cannot wait."}

        answers = [do(editor, article, "publish?version=1", **sent) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].location == answers[1].location
        assert "Version 1 is public." in editor.get(answers[1].location).text
        chosen = select(func.count()).select_from(Line).where(Line.entry_id == article.entry_id)
        assert session.scalar(chosen) == 1

    def test_it_publishes_what_was_compared_with_what_is_live(self, editor, session, article):
        page = editor.get(f"/admin/entries/{article.entry_id}/publish").text
        assert BeautifulSoup(page, "html.parser").find("input", {"name": "live"})["value"] == ""

        assert do(editor, article, "publish", live="", reason="It cannot wait.").status_code == 303

    def test_it_takes_the_drafts_above_a_topic_along(self, editor, session):
        top = versions.create(session, "topic", {"name": "Body", "slug": "body"}, locale="en", by="test")
        values = {"name": "Veins", "slug": "veins", "parent": str(top.entry_id)}
        topic = versions.create(session, "topic", values, locale="en", by="test")
        made = an_article(session, topics=[str(topic.entry_id)])
        session.commit()
        assert "Body (topic)" in editor.get(f"/admin/entries/{made.entry_id}/publish").text

        do(editor, made, "publish", reason="It cannot wait.")

        assert standing(session, top).state == State.LIVE

    def test_it_follows_topics_that_stand_above_one_another_once_round(self, editor, session):
        top = versions.create(session, "topic", {"name": "Body", "slug": "body"}, locale="en", by="test")
        values = {"name": "Veins", "slug": "veins", "parent": str(top.entry_id)}
        topic = versions.create(session, "topic", values, locale="en", by="test")
        # As two who save at once may leave them: neither save saw the other.
        moved = saved(session, top, description="The whole of it.")
        placement = moved.placement | {"parent": str(topic.entry_id)}
        given = {"placement": placement, "placement_hash": fingerprint(placement), "number": 3, "based_on": 2}
        kept = {column.key: getattr(moved, column.key) for column in Version.__table__.columns}
        session.add(Version(**(kept | given)))
        session.get_one(Entry, top.entry_id).latest = 3
        made = an_article(session, topics=[str(topic.entry_id)])
        session.commit()

        page = editor.get(f"/admin/entries/{made.entry_id}/publish").text

        assert page.count("Body (topic)") == page.count("Veins (topic)") == 1

    @pytest.mark.parametrize(
        ("kind", "note", "status"),
        [
            ("typo", "", 303),
            ("editorial", "", 409),
            ("clinical", " ", 409),
            ("safety", "", 409),
            ("safety", "The dose was wrong.", 303),
        ],
    )
    def test_readers_are_told_of_more_than_a_typo_in_what_was_public(
        self, editor, session, article, kind, note, status
    ):
        publish(session, signed(session, article))
        signed(session, saved(session, article, body="Other words."))
        session.commit()

        answer = do(editor, article, "publish", live="1", kind=kind, note=note)

        assert answer.status_code == status
        assert ("A public note is needed" in answer.text) == (status == 409)
        assert standing(session, article).live.version == (2 if status == 303 else 1)

    @pytest.mark.parametrize("later", [{}, {"later": "1", "due_at": "2030-01-01T09:00"}])
    def test_it_names_the_kinds_that_there_are(self, editor, article, session, later):
        publish(session, signed(session, article))
        signed(session, saved(session, article, body="Other words."))
        session.commit()

        answer = do(editor, article, "publish", live="1", kind="nope", note="Said.", **later)

        assert answer.status_code == 409
        assert "The kind is not one of typo, editorial, clinical, safety" in answer.text

    def test_it_plans_nothing_past_the_last_day_of_the_review(self, editor, article, session):
        signed(session, article)
        session.commit()
        past = {"later": "1", "due_at": f"{NEXT_YEAR}T09:00"}

        answer = do(editor, article, "publish", **past)

        assert answer.status_code == 409
        assert "The review of these words holds until 1 May 2027 only." in answer.text
        assert BeautifulSoup(answer.text, "html.parser").select_one("textarea[name=reason]")
        assert schedule.waiting_for(session, article.entry_id) == []
        session.commit()

        assert do(editor, article, "publish", **past, reason="It cannot wait.").status_code == 303
        assert [one.options["forced"] for one in schedule.waiting_for(session, article.entry_id)] == [True]

    def test_it_plans_what_the_review_covers_once(self, editor, article, session):
        signed(session, article)
        session.commit()
        before = {"later": "1", "due_at": f"{NEXT_YEAR - timedelta(days=1)}T09:00"}

        assert do(editor, article, "publish", **before).status_code == 303
        again = do(editor, article, "publish", **before)

        assert again.status_code == 409
        assert "“Moment” is when just this is on the schedule already: enter another one." in again.text
        assert len(schedule.waiting_for(session, article.entry_id)) == 1

    def test_it_tells_a_slug_that_is_taken(self, editor, article, session):
        publish(session, signed(session, article))
        other = an_article(session, title="Other")
        session.commit()

        answer = do(editor, other, "publish", reason="It cannot wait.")

        assert answer.status_code == 409
        assert "belongs to another live entry" in answer.text
        assert "It cannot wait." in answer.text

    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
    def test_it_is_for_those_who_may(self, signed_in, article, session, role):
        assert do(signed_in(role), article, "publish", reason="Mine").status_code == 403
        assert standing(session, article).state == State.DRAFT

    @pytest.mark.parametrize("number", ["0", "2", "x", "99999999999", "9" * 5000])
    def test_it_knows_no_other_version(self, editor, article, number):
        assert do(editor, article, f"publish?version={number}", reason="Mine").status_code == 404


class TestWithdraw:
    @pytest.fixture
    def live(self, session, article):
        publish(session, signed(session, article))
        return article

    def test_it_takes_an_entry_from_the_public(self, editor, live, session):
        assert (
            do(
                editor, live, "withdraw", manner="gone", reason="Wrong dose.", note="Being mended."
            ).status_code
            == 303
        )

        act, line = last(session)
        assert (act.reason, line.public_note, line.state) == ("Wrong dose.", "Being mended.", State.GONE)

    def test_it_leads_elsewhere(self, editor, live, session):
        do(
            editor,
            live,
            "withdraw",
            manner="redirected",
            target_url="https://example.org/legs",
            reason="Moved.",
            note="It is there now.",
        )

        assert standing(session, live).target == "https://example.org/legs"

    def test_it_names_what_takes_its_place(self, editor, live, session):
        other = an_article(session, title="Other", slug="other")
        publish(session, signed(session, other))

        do(
            editor,
            live,
            "withdraw",
            manner="replaced",
            target_entry=str(other.entry_id),
            reason="Better one.",
            note="Read that one.",
        )

        assert standing(session, live).state == State.REPLACED

    def options(self, page):
        chosen = BeautifulSoup(page, "html.parser").select("#target_entry option")
        return [(option["value"], option.text, option.has_attr("selected")) for option in chosen]

    def test_it_offers_what_is_live_without_a_script(self, editor, live, session):
        other = an_article(session, title="Other", slug="other")
        publish(session, signed(session, other))
        an_article(session, title="Draft", slug="draft")
        session.commit()

        page = editor.get(f"/admin/entries/{live.entry_id}/withdraw").text

        assert self.options(page) == [("", "None of ours", False), (str(other.entry_id), "Other", False)]

    def test_it_keeps_what_was_chosen_by_its_title(self, editor, live, session):
        other = an_faq(session, question="Why legs?")
        session.commit()

        answer = do(editor, live, "withdraw", manner="replaced", target_entry=str(other.entry_id))

        assert (str(other.entry_id), "Why legs?", True) in self.options(answer.text)

    @pytest.mark.parametrize(
        "way",
        [
            "http://localhost:8000/api/v1/articles/{slug}",
            "HTTPS://LOCALHOST:8000/api/v1/articles/{id}",
            "http://localhost:8000/api/v1/articles/{slug}?locale=en#top",
        ],
    )
    def test_it_leads_not_to_itself_by_its_address_either(self, editor, live, session, way):
        url = way.format(slug=live.values["slug"], id=live.entry_id)

        answer = do(
            editor, live, "withdraw", manner="redirected", target_url=url, reason="Moved.", note="There."
        )

        assert answer.status_code == 409
        assert "is the entry itself" in answer.text
        assert standing(session, live).state == State.LIVE

    @pytest.mark.parametrize("later", [{}, {"later": "1", "due_at": f"{NEXT_YEAR:%Y-%m-%d}T09:00"}])
    def test_it_asks_again_where_readers_have_another_text_by_now(self, editor, live, session, later):
        told = {"manner": "gone", "reason": "Wrong dose.", "note": "Being mended."} | later
        page = editor.get(f"/admin/entries/{live.entry_id}/withdraw").text
        shown = BeautifulSoup(page, "html.parser").find("input", {"name": "live"})["value"]
        publish(session, signed(session, saved(session, live, body="The right dose.")))

        answer = do(editor, live, "withdraw", live=shown, **told)

        assert (shown, answer.status_code) == ("1", 409)
        assert "What readers have is another version by now." in answer.text
        assert "Being mended." in answer.text
        assert standing(session, live).state == State.LIVE
        shown = BeautifulSoup(answer.text, "html.parser").find("input", {"name": "live"})["value"]
        assert do(editor, live, "withdraw", live=shown, **told).status_code == 303

    def test_it_asks_nothing_of_what_a_draft_of_it_is_the_first_to_name(self, editor, live, session):
        topic = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by="test")
        saved(session, live, topics=[str(topic.entry_id)])
        session.commit()

        answer = do(editor, live, "withdraw", live="1", manner="gone", reason="Old.", note="Old.")

        assert answer.status_code == 303
        assert standing(session, live).state == State.GONE

    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("http://localhost:8000/api/v1/articles/never", "Nothing of ours has ever been at that address."),
            (
                "http://localhost:8000//api/v1/articles/%6eever",
                "Nothing of ours has ever been at that address.",
            ),
            ("http://localhost:8000/api/v1/nonsense", "Nothing of ours has ever been at that address."),
            ("https://ada:secret@example.org/", "names a user"),
        ],
    )
    def test_it_leads_nowhere_that_is_no_place(self, editor, live, session, url, said):
        told = {"manner": "redirected", "reason": "Moved.", "note": "There."}

        answer = do(editor, live, "withdraw", target_url=url, **told)

        assert answer.status_code == 409
        assert said in answer.text
        assert standing(session, live).state == State.LIVE

    def test_the_address_of_another_text_of_ours_is_that_text(self, editor, live, session):
        other = an_article(session, title="Other", slug="other")
        publish(session, signed(session, other))
        url = "http://localhost:8000/api/v1/articles/other"

        do(editor, live, "withdraw", manner="redirected", target_url=url, reason="Moved.", note="There.")

        assert standing(session, live).target == str(other.entry_id)

    @pytest.mark.parametrize("manner", ["redirected", "replaced"])
    def test_it_leads_to_nothing_that_readers_do_not_have(self, editor, live, session, manner):
        draft = an_article(session, title="Other", slug="other")
        session.commit()

        answer = do(
            editor,
            live,
            "withdraw",
            manner=manner,
            target_entry=str(draft.entry_id),
            reason="Why",
            note="Why",
        )

        assert answer.status_code == 409
        assert "Readers do not have “Other”. Choose one that is public, or publish it first." in answer.text
        assert standing(session, live).state == State.LIVE

    def test_no_topic_takes_the_place_of_a_text(self, editor, live, session):
        topic = a_topic(session, "Legs")
        session.commit()

        answer = do(editor, live, "withdraw", manner="replaced", target_entry=topic, reason="Why", note="Why")

        assert answer.status_code == 409
        assert (
            "“Legs” is one of the Topics, and takes the place of none of the Articles. Choose one of these."
            in answer.text
        )

    @pytest.mark.parametrize("chosen", ["x", "01900000-0000-7000-8000-000000000000"])
    def test_it_offers_nothing_that_is_not_there(self, editor, live, chosen):
        answer = do(
            editor, live, "withdraw", manner="replaced", target_entry=chosen, reason="Why", note="Why"
        )

        assert answer.status_code == 409
        assert self.options(answer.text) == [("", "None of ours", False)]

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"manner": "gone", "reason": " "}, "A reason is needed"),
            ({"manner": "gone", "reason": "Why", "note": " "}, "A public note is needed"),
            ({"manner": "", "reason": "Why"}, "Choose how"),
            ({"manner": "live", "reason": "Why"}, "Choose how"),
            ({"manner": "redirected", "reason": "Why", "note": "Why"}, "is required"),
            (
                {"manner": "redirected", "reason": "Why", "note": "Why", "target_url": "javascript:x"},
                "http",
            ),
        ],
    )
    def test_it_says_what_is_missing(self, editor, live, session, answers, said):
        answer = do(editor, live, "withdraw", **answers)

        assert answer.status_code == 409
        assert said in answer.text
        assert standing(session, live).state == State.LIVE

    def test_it_is_for_those_who_may(self, signed_in, live):
        assert do(signed_in(Role.AUTHOR), live, "withdraw", manner="gone", reason="Mine").status_code == 403


class TestReinstate:
    def test_it_brings_a_withdrawn_entry_back(self, editor, article, session):
        publish(session, signed(session, article))
        do(editor, article, "withdraw", manner="gone", reason="Wrong dose.", note="Being mended.")

        assert do(editor, article, "reinstate", reason="It was right.").status_code == 303
        assert standing(session, article).state == State.LIVE

    def test_it_keeps_the_reason_and_tells_readers_of_other_words(self, editor, article, session):
        publish(session, signed(session, article))
        signed(session, saved(session, article, body="The dose is 5 mg."))
        session.commit()
        do(editor, article, "withdraw", manner="gone", reason="Wrong dose.", note="Being mended.")

        refused = do(editor, article, "reinstate", reason="It was mended.", kind="safety")
        assert refused.status_code == 409
        assert "A public note is needed" in refused.text
        told = {"kind": "safety", "note": "The dose was wrong."}
        assert do(editor, article, "reinstate", reason="It was mended.", **told).status_code == 303

        act, line = last(session)
        assert (act.reason, line.change_kind) == ("It was mended.", "safety")
        assert (line.public_note, line.forced) == ("The dose was wrong.", False)

    def test_it_needs_a_reason_of_what_was_reviewed_too(self, editor, article, session):
        publish(session, signed(session, article))
        do(editor, article, "withdraw", manner="gone", reason="Wrong dose.", note="Being mended.")

        assert "A reason is needed" in do(editor, article, "reinstate").text
        assert standing(session, article).state == State.GONE

    def test_it_refuses_what_was_never_withdrawn(self, editor, article):
        answer = do(editor, article, "reinstate", reason="Why not.")

        assert answer.status_code == 409


class TestForesight:
    """What the pages say beforehand is what readers then get."""

    KINDS = ("typo", "editorial", "clinical", "safety")

    @pytest.fixture
    def corrected(self, session):
        first = a_live_article(session)
        signed(session, saved(session, first, body="Other words."), due_on=NEXT_YEAR + timedelta(days=180))
        session.commit()
        return first

    def looked(self, browser, version, verb, **answers):
        answer = do(browser, version, verb, look="1", **answers)
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "html.parser")

    def require_same(self, page, served, before):
        """What was shown is what is served, but for the moments of the act itself."""
        shown = json.loads(page.select_one(".effects pre").text)
        new = {name for name, at in served["dates"].items() if at != before["dates"][name]}
        assert new == {name for name, at in shown["dates"].items() if at != before["dates"][name]}
        for one in (shown, served):
            one["dates"] = {name: at for name, at in one["dates"].items() if name not in new}
        assert shown == served

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_publication_of_each_kind(self, editor, corrected, session, kind):
        before = editor.get("/api/v1/articles/clots").json
        told = {"kind": kind, "note": "Said so."}

        page = self.looked(editor, corrected, "publish", **told)
        assert page.select_one(f"input[value={kind}]").has_attr("checked")
        assert standing(session, corrected).live.version == 1
        assert do(editor, corrected, "publish", live="1", **told).status_code == 303

        served = editor.get("/api/v1/articles/clots").json
        assert served["change"]["kind"] == kind
        self.require_same(page, served, before)

    @pytest.mark.parametrize("kind", KINDS)
    def test_a_reinstatement_of_each_kind(self, editor, corrected, kind):
        before = editor.get("/api/v1/articles/clots").json
        do(editor, corrected, "withdraw", manner="gone", reason="Old.", note="Old.")
        told = {"kind": kind, "note": "Said so."}

        page = self.looked(editor, corrected, "reinstate", **told)
        assert do(editor, corrected, "reinstate", reason="Mended.", **told).status_code == 303

        served = editor.get("/api/v1/articles/clots").json
        assert served["change"]["kind"] == kind
        self.require_same(page, served, before)

    @pytest.mark.parametrize("manner", ["gone", "redirected", "replaced"])
    def test_a_withdrawal_of_each_manner(self, editor, corrected, session, manner):
        other = str(a_live_article(session, title="Other", slug="other").entry_id)
        told = {"manner": manner, "note": "Said so."} | ({} if manner == "gone" else {"target_entry": other})

        page = self.looked(editor, corrected, "withdraw", **told)
        words = " ".join(page.select_one(".effects li").text.split())
        assert do(editor, corrected, "withdraw", reason="Old.", **told).status_code == 303

        served = editor.get("/api/v1/articles/clots")
        if manner == "redirected":
            assert "its address leads to Other" in words
            told_of = BeautifulSoup(
                editor.get(f"/admin/entries/{corrected.entry_id}/history").text, "html.parser"
            )
            assert page.select_one(".effects a")["href"] == f"/admin/articles/{other}"
            assert told_of.select_one(f".step a[href='/admin/articles/{other}']").text == "Other"
            assert "/api/v1/articles/other" in served.headers["Location"]
        else:
            assert (served.status_code, served.json["reason"]) == (410, manner)
            assert "“Said so.”" in words
            assert served.json["note"] == "Said so."
            assert ("says that it is gone" in words) == (manner == "gone")
            assert ("takes its place" in words) == (manner == "replaced")

    def test_it_tells_what_the_form_would_be_refused_for(self, editor, corrected):
        page = self.looked(editor, corrected, "withdraw", manner="replaced", note="Said so.")

        assert "It would be refused: “Leads to, or is replaced by” is required" in page.text


class TestTopicsPage:
    def test_it_shows_the_tree(self, editor, session):
        veins = a_topic(session, "Veins")
        a_topic(session, "Clots", parent=veins)

        page = BeautifulSoup(editor.get("/admin/topics/").text, "html.parser")

        assert page.select_one(".tree li li").a.text == "Clots"


class TestSources:
    @pytest.mark.parametrize(("order", "told"), [((2, 1, 0), True), ((0, 1, 2), False)])
    def test_another_order_is_told_beside_other_changes(self, editor, session, order, told):
        rows = [{"title": title} for title in ("Alpha", "Beta", "Gamma")]
        changed = [{**rows[0], "accessed_on": "2026-05-01"}, *rows[1:]]
        live = a_live_article(session, sources=rows)
        saved(session, live, sources=[changed[place] for place in order])
        session.commit()

        page = editor.get(f"/admin/entries/{live.entry_id}/publish").text

        assert ("stand in another order" in page) == told
