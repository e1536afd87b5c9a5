"""What may be asked; all else is refused by name, and nothing is ever a fault of ours."""

import pytest


class TestRefused:
    @pytest.mark.parametrize(
        ("path", "pointer", "detail"),
        [
            ("articles?limit=0", "/limit", "is not between 1 and 100"),
            ("articles?limit=101", "/limit", "is not between 1 and 100"),
            ("articles?limit=ten", "/limit", "is not a whole number"),
            ("articles?limit=1_0", "/limit", "is not a whole number"),
            ("articles?limit=%EF%BC%91", "/limit", "is not a whole number"),
            ("articles?limit=+1", "/limit", "is not a whole number"),
            ("articles?limit=99999999999999999999", "/limit", "is not a whole number"),
            ("articles?limit=", "/limit", "is not a whole number"),
            ("articles?limit=1&limit=1", "/limit", "stands there more than once"),
            ("articles?sort=loudest", "/sort", "is not one of newest, oldest, updated, title, review_due"),
            ("topics?sort=review_due", "/sort", "is not one of newest, oldest, updated, title"),
            ("articles?sort=position", "/sort", "is not one of"),
            ("faqs?sort=position", "/sort", "is position, which needs article"),
            ("faqs?sort=position&article=%00", "/article", "is neither a slug nor an id"),
            ("articles/clots?sort=title", "/sort", "is no parameter here"),
            ("articles?review=fine", "/review", "is not one of reviewed, due, not_reviewed"),
            ("topics?review=due", "/review", "is no parameter here"),
            ("articles?parent=veins", "/parent", "is no parameter here"),
            ("faqs?author=ana", "/author", "is no parameter here"),
            ("articles?translation_of=clots", "/translation_of", "is not an id"),
            ("articles?published_since=now", "/published_since", "is not a moment such as"),
            ("articles?article=clots", "/article", "is no parameter here"),
            ("topics?tag=flying", "/tag", "is no parameter here"),
            ("articles?a%2Fb~=1", "/a~1b~0", "is no parameter here"),
            ("articles?locale=en_US", "/locale", "is not a language tag such as en or de-CH (BCP 47)"),
            ("articles?locale=", "/locale", "is not a language tag such as en or de-CH (BCP 47)"),
            ("articles?topic=No%00", "/topic", "is neither a slug nor an id"),
            ("articles?tag=a%00b", "/tag", "holds the character U+0000"),
            ("articles?tag=", "/tag", "is not a tag of at most 60 characters"),
            ("articles?tag=%ED%A0%80", "/tag", "is not UTF-8"),
            ("articles?tag=%ff", "/tag", "is not UTF-8"),
            ("articles?tag=%C0%AF", "/tag", "is not UTF-8"),
            ("articles?topic=%ED%A0%80", "/topic", "is not UTF-8"),
            ("articles?cursor=%ff", "/cursor", "is not UTF-8"),
            ("articles?a%ff=1", "/a%FF", "is not UTF-8"),
            ("articles/clots?as_of=%ff", "/as_of", "is not UTF-8"),
            ("articles/clots/diff?from=%ff&to=1", "/from", "is not UTF-8"),
            ("changes?since=%ff", "/since", "is not UTF-8"),
            ("articles?tag=a,b", "/tag", "is not a tag of at most 60 characters"),
            (
                "articles?updated_since=yesterday",
                "/updated_since",
                "is not a moment such as 2026-05-01T09:00:00Z",
            ),
            ("articles?total=1", "/total", "is neither true nor false"),
            ("articles?as_of=7", "/as_of", "has not come yet: the newest sequence is 0"),
            ("articles?as_of=9999-01-01T00:00:00Z", "/as_of", "has not come yet: the newest sequence is 0"),
            ("articles?as_of=-1", "/as_of", "is not between 0 and 2147483647"),
            ("articles?as_of=99999999999999999999", "/as_of", "is neither a sequence nor a moment such as"),
            ("articles/clots?tag=flying", "/tag", "is no parameter here"),
            ("articles/clots?locale=%00", "/locale", "is not a language tag such as en or de-CH (BCP 47)"),
            ("changes?locale=en", "/locale", "is no parameter here"),
            ("openapi.json?x=1", "/x", "is no parameter here"),
        ],
    )
    def test_it_names_the_parameter_and_says_why(self, api, path, pointer, detail):
        refused = api.get(f"/api/v1/{path}")

        assert refused.status_code == 422
        [fault] = refused.get_json()["errors"]
        assert fault["pointer"] == pointer
        assert fault["detail"].startswith(detail)

    def test_it_refuses_a_query_that_is_too_long(self, api):
        refused = api.get("/api/v1/articles?tag=" + "a" * 8_000)

        assert refused.get_json()["errors"] == [
            {"pointer": "", "detail": "the query is longer than 8000 bytes"}
        ]

    def test_it_names_every_one_of_them(self, api):
        refused = api.get("/api/v1/articles?limit=0&sort=x&locale=_").get_json()

        assert {fault["pointer"] for fault in refused["errors"]} == {"/limit", "/sort", "/locale"}

    def test_it_names_what_does_not_fit_beside_what_is_repeated_or_no_utf_8(self, api):
        refused = api.get("/api/v1/faqs?limit=1&foo=1&limit=0&total=x&tag=%ff&tag=a").get_json()

        assert {fault["pointer"]: fault["detail"] for fault in refused["errors"]} == {
            "/limit": "stands there more than once",
            "/foo": "is no parameter here",
            "/total": "is neither true nor false",
            "/tag": "is not UTF-8",
        }

    def test_it_takes_bare_bytes_for_what_they_are(self, api):
        refused = api.get("/api/v1/articles", environ_overrides={"QUERY_STRING": "tag=\xff"})
        taken = api.get("/api/v1/articles", environ_overrides={"QUERY_STRING": "tag=\xc3\xbc"})

        assert (refused.status_code, taken.status_code) == (422, 200)
        assert refused.get_json()["errors"] == [{"pointer": "/tag", "detail": "is not UTF-8"}]
