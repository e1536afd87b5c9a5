"""What a caller chooses of a document, and what is put whole in the place of references."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api import choosing, offering
from content import publishing, types
from content.log import head
from tests.builders import ED, a_live_article, a_live_faq, a_topic, an_author

PATHS = [
    "title",
    "body",
    "body.html",
    "body.text",
    "sections.id",
    "topics",
    "topics.slug",
    "dates.updated_at",
]
KEPT = {"type", "id", "locale", "version", "review"}


@pytest.fixture
def article(session):
    """An article that names much, and an FAQ that must not be shown without its warning."""
    topic, author = a_topic(session), an_author(session)
    shown = a_live_article(session, topics=[topic], authors=[author], tags=["flying"], body="## Why?\n\nSo.")
    a_live_faq(
        session, article=str(shown.entry_id), topics=[topic], short="Often.", warnings=["Call a doctor."]
    )
    a_live_article(session, slug="other", topics=[topic])
    return shown


class TestFields:
    def test_it_gives_what_is_asked_and_what_must_be_known(self, article, api):
        told = api.get("/api/v1/articles/clots?fields=title,sections.html,topics.slug,body.text").get_json()

        assert set(told) == {*KEPT, "title", "sections", "topics", "body"}
        assert set(told["body"]) == {"text"}
        assert [set(section) for section in told["sections"]] == [{"html"}, {"html"}]
        assert told["topics"] == [{"slug": "veins"}]
        assert set(told["review"]) == {"status", "banner"}

    def test_it_chooses_from_the_whole_document_in_a_list_too(self, article, api):
        listed = api.get("/api/v1/articles?fields=slug,body.markdown,faqs").get_json()["data"]

        assert [one["slug"] for one in listed] == ["other", "clots"]
        assert all(set(one) == {*KEPT, "slug", "body", "faqs"} for one in listed)
        assert listed[1]["faqs"][0]["question"] == "Does it hurt?"

    @pytest.mark.parametrize("fields", ["question", "answer.text", "warnings.text"])
    def test_it_never_loses_a_warning(self, article, api, fields):
        warnings = [{"html": "<p>Call a doctor.</p>\n", "text": "Call a doctor."}]

        assert api.get(f"/api/v1/faqs/does-it-hurt?fields={fields}").get_json()["warnings"] == warnings
        [card] = api.get(f"/api/v1/faqs?fields={fields}").get_json()["data"]
        assert card["warnings"] == warnings

    @pytest.mark.parametrize(
        ("query", "detail"),
        [
            ("fields=colour", "colour is no field here"),
            ("fields=title,body.colour", "body.colour is no field here"),
            ("fields=title.text", "title.text is no field here"),
            ("fields=faqs.answer.text", "faqs.answer.text is there only with include=faqs"),
            ("fields=", "has an empty item"),
            ("fields=title,,slug", "has an empty item"),
            ("fields=Title", "Title is no path"),
            ("fields=" + "a" * 2_001, "is longer than 2000 characters"),
            ("fields=" + ",".join(["a", "b"] * 50), "a is no field here; b is no field here"),
        ],
    )
    @pytest.mark.parametrize("path", ["articles", "articles/clots"])
    def test_it_refuses_a_path_that_leads_nowhere(self, api, path, query, detail):
        refused = api.get(f"/api/v1/{path}?{query}")

        assert refused.status_code == 422
        assert refused.get_json()["errors"] == [{"pointer": "/fields", "detail": detail}]

    def test_it_needs_fewer_statements_and_never_more(self, article, api, statements):
        api.get("/api/v1/articles/clots?fields=title")

        assert len(statements) == 2


class TestInclude:
    def test_it_puts_the_whole_in_the_place_of_the_reference(self, article, api):
        faq = api.get("/api/v1/faqs/does-it-hurt").get_json()
        told = api.get("/api/v1/articles/clots?include=faqs,topics,authors").get_json()

        assert told["faqs"] == [faq]
        assert told["topics"] == [api.get("/api/v1/topics/veins").get_json()]
        assert told["authors"] == [api.get("/api/v1/authors/leg-clinic").get_json()]
        assert faq["article"]["title"] == "Clots in the leg"

    def test_it_puts_an_article_into_its_faq_in_a_list(self, article, api):
        [told] = api.get("/api/v1/faqs?include=article").get_json()["data"]

        assert told["article"] == api.get("/api/v1/articles/clots").get_json()
        assert set(told["answer"]) == {"short", "html"}

    def test_it_is_as_of_the_same_sequence(self, session, article, api):
        at = head(session).sequence
        before = api.get("/api/v1/articles/clots?include=faqs,related").data
        a_live_faq(session, slug="later", article=str(article.entry_id))

        now = api.get("/api/v1/articles/clots?include=faqs").get_json()

        assert len(now["faqs"]) == 2
        assert api.get(f"/api/v1/articles/clots?include=faqs,related&as_of={at}").data == before

    def test_it_leaves_out_what_is_gone_or_beyond_reach(self, session, article, api):
        a_live_faq(session, slug="licensed", article=str(article.entry_id), audience="licensed")
        gone = a_live_faq(session, slug="gone", article=str(article.entry_id))
        publishing.withdraw(session, gone.entry_id, by=ED)

        told = api.get("/api/v1/articles/clots?include=faqs").get_json()

        assert [faq["slug"] for faq in told["faqs"]] == ["does-it-hurt"]

    def test_it_puts_in_nothing_that_was_struck_since(self, session, article, api):
        wrong = a_live_faq(session, slug="wrong", article=str(article.entry_id))
        at = head(session).sequence
        publishing.retract(session, wrong.entry_id, [1], note="Wrong.", by=ED)

        told = api.get(f"/api/v1/articles/clots?include=faqs&as_of={at}").get_json()

        assert [faq["slug"] for faq in told["faqs"]] == ["does-it-hurt"]

    def test_it_may_be_chosen_of(self, article, api):
        told = api.get("/api/v1/articles/clots?include=faqs&fields=title,faqs.answer.text").get_json()

        assert set(told) == {*KEPT, "title", "faqs"}
        [faq] = told["faqs"]
        assert set(faq) == {*KEPT, "answer", "warnings"}
        assert faq["answer"] == {"text": "Often it does."}

    def test_it_is_whole_where_none_of_its_parts_is_named(self, article, api):
        told = api.get("/api/v1/articles/clots?include=faqs&fields=title").get_json()

        assert "answer" in told["faqs"][0]

    @pytest.mark.parametrize(
        "query",
        [
            "articles?include=sources",
            "faqs/x?include=authors",
            "topics?include=related",
            "articles?include=related",
        ],
    )
    def test_it_refuses_what_cannot_be_included(self, api, query):
        refused = api.get(f"/api/v1/{query}")

        assert refused.get_json()["errors"] == [
            {"pointer": "/include", "detail": f"{query.partition('=')[2]} cannot be included here"}
        ]


class TestRelated:
    def test_it_is_what_has_most_in_common_the_nearest_first(self, session, api):
        topics = [a_topic(session, name) for name in ("Veins", "Flights", "Stockings")]
        a_live_article(session, topics=topics, tags=["flying"])
        for place, number in enumerate((1, 3, 2, 1, 3, 1, 1)):
            a_live_article(session, slug=f"with-{number}-{place}", topics=topics[:number])
        a_live_article(session, slug="anders", locale="de", topics=topics)
        a_live_article(session, slug="none")
        a_live_article(session, slug="licensed", topics=topics, audience="licensed")
        a_live_faq(session, topics=topics)

        told = api.get("/api/v1/articles/clots?include=related").get_json()["related"]

        assert [one["slug"] for one in told] == ["with-3-4", "with-3-1", "with-2-2", "with-1-6", "with-1-5"]
        assert "body" not in told[0]

    def test_nothing_comes_into_the_place_of_what_was_struck_since(self, session, api):
        topics = [a_topic(session, "Veins")]
        a_live_article(session, topics=topics)
        others = [a_live_article(session, slug=f"other-{number}", topics=topics) for number in range(6)]
        asked = f"/api/v1/articles/clots?include=related&as_of={head(session).sequence}"
        then = [one["slug"] for one in api.get(asked).get_json()["related"]]
        publishing.retract(session, others[-1].entry_id, [1], by=ED, note="The dose was wrong.")

        now = [one["slug"] for one in api.get(asked).get_json()["related"]]

        assert then[0] == "other-5"
        assert now == then[1:]

    def test_it_is_nothing_where_nothing_is_shared(self, session, api):
        a_live_article(session)
        a_live_article(session, slug="other")

        assert api.get("/api/v1/articles/clots?include=related").get_json()["related"] == []

    def test_it_may_be_chosen_of_the_whole(self, article, api):
        told = api.get("/api/v1/articles/clots?include=related&fields=related.body.text").get_json()

        assert told["related"][0]["body"] == {"text": "Plain words."}


class TestChoice:
    @given(chosen=st.lists(st.sampled_from(PATHS), min_size=1, unique=True))
    @settings(suppress_health_check=list(HealthCheck), max_examples=30)
    def test_it_is_the_whole_with_all_else_taken_away(self, chosen):
        declared = types.get("article")
        offer = offering.offer(declared)
        leaves = [f"{head}.{leaf}" for head in offer.paths for leaf in offer.paths[head] or [""]]
        whole = {head: dict.fromkeys(below, ".") or "." for head, below in offer.paths.items()}

        told = choosing.choice(offer, {"fields": chosen}, []).of(whole)

        wanted = {leaf.rstrip(".") for leaf in leaves if covered(leaf, [*chosen, *declared.kept])}
        assert wanted == {
            f"{head}.{leaf}" if leaf else head
            for head, below in told.items()
            for leaf in (below if isinstance(below, dict) else [""])
        }


def covered(leaf, chosen):
    """Whether a path of two parts is below any that was chosen."""
    return any(leaf.rstrip(".") == path or leaf.startswith(f"{path}.") for path in chosen)
