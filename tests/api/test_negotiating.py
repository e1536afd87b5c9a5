"""In which language a caller is answered: by the parameters, else by Accept-Language (RFC 4647, section 3.4)."""

from uuid import UUID

import pytest

from content import publishing, versions
from content.log import State, head
from content.placement import LICENSED, PUBLIC
from tests.builders import (
    ED,
    a_live_article,
    a_live_faq,
    a_topic,
    an_author,
    article_values,
    faq_values,
    publish,
    signed,
)


def translated(session, version, locale, **values):
    """A published translation of an article."""
    given = article_values(slug=f"clots-{locale.lower()}", title=f"Clots {locale}") | values
    made = versions.create(session, "article", given, locale=locale, by=ED, translation_of=version.entry_id)
    publish(session, signed(session, made))
    return made


@pytest.fixture
def english(session):
    """An article in English, with translations into German, Swiss German and French."""
    shown = a_live_article(session)
    for locale in ("de", "de-CH", "fr"):
        translated(session, shown, locale)
    return shown


@pytest.fixture
def spoken(api):
    """The language of what is answered."""

    def spoken(query="articles/clots", accept=None):
        answer = api.get(f"/api/v1/{query}", headers={"Accept-Language": accept} if accept else {})
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == answer.get_json()["locale"]
        return answer.get_json()["locale"]

    return spoken


class TestAcceptLanguage:
    @pytest.mark.parametrize(
        ("accept", "locale"),
        [
            ("de", "de"),
            ("DE-ch", "de-CH"),
            ("de-CH-1996, fr", "de-CH"),
            ("de-AT, fr;q=0.9", "de"),
            ("fr;q=0.8, de;q=0.9", "de"),
            ("it, fr;q=0.5, de;q=0.1", "fr"),
            ("it", "en"),
            ("*", "en"),
            ("*, de;q=0.5", "de"),
            ("de;q=0", "en"),
            (", ".join(f"x{letter};q=0.1" for letter in "abcdefghij") + ", de", "de"),
            ("de-x-a", "de"),
            ("_, ;;, de;q=x, fr", "fr"),
            ("\xff", "en"),
        ],
    )
    def test_it_is_looked_up_among_the_translations(self, english, spoken, accept, locale):
        assert spoken(accept=accept) == locale

    def test_it_says_that_the_answer_depends_on_it(self, english, api):
        by_slug = api.get("/api/v1/articles/clots", headers={"Accept-Language": "de"})
        again = api.get(
            "/api/v1/articles/clots",
            headers={"Accept-Language": "de", "If-None-Match": by_slug.headers["ETag"]},
        )
        exact = api.get("/api/v1/articles/clots?locale=en")

        assert (again.status_code, again.headers["Vary"]) == (304, by_slug.headers["Vary"])
        assert "Accept-Language" in by_slug.headers["Vary"]
        assert "Accept-Language" not in exact.headers["Vary"]

    @pytest.mark.parametrize("accept", ["de", "de, en;q=0.9"])
    def test_it_says_so_too_where_the_form_in_that_language_was_struck(self, session, api, accept):
        shown = a_live_article(session)
        german, at = translated(session, shown, "de"), head(session).sequence
        publishing.retract(session, german.entry_id, [1], by=ED, note="The dose was wrong.")

        told = api.get(f"/api/v1/articles/clots?as_of={at}", headers={"Accept-Language": accept})

        assert (told.status_code, "Accept-Language" in told.vary) == (410, True)

    def test_it_counts_for_an_id_only_where_that_is_asked_for(self, english, spoken):
        by_id = f"articles/{english.entry_id}"

        assert spoken(by_id, "de") == "en"
        assert spoken(f"{by_id}?locale=auto", "de") == "de"

    @pytest.mark.parametrize(
        ("query", "locale"),
        [("knie", "de"), ("clots", "fr"), ("clots-de", "fr"), ("only-english", "en"), ("both", "de")],
    )
    def test_a_slug_may_be_of_its_languages_where_that_is_asked_for(
        self, session, english, spoken, query, locale
    ):
        a_live_article(session, slug="only-english")
        for slug, its in (("knie", "de"), ("both", "de"), ("both", "en")):
            a_live_article(session, slug=slug, locale=its)

        assert spoken(f"articles/{query}?locale=auto", "fr, de-AT;q=0.5") == locale

    def test_it_says_that_what_is_found_of_its_languages_depends_on_it(self, session, api):
        a_live_article(session, slug="knie", locale="de")
        path = "/api/v1/articles/knie?locale=auto"

        told = [api.get(path, headers={"Accept-Language": accept}) for accept in ("de-AT", "fr", "de")]

        assert [answer.status_code for answer in told] == [200, 404, 200]
        assert all("Accept-Language" in answer.vary for answer in told)

    def test_what_has_moved_in_one_of_its_languages_leads_there(self, session, api):
        publishing.move(session, a_live_article(session, slug="knie", locale="de").entry_id, "neu", by=ED)

        moved = api.get("/api/v1/articles/knie?locale=auto", headers={"Accept-Language": "de-AT"})

        assert moved.headers["Location"] == "/api/v1/articles/neu?locale=de"
        assert "Accept-Language" in moved.vary

    @pytest.mark.parametrize(("asked", "locale"), [("", "de"), ("?locale=auto", "de"), ("?locale=en", "en")])
    def test_it_counts_behind_a_redirect_as_before_it(self, session, english, api, asked, locale):
        publishing.move(session, english.entry_id, "new-place", by=ED)

        moved = api.get(f"/api/v1/articles/clots{asked}", headers={"Accept-Language": "de"})
        there = api.get(moved.headers["Location"], headers={"Accept-Language": "de"})

        assert there.get_json()["locale"] == locale

    def test_it_does_not_count_where_an_id_leads_elsewhere(self, session, english, api):
        gone = a_live_article(session, slug="gone")
        target = str(english.entry_id)
        publishing.withdraw(session, gone.entry_id, by=ED, manner=State.REDIRECTED, target=target)

        moved = api.get(f"/api/v1/articles/{gone.entry_id}", headers={"Accept-Language": "de"})
        there = api.get(moved.headers["Location"], headers={"Accept-Language": "de"})

        assert there.get_json()["id"] == target

    def test_it_shows_nothing_that_is_not_public(self, session, english, spoken):
        at = head(session).sequence
        hidden = versions.create(
            session, "article", article_values(), locale="it", by=ED, translation_of=english.entry_id
        )
        session.commit()

        assert spoken(accept="it, de") == "de"
        publish(session, signed(session, hidden))
        assert spoken(accept="it, de") == "it"
        assert spoken(f"articles/clots?as_of={at}", "it, de") == "de"


class TestAlternates:
    def test_they_are_the_other_languages(self, english, api):
        told = api.get("/api/v1/articles/clots")
        links = told.headers["Link"].split(", ")

        assert [link for link in links if 'rel="alternate"' in link] == [
            f'</api/v1/articles/{one["id"]}>; rel="alternate"; hreflang="{one["locale"]}"'
            for one in told.get_json()["translations"]
        ]
        assert "alternate" not in api.get("/api/v1/articles/clots?fields=title").headers["Link"]
        assert 'hreflang="' in api.get("/api/v1/articles/clots.jsonld").headers["Link"]

    def test_a_text_whose_document_names_none_links_to_them_too(self, session, api):
        english = a_live_faq(session)
        before = api.get("/api/v1/faqs/does-it-hurt")
        german, licensed = (
            versions.create(
                session,
                "faq",
                faq_values(audience=audience),
                locale=locale,
                by=ED,
                translation_of=english.entry_id,
            )
            for locale, audience in (("de", PUBLIC), ("fr", LICENSED))
        )
        for one in (german, licensed):
            publish(session, signed(session, one))

        told = api.get("/api/v1/faqs/does-it-hurt")

        link = f'</api/v1/faqs/{german.entry_id}>; rel="alternate"; hreflang="de"'
        links = told.headers["Link"].split(", ")
        assert [one for one in links if "alternate" in one] == [link]
        assert told.data == before.data
        assert "alternate" not in before.headers["Link"]


class TestAnId:
    @pytest.mark.parametrize(
        "part",
        ["", "/versions", "/versions/1", "/versions/1/signature", "/diff", "/changes", "/embed", ".jsonld"],
    )
    def test_it_is_not_found_in_another_language_than_its_own(self, session, api, part):
        shown, other = a_live_article(session, slug="knie", locale="de"), a_live_article(session)
        numbers = "&from=1&to=1" if part == "/diff" else ""

        def answered():
            paths = (f"/api/v1/articles/{shown.entry_id}{part}?locale={locale}" for locale in ("de", "fr"))
            return [api.get(f"{path}{numbers}").status_code for path in paths]

        live = answered()
        publishing.withdraw(
            session, shown.entry_id, by=ED, manner=State.REDIRECTED, target=str(other.entry_id)
        )

        assert live == [200, 404]
        assert answered() == [301 if part in ("", "/embed", ".jsonld") else 200, 404]


class TestFallback:
    @pytest.mark.parametrize(
        ("query", "locale"),
        [
            ("clots?locale=it&fallback=fr,de", "fr"),
            ("clots?locale=de&fallback=fr", "de"),
            ("clots-de?locale=it&fallback=de,en", "de"),
            ("clots-de?locale=fr&fallback=de", "fr"),
            ("clots?fallback=de,fr", "de"),
            ("clots?locale=en&fallback=de,en", "en"),
        ],
    )
    def test_it_is_the_next_language_in_which_there_is_one(self, english, spoken, query, locale):
        assert spoken(f"articles/{query}") == locale

    def test_it_leads_from_an_id_to_its_translations(self, english, spoken, api):
        by_id = f"articles/{english.entry_id}"

        assert api.get(f"/api/v1/{by_id}?locale=de").status_code == 404
        assert spoken(f"{by_id}?locale=it&fallback=de-CH") == "de-CH"
        assert spoken(f"{by_id}?fallback=it,de", "fr") == "de"
        assert spoken(f"{by_id}?fallback=it") == "en"
        assert api.get(f"/api/v1/{by_id}?locale=it&fallback=es").status_code == 404

    def test_it_hides_not_that_something_is_gone_or_has_moved(self, session, english, api):
        publishing.move(session, english.entry_id, "new-place", by=ED)
        moved = api.get("/api/v1/articles/clots?locale=it&fallback=en")
        publishing.withdraw(session, english.entry_id, by=ED)

        assert moved.headers["Location"] == "/api/v1/articles/new-place?fallback=en&locale=en"
        assert api.get(f"/api/v1/articles/{english.entry_id}?locale=en&fallback=de").status_code == 410

    def test_it_hides_not_that_what_was_read_was_struck_since(self, session, api):
        shown = a_live_article(session)
        german, at = translated(session, shown, "de"), head(session).sequence
        publishing.retract(session, german.entry_id, [1], by=ED, note="The dose was wrong.")
        asked = f"locale=de&fallback=en&as_of={at}"

        [listed] = api.get(f"/api/v1/articles?{asked}").get_json()["data"]
        [named] = api.get(f"/api/v1/articles?ids={shown.entry_id}&{asked}").get_json()["data"]
        told = api.get(f"/api/v1/articles/clots?{asked}")

        assert told.status_code == 410
        assert told.get_json()["note"] == listed["notice"]["note"] == named["notice"]["note"]

    def test_a_chain_may_name_again_what_is_asked_for_before_it(self, english, spoken, api):
        chain = "locale=en&fallback=de,en"
        found = [
            api.get(f"/api/v1/{path}&{chain}").get_json()["data"]
            for path in ("articles?limit=9", f"articles?ids={english.entry_id}", "search?q=clots")
        ]

        assert [one["locale"] for one, *_ in found] == ["en", "en", "en"]
        assert spoken(f"articles/{english.entry_id}?locale=auto&fallback=de,en", "en") == "en"
        assert spoken("articles/clots?fallback=fr,en", "de-AT,de;q=0.9,en;q=0.8") == "de"
        assert spoken("articles/clots?fallback=fr,en", "it,en;q=0.8") == "en"

    @pytest.mark.parametrize(
        ("query", "accept"),
        [
            ("clots?", "de"),
            ("{id}?fallback=de,en&", None),
            ("{id}?locale=de&fallback=en&", None),
            ("{id}?locale=auto&", "de"),
            ("clots.jsonld?locale=de&fallback=en&", None),
        ],
    )
    def test_the_past_stays_what_it_was_where_another_language_is_struck(
        self, session, english, api, query, accept
    ):
        at = head(session).sequence
        path = f"/api/v1/articles/{query.format(id=english.entry_id)}as_of={at}"
        headers = {"Accept-Language": accept} if accept else {}

        def words():
            told = api.get(path, headers=headers)
            assert told.status_code == 200
            assert told.headers["Content-Language"] == "de"
            # That a translation was struck is seen by its being left out.
            return {name: value for name, value in told.get_json().items() if "ranslation" not in name}

        then = words()
        publishing.retract(session, english.entry_id, [1], by=ED, note="The dose was wrong.")

        assert words() == then
        assert api.get(f"/api/v1/articles/clots?as_of={at}").status_code == 410
        assert (
            api.get(f"/api/v1/articles/{english.entry_id}?locale=en&fallback=de&as_of={at}").status_code
            == 410
        )

    @pytest.mark.parametrize("fallback", ["en", "fr"])
    def test_it_leads_from_an_old_address_to_no_other_text_that_bears_the_slug(self, session, api, fallback):
        gift = a_live_article(session, slug="gift")
        left = a_live_article(session, slug="alt", locale="de")
        target = str(gift.entry_id)
        publishing.withdraw(session, left.entry_id, by=ED, manner=State.REDIRECTED, target=target)
        was = a_live_article(session, slug="was")
        publishing.move(session, was.entry_id, "now", by=ED)
        for slug in ("gift", "now"):
            a_live_article(session, slug=slug, locale="de")

        def led(key):
            moved = api.get(f"/api/v1/articles/{key}?locale=de&fallback={fallback}")
            return api.get(moved.headers["Location"]).get_json().get("id")

        assert [led("alt"), led(left.entry_id)] == [target, target]
        assert fallback == "fr" or led("was") == str(was.entry_id)

    @pytest.mark.parametrize(
        ("query", "detail"),
        [
            ("fallback=", "has an empty item"),
            ("fallback=xx-", "xx- is not a language tag such as en or de-CH (BCP 47)"),
            ("fallback=de,_", "_ is not a language tag such as en or de-CH (BCP 47)"),
            ("fallback=de,en,fr,it,es,pt", "names more than 5 languages"),
            ("fallback=auto", "auto is not to be negotiated here"),
        ],
    )
    @pytest.mark.parametrize("path", ["articles", "articles/clots"])
    def test_it_refuses_what_is_no_language(self, api, path, query, detail):
        refused = api.get(f"/api/v1/{path}?{query}")

        assert refused.status_code == 422
        assert refused.get_json()["errors"] == [{"pointer": "/fallback", "detail": detail}]


class TestLists:
    @pytest.fixture
    def listed(self, api):
        """The slugs of the articles of a list, and what its pages count."""

        def listed(query, accept=None):
            slugs, path = [], f"/api/v1/articles?limit=2&total=true&{query}"
            while path:
                answer = api.get(path, headers={"Accept-Language": accept} if accept else {})
                page = answer.get_json()
                slugs += [card["slug"] for card in page["data"]]
                path = page["page"]["next"]
            assert page["page"]["total"] == len(slugs)
            return slugs

        return listed

    @pytest.fixture
    def corpus(self, session, english):
        """Beside the translated article, one that is only English, and two that are only German."""
        a_live_article(session, slug="only-english")
        for slug in ("nur-deutsch", "auch-deutsch"):
            a_live_article(session, slug=slug, locale="de")

    def test_they_hold_each_once_in_the_best_language(self, corpus, listed):
        german = ["auch-deutsch", "nur-deutsch"]

        assert listed("locale=de") == [*german, "clots-de"]
        assert listed("locale=de&fallback=en") == [*german, "only-english", "clots-de"]
        assert listed("fallback=fr,en") == ["only-english", "clots-fr"]
        assert listed("locale=it&fallback=fr") == ["clots-fr"]
        assert listed("locale=auto", "de-CH, en;q=0.1") == [*german, "only-english", "clots-de-ch"]
        assert listed("locale=auto", "fr") == ["only-english", "clots-fr"]
        assert len(listed("")) == 7

    def test_they_are_as_of_any_sequence(self, session, corpus, english, listed):
        at = head(session).sequence
        publishing.withdraw(session, english.entry_id, by=ED)

        assert listed("locale=en&fallback=fr") == ["only-english", "clots-fr"]
        assert listed(f"locale=en&fallback=fr&as_of={at}") == ["only-english", "clots"]

    def test_they_show_no_translation_that_is_beyond_reach(self, session, listed):
        shown = a_live_article(session)
        translated(session, shown, "de", audience="licensed")

        assert listed("locale=de&fallback=en") == ["clots"]

    def test_they_say_which_languages_they_hold(self, corpus, api):
        told = api.get("/api/v1/articles?locale=de&fallback=en")

        assert told.headers["Content-Language"] == "de, en"
        assert "Content-Language" not in api.get("/api/v1/articles").headers

    def test_they_are_walked_in_one_language_preference(self, corpus, api):
        first = api.get("/api/v1/articles?limit=1&locale=auto", headers={"Accept-Language": "de"})

        other = api.get(first.get_json()["page"]["next"], headers={"Accept-Language": "fr"})

        assert "Accept-Language" in first.headers["Vary"]
        assert other.get_json()["errors"][0]["pointer"] == "/cursor"

    def test_they_take_a_topic_by_its_slug_too(self, session, listed):
        topic = a_topic(session)
        a_live_article(session, slug="filed", topics=[topic])

        assert listed("topic=veins&locale=auto", "en") == ["filed"]

    def test_they_take_a_topic_by_its_slug_in_a_language_of_the_browser(self, session, listed):
        for slug, topic, locale in (
            ("present", "gift", "en"),
            ("poison", "gift", "de"),
            ("venom", "bisse", "de"),
        ):
            a_live_article(session, slug=slug, topics=[a_topic(session, slug=topic, locale=locale)])

        assert listed("topic=gift&locale=auto", "de, en") == ["poison"]
        assert listed("topic=gift&locale=auto", "en, de") == ["present"]
        assert listed("topic=gift", "de") == ["present"]
        assert listed("topic=bisse&locale=auto", "de") == ["venom"]


class TestIds:
    @pytest.fixture
    def ids(self, session):
        """Three live FAQs, and one that is gone."""
        made = [a_live_faq(session, slug=f"q-{place}").entry_id for place in range(4)]
        publishing.withdraw(session, made[3], by=ED)
        return list(map(str, made))

    def test_they_are_answered_in_the_order_asked_each_once(self, ids, api):
        asked = [ids[2], ids[0], ids[3], ids[2], ids[1]]

        told = api.get(f"/api/v1/faqs?ids={','.join(asked)}").get_json()

        assert [card["id"] for card in told["data"]] == [ids[2], ids[0], ids[1]]
        assert told["page"] == {"limit": 4, "next": None, "total": None}

    def test_they_are_as_of_any_sequence_and_struck_ones_are_stubs(self, session, ids, api):
        at = head(session).sequence - 1
        publishing.retract(session, UUID(ids[0]), [1], note="Wrong.", by=ED)

        told = api.get(f"/api/v1/faqs?ids={','.join(ids)}&as_of={at}").get_json()["data"]

        assert [one["id"] for one in told] == ids
        assert set(told[0]) == {"type", "id", "version", "notice"}

    def test_they_may_be_chosen_of(self, ids, api):
        told = api.get(f"/api/v1/faqs?ids={ids[0]}&fields=answer.text&include=topics").get_json()["data"]

        assert told[0]["answer"] == {"text": "Often it does."}

    def test_they_lead_to_translations_where_there_is_a_fallback(self, english, session, api):
        [german, _, _] = api.get("/api/v1/articles/clots").get_json()["translations"]
        both = f"{english.entry_id},{german['id']}"

        def slugs(query):
            return [one["slug"] for one in api.get(f"/api/v1/articles?{query}").get_json()["data"]]

        assert slugs(f"ids={both}") == ["clots", "clots-de"]
        assert slugs(f"ids={both}&locale=de") == ["clots-de"]
        assert slugs(f"ids={both}&locale=fr&fallback=en") == ["clots-fr"]

    @pytest.mark.parametrize("name", ["sort=title", "limit=3", "tag=a", "total=true"])
    def test_they_go_with_nothing_that_filters_or_sorts(self, ids, api, name):
        refused = api.get(f"/api/v1/faqs?ids={ids[0]}&{name}")

        assert refused.get_json()["errors"] == [
            {"pointer": f"/{name.partition('=')[0]}", "detail": "does not go with ids"}
        ]

    def test_they_are_at_most_a_hundred(self, ids, api):
        many = ",".join(f"0197a2c4-5b1e-7c3d-9f20-6a1b2c3d4{place:03x}" for place in range(101))

        refused = api.get(f"/api/v1/faqs?ids={many}")

        assert refused.get_json()["errors"] == [{"pointer": "/ids", "detail": "names more than 100 ids"}]
        assert api.get("/api/v1/faqs?ids=x").status_code == 422


class TestOfSlugs:
    @pytest.mark.parametrize(
        "path",
        [
            "/api/v1/articles?locale=de&topic=veins",
            "/api/v1/articles?locale=de&author=meyer",
            "/api/v1/articles?fallback=de&topic=veins",
            "/api/v1/search?q=Krampfadern&locale=de&topic=veins",
            "/api/v1/sync?type=article&locale=de&topic=veins",
        ],
    )
    def test_a_filter_means_what_bears_it_in_the_default_language_too(self, session, api, path):
        veins, meyer = a_topic(session, "Veins"), an_author(session, "Meyer")
        a_live_article(
            session, title="Krampfadern", locale="de", slug="krampfadern", topics=[veins], authors=[meyer]
        )

        assert len(api.get(path).get_json()["data"]) == 1

    def test_it_means_what_bears_it_in_the_language_asked_for_first(self, session, api):
        veins = versions.create(session, "topic", {"name": "Venen", "slug": "veins"}, locale="de", by=ED)
        publish(session, veins)
        a_live_article(session, title="Hier", locale="de", slug="hier", topics=[str(veins.entry_id)])
        a_live_article(session, title="Dort", locale="de", slug="dort", topics=[a_topic(session, "Veins")])

        found = api.get("/api/v1/articles?locale=de&topic=veins").get_json()["data"]

        assert [one["slug"] for one in found] == ["hier"]
