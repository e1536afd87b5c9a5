"""What is to go is told on every answer that used it, and in the document."""

from datetime import UTC, datetime

import pytest

from api.retiring import Retirement
from tests.builders import a_live_article

READ = Retirement("/api/v1/authors", datetime(2026, 1, 1, tzinfo=UTC), "/api/v1/docs#authors")
NUMBERED = Retirement(
    "/api/v1/articles/{key}/versions/{number}", datetime(2026, 3, 1, tzinfo=UTC), "/api/v1/docs#versions"
)
BARE = Retirement("/healthz", datetime(2026, 4, 1, tzinfo=UTC), "/api/v1/docs#health")
PARAMETER = Retirement(
    "/api/v1/articles/{key}",
    datetime(2026, 2, 1, tzinfo=UTC),
    "https://clinic.example/as-of",
    parameter="as_of",
    sunset_at=datetime(2027, 2, 1, tzinfo=UTC),
)


class TestTell:
    @pytest.fixture
    def config(self, config):
        """An app in which a read and a parameter are retiring."""
        return config | {"VERSO_RETIREMENTS": (READ, NUMBERED, BARE, PARAMETER)}

    def test_it_is_told_where_the_read_is_retiring(self, app):
        told = app.test_client().get("/api/v1/authors")

        assert told.headers["Deprecation"] == "@1767225600"
        assert '</api/v1/docs#authors>; rel="deprecation"' in told.headers["Link"]
        assert "Sunset" not in told.headers

    def test_it_is_told_where_the_parameter_was_used(self, session, app):
        a_live_article(session)
        plain, used = (app.test_client().get(f"/api/v1/articles/clots{query}") for query in ("", "?as_of=1"))

        assert "Deprecation" not in plain.headers
        assert used.headers["Deprecation"] == "@1769904000"
        assert used.headers["Sunset"] == "Mon, 01 Feb 2027 00:00:00 GMT"
        assert '<https://clinic.example/as-of>; rel="sunset"' in used.headers["Link"]

    def test_it_is_told_where_a_part_of_the_path_is_a_number(self, session, app):
        a_live_article(session)
        told = app.test_client().get("/api/v1/articles/clots/versions/1")

        assert (told.status_code, told.headers["Deprecation"]) == (200, "@1772323200")

    def test_it_stands_in_the_document(self, app):
        paths = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
        marked = {
            one["name"] for one in paths["/api/v1/articles/{key}"]["get"]["parameters"] if "deprecated" in one
        }

        assert paths["/api/v1/authors"]["get"]["deprecated"]
        assert paths["/healthz"]["get"]["deprecated"]
        assert marked == {"as_of"}
        assert "deprecated" not in paths["/api/v1/articles"]["get"]


class TestNothing:
    def test_it_is_told_of_nothing_yet(self, api):
        assert "Deprecation" not in api.get("/api/v1/articles").headers
