"""The list and the single read of each type."""

from uuid import UUID

import pytest

from content import publishing, schedule, versions
from content.log import State
from content.schedule import Verb
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    article_values,
    publish,
    saved,
    signed,
)

ARTICLE = set(
    "type id slug locale version title summary sections body topics tags authors review sources change faqs"
    " translations image pictures seo reading_minutes dates urls syndication integrity".split()
)
FAQ_CARD = set(
    "type id slug locale version question answer warnings topics tags article position review sources change dates"
    " urls syndication integrity".split()
)


class TestOne:
    def test_it_answers_an_article_by_its_slug_and_by_its_id(self, session, api):
        shown = a_live_article(session)

        by_slug = api.get("/api/v1/articles/clots")
        by_id = api.get(f"/api/v1/articles/{shown.entry_id}")

        assert by_slug.status_code == 200
        assert set(by_slug.get_json()) == ARTICLE
        assert by_slug.data == by_id.data

    def test_it_shows_what_an_article_names_as_it_is_now(self, session, api):
        topic, author = a_topic(session), an_author(session, telephone="+44 20 7946 0000")
        shown = a_live_article(session, topics=[topic], authors=[author])
        a_live_faq(session, article=str(shown.entry_id))

        told = api.get("/api/v1/articles/clots").get_json()

        assert told["topics"] == [{"id": topic, "slug": "veins", "name": "Veins"}]
        assert told["authors"][0]["telephone"] == "+44 20 7946 0000"
        assert [faq["question"] for faq in told["faqs"]] == ["Does it hurt?"]

    def test_it_keeps_the_short_answer_beside_the_whole_one(self, session, api):
        a_live_faq(session, short="Often.", answer="Often it does.")

        told = api.get("/api/v1/faqs/does-it-hurt").get_json()

        assert told["answer"] == {
            "short": "Often.",
            "html": "<p>Often it does.</p>\n",
            "text": "Often it does.",
            "markdown": "Often it does.",
        }

    def test_it_is_as_of_a_sequence_or_a_moment(self, session, api):
        first = a_live_article(session)
        second = signed(session, saved(session, first, title="Newer", now=MAY_DAY + HOUR))
        publish(session, second, now=MAY_DAY + HOUR)

        by_sequence = api.get("/api/v1/articles/clots?as_of=1")
        by_moment = api.get("/api/v1/articles/clots?as_of=2026-05-01T11:30:00%2B02:00")

        assert by_sequence.get_json()["title"] == by_moment.get_json()["title"] == "Clots in the leg"
        assert by_sequence.headers["Verso-Sequence"] == "1"
        assert api.get("/api/v1/articles/clots").headers["Verso-Sequence"] == "2"

    def test_it_finds_nothing_before_the_log_began(self, session, api):
        a_live_article(session)

        assert api.get("/api/v1/articles/clots?as_of=0").status_code == 404
        assert api.get("/api/v1/articles?as_of=0").get_json()["data"] == []

    def test_it_looks_a_slug_up_in_the_locale_asked_or_else_the_default_one(self, session, api):
        a_live_article(session)
        a_live_article(session, locale="de-CH", title="Gerinnsel")

        assert api.get("/api/v1/articles/clots").get_json()["locale"] == "en"
        assert api.get("/api/v1/articles/clots?locale=DE-ch").get_json()["title"] == "Gerinnsel"
        assert api.get("/api/v1/articles/clots?locale=fr").status_code == 404

    def test_it_finds_an_id_in_no_other_locale(self, session, api):
        shown = a_live_article(session)

        assert api.get(f"/api/v1/articles/{shown.entry_id}?locale=en").status_code == 200
        assert api.get(f"/api/v1/articles/{shown.entry_id}?locale=de").status_code == 404

    @pytest.mark.parametrize(
        "key",
        [
            "nothing",
            "Clots",
            "%00",
            "a%20b",
            "x" * 101,
            "-",
            "%F0%9F%A9%B8",
            "0197a2c45b1e7c3d9f206a1b2c3d4e5f",
        ],
    )
    def test_it_finds_nothing_under_what_is_no_slug(self, session, api, key):
        a_live_article(session)

        assert api.get(f"/api/v1/articles/{key}").status_code == 404

    def test_it_finds_nothing_of_another_type(self, session, api):
        shown = a_live_article(session)

        assert api.get(f"/api/v1/faqs/{shown.entry_id}").status_code == 404

    def test_it_never_shows_a_draft(self, session, api):
        shown = a_live_article(session)
        saved(session, shown, title="Draft")
        hidden = an_article(session, slug="draft")
        session.commit()

        assert api.get("/api/v1/articles/clots").get_json()["title"] == "Clots in the leg"
        assert api.get("/api/v1/articles/draft").status_code == 404
        assert api.get(f"/api/v1/articles/{hidden.entry_id}/versions/1").status_code == 404

    def test_it_shows_nothing_that_is_for_licensed_partners(self, session, api):
        a_live_article(session, audience="licensed")

        assert api.get("/api/v1/articles/clots").status_code == 404
        assert api.get("/api/v1/articles").get_json()["data"] == []

    def test_it_sees_what_was_due_before_it_was_asked(self, session, api):
        shown = signed(session, an_article(session))
        due_at = MAY_DAY + HOUR
        schedule.schedule(session, Verb.PUBLISH, shown.entry_id, due_at=due_at, by=ED, version=1, now=MAY_DAY)
        session.commit()

        assert api.get("/api/v1/articles/clots").status_code == 200


class TestMoved:
    def test_it_leads_from_an_old_slug_to_the_new_one_and_keeps_what_was_asked(self, session, api):
        shown = a_live_article(session, locale="de")
        publishing.move(session, shown.entry_id, "gerinnsel", by=ED)

        moved = api.get("/api/v1/articles/clots?locale=de&as_of=2")

        assert moved.status_code == 301
        assert moved.headers["Location"] == "/api/v1/articles/gerinnsel?as_of=2&locale=de"
        assert api.get(moved.headers["Location"]).get_json()["version"] == 2

    def test_it_may_be_kept_no_longer_than_any_answer(self, session, api):
        shown = a_live_article(session)
        publishing.move(session, shown.entry_id, "new-place", by=ED)

        assert "max-age=60" in api.get("/api/v1/articles/clots").headers["Cache-Control"]

    def test_it_ends_when_another_entry_takes_the_slug(self, session, api):
        shown = a_live_article(session)
        publishing.move(session, shown.entry_id, "new-place", by=ED)
        taker = a_live_article(session, title="Another")

        assert api.get("/api/v1/articles/clots").get_json()["id"] == str(taker.entry_id)

    def test_it_leads_to_an_entry_of_another_type(self, session, api):
        shown, faq = a_live_article(session), a_live_faq(session)
        publishing.withdraw(session, shown.entry_id, by=ED, manner=State.REDIRECTED, target=str(faq.entry_id))

        assert api.get("/api/v1/articles/clots").headers["Location"] == "/api/v1/faqs/does-it-hurt"

    def test_it_asks_another_type_for_no_parts_that_it_has_not(self, session, api):
        shown, faq = a_live_article(session), a_live_faq(session)
        publishing.withdraw(session, shown.entry_id, by=ED, manner=State.REDIRECTED, target=str(faq.entry_id))

        moved = api.get("/api/v1/articles/clots?as_of=3&fields=summary,faqs&include=faqs")

        assert moved.headers["Location"] == "/api/v1/faqs/does-it-hurt?as_of=3"
        assert api.get(moved.headers["Location"]).status_code == 200

    def test_it_leads_to_an_address_elsewhere(self, session, api):
        shown = a_live_article(session)
        target = "https://clinic.example/clots?from=verso"
        publishing.withdraw(session, shown.entry_id, by=ED, manner=State.REDIRECTED, target=target)

        moved = api.get(f"/api/v1/articles/{shown.entry_id}?as_of=2")

        assert moved.headers["Location"] == target


class TestListing:
    def test_it_lists_cards_newest_first(self, session, api):
        a_live_article(session, slug="old", originally_published_on="2020-01-01")
        a_live_article(session, slug="middle", now=MAY_DAY)
        a_live_article(session, slug="new", now=MAY_DAY + HOUR)

        told = api.get("/api/v1/articles").get_json()

        assert [card["slug"] for card in told["data"]] == ["new", "middle", "old"]
        assert told["page"] == {"limit": 20, "next": None, "total": None}
        assert not {"body", "sections"} & set(told["data"][0])

    def test_it_gives_a_faq_with_its_short_answer_and_its_html(self, session, api):
        a_live_faq(session, short="Often.", warnings=["Call a doctor."])

        [card] = api.get("/api/v1/faqs").get_json()["data"]

        assert set(card) == FAQ_CARD
        assert set(card["answer"]) == {"short", "html"}
        assert card["warnings"] == [{"html": "<p>Call a doctor.</p>\n", "text": "Call a doctor."}]

    def test_it_counts_all_pages_where_asked(self, session, api):
        for place in range(3):
            a_live_faq(session, slug=f"q-{place}")

        assert api.get("/api/v1/faqs?limit=1&total=true").get_json()["page"]["total"] == 3
        assert api.get("/api/v1/faqs?limit=1&total=false").get_json()["page"]["total"] is None

    def test_it_lists_topics_and_authors_too(self, session, api):
        veins = a_topic(session)
        a_topic(session, "Deep veins", parent=veins)
        an_author(session)

        topics = api.get("/api/v1/topics").get_json()["data"]
        authors = api.get("/api/v1/authors").get_json()["data"]

        assert {topic["slug"]: (topic["parent"] or {}).get("slug") for topic in topics} == {
            "veins": None,
            "deep-veins": "veins",
        }
        assert authors[0]["kind"] == "organisation"


class TestFilters:
    @pytest.fixture
    def slugs(self, api):
        """The slugs of the articles or FAQs that a query finds."""

        def slugs(query, plural="articles"):
            answer = api.get(f"/api/v1/{plural}?{query}")
            assert answer.status_code == 200
            return sorted(card["slug"] for card in answer.get_json()["data"])

        return slugs

    def test_topic_is_a_slug_or_an_id_and_holds_those_below_it(self, session, slugs):
        veins = a_topic(session)
        deep = a_topic(session, "Deep veins", parent=veins)
        a_live_article(session, slug="of-veins", topics=[veins])
        a_live_article(session, slug="of-deep", topics=[deep])
        a_live_article(session, slug="of-nothing")

        assert slugs("topic=veins") == slugs(f"topic={veins}") == ["of-deep", "of-veins"]
        assert slugs("topic=deep-veins") == ["of-deep"]
        assert slugs("topic=unheard-of") == []

    def test_topic_may_be_a_slug_that_the_topic_once_had(self, session, slugs):
        veins = a_topic(session)
        a_live_article(session, topics=[veins])
        publishing.move(session, UUID(veins), "leg-veins", by=ED)

        assert slugs("topic=veins") == slugs("topic=leg-veins") == ["clots"]

    def test_tag_is_one_tag(self, session, slugs):
        a_live_article(session, slug="tagged", tags=["flying", "über uns"])
        a_live_article(session, slug="bare")

        assert slugs("tag=flying") == slugs("tag=%C3%BCber+uns") == ["tagged"]
        assert slugs("tag=fly") == []

    def test_several_narrow_a_list_together(self, session, slugs):
        veins = a_topic(session)
        a_live_article(session, slug="both", topics=[veins], tags=["flying"])
        a_live_article(session, slug="of-veins", topics=[veins])
        a_live_article(session, slug="tagged", tags=["flying"])

        assert slugs("topic=veins&tag=flying") == ["both"]
        assert slugs("topic=veins&tag=flying&sort=title") == ["both"]

    def test_article_is_a_slug_or_an_id(self, session, slugs):
        shown = a_live_article(session)
        a_live_faq(session, slug="of-it", article=str(shown.entry_id))
        a_live_faq(session, slug="of-none")

        assert slugs("article=clots", "faqs") == slugs(f"article={shown.entry_id}", "faqs") == ["of-it"]

    def test_locale_is_exact(self, session, slugs):
        a_live_article(session, slug="here")
        a_live_article(session, slug="hier", locale="de")

        assert slugs("locale=de") == ["hier"]
        assert slugs("") == ["here", "hier"]

    def test_updated_since_counts_no_typo(self, session, slugs):
        a_live_article(session, slug="old")
        newer = a_live_article(session, slug="newer")
        changed = signed(session, saved(session, newer, title="Changed", now=MAY_DAY + HOUR))
        publish(session, changed, now=MAY_DAY + HOUR)

        assert slugs("updated_since=2026-05-01T10:00:00Z") == ["newer"]
        assert slugs("updated_since=2026-05-01T09:00:00Z") == ["newer", "old"]
        assert slugs("updated_since=2026-05-01T10:00:01Z") == []

    def test_as_of_lists_what_was_there(self, session, slugs):
        first = a_live_article(session, slug="first")
        a_live_article(session, slug="second")
        publishing.withdraw(session, first.entry_id, by=ED)

        assert slugs("as_of=1") == ["first"]
        assert slugs("as_of=2") == ["first", "second"]
        assert slugs("as_of=3") == ["second"]


class TestTranslations:
    def test_it_names_the_other_languages(self, session, api):
        shown = a_live_article(session)
        german = versions.create(
            session,
            "article",
            article_values(slug="gerinnsel"),
            locale="de",
            by=ED,
            translation_of=shown.entry_id,
        )
        publish(session, signed(session, german))

        told = api.get("/api/v1/articles/clots").get_json()

        assert told["translations"] == [{"id": str(german.entry_id), "locale": "de", "slug": "gerinnsel"}]
