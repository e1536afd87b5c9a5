"""What an answer is filed under, so that a cache can be purged of it."""

import re
from uuid import UUID

import pytest

from content import groups
from content.placement import LICENSED
from tests.builders import MAY_DAY, a_live_article, a_live_faq, a_topic, an_article, an_author, publish


def told(answer):
    """The groups of an answer, which both headers tell alike."""
    listed = re.findall(r'"([^"]*)"', answer.headers["Cache-Groups"])
    assert answer.headers["Cache-Groups"] == ", ".join(f'"{name}"' for name in listed)
    assert answer.headers["Surrogate-Key"].split(" ") == listed
    return set(listed)


@pytest.fixture
def named(app):
    """The names by which caches know some groups."""
    return lambda *names: set(groups.told(names, app.config["SECRET_KEY"].encode()))


class TestTell:
    def test_it_files_an_entry_under_itself_and_all_that_it_names_public_or_not(self, session, api, named):
        topic, author = a_topic(session), an_author(session)
        draft = an_article(session, slug="draft")
        session.commit()
        article = a_live_article(session, topics=[topic], authors=[author])
        faq = a_live_faq(session, article=str(draft.entry_id))

        of_article = told(api.get(f"/api/v1/articles/{article.entry_id}"))
        of_faq = told(api.get(f"/api/v1/faqs/{faq.entry_id}"))

        shown = (article.entry_id, UUID(topic), UUID(author))
        assert of_article == {"all", *named(*map(groups.entry, shown))}
        assert of_faq == {"all", *named(*map(groups.entry, (faq.entry_id, draft.entry_id)))}

    @pytest.mark.parametrize("way", ["articles/shown", "articles", "articles/shown?include=faqs", "faqs"])
    def test_it_names_no_entry_that_is_for_others(self, session, api, way):
        article = a_live_article(session, slug="shown")
        hidden = [
            a_live_faq(session, slug="licensed", audience=LICENSED, article=str(article.entry_id)),
            a_live_article(session, slug="translated", audience=LICENSED),
        ]
        a_live_faq(session, slug="open", article=str(hidden[1].entry_id))

        answer = api.get(f"/api/v1/{way}")

        told_of = f"{answer.headers}{answer.text}".replace("-", "")
        assert not [one for one in hidden if one.entry_id.hex in told_of]
        # Who knows the secret only knows which they are.
        assert told(answer) != {"all", "log"}

    def test_it_files_a_list_under_its_type_and_that_of_a_topic_under_the_topic(self, session, api, named):
        topic = a_topic(session)
        a_live_article(session, topics=[topic])
        names = {"all", *named(groups.entry(UUID(topic)))}

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
