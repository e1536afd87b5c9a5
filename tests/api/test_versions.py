"""The public versions of an entry, and what changed between two."""

import pytest

from content import publishing
from tests.builders import ED, a_live_article, a_topic, publish, saved, signed


@pytest.fixture
def twice(session):
    """An article whose versions 1 and 3 were public; 2 was not."""
    first = a_live_article(session, title="Old clots", body="It hurts <often> & long.", tags=["flying"])
    draft = saved(session, first, title="Never public")
    second = signed(session, saved(session, draft, title="New clots", body="It hurts <often> & briefly."))
    publish(session, second, note="Shorter.")
    return second


class TestPublicVersions:
    def test_it_lists_those_that_were_public_newest_first(self, twice, api):
        told = api.get("/api/v1/articles/clots/versions").get_json()

        assert [item["version"] for item in told["data"]] == [3, 1]
        assert told["data"][0]["change"] == {"kind": "editorial", "note": "Shorter."}
        assert told["page"] == {"limit": 2, "next": None, "total": None}

    def test_it_lists_those_of_a_withdrawn_entry_by_its_slug_too(self, session, twice, api):
        publishing.withdraw(session, twice.entry_id, by=ED)

        assert len(api.get("/api/v1/articles/clots/versions").get_json()["data"]) == 2

    def test_it_lists_those_known_at_a_sequence(self, twice, api):
        told = api.get("/api/v1/articles/clots/versions?as_of=1").get_json()

        assert [item["version"] for item in told["data"]] == [1]

    @pytest.mark.parametrize("key", ["nothing", "0197a2c4-5b1e-7c3d-9f20-6a1b2c3d4e5f", "No"])
    def test_it_finds_none_of_what_was_never_public(self, twice, api, key):
        assert api.get(f"/api/v1/articles/{key}/versions").status_code == 404


class TestPublicVersion:
    def test_it_holds_the_version_s_own_words_and_bare_ids(self, session, api):
        topic = a_topic(session)
        shown = a_live_article(session, topics=[topic])

        told = api.get(f"/api/v1/articles/{shown.entry_id}/versions/1").get_json()

        assert told["topics"] == [topic]
        assert told["body"]["text"] == "Plain words."
        assert not {"review", "change", "faqs"} & set(told)

    def test_it_never_changes_a_byte(self, session, twice, api):
        path = f"/api/v1/articles/{twice.entry_id}/versions/1"
        before = api.get(path)

        publishing.withdraw(session, twice.entry_id, by=ED)
        a_live_article(session, title="Another")

        assert api.get(path).data == before.data
        assert api.get(path).headers["ETag"] == before.headers["ETag"]

    @pytest.mark.parametrize("number", ["2", "4", "0", "-1", "x", "2147483648", "9" * 40])
    def test_it_finds_none_that_was_not_public(self, twice, api, number):
        assert api.get(f"/api/v1/articles/clots/versions/{number}").status_code == 404

    def test_it_gives_a_stub_in_place_of_what_was_retracted(self, session, twice, api):
        publishing.retract(session, twice.entry_id, [1], note="The dose was wrong.", by=ED)

        told = api.get(f"/api/v1/articles/{twice.entry_id}/versions/1").get_json()

        assert (told["id"], told["version"]) == (str(twice.entry_id), 1)
        assert told["notice"]["note"] == "The dose was wrong."
        assert told["reason"] == "retracted"
        assert api.get("/api/v1/articles/clots").get_json()["title"] == "New clots"


class TestDiff:
    def test_it_compares_field_by_field_in_whole_words(self, twice, api):
        told = api.get("/api/v1/articles/clots/diff?from=1&to=3").get_json()

        title, body = told["fields"]
        assert (title["path"], title["label"]) == ("title", "Title")
        assert title["stretches"] == [
            {"mark": "removed", "text": "Old"},
            {"mark": "added", "text": "New"},
            {"mark": "same", "text": " clots"},
        ]
        assert body["html"] == "It hurts &lt;often&gt; &amp; <del>long</del><ins>briefly</ins>."

    def test_it_goes_back_in_time_as_well(self, twice, api):
        told = api.get("/api/v1/articles/clots/diff?from=3&to=1").get_json()

        assert told["fields"][0]["html"] == "<del>New</del><ins>Old</ins> clots"

    def test_it_finds_nothing_between_a_version_and_itself(self, twice, api):
        assert api.get("/api/v1/articles/clots/diff?from=3&to=3").get_json()["fields"] == []

    def test_it_shows_no_field_that_readers_never_see(self, session, api):
        first = a_live_article(session)
        publish(
            session, signed(session, saved(session, first, title="New", canonical="https://clinic.example/a"))
        )
        told = api.get("/api/v1/articles/clots/diff?from=1&to=2").get_json()

        assert [field["path"] for field in told["fields"]] == ["title", "urls.canonical"]

    def test_it_compares_only_what_was_public(self, twice, api):
        assert api.get("/api/v1/articles/clots/diff?from=1&to=2").status_code == 404

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ("", ["/from", "/to"]),
            ("from=1", ["/to"]),
            ("from=0&to=1", ["/from"]),
            ("from=1&to=99999999999", ["/to"]),
            ("from=1&to=1_0", ["/to"]),
            ("from=1&to=2&other=3", ["/other"]),
        ],
    )
    def test_it_names_the_parameter_that_does_not_fit(self, twice, api, query, named):
        refused = api.get(f"/api/v1/articles/clots/diff?{query}")

        assert refused.status_code == 422
        assert [fault["pointer"] for fault in refused.get_json()["errors"]] == named
