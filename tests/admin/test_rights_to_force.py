"""Who may publish without a review, cell by cell: each address that can, as nobody and with each set of rights."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from admin import people
from admin.roles import RIGHTS, Right, Role
from content import batches, publishing
from content.batches import Verb
from tests.admin.test_rights import ask, rows, told
from tests.builders import ED, an_article

# What is tried here is the same on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

URGENT = {"kind": "editorial", "note": "New.", "reason": "It is urgent."}
LATER = {"due_at": (datetime.now(UTC) + timedelta(days=9)).strftime("%Y-%m-%dT09:00")}
# Each way to force with the right that it needs beside; a batch is begun or worked off by who chose it.
WAYS = {
    "publish": Right.PUBLISH,
    "publish later": Right.PUBLISH,
    "reinstate": Right.WITHDRAW,
    "begin to publish many": Right.PUBLISH,
    "begin to schedule many": Right.PUBLISH,
    "go on with many": Right.PUBLISH,
}
# As each role, as an editor without the right to force, and as an author with that alone.
RIGHTS_OF = {
    **{role.value: (role, RIGHTS[role]) for role in Role},
    "editor who may not force": (Role.EDITOR, RIGHTS[Role.EDITOR] - {Right.FORCE}),
    "author who may force": (Role.AUTHOR, RIGHTS[Role.AUTHOR] | {Right.FORCE}),
}


def asked(session, way, by, guessed=None):
    """The path of a way to force and what is sent to it, with something that nobody has reviewed."""
    draft = an_article(session, slug=f"draft-{way}".replace(" ", "-")).entry_id
    if way == "reinstate":
        publishing.publish(session, draft, 1, by=ED, forced="Once.")
        publishing.withdraw(session, draft, by=ED)
    if "many" not in way:
        session.commit()
        verb, _, later = way.partition(" ")
        sent = {**URGENT, **({"later": "1", **LATER} if later else {})}
        return f"/admin/entries/{guessed or draft}/{verb}", sent
    verb = Verb.SCHEDULE if "schedule" in way else Verb.PUBLISH
    made = batches.choose(session, verb, "article", [[draft]], by=by)
    if way == "go on with many":
        batches.begin(session, made, URGENT)
    session.commit()
    deed = "step" if way == "go on with many" else "begin"
    return f"/admin/bulk/{guessed or made.id}/{deed}", {**URGENT, **LATER}


class TestForcing:
    def test_nobody_does_it(self, browser, session):
        token = browser.token("/admin/login")
        for way in WAYS:
            path, sent = asked(session, way, ED)
            before = rows(session)

            assert ask(browser, path, "POST", sent, token).status_code == 401
            assert rows(session) == before

    @pytest.mark.parametrize("who", RIGHTS_OF)
    def test_it_is_for_those_who_may_both_act_and_force(self, session, signed_in, monkeypatch, who):
        role, rights = RIGHTS_OF[who]
        monkeypatch.setitem(RIGHTS, role, rights)
        visitor = signed_in(role)
        me, token = str(people.by_email(session, f"{role}@example.org").id), visitor.token("/admin/password")
        for way, needs in WAYS.items():
            path, sent = asked(session, way, me)
            before = rows(session)

            answer = ask(visitor, path, "POST", sent, token)

            may = {needs, Right.FORCE} <= rights
            assert answer.status_code == (303 if may else 403), told(answer, who, way)
            assert (rows(session) != before) == may, told(answer, who, way)

    @pytest.mark.parametrize("who", RIGHTS_OF)
    def test_a_guessed_id_and_somebody_elses_batch_force_nothing(self, session, signed_in, monkeypatch, who):
        role, rights = RIGHTS_OF[who]
        monkeypatch.setitem(RIGHTS, role, rights)
        visitor = signed_in(role)
        token = visitor.token("/admin/password")
        for way, needs in WAYS.items():
            for guessed in [uuid4(), None] if "many" in way else [uuid4()]:
                path, sent = asked(session, way, ED, guessed=guessed)
                before = rows(session)

                answer = ask(visitor, path, "POST", sent, token)

                refused = (404,) if needs in rights else (403, 404)
                assert answer.status_code in refused, told(answer, who, way)
                assert rows(session) == before, told(answer, who, way)
