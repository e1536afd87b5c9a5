"""Strong ETags, conditions (RFC 9110), and what may be asked for by Accept."""

import pytest

from content import log, publishing
from tests.builders import ED, a_live_article, a_live_faq

PATHS = [
    "/api/v1/articles",
    "/api/v1/articles/clots",
    "/api/v1/articles/clots/versions",
    "/api/v1/articles/clots/versions/1",
    "/api/v1/articles/clots/diff?from=1&to=1",
    "/api/v1/changes",
    "/api/v1/openapi.json",
]


@pytest.fixture
def shown(session):
    """A live article's version."""
    return a_live_article(session)


class TestAnswer:
    @pytest.mark.parametrize("path", PATHS)
    def test_it_is_not_sent_again_to_who_has_it(self, shown, api, path):
        first = api.get(path)

        again = api.get(path, headers={"If-None-Match": f'W/"x", {first.headers["ETag"]}'})

        assert first.headers["ETag"].startswith('"')
        assert again.status_code == 304
        for name in ("ETag", "Cache-Control", "Vary", "Verso-Sequence", "Access-Control-Allow-Origin"):
            assert again.headers[name] == first.headers[name]

    @pytest.mark.parametrize("path", PATHS)
    def test_it_is_answered_to_head_without_its_content(self, shown, api, path):
        full, head = api.get(path), api.head(path)

        assert head.data == b""
        assert head.headers["ETag"] == full.headers["ETag"]
        assert head.headers["Content-Length"] == str(len(full.data))

    def test_it_has_an_etag_of_its_bytes_alone(self, session, shown, api):
        before = api.get("/api/v1/articles/clots")
        a_live_faq(session)

        after = api.get("/api/v1/articles/clots")

        assert after.headers["ETag"] == before.headers["ETag"]
        assert (before.headers["Verso-Sequence"], after.headers["Verso-Sequence"]) == ("1", "2")

    def test_it_has_another_etag_when_something_that_it_names_changes(self, session, shown, api):
        before = api.get("/api/v1/articles/clots").headers["ETag"]
        a_live_faq(session, article=str(shown.entry_id))

        assert api.get("/api/v1/articles/clots", headers={"If-None-Match": before}).status_code == 200

    def test_it_is_a_problem_whatever_the_conditions_where_nothing_is_there(self, session, shown, api):
        publishing.withdraw(session, shown.entry_id, by=ED)

        assert api.get("/api/v1/articles/clots", headers={"If-None-Match": "*"}).status_code == 410
        assert api.get("/api/v1/articles/none", headers={"If-Match": '"x"'}).status_code == 404

    def test_it_is_refused_where_the_caller_has_another(self, shown, api):
        refused = api.get("/api/v1/articles/clots", headers={"If-Match": '"other"'})

        assert refused.status_code == 412
        assert refused.get_json()["type"] == "/api/v1/problems/precondition-failed"

    def test_it_says_when_the_log_last_changed(self, shown, api):
        first = api.get("/api/v1/articles/clots")

        assert first.headers["Last-Modified"] == "Fri, 01 May 2026 09:00:00 GMT"
        for since, status in (("09:00:00", 304), ("08:59:59", 200)):
            headers = {"If-Modified-Since": f"Fri, 01 May 2026 {since} GMT"}
            assert api.get("/api/v1/articles/clots", headers=headers).status_code == status

    @pytest.mark.parametrize("path", ["/api/v1/articles/clots", "/api/v1/sync/head"])
    def test_it_is_sent_anew_by_its_date_after_a_restore(self, session, shown, api, path):
        since = {"If-Modified-Since": api.get(path).headers["Last-Modified"]}
        assert api.get(path, headers=since).status_code == 304

        log.begin_epoch(session)

        assert api.get(path, headers=since).status_code == 200


class TestRequireAccepted:
    @pytest.mark.parametrize(
        "accept",
        [
            None,
            "",
            "*/*",
            "application/*",
            "application/json",
            "application/json; charset=utf-8",
            "APPLICATION/JSON",
            "text/html, application/json;q=0.1",
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        ],
    )
    def test_it_lets_pass_who_takes_json(self, shown, api, accept):
        headers = {} if accept is None else {"Accept": accept}

        assert api.get("/api/v1/articles", headers=headers).status_code == 200

    @pytest.mark.parametrize(
        "accept",
        [
            "text/html",
            "application/xml",
            "application/json;q=0",
            "*/*, application/json;q=0",
            "application/json;q=x",
        ],
    )
    def test_it_refuses_who_does_not(self, shown, api, accept):
        refused = api.get("/api/v1/topics", headers={"Accept": accept})

        assert refused.status_code == 406
        assert "Accept" in refused.headers["Vary"]
