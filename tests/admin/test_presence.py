from datetime import timedelta
from uuid import UUID

import pytest

from admin import people, presence
from admin.roles import Role
from content.database import new_id
from storage import db
from tests.admin.conftest import NOW
from tests.builders import an_article, saved
from tests.plans import planned


def a_person(session, name):
    email = f"{name.lower()}@example.org"
    return people.add(session, email=email, name=name, roles={Role.AUTHOR}, now=NOW).id


def here(session, article, person, *, now=NOW, tab=None):
    tab = tab or new_id()
    presence.note(session, tab, entry_id=article.entry_id, person_id=person, now=now)
    return tab


def others(session, article, person, now=NOW):
    return list(presence.others(session, article.entry_id, person_id=person, now=now))


class TestOthers:
    def test_it_names_whoever_else_has_the_entry_open_once(self, app, session):
        article, other = an_article(session), an_article(session, slug="other")
        ada, ben, cleo = (a_person(session, name) for name in ("Ada", "Ben", "Cleo"))
        for person in (ada, ben, ben):
            here(session, article, person)
        here(session, other, cleo)

        assert others(session, article, ada) == ["Ben"]
        assert others(session, article, cleo) == ["Ada", "Ben"]

    def test_it_forgets_tabs_that_fell_silent_or_were_closed(self, app, session):
        article = an_article(session)
        ada, ben, cleo = (a_person(session, name) for name in ("Ada", "Ben", "Cleo"))
        tab = here(session, article, ben)
        here(session, article, cleo, now=NOW - presence.STAYS + timedelta(seconds=1))

        assert others(session, article, ada, NOW + timedelta(seconds=1)) == ["Ben"]
        presence.leave(session, tab, person_id=ada)
        assert others(session, article, ada) == ["Ben", "Cleo"]
        presence.leave(session, tab, person_id=ben)
        assert others(session, article, ada) == ["Cleo"]

    def test_it_knows_a_tab_that_speaks_again(self, app, session):
        article, ada = an_article(session), a_person(session, "Ada")
        tab = here(session, article, a_person(session, "Ben"))
        here(session, article, ada, tab=tab)

        assert others(session, article, ada) == ["Ben"]


class TestHere:
    def test_it_tells_who_else_is_here_and_what_was_saved_meanwhile(self, session, signed_in):
        article = an_article(session)
        session.commit()
        author, editor = signed_in(Role.AUTHOR), signed_in(Role.EDITOR)
        path = f"/admin/entries/{article.entry_id}"
        page = f"/admin/articles/{article.entry_id}"
        tab = {"tab": str(new_id())}
        author.post(f"{path}/here", tab, form_on=page)
        saved(session, article, title="Another")
        session.commit()

        told = editor.post(f"{path}/here", {"tab": str(new_id())}, form_on=page).json
        assert told == {"others": ["author"], "version": 2, "by": "person:ed"}

        assert author.post(f"{path}/left", tab, form_on=page).status_code == 204
        assert editor.post(f"{path}/here", {"tab": str(new_id())}, form_on=page).json["others"] == []

    def test_it_names_nobody_to_themselves(self, session, signed_in):
        article, editor = an_article(session), signed_in(Role.EDITOR)
        session.commit()
        page = f"/admin/articles/{article.entry_id}"
        editor.post(page, {"based_on": "1", "title": "Mine", "body": "B", "slug": "mine"}, form_on=page)

        here = f"/admin/entries/{article.entry_id}/here"
        told = editor.post(here, {"tab": str(new_id())}, form_on=page).json

        assert told == {"others": [], "version": 2, "by": None}

    def test_it_needs_an_entry_and_a_tab(self, session, signed_in):
        article = an_article(session)
        session.commit()
        author = signed_in(Role.AUTHOR)

        assert (
            author.post(f"/admin/entries/{article.entry_id}/here", form_on="/admin/password").status_code
            == 400
        )
        path = f"/admin/entries/{UUID(int=7)}/here"
        assert author.post(path, {"tab": str(new_id())}, form_on="/admin/password").status_code == 404


# PostgreSQL plans by what its tables hold, which here is little.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestCost:
    def test_it_walks_no_table(self, app, session):
        article, ada = an_article(session), a_person(session, "Ada")
        here(session, article, ada)
        session.commit()

        with planned(db.engine) as steps:
            tab = here(session, article, ada, now=NOW + presence.STAYS)
            others(session, article, ada)
            presence.leave(session, tab, person_id=ada)

        assert [step for step in steps if step.startswith(("SCAN presence", "SCAN person"))] == []
        assert any("ix_presence_seen_at" in step for step in steps)
