"""A walk through a list sees the corpus as it was when it began."""

from datetime import date
from uuid import UUID

import pytest

from api import paging
from content import moments, publishing
from content.moments import Moment
from content.orders import Place
from storage import db
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, a_topic, publish, saved, signed

EPOCH, ENTRY = UUID(int=7), UUID(int=9)
MOMENT = Moment(5, MAY_DAY, EPOCH, MAY_DAY, None)
QUESTION, KEY = b"what", b"secret"


def walk(api, path):
    """Every page of a list, by its own links."""
    while path:
        page = api.get(path)
        assert page.status_code == 200
        yield page
        path = page.get_json()["page"]["next"]


class TestWalk:
    def test_it_yields_each_entry_once(self, session, api):
        for place in range(5):
            a_live_faq(session, slug=f"q-{place}")

        pages = list(walk(api, "/api/v1/faqs?limit=2&total=true&locale=en"))
        slugs = [card["slug"] for page in pages for card in page.get_json()["data"]]

        assert len(slugs) == len(set(slugs)) == 5
        assert [page.get_json()["page"]["total"] for page in pages] == [5, 5, 5]
        following = f'<{pages[0].get_json()["page"]["next"]}>; rel="next"'
        assert pages[0].headers["Link"].split(", ")[0] == following
        assert 'rel="next"' not in pages[-1].headers["Link"]

    def test_it_sees_the_corpus_of_its_sequence_whatever_is_published_meanwhile(self, session, api):
        shown = [a_live_article(session, slug=f"a-{place}") for place in range(6)]
        started = api.get("/api/v1/articles?limit=2").get_json()
        as_of = "/api/v1/articles?as_of=6&limit=100"
        before = api.get(as_of).get_json()["data"]

        publishing.withdraw(session, shown[0].entry_id, by=ED)
        publish(session, signed(session, saved(session, shown[1], title="Changed")))
        publishing.move(session, shown[2].entry_id, "moved", by=ED)
        a_live_article(session, slug="late")
        rest = [card for page in walk(api, started["page"]["next"]) for card in page.get_json()["data"]]

        assert started["data"] + rest == before == api.get(as_of).get_json()["data"]

    def test_it_says_at_each_page_which_sequence_it_reads(self, session, api):
        for place in range(3):
            a_live_faq(session, slug=f"q-{place}")
        started = api.get("/api/v1/faqs?limit=1")
        a_live_faq(session, slug="late")

        further = api.get(started.get_json()["page"]["next"])

        assert started.headers["Verso-Sequence"] == further.headers["Verso-Sequence"] == "3"

    def test_another_topics_publication_leaves_a_first_page_as_it_was(self, session, api):
        legs, veins = a_topic(session, "Legs"), a_topic(session, "Veins")
        for place in range(3):
            a_live_faq(session, slug=f"q-{place}", topics=[legs])
        path = "/api/v1/faqs?topic=legs&limit=2"
        known = api.get(path)

        a_live_faq(session, slug="other", topics=[veins])
        after_another = api.get(path, headers={"If-None-Match": known.headers["ETag"]})
        a_live_faq(session, slug="late", topics=[legs])
        after_its_own = api.get(path, headers={"If-None-Match": known.headers["ETag"]})

        assert (after_another.status_code, after_its_own.status_code) == (304, 200)
        [_, rest] = walk(api, path)
        assert [card["slug"] for card in rest.get_json()["data"]] == ["q-1", "q-0"]
        assert api.get(known.get_json()["page"]["next"]).get_json()["data"][0]["slug"] == "q-0"

    def test_it_may_go_on_in_larger_steps(self, session, api):
        for place in range(5):
            a_live_faq(session, slug=f"q-{place}")
        following = api.get("/api/v1/faqs?limit=1").get_json()["page"]["next"]

        rest = api.get(following.replace("limit=1", "limit=50")).get_json()

        assert len(rest["data"]) == 4
        assert rest["page"] == {"limit": 50, "next": None, "total": None}

    @pytest.mark.parametrize("sort", ["newest", "oldest", "updated", "title", "review_due", "position"])
    def test_it_yields_each_entry_once_in_every_order(self, session, api, sort):
        article = a_live_article(session)
        for place in range(5):
            a_live_faq(session, slug=f"q-{place}", article=str(article.entry_id), position=place % 2 or None)
        path = f"/api/v1/faqs?sort={sort}&article=clots"

        whole = api.get(path).get_json()["data"]
        pages = list(walk(api, f"{path}&limit=2"))

        assert [card for page in pages for card in page.get_json()["data"]] == whole
        assert len({card["id"] for card in whole}) == 5


class TestCursor:
    @pytest.fixture
    def following(self, session, api):
        """The path of a second page of FAQs."""
        for place in range(3):
            a_live_faq(session, slug=f"q-{place}", tags=["flying"])
        return api.get("/api/v1/faqs?limit=1&tag=flying").get_json()["page"]["next"]

    @pytest.mark.parametrize(
        "change",
        [
            lambda path: path.replace("tag=flying", "tag=walking"),
            lambda path: path.replace("tag=flying&", ""),
            lambda path: path + "&sort=oldest",
            lambda path: path + "&locale=en",
            lambda path: path.replace("/faqs", "/articles"),
            lambda path: path[:-1] + ("A" if path[-1] != "A" else "B"),
            lambda path: path.replace("cursor=", "cursor=AAAA"),
            lambda path: path.partition("cursor=")[0] + "cursor=",
            lambda path: path.partition("cursor=")[0] + "cursor=%00",
            lambda path: path.partition("cursor=")[0] + "cursor=%C3%BC",
        ],
    )
    def test_it_belongs_to_its_own_list_and_parameters(self, api, following, change):
        refused = api.get(change(following))

        assert refused.status_code == 422
        assert [fault["pointer"] for fault in refused.get_json()["errors"]] == ["/cursor"]

    def test_it_ends_with_its_epoch(self, api, following, app):
        with app.app_context():
            moment = moments.present(db.session())
            question = paging.question("/api/v1/faqs", {"tag": "flying"})
            foreign = paging.Cursor(EPOCH, 1, Place(MAY_DAY, ENTRY))
            beyond = paging.Cursor(moment.epoch, moment.sequence + 1, Place(MAY_DAY, ENTRY))
            texts = [paging.written(one, question, app.secret_key.encode()) for one in (foreign, beyond)]

        for text in texts:
            over = api.get(f"/api/v1/faqs?tag=flying&cursor={text}")
            assert over.status_code == 410
            assert over.get_json()["type"] == "/api/v1/problems/resync"


class TestRead:
    @pytest.mark.parametrize("key", [MAY_DAY, date.max, "", "über" * 25, 0, -1, 2**31 - 1])
    def test_it_reads_what_was_written(self, key):
        cursor = paging.Cursor(EPOCH, 5, Place(key, ENTRY))

        text = paging.written(cursor, QUESTION, KEY)

        assert paging.read(text, QUESTION, KEY, MOMENT) == cursor
