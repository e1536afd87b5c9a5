"""JSON-LD: what it says, how it is had, and that schema.org has the words."""

import pytest

from content import publishing
from content.log import ChangeKind
from tests.builders import (
    ED,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    publish,
    saved,
    signed,
)

JSON_LD = "application/ld+json"
SOURCE = {"title": "Oedema", "publisher": "NHS", "url": "https://nhs.example/", "published_on": "2025-03-01"}


@pytest.fixture
def texts(session):
    """An article that was put right once, with all that it may have, and its FAQ."""
    topic, author = a_topic(session), an_author(session)
    first = a_live_article(session, topics=[topic], authors=[author], tags=["flying"], sources=[SOURCE])
    newer = signed(session, saved(session, first, body="Drink *water*."))
    publish(session, newer, kind=ChangeKind.CLINICAL, note="Drinking is new.")
    faq = a_live_faq(session, article=str(first.entry_id), short="Often.", warnings=["Call *112*."])
    return {"article": first, "faq": faq}


class TestOne:
    def test_an_original_day_leaves_all_forms_agreed_on_when_it_was_published(self, session, api):
        a_live_article(session, originally_published_on="2019-02-03")

        told = api.get("/api/v1/articles/clots.jsonld").get_json()
        [item] = api.get("/api/v1/feeds/articles.json").get_json()["items"]

        assert told["datePublished"] == item["date_published"] == "2026-05-01T09:00:00.000000Z"
        assert told["dateCreated"] == "2019-02-03"

    def test_it_says_what_the_document_says(self, texts, api):
        document = api.get("/api/v1/articles/clots").get_json()

        told = api.get("/api/v1/articles/clots.jsonld").get_json()

        assert (told["@context"], told["@type"]) == ("https://schema.org", "MedicalWebPage")
        assert told["@id"] == f"http://localhost:8000{document['urls']['self']}"
        assert (told["identifier"], told["version"]) == (document["id"], document["version"])
        assert told["dateModified"] == document["dates"]["updated_at"]
        assert told["datePublished"] == document["dates"]["first_published_at"]
        assert told["lastReviewed"] == document["review"]["last_reviewed_on"] == "2026-05-01"
        assert [one["name"] for one in told["reviewedBy"]] == ["Dr. Ana Reed"]
        assert told["text"] == document["body"]["text"]
        assert [(one["name"], one["datePublished"]) for one in told["citation"]] == [("Oedema", "2025-03-01")]
        assert [(one["@type"], one["text"]) for one in told["correction"]] == [
            ("CorrectionComment", "Drinking is new.")
        ]

    def test_its_words_cannot_end_the_script_that_it_is_put_into(self, session, api):
        title = "How to </script><script>alert(1)</script> & <!-- more"
        a_live_faq(session, question=title, slug="ends")

        for path in ("/api/v1/faqs/ends.jsonld", "/api/v1/faqs.jsonld"):
            told = api.get(path)

            assert not set("<>&") & set(told.text)
            assert title in str(told.get_json())

    def test_a_warning_comes_before_the_answer_and_before_the_short_one(self, texts, api):
        told = api.get("/api/v1/faqs/does-it-hurt.jsonld").get_json()

        [question] = told["mainEntity"]
        assert question["name"] == "Does it hurt?"
        html = api.get("/api/v1/faqs/does-it-hurt").get_json()["answer"]["html"]
        assert question["acceptedAnswer"]["text"].endswith(html)
        assert "Call <em>112</em>." in question["acceptedAnswer"]["text"].removesuffix(html)
        assert told["abstract"] == "Call 112.\n\nOften."

    def test_what_it_does_not_know_is_not_there(self, session, api):
        publish(session, an_article(session, slug="unsigned"), forced="In a hurry.")

        told = api.get("/api/v1/articles/unsigned.jsonld").get_json()

        assert told["creativeWorkStatus"] == "not_reviewed"
        assert not told.keys() & {"lastReviewed", "reviewedBy", "correction", "citation", "author"}

    def test_it_is_had_by_whoever_likes_it_better(self, texts, api):
        for accept, kind in (
            (JSON_LD, JSON_LD),
            (f"{JSON_LD}, application/json;q=0.9", JSON_LD),
            (f"application/json, {JSON_LD};q=0.9", "application/json"),
            (f"{JSON_LD}, application/json", "application/json"),
            ("*/*", "application/json"),
        ):
            response = api.get("/api/v1/articles/clots", headers={"Accept": accept})

            assert (response.status_code, response.mimetype) == (200, kind)
            assert "Accept" in response.headers["Vary"]

    def test_what_has_none_is_refused(self, texts, api):
        for path in ("topics", "articles/clots/versions", "changes"):
            assert api.get(f"/api/v1/{path}", headers={"Accept": JSON_LD}).status_code == 406

    def test_what_is_gone_is_gone_and_what_moved_has_moved(self, session, texts, api):
        publishing.move(session, texts["article"].entry_id, "legs", by=ED)
        publishing.withdraw(session, texts["faq"].entry_id, note="Merged.", by=ED)

        assert api.get("/api/v1/faqs/does-it-hurt.jsonld").status_code == 410
        assert api.get("/api/v1/faqs/does-it-hurt", headers={"Accept": JSON_LD}).status_code == 410
        assert api.get("/api/v1/articles/clots.jsonld").location == "/api/v1/articles/legs.jsonld"

    def test_its_past_is_the_same_bytes(self, session, texts, api):
        before = api.get("/api/v1/articles/clots.jsonld?as_of=3").data
        publishing.move(session, texts["article"].entry_id, "legs", by=ED)

        assert api.get("/api/v1/articles/clots.jsonld?as_of=3").data == before

    def test_it_is_whole(self, texts, api):
        refused = api.get("/api/v1/articles/clots?fields=title", headers={"Accept": JSON_LD})

        assert refused.status_code == 422
        assert [one["pointer"] for one in refused.get_json()["errors"]] == ["/fields"]


class TestList:
    def test_questions_make_one_page_each_with_its_own_review(self, texts, api):
        told = api.get("/api/v1/faqs.jsonld").get_json()

        [question] = told["mainEntity"]
        assert told["@type"] == "FAQPage"
        assert question["mainEntityOfPage"]["lastReviewed"] == "2026-05-01"
        assert question["mainEntityOfPage"]["version"] == 1

    def test_it_says_of_each_what_is_said_of_it_alone(self, texts, api):
        alone = api.get("/api/v1/articles/clots.jsonld").get_json()
        alone.pop("@context")

        told = api.get("/api/v1/articles.jsonld").get_json()

        assert [one["item"] for one in told["itemListElement"]] == [alone]

    def test_its_pages_follow_one_another(self, session, api):
        for n in range(3):
            a_live_faq(session, slug=f"f-{n}")

        first = api.get("/api/v1/faqs.jsonld?limit=2")
        following = first.headers["Link"].split(">")[0].lstrip("<")
        second = api.get(following)

        assert following.startswith("/api/v1/faqs.jsonld?")
        ids = [one["@id"] for page in (first, second) for one in page.get_json()["mainEntity"]]
        assert len(ids) == len(set(ids)) == 3

    def test_what_was_retracted_since_is_a_stub(self, session, texts, api):
        publishing.retract(session, texts["faq"].entry_id, [1], note="Wrong.", by=ED)

        told = api.get("/api/v1/faqs.jsonld?as_of=5").get_json()

        [stub] = told["mainEntity"]
        assert (stub["creativeWorkStatus"], stub["version"]) == ("retracted", 1)
        assert stub["correction"][0]["text"] == "Wrong."
        assert "Does it hurt" not in str(told)
