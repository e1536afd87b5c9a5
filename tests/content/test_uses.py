from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from content import entries, publishing, trash, versions
from content.bearings import Bearing
from content.citations import Citation
from content.marks import entry_mark, source_mark, tag_mark
from content.schedule import Verb, schedule
from content.uses import Tally, pinned, tally, uses
from tests.builders import ED, MAY_DAY, a_live_article, a_topic, an_article, an_author, an_faq, saved
from tests.plans import planned, walked

NHS = {"title": "DVT", "publisher": "NHS"}


def found(session, mark):
    return {use.entry.title: (use.in_newest, use.in_live) for use in uses(session, mark)}


def topic_mark(session, topic):
    return entry_mark(entries.entry(session, UUID(topic)))


@pytest.fixture
def veins(session):
    return a_topic(session)


class TestUses:
    def test_it_knows_newest_and_live_versions_apart(self, session, veins):
        both = a_live_article(session, title="Both", slug="both", topics=[veins])
        saved(session, both, summary="Ahead.")
        left_off = a_live_article(session, title="Left off", slug="left-off", topics=[veins])
        saved(session, left_off, topics=[])
        an_faq(session, question="A draft?", topics=[veins])
        an_article(session, title="Another", slug="another")

        assert found(session, topic_mark(session, veins)) == {
            "A draft?": (True, False),
            "Both": (True, True),
            "Left off": (False, True),
        }

    def test_it_counts_what_stands_below_a_topic(self, session, veins):
        a_topic(session, "Legs", parent=veins)

        assert found(session, topic_mark(session, veins)) == {"Legs": (True, True)}

    def test_it_keeps_an_author_and_a_topic_apart(self, session, veins):
        author = an_author(session)
        a_live_article(session, authors=[author], topics=[veins])

        assert len(uses(session, topic_mark(session, author))) == 1

    def test_it_finds_a_tag_and_no_word_like_it(self, session):
        an_article(session, title="Legs", slug="legs", tags=["arms"])
        an_article(session, title="Tagged", slug="tagged", tags=["legs", 'say "ah"'])

        assert list(found(session, tag_mark("legs"))) == ["Tagged"]
        assert list(found(session, tag_mark('say "ah"'))) == ["Tagged"]
        assert found(session, tag_mark("leg%")) == {}

    def test_it_finds_a_source_by_all_its_facts(self, session):
        a_live_article(session, sources=[NHS])
        an_faq(session, sources=[{"title": "DVT"}])

        assert found(session, source_mark(NHS)) == {"Clots in the leg": (True, True)}

    def test_an_older_version_counts_no_more_and_an_erased_one_neither(self, session):
        older = an_article(session, title="Older", slug="older", sources=[NHS])
        saved(session, older, sources=[])
        erased = a_live_article(session, sources=[NHS, NHS])
        assert found(session, source_mark(NHS)) == {"Clots in the leg": (True, True)}

        publishing.erase(session, erased.entry_id, by=ED, reason="a court", now=MAY_DAY)

        assert found(session, source_mark(NHS)) == {}
        assert session.scalars(select(Citation.version)).all() == [1]

    # PostgreSQL plans by what its tables hold, which here is little.
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_what_rests_on_a_source_is_found_by_index(self, engine, session):
        a_live_article(session, sources=[NHS])
        session.commit()

        with planned(engine) as steps:
            uses(session, source_mark(NHS))
            pinned(session, source_mark(NHS))

        assert walked(steps) == []
        assert any("citation USING" in step and "key=?" in step for step in steps)

    def test_it_finds_what_lies_in_the_trash(self, session, veins):
        made = an_article(session, topics=[veins])
        trash.throw_away(session, made.entry_id, by=ED)

        assert [use.entry.trashed_by for use in uses(session, topic_mark(session, veins))] == [ED]

    def test_it_asks_a_fixed_number_of_statements(self, session, veins, statements):
        for number in range(7):
            an_article(session, slug=f"a-{number}", topics=[veins])
        mark = topic_mark(session, veins)
        session.commit()
        session.expire_all()
        statements.clear()

        uses(session, mark)

        assert len([one for one in statements if one.startswith("SELECT")]) == 1

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_what_bears_a_tag_or_links_an_entry_is_found_by_index(self, engine, session, veins):
        a_live_article(session, tags=["legs"], topics=[veins])
        mark = topic_mark(session, veins)
        session.commit()

        with planned(engine) as steps:
            for one in (tag_mark("legs"), mark):
                assert len(uses(session, one)) == tally(session, one).entries == 1
                pinned(session, one)

        assert walked(steps) == []
        assert any("bearing USING" in step and "key=?" in step for step in steps)

    def test_pages_hold_each_once_by_title_the_trash_last(self, session):
        for title in ("élan", "Arm", "Zeh", "bone"):
            an_article(session, title=title, slug=title.lower().replace("é", "e"), tags=["legs"])
        thrown = an_article(session, title="A thrown one", slug="thrown", tags=["legs"])
        trash.throw_away(session, thrown.entry_id, by=ED)

        pages = [uses(session, tag_mark("legs"), limit=2, offset=start) for start in (0, 2, 4)]

        titles = [[use.entry.title for use in page] for page in pages]
        assert titles == [["Arm", "bone"], ["élan", "Zeh"], ["A thrown one"]]

    def test_what_is_unchanged_is_kept_once_whatever_is_saved(self, session):
        made = an_article(session, tags=["arms", "legs"])
        for tags in (["arms", "legs"], ["legs"], ["arms", "legs"]):
            made = saved(session, made, summary="Anew.", tags=tags)

        kept = session.execute(select(Bearing.key, Bearing.from_version, Bearing.until_version))

        arms, legs = tag_mark("arms").key, tag_mark("legs").key
        assert sorted(map(tuple, kept), key=str) == sorted(
            [(arms, 1, 3), (arms, 4, None), (legs, 1, None)], key=str
        )

    def test_an_erased_version_bears_no_tag_any_more_and_its_topics_still(self, session, veins):
        made = a_live_article(session, tags=["legs"], topics=[veins])

        publishing.erase(session, made.entry_id, by=ED, reason="a court", now=MAY_DAY)

        assert found(session, tag_mark("legs")) == {}
        assert tally(session, topic_mark(session, veins)).entries == 1
        assert not session.scalars(select(Bearing.key).where(Bearing.kind == "tag")).all()


class TestTally:
    def test_it_counts_texts_and_those_that_readers_have(self, session, veins):
        live = a_live_article(session, topics=[veins])
        saved(session, live, summary="Ahead.")
        an_faq(session, topics=[veins])

        assert tally(session, topic_mark(session, veins)) == Tally(2, 1)
        assert tally(session, tag_mark("none")) == Tally(0, 0)


class TestPinned:
    def test_it_tells_what_will_show_a_version_that_bears_it(self, session):
        made = an_article(session, tags=["legs"])
        later = saved(session, made, tags=[])
        due_at = MAY_DAY + timedelta(days=1)
        for number in (made.number, later.number):
            schedule(session, Verb.PUBLISH, made.entry_id, version=number, due_at=due_at, by=ED, now=MAY_DAY)

        assert [due.version for _, due in pinned(session, tag_mark("legs"))] == [1]


class TestReplaced:
    @pytest.mark.parametrize(
        ("tags", "other", "wanted"),
        [
            (["arms", "legs"], "feet", ["arms", "feet"]),
            (["arms", "legs"], "arms", ["arms"]),
            (["legs"], None, []),
            (["arms"], "feet", ["arms"]),
        ],
    )
    def test_it_stands_once_in_its_place(self, session, tags, other, wanted):
        declared = entries.entry(session, an_article(session).entry_id).content_type

        assert tag_mark("legs").replaced(declared, {"tags": tags}, other) == {"tags": wanted}

    def test_it_keeps_the_order_of_links(self, session):
        one, two, three = (a_topic(session, name) for name in ("One", "Two", "Three"))
        article = an_article(session, topics=[one, two, three])
        entry = entries.entry(session, article.entry_id)

        changed = topic_mark(session, one).replaced(entry.content_type, article.values, three)

        assert changed["topics"] == [three, two]

    def test_it_takes_the_place_of_a_single_link(self, session):
        one, two = a_topic(session, "One"), a_topic(session, "Two")
        below = a_topic(session, "Below", parent=one)
        entry = entries.entry(session, UUID(below))
        values = versions.latest(session, entry.id).values

        assert topic_mark(session, one).replaced(entry.content_type, values, two)["parent"] == two
        assert topic_mark(session, one).replaced(entry.content_type, values, None)["parent"] is None
