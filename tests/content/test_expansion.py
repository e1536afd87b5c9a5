from uuid import UUID

import pytest
from sqlalchemy import event

from content import corpus, expansion, publishing, types, versions
from content.corpus import Filters
from content.log import head
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, a_topic, an_author, publish, saved, signed

ARTICLE, FAQ = types.get("article"), types.get("faq")
PARTNER = (*ANONYMOUS, Reach(audiences=(LICENSED,)))


def found(session, version, declared=ARTICLE, *, at=None, reach=ANONYMOUS):
    at = at or head(session).sequence
    return corpus.find(session, declared, version.entry_id, locale="en", at=at, reach=reach)


def whole(session, version, declared=ARTICLE, *, at=None, reach=ANONYMOUS, **asked):
    at = at or head(session).sequence
    item = found(session, version, declared, at=at, reach=reach)
    return expansion.whole(session, declared, item, at=at, reach=reach, **asked)


def a_translation(session, version, locale="de", **values):
    """The published version of a translation."""
    made = versions.create(
        session,
        "article",
        version.values | values,
        locale=locale,
        by=ED,
        translation_of=version.entry_id,
        now=MAY_DAY,
    )
    publish(session, signed(session, made))
    return made


class TestWhole:
    def test_it_has_every_key_of_the_contract_in_reading_order(self, session):
        article, faq = a_live_article(session), a_live_faq(session)

        assert (
            list(whole(session, article))
            == (
                "type id slug locale version title summary sections body sources seo topics tags authors image"
                " pictures reading_minutes syndication faqs translations review change dates urls integrity"
            ).split()
        )
        assert set(whole(session, faq, FAQ)) == set(
            "type id slug locale version question answer warnings sources article position topics tags syndication"
            " review change dates urls integrity".split()
        )

    def test_it_names_what_it_refers_to_as_that_was(self, session):
        topic, author = a_topic(session, "Veins"), an_author(session, "Leg Clinic", telephone="112")
        version = a_live_article(session, topics=[topic], authors=[author])
        at = head(session).sequence
        renamed = saved(session, versions.latest(session, UUID(topic)), name="Arteries")
        publish(session, renamed)

        before, now = whole(session, version, at=at), whole(session, version)

        assert before["topics"] == [{"id": topic, "slug": "veins", "name": "Veins"}]
        assert now["topics"][0]["name"] == "Arteries"
        assert before["authors"][0]["telephone"] == "112"

    def test_it_shows_the_questions_of_an_article_in_their_order(self, session):
        article = a_live_article(session)
        for position, slug in ((2, "two"), (None, "last"), (1, "one")):
            a_live_faq(session, slug=slug, article=str(article.entry_id), position=position)

        assert [faq["slug"] for faq in whole(session, article)["faqs"]] == ["one", "two", "last"]

    def test_it_shows_translations(self, session):
        english = a_live_article(session)
        german = versions.create(
            session,
            "article",
            english.values,
            locale="de",
            by=ED,
            translation_of=english.entry_id,
            now=MAY_DAY,
        )
        publish(session, signed(session, german))

        assert whole(session, english)["translations"] == [
            {"id": str(german.entry_id), "locale": "de", "slug": "clots"}
        ]

    @pytest.mark.parametrize("verb", ["hold", "withdraw", "erase"])
    def test_it_leaves_out_what_is_not_public_any_more(self, session, verb):
        article = a_live_article(session)
        faq = a_live_faq(session, article=str(article.entry_id))
        getattr(publishing, verb)(session, faq.entry_id, by=ED, now=MAY_DAY)

        assert whole(session, article)["faqs"] == []

    def test_it_leaves_out_what_is_beyond_reach(self, session):
        article = a_live_article(session)
        faq = a_live_faq(session, article=str(article.entry_id), audience=LICENSED)

        assert whole(session, article)["faqs"] == []
        assert [one["id"] for one in whole(session, article, reach=PARTNER)["faqs"]] == [str(faq.entry_id)]

    def test_it_tells_what_the_log_knows(self, session):
        version = a_live_article(session, originally_published_on="2020-01-02")
        publish(session, saved(session, version, tags=["a"]), kind="typo", note="A comma.", now=MAY_DAY)

        told = whole(session, version)

        assert told["change"] == {"kind": "typo", "note": "A comma."}
        assert told["dates"] == {
            "originally_published_on": "2020-01-02",
            "first_published_at": "2026-05-01T09:00:00.000000Z",
            "published_at": "2026-05-01T09:00:00.000000Z",
            "updated_at": "2026-05-01T09:00:00.000000Z",
        }


class TestCards:
    @pytest.mark.parametrize("number", [1, 5])
    def test_they_cost_the_same_statements_however_many(self, session, number):
        topic = a_topic(session)
        for one in range(number):
            a_live_article(session, slug=f"a-{one}", topics=[topic])
        at, said = head(session).sequence, []
        event.listen(session.get_bind(), "after_cursor_execute", lambda *told: said.append(told[2]))

        items = corpus.page(session, ARTICLE, Filters(), at=at, reach=ANONYMOUS, limit=100)
        cards = expansion.cards(session, ARTICLE, items, at=at, reach=ANONYMOUS)

        assert (len(cards), len(said)) == (number, 3)

    def test_they_of_nothing_are_none(self, session):
        assert expansion.cards(session, ARTICLE, [], at=0, reach=ANONYMOUS) == []


class TestWholes:
    def test_it_gives_each_of_several_types_as_by_itself(self, session):
        topic = a_topic(session)
        article = a_live_article(session, topics=[topic])
        other = a_live_article(session, slug="other", topics=[topic])
        for place, belongs_to in enumerate((article, other, article)):
            a_live_faq(session, slug=f"q-{place}", article=str(belongs_to.entry_id), position=place)
        at = head(session).sequence
        found = [
            corpus.find(session, declared, key, locale="en", at=at, reach=ANONYMOUS)
            for declared, key in (
                (ARTICLE, "other"),
                (FAQ, "q-1"),
                (types.get("topic"), "veins"),
                (ARTICLE, "clots"),
            )
        ]

        together = expansion.wholes(session, found, at=at, reach=ANONYMOUS)

        assert together == [
            expansion.whole(session, types.get(item.edition.type), item, at=at, reach=ANONYMOUS)
            for item in found
        ]
        assert [faq["slug"] for faq in together[0]["faqs"]] == ["q-1"]
        assert [faq["slug"] for faq in together[3]["faqs"]] == ["q-0", "q-2"]

    def test_it_gives_each_its_own_translations(self, session):
        english = a_live_article(session)
        german, french = (a_translation(session, english, locale) for locale in ("de", "fr"))
        items, at = [found(session, one) for one in (english, german)], head(session).sequence

        together = expansion.wholes(session, items, at=at, reach=ANONYMOUS)

        assert [[one["locale"] for one in told["translations"]] for told in together] == [
            ["de", "fr"],
            ["en", "fr"],
        ]
        assert together[0]["translations"][1]["id"] == str(french.entry_id)
