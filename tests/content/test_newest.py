from datetime import date

import pytest
from sqlalchemy import delete, event, select, text

from content import entries, publishing, submissions, trash
from content.followers import Follower
from content.newest import finding, following
from content.newest.finding import Order, Place, Wanted
from content.newest.rows import BY, LOCALE, TAG, Newest, NewestText, NewestValue, mark
from content.rebuild import rebuild
from tests.builders import ED, MAY_DAY, a_live_article, a_topic, an_article, an_faq, publish, saved, signed
from tests.plans import planned, walked

ARTICLES = Wanted("article")


def listed(session, wanted=ARTICLES, order=Order.SAVED, after=None, limit=100):
    """The titles of a page, and the place behind it."""
    following.follow(session)
    counts = finding.counted(session, wanted)
    found = finding.page(session, wanted, order, counts, after=after, limit=limit)
    titles = [entries.entry(session, one.entry_id).title for one in found]
    return titles, found[-1].place if found else None


def titles(session, wanted=ARTICLES, order=Order.SAVED):
    return listed(session, wanted, order)[0]


@pytest.fixture(params=["few", "many"])
def answer(request, monkeypatch):
    """Lists where few answer, and where more do than are counted."""
    if request.param == "many":
        monkeypatch.setattr(finding, "MOST_COUNTED", 1)


class TestOrder:
    @pytest.fixture
    def three(self, session):
        for title, due_on in (
            ("Beta", date(2026, 9, 1)),
            ("alpha", date(2026, 8, 1)),
            ("Ärzte", date(2026, 7, 1)),
        ):
            slug = title.lower().replace("ä", "ae")
            publish(session, signed(session, an_article(session, title=title, slug=slug), due_on=due_on))
        an_article(session, title="Draft", slug="draft")

    @pytest.mark.parametrize(
        ("order", "found"),
        [
            (Order.SAVED, ["Draft", "Ärzte", "alpha", "Beta"]),
            (Order.TITLE, ["alpha", "Ärzte", "Beta", "Draft"]),
            (Order.DUE, ["Ärzte", "alpha", "Beta", "Draft"]),
        ],
    )
    def test_it_goes_on_page_by_page(self, session, three, answer, order, found):
        met, after = [], None
        for _ in found:
            some, after = listed(session, order=order, after=after, limit=1)
            met += some

        assert met == titles(session, order=order) == found
        assert listed(session, order=order, after=after)[0] == []

    def test_a_save_brings_an_entry_to_the_front(self, session):
        following.follow(session)
        first = an_article(session, title="First", slug="first")
        an_article(session, title="Second", slug="second")
        saved(session, first, title="First again")

        assert titles(session) == ["First again", "Second"]


class TestWords:
    @pytest.mark.parametrize("typed", ["clots", "CLOT", "leg clots", "plain words", "to know"])
    def test_they_are_found_in_the_newest_version_by_their_beginnings(self, session, typed):
        an_article(session)

        assert titles(session, Wanted("article", text=typed)) == ["Clots in the leg"]

    @pytest.mark.parametrize("typed", ["lots", "plain stockings", "{", "%", "i", "body"])
    def test_nothing_else_is(self, session, typed):
        an_article(session)

        assert titles(session, Wanted("article", text=typed)) == []

    def test_what_an_older_version_said_is_not(self, session):
        saved(session, an_article(session, body="Old herrings."), body="New trout.")

        assert titles(session, Wanted("article", text="herrings")) == []
        assert titles(session, Wanted("article", text="trout")) == ["Clots in the leg"]

    def test_they_are_narrowed_by_all_else(self, session, answer):
        topic = a_topic(session)
        a_live_article(session, title="Live clots", slug="live", topics=[topic])
        an_article(session, title="Draft clots", slug="draft", topics=[topic])
        an_article(session, title="Other clots", slug="other")
        wanted = Wanted("article", own=(mark("topics", topic),), standing=("is_draft",), text="clots")

        for order in Order:
            assert titles(session, wanted, order) == ["Draft clots"]


class TestStanding:
    def test_it_follows_the_log(self, session):
        first = a_live_article(session, title="Live")
        changed = a_live_article(session, title="Changed", slug="changed")
        saved(session, changed)
        away = a_live_article(session, title="Away", slug="away")
        publishing.withdraw(session, away.entry_id, by=ED, now=MAY_DAY)
        an_article(session, title="Draft", slug="draft")

        def standing(name):
            return set(titles(session, Wanted("article", standing=(name,))))

        assert standing("is_live") == {"Live", "Changed"}
        assert standing("is_changed") == {"Changed"}
        assert standing("is_away") == {"Away"}
        assert standing("is_draft") == {"Draft"}
        saved(session, first)
        assert standing("is_changed") == {"Live", "Changed"}

    def test_it_tells_what_waits_for_a_review(self, session, answer):
        draft = an_article(session)
        an_article(session, slug="other")
        submissions.submit(session, draft.entry_id, 1, by=ED)

        for order in Order:
            assert titles(session, Wanted("article", waiting=True), order) == ["Clots in the leg"]

    def test_it_tells_when_reviews_are_due(self, session, answer):
        a_live_article(session)

        assert titles(session, Wanted("article", due_until=date(2027, 5, 1)), Order.DUE) != []
        assert titles(session, Wanted("article", due_until=date(2027, 4, 30)), Order.DUE) == []
        assert titles(session, Wanted("article", due_from=date(2027, 5, 2)), Order.DUE) == []

    def test_the_trash_is_left_out_until_it_comes_back(self, session):
        draft = an_article(session)
        trash.throw_away(session, draft.entry_id, by=ED)
        assert titles(session) == []

        trash.take_out(session, draft.entry_id)

        assert titles(session) == ["Clots in the leg"]


class TestCounted:
    def test_it_stops_at_the_most(self, session, monkeypatch):
        for number in range(3):
            an_article(session, slug=f"article-{number}")
        assert finding.counted(session, ARTICLES) == finding.Counted(3, False)

        monkeypatch.setattr(finding, "MOST_COUNTED", 2)

        assert finding.counted(session, ARTICLES) == finding.Counted(2, True)


class TestValues:
    def test_they_are_those_of_newest_versions(self, session):
        saved(session, an_article(session, tags=["old"]), tags=["veins", "legs"], by="person:eve")
        an_faq(session, locale="de", tags=["faq"])

        assert finding.values(session, "article", TAG) == ["legs", "veins"]
        assert finding.values(session, "article", LOCALE) == ["en"]
        assert finding.values(session, "article", BY) == ["person:eve"]


class TestErasure:
    def test_it_takes_every_word(self, session):
        named = a_live_article(session, title="John Smith", body="Johnny was ill.", tags=["smith"])
        following.follow(session)
        publishing.erase(session, named.entry_id, by=ED, reason="a court", now=MAY_DAY)

        assert titles(session, Wanted("article", text="johnny")) == []
        assert finding.values(session, "article", TAG) == []
        assert session.scalars(select(NewestText)).all() == []
        [row] = session.scalars(select(Newest))
        assert (row.title_key, mark(TAG, "smith") in row.marks) == ("", False)

    def test_it_leaves_what_a_later_version_says(self, session):
        first = an_article(session, body="Johnny was ill.")
        saved(session, first, body="Somebody was ill.")
        publishing.erase(session, first.entry_id, [1], by=ED, reason="a court", now=MAY_DAY)

        assert titles(session, Wanted("article", text="somebody")) == ["Clots in the leg"]

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_it_is_taken_out_of_the_index_of_sqlite(self, session):
        named = an_article(session, body="Johnny was ill.")
        publishing.erase(session, named.entry_id, by=ED, reason="a court", now=MAY_DAY)

        blocks = session.execute(text("SELECT block FROM newest_text_index_data")).scalars().all()
        assert not [block for block in blocks if b"johnny" in block]


class TestRemaking:
    def everything(self, session):
        marks = select(NewestText.tokens, Newest.marks, Newest.title_key, Newest.due_key, Newest.live)
        rows = session.execute(marks.join(Newest, Newest.id == NewestText.id).order_by(Newest.entry_id))
        values = session.execute(select(NewestValue.name, NewestValue.value).order_by(NewestValue.value))
        return rows.all(), values.all()

    @pytest.mark.parametrize("again", [rebuild, following.follow])
    def test_it_gives_the_same(self, session, again):
        topic = a_topic(session)
        saved(session, a_live_article(session, topics=[topic], tags=["legs"]), body="New words.")
        an_faq(session)
        following.follow(session)
        stood = self.everything(session)
        for table in (NewestText, NewestValue, Newest, Follower):
            session.execute(delete(table))
        session.commit()

        again(session)

        assert self.everything(session) == stood


# PostgreSQL plans by what its tables hold, which here is little.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestCost:
    WANTED = (
        ARTICLES,
        Wanted("article", standing=("is_draft",)),
        Wanted("article", own=(mark(TAG, "legs"),), text="clots leg"),
        Wanted("article", waiting=True),
        Wanted("article", due_until=date(2027, 5, 1)),
    )

    @pytest.mark.parametrize("wanted", WANTED)
    @pytest.mark.parametrize("order", Order)
    def test_it_walks_no_table(self, engine, session, answer, wanted, order):
        for number in range(3):
            a_live_article(session, slug=f"article-{number}", tags=["legs"])
        following.follow(session)

        with planned(engine) as steps:
            counts = finding.counted(session, wanted)
            finding.page(session, wanted, order, counts, after=Place(self.first(order), 9), limit=50)
            finding.values(session, "article", TAG)

        assert walked(steps) == []

    @pytest.mark.parametrize("order", [Order.TITLE, Order.DUE])
    def test_many_are_not_put_in_order_anew(self, engine, session, monkeypatch, order):
        monkeypatch.setattr(finding, "MOST_COUNTED", 1)
        for number in range(3):
            a_live_article(session, slug=f"article-{number}")
        following.follow(session)
        counts = finding.counted(session, ARTICLES)

        with planned(engine) as steps:
            finding.page(session, ARTICLES, order, counts, after=Place(self.first(order), 1), limit=50)

        assert not [step for step in steps if "TEMP B-TREE" in step]
        assert any(f"ix_newest_{order}" in step for step in steps)

    def test_following_asks_no_more_of_a_long_log_than_of_a_short_one(self, engine, session):
        asked = []
        event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
        for _ in range(2):
            a_live_article(session, slug=f"article-{len(asked)}")
            following.follow(session)
            asked.clear()

            following.follow(session)

            assert len([one for one in asked if one.startswith("SELECT")]) == 2

    def first(self, order):
        return {Order.SAVED: None, Order.TITLE: "", Order.DUE: date(2020, 1, 1)}[order]
