"""The public versions of an entry, and what changed between two."""

import pytest

from content import publishing
from tests.builders import ED, a_live_article, a_live_faq, a_topic, an_article, publish, saved, signed


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
        assert told["page"] == {"limit": 20, "next": None, "total": None}

    def test_it_lists_those_of_a_withdrawn_entry_by_its_slug_too(self, session, twice, api):
        publishing.withdraw(session, twice.entry_id, by=ED)

        assert len(api.get("/api/v1/articles/clots/versions").get_json()["data"]) == 2

    def test_it_lists_those_known_at_a_sequence(self, twice, api):
        told = api.get("/api/v1/articles/clots/versions?as_of=1").get_json()

        assert [item["version"] for item in told["data"]] == [1]

    def test_it_goes_on_page_by_page_at_the_sequence_where_it_began(self, session, twice, api):
        first = api.get("/api/v1/articles/clots/versions?limit=1").get_json()
        publish(session, signed(session, saved(session, twice, title="Newest")))
        second = api.get(first["page"]["next"]).get_json()

        assert [item["version"] for item in (*first["data"], *second["data"])] == [3, 1]
        assert second["page"]["next"] is None

    def test_it_takes_no_cursor_of_another_entry_or_list(self, session, twice, api):
        a_live_article(session, slug="other")
        cursor = (
            api.get("/api/v1/articles/clots/versions?limit=1").get_json()["page"]["next"].partition("?")[2]
        )

        for path in ("articles/other/versions", "articles/clots/changes", "articles"):
            assert api.get(f"/api/v1/{path}?{cursor}").status_code == 422

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

    @pytest.mark.parametrize("number", ["01", "+1", "1.0", "%D9%A1", "%EF%BC%91"])
    @pytest.mark.parametrize(
        "path",
        [
            "/articles/clots/versions/{}",
            "/articles/clots/versions/{}/signature",
            "/articles/archives/{}.atom",
            "/sitemaps/{}.xml",
        ],
    )
    def test_it_has_one_address_however_its_number_may_be_written(self, twice, api, path, number):
        assert api.get("/api/v1" + path.format(number)).status_code == 404

    def test_it_gives_a_stub_in_place_of_what_was_retracted(self, session, twice, api):
        publishing.retract(session, twice.entry_id, [1], note="The dose was wrong.", by=ED)

        told = api.get(f"/api/v1/articles/{twice.entry_id}/versions/1").get_json()

        assert (told["id"], told["version"]) == (str(twice.entry_id), 1)
        assert told["notice"]["note"] == "The dose was wrong."
        assert told["reason"] == "retracted"
        assert api.get("/api/v1/articles/clots").get_json()["title"] == "New clots"

    def test_it_is_fresh_for_a_minute_where_no_cache_can_be_told(self, twice, api):
        told = api.get(f"/api/v1/articles/{twice.entry_id}/versions/1").headers["Cache-Control"]

        assert "max-age=60" in told
        assert "s-maxage" not in told

    def test_it_is_fresh_for_an_hour_in_a_browser_and_in_a_cache_that_is_told(self, session, app, twice, api):
        app.config["VERSO_PURGE_URL"] = "https://cdn.example/purge"
        path = f"/api/v1/articles/{twice.entry_id}/versions/1"
        told = api.get(path)
        publishing.retract(session, twice.entry_id, [1], note="Wrong.", by=ED)

        assert told.headers["Cache-Control"] == "public, max-age=3600, s-maxage=60"
        assert "max-age=3600" in told.headers["CDN-Cache-Control"]
        assert "max-age=10" in api.get(path).headers["Cache-Control"]
        # Another entry may come to bear the slug.
        by_slug = api.get("/api/v1/articles/clots/versions/3").headers["Cache-Control"]
        assert "max-age=60" in by_slug


class TestChangesOf:
    def test_it_lists_what_was_done_newest_first_with_the_public_notes(self, session, twice, api):
        a_live_article(session, slug="other")
        publishing.withdraw(
            session, twice.entry_id, by=ED, note="Out of date.", reason="a letter from Mr. Doe"
        )

        answer = api.get("/api/v1/articles/clots/changes")
        told = answer.get_json()["data"]

        assert [(one["sequence"], one["event"], one["version"]) for one in told] == [
            (4, "withdrawn", 3),
            (2, "published", 3),
            (1, "published", 1),
        ]
        assert [one["change"]["note"] for one in told] == ["Out of date.", "Shorter.", None]
        assert not [secret for secret in ("Doe", ED) if secret in answer.get_data(as_text=True)]

    def test_it_is_as_it_was_at_a_sequence_and_page_by_page(self, session, twice, api):
        publishing.withdraw(session, twice.entry_id, by=ED)

        page = api.get("/api/v1/articles/clots/changes?as_of=2&limit=1").get_json()
        rest = api.get(page["page"]["next"]).get_json()

        assert [one["sequence"] for one in (*page["data"], *rest["data"])] == [2, 1]
        assert rest["page"]["next"] is None

    def test_it_has_nothing_of_a_draft_or_of_what_partners_alone_read(self, session, api):
        draft, licensed = an_article(session), a_live_article(session, slug="b", audience="licensed")
        session.commit()

        for entry_id in (draft.entry_id, licensed.entry_id):
            assert api.get(f"/api/v1/articles/{entry_id}/changes").status_code == 404

    def test_it_has_nothing_of_another_type(self, twice, api):
        assert api.get(f"/api/v1/faqs/{twice.entry_id}/changes").status_code == 404


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

    def test_it_marks_the_text_as_it_is_read(self, twice, api):
        (text,) = api.get("/api/v1/articles/clots/diff?from=1&to=3").get_json()["prose"]

        assert (text["path"], text["label"]) == ("body", "Text")
        assert text["html"] == "<p>It hurts &lt;often&gt; &amp; <del>long</del><ins>briefly</ins>.</p>"
        assert text["text"] == "It hurts <often> & [-long-]{+briefly+}."

    def test_it_goes_back_in_time_as_well(self, twice, api):
        told = api.get("/api/v1/articles/clots/diff?from=3&to=1").get_json()

        assert told["fields"][0]["html"] == "<del>New</del><ins>Old</ins> clots"

    def test_its_prose_has_no_answer_of_which_only_the_short_form_differs(self, session, api):
        first = a_live_faq(session)
        publish(session, signed(session, saved(session, first, short="Briefly.")))

        told = api.get("/api/v1/faqs/does-it-hurt/diff?from=1&to=2").get_json()

        assert told["fields"] != []
        assert told["prose"] == []

    def test_its_prose_has_the_warnings_as_they_are_read(self, session, api):
        first = a_live_faq(session, warnings=["Call **112** at once where your chest hurts."])
        publish(
            session,
            signed(
                session,
                saved(
                    session, first, warnings=["Call **999** at once where your chest hurts.", "Do not wait."]
                ),
            ),
        )

        (told,) = api.get("/api/v1/faqs/does-it-hurt/diff?from=1&to=2").get_json()["prose"]

        assert (told["path"], told["label"]) == ("warnings", "Warnings")
        assert "<ins>Call <strong>999</strong> at once where your chest hurts.</ins>" in told["html"]
        assert "{+Do not wait.+}" in told["text"]

    def test_it_finds_nothing_between_a_version_and_itself(self, twice, api):
        assert api.get("/api/v1/articles/clots/diff?from=3&to=3").get_json()["fields"] == []
        assert api.get("/api/v1/articles/clots/diff?from=3&to=3").get_json()["prose"] == []

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
