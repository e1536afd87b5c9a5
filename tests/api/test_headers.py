"""What stands on every answer under /api."""

import pytest

from tests.builders import a_live_article

EVERYWHERE = {
    "/api/v1/articles": 200,
    "/api/v1/articles/clots": 404,
    "/api/v1/articles?limit=0": 422,
    "/api/v1/nothing": 404,
    "/api/v1/docs": 200,
    "/api/v1/openapi.json": 200,
    "/api/v1/problems/gone": 200,
}


class TestDress:
    @pytest.mark.parametrize(("path", "status"), EVERYWHERE.items())
    def test_it_tells_the_sequence_and_lets_every_origin_read(self, api, path, status):
        answer = api.get(path, headers={"Origin": "https://app.example"})

        assert answer.status_code == status
        assert answer.headers["Verso-Sequence"] == "0"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Access-Control-Expose-Headers"] == (
            "Content-Digest, ETag, Link, Repr-Digest, Verso-Sequence, RateLimit, RateLimit-Policy, Retry-After"
        )
        assert answer.headers["Vary"] == "Accept, Authorization"
        assert "Set-Cookie" not in answer.headers
        assert '</api/v1/openapi.json>; rel="service-desc"' in answer.headers["Link"]

    def test_it_never_tells_a_lower_sequence_than_was_published(self, session, api):
        told = []
        for place in range(3):
            a_live_article(session, slug=f"a-{place}")
            told.append(api.get("/api/v1/articles").headers["Verso-Sequence"])

        assert told == ["1", "2", "3"]

    def test_it_leaves_the_newsroom_alone(self, api):
        assert "Access-Control-Allow-Origin" not in api.get("/admin/login").headers


class TestOptions:
    def test_it_says_what_an_address_takes(self, api):
        told = api.options("/api/v1/articles")

        assert told.status_code == 204
        assert set(told.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
        assert "Access-Control-Allow-Methods" not in told.headers

    def test_it_lets_a_browser_ask_whether_something_changed(self, api):
        asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
        told = api.options(
            "/api/v1/articles", headers={**asked, "Access-Control-Request-Headers": "if-none-match"}
        )

        assert told.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
        allowed = set(told.headers["Access-Control-Allow-Headers"].split(", "))
        assert allowed >= {"If-Match", "If-None-Match", "X-Request-Id"}
        assert told.headers["Access-Control-Max-Age"] == "7200"

    def test_it_finds_nothing_where_nothing_is(self, api):
        assert api.options("/api/v1/nothing").status_code == 404
