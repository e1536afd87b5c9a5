"""A further content type is one file: form, diff, review, API and OpenAPI follow from its declaration."""

import re
from contextvars import Context
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from openapi_spec_validator import validate

from admin import people
from admin.roles import Role
from app import create_app
from content import reviews
from content.errors import NotReviewed
from content.publishing import publish
from storage import db
from tests.admin.conftest import PASSWORD, Browser
from tests.api.contract import Checked, Contract
from tests.builders import DR_REED
from tests.glossary import known

NEW = "/admin/glossary/new"
TYPED = {"term": "Embolus", "meaning": "A clot that travels.", "slug": "embolus", "note": ""}


@pytest.fixture
def app(database_url, tmp_path):
    """Verso with the type of one more file, tests/glossary.py, for this test only."""
    with known():
        app = create_app({"DATABASE_URL": database_url, "VERSO_VAR": str(tmp_path), "TESTING": True})
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def editor(app):
    session = db.session()
    person = people.add(
        session, email="ed@example.org", name="Ed", roles={Role.EDITOR}, now=datetime.now(UTC)
    )
    people.set_password(session, person, PASSWORD)
    session.commit()
    browser = Browser(app)
    browser.sign_in("ed@example.org")
    return browser


@pytest.fixture
def api(app):
    plain = app.test_client()
    app.test_client_class = Checked
    client = app.test_client()
    client.contract = Contract(app, plain.get("/api/v1/openapi.json").get_json())
    # As another process reads: without this test's app context around it.
    return lambda path: Context().run(client.get, path).get_json()


def written(editor, **changes):
    """The id of a term that was typed into the form and saved."""
    saved = editor.post(NEW, TYPED | changes, form_on=NEW)
    assert saved.status_code == 303
    return UUID(urlsplit(saved.location).path.rsplit("/", 1)[1])


class TestAThirdType:
    def test_it_is_written_compared_reviewed_published_and_served(self, editor, api):
        entry_id = written(editor)
        address = f"/admin/glossary/{entry_id}"
        changed = TYPED | {"meaning": "A clot that travels with the blood.", "based_on": "1"}
        assert editor.post(address, changed, form_on=address).status_code == 303

        compared = editor.get(f"/admin/entries/{entry_id}/diff?from=1&to=2").text
        assert "Meaning" in compared
        assert "with the blood" in compared

        with pytest.raises(NotReviewed):
            publish(db.session(), entry_id, 2, by="person:ed")
        due_on = (datetime.now(UTC) + timedelta(days=365)).date()
        reviews.sign(db.session(), entry_id, 2, DR_REED, due_on=due_on)
        db.session().commit()
        asked = f"/admin/entries/{entry_id}/publish"
        done = editor.post(asked, {"version": "2", "kind": "clinical", "note": "First."}, form_on=asked)
        assert done.status_code == 303

        served = api("/api/v1/glossary/embolus")
        assert served["meaning"]["html"] == "<p>A clot that travels with the blood.</p>\n"
        assert served["review"]["reviewers"][0]["name"] == DR_REED.name
        assert served["change"] == {"kind": "clinical", "note": "First."}

    def test_it_is_listed_versioned_diffed_and_refers_to_its_own_kind(self, editor, api):
        first = written(editor)
        second = written(editor, term="Thrombus", slug="thrombus", see_also=str(first))
        for one in (first, second):
            publish(db.session(), one, 1, by="person:ed", forced="a test")
        address = f"/admin/glossary/{second}"
        editor.post(
            address,
            TYPED | {"term": "Thrombus", "slug": "thrombus", "meaning": "A clot in place.", "based_on": "1"},
            form_on=address,
        )
        publish(db.session(), second, 2, by="person:ed", forced="a test")
        db.session.remove()

        (listed,) = [card for card in api("/api/v1/glossary")["data"] if card["slug"] == "embolus"]
        old = api(f"/api/v1/glossary/{second}?as_of=2")
        diff = api(f"/api/v1/glossary/{second}/diff?from=1&to=2")

        assert [hit["term"] for hit in api("/api/v1/search?q=embolis&type=glossary")["data"]] == ["Embolus"]
        assert listed["term"] == "Embolus"
        assert old["see_also"] == [{"id": str(first), "slug": "embolus", "term": "Embolus"}]
        assert len(api(f"/api/v1/glossary/{second}/versions")["data"]) == 2
        assert "meaning" in [field["path"] for field in diff["fields"]]

    def test_it_is_described(self, api):
        document = api("/api/v1/openapi.json")

        validate(document)
        assert "/api/v1/glossary/{key}" in document["paths"]

    def test_its_faults_name_their_fields(self, editor):
        refused = editor.post(NEW, TYPED | {"term": "", "meaning": ""}, form_on=NEW)

        assert refused.status_code == 422
        for name in ("term", "meaning"):
            assert re.search(rf'<\w+ id="{name}"[^>]*aria-invalid="true"', refused.text)
        assert not re.search(r'id="slug"[^>]*aria-invalid', refused.text)
