"""Where an old address leads, whatever is asked of it."""

from itertools import product

import pytest

from content import publishing, versions
from content.log import State, head
from tests.builders import ED, a_live_article, a_topic, article_values, publish, signed


def redirected(session, version, target):
    """Withdraw an entry in favour of another."""
    publishing.withdraw(session, version.entry_id, by=ED, manner=State.REDIRECTED, target=str(target))


def moved(session, slug, to, locale):
    """A live article that bore another slug."""
    made = a_live_article(session, slug=slug, locale=locale)
    publishing.move(session, made.entry_id, to, by=ED)
    return made


@pytest.fixture
def meant(session):
    """By old addresses: the ids of what they lead to, that of the entry itself first, then of its translations.

    Each of the new slugs is also that of another text, in the other language.
    """
    gift, gabe = a_live_article(session, slug="gift"), a_live_article(session, slug="gabe", locale="de")
    french = article_values(slug="cadeau", title="Cadeau")
    french = versions.create(session, "article", french, locale="fr", by=ED, translation_of=gift.entry_id)
    publish(session, signed(session, french))
    english, german = moved(session, "was", "now", "en"), moved(session, "war", "nun", "de")
    old, alt = a_live_article(session, slug="old"), a_live_article(session, slug="alt", locale="de")
    redirected(session, old, gabe.entry_id)
    redirected(session, alt, gift.entry_id)
    for slug, locale in (("gift", "de"), ("gabe", "en"), ("now", "de"), ("nun", "en"), ("nun", "fr")):
        a_live_article(session, slug=slug, locale=locale)
    to_gift, to_gabe = [str(gift.entry_id), str(french.entry_id)], [str(gabe.entry_id)]
    return {
        "alt": to_gift,
        str(alt.entry_id): to_gift,
        "old": to_gabe,
        str(old.entry_id): to_gabe,
        "was": [str(english.entry_id)],
        "war": [str(german.entry_id)],
    }


class TestMoved:
    @pytest.mark.parametrize("accept", [None, "de-AT, en;q=0.5", "fr"])
    def test_it_ends_in_what_was_meant_whatever_is_asked(self, session, meant, api, accept):
        headers = {"Accept-Language": accept} if accept else {}
        locales = ["", "locale=en", "locale=de", "locale=fr", "locale=auto"]
        others = [
            "",
            "fallback=en",
            "fallback=de",
            "fallback=fr",
            "fallback=it,de",
            f"as_of={head(session).sequence}",
        ]
        led = set()

        for key, locale, other in product(meant, locales, others):
            path = f"/api/v1/articles/{key}?{'&'.join(filter(None, (locale, other)))}"
            answer = api.get(path, headers=headers)
            if answer.status_code == 301:
                there = api.get(answer.headers["Location"], headers=headers)
                negotiated = locale in ("", "locale=auto")
                assert there.status_code == 200, (path, answer.headers["Location"])
                assert there.get_json()["id"] in meant[key][: None if negotiated else 1], path
                led.add(key)

        assert led == meant.keys()

    @pytest.mark.parametrize("locale", ["en", "de"])
    @pytest.mark.parametrize("fallback", ["", "&fallback=fr"])
    def test_it_says_what_is_erased_where_it_leads_to_that(self, session, api, locale, fallback):
        erased = moved(session, "was", "now", locale)
        at = head(session).sequence
        publishing.erase(session, erased.entry_id, by=ED, reason="a court")

        old = api.get(f"/api/v1/articles/was?as_of={at}&locale={locale}{fallback}")
        answer = api.get(old.headers["Location"])

        assert (answer.status_code, answer.get_json()["reason"]) == (410, "erased")

    def test_it_asks_for_no_form_that_there_is_none_of(self, session, api):
        left, topic = a_live_article(session), a_topic(session)
        redirected(session, left, topic)

        answer = api.get("/api/v1/articles/clots.jsonld")

        assert answer.headers["Location"] == "/api/v1/topics/veins"
        assert api.get(answer.headers["Location"]).status_code == 200
        assert f"/api/v1/topics/{topic}" in api.get("/api/v1/articles/clots/embed").text
