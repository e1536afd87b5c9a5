"""The public history of the corpus, act by act."""

import pytest

from content import granting, log, partners, publishing
from content.partners import Reach
from tests.builders import ED, a_live_article, a_live_faq


class TestChanges:
    @pytest.fixture
    def told(self, api):
        """The answer to a query, as plain data."""
        return lambda query="": api.get(f"/api/v1/changes?{query}").get_json()

    def test_it_lists_acts_oldest_first(self, session, told):
        shown = a_live_article(session)
        publishing.withdraw(
            session, shown.entry_id, by=ED, note="Out of date.", reason="a letter from Mr. Doe"
        )

        published, withdrawn = told()["data"]

        assert [published["sequence"], withdrawn["sequence"]] == [1, 2]
        assert published["at"] == "2026-05-01T09:00:00.000000Z"
        assert withdrawn["lines"] == [
            {
                "event": "withdrawn",
                "type": "article",
                "id": str(shown.entry_id),
                "locale": "en",
                "state": "gone",
                "version": 1,
                "affects": [],
                "change": {"kind": None, "note": "Out of date."},
                "urls": {"self": f"/api/v1/articles/{shown.entry_id}"},
            }
        ]

    def test_it_is_as_of_any_sequence_also_on_its_further_pages(self, session, api):
        for place in range(5):
            a_live_faq(session, slug=f"q-{place}")

        path, seen = "/api/v1/changes?as_of=4&limit=3", []
        while path:
            answer = api.get(path)
            assert answer.headers["Verso-Sequence"] == "4"
            seen += [act["sequence"] for act in answer.get_json()["data"]]
            path = answer.get_json()["page"]["next"]

        assert seen == [1, 2, 3, 4]
        assert api.get("/api/v1/changes?as_of=9").status_code == 422

    def test_it_names_no_person_and_no_internal_reason(self, session, api):
        shown = a_live_article(session)
        publishing.withdraw(session, shown.entry_id, by=ED, reason="a letter from Mr. Doe")

        text = api.get("/api/v1/changes").get_data(as_text=True)

        assert ED not in text
        assert "Doe" not in text

    def test_it_says_which_versions_a_retraction_is_about(self, session, told):
        shown = a_live_article(session)
        publishing.retract(session, shown.entry_id, [1], note="Wrong.", by=ED)

        assert told()["data"][1]["lines"][0]["affects"] == [1]

    def test_it_goes_on_after_a_sequence_page_by_page(self, session, api):
        for place in range(5):
            a_live_faq(session, slug=f"q-{place}")

        path, seen = "/api/v1/changes?since=1&limit=2", []
        while path:
            page = api.get(path).get_json()
            seen += [act["sequence"] for act in page["data"]]
            path = page["page"]["next"]

        assert seen == [2, 3, 4, 5]

    def test_it_has_nothing_after_the_newest(self, session, told):
        a_live_article(session)

        nothing = {"data": [], "page": {"limit": 20, "next": None, "total": None}}
        assert told("since=1") == nothing | {"epoch": str(log.epoch(session))}

    def test_it_has_nothing_on_an_empty_log(self, told):
        assert told("since=0")["data"] == []

    def test_it_has_no_hole_where_an_act_was_about_nothing_that_readers_see(self, session, told):
        partner = partners.create(session, "A magazine")
        granting.grant(session, partner.id, Reach(audiences=("licensed",)), by=ED)
        a_live_article(session, audience="licensed")
        a_live_article(session, slug="seen")

        assert [(act["sequence"], len(act["lines"])) for act in told()["data"]] == [(1, 0), (2, 0), (3, 1)]

    @pytest.mark.parametrize("since", ["2", "-1", "2147483648", "1.0", "x", ""])
    def test_it_refuses_a_sequence_that_is_none_yet(self, session, api, since):
        a_live_article(session)

        refused = api.get(f"/api/v1/changes?since={since}")

        assert refused.status_code == 422
        assert refused.get_json()["errors"][0]["pointer"] == "/since"


class TestEpoch:
    """Rule 13: a reader who has gone on from before a restore is told so."""

    def test_it_lets_a_reader_go_on_in_the_same_log(self, session, api):
        a_live_article(session)
        epoch = api.get("/api/v1/changes").get_json()["epoch"]
        a_live_faq(session)

        further = api.get(f"/api/v1/changes?since=1&epoch={epoch.upper()}")

        assert [act["sequence"] for act in further.get_json()["data"]] == [2]

    def test_it_ends_every_way_on_from_before_a_new_one(self, session, api):
        for place in range(3):
            a_live_faq(session, slug=f"q-{place}")
        page = api.get("/api/v1/changes?limit=1").get_json()
        log.begin_epoch(session)

        for path in (page["page"]["next"], f"/api/v1/changes?since=3&epoch={page['epoch']}"):
            over = api.get(path)
            assert (over.status_code, over.get_json()["type"]) == (410, "/api/v1/problems/resync")

    def test_it_tells_the_present_one_to_whoever_begins_again(self, session, api):
        before = api.get("/api/v1/changes").get_json()["epoch"]
        begun = log.begin_epoch(session)

        assert api.get("/api/v1/changes?since=0").get_json()["epoch"] == str(begun) != before

    def test_it_ends_beyond_the_newest_sequence_where_the_log_has_forked(self, session, api):
        a_live_article(session)

        beyond = api.get(f"/api/v1/changes?since=2&epoch={log.epoch(session)}")

        assert (beyond.status_code, beyond.get_json()["type"]) == (410, "/api/v1/problems/resync")

    @pytest.mark.parametrize("epoch", ["", "1", "x", "0197a2c45b1e7c3d9f206a1b2c3d4e5f", "%00"])
    def test_it_refuses_what_is_no_id(self, api, epoch):
        refused = api.get(f"/api/v1/changes?epoch={epoch}")

        assert refused.status_code == 422
        assert refused.get_json()["errors"] == [{"pointer": "/epoch", "detail": "is not an id"}]
