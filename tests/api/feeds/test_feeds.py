"""Feeds as their readers meet them, in each form."""

import re

import atoma
import fastfeedparser
import feedparser
import pytest
from lxml import etree

from content import feeds, publishing, versions
from content.log import ChangeKind, State
from content.placement import LICENSED
from tests.api.bearers import a_partner, bearing
from tests.api.feeds import rules
from tests.api.feeds.rules import AT, ATOM
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_author,
    publish,
    saved,
    signed,
)

HOST = "http://localhost:8000"
FORMS = ("atom", "rss", "json")
CHECKS = {
    "atom": ("application/atom+xml", rules.of_atom),
    "rss": ("application/rss+xml", rules.of_rss),
    "json": ("application/feed+json", rules.of_json_feed),
}
SCHEMA_ORG = "{https://schema.org/}"


@pytest.fixture
def texts(session):
    """An article and an FAQ with all that they may have, one that was withdrawn, one that was retracted."""
    topic, author = a_topic(session), an_author(session, url="https://clinic.example/")
    article = a_live_article(
        session,
        topics=[topic],
        tags=["flying & more"],
        authors=[author],
        canonical="https://clinic.example/clots",
        body="A *calf* < 5 cm.\n\n## What helps\n\nSee [this](/other), [that](#what-helps) & <b>more</b>.",
    )
    faq = a_live_faq(
        session,
        article=str(article.entry_id),
        short="Often.",
        warnings=["Call *112*.", "Now."],
        topics=[topic],
    )
    gone, wrong = (
        a_live_article(session, slug="gone"),
        a_live_article(session, slug="wrong", title="Bad words"),
    )
    publishing.withdraw(session, gone.entry_id, note="Merged & gone.", by=ED)
    publishing.retract(session, wrong.entry_id, [1], note="The dose was wrong.", by=ED)
    return {"article": article, "faq": faq, "gone": gone, "wrong": wrong, "topic": topic}


def read(api, path):
    """A feed's document; nothing is wrong with it."""
    response = api.get(f"/api/v1/feeds/{path}")
    assert response.status_code == 200, response.text
    kind, check = CHECKS[path.partition(".")[2].partition("?")[0]]
    assert response.mimetype == kind
    assert check(response.data, f"{HOST}/api/v1/feeds/{path}") == []
    return response


def urn(version):
    return f"urn:uuid:{version.entry_id}"


class TestReaders:
    """What somebody else's programs make of a feed."""

    @pytest.mark.parametrize("form", ["atom", "rss"])
    def test_feedparser_reads_it(self, texts, api, form):
        response = read(api, f"articles.{form}")

        told = feedparser.parse(response.data, response_headers={"content-type": response.content_type})

        assert not told.bozo
        assert told.version == {"atom": "atom10", "rss": "rss20"}[form]
        [entry] = [one for one in told.entries if one.id == urn(texts["article"])]
        assert entry.title == "Clots in the leg"
        assert "<em>calf</em> &lt; 5 cm" in (entry.content[0].value if "content" in entry else entry.summary)
        assert entry.published.startswith(("2026-05-01T09:00:00", "Fri, 01 May 2026 09:00:00"))
        assert {tag.term for tag in entry.tags} >= {"flying & more"}

    @pytest.mark.parametrize("form", ["atom", "rss", "json"])
    def test_fastfeedparser_reads_it(self, texts, api, form):
        told = fastfeedparser.parse(read(api, f"faqs.{form}").data)

        [entry] = told.entries
        assert (entry.id, entry.title) == (urn(texts["faq"]), "Does it hurt?")
        assert "Call <em>112</em>." in str(entry)

    def test_atoma_reads_atom(self, texts, api):
        told = atoma.parse_atom_bytes(read(api, "articles.atom").data)

        [entry] = told.entries
        assert (entry.id_, entry.title.value) == (urn(texts["article"]), "Clots in the leg")
        assert (entry.published, entry.updated) == (MAY_DAY, MAY_DAY)
        assert [author.name for author in entry.authors] == ["Leg Clinic"]

    def test_atoma_reads_a_json_feed(self, texts, api):
        told = atoma.parse_json_feed_bytes(read(api, "articles.json").data)

        [item] = [one for one in told.items if one.id_ == urn(texts["article"])]
        assert (item.title, item.url) == ("Clots in the leg", "https://clinic.example/clots")
        assert (item.date_published, item.date_modified) == (MAY_DAY, MAY_DAY)

    def test_atoma_reads_rss(self, texts, api):
        told = atoma.parse_rss_bytes(read(api, "articles.rss").data)

        assert {item.guid for item in told.items} == {
            urn(texts[name]) for name in ("article", "gone", "wrong")
        }
        assert {item.pub_date for item in told.items if item.guid == urn(texts["article"])} == {MAY_DAY}


class TestFeed:
    """The first page."""

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize(
        "query", ["", "?topic=veins", "?locale=en", "?limit=1", "?topic=veins&locale=en"]
    )
    def test_it_holds_the_rules(self, texts, api, form, query):
        for plural in ("articles", "faqs"):
            read(api, f"{plural}.{form}{query}")

    def test_it_says_what_the_document_says(self, texts, api):
        document = api.get("/api/v1/articles/clots").get_json()

        entry = etree.fromstring(read(api, "articles.atom").data).find(f"{ATOM}entry")

        assert entry.findtext(f"{ATOM}id") == f"urn:uuid:{document['id']}"
        assert entry.findtext(f"{SCHEMA_ORG}version") == str(document["version"])
        assert entry.findtext(f"{ATOM}updated") == document["dates"]["updated_at"]
        assert entry.findtext(f"{ATOM}published") == document["dates"]["first_published_at"]
        assert entry.findtext(f"{SCHEMA_ORG}lastReviewed") == document["review"]["last_reviewed_on"]
        html = document["body"]["html"].replace('href="/other"', f'href="{HOST}/other"')
        assert entry.findtext(f"{ATOM}content") == html

    @pytest.mark.parametrize("form", FORMS)
    def test_a_warning_comes_before_the_words_wherever_they_are(self, texts, api, form):
        page = read(api, f"faqs.{form}").text

        for words in ("Often it does.", "Often"):
            assert page.index("112") < page.index(words)
        brief = 0 if form == "rss" else 1  # RSS has no place for the short one: readers would show that alone
        assert page.count("Now.") >= 1 + brief

    def test_it_is_not_changed_by_what_happens_elsewhere(self, session, texts, api):
        before = read(api, "articles.atom").headers["ETag"]

        a_live_faq(session, slug="another")

        again = api.get("/api/v1/feeds/articles.atom", headers={"If-None-Match": before})
        assert again.status_code == 304

    def test_the_latest_change_comes_first(self, session, api):
        first = a_live_article(session, slug="first")
        a_live_article(session, slug="second", now=MAY_DAY + HOUR)
        newer = signed(session, saved(session, first, body="New."), now=MAY_DAY + 2 * HOUR)
        publish(session, newer, note="New.", now=MAY_DAY + 2 * HOUR)

        told = read(api, "articles.json").get_json()["items"]

        assert [one["_verso"]["version"] for one in told] == [2, 1]

    def test_it_tells_one_language(self, session, api):
        a_live_article(session)
        a_live_article(session, locale="de", slug="klumpen")

        told = read(api, "articles.json?locale=de").get_json()

        assert [one["language"] for one in told["items"]] == ["de"]
        assert told["language"] == "de"

    @pytest.mark.parametrize("form", FORMS)
    def test_nothing_that_is_for_licensed_partners_only_is_in_it(self, session, api, form):
        hidden = a_live_article(session, audience=LICENSED, title="Only for you")
        publishing.withdraw(session, hidden.entry_id, note="Secret.", by=ED)
        other = a_live_article(session, audience=LICENSED, title="Only for you", slug="other")

        page = read(api, f"articles.{form}").text

        for secret in ("Only for you", "Secret", str(hidden.entry_id), str(other.entry_id)):
            assert secret not in page

    def test_what_was_told_to_partners_alone_is_not_told_here(self, session, api):
        shown = a_live_article(session)
        hidden = signed(session, saved(session, shown, audience=LICENSED))
        publish(session, hidden, note="For partners.")
        publishing.withdraw(session, shown.entry_id, note="Secret.", by=ED)

        for path in ("articles.atom", "articles.atom?as_of=2"):
            page = read(api, path).text
            assert f'ref="{urn(shown)}"' in page
            assert "Secret" not in page
            assert "For partners" not in page

    @pytest.mark.parametrize("form", FORMS)
    def test_its_past_is_the_same_bytes(self, session, texts, api, form):
        before = api.get(f"/api/v1/feeds/articles.{form}?as_of=3").data
        newer = signed(session, saved(session, texts["article"], body="New."))
        publish(session, newer, note="New.")

        assert api.get(f"/api/v1/feeds/articles.{form}?as_of=3").data == before

    @pytest.mark.parametrize("form", FORMS)
    def test_its_pages_hold_each_entry_once(self, session, api, form):
        shown = {f"urn:uuid:{a_live_article(session, slug=f's-{n}').entry_id}" for n in range(45)}

        found, path = [], f"articles.{form}?limit=20"
        while path:
            page = read(api, path)
            found += re.findall(r"(?:<id>|<guid[^>]*>|\"id\":\")(urn:[^<\"]+)", page.text)
            following = re.search(
                r'rel="next" href="[^"]*?/feeds/([^"]*)"|"next_url":"[^"]*?/feeds/([^"]*)"', page.text
            )
            path = following and next(filter(None, following.groups())).replace("&amp;", "&")

        assert set(found) == shown
        assert len(found) == 45

    def test_it_takes_what_readers_of_feeds_ask_for(self, texts, api):
        for accept in ("application/xml", "text/xml, */*;q=0.1", "application/atom+xml", "*/*"):
            assert api.get("/api/v1/feeds/articles.atom", headers={"Accept": accept}).status_code == 200
        assert api.get("/api/v1/feeds/articles.atom", headers={"Accept": "text/html"}).status_code == 406
        assert (
            api.get("/api/v1/feeds/articles.json", headers={"Accept": "application/json"}).status_code == 200
        )

    def test_an_unknown_parameter_is_refused(self, api):
        told = api.get("/api/v1/feeds/articles.atom?tag=flying&since=1")

        assert told.status_code == 422
        assert {one["pointer"] for one in told.get_json()["errors"]} == {"/tag", "/since"}


class TestRemoved:
    """What is public no more."""

    def test_atom_has_a_tombstone(self, texts, api):
        root = etree.fromstring(read(api, "articles.atom").data)

        told = {
            one.get("ref"): (one.findtext(f"{SCHEMA_ORG}creativeWorkStatus"), one.findtext(f"{AT}comment"))
            for one in root.findall(f"{AT}deleted-entry")
        }
        assert told == {
            urn(texts["gone"]): ("gone", "Merged & gone."),
            urn(texts["wrong"]): ("retracted", "The dose was wrong."),
        }

    @pytest.mark.parametrize("form", FORMS)
    def test_no_word_of_what_was_retracted_is_left(self, texts, api, form):
        for path in (f"articles.{form}", f"articles.{form}?as_of=6"):
            page = read(api, path).text

            assert "Bad words" not in page
            assert "The dose was wrong." in page

    def test_other_forms_say_it_in_its_place(self, texts, api):
        items = {one["id"]: one for one in read(api, "articles.json").get_json()["items"]}

        told = items[urn(texts["wrong"])]
        assert (told["title"], told["content_text"]) == ("Retracted", "The dose was wrong.")
        assert told["_verso"]["notice"]["reason"] == State.RETRACTED

    def test_what_left_the_topic_is_told_there_and_stays_elsewhere(self, session, texts, api):
        moved = signed(session, saved(session, texts["article"], topics=[]))
        publish(session, moved, kind=ChangeKind.EDITORIAL, note="Filed anew.")

        there = etree.fromstring(read(api, "articles.atom?topic=veins").data)
        everywhere = etree.fromstring(read(api, "articles.atom").data)

        assert urn(texts["article"]) in [one.get("ref") for one in there.findall(f"{AT}deleted-entry")]
        assert [one.findtext(f"{ATOM}id") for one in everywhere.findall(f"{ATOM}entry")] == [
            urn(texts["article"])
        ]

    def test_no_form_says_of_what_left_the_topic_that_it_is_not_public(self, session, texts, api):
        moved = signed(session, saved(session, texts["article"], topics=[]))
        publish(session, moved, kind=ChangeKind.EDITORIAL, note="Filed anew.")
        name = urn(texts["article"])

        items = read(api, "articles.json?topic=veins").get_json()["items"]
        channel = etree.fromstring(read(api, "articles.rss?topic=veins").data)

        [told] = [one for one in items if one["id"] == name]
        [item] = [one for one in channel.iter("item") if one.findtext("guid") == name]
        words = {told["title"], told["content_text"], item.findtext("title"), item.findtext("description")}
        assert words == {"No longer in this feed"}

    @pytest.mark.parametrize("form", FORMS)
    def test_all_of_it_is_told_however_much_it_is(self, session, texts, api, form):
        drafts = [signed(session, an_article(session, slug=f"one-{number}")) for number in range(101)]
        steps = [publishing.publication(session, one.entry_id, one.number) for one in drafts]
        publishing.perform(session, steps, by=ED)
        steps = [publishing.withdrawal(session, one.entry_id) for one in drafts]
        publishing.perform(session, steps, by=ED)
        for n in range(45):
            a_live_faq(session, slug=f"f-{n}")

        page = read(api, f"articles.{form}").text

        assert not [one for one in drafts if str(one.entry_id) not in page]
        assert "The dose was wrong." in page

    @pytest.mark.parametrize("form", FORMS)
    def test_what_was_wrong_is_told_before_all_else(self, session, texts, api, form, monkeypatch):
        monkeypatch.setattr(feeds, "MOST_REMOVED", 2)
        later = [a_live_article(session, slug=f"later-{n}") for n in range(3)]
        for one in later:
            publishing.withdraw(session, one.entry_id, by=ED)
        for n in range(45):
            a_live_faq(session, slug=f"f-{n}")

        page = read(api, f"articles.{form}").text

        assert "The dose was wrong." in page
        assert [str(one.entry_id) in page for one in later] == [False, False, True]

    def test_what_is_back_has_no_tombstone(self, session, texts, api):
        publishing.reinstate(session, texts["gone"].entry_id, 1, by=ED, note="Back.")

        root = etree.fromstring(read(api, "articles.atom").data)

        assert urn(texts["gone"]) not in [one.get("ref") for one in root.findall(f"{AT}deleted-entry")]

    def test_a_draft_that_never_was_public_is_nowhere(self, session, texts, api):
        made = versions.create(
            session,
            "article",
            {"title": "Draft", "slug": "draft", "body": "x"},
            locale="en",
            by=ED,
            now=MAY_DAY,
        )
        session.commit()

        assert str(made.entry_id) not in read(api, "articles.atom").text


class TestHub:
    """The hub that tells subscribers of changes (WebSub)."""

    HUB = "https://hub.example/"

    @pytest.fixture
    def config(self, config):
        return config | {"VERSO_WEBSUB_HUB": self.HUB}

    @pytest.mark.parametrize("form", FORMS)
    def test_a_feed_that_nothing_narrows_names_it(self, session, api, form):
        a_live_article(session)

        response = read(api, f"articles.{form}")

        assert response.text.count(self.HUB) == 1
        assert f'<{self.HUB}>; rel="hub"' in response.headers["Link"]
        assert f'<{HOST}/api/v1/feeds/articles.{form}>; rel="self"' in response.headers["Link"]
        assert self.HUB not in read(api, f"articles.{form}?locale=en").text

    @pytest.mark.parametrize("form", FORMS)
    def test_a_feed_that_a_key_opens_does_not(self, session, api, form):
        a_live_article(session, audience=LICENSED)
        borne = bearing(session, a_partner(session))

        response = api.get(f"/api/v1/feeds/articles.{form}", headers=borne)

        assert "Plain words." in response.text
        assert self.HUB not in response.text
        assert self.HUB not in response.headers.get("Link", "")
