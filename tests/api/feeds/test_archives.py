"""Archives of a feed (RFC 5005): stretches of the log that are over, and stay as they are."""

import re
from urllib.parse import urlsplit

import pytest
from lxml import etree
from sqlalchemy import select

from content import feeds, publishing, types
from content.editions import Edition
from content.feeds import Feed
from content.narrowing import Filters
from content.partners import ANONYMOUS
from content.placement import LICENSED
from tests.api.feeds.rules import AT, ATOM, of_atom
from tests.builders import ED, a_live_article, a_live_faq, a_topic, publish, saved, signed

START = "/api/v1/feeds"
HISTORY = "{http://purl.org/syndication/history/1.0}"


def document(api, path):
    """A document of a feed, which breaks no rule, as XML."""
    response = api.get(path)
    assert response.status_code == 200, response.text
    assert of_atom(response.data, f"http://localhost:8000{path}") == []
    return etree.fromstring(response.data)


def linked(root, relation):
    """Where a document's link of that relation leads, as a path."""
    for link in root.findall(f"{ATOM}link"):
        if link.get("rel") == relation:
            parts = urlsplit(link.get("href"))
            return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return None


def chain(api, path):
    """A feed's first page and its archives, the newest first."""
    while path:
        root = document(api, path)
        yield path, root
        path = linked(root, "prev-archive")


def rebuilt(api, path):
    """What a reader holds who has put all documents together, the oldest first, as RFC 5005 and 6721 say."""
    held = {}
    for _, root in reversed(list(chain(api, path))):
        for one in root.findall(f"{AT}deleted-entry"):
            held.pop(one.get("ref"), None)
        for entry in root.findall(f"{ATOM}entry"):
            held[entry.findtext(f"{ATOM}id")] = etree.tostring(entry)
    return held


def _licensed(session):
    """What is public for licensed partners only."""
    return session.scalars(
        select(Edition).where(Edition.audience == LICENSED, Edition.until_sequence.is_(None))
    ).all()


@pytest.fixture
def life(session):
    """Some sixty acts on twenty articles: published, corrected, withdrawn, retracted, brought back."""
    topic = a_topic(session)
    shown = [a_live_article(session, slug=f"s-{n}", topics=[topic] if n % 2 else []) for n in range(20)]
    for n, one in enumerate(shown[:14]):
        newer = signed(session, saved(session, one, body=f"Newer {n}.", topics=[topic] if n % 3 else []))
        publish(session, newer, note="Newer.")
        if n % 4 == 0:
            a_live_faq(session, slug=f"f-{n}")
    for one in shown[2:6]:
        publishing.withdraw(session, one.entry_id, by=ED)
    publishing.reinstate(session, shown[3].entry_id, 2, by=ED)
    publishing.retract(session, shown[7].entry_id, [2], note="Wrong.", by=ED)
    return shown


class TestArchive:
    @pytest.mark.parametrize("query", ["", "?topic=veins", "?locale=en"])
    def test_all_of_them_give_back_what_is_public(self, life, api, query):
        listed, path = [], f"/api/v1/articles?limit=100{query.replace('?', '&')}"
        listed = api.get(path).get_json()["data"]

        held = rebuilt(api, f"{START}/articles.atom{query}")

        assert set(held) == {f"urn:uuid:{one['id']}" for one in listed}

    def test_each_stays_as_it_is(self, session, life, api):
        before = {path: etree.tostring(root) for path, root in chain(api, f"{START}/articles.atom")}
        before.pop(f"{START}/articles.atom")

        for one in life[8:13]:
            publishing.withdraw(session, one.entry_id, by=ED)
        for n in range(30):
            a_live_article(session, slug=f"later-{n}")

        assert len(before) >= 2
        assert {path: etree.tostring(document(api, path)) for path in before} == before

    @pytest.mark.parametrize("brought_back", ["as it was", "erased after all"])
    def test_a_retraction_stays_in_it_whatever_comes_of_that(self, session, api, monkeypatch, brought_back):
        monkeypatch.setattr(feeds, "LENGTH", 3)
        shown = a_live_article(session, slug="shown")
        publish(session, saved(session, shown, audience=LICENSED), note="For partners.")
        for n in range(2):
            a_live_faq(session, slug=f"f-{n}")
        publishing.retract(session, shown.entry_id, [1], note="It was wrong.", by=ED)
        for n in range(2, 4):
            a_live_faq(session, slug=f"f-{n}")
        path = f"{START}/articles/archives/6.atom"
        before = api.get(path).data

        if brought_back == "as it was":
            publishing.reinstate(session, shown.entry_id, 1, by=ED)
        else:
            publishing.erase(session, shown.entry_id, [1], by=ED)
        a_live_faq(session, slug="f-5")

        assert b"It was wrong." in before
        assert api.get(path).data == before
        assert path in [at for at, _ in chain(api, f"{START}/articles.atom")]

    def test_no_word_of_what_is_retracted_later_is_left_in_any(self, session, life, api):
        publishing.retract(session, life[13].entry_id, [1, 2], note="Wrong too.", by=ED)

        pages = list(chain(api, f"{START}/articles.atom"))

        assert "Newer 13." not in "".join(etree.tostring(root).decode() for _, root in pages)
        tombs = [one for _, root in pages for one in root.findall(f"{AT}deleted-entry")]
        urn = f"urn:uuid:{life[13].entry_id}"
        assert len([one for one in tombs if one.get("ref") == urn]) >= 2

    def test_it_is_marked_and_leads_back_to_the_feed(self, life, api):
        [first, *archives] = chain(api, f"{START}/articles.atom?locale=en")

        assert first[1].find(f"{HISTORY}archive") is None
        for _, root in archives:
            assert root.find(f"{HISTORY}archive") is not None
            assert linked(root, "current") == f"{START}/articles.atom?locale=en"
            assert root.findtext(f"{ATOM}id") == first[1].findtext(f"{ATOM}id")

    def test_the_first_page_has_all_that_was_done_since_the_last(self, session, life, api):
        at = session.scalar(select(Edition.from_sequence).order_by(Edition.from_sequence.desc()))
        over = feeds.over(session, Feed(types.get("article"), Filters(), ANONYMOUS, at))
        since = set(
            session.scalars(
                select(Edition.entry_id).where(Edition.from_sequence > over, Edition.type == "article")
            )
        )

        root = document(api, f"{START}/articles.atom?limit=1")

        told = {one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")}
        assert {f"urn:uuid:{one}" for one in since} - told <= {
            one.get("ref") for one in root.findall(f"{AT}deleted-entry")
        }

    @pytest.mark.parametrize("until", [1, 19, 21, 39, 2_000])
    def test_there_is_none_where_no_stretch_ends(self, life, api, until):
        assert api.get(f"{START}/articles/archives/{until}.atom").status_code == 404

    def test_there_is_none_before_its_stretch_is_over(self, session, life, api):
        assert api.get(f"{START}/articles/archives/20.atom?as_of=19").status_code == 404
        assert api.get(f"{START}/articles/archives/20.atom?as_of=20").status_code == 200

    def test_an_act_of_many_ends_its_stretch_and_comes_in_parts(self, session, api, monkeypatch):
        monkeypatch.setattr("api.feeds.reads.ARCHIVE_PAGE", 10)
        shown = [a_live_article(session, slug=f"s-{n}") for n in range(25)]
        steps = [publishing.withdrawal(session, one.entry_id) for one in shown]
        publishing.perform(session, steps, by=ED)
        a_live_article(session, slug="later")

        [_, *archives] = chain(api, f"{START}/articles.atom")

        parts = ["26.atom", "26.atom?part=2", "26.atom?part=3", "20.atom", "20.atom?part=2"]
        assert [re.sub(r".*/archives/", "", path) for path, _ in archives] == parts
        assert [len(root.findall(f"{AT}deleted-entry")) for _, root in archives] == [10, 10, 5, 0, 0]
        assert api.get(f"{START}/articles/archives/26.atom?part=4").status_code == 404

    def test_a_reach_that_was_never_had_is_in_none(self, session, api):
        for n in range(25):
            a_live_article(session, slug=f"s-{n}", audience="licensed", title="Only for you")

        assert "Only for you" not in api.get(f"{START}/articles/archives/20.atom").text

    def test_what_is_done_out_of_reach_makes_no_archive(self, session, api):
        shown = [a_live_article(session, slug=f"s-{n}") for n in range(15)]
        licensed = saved(session, shown[0], audience=LICENSED)
        publish(session, licensed, note="For partners.")
        before = [path for path, _ in chain(api, f"{START}/articles.atom?as_of=16")]
        for n in range(30):
            a_live_article(session, slug=f"l-{n}", audience=LICENSED)
        for n in range(15):
            licensed = signed(session, saved(session, licensed, body=f"Other {n}."))
            publish(session, licensed, note="For partners.")
        steps = [publishing.withdrawal(session, one.entry_id) for one in _licensed(session)]
        publishing.perform(session, steps, by=ED)

        [_, *archives] = chain(api, f"{START}/articles.atom")

        assert len(before) == 1
        assert [re.sub(r".*/archives/", "", path) for path, _ in archives] == ["20.atom"]
        [gone] = archives[0][1].findall(f"{AT}deleted-entry")
        assert gone.get("ref") == f"urn:uuid:{shown[0].entry_id}"
        assert api.get(f"{START}/articles/archives/62.atom").status_code == 404

    def test_what_left_a_filter_is_told_in_the_feed_for_long(self, session, api):
        topic = a_topic(session)
        shown = a_live_article(session, topics=[topic])
        a_live_article(session, slug="elsewhere")
        publish(session, signed(session, saved(session, shown, topics=[])), note="Filed anew.")
        for n in range(45):
            a_live_faq(session, slug=f"f-{n}")

        root = document(api, f"{START}/articles.atom?topic=veins")

        assert [one.get("ref") for one in root.findall(f"{AT}deleted-entry")] == [
            f"urn:uuid:{shown.entry_id}"
        ]

    def test_what_left_reach_is_told_in_the_feed_for_long(self, session, api):
        shown = a_live_article(session, slug="shown")
        publish(session, saved(session, shown, audience=LICENSED), note="For partners.")
        for n in range(45):
            a_live_faq(session, slug=f"f-{n}")

        root = document(api, f"{START}/articles.atom")

        assert [one.get("ref") for one in root.findall(f"{AT}deleted-entry")] == [
            f"urn:uuid:{shown.entry_id}"
        ]
        publishing.retract(session, shown.entry_id, [1], note="It was wrong.", by=ED)
        assert "It was wrong." in api.get(f"{START}/articles.atom").text
