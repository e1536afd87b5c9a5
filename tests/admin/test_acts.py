import json

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from admin.roles import Role
from content import versions
from content.log import Act, Line, State
from content.standings import standings
from tests.builders import (
    NEXT_YEAR,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    an_faq,
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
        assert told[1] == f"{faq.values['question']} faq changes: article"
        shown = json.loads(page.select_one(".effects pre").text)
        assert do(editor, first, "publish", live="1", kind="clinical", note="Said.").status_code == 303
        served = editor.get("/api/v1/articles/renamed").json
        assert [key for key in served if served[key] != shown[key]] == ["change", "dates"]

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

    def test_it_asks_again_where_nothing_is_live_any_more(self, editor, session, article):
        publish(session, signed(session, article))
        saved(session, article, body="Second words.")
        session.commit()
        do(editor, article, "withdraw", manner="gone", reason="Wrong dose.")

        answer = do(editor, article, "publish", live="1", reason="It cannot wait.")

        assert answer.status_code == 409
        assert standing(session, article).state == State.GONE

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
        saved(session, top, parent=str(topic.entry_id))
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
        assert "kind: is not one of typo, editorial, clinical, safety" in answer.text

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

    @pytest.mark.parametrize("chosen", ["x", "01900000-0000-7000-8000-000000000000"])
    def test_it_offers_nothing_that_is_not_there(self, editor, live, chosen):
        answer = do(editor, live, "withdraw", manner="replaced", target_entry=chosen, reason="Why")

        assert answer.status_code == 409
        assert self.options(answer.text) == [("", "None of ours", False)]

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"manner": "gone", "reason": " "}, "A reason is needed"),
            ({"manner": "", "reason": "Why"}, "Choose how"),
            ({"manner": "live", "reason": "Why"}, "Choose how"),
            ({"manner": "redirected", "reason": "Why"}, "is required"),
            ({"manner": "redirected", "reason": "Why", "target_url": "javascript:alert(1)"}, "http"),
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
        do(editor, article, "withdraw", manner="gone", reason="Wrong dose.")

        assert do(editor, article, "reinstate", reason="It was right.").status_code == 303
        assert standing(session, article).state == State.LIVE

    def test_it_refuses_what_was_never_withdrawn(self, editor, article):
        answer = do(editor, article, "reinstate", reason="Why not.")

        assert answer.status_code == 409


class TestTopicsPage:
    def test_it_shows_the_tree(self, editor, session):
        veins = a_topic(session, "Veins")
        a_topic(session, "Clots", parent=veins)

        page = BeautifulSoup(editor.get("/admin/topics/").text, "html.parser")

        assert page.select_one(".tree li li").a.text == "Clots"
