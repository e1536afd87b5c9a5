from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from content import corpus, publishing, topics, types, versions
from content.corpus import Filters
from content.database import new_id
from content.errors import Elsewhere, Gone, NotFound
from content.log import State, head
from content.memory import MEMORY, Memory
from content.orders import Place
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED
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

ARTICLE, FAQ, TOPIC = (types.get(name) for name in ("article", "faq", "topic"))
PARTNER = (*ANONYMOUS, Reach(audiences=(LICENSED,)))


def find(session, key, *, at=None, reach=ANONYMOUS, locale="en", declared=ARTICLE):
    at = head(session).sequence if at is None else at
    return corpus.find(session, declared, key, locale=locale, at=at, reach=reach)


def bearer(session, slug, *, at=1, reach=ANONYMOUS, locale="en", declared=ARTICLE):
    return corpus.bearer(session, declared, slug, locale=locale, at=at, reach=reach)


def page(
    session, declared=ARTICLE, *, at=None, limit=100, after=None, reach=ANONYMOUS, topic=None, **filters
):
    at = head(session).sequence if at is None else at
    if topic:
        filters["topics"] = topics.tree(session, at).below([topic])
    found = corpus.page(session, declared, Filters(**filters), at=at, reach=reach, limit=limit, after=after)
    counted = corpus.count(session, declared, Filters(**filters), at=at, reach=reach)
    assert after or counted == len(found) or len(found) == limit
    return [item.edition.entry_id for item in found]


def move(session, version, slug):
    return publishing.move(session, version.entry_id, slug, by=ED, now=MAY_DAY)


def redirect(session, version, to):
    return publishing.withdraw(
        session, version.entry_id, manner=State.REDIRECTED, target=str(to), by=ED, now=MAY_DAY
    )


class TestFind:
    def test_it_is_by_slug_and_by_id(self, session):
        version = a_live_article(session, slug="clots")

        assert find(session, "clots").edition.entry_id == version.entry_id
        assert find(session, version.entry_id).json == find(session, "clots").json

    @pytest.mark.parametrize("key", ["nothing", new_id()])
    def test_it_does_not_know_what_was_never_public(self, session, key):
        draft = an_article(session, slug="draft")

        for one in (key, "draft", draft.entry_id):
            with pytest.raises(NotFound):
                find(session, one)

    def test_it_keeps_locales_and_types_apart(self, session):
        a_live_article(session, slug="clots")
        german = a_live_article(session, slug="clots", locale="de")
        a_live_faq(session, slug="faq")

        assert find(session, "clots", locale="de").edition.entry_id == german.entry_id
        for key, locale in (("clots", "fr"), ("faq", "en")):
            with pytest.raises(NotFound):
                find(session, key, locale=locale)

    def test_it_leads_from_every_old_slug_to_the_newest(self, session):
        version = a_live_article(session, slug="one")
        move(session, version, "two")
        move(session, version, "three")

        for old in ("one", "two"):
            with pytest.raises(Elsewhere) as caught:
                find(session, old)
            assert (caught.value.slug, caught.value.entry_id) == ("three", version.entry_id)

    def test_it_prefers_who_bears_the_slug_now(self, session):
        version = a_live_article(session, slug="one")
        move(session, version, "two")
        heir = a_live_article(session, slug="one")

        assert find(session, "one").edition.entry_id == heir.entry_id
        assert find(session, "one", at=1).edition.entry_id == version.entry_id

    def test_it_leads_to_the_last_bearer_of_a_slug_that_several_bore(self, session):
        first = a_live_article(session, slug="one")
        move(session, first, "two")
        second = a_live_article(session, slug="one")
        move(session, second, "three")

        with pytest.raises(Elsewhere) as caught:
            find(session, "one")
        assert caught.value.slug == "three"

    def test_it_follows_a_chain_of_redirects(self, session):
        one, two, three = (a_live_article(session, slug=slug) for slug in ("one", "two", "three"))
        redirect(session, one, two.entry_id)
        redirect(session, two, three.entry_id)
        move(session, three, "four")

        with pytest.raises(Elsewhere) as caught:
            find(session, "one")
        assert caught.value.slug == "four"

    def test_it_stops_at_a_url(self, session):
        one, two = (a_live_article(session, slug=slug) for slug in ("one", "two"))
        redirect(session, one, two.entry_id)
        redirect(session, two, "https://elsewhere.example/two")

        with pytest.raises(Elsewhere) as caught:
            find(session, "one")
        assert caught.value.url == "https://elsewhere.example/two"

    def test_it_is_not_caught_in_a_ring(self, session):
        one, two = (a_live_article(session, slug=slug) for slug in ("one", "two"))
        redirect(session, one, two.entry_id)
        redirect(session, two, one.entry_id)

        with pytest.raises(Gone) as caught:
            find(session, "one")
        assert caught.value.notice.reason == State.REDIRECTED

    def test_it_says_what_became_of_a_target_that_is_not_public(self, session):
        one, draft = a_live_article(session, slug="one"), an_article(session, slug="draft")
        redirect(session, one, draft.entry_id)

        with pytest.raises(Gone):
            find(session, "one")

    @pytest.mark.parametrize(
        ("verb", "reason"), [("withdraw", State.GONE), ("hold", State.HELD), ("erase", State.ERASED)]
    )
    def test_it_tells_why_it_is_gone(self, session, verb, reason):
        version = a_live_article(session, slug="clots")
        act = getattr(publishing, verb)(
            session, version.entry_id, by=ED, note="A note.", reason="Internal.", now=MAY_DAY
        )

        for key in ("clots", version.entry_id):
            with pytest.raises(Gone) as caught:
                find(session, key)
            notice = caught.value.notice
            assert (notice.reason, notice.sequence, notice.note) == (reason, act.sequence, "A note.")

    def test_it_names_the_replacement(self, session):
        one, two = (a_live_article(session, slug=slug) for slug in ("one", "two"))
        publishing.withdraw(
            session, one.entry_id, manner=State.REPLACED, target=str(two.entry_id), by=ED, now=MAY_DAY
        )

        with pytest.raises(Gone) as caught:
            find(session, "one")
        assert caught.value.notice.replacement == two.entry_id

    def test_it_tells_of_the_retraction_that_struck_the_last_version(self, session):
        version = a_live_article(session)
        publish(session, signed(session, saved(session, version, body="Other.")))
        cause = publishing.retract(session, version.entry_id, [2], note="A wrong dose.", by=ED, now=MAY_DAY)
        publishing.retract(session, version.entry_id, [1], note="Also wrong.", by=ED, now=MAY_DAY)

        with pytest.raises(Gone) as caught:
            find(session, version.entry_id)
        assert (caught.value.notice.sequence, caught.value.notice.note) == (cause.sequence, "A wrong dose.")

    def test_it_gives_a_stub_of_the_past_for_what_was_struck_since(self, session):
        version = a_live_article(session)
        publish(session, signed(session, saved(session, version, body="Other.")))
        publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)

        with pytest.raises(Gone) as caught:
            find(session, version.entry_id, at=1)
        assert (caught.value.version, caught.value.notice.reason) == (1, State.RETRACTED)

    def test_it_recognises_an_erased_address_and_does_not_tell_it(self, session):
        version = a_live_article(session, slug="jane-doe")
        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        with pytest.raises(Gone) as caught:
            find(session, "jane-doe")
        assert "jane" not in str(caught.value)

    def test_an_address_erased_in_the_first_language_is_not_answered_in_another(self, session):
        a_live_article(session, slug="thrombosis")
        german = a_live_article(session, slug="thrombosis", locale="de")
        publishing.erase(session, german.entry_id, by=ED, now=MAY_DAY)

        def spoken(*languages, at):
            named = {"locale": languages[0], "or_in": languages[1:], "reach": ANONYMOUS}
            return corpus.find(session, ARTICLE, "thrombosis", at=at, **named).edition.locale

        with pytest.raises(Gone) as caught:
            spoken("de", "en", at=2)
        assert caught.value.notice.reason == State.ERASED
        assert spoken("en", "de", at=2) == spoken("de", "en", at=3) == "en"

    def test_it_is_gone_to_whom_it_is_out_of_reach_now(self, session):
        version = a_live_article(session, slug="clots")
        publish(session, saved(session, version, audience=LICENSED), note="For partners.")

        assert find(session, "clots", reach=PARTNER).edition.version == 2
        assert find(session, "clots", at=1).edition.version == 1
        for key in ("clots", version.entry_id):
            with pytest.raises(Gone) as caught:
                find(session, key)
            assert (caught.value.notice.reason, caught.value.notice.note) == (State.GONE, None)

    def test_it_does_not_know_what_was_never_within_reach(self, session):
        version = a_live_article(session, slug="clots", audience=LICENSED)
        publishing.withdraw(session, version.entry_id, by=ED, note="For partners.", now=MAY_DAY)

        for at in (1, 2):
            with pytest.raises(NotFound):
                find(session, "clots", at=at)


class TestBearer:
    @pytest.fixture
    def remembering(self, session):
        session.info[MEMORY] = Memory(budget=1_000_000)
        return session

    def test_it_is_asked_for_once_where_the_session_remembers(self, remembering, statements):
        version = a_live_article(remembering, slug="one")
        assert bearer(remembering, "one") == version.entry_id
        statements.clear()

        assert bearer(remembering, "one", at=1) == version.entry_id
        assert statements == []

    def test_what_is_remembered_is_no_answer_to_another_question(self, remembering):
        first = a_live_article(remembering, slug="one")
        move(remembering, first, "two")
        heir = a_live_article(remembering, slug="one", audience=LICENSED)
        licensed = (Reach(audiences=(LICENSED,)),)
        at = head(remembering).sequence

        assert bearer(remembering, "one", at=at) == first.entry_id
        assert bearer(remembering, "one", at=at, reach=licensed) == heir.entry_id
        with pytest.raises(NotFound):
            bearer(remembering, "one", at=at, locale="de")
        with pytest.raises(NotFound):
            bearer(remembering, "one", at=1, reach=licensed)
        with pytest.raises(NotFound):
            bearer(remembering, "one", at=at, declared=FAQ)


class TestPage:
    def test_it_is_newest_first_by_the_day_of_first_publication_anywhere(self, session):
        old = a_live_article(session, slug="old", originally_published_on="2020-01-01")
        new = a_live_article(session, slug="new")
        newer = a_live_article(session, slug="newer", now=MAY_DAY + HOUR)

        assert page(session) == [newer.entry_id, new.entry_id, old.entry_id]

    def test_it_does_not_take_a_day_to_come_for_a_day_of_publication(self, session):
        # Whoever saved it had a clock that was wrong.
        then = datetime(2099, 1, 1, tzinfo=UTC)
        boaster = an_article(session, slug="boaster", originally_published_on="2099-01-01", now=then)
        publish(session, signed(session, boaster))
        newer = a_live_article(session, slug="newer", now=MAY_DAY + HOUR)

        assert page(session) == [newer.entry_id, boaster.entry_id]

    def test_it_goes_on_after_a_place_also_among_equals(self, session):
        made = [a_live_article(session, slug=f"a-{number}").entry_id for number in range(5)]

        first = page(session, limit=2)
        walked, place = [], None
        while step := page(session, limit=2, after=place):
            walked += step
            place = Place(MAY_DAY, step[-1])

        assert walked == sorted(made, reverse=True)
        assert first == walked[:2]

    def test_it_yields_the_corpus_at_its_sequence_whatever_happens_between_its_pages(self, session):
        made = [
            a_live_article(session, slug=f"a-{number}", now=MAY_DAY + number * HOUR) for number in range(6)
        ]
        at, walked, place = head(session).sequence, [], None
        expected = [version.entry_id for version in reversed(made)]

        while step := page(session, at=at, limit=2, after=place):
            walked += step
            place = Place(MAY_DAY + (5 - expected.index(step[-1])) * HOUR, step[-1])
            publishing.withdraw(session, made[len(walked) - 1].entry_id, by=ED, now=MAY_DAY + 9 * HOUR)
            a_live_article(session, slug=f"new-{len(walked)}", now=MAY_DAY + 9 * HOUR)

        assert walked == expected
        assert page(session, at=at) == expected

    def test_it_is_narrowed_by_topic_with_the_topics_below_it_as_they_were(self, session):
        legs = a_topic(session, "Legs")
        veins = a_topic(session, "Veins", parent=legs)
        calf = a_topic(session, "Calf veins", parent=veins)
        version = a_live_article(session, topics=[calf])
        before = head(session).sequence
        move_out = versions.latest(session, UUID(calf))
        publish(session, saved(session, move_out, parent=None))

        assert page(session, topic=UUID(legs)) == []
        assert page(session, topic=UUID(legs), at=before) == [version.entry_id]

    @pytest.mark.parametrize(
        ("filters", "slugs"),
        [
            ({}, {"one", "two"}),
            ({"tag": "legs"}, {"one"}),
            ({"tag": "leg"}, set()),
            ({"locale": "de"}, {"two"}),
            ({"updated_since": MAY_DAY + timedelta(microseconds=1)}, {"two"}),
            ({"updated_since": MAY_DAY}, {"one", "two"}),
            ({"topic": new_id()}, set()),
            ({"article": new_id()}, set()),
            ({"author": new_id()}, set()),
            ({"translation_of": new_id()}, set()),
            ({"review": "reviewed"}, {"one", "two"}),
            ({"review": "not_reviewed"}, set()),
            ({"published_since": MAY_DAY + HOUR}, {"two"}),
        ],
    )
    def test_it_is_narrowed_by_each_filter(self, session, filters, slugs):
        ids = {
            a_live_article(session, slug="one", tags=["legs", "veins"]).entry_id: "one",
            a_live_article(session, slug="two", locale="de", now=MAY_DAY + HOUR).entry_id: "two",
        }

        assert {ids[key] for key in page(session, **filters)} == slugs

    def test_it_is_narrowed_by_the_article_that_a_question_belongs_to(self, session):
        article = a_live_article(session)
        ours = a_live_faq(session, slug="ours", article=str(article.entry_id))
        a_live_faq(session, slug="other")

        assert page(session, FAQ, article=article.entry_id) == [ours.entry_id]

    def test_it_is_narrowed_by_who_signs_the_text(self, session):
        clinic = an_author(session)
        ours = a_live_article(session, slug="ours", authors=[an_author(session, "Other"), clinic])
        a_live_article(session, slug="other")

        assert page(session, author=UUID(clinic)) == [ours.entry_id]

    def test_it_is_narrowed_by_the_topic_right_above(self, session):
        legs = a_topic(session, "Legs")
        veins = a_topic(session, "Veins", parent=legs)
        a_topic(session, "Calf veins", parent=veins)

        assert page(session, TOPIC, parent=UUID(legs)) == [UUID(veins)]

    def test_it_is_narrowed_to_the_translations_of_an_entry(self, session):
        english = a_live_article(session)
        german = versions.create(
            session, "article", article_values(), locale="de", by=ED, translation_of=english.entry_id
        )
        publish(session, german, forced="Urgent.")
        a_live_article(session, slug="other")

        assert page(session, translation_of=english.entry_id) == [german.entry_id]
        assert page(session, translation_of=german.entry_id) == [english.entry_id]
        assert page(session, translation_of=english.entry_id, at=1) == []

    def test_nothing_translates_an_entry_before_it_was_public(self, session):
        english = a_live_article(session)
        german = versions.create(
            session, "article", article_values(), locale="de", by=ED, translation_of=english.entry_id
        )
        assert page(session, translation_of=german.entry_id) == []

        act = publish(session, german, forced="Urgent.")

        assert page(session, translation_of=german.entry_id) == [english.entry_id]
        assert page(session, translation_of=german.entry_id, at=act.sequence - 1) == []

    def test_it_is_narrowed_by_what_is_known_of_the_review(self, session):
        reviewed = a_live_article(session, slug="reviewed")
        forced = an_article(session, slug="forced")
        publish(session, forced, forced="Urgent.")

        assert page(session, review="reviewed") == [reviewed.entry_id]
        assert page(session, review="not_reviewed") == [forced.entry_id]

    def test_it_leaves_out_what_is_beyond_reach(self, session):
        public = a_live_article(session, slug="public")
        licensed = a_live_article(session, slug="licensed", audience=LICENSED)

        assert page(session) == [public.entry_id]
        assert set(page(session, reach=PARTNER)) == {public.entry_id, licensed.entry_id}
        assert page(session, reach=()) == []

    def test_it_has_stubs_of_the_past_for_what_was_struck_since(self, session):
        version = a_live_article(session)
        publishing.erase(session, version.entry_id, by=ED, note="By order.", now=MAY_DAY)

        (item,) = corpus.page(session, ARTICLE, Filters(), at=1, reach=ANONYMOUS, limit=1)

        assert (item.json, item.notice.reason, item.notice.note) == (None, State.ERASED, "By order.")

    def test_it_is_empty_before_the_first_act(self, session):
        a_live_article(session)

        assert page(session, at=0) == []
