"""What an answer is filed under, so that a cache can be purged of it."""

import re

import pytest

from content import groups
from tests.builders import MAY_DAY, a_live_article, a_live_faq, a_topic, an_article, an_author, publish


def told(answer):
    """The groups of an answer, which both headers tell alike."""
    listed = re.findall(r'"([^"]*)"', answer.headers["Cache-Groups"])
    assert answer.headers["Cache-Groups"] == ", ".join(f'"{name}"' for name in listed)
    assert answer.headers["Surrogate-Key"].split(" ") == listed
    return set(listed)


class TestTell:
    def test_it_files_an_entry_under_itself_and_all_that_it_names_public_or_not(self, session, api):
        topic, author = a_topic(session), an_author(session)
        draft = an_article(session, slug="draft")
        session.commit()
        article = a_live_article(session, topics=[topic], authors=[author])
        faq = a_live_faq(session, article=str(draft.entry_id))

        of_article = told(api.get(f"/api/v1/articles/{article.entry_id}"))
        of_faq = told(api.get(f"/api/v1/faqs/{faq.entry_id}"))

        assert of_article == {"all", article.entry_id.hex, topic.replace("-", ""), author.replace("-", "")}
        assert of_faq == {"all", faq.entry_id.hex, draft.entry_id.hex}

    def test_it_files_a_list_under_its_type_and_that_of_a_topic_under_the_topic(self, session, api):
        topic = a_topic(session)
        a_live_article(session, topics=[topic])
        names = {"all", topic.replace("-", "")}

        assert told(api.get("/api/v1/articles")) == names | {"list:articles"}
        of_topic = told(api.get(f"/api/v1/articles?topic={topic}")) - names
        assert [name.partition(":")[0] for name in of_topic] == ["topic"]
        assert told(api.get("/api/v1/articles?topic=veins")) > of_topic
        assert told(api.get(f"/api/v1/articles?topic={topic}&as_of=2")) == names | {"list:articles"}

    def test_it_files_what_is_not_there_and_what_is_elsewhere_under_the_whole_log(self, session, api):
        version = a_live_article(session)
        moved = an_article(session, slug="other")
        publish(session, moved, forced="A test.", now=MAY_DAY)

        assert told(api.get("/api/v1/articles/nothing")) == {"all", "log"}
        assert told(api.get("/api/v1/changes")) == {"all", "log"}
        assert told(api.get(f"/api/v1/articles/{version.entry_id}/versions/7")) == {"all", "log"}

    def test_it_files_what_names_too_much_under_the_whole_log(self, session, api):
        topics = [a_topic(session, f"Topic {number}") for number in range(31)]
        few = a_live_article(session, slug="few", topics=topics[:30])
        many = a_live_article(session, slug="many", topics=topics)

        assert len(told(api.get(f"/api/v1/articles/{few.entry_id}"))) == 32
        assert told(api.get(f"/api/v1/articles/{many.entry_id}")) == {"all", "log"}

    def test_it_says_the_same_with_a_304_and_to_head(self, session, api):
        a_live_article(session)
        shown = api.get("/api/v1/articles/clots")

        again = api.get("/api/v1/articles/clots", headers={"If-None-Match": shown.headers["ETag"]})

        assert again.status_code == 304
        assert told(again) == told(api.head("/api/v1/articles/clots")) == told(shown)

    @pytest.mark.parametrize("path", ["articles?limit=0", "docs"])
    def test_it_is_silent_where_nothing_may_be_kept(self, api, path):
        answer = api.get(f"/api/v1/{path}")

        assert "Cache-Groups" not in answer.headers
        assert "Surrogate-Key" not in answer.headers

    def test_it_needs_no_more_room_than_every_cache_has(self, session, api):
        """RFC 9875, section 2: 32 groups of 32 characters."""
        topic = a_topic(session)
        a_live_article(session, topics=[topic])
        paths = ("articles/clots", "articles?topic=veins", "articles/nothing", "topics")

        names = set().union(*(told(api.get(f"/api/v1/{path}")) for path in paths))

        assert max(map(len, names)) <= 32
        assert all(re.fullmatch(r"[\w:-]+", name) for name in names)
        assert groups.ALL in names
