from uuid import uuid4

import pytest

from admin.roles import Role
from content import entries, submissions, trash, versions
from tests.builders import ED, a_live_article, an_article


@pytest.fixture
def draft(session):
    """A draft's page and its entry's id."""
    made = an_article(session, title="Rough words", slug="rough")
    session.commit()
    return f"/admin/articles/{made.entry_id}", made.entry_id


def in_trash(session, entry_id):
    session.expire_all()
    return entries.entry(session, entry_id).trashed_at is not None


class TestThrowAway:
    def test_it_takes_a_draft_from_the_lists_and_back(self, session, signed_in, draft):
        page, entry_id = draft
        ada = signed_in(Role.AUTHOR)
        assert "Throw away" in ada.get(page).text

        ada.post(f"/admin/entries/{entry_id}/throw-away", form_on=page)

        assert in_trash(session, entry_id)
        assert page not in ada.get("/admin/articles/").text
        assert page not in ada.get("/admin/articles/?q=rough").text
        assert page not in ada.get("/admin/").text
        assert page in ada.get("/admin/trash/").text
        ada.post(f"/admin/entries/{entry_id}/take-out", form_on="/admin/trash/")
        assert not in_trash(session, entry_id)
        assert page in ada.get("/admin/articles/").text

    def test_it_tells_why_something_public_stays(self, session, signed_in):
        live = a_live_article(session)
        page = f"/admin/articles/{live.entry_id}"
        ada = signed_in(Role.EDITOR)
        assert "Throw away" not in ada.get(page).text

        answer = ada.post(f"/admin/entries/{live.entry_id}/throw-away", form_on=page, follow_redirects=True)

        assert "It was public" in answer.text
        assert not in_trash(session, live.entry_id)

    def test_what_waits_for_a_reviewer_stays(self, session, signed_in, draft):
        page, entry_id = draft
        sent = submissions.submit(session, entry_id, 1, by=ED)
        session.commit()
        ada = signed_in(Role.AUTHOR)

        answer = ada.post(f"/admin/entries/{entry_id}/throw-away", form_on=page, follow_redirects=True)

        assert "It waits for a reviewer. Take it back on its review page first." in answer.text
        assert not in_trash(session, entry_id)
        ada.post(f"/admin/entries/{entry_id}/review/take-back", {"submission": str(sent.id)}, form_on=page)
        ada.post(f"/admin/entries/{entry_id}/throw-away", form_on=page)
        assert in_trash(session, entry_id)

    def test_it_is_for_those_who_write(self, session, app, browser, draft):
        _, entry_id = draft

        answer = browser.post(f"/admin/entries/{entry_id}/throw-away")

        assert answer.status_code == 401
        assert not in_trash(session, entry_id)

    def test_it_knows_no_other_id(self, signed_in, draft):
        ada = signed_in(Role.AUTHOR)

        for verb in ("throw-away", "take-out"):
            answer = ada.post(f"/admin/entries/{uuid4()}/{verb}", form_on=draft[0])
            assert answer.status_code == 404


class TestADraftInTheTrash:
    def test_what_was_typed_on_is_kept_and_not_saved(self, session, signed_in, draft):
        page, entry_id = draft
        ada = signed_in(Role.AUTHOR)
        trash.throw_away(session, entry_id, by=ED)
        session.commit()

        typed = {"title": "Better words", "body": "Typed meanwhile.", "based_on": "1"}
        answer = ada.post(page, typed, form_on="/admin/trash/")

        assert answer.status_code == 409
        assert "Typed meanwhile." in answer.text
        assert "Take it out first" in answer.text
        session.expire_all()
        assert entries.entry(session, entry_id).latest == 1

    @pytest.mark.parametrize("act", ["publish", "preview", "restore"])
    def test_nothing_else_is_done_to_it(self, session, signed_in, draft, act):
        _, entry_id = draft
        ada = signed_in(Role.EDITOR)
        trash.throw_away(session, entry_id, by=ED)
        session.commit()

        typed = {"version": "1", "newest": "1", "reason": "Now.", "purpose": "A look"}
        path = f"/admin/entries/{entry_id}/{act}"
        answer = ada.post(path, typed, form_on="/admin/trash/", follow_redirects=True)

        assert "in the trash" in answer.text

    def test_it_is_neither_offered_nor_taken_along(self, session, signed_in):
        kept = an_article(session, slug="kept")
        topic = {"name": "Lymph", "slug": "lymph"}
        thrown = versions.create(session, "topic", topic, locale="en", by=ED)
        trash.throw_away(session, thrown.entry_id, by=ED)
        session.commit()
        ada = signed_in(Role.EDITOR)

        assert "Lymph" not in ada.get("/admin/pick/topic?q=Lym").text
        assert "Lymph" not in ada.get(f"/admin/articles/{kept.entry_id}").text
        assert "Lymph" not in ada.get("/admin/topics/").text
