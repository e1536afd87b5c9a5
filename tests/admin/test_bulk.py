from urllib.parse import urlencode
from uuid import uuid4

import pytest
from bs4 import BeautifulSoup

from admin import bulk
from admin.roles import Right, Role, rights_of
from content import schedule, submissions, trash, versions
from content.batches import Verb
from content.log import State
from content.standings import standings
from tests.builders import a_live_article, a_topic, an_article, saved, signed

LIST = "/admin/articles/"
GIVEN = {
    Verb.SUBMIT: {"message": "Please read."},
    Verb.PUBLISH: {"kind": "editorial", "note": "Better."},
    Verb.SCHEDULE: {"kind": "editorial", "note": "Better.", "due_at": "2090-05-01T09:00"},
    Verb.TAG: {"tag": "legs", "way": "add"},
    Verb.WITHDRAW: {"reason": "Outdated."},
}


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

    def test_it_tags_and_takes_a_tag_away(self, editor, session):
        ids = [an_article(session, slug=f"s-{len(tags)}", tags=tags).entry_id for tags in ([], ["legs"])]
        session.commit()

        done(editor, Verb.TAG, *ids)
        assert [versions.latest(session, one).number for one in ids] == [2, 1]
        done(editor, Verb.TAG, *ids, given={"tag": "legs", "way": "take"})

        session.expire_all()
        assert [versions.latest(session, one).values.get("tags") for one in ids] == [None, None]

    def test_it_withdraws(self, editor, session):
        live, draft = a_live_article(session).entry_id, an_article(session, slug="draft").entry_id
        session.commit()

        page = done(editor, Verb.WITHDRAW, live, draft)

        assert said(page) == "1 done, 1 failed."
        assert state(session, live) == State.GONE

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
            (Verb.WITHDRAW, {}),
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

    def test_it_leads_back_where_nothing_was_chosen(self, editor, session):
        query = {"verb": Verb.SUBMIT, "entry": ["x", str(uuid4())], "query": "tag=legs"}

        answer = editor.post("/admin/bulk/choose/article", query, form_on="/admin/password")

        assert answer.location == f"{LIST}?tag=legs"

    @pytest.mark.parametrize(("type_name", "verb"), [("topic", "submit"), ("topic", "tag"), ("article", "x")])
    def test_it_refuses_what_has_no_meaning(self, editor, type_name, verb):
        answer = editor.post(f"/admin/bulk/choose/{type_name}", {"verb": verb}, form_on="/admin/password")

        assert answer.status_code == 400


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
