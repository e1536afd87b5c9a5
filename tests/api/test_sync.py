"""A copy that is kept by sync equals what the API answers."""

from uuid import UUID

import pytest

from content import granting, grants, log, publishing, sync, versions
from content.log import State
from content.partners import Reach
from content.placement import LICENSED
from tests.api.bearers import a_partner, bearing
from tests.builders import (
    ED,
    a_live_article,
    a_live_faq,
    a_topic,
    an_author,
    article_values,
    faq_values,
    publish,
    saved,
)

SYNC = "/api/v1/sync"
# What of a list's parameters chooses how it is told, and not what is in it.
MANNERS = {"total", "sort", "fields", "include", "ids"}


def walk(api, path):
    """Every page, by its own links."""
    while path:
        page = api.get(path)
        assert page.status_code == 200, page.get_json()
        yield page.get_json()
        path = page.get_json()["page"]["next"]


def synced(api, path=SYNC):
    """All entries of a walk, and the token at its end."""
    pages = list(walk(api, path))
    assert [page["token"] for page in pages[:-1]] == [None] * (len(pages) - 1)
    return [one for page in pages for one in page["data"]], pages[-1]["token"]


def since(api, token, more=""):
    """What changed since a token."""
    return synced(api, f"{SYNC}?since={token}{more}")[0]


def told(changes):
    """Each change in short."""
    return {(one["event"], one.get("reason") or one["document"].get("slug")) for one in changes}


def change(session, version, **changes):
    """Publish another version of the same entry."""
    newer = saved(session, version, **changes)
    publish(session, newer, forced="A test.")
    return newer


def renamed(session, topic, **changes):
    """Publish a topic anew."""
    change(session, versions.latest(session, UUID(topic)), **changes)


class TestEverything:
    @pytest.fixture
    def corpus(self, session):
        topic = a_topic(session)
        article = a_live_article(session, topics=[topic], authors=[an_author(session)], tags=["flying"])
        a_live_faq(session, article=str(article.entry_id), topics=[topic])
        return article

    def test_it_gives_each_entry_whole_as_it_is_read_by_itself(self, api, corpus):
        found, token = synced(api)

        assert token
        assert [one["type"] for one in found] == ["article", "faq", "author", "topic"]
        assert {one["event"] for one in found} == {"added"}
        for one in found:
            assert one["document"] == api.get(one["document"]["urls"]["self"]).get_json()
        assert synced(api, f"{SYNC}?limit=1")[0] == synced(api, f"{SYNC}?limit=3")[0] == found

    def test_it_keeps_to_types_and_filters(self, session, api, corpus):
        a_live_article(session, slug="other")

        assert told(synced(api, f"{SYNC}?tag=flying")[0]) == {("added", "clots")}
        assert told(synced(api, f"{SYNC}?type=faq,topic")[0]) == {
            ("added", "does-it-hurt"),
            ("added", "veins"),
        }
        assert told(synced(api, f"{SYNC}?topic=veins&limit=1")[0]) == {
            ("added", "clots"),
            ("added", "does-it-hurt"),
        }

    def test_it_reads_one_sequence_whatever_is_published_meanwhile(self, session, api, corpus):
        first = api.get(f"{SYNC}?limit=1")
        change(session, corpus, title="Changed")
        a_live_article(session, slug="late")

        further, token = synced(api, first.get_json()["page"]["next"])

        assert len(further) == 3
        assert {("changed", "clots"), ("added", "late"), ("changed", "does-it-hurt")} == told(
            since(api, token)
        )


# What may become of an article, by the reason that a copy is told.
LEAVING = {
    "gone": lambda session, key, other: publishing.withdraw(session, key, by=ED, note="Old."),
    "replaced": lambda session, key, other: publishing.withdraw(
        session, key, by=ED, manner=State.REPLACED, target=str(other), note="Old."
    ),
    "redirected": lambda session, key, other: publishing.withdraw(
        session, key, by=ED, manner=State.REDIRECTED, target=str(other), note="Old."
    ),
    "held": lambda session, key, other: publishing.hold(session, key, by=ED, note="Old."),
    "retracted": lambda session, key, other: publishing.retract(session, key, [1], by=ED, note="Old."),
    "erased": lambda session, key, other: publishing.erase(session, key, by=ED, note="Old."),
}


class TestChanges:
    @pytest.fixture
    def topics(self, session):
        """A topic with one below it."""
        above = a_topic(session)
        return above, a_topic(session, "Deep veins", parent=above)

    @pytest.fixture
    def article(self, session, topics):
        return a_live_article(session, topics=[topics[1]], authors=[an_author(session)], tags=["flying"])

    @pytest.fixture
    def other(self, session, topics):
        return a_live_article(session, slug="other", topics=[topics[0]])

    def test_they_are_none_where_nothing_happened(self, api, article):
        _, token = synced(api)

        assert synced(api, f"{SYNC}?since={token}") == ([], token)

    def test_they_come_once_in_the_order_of_their_last_act(self, session, api, article, other):
        _, token = synced(api)
        newer = change(session, article, title="One")
        change(session, other, title="Two")
        late = a_live_article(session, slug="late")
        change(session, newer, title="Three")

        for limit in (1, 100):
            found = since(api, token, f"&limit={limit}")
            assert [(one["event"], one["id"]) for one in found] == [
                ("changed", str(other.entry_id)),
                ("added", str(late.entry_id)),
                ("changed", str(article.entry_id)),
            ]
        assert found[2]["document"] == api.get(f"/api/v1/articles/{article.entry_id}").get_json()

    def test_they_say_why_something_is_not_public_any_more(self, session, api, article, other):
        shown = {reason: a_live_article(session, slug=reason).entry_id for reason in LEAVING}
        token = synced(api)[1]
        acts = {
            reason: leave(session, shown[reason], other.entry_id).sequence
            for reason, leave in LEAVING.items()
        }
        moments = {
            act["sequence"]: act["at"] for act in api.get("/api/v1/changes?limit=100").get_json()["data"]
        }

        assert since(api, token) == [
            {
                "event": "removed",
                "type": "article",
                "id": str(shown[reason]),
                "reason": reason,
                "notice": {"reason": reason, "sequence": at, "at": moments[at], "note": "Old."},
            }
            for reason, at in acts.items()
        ]

    def test_they_take_out_what_was_erased_with_its_tags(self, session, api, article):
        tokens = [synced(api, path)[1] for path in (f"{SYNC}?tag=flying", f"{SYNC}?topic=veins")]
        publishing.erase(session, article.entry_id, by=ED)

        for token in tokens:
            assert told(since(api, token)) == {("removed", "erased")}

    def test_they_bring_back_what_comes_back(self, session, api, article):
        _, before = synced(api)
        publishing.hold(session, article.entry_id, by=ED)
        _, held = synced(api)
        publishing.release(session, article.entry_id, by=ED)

        assert told(since(api, before)) == {("changed", "clots")}
        assert told(since(api, held)) == {("added", "clots")}

    def test_they_tell_what_left_the_filter_and_what_came_into_it(self, session, api, article, other):
        _, flying = synced(api, f"{SYNC}?tag=flying")
        _, walking = synced(api, f"{SYNC}?tag=walking")
        _, neither = synced(api, f"{SYNC}?tag=sitting")
        change(session, article, tags=["walking"])

        assert since(api, flying) == [
            {
                "event": "removed",
                "type": "article",
                "id": str(article.entry_id),
                "reason": "left_filter",
                "notice": None,
            }
        ]
        assert told(since(api, walking)) == {("added", "clots")}
        assert since(api, neither) == []

    def test_they_say_of_what_is_for_others_now_only_that_it_is_gone(self, session, api, article):
        _, token = synced(api)
        newer = saved(session, article, audience=LICENSED)
        publish(session, newer, forced="A test.", note="For partners.")

        (left,) = since(api, token)

        assert (left["event"], left["reason"], left["notice"]["note"]) == ("removed", "gone", None)

    def test_they_hold_whatever_shows_something_that_changed(self, session, api, topics, article, other):
        a_live_faq(session, article=str(article.entry_id), topics=[topics[1]])
        _, token = synced(api)
        renamed(session, topics[1], name="Veins deep down")

        found = since(api, token, "&limit=1")

        assert told(found) == {("changed", "clots"), ("changed", "does-it-hurt"), ("changed", "deep-veins")}
        for one in found:
            assert one["document"] == api.get(one["document"]["urls"]["self"]).get_json()

    def test_they_hold_the_article_of_a_question_that_changed(self, session, api, article):
        faqs = [a_live_faq(session, slug=f"q-{place}", article=str(article.entry_id)) for place in range(6)]
        acts = [
            lambda faq: publishing.hold(session, faq.entry_id, by=ED),
            lambda faq: publishing.retract(session, faq.entry_id, [1], by=ED, note="Wrong."),
            lambda faq: publishing.erase(session, faq.entry_id, by=ED),
            lambda faq: change(session, faq, question="Does it really hurt?"),
            lambda faq: change(session, faq, article=None),
            lambda faq: change(session, faq, audience=LICENSED),
        ]

        for faq, act in zip(faqs, acts, strict=True):
            _, token = synced(api, f"{SYNC}?type=article")
            act(faq)
            (changed,) = since(api, token)
            assert changed["document"] == api.get("/api/v1/articles/clots").get_json()

    def test_they_hold_both_articles_of_a_question_that_went_over(self, session, api, article, other):
        faq = a_live_faq(session, article=str(article.entry_id))
        _, token = synced(api, f"{SYNC}?type=article")
        change(session, faq, article=str(other.entry_id))

        assert told(since(api, token)) == {("changed", "clots"), ("changed", "other")}

    def test_they_hold_the_translations_of_what_changed(self, session, api, article):
        _, token = synced(api, f"{SYNC}?locale=en")
        german = versions.create(
            session, "article", article.values, locale="de", by=ED, translation_of=article.entry_id
        )
        publish(session, german, forced="A test.")

        (changed,) = since(api, token)

        assert [one["locale"] for one in changed["document"]["translations"]] == ["de"]

    def test_they_tell_what_a_moved_topic_takes_along(self, session, api, topics, other):
        deepest = a_topic(session, "Deepest veins", parent=topics[1])
        a_live_article(session, topics=[deepest])
        _, token = synced(api, f"{SYNC}?topic=veins")
        renamed(session, topics[1], parent=None)
        _, apart = synced(api, f"{SYNC}?topic=veins")
        renamed(session, topics[1], parent=topics[0])

        assert told(since(api, token, "&as_of=6")) == {("removed", "left_filter")}
        assert told(since(api, apart)) == {("added", "clots")}
        assert since(api, token) == []

    @pytest.mark.parametrize(("type_name", "make"), [("article", a_live_article), ("faq", a_live_faq)])
    def test_they_hold_of_each_text_the_best_of_a_chain_of_languages(self, session, api, type_name, make):
        english = make(session, slug="en")
        held, token = synced(api, f"{SYNC}?locale=de&fallback=en")
        values, of = {**english.values, "slug": "de"}, english.entry_id
        german = versions.create(session, type_name, values, locale="de", by=ED, translation_of=of)
        publish(session, german, forced="A test.")
        after = synced(api, f"{SYNC}?since={token}")
        publishing.withdraw(session, german.entry_id, by=ED)

        assert told(held) == {("added", "en")}
        assert told(after[0]) == {("added", "de"), ("removed", "left_filter")}
        assert told(since(api, after[1])) == {("added", "en"), ("removed", "gone")}

    @pytest.mark.parametrize(
        ("type_name", "values"),
        [
            ("article", article_values()),
            ("faq", faq_values()),
            ("topic", {"name": "Veins", "slug": "veins"}),
            ("author", {"name": "Leg Clinic", "slug": "leg-clinic", "kind": "organisation"}),
        ],
    )
    def test_they_hold_the_translations_of_what_becomes_public(self, session, api, type_name, values):
        english = versions.create(session, type_name, values, locale="en", by=ED)
        german = versions.create(
            session, type_name, values, locale="de", by=ED, translation_of=english.entry_id
        )
        publish(session, german, forced="A test.")
        asked = f"type={type_name}&translation_of={english.entry_id}"
        held, token = synced(api, f"{SYNC}?{asked}")

        publish(session, english, forced="A test.")

        assert held == []
        assert [(one["event"], one["id"]) for one in since(api, token)] == [("added", str(german.entry_id))]

    @pytest.mark.parametrize("type_name", ["article", "faq"])
    def test_they_tell_the_translations_of_what_is_not_public_any_more_by_who_could_read_it(
        self, session, api, type_name
    ):
        values = (article_values if type_name == "article" else faq_values)(audience=LICENSED)
        partner_id = a_partner(session, reach=None)
        borne = bearing(session, partner_id)
        for locale in ("en", "de"):
            granting.grant(session, partner_id, Reach((LICENSED,), locales=(locale,)), by=ED)
        german = versions.create(session, type_name, values, locale="de", by=ED)
        english = versions.create(
            session, type_name, values, locale="en", by=ED, translation_of=german.entry_id
        )
        for version in (german, english):
            publish(session, version, forced="A test.")
        publishing.withdraw(session, german.entry_id, by=ED)

        def told(**asked):
            page = api.get(SYNC, headers=borne, query_string=asked).get_json()
            assert {one["id"] for one in page["data"]} <= {str(english.entry_id)}
            return [(one["event"], one.get("reason")) for one in page["data"]], page["token"]

        held, token = told(translation_of=german.entry_id)
        granting.end_grant(session, grants.grants(session, partner_id)[1].id, by=ED)
        left, token = told(since=token)
        granting.grant(session, partner_id, Reach((LICENSED,), locales=("de",)), by=ED)
        back, _ = told(since=token)

        assert (held, left, back) == ([("added", None)], [("removed", "left_filter")], [("added", None)])

    def test_they_follow_a_slug_to_another_topic(self, session, api, topics, article, other):
        _, token = synced(api, f"{SYNC}?topic=veins")
        publishing.move(session, UUID(topics[0]), "vessels", by=ED)
        publishing.move(session, UUID(topics[1]), "veins", by=ED)

        assert told(since(api, token)) == {("changed", "clots"), ("removed", "left_filter")}

    def test_they_follow_a_slug_whose_bearer_was_erased_to_that_in_another_language(self, session, api):
        german, english = a_topic(session, "Venen", slug="veins", locale="de"), a_topic(session)
        ours = [
            a_live_article(session, locale="de", slug=f"for-{one}", topics=[one]) for one in (german, english)
        ]
        filters = "topic=veins&locale=de"
        at, listed = log.head(session).sequence, f"/api/v1/articles?{filters}"
        held, token = synced(api, f"{SYNC}?type=article&{filters}")
        assert [one["id"] for one in held] == [str(ours[0].entry_id)]

        publishing.erase(session, UUID(german), None, by=ED)

        left = {one["id"]: one["event"] for one in since(api, token)}
        assert left == {str(ours[0].entry_id): "removed", str(ours[1].entry_id): "added"}
        for path, there in ((listed, ours[1]), (f"{listed}&as_of={at}", ours[0])):
            assert [one["id"] for one in api.get(path).get_json()["data"]] == [str(there.entry_id)]

    def test_they_are_the_same_in_small_pieces(self, session, api, article, other, monkeypatch):
        _, token = synced(api)
        for place in range(4):
            a_live_faq(session, slug=f"q-{place}", article=str(other.entry_id))
        change(session, article, title="Changed")
        publishing.hold(session, other.entry_id, by=ED)
        whole = since(api, token)

        for lines, entries in ((1, 500), (2, 500), (1_000, 1), (2, 2)):
            monkeypatch.setattr(sync, "MOST_LINES", lines)
            monkeypatch.setattr(sync, "MOST_ENTRIES", entries)
            assert since(api, token, "&limit=2") == whole
        assert len(whole) == 6


class TestToken:
    @pytest.fixture
    def token(self, session, api):
        a_live_article(session, tags=["flying"])
        return synced(api, f"{SYNC}?tag=flying&type=article")[1]

    def test_it_brings_its_filters_along(self, session, api, token):
        a_live_article(session, slug="other")
        a_live_faq(session, tags=["flying"])
        a_live_article(session, slug="late", tags=["flying"])

        assert told(since(api, token)) == told(since(api, token, "&tag=flying")) == {("added", "late")}

    def test_it_is_of_no_other_filter(self, api, token):
        for more in ("tag=walking", "type=faq", "locale=en", "topic=veins"):
            refused = api.get(f"{SYNC}?since={token}&{more}")
            assert refused.status_code == 422
            assert [fault["pointer"] for fault in refused.get_json()["errors"]] == [
                f"/{more.partition('=')[0]}"
            ]

    def test_it_cannot_be_made_up(self, api):
        for text in ("", "A", "A" * 48, "%00", "%C3%BC"):
            refused = api.get(f"{SYNC}?since={text}")
            assert refused.status_code == 422
            assert refused.get_json()["errors"] == [{"pointer": "/since", "detail": "is no token of ours"}]

    def test_it_is_over_with_its_epoch(self, session, api, token):
        log.begin_epoch(session)

        over = api.get(f"{SYNC}?since={token}")

        assert (over.status_code, over.get_json()["type"]) == (410, "/api/v1/problems/resync")

    def test_it_leads_to_any_later_sequence_and_to_none_before(self, session, api, token):
        a_live_article(session, slug="two", tags=["flying"])
        a_live_article(session, slug="three", tags=["flying"])

        found, between = synced(api, f"{SYNC}?since={token}&as_of=2")

        assert told(found) == {("added", "two")}
        assert told(since(api, between)) == {("added", "three")}
        refused = api.get(f"{SYNC}?since={between}&as_of=1")
        assert refused.get_json()["errors"] == [
            {"pointer": "/as_of", "detail": "is before the token, which is of 2"}
        ]

    def test_it_begins_at_any_sequence(self, session, api, token):
        publishing.withdraw(session, a_live_article(session, slug="two").entry_id, by=ED)

        found, then = synced(api, f"{SYNC}?as_of=2")

        assert told(found) == {("added", "clots"), ("added", "two")}
        assert told(since(api, then)) == {("removed", "gone")}


class TestFilters:
    def test_they_belong_to_every_type_asked_for(self, api):
        asked = {
            "type=author&tag=a": "/tag",
            "type=article,topic&topic=veins": "/topic",
            "type=page": "/type",
        }

        for query, named in asked.items():
            refused = api.get(f"{SYNC}?{query}")
            assert refused.status_code == 422
            assert [fault["pointer"] for fault in refused.get_json()["errors"]] == [named]

    def test_they_are_those_that_lists_have(self, api):
        document = api.get("/api/v1/openapi.json").get_json()
        asked = {
            path: {parameter["name"] for parameter in document["paths"][path]["get"]["parameters"]}
            for path in ("/api/v1/articles", "/api/v1/faqs", "/api/v1/topics", "/api/v1/authors", SYNC)
        }

        lists = set().union(*(names for path, names in asked.items() if path != SYNC))

        assert asked[SYNC] - {"since", "type"} == lists - MANNERS


class TestCursor:
    @pytest.mark.parametrize("path", [SYNC, "/api/v1/manifest/entries"])
    def test_it_is_as_described_for_a_partner_too(self, session, api, path):
        a_live_article(session)
        a_live_article(session, slug="other")
        borne = bearing(session, a_partner(session))

        # The client holds it against the pattern that the OpenAPI document has.
        following = api.get(f"{path}?limit=1", headers=borne).get_json()["page"]["next"]

        assert api.get(following, headers=borne).status_code == 200

    def test_it_belongs_to_its_own_walk(self, session, api):
        for place in range(3):
            a_live_faq(session, slug=f"q-{place}", tags=["flying"])
        following = api.get(f"{SYNC}?limit=1&tag=flying").get_json()["page"]["next"]

        for path in (following.replace("tag=flying&", ""), following[:-1], following + "&type=faq"):
            assert [one["pointer"] for one in api.get(path).get_json()["errors"]] == ["/cursor"]


class TestHead:
    def test_it_tells_how_far_the_log_has_come(self, session, api, statements):
        a_live_article(session)
        statements.clear()

        told = api.get(f"{SYNC}/head")

        assert told.get_json() == {"sequence": 1, "epoch": str(log.epoch(session))}
        assert len(statements) == 1
        assert told.headers["Cache-Control"] == "public, max-age=1"
        assert api.get(f"{SYNC}/head", headers={"If-None-Match": told.headers["ETag"]}).status_code == 304
