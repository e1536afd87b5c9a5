"""Search over HTTP: what it finds for whom, how it says so, and how it is paged."""

from uuid import UUID

import pytest

from content import publishing
from tests.builders import ED, a_live_article, a_live_faq, a_topic, publish, saved, signed

SEARCH = "/api/v1/search"


@pytest.fixture
def ask(api):
    """The answer to a search, as data."""

    def ask(q, path=SEARCH, **asked):
        response = api.get(path, query_string={"q": q, **asked})
        assert response.status_code == 200, response.text
        return response.get_json()

    return ask


def slugs(page):
    return [item["slug"] for item in page["data"]]


class TestSearch:
    def test_it_finds_texts_of_every_kind_best_first(self, session, ask):
        a_live_article(session, title="Walking", body="Good for varicose veins.", slug="walking")
        a_live_faq(session, question="Do varicose veins hurt?", slug="do-they-hurt")

        page = ask("varicose veins")

        assert slugs(page) == ["do-they-hurt", "walking"]
        assert [item["type"] for item in page["data"]] == ["faq", "article"]
        assert page["query"] == {"asked": "varicose veins", "corrected": None, "complete": True}

    def test_it_finds_other_forms_and_beginnings_of_a_word(self, session, ask):
        a_live_faq(session, question="Why do legs swell?", slug="swell")

        assert slugs(ask("swelling leg")) == slugs(ask("legs swe")) == ["swell"]

    @pytest.mark.parametrize("typed", ["zy", "stockings zy"])
    def test_it_finds_a_beginning_that_very_many_words_have(self, session, ask, typed):
        many = " ".join(f"za zya{first}{second}" for first in "abcdefghijk" for second in "abcdefghijk")
        a_live_article(session, body=many, slug="many", audience="licensed")
        a_live_faq(session, question="Zymosis in stockings?", slug="zymosis")

        made = ask(typed, path=f"{SEARCH}/suggest")

        assert slugs(ask(typed)) == ["zymosis"]
        assert [one["title"] for one in made["data"]] == ["Zymosis in stockings?"]
        assert made["words"] == ["Zymosis"]

    def test_it_says_in_which_languages_it_is_where_some_were_asked_for(self, session, api):
        a_live_faq(session, question="Helfen Strümpfe bei Krampfadern?", locale="de", slug="de")
        a_live_faq(session, question="Do stockings help with Krampfadern?", slug="en")

        told = api.get(f"{SEARCH}?q=krampfadern&locale=de&fallback=en")

        assert sorted(told.headers["Content-Language"].split(", ")) == ["de", "en"]
        assert "Content-Language" not in api.get(f"{SEARCH}?q=krampfadern").headers

    def test_it_forgives_typing_errors_and_says_what_it_searched_for(self, session, ask):
        a_live_faq(session, question="Is a thrombosis dangerous?", slug="thrombosis")

        page = ask("Dangerous trombosis")

        assert slugs(page) == ["thrombosis"]
        assert page["query"]["corrected"] == "Dangerous thrombosis"

    @pytest.mark.parametrize(
        ("typed", "meant", "locale"),
        [
            ("रक्तचप", "रक्तचाप", "hi"),
            ("बिमारी", "बीमारी", "hi"),
            ("डाक्टर", "डॉक्टर", "hi"),
            ("जवरो", "ज्वरो", "ne"),
            ("தலவலி", "தலைவலி", "ta"),
        ],
    )
    def test_it_forgives_typing_errors_in_words_with_signs(self, session, ask, typed, meant, locale):
        a_live_faq(session, question=f"{meant}?", locale=locale, slug="meant")
        a_live_faq(session, question="क्या दिल ठीक है?", locale="hi", slug="other")

        page = ask(typed)

        assert slugs(page) == slugs(ask(meant)) == ["meant"]
        assert page["query"]["corrected"] == meant

    def test_a_word_of_few_signs_stands_for_no_other(self, session, ask):
        a_live_faq(session, question="दिल?", locale="hi", slug="heart")

        assert slugs(ask("दाल")) == []

    def test_it_knows_the_forms_of_the_language_that_a_text_is_in(self, session, ask):
        a_live_faq(session, question="Helfen Spaziergänge bei Krampfadern?", locale="de", slug="gehen")

        assert slugs(ask("krampfader spaziergang", locale="de")) == ["gehen"]
        assert slugs(ask("krampfader", locale="en")) == []

    @pytest.mark.parametrize("typed", ["man", "hat", "the hat", "what is a man", "die", "man flu"])
    def test_a_word_that_says_nothing_in_another_language_is_found(self, session, ask, typed):
        a_live_article(session, title="A man in a hat", body="Some die of the flu.", slug="man")
        a_live_faq(session, question="Was kann man gegen Krampfadern tun?", locale="de", slug="tun")

        assert slugs(ask(typed)) == ["man"]

    def test_what_says_nothing_in_the_language_of_a_question_does_not_count(self, session, ask):
        a_live_article(session, title="A man in a hat", slug="man")
        a_live_faq(session, question="Die Krampfadern", locale="de", slug="adern")

        assert slugs(ask("Was hat man bei Krampfadern?")) == ["adern"]

    def test_a_word_that_says_nothing_counts_where_it_is_the_only_one(self, session, ask):
        a_live_article(session, title="Advice", body="Whole grain. You should.", slug="whole")
        a_live_article(session, title="Travel", body="Keep to WHO advice.", slug="advice")

        assert slugs(ask("WHO")) == slugs(ask("who")) == ["advice", "whole"]
        assert slugs(ask("WHO advice")) == ["advice", "whole"]
        assert slugs(ask("What should you")) == []
        assert ask("shall")["query"]["corrected"] is None

    def test_it_marks_what_was_found_and_escapes_the_rest(self, session, ask):
        a_live_faq(session, question="Which?", answer="Take 5 < 6 & rest the *swollen* leg.", slug="which")

        (item,) = ask("swollen")["data"]

        assert item["snippet"] == {
            "html": "Take 5 &lt; 6 &amp; rest the <mark>swollen</mark> leg.",
            "text": "Take 5 < 6 & rest the swollen leg.",
        }

    @pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u2060", "\ufeff"])
    def test_it_finds_and_marks_a_word_whatever_nobody_sees_in_it(self, session, ask, unseen):
        written = f"Herz{unseen}infarkt"
        title, answer = f"{written} erkennen", f"Ein {unseen}{written}-{unseen}Risiko."
        a_live_faq(session, question=title, answer=answer, locale="de", slug="herz")

        for typed in ("Herzinfarkt", "herzinf", "Herz\u00adinfarkt", written, "Risiko"):
            assert slugs(ask(typed)) == ["herz"]
        (item,) = ask("Herzinfarkt")["data"]
        assert item["snippet"]["html"] == f"Ein {unseen}<mark>{written}-{unseen}Risiko</mark>."

    def test_persian_is_found_with_and_without_what_parts_a_word(self, session, ask):
        a_live_faq(session, question="چه می\u200cخواهم؟", locale="fa", slug="fa")

        assert slugs(ask("می\u200cخواهم")) == slugs(ask("میخواهم")) == ["fa"]

    @pytest.mark.parametrize(
        ("locale", "written", "typed"),
        [
            ("fr", "Œdème", ["oedeme", "ŒDEME", "œdème", "oedèm"]),
            ("da", "Ødem", ["odem", "oedem", "ødem", "ØDEM"]),
            ("da", "Æbler", ["aebler", "æble"]),
            ("de", "Fußschmerz", ["fussschmerz", "FUẞSCHMERZ"]),
            ("pl", "Żyły łydki", ["zyly lydki", "łydki"]),
            ("hr", "Liječenje đakova", ["lijecenje dakova"]),
            ("tr", "IŞIK", ["ışık", "isik", "ISIK", "İşik"]),
            ("is", "Þvagfæri", ["thvagfaeri"]),
            ("ar", "الصُّدَاعُ", ["الصداع", "الصُّداع", "الصـــداع"]),
            ("he", "כְּאֵב רֹאשׁ", ["כאב ראש", "רֹאש"]),
            ("el", "Φλέβες", ["φλεβες", "ΦΛΕΒΕΣ"]),
            ("vi", "Đau đầu", ["dau dau", "ĐAU ĐẦU"]),
        ],
    )
    def test_a_word_is_found_as_it_is_typed_without_the_special_keys(
        self, session, ask, locale, written, typed
    ):
        a_live_faq(session, question="Which?", answer=f"1 {written} 2", locale=locale, slug="found")

        assert [slugs(ask(one)) for one in typed] == [["found"]] * len(typed)
        marked = " ".join(f"<mark>{one}</mark>" for one in written.split())
        (item,) = ask(typed[0])["data"]
        assert item["snippet"]["html"] == f"1 {marked} 2"

    def test_vowel_signs_of_an_indic_script_are_letters_of_the_word(self, session, ask):
        a_live_faq(session, question="Which?", answer="पैर में दर्द", locale="hi", slug="hi")

        (item,) = ask("दर्द")["data"]
        assert item["snippet"]["html"] == "पैर में <mark>दर्द</mark>"
        assert ask("दार")["data"] == []

    def test_a_warning_is_in_every_hit(self, session, ask):
        a_live_faq(session, warnings=["Call a doctor if one leg swells."], slug="warned")

        (item,) = ask("hurt")["data"]

        assert item["warnings"][0]["text"] == "Call a doctor if one leg swells."

    def test_it_searches_what_was_public_then(self, session, ask):
        first = a_live_faq(session, question="Is it a clot?", slug="clot")
        second = signed(session, saved(session, first, question="Is it a thrombosis?"))
        publish(session, second)

        assert slugs(ask("clot", as_of=1)) == ["clot"]
        assert slugs(ask("clot")) == slugs(ask("thrombosis", as_of=1)) == []
        assert slugs(ask("thrombosis")) == ["clot"]

    def test_it_never_shows_drafts_nor_corrects_towards_them(self, session, ask):
        a_live_faq(session)
        signed(session, a_live_faq(session, question="Licensed thrombosis?", slug="x", audience="licensed"))

        page = ask("trombosis")

        assert (page["data"], page["query"]["corrected"]) == ([], None)

    def test_what_was_retracted_is_absent_now_and_a_stub_in_the_past(self, session, ask):
        wrong = a_live_faq(session, question="Is aspirin enough?", slug="aspirin")
        publishing.retract(session, wrong.entry_id, [1], note="It is not.", by=ED)

        (stub,) = ask("aspirin", as_of=1)["data"]

        assert ask("aspirin")["data"] == []
        assert (stub["id"], stub["notice"]["reason"]) == (str(wrong.entry_id), "retracted")

    def test_a_word_of_what_was_retracted_stands_for_no_other_in_the_past(self, session, ask):
        wrong = a_live_faq(session, question="What is a stent?", slug="stent")
        a_live_faq(session, question="What is a stunt?", slug="stunt")
        publishing.retract(session, wrong.entry_id, [1], note="It is not.", by=ED)

        page = ask("stent", as_of=2)

        assert [item["id"] for item in page["data"]] == [str(wrong.entry_id)]
        assert page["query"]["corrected"] is None

    def test_what_was_erased_is_found_at_no_time(self, session, ask):
        named = a_live_faq(session, question="How is Mrs Quillfeather?", slug="mrs-q")
        publishing.erase(session, named.entry_id, by=ED, reason="a court")

        assert ask("quillfeather", as_of=1)["data"] == []

    def test_it_is_narrowed_by_what_lists_are_narrowed_by(self, session, ask):
        veins, hearts = a_topic(session), a_topic(session, "Hearts")
        a_live_faq(session, slug="one", topics=[veins], tags=["flying"])
        a_live_faq(session, slug="two", topics=[hearts])
        a_live_article(session, body="It may hurt.", topics=[veins])

        assert slugs(ask("hurt", topic="hearts")) == ["two"]
        assert slugs(ask("hurt", tag="flying")) == ["one"]
        assert slugs(ask("hurt", topic="veins", type="article")) == ["clots"]

    @pytest.mark.parametrize("filters", [{"topic": "hearts"}, {"type": "article"}, {"tag": "flying"}])
    def test_a_word_that_the_filters_leave_out_stands_for_no_other(self, session, ask, filters):
        veins, hearts = a_topic(session), a_topic(session, "Hearts")
        a_live_faq(session, question="What is a stent?", slug="stent", topics=[veins])
        a_live_article(session, title="What is a stunt?", slug="stunt", topics=[hearts], tags=["flying"])

        page = ask("stent", **filters)

        assert (page["data"], page["query"]["corrected"]) == ([], None)

    def test_a_typing_error_is_forgiven_under_filters(self, session, ask):
        a_live_article(session, title="What is a stunt?", slug="stunt", tags=["flying"])

        assert slugs(ask("stont", tag="flying")) == ["stunt"]

    def test_it_counts_by_facets(self, session, ask):
        topic = a_topic(session)
        a_live_faq(session, slug="one", topics=[topic], tags=["flying"])
        a_live_faq(session, slug="two", topics=[topic])
        a_live_article(session, body="It may hurt.", tags=["flying"])

        facets = ask("hurt", facets="true")["facets"]

        assert facets == {
            "type": [{"value": "faq", "count": 2}, {"value": "article", "count": 1}],
            "locale": [{"value": "en", "count": 3}],
            "topic": [{"id": topic, "slug": "veins", "name": "Veins", "count": 2}],
            "tag": [{"value": "flying", "count": 2}],
        }

    def test_a_walk_sees_each_hit_once_whatever_is_published_meanwhile(self, session, api, ask):
        made = {f"q-{place}" for place in range(5)}
        for slug in sorted(made):
            a_live_faq(session, slug=slug)

        page = ask("hurt", limit=2, total="true")
        met = slugs(page)
        while page["page"]["next"]:
            a_live_faq(session, slug=f"later-{len(met)}")
            page = api.get(page["page"]["next"]).get_json()
            met += slugs(page)

        assert sorted(met) == sorted(made)
        assert page["page"]["total"] == 5

    @pytest.mark.parametrize("erased", [2, 10])
    def test_a_walk_sees_each_hit_once_whatever_is_erased_meanwhile(self, session, api, ask, erased):
        for place in range(12):
            said = " leg" * (1 + place % 4) + " vein" * (place % 3 > 0) + " walk" * (place % 5)
            a_live_article(session, title=f"Note {place}", body=f"Some{said}.", slug=f"n-{place}")
        before = [item["id"] for item in ask("leg vein walk")["data"]]

        page = ask("leg vein walk", limit=4)
        met = [item["id"] for item in page["data"]]
        publishing.erase(session, UUID(before[erased]), by=ED, reason="a court")
        while page["page"]["next"]:
            page = api.get(page["page"]["next"]).get_json()
            met += [item["id"] for item in page["data"]]

        assert met == [one for place, one in enumerate(before) if place != erased or place < 4]

    @pytest.mark.parametrize(
        ("asked", "pointer"),
        [
            ({}, "/q"),
            ({"q": " "}, "/q"),
            ({"q": "x" * 201}, "/q"),
            ({"q": "a\nb"}, "/q"),
            ({"q": "a", "type": "topic"}, "/type"),
            ({"q": "a", "sort": "newest"}, "/sort"),
            ({"q": "a", "facets": "some"}, "/facets"),
            ({"q": "a", "cursor": "made-up"}, "/cursor"),
        ],
    )
    def test_it_names_what_does_not_fit(self, api, asked, pointer):
        refused = api.get(SEARCH, query_string=asked)

        assert refused.status_code == 422
        assert [fault["pointer"] for fault in refused.get_json()["errors"]] == [pointer]

    def test_a_cursor_belongs_to_its_question(self, session, api, ask):
        for place in range(2):
            a_live_faq(session, slug=f"q-{place}")
        following = ask("hurt", limit=1)["page"]["next"]

        assert api.get(following.replace("hurt", "hurts")).status_code == 422


class TestSuggest:
    def test_it_suggests_titles_and_words_that_go_on_so(self, session, ask):
        a_live_faq(session, question="Do varicose veins hurt?", slug="hurt")
        a_live_article(session, title="Walking", body="Good for varicose veins.")

        made = ask("do vari", path=f"{SEARCH}/suggest")

        assert [one["title"] for one in made["data"]] == ["Do varicose veins hurt?"]
        assert made["words"] == ["varicose"]

    @pytest.mark.parametrize(
        ("locale", "title", "typed", "words"),
        [
            ("el", "Τι είναι οι Φλέβες;", "φλε", ["Φλέβες"]),
            ("sv", "Vad är åreknuder?", "are", ["åreknuder"]),
            ("fr", "Un œdème, des Œdèmes", "oed", ["œdème", "Œdèmes"]),
            ("de", "Der Herz-Check-up", "che", ["Check"]),
            ("de", "Der Herz-Check-up", "herzch", ["Herz-Check-up"]),
        ],
    )
    def test_it_suggests_words_as_they_are_written(self, session, ask, locale, title, typed, words):
        a_live_article(session, title=title, locale=locale)

        assert ask(typed, path=f"{SEARCH}/suggest", limit=1)["words"] == words

    def test_it_takes_a_word_from_a_title_beyond_the_limit(self, session, ask):
        a_live_article(session, title="Veins", slug="a")
        a_live_article(session, title="A swollen Vène in the very old", slug="b")

        made = ask("ve", path=f"{SEARCH}/suggest", limit=1)

        assert [one["title"] for one in made["data"]] == ["Veins"]
        assert made["words"] == ["Veins", "Vène", "very"]

    @pytest.mark.parametrize(
        ("typed", "titles"),
        [
            ("her", ["Hernia repair"]),
            ("the", ["Therapy at home"]),
            ("what the", ["Therapy at home"]),
            ("home the", ["Therapy at home", "What is the best home?"]),
            ("home with", ["Therapy at home", "What is the best home?"]),
        ],
    )
    def test_a_last_word_that_says_nothing_may_become_another(self, session, ask, typed, titles):
        for number, title in enumerate(["Therapy at home", "Hernia repair", "What is the best home?"]):
            a_live_article(session, title=title, slug=f"slug-{number}")

        made = ask(typed, path=f"{SEARCH}/suggest", locale="en")

        assert sorted(one["title"] for one in made["data"]) == titles
        if typed == "home the":
            assert made["data"][0]["title"] == "Therapy at home"

    def test_it_suggests_nothing_that_the_caller_may_not_see(self, session, ask):
        a_live_faq(session, question="Varicella?", slug="x", audience="licensed")
        shown = a_live_faq(session, question="Varicose?", slug="y")
        publishing.withdraw(session, shown.entry_id, by=ED)

        made, before = (ask("vari", path=f"{SEARCH}/suggest", **when) for when in ({}, {"as_of": 2}))

        assert made == {"data": [], "words": []}
        assert before["words"] == ["Varicose"]
