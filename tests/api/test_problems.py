"""Whatever goes wrong under /api is a problem document; elsewhere nothing is."""

from pathlib import Path

import pytest
from werkzeug.exceptions import (
    PreconditionRequired,
    RequestEntityTooLarge,
    TooManyRequests,
    UnsupportedMediaType,
)

from api.problems import KINDS
from content import publishing
from content.log import State, head
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, an_article, publish, signed

DOCS = Path(__file__).parents[2] / "docs/api.md"


def raising(app, error):
    """Give the app an address at which something goes wrong."""

    def fail():
        raise error

    app.add_url_rule("/api/v1/broken", view_func=fail)


class TestOfHttp:
    def test_it_answers_for_an_address_that_is_none(self, api):
        told = api.get("/api/v1/nothing/here")

        assert told.status_code == 404
        assert told.mimetype == "application/problem+json"
        assert told.get_json()["type"] == "/api/v1/problems/not-found"

    @pytest.mark.parametrize(
        "path", ["/api/v1//articles", "/api//v1/articles", "/api/v1/articles//clots", "/api/v1/articles/"]
    )
    def test_it_builds_no_address_from_slashes_and_host(self, api, path):
        told = api.get(path, headers={"Host": "evil.example"})

        assert (told.status_code, told.mimetype) == (404, "application/problem+json")
        assert "Location" not in told.headers
        assert "evil" not in told.get_data(as_text=True)

    @pytest.mark.parametrize("path", ["/api/v1/articles/%ff", "/api/v1/articles/%ED%A0%80", "/api/v1/%ff"])
    def test_it_finds_nothing_where_the_address_is_no_utf_8(self, api, path):
        assert api.get(path).status_code == 404

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
    def test_it_keeps_allow_where_only_reading_is_allowed(self, api, method):
        told = api.open("/api/v1/articles", method=method)

        assert told.status_code == 405
        assert set(told.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
        assert told.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        ("error", "status", "kind"),
        [
            (TooManyRequests(retry_after=7), 429, "/api/v1/problems/too-many-requests"),
            (UnsupportedMediaType(), 415, "/api/v1/problems/unsupported-media-type"),
            (PreconditionRequired(), 428, "/api/v1/problems/precondition-required"),
            (RequestEntityTooLarge(), 413, "about:blank"),
        ],
    )
    def test_it_answers_for_whatever_is_raised(self, app, api, error, status, kind):
        raising(app, error)

        told = api.get("/api/v1/broken")

        assert (told.status_code, told.get_json()["type"]) == (status, kind)
        assert told.headers.get("Retry-After") == ("7" if status == 429 else None)

    def test_it_reveals_nothing_of_what_broke(self, app, api):
        app.config["PROPAGATE_EXCEPTIONS"] = False
        raising(app, RuntimeError("the password is 1234"))

        told = api.get("/api/v1/broken")

        assert told.status_code == 500
        assert told.get_json()["type"] == "/api/v1/problems/internal-error"
        assert "1234" not in told.get_data(as_text=True)
        assert told.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize(
        "path",
        [
            "articles",
            "articles/clots",
            "articles/clots/versions",
            "changes",
            "openapi.json",
            "docs",
            "nothing",
        ],
    )
    def test_it_asks_for_patience_while_the_database_is_away(self, cut_off, path):
        told = cut_off.get(f"/api/v1/{path}")

        assert (told.status_code, told.get_json()["type"]) == (503, "/api/v1/problems/unavailable")
        assert told.headers["Retry-After"] == "5"
        assert told.headers["Cache-Control"] == "no-store"
        assert "127.0.0.1" not in told.get_data(as_text=True)

    def test_it_leaves_all_other_addresses_their_pages(self, api):
        assert api.get("/nothing").mimetype == "text/html"
        assert api.get("/admin/nothing").mimetype == "text/html"
        assert api.get("/apiary").mimetype == "text/html"


class TestGone:
    def test_it_says_why_since_when_and_what_readers_are_told(self, session, api):
        shown = a_live_article(session)
        publishing.withdraw(session, shown.entry_id, by=ED, note="Out of date.", now=MAY_DAY + HOUR)

        told = api.get("/api/v1/articles/clots")

        assert told.status_code == 410
        assert told.headers["Cache-Control"] == "public, max-age=10"
        assert told.get_json() | {"title": "", "detail": ""} == {
            "type": "/api/v1/problems/gone",
            "title": "",
            "status": 410,
            "detail": "",
            "errors": [],
            "id": str(shown.entry_id),
            "version": None,
            "notice": {
                "reason": "gone",
                "sequence": 2,
                "at": "2026-05-01T10:00:00.000000Z",
                "note": "Out of date.",
            },
            "reason": "gone",
            "sequence": 2,
            "at": "2026-05-01T10:00:00.000000Z",
            "note": "Out of date.",
            "replacement": None,
        }

    def test_it_names_what_took_its_place_where_that_is_public(self, session, api):
        shown, other = a_live_article(session), signed(session, an_article(session, slug="other"))
        publishing.withdraw(session, shown.entry_id, by=ED, manner=State.REPLACED, target=str(other.entry_id))

        hidden = api.get("/api/v1/articles/clots").get_json()["replacement"]
        publish(session, other)
        named = api.get("/api/v1/articles/clots").get_json()["replacement"]

        assert hidden is None
        assert named == {
            "id": str(other.entry_id),
            "type": "article",
            "url": f"/api/v1/articles/{other.entry_id}",
        }

    def test_it_names_what_had_taken_its_place_by_then(self, session, api):
        shown, other = a_live_article(session), a_live_article(session, slug="other")
        publishing.withdraw(session, shown.entry_id, by=ED, manner=State.REPLACED, target=str(other.entry_id))
        address = f"/api/v1/articles/clots?as_of={head(session).sequence}"

        served = api.get(address)
        publishing.withdraw(session, other.entry_id, by=ED)

        assert served.get_json()["replacement"]["id"] == str(other.entry_id)
        assert api.get(address).data == served.data


class TestKinds:
    @pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
    def test_it_has_a_page_that_explains_each(self, api, kind):
        page = api.get(kind.type)

        assert page.status_code == 200
        assert page.mimetype == "text/html"
        assert kind.title in page.get_data(as_text=True)

    def test_it_explains_every_reason_for_which_something_is_gone(self, api):
        document, page = api.contract.document, api.get("/api/v1/problems/gone").get_data(as_text=True)
        reasons = document["components"]["schemas"]["GoneReason"]["enum"]

        assert "redirected" in reasons
        assert [reason for reason in reasons if reason not in page] == []
        assert [reason for reason in reasons if f"`{reason}`" not in DOCS.read_text()] == []

    def test_it_has_none_for_what_is_no_kind(self, api):
        assert api.get("/api/v1/problems/boredom").status_code == 404
