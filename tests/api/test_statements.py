"""What a read costs: a fixed number of SQL statements, whatever the size of the corpus."""

import pytest

from content import publishing
from tests.builders import ED, a_live_article, a_topic, an_author, an_faq

MANY = 2_000


def many_faqs(session, count, **values):
    """Publish so many FAQs in one act, each forced: who reads does not care."""
    made = [an_faq(session, slug=f"q-{place}", **values) for place in range(count)]
    steps = [publishing.publication(session, one.entry_id, 1, forced=True) for one in made]
    publishing.perform(session, steps, by=ED, reason="a test")


class TestStatements:
    @pytest.fixture
    def cost(self, api, statements):
        """How many statements a read sends."""

        def cost(path):
            statements.clear()
            assert api.get(path).status_code == 200
            return len(statements)

        return cost

    @pytest.fixture
    def article(self, session):
        """An article that names much."""
        topics = [a_topic(session), a_topic(session, "Deep veins")]
        return a_live_article(session, topics=topics, authors=[an_author(session)], tags=["flying"])

    @pytest.mark.parametrize("count", [20, pytest.param(MANY, marks=pytest.mark.slow)])
    def test_it_is_the_same_at_every_size(self, session, api, article, cost, count):
        a_live_article(session, slug="alike", topics=article.values["topics"])
        token, filed = (
            api.get(path).get_json()["token"] for path in ("/api/v1/sync", "/api/v1/sync?topic=veins")
        )
        many_faqs(session, count, article=str(article.entry_id), topics=article.values["topics"])
        # A topic's list that goes on asks since when it has been what it is.
        onward = int(count > 20)
        ask = {
            "/api/v1/articles/clots": 3,
            f"/api/v1/articles/{article.entry_id}": 3,
            "/api/v1/articles/clots?fields=title": 2,
            "/api/v1/articles/clots?include=faqs,topics": 5,
            "/api/v1/articles/clots?include=related": 6,
            "/api/v1/articles/clots?locale=en&fallback=de": 3,
            # One more, for a text at that address in the first of them may have been erased.
            "/api/v1/articles/clots?locale=de&fallback=en": 5,
            "/api/v1/faqs?locale=de&fallback=en": 4,
            f"/api/v1/articles?ids={article.entry_id}": 3,
            f"/api/v1/articles?ids={article.entry_id}&fallback=de,en": 4,
            "/api/v1/articles": 4,
            "/api/v1/faqs?limit=20&include=article": 6,
            "/api/v1/faqs?limit=20": 4,
            "/api/v1/faqs?limit=20&locale=en&tag=none": 2,
            f"/api/v1/faqs?topic={article.values['topics'][0]}": 5 + onward,
            "/api/v1/faqs?topic=veins": 5 + onward,
            "/api/v1/faqs?limit=100&total=true": 5,
            "/api/v1/faqs/q-7": 3,
            f"/api/v1/articles/{article.entry_id}/versions/1": 2,
            f"/api/v1/articles/{article.entry_id}/versions": 2,
            f"/api/v1/articles/{article.entry_id}/changes": 2,
            "/api/v1/changes": 3,
            "/api/v1/search?q=hurt&locale=en": 5,
            "/api/v1/search?q=hurt&total=true&facets=true": 8,
            "/api/v1/search?q=often+hurts&type=faq": 6,
            "/api/v1/search/suggest?q=does+it+hu&locale=en": 4,
            "/api/v1/sync?limit=3": 5,
            "/api/v1/sync?type=faq&topic=veins": 5,
            "/api/v1/sync/head": 1,
            f"/api/v1/sync?since={token}": 5,
            f"/api/v1/sync?since={filed}": 7,
        }

        assert {path: cost(path) for path in ask} == ask

    def test_it_asks_nothing_to_say_that_the_server_lives(self, cost):
        assert cost("/healthz") == 0

    def test_it_asks_for_the_sequence_only_where_the_caller_has_the_description(self, api, statements):
        etag = api.get("/api/v1/openapi.json").headers["ETag"]
        statements.clear()

        assert api.get("/api/v1/openapi.json", headers={"If-None-Match": etag}).status_code == 304
        assert len(statements) == 1
