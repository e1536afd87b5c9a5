"""What needs no key: everything public, until an act of the newsroom says otherwise."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from content import expansion, granting, grants, groups, log, previews, publishing, versions
from content.errors import GRANT_ENDED
from content.feeds import touched
from content.partners import Reach
from content.placement import LICENSED, PUBLIC
from storage import db
from tests.api.bearers import a_partner, bearing
from tests.builders import ED, a_live_article, a_live_faq, a_topic, an_article, an_author, publish, saved

SITE = "https://clinic.example"


@pytest.fixture
def session(app):
    """A session whose acts the layer hears of."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def veins(session):
    return a_topic(session)


@pytest.fixture
def texts(session, veins):
    """Two articles with an FAQ each, those of the one under a topic; their ids by a word that stands in each."""
    told, author = {}, an_author(session)
    for word, topics in (("opened", [veins]), ("closed", [])):
        article = a_live_article(
            session,
            slug=word,
            title=f"Common {word}",
            topics=topics,
            authors=[author],
            canonical=f"{SITE}/{word}",
        )
        faq = a_live_faq(
            session,
            slug=f"faq-{word}",
            question=f"Common {word}?",
            topics=topics,
            article=str(article.entry_id),
        )
        told[word] = article.entry_id, faq.entry_id
    return told


def say(session, **reach):
    return granting.let_everybody(session, Reach(**reach), by=ED)


LISTS = (
    "articles?limit=100&total=true",
    "faqs?limit=100&total=true",
    "articles.jsonld",
    "embeds/faqs",
    "embeds/articles/fragment",
    "feeds/articles.atom",
    "feeds/faqs.rss",
    "feeds/articles.json",
    "search?q=common&total=true&facets=true",
    "search/suggest?q=common",
    "sitemaps/1.xml",
    "sync",
    "changes",
    "manifest/entries",
)
ONE = (
    "articles/{slug}",
    "articles/{id}",
    "articles/{slug}?include=faqs",
    "articles/{slug}.jsonld",
    "articles/{slug}/versions",
    "articles/{slug}/versions/1",
    "articles/{slug}/versions/1/signature",
    "articles/{slug}/changes",
    "articles/{slug}/diff?from=1&to=1",
    "articles/{slug}/embed",
    "articles/{slug}/embed/fragment",
    "oembed?url=http://localhost:8000/api/v1/articles/{id}/embed",
    "faqs/faq-{slug}",
)


# In which a text that is no more is spoken of.
SPOKEN = (
    "articles/closed",
    "articles/{id}",
    "articles/{id}.jsonld",
    "articles/closed/versions",
    "articles/{id}/versions/1",
    "articles/closed/embed",
    "articles/{id}/embed/fragment",
    "oembed?url=http://localhost:8000/api/v1/articles/{id}/embed",
    f"oembed?url={SITE}/closed",
    "feeds/articles.atom",
    "feeds/articles.rss",
    "feeds/articles.json",
)


def names(answer, texts, word):
    """Whether an answer has anything of the texts with this word; of what a feed had, it tells that it is no more."""
    ids = [str(one) for one in texts[word] if GRANT_ENDED not in answer.text]
    return any(one in answer.text for one in (*ids, f"Common {word}", f"{SITE}/{word}"))


class TestReads:
    @pytest.mark.parametrize("path", LISTS)
    def test_they_list_what_needs_no_key_and_nothing_else(self, api, session, texts, veins, path):
        before = api.get(f"/api/v1/{path}")
        say(session, topics=(UUID(veins),))

        after = api.get(f"/api/v1/{path}")

        assert (names(before, texts, "opened"), names(before, texts, "closed")) == (True, True)
        assert (after.status_code, names(after, texts, "opened"), names(after, texts, "closed")) == (
            *(200, True),
            False,
        )

    @pytest.mark.parametrize("path", ONE)
    def test_they_find_what_needs_no_key_and_nothing_else(self, api, session, texts, veins, path, key):
        say(session, topics=(UUID(veins),))

        opened, closed = (
            api.get(f"/api/v1/{path.format(slug=word, id=texts[word][0])}") for word in ("opened", "closed")
        )

        assert (closed.status_code, GRANT_ENDED in closed.text) == (410, True)
        assert not names(closed, texts, "closed")
        assert opened.status_code == 200

    def test_a_past_moment_is_read_by_the_right_of_now(self, api, session, texts, veins):
        at = log.head(session).sequence
        then = api.get(f"/api/v1/articles/opened?as_of={at}").data
        say(session, topics=(UUID(veins),))

        assert api.get(f"/api/v1/articles/opened?as_of={at}").data == then
        assert api.get(f"/api/v1/articles/closed?as_of={at}").status_code == 410

    def test_who_wrote_a_text_and_what_it_is_about_are_shown_with_it(self, api, session, texts, veins):
        before = api.get("/api/v1/articles/opened").data
        say(session, topics=(UUID(veins),), types=("article", "faq"))

        assert api.get("/api/v1/articles/opened").data == before
        for plural in ("authors", "topics"):
            assert api.get(f"/api/v1/{plural}?total=true").get_json()["page"]["total"] == 1

    @pytest.mark.parametrize("path", SPOKEN)
    def test_a_retraction_is_told_to_whoever_could_read_it(self, api, session, texts, path):
        say(session, types=("faq",))
        publishing.retract(session, texts["closed"][0], [1], by=ED, note="It is a danger.")

        assert "It is a danger." in api.get(f"/api/v1/{path.format(id=texts['closed'][0])}").text

    @pytest.mark.parametrize("path", SPOKEN)
    def test_what_never_could_be_read_without_a_key_is_not_told(self, api, session, texts, path):
        licensed = a_live_article(session, slug="licensed", audience=LICENSED)
        say(session, types=("faq",))
        later = a_live_article(session, slug="later")

        for slug, version in (("licensed", licensed), ("later", later)):
            id_ = version.entry_id
            publishing.retract(session, id_, [1], by=ED, note="It is a danger.")
            told = api.get(f"/api/v1/{path.replace('closed', slug).format(id=id_)}")
            if path.startswith("feeds"):
                assert str(id_) not in told.text
            else:
                assert told.status_code == 404

    def test_what_is_not_there_takes_one_statement_more_however_often_it_was_said(
        self, api, session, texts, statements
    ):
        counts = []
        for _ in range(3):
            for key in ("nothing", UUID(int=7 << 76)):
                statements.clear()
                assert api.get(f"/api/v1/articles/{key}").status_code == 404
                counts.append(len(statements))
            say(session, types=("faq",))

        # One more tells what needs no key.
        assert counts[2:] == [counts[0] + 2, counts[1] + 2] * 2

    def test_by_type_and_language(self, api, session, texts):
        a_live_faq(session, slug="auf-deutsch", locale="de")
        say(session, types=("faq",), locales=("en",))

        assert api.get("/api/v1/articles").get_json()["data"] == []
        assert len(api.get("/api/v1/faqs").get_json()["data"]) == 2

    def test_nothing_may_need_no_key(self, api, session, texts):
        say(session, audiences=())

        assert api.get("/api/v1/articles/opened").status_code == 410
        for path in ("articles", "faqs", "topics", "authors", "sync"):
            assert api.get(f"/api/v1/{path}").get_json()["data"] == []
        assert api.get("/api/v1/partner/terms").get_json()["grants"][0]["audiences"] == []

    def test_all_is_as_before_once_everything_public_needs_none_again(self, api, session, texts, veins):
        # Others tell how far the log has come.
        paths = [
            path for path in LISTS if path.startswith(("articles", "faqs", "embeds", "search", "sitemap"))
        ]
        before = [api.get(f"/api/v1/{path}").data for path in paths]
        say(session, topics=(UUID(veins),))
        say(session)

        assert [api.get(f"/api/v1/{path}").data for path in paths] == before

    def test_a_key_opens_what_its_grants_add_to_it(self, api, session, texts, veins):
        grant = Reach(audiences=(PUBLIC,), types=("article",))
        own, none = (
            bearing(session, a_partner(session, name, reach)) for name, reach in (("A", grant), ("B", None))
        )
        say(session, topics=(UUID(veins),))

        assert api.get("/api/v1/articles/closed", headers=own).status_code == 200
        # It could be read before, and that is told to whoever bears a key.
        assert api.get("/api/v1/faqs/faq-closed", headers=own).get_json()["reason"] == GRANT_ENDED
        assert api.get("/api/v1/articles/closed", headers=none).get_json()["reason"] == GRANT_ENDED
        assert api.get("/api/v1/articles/opened", headers=none).status_code == 200

    def test_a_draft_is_previewed_also_where_it_will_need_a_key(self, api, session, texts):
        say(session, audiences=())
        draft = an_article(session, slug="draft", title="A draft", now=None)
        session.commit()
        _, text = previews.for_draft(session, draft.entry_id, 1, purpose="a look", by=ED)
        session.commit()

        bearing = {"Authorization": f"Bearer {text}"}
        assert api.get(f"/api/v1/articles/{draft.entry_id}", headers=bearing).get_json()["title"] == "A draft"
        shown = api.get("/api/v1/articles?total=true", headers=bearing).get_json()
        assert [one["title"] for one in shown["data"]] == ["A draft"]
        assert shown["page"]["total"] == 1
        assert api.get("/api/v1/faqs?total=true", headers=bearing).get_json()["page"]["total"] == 0
        assert api.get("/api/v1/articles/opened", headers=bearing).status_code == 410

    def test_the_terms_tell_it(self, api, session, texts, veins):
        act = say(session, topics=(UUID(veins),), types=("faq",))

        texts_, named = api.get("/api/v1/partner/terms").get_json()["grants"]

        assert (texts_["types"], texts_["topics"]) == (["faq"], [veins])
        assert sorted(named["types"]) == ["author", "image", "topic"]
        assert texts_["from"] == named["from"] == expansion.instant(act.at)


class TestSync:
    def everything(self, api, **asked):
        told = api.get("/api/v1/sync", query_string=asked).get_json()
        return {one["id"]: one for one in told["data"]}, told["token"]

    def test_a_copy_without_a_key_is_told_what_left_it_and_what_came_back(self, api, session, texts, veins):
        _, token = self.everything(api)
        say(session, topics=(UUID(veins),))

        left, token = self.everything(api, since=token)

        closed = {str(one) for one in texts["closed"]}
        assert {one: (told["event"], told["reason"]) for one, told in left.items()} == dict.fromkeys(
            closed, ("removed", GRANT_ENDED)
        )
        say(session)
        back, token = self.everything(api, since=token)
        assert {one: told["event"] for one, told in back.items()} == dict.fromkeys(closed, "added")
        assert self.everything(api, since=token)[0] == {}

    @pytest.mark.parametrize("by_key", [False, True])
    def test_it_is_told_that_what_it_had_was_wrong_whatever_came_out_of_its_reach(
        self, api, session, texts, by_key
    ):
        borne = bearing(session, a_partner(session, reach=None)) if by_key else {}
        opened, closed = (texts[word][0] for word in ("opened", "closed"))
        token = api.get("/api/v1/sync?type=article", headers=borne).get_json()["token"]
        say(session, types=("faq",))
        publishing.retract(session, opened, [1], note="The dose was wrong.", by=ED)
        for one in (opened, closed):
            right = saved(session, versions.latest(session, one), body="One gram.")
            if one == opened:
                publishing.reinstate(session, one, right.number, by=ED, forced="A test.")
            else:
                publish(session, right, forced="A test.")

        told = api.get(f"/api/v1/sync?since={token}", headers=borne).get_json()["data"]

        gone = api.get(f"/api/v1/articles/{opened}", headers=borne).get_json()
        assert (gone["reason"], gone["note"]) == ("retracted", "The dose was wrong.")
        notices = {one["id"]: one["notice"] for one in told}
        assert {one["reason"] for one in told} == {"retracted", GRANT_ENDED}
        assert notices[str(opened)]["note"] == gone["note"]
        assert notices[str(opened)]["sequence"] == gone["sequence"]
        assert notices[str(closed)] is None

    def test_a_partner_s_copy_is_told_it_too(self, api, session, texts, veins):
        borne = bearing(session, a_partner(session, reach=None))
        token = api.get("/api/v1/sync", headers=borne).get_json()["token"]
        say(session, topics=(UUID(veins),))

        told = api.get(f"/api/v1/sync?since={token}", headers=borne).get_json()["data"]

        assert {one["id"] for one in told} == {str(one) for one in texts["closed"]}

    @pytest.mark.parametrize(
        "filters",
        [{"topic": "veins", "type": "faq"}, {"author": "leg-clinic"}, {"article": "opened", "type": "faq"}],
    )
    @pytest.mark.parametrize("is_live", [True, False])
    def test_a_slug_means_at_each_end_what_it_meant_to_whoever_came_then(
        self, api, session, texts, veins, filters, is_live
    ):
        author = api.get("/api/v1/authors/leg-clinic").get_json()["id"]
        for one in (UUID(veins), UUID(author), texts["opened"][0]):
            if is_live:
                publishing.move(session, one, f"now-{one}", by=ED)
            else:
                publishing.withdraw(session, one, by=ED)
        held, token = self.everything(api, **filters)

        say(session, audiences=())
        left, token = self.everything(api, since=token)
        say(session)
        back, _ = self.everything(api, since=token)

        assert held
        assert {one: told["event"] for one, told in left.items()} == dict.fromkeys(held, "removed")
        assert {one: told["event"] for one, told in back.items()} == dict.fromkeys(held, "added")

    def test_a_slug_means_nothing_while_what_bears_it_needs_a_key(self, api, session, texts):
        say(session, types=("faq",))
        held, token = self.everything(api, type="faq", article="opened")

        say(session)
        come, token = self.everything(api, since=token)
        say(session, types=("faq",))
        left, _ = self.everything(api, since=token)

        asked = str(texts["opened"][1])
        assert held == {}
        assert {one: told["event"] for one, told in come.items()} == {asked: "added"}
        # It may be read still, and the list by that slug has it no more.
        assert {one: (told["event"], told["reason"]) for one, told in left.items()} == {
            asked: ("removed", "left_filter")
        }

    def test_a_copy_of_a_moment_before_is_made_by_the_right_of_now(self, api, session, texts, veins):
        at = log.head(session).sequence
        say(session, topics=(UUID(veins),))
        held, token = self.everything(api, as_of=at)
        assert not {str(one) for one in texts["closed"]} & held.keys()
        same, _ = self.everything(api, since=token)
        assert same == {}

        say(session)
        come, _ = self.everything(api, since=token)

        assert {one["event"] for one in come.values()} == {"added"}
        assert come.keys() == {str(one) for one in texts["closed"]}

    def test_what_is_read_of_a_past_moment_is_the_same_bytes_whatever_is_published(self, api, session, texts):
        at = log.head(session).sequence
        path = f"/api/v1/sync?as_of={at}&limit=1"
        before = api.get(path).data
        a_live_article(session, slug="newer")

        assert api.get(path).data == before

    def test_a_walk_ends_where_it_is_said_meanwhile(self, api, session, texts, veins):
        borne = bearing(session, a_partner(session, reach=None))
        for path in ("sync", "manifest/entries"):
            walks = [
                (headers, api.get(f"/api/v1/{path}?limit=1", headers=headers).get_json()["page"]["next"])
                for headers in ({}, borne)
            ]
            assert [api.get(following, headers=headers).status_code for headers, following in walks] == [
                200
            ] * 2
            say(session, topics=(UUID(veins),))
            assert [api.get(following, headers=headers).status_code for headers, following in walks] == [
                410
            ] * 2


class TestCaches:
    def test_nothing_that_was_kept_outlives_it(self, app, session, texts, veins):
        front = Client(in_front_of(app), Response)
        paths = ("/api/v1/articles/closed", "/api/v1/articles?limit=100")
        before = [front.get(path) for path in paths for _ in range(2)]
        assert [answer.status_code for answer in before] == [200] * 4

        say(session, topics=(UUID(veins),))

        gone, listed = (front.get(path) for path in paths)
        assert gone.status_code == 410
        assert "closed" not in listed.text
        assert front.get("/api/v1/articles/opened").status_code == 200

    def test_it_is_purged_everywhere(self, session, texts, veins):
        at = log.head(session).sequence
        act = say(session, topics=(UUID(veins),))

        assert groups.touched(session, after=at, until=act.sequence) == [groups.ALL]
        assert groups.touched(session, after=act.sequence, until=act.sequence) == []

    @pytest.mark.parametrize("by_topic", [True, False])
    def test_it_is_purged_everywhere_where_a_topic_moves_that_it_goes_by(
        self, session, texts, veins, by_topic
    ):
        other = a_topic(session, "Other")
        if by_topic:
            say(session, topics=(UUID(veins),))

        act = publish(session, saved(session, versions.latest(session, UUID(other)), parent=veins))

        names = groups.touched(session, after=act.sequence - 1, until=act.sequence)
        assert (names == [groups.ALL]) is by_topic

    def test_a_hub_is_told_of_every_feed(self, session, texts, veins):
        act = say(session, topics=(UUID(veins),))

        assert len(touched(session, after=act.sequence - 1, until=act.sequence)) == 6

    @pytest.mark.parametrize("by_topic", [True, False])
    def test_a_hub_is_told_of_every_feed_where_a_topic_moves_that_it_goes_by(
        self, session, texts, veins, by_topic
    ):
        other = a_topic(session, "Other")
        if by_topic:
            say(session, topics=(UUID(veins),))

        act = publish(session, saved(session, versions.latest(session, UUID(other)), parent=veins))

        assert len(touched(session, after=act.sequence - 1, until=act.sequence)) == (6 if by_topic else 0)

    def test_a_first_read_takes_one_statement_more_then(self, api, session, texts, veins, statements):
        for expected in (3, 4):
            statements.clear()
            assert api.get("/api/v1/articles/opened").status_code == 200
            assert len(statements) <= expected
            say(session, types=("article",))


class TestLetEverybody:
    @pytest.mark.parametrize(
        "wrong", [{"audiences": (PUBLIC, LICENSED)}, {"types": ("topic",)}, {"locales": ("no language",)}]
    )
    def test_it_refuses_what_is_for_partners_and_what_is_no_text(self, session, wrong):
        with pytest.raises(granting.Invalid):
            say(session, **wrong)
        assert log.head(session).sequence == 0

    def test_one_grant_holds_at_each_sequence(self, session, veins):
        first, second = say(session, types=("faq",)), say(session)

        assert [one.reach.types for one in grants.held(session, None, first.sequence)] == [("faq",)]
        assert [one.reach for one in grants.held(session, None, second.sequence)] == [Reach()]
        assert grants.everybodys(session, first.sequence - 1) == grants.everybodys(session, second.sequence)

    def test_it_ends_by_another_only(self, session):
        say(session, types=("faq",))
        (one,) = grants.held(session, None, log.head(session).sequence)

        with pytest.raises(granting.Invalid):
            granting.end_grant(session, one.id, by=ED)

    def test_what_needs_a_key_from_then_on_is_known(self, session, texts, veins):
        say(session, topics=(UUID(veins),))

        assert [granting.needs_key(session, texts[word][0]) for word in ("opened", "closed")] == [False, True]
        assert not granting.needs_key(session, UUID(veins))

    def test_what_it_would_do_is_foreseen(self, session, texts, veins):
        at = log.head(session).sequence

        narrower = granting.effect_on_everybody(session, Reach(topics=(UUID(veins),)), at=at)
        nothing = granting.effect_on_everybody(session, Reach(audiences=()), at=at)

        assert (narrower.comes, narrower.goes) == (0, 2)
        assert (nothing.comes, nothing.goes) == (0, 6)
