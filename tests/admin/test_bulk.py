from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from admin import bulk
from admin.outlook import FIRST
from admin.roles import Right, Role, rights_of
from admin.wrong import LABELS
from content import schedule, submissions, trash, versions
from content.batches import Verb
from content.log import ChangeKind, Event, Line, State
from content.standings import standings
from storage import db
from tests.builders import NEXT_YEAR, a_live_article, a_topic, an_article, an_image, publish, saved, signed

LIST = "/admin/articles/"
GIVEN = {
    Verb.SUBMIT: {"message": "Please read."},
    Verb.PUBLISH: {"kind": "editorial", "note": "Better."},
    Verb.SCHEDULE: {
        "kind": "editorial",
        "note": "Better.",
        "due_at": f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%dT09:00}",
    },
    Verb.TAG: {"tag": "legs", "way": "add"},
    Verb.WITHDRAW: {"manner": "gone", "reason": "Outdated.", "note": "Outdated."},
}

TOLD = {"reason": "Outdated.", "note": "Outdated."}


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


def chosen(browser, verb, *ids, **more):
    """The address that choosing leads to."""
    answer = browser.post(
        "/admin/bulk/choose/article", {"verb": verb, "entry": list(map(str, ids)), **more}, form_on=LIST
    )
    assert answer.status_code == 303, answer.text
    return answer.location


def done(browser, verb, *ids, given=None, **more):
    """The page of a batch that was worked off, after as many steps as it needed."""
    there = chosen(browser, verb, *ids, **more)
    answer = browser.post(f"{there}/begin", GIVEN[verb] if given is None else given, form_on=there)
    assert answer.status_code == 303, answer.text
    while "going-on" in browser.get(there).text:
        assert browser.post(f"{there}/step", form_on=there).status_code == 303
    return BeautifulSoup(browser.get(there).text, "html.parser")


def state(session, entry_id):
    session.expire_all()
    return standings(session, [entry_id])[entry_id].state


def statements_of(browser, address):
    """How many statements a page takes."""
    sent = []

    def note(*told):
        sent.append(told[2])

    event.listen(db.engine, "before_cursor_execute", note)
    assert browser.get(address).status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    return len(sent)


def said(page):
    return page.select_one("#progress [role=status]").text


class TestDoing:
    def test_it_submits(self, editor, session):
        ids = [an_article(session, slug=f"s-{number}").entry_id for number in range(2)]
        session.commit()

        page = done(editor, Verb.SUBMIT, *ids)

        assert said(page) == "2 done, 0 failed."
        assert {submissions.waiting_for(session, one).message for one in ids} == {"Please read."}

    def test_it_publishes_with_what_is_named_first_and_tells_what_failed_and_why(self, editor, session):
        topic = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by="ed")
        given = {"topics": [str(topic.entry_id)]}
        good = [
            signed(session, an_article(session, slug=f"s-{number}", **given)).entry_id for number in (1, 2)
        ]
        bad = an_article(session, slug="bad", title="Not signed", body="Other words.").entry_id
        session.commit()

        page = done(editor, Verb.PUBLISH, good[0], bad, good[1])

        assert said(page) == "2 done, 1 failed."
        [failed] = page.select("section[aria-labelledby=failed] li")
        assert failed.a["href"] == f"/admin/articles/{bad}"
        assert failed.a.text == "Not signed"
        assert "review" in failed.text
        assert [state(session, one) for one in (*good, topic.entry_id)] == [State.LIVE] * 3
        assert state(session, bad) == State.DRAFT

    def test_it_says_of_an_unsigned_text_that_it_is_one_whatever_it_shows(self, editor, session):
        image = str(an_image(session).entry_id)
        draft = an_article(session, image=image).entry_id
        session.commit()

        page = done(editor, Verb.PUBLISH, draft)

        [failed] = page.select("section[aria-labelledby=failed] li")
        assert "no review of this very text holds" in failed.text
        assert failed.select("a")[1]["href"] == f"/admin/entries/{draft}/review?version=1"

    def test_it_leads_to_no_review_of_what_is_public_already(self, editor, session):
        live, draft = a_live_article(session).entry_id, an_article(session, slug="draft").entry_id
        session.commit()
        foreseen = BeautifulSoup(editor.get(chosen(editor, Verb.PUBLISH, live, draft)).text, "html.parser")

        failed = done(editor, Verb.PUBLISH, live, draft, given=GIVEN[Verb.PUBLISH])

        for page, part in ((foreseen, "refused"), (failed, "failed")):
            links = [one["href"] for one in page.select(f"section[aria-labelledby={part}] a")]
            assert f"/admin/articles/{live}" in links
            assert [one for one in links if "review" in one] == [f"/admin/entries/{draft}/review?version=1"]

    def test_it_takes_no_text_from_readers_that_they_got_since_another_was_chosen(self, editor, session):
        first, draft, typo, other = (
            a_live_article(session, slug=slug) for slug in ("first", "draft", "typo", "other")
        )
        ahead = signed(session, saved(session, draft, body="The right dose."))
        session.commit()
        ids = [one.entry_id for one in (first, draft, typo, other)]
        there = chosen(editor, Verb.WITHDRAW, *ids)
        now = datetime.now(UTC)
        publish(session, signed(session, saved(session, first, body="The right dose.")), now=now)
        publish(session, ahead, now=now)
        publish(session, signed(session, saved(session, typo, body="Mended.")), kind=ChangeKind.TYPO, now=now)
        session.commit()

        editor.post(f"{there}/begin", GIVEN[Verb.WITHDRAW], form_on=there)
        while "going-on" in editor.get(there).text:
            editor.post(f"{there}/step", form_on=there)
        page = BeautifulSoup(editor.get(there).text, "html.parser")

        assert said(page) == "2 done, 2 failed."
        assert "Readers have got version 2 since this was chosen." in page.text
        assert [state(session, one) for one in ids] == [State.LIVE, State.LIVE, State.GONE, State.GONE]

    def test_it_forces_only_with_a_reason(self, editor, session):
        draft = an_article(session).entry_id
        session.commit()

        page = done(editor, Verb.PUBLISH, draft, given={**GIVEN[Verb.PUBLISH], "reason": "It is urgent."})

        assert said(page) == "1 done, 0 failed."
        assert state(session, draft) == State.LIVE

    def test_it_needs_a_note_for_what_was_public(self, editor, session):
        live = a_live_article(session)
        signed(session, saved(session, live, body="Other words."))
        session.commit()

        page = done(editor, Verb.PUBLISH, live.entry_id, given={"kind": "editorial"})

        assert "A public note is needed" in page.select_one("section[aria-labelledby=failed]").text

    def test_it_schedules(self, editor, session):
        draft = signed(session, an_article(session)).entry_id
        session.commit()

        done(editor, Verb.SCHEDULE, draft)

        [planned] = schedule.waiting_for(session, draft)
        assert (planned.version, planned.options["kind"]) == (1, "editorial")

    @pytest.mark.parametrize("reason", ["", "It cannot wait."])
    def test_it_schedules_past_a_reviews_last_day_with_a_reason_only(self, editor, session, reason):
        draft = signed(session, an_article(session)).entry_id
        session.commit()
        given = {**GIVEN[Verb.SCHEDULE], "due_at": f"{NEXT_YEAR}T09:00", "reason": reason}

        page = done(editor, Verb.SCHEDULE, draft, given=given).get_text()

        planned = schedule.waiting_for(session, draft)
        assert [one.options.get("forced") for one in planned] == ([True] if reason else [])
        assert ("No review of its words holds at that moment" in page) == (not reason)

    def test_it_tags_and_takes_a_tag_away(self, editor, session):
        ids = [an_article(session, slug=f"s-{len(tags)}", tags=tags).entry_id for tags in ([], ["legs"])]
        session.commit()

        done(editor, Verb.TAG, *ids)
        assert [versions.latest(session, one).number for one in ids] == [2, 1]
        done(editor, Verb.TAG, *ids, given={"tag": "legs", "way": "take"})

        session.expire_all()
        assert [versions.latest(session, one).values.get("tags") for one in ids] == [None, None]

    def test_a_tag_in_other_capitals_is_the_one_that_is_known(self, editor, session):
        ids = [an_article(session, slug=f"s-{len(tags)}", tags=tags).entry_id for tags in ([], ["legs"])]
        session.commit()

        done(editor, Verb.TAG, *ids, given={"tag": "LEGS", "way": "add"})
        tagged = [versions.latest(session, one) for one in ids]
        done(editor, Verb.TAG, *ids, given={"tag": "Legs", "way": "take"})

        assert [(one.number, one.values["tags"]) for one in tagged] == [(2, ["legs"]), (1, ["legs"])]
        session.expire_all()
        assert [versions.latest(session, one).values.get("tags") for one in ids] == [None, None]

    @pytest.mark.parametrize(
        ("verb", "given", "said"),
        [
            (Verb.TAG, {"tag": "t30", "way": "add"}, "“Tags” has more than 30 items."),
            (Verb.SUBMIT, None, "The version waits for its review already."),
        ],
    )
    def test_it_tells_in_the_words_of_the_form_why_one_failed(self, editor, session, verb, given, said):
        text = an_article(session, tags=[f"t{number:02}" for number in range(30)])
        submissions.submit(session, text.entry_id, text.number, by="person:eve")
        session.commit()

        page = done(editor, verb, text.entry_id, given=given)

        assert page.select_one("section[aria-labelledby=failed] li").text.endswith(said)

    def test_it_withdraws(self, editor, session):
        live, draft = a_live_article(session).entry_id, an_article(session, slug="draft").entry_id
        session.commit()

        page = done(editor, Verb.WITHDRAW, live, draft)

        assert said(page) == "1 done, 1 failed."
        assert state(session, live) == State.GONE

    def test_every_failure_is_listed_page_by_page_and_the_desk_leads_there(
        self, editor, session, monkeypatch
    ):
        monkeypatch.setattr(bulk, "MOST_SHOWN", 2)
        titles = [f"Draft {number}" for number in range(3)]
        ids = [an_article(session, slug=one.replace(" ", "-").lower(), title=one).entry_id for one in titles]
        session.commit()
        there = chosen(editor, Verb.WITHDRAW, *ids)

        def listed(address):
            page = BeautifulSoup(editor.get(address).text, "html.parser")
            return [one.a.text for one in page.select("ul.plain li")], page

        meant, page = listed(there)
        assert meant == titles[:2]
        assert listed(page.select_one(".paging a:last-child")["href"])[0] == titles[2:]
        assert "failed-batches" not in editor.get("/admin/").text
        editor.post(f"{there}/begin", GIVEN[Verb.WITHDRAW], form_on=there)
        editor.post(f"{there}/step", form_on=there)

        desk = BeautifulSoup(editor.get("/admin/").text, "html.parser")
        failed, page = listed(desk.select_one("[aria-labelledby=failed-batches] a")["href"])
        assert failed == titles[:2]
        assert listed(page.select_one(".paging a:last-child")["href"])[0] == titles[2:]

    @pytest.mark.parametrize("manner", [State.REDIRECTED, State.REPLACED])
    def test_it_leads_all_to_one_and_lists_that_one_where_it_was_chosen_too(self, editor, session, manner):
        one = a_live_article(session, slug="one", title="The one").entry_id
        ids = [a_live_article(session, slug=f"s-{number}").entry_id for number in range(2)]
        given = {"manner": manner, "target_entry": str(one), "note": "Read The one.", "reason": "Doubles."}

        page = done(editor, Verb.WITHDRAW, *ids, one, given=given)

        assert said(page) == "2 done, 1 failed."
        [failed] = page.select("section[aria-labelledby=failed] li")
        assert (failed.a.text, failed.a["href"]) == ("The one", f"{LIST}{one}")
        assert "is the entry itself" in failed.text
        assert [state(session, each) for each in (*ids, one)] == [manner, manner, State.LIVE]
        lines = session.query(Line).filter(Line.entry_id.in_(ids), Line.event == Event.WITHDRAWN)
        assert [(line.target, line.public_note) for line in lines] == [(str(one), "Read The one.")] * 2

    def test_it_leads_all_to_an_address(self, editor, session):
        ids = [a_live_article(session, slug=f"s-{number}").entry_id for number in range(2)]
        given = {
            "manner": "redirected",
            "target_url": "https://a.example/legs",
            "reason": "Moved.",
            "note": "There.",
        }

        done(editor, Verb.WITHDRAW, *ids, given=given)

        assert {standings(session, [each])[each].target for each in ids} == {"https://a.example/legs"}

    def test_it_does_all_that_match_in_steps(self, editor, session, monkeypatch):
        monkeypatch.setattr(bulk, "A_STEP", 2)
        monkeypatch.setattr(bulk, "AT_ONCE", 2)
        topic = a_topic(session)
        ids = [an_article(session, slug=f"s-{number}", topics=[topic]).entry_id for number in range(5)]
        other = an_article(session, slug="other").entry_id
        session.commit()

        page = done(editor, Verb.SUBMIT, all="1", query=urlencode({"topics": topic, "q": "clots"}))

        assert said(page) == "5 done, 0 failed."
        assert all(submissions.waiting_for(session, one) for one in ids)
        assert submissions.waiting_for(session, other) is None

    def test_it_does_the_version_that_was_chosen(self, editor, session):
        first = signed(session, an_article(session))
        session.commit()
        there = chosen(editor, Verb.PUBLISH, first.entry_id)
        saved(session, first, body="Written meanwhile.")
        session.commit()

        editor.post(f"{there}/begin", GIVEN[Verb.PUBLISH], form_on=there)
        editor.post(f"{there}/step", form_on=there)

        session.expire_all()
        assert standings(session, [first.entry_id])[first.entry_id].live.version == 1

    @pytest.mark.parametrize("verb", [Verb.PUBLISH, Verb.SCHEDULE])
    def test_nothing_older_takes_the_place_of_what_went_public_meanwhile(self, editor, session, verb):
        first = signed(session, an_article(session))
        session.commit()
        there = chosen(editor, verb, first.entry_id)
        publish(session, signed(session, saved(session, first, body="Written meanwhile.")))

        editor.post(f"{there}/begin", GIVEN[verb], form_on=there)
        editor.post(f"{there}/step", form_on=there)

        page = editor.get(there).text
        assert "0 done, 1 failed." in page
        assert "Version 2 is public" in page
        assert standings(session, [first.entry_id])[first.entry_id].live.version == 2
        assert schedule.waiting(session) == []

    def test_what_was_thrown_away_meanwhile_fails(self, editor, session):
        draft = signed(session, an_article(session)).entry_id
        session.commit()
        there = chosen(editor, Verb.PUBLISH, draft)
        trash.throw_away(session, draft, by="person:ed")
        session.commit()

        editor.post(f"{there}/begin", GIVEN[Verb.PUBLISH], form_on=there)
        editor.post(f"{there}/step", form_on=there)

        assert "0 done, 1 failed." in editor.get(there).text


class TestAsking:
    @pytest.mark.parametrize("verb", [Verb.PUBLISH, Verb.SCHEDULE, Verb.WITHDRAW])
    def test_it_names_what_waits_on_the_schedule_for_what_is_meant(self, editor, session, verb):
        meant, other = a_live_article(session, title="Outdated"), a_live_article(session, slug="other")
        due_at = datetime.now(UTC) + timedelta(days=1)
        for version in (meant, other):
            schedule.schedule(session, schedule.Verb.WITHDRAW, version.entry_id, due_at=due_at, by="ed")
        saved(session, meant, body="Other words.")
        session.commit()

        page = BeautifulSoup(editor.get(chosen(editor, verb, meant.entry_id)).text, "html.parser")

        [told] = page.select("section[aria-labelledby=waits] li")
        assert [told.strong.text, told.a.text] == ["Withdraw", "Outdated"]

    def test_it_says_what_is_meant_and_is_found_again(self, editor, session):
        draft = an_article(session).entry_id
        session.commit()

        there = chosen(editor, Verb.SUBMIT, draft)

        assert "Clots in the leg" in editor.get(there).text
        assert there not in editor.get("/admin/bulk/").text
        editor.post(f"{there}/begin", GIVEN[Verb.SUBMIT], form_on=there)
        assert there in editor.get("/admin/bulk/").text

    @pytest.mark.parametrize(
        ("verb", "given"),
        [
            (Verb.WITHDRAW, {"manner": "gone"}),
            (Verb.WITHDRAW, {"manner": "gone", "reason": "Old."}),
            (Verb.WITHDRAW, {"reason": "Old."}),
            (Verb.WITHDRAW, {"reason": "Old.", "manner": "live"}),
            (Verb.WITHDRAW, {"reason": "Old.", "manner": "redirected"}),
            (Verb.WITHDRAW, {"reason": "Old.", "manner": "redirected", "target_url": "javascript:x"}),
            (Verb.WITHDRAW, {"reason": "Old.", "manner": "replaced", "target_url": "https://a.example/"}),
            (Verb.WITHDRAW, {"reason": "Old.", "manner": "replaced", "target_entry": str(uuid4())}),
            (Verb.TAG, {"tag": "", "way": "add"}),
            (Verb.TAG, {"tag": "legs"}),
            (Verb.SCHEDULE, {"due_at": "2020-01-01T00:00", "kind": "typo"}),
            (Verb.SCHEDULE, {"kind": "typo"}),
            (Verb.PUBLISH, {"kind": "grave"}),
            (Verb.SUBMIT, {"message": "a\x0bb"}),
        ],
    )
    def test_it_refuses_what_could_be_done_to_none(self, editor, session, verb, given):
        draft = an_article(session).entry_id
        session.commit()
        there = chosen(editor, verb, draft)

        answer = editor.post(f"{there}/begin", given, form_on=there)

        assert answer.status_code == 409
        assert 'role="alert"' in answer.text
        assert editor.post(f"{there}/step", form_on=there).status_code == 400

    @pytest.mark.parametrize(
        ("verb", "given", "field"),
        [
            (Verb.WITHDRAW, {"manner": "gone", "note": "Old."}, "reason"),
            (Verb.WITHDRAW, {"manner": "gone", "reason": "Old."}, "note"),
            (Verb.WITHDRAW, {"manner": "redirected", "reason": "Old.", "note": "Old."}, "target_entry"),
            (Verb.TAG, {"tag": "a,b", "way": "add"}, "tag"),
            (Verb.SCHEDULE, {"due_at": "2020-01-01T00:00", "kind": "typo"}, "due_at"),
            (Verb.SCHEDULE, {"due_at": "soon", "kind": "typo"}, "due_at"),
            (Verb.SUBMIT, {"message": "a\x0bb"}, "message"),
        ],
    )
    def test_the_field_that_is_wrong_says_so_and_why(self, editor, session, verb, given, field):
        draft = an_article(session).entry_id
        session.commit()
        there = chosen(editor, verb, draft)

        answer = editor.post(f"{there}/begin", given, form_on=there)

        page = BeautifulSoup(answer.text, "html.parser")
        [wrong] = page.select("[aria-invalid]")
        told, *hints = wrong["aria-describedby"].split()
        assert wrong["id"] == field
        assert page.find(id=told)["role"] == "alert"
        assert all(page.find(id=one) for one in hints)
        label = page.select_one(f"label[for={field}]").text
        said = page.find(id=told).text.strip()
        assert f"{field}:" not in said
        assert label.startswith(LABELS[field])

    def test_a_choice_that_is_wrong_says_so(self, editor, session):
        draft = an_article(session).entry_id
        session.commit()
        there = chosen(editor, Verb.PUBLISH, draft)

        answer = editor.post(f"{there}/begin", {"kind": "grave"}, form_on=there)

        [wrong] = BeautifulSoup(answer.text, "html.parser").select("[aria-invalid]")
        assert (wrong.name, wrong["role"], wrong["aria-describedby"]) == ("fieldset", "radiogroup", "fault")

    def test_it_leads_back_where_nothing_was_chosen(self, editor, session):
        query = {"verb": Verb.SUBMIT, "entry": ["x", str(uuid4())], "query": "tag=legs"}

        answer = editor.post("/admin/bulk/choose/article", query, form_on="/admin/password")

        assert answer.location == f"{LIST}?tag=legs"

    @pytest.mark.parametrize(("type_name", "verb"), [("topic", "submit"), ("topic", "tag"), ("article", "x")])
    def test_it_refuses_what_has_no_meaning(self, editor, type_name, verb):
        answer = editor.post(f"/admin/bulk/choose/{type_name}", {"verb": verb}, form_on="/admin/password")

        assert answer.status_code == 400


def look(browser, there, given):
    """The page of a batch that shows what it would do, were its form sent so."""
    answer = browser.post(f"{there}/begin", {**given, "look": "1"}, form_on=there)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


class TestOutlook:
    def test_it_tells_of_each_what_it_does_for_readers_or_why_it_would_fail(self, editor, session):
        live = a_live_article(session, slug="live", title="Live")
        newer = signed(session, saved(session, live, body="Others.")).entry_id
        bad = an_article(session, slug="bad", title="Not signed", body="Other words.").entry_id
        good = signed(session, an_article(session, slug="good", title="Good")).entry_id
        session.commit()

        page = BeautifulSoup(editor.get(chosen(editor, Verb.PUBLISH, newer, bad, good)).text, "html.parser")

        told = [" ".join(one.text.split()) for one in page.select("section[aria-labelledby=effects] li")]
        assert told[0] == "Good article becomes public"
        assert told[1].startswith("Live article changes: version")
        [refused] = page.select("section[aria-labelledby=refused] li")
        assert refused.a.text == "Not signed"
        assert "review" in refused.text
        assert refused.select("a")[1]["href"] == f"/admin/entries/{bad}/review?version=1"
        assert [state(session, one) for one in (newer, bad, good)] == [State.LIVE, State.DRAFT, State.DRAFT]

    def test_it_tells_of_pictures_that_stay_drafts(self, editor, session):
        shown, refused, unsigned = (
            str(an_image(session, name=title, slug=title).entry_id) for title in ("one", "other", "third")
        )
        signed_one = signed(session, an_article(session, slug="signed", image=shown))
        drafts = [an_article(session, slug=f"s-{image}", image=image) for image in (refused, unsigned)]
        session.commit()
        there = chosen(editor, Verb.PUBLISH, signed_one.entry_id, *(one.entry_id for one in drafts))

        plain = BeautifulSoup(editor.get(there).text, "html.parser").select(".told-waits a")
        forced = look(editor, there, {"kind": "editorial", "reason": "Now."}).select(".told-waits a")

        assert [one["href"] for one in plain] == [f"/admin/entries/{shown}/review"]
        assert [one["href"] for one in forced] == [f"/admin/entries/{shown}/review"]

    def test_what_is_shared_is_read_once_for_all(self, editor, session):
        topic = a_topic(session)
        images = [str(an_image(session, name=f"i{one}", slug=f"i{one}").entry_id) for one in range(5)]
        ids = [
            signed(session, an_article(session, slug=f"s-{image}", topics=[topic], image=image)).entry_id
            for image in images
        ]
        session.commit()

        few, many = (statements_of(editor, chosen(editor, Verb.PUBLISH, *ids[:some])) for some in (2, 5))

        # An act of its own takes 30 of them.
        assert (many - few) / 3 <= 38

    def test_a_companion_that_went_public_with_the_one_before_is_no_draft_any_more(self, editor, session):
        image = an_image(session, name="one", slug="one")
        signed(session, image)
        texts = [signed(session, an_article(session, slug=one, image=str(image.entry_id))) for one in "ab"]
        session.commit()

        page = editor.get(chosen(editor, Verb.PUBLISH, *(one.entry_id for one in texts)))

        shown = BeautifulSoup(page.text, "html.parser")
        assert len(shown.select("section[aria-labelledby=effects] li")) == 3
        assert not shown.select("section[aria-labelledby=refused] li")

    def test_it_makes_up_no_words_for_a_form_that_is_not_filled_in_yet(self, editor, session):
        live = a_live_article(session)
        signed(session, saved(session, live, body="Others."))
        session.commit()
        sent = []
        event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2:4]))

        pages = [
            editor.get(chosen(editor, verb, live.entry_id)).text for verb in (Verb.PUBLISH, Verb.WITHDRAW)
        ]

        assert len([statement for statement, _ in sent if statement.startswith("INSERT INTO line")]) == 2
        assert "rehears" not in str(sent)
        assert not any("would fail" in page for page in pages)

    def test_it_follows_the_form(self, editor, session):
        one, other = (a_live_article(session, slug=slug).entry_id for slug in ("one", "other"))
        draft = an_article(session, slug="draft").entry_id
        session.commit()

        there = chosen(editor, Verb.WITHDRAW, one)
        asked = look(editor, there, {"manner": "redirected", "target_entry": str(other), **TOLD})
        forced = look(
            editor, chosen(editor, Verb.SCHEDULE, draft), {"kind": "editorial", "reason": "It cannot wait."}
        )

        effects = asked.select_one("section[aria-labelledby=effects]")
        assert effects.a["href"] == f"/admin/articles/{other}"
        assert "leads to Clots in the leg" in effects.text
        assert "becomes public" in forced.select_one("section[aria-labelledby=effects]").text
        assert "were they published now" in forced.text
        assert state(session, one) == State.LIVE

    def test_it_says_how_many_it_does_not_foresee(self, editor, session):
        ids = [a_live_article(session, slug=f"s-{number}").entry_id for number in range(FIRST + 2)]
        session.commit()

        page = BeautifulSoup(editor.get(chosen(editor, Verb.WITHDRAW, *ids)).text, "html.parser")

        assert len(page.select("section[aria-labelledby=effects] li")) == FIRST
        assert (
            f"the first {FIRST}, were they done as the form is filled in. The other 2 were not" in page.text
        )

    def test_it_says_so_where_nothing_changes_for_readers(self, editor, session):
        draft = an_article(session).entry_id
        session.commit()

        page = editor.get(chosen(editor, Verb.TAG, draft)).text

        assert "Readers have what they have" in page


class TestRights:
    @pytest.mark.parametrize("verb", Verb)
    @pytest.mark.parametrize("role", Role)
    def test_each_act_asks_for_its_own(self, session, signed_in, role, verb):
        draft = signed(session, an_article(session)).entry_id
        session.commit()
        visitor, may = signed_in(role), bulk.NEEDS[verb] in rights_of({role})

        offered = BeautifulSoup(visitor.get(LIST).text, "html.parser").select("#verb option")
        answer = visitor.post(
            "/admin/bulk/choose/article", {"verb": verb, "entry": str(draft)}, form_on="/admin/password"
        )

        assert (verb in [option["value"] for option in offered]) == may
        assert answer.status_code == (303 if may else 403)

    def test_who_may_not_force_cannot_begin_so(self, session, signed_in, monkeypatch):
        draft = an_article(session).entry_id
        session.commit()
        monkeypatch.setitem(bulk.NEEDS, Verb.PUBLISH, Right.WRITE)
        author = signed_in(Role.AUTHOR)
        there = chosen(author, Verb.PUBLISH, draft)

        answer = author.post(f"{there}/begin", {"reason": "Urgent."}, form_on=there)

        assert answer.status_code == 403
        assert BeautifulSoup(author.get(there).text, "html.parser").find(id="reason") is None

    def test_it_is_nobody_elses(self, session, editor, signed_in):
        draft = an_article(session).entry_id
        session.commit()
        there = chosen(editor, Verb.SUBMIT, draft)

        other = signed_in(Role.ADMINISTRATOR)

        assert other.get(there).status_code == 404
        for deed in ("begin", "step"):
            assert other.post(f"{there}/{deed}", form_on="/admin/password").status_code == 404
