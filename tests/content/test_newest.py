from datetime import date

import pytest
from sqlalchemy import delete, event, select, text

from content import entries, publishing, submissions, trash, versions
from content.followers import Follower
from content.newest import finding, following, sources
from content.newest.approved import Approved
from content.newest.finding import Order, Place, Wanted
from content.newest.rows import BY, LOCALE, TAG, Newest, NewestText, NewestValue, mark
from content.newest.sources import NewestSource
from content.rebuild import rebuild
from tests.builders import (
    DR_FINN,
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_topic,
    an_article,
    an_faq,
    publish,
    saved,
    signed,
)
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
        monkeypatch.setattr(finding, "COMMON", 1)


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

    def test_it_tells_what_is_public_without_a_review(self, session):
        forced = an_article(session, title="Forced", slug="forced")
        publish(session, forced, forced="Urgent.")
        a_live_article(session)
        wanted = Wanted("article", standing=("is_unreviewed",))
        assert titles(session, wanted) == ["Forced"]
        saved(session, forced, title="Forced", body="Later words.")
        assert titles(session, wanted) == ["Forced"]

        publish(session, signed(session, versions.latest(session, forced.entry_id)))

        assert titles(session, wanted) == []

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


class TestApproved:
    DAY = date(2026, 6, 1)

    def approved(self, session, day=DAY):
        found = {tuple(titles(session, Wanted("article", approved_on=day), order)) for order in Order}
        assert len(found) == 1
        return list(found.pop())

    @pytest.fixture
    def ready(self, session):
        an_article(session, title="Another", slug="another")
        return signed(session, an_article(session))

    def test_it_is_what_was_signed_until_it_is_public(self, session, ready, answer):
        assert self.approved(session) == ["Clots in the leg"]

        publish(session, ready)

        assert self.approved(session) == []

    def test_it_is_so_until_the_day_of_the_next_review(self, session, ready):
        assert self.approved(session, date(2027, 4, 30)) == ["Clots in the leg"]
        assert self.approved(session, date(2027, 5, 1)) == []
        signed(session, ready, reviewer=DR_FINN, due_on=self.DAY, now=MAY_DAY + HOUR)
        assert self.approved(session) == []

    def test_another_word_ends_it_and_another_place_does_not(self, session, ready):
        moved = saved(session, ready, slug="moved")
        assert self.approved(session) == ["Clots in the leg"]

        changed = saved(session, moved, body="Other words.")
        assert self.approved(session) == []

        saved(session, changed, body=ready.values["body"])
        assert self.approved(session) == ["Clots in the leg"]

    def test_what_readers_have_is_not_for_its_new_place(self, session, ready):
        publish(session, ready)
        saved(session, ready, slug="moved")

        assert self.approved(session) == []

    def test_what_was_withdrawn_is_not_until_it_comes_back(self, session, ready):
        publish(session, ready)
        signed(session, saved(session, ready, body="Other words."), reviewer=DR_FINN)
        assert self.approved(session) == ["Clots in the leg"]

        publishing.withdraw(session, ready.entry_id, by=ED, now=MAY_DAY)
        assert self.approved(session) == []

        publishing.reinstate(session, ready.entry_id, 1, by=ED, reason="Back.", now=MAY_DAY)
        assert self.approved(session) == ["Clots in the leg"]

    def test_what_was_retracted_is_not_and_what_is_said_instead_is(self, session, ready):
        publish(session, ready)
        publishing.retract(session, ready.entry_id, [1], note="It was wrong.", by=ED, now=MAY_DAY)
        assert self.approved(session) == []

        signed(session, saved(session, ready, body="Other words."), reviewer=DR_FINN)
        assert self.approved(session) == ["Clots in the leg"]

    def test_the_trash_is_left_out_until_it_comes_back(self, session, ready):
        trash.throw_away(session, ready.entry_id, by=ED)
        assert self.approved(session) == []

        trash.take_out(session, ready.entry_id)

        assert self.approved(session) == ["Clots in the leg"]

    def test_erased_words_are_not(self, session, ready):
        publish(session, ready)
        signed(session, saved(session, ready, body="Other words."), reviewer=DR_FINN)

        publishing.erase(session, ready.entry_id, [2], by=ED, reason="a court", now=MAY_DAY)

        assert self.approved(session) == []


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
        told = {"title": "John Smith, a letter"}
        named = a_live_article(
            session, title="John Smith", body="Johnny was ill.", tags=["smith"], sources=[told]
        )
        following.follow(session)
        publishing.erase(session, named.entry_id, by=ED, reason="a court", now=MAY_DAY)

        # At once, and not when the next list follows the log.
        assert session.scalars(select(NewestText)).all() == []
        assert session.scalars(select(NewestSource)).all() == []
        assert titles(session, Wanted("article", text="johnny")) == []
        assert finding.values(session, "article", TAG) == []
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


class TestMakeReady:
    def test_it_makes_the_lists_anew_once_after_an_upgrade(self, session, statements):
        an_article(session, tags=["legs"])
        session.execute(delete(Follower))
        session.execute(delete(NewestValue))
        session.commit()

        assert following.make_ready(session) == 1
        assert finding.values(session, "article", TAG) == ["legs"]
        statements.clear()
        assert following.make_ready(session) == 0
        following.follow(session)
        assert not [one for one in statements if one.startswith(("INSERT", "DELETE", "UPDATE"))]


class TestRemaking:
    def everything(self, session):
        marks = select(NewestText.tokens, Newest.marks, Newest.title_key, Newest.due_key, Newest.live)
        rows = session.execute(marks.join(Newest, Newest.id == NewestText.id).order_by(Newest.entry_id))
        values = session.execute(select(NewestValue.name, NewestValue.place).order_by(NewestValue.place))
        cited = session.scalars(select(NewestSource.place).order_by(NewestSource.place))
        approved = session.scalars(select(Approved.entry_id))
        return rows.all(), values.all(), cited.all(), approved.all()

    @pytest.mark.parametrize("again", [rebuild, following.follow])
    def test_it_gives_the_same(self, session, again):
        topic = a_topic(session)
        cited = [{"title": "DVT"}, {"title": "Veins"}]
        live = a_live_article(session, topics=[topic], tags=["legs"], sources=cited)
        saved(session, live, body="New words.", sources=cited[1:])
        publish(session, signed(session, an_article(session, slug="signed")))
        publish(session, an_article(session, slug="forced"), forced="Urgent.")
        signed(session, an_article(session, slug="approved"))
        an_faq(session)
        following.follow(session)
        stood = self.everything(session)
        for table in (NewestText, NewestValue, NewestSource, Approved, Newest, Follower):
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
        Wanted("article", approved_on=date(2026, 6, 1)),
        Wanted("article", standing=("is_unreviewed",)),
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

    @pytest.mark.parametrize(
        "wanted",
        [
            Wanted("article", text="clots"),
            Wanted("article", waiting=True),
            Wanted("article", approved_on=date(2026, 6, 1)),
        ],
    )
    @pytest.mark.parametrize("order", Order)
    def test_few_are_not_looked_for_among_all(self, engine, session, wanted, order):
        a_live_article(session)
        following.follow(session)

        with planned(engine) as steps:
            finding.page(session, wanted, order, finding.counted(session, wanted), after=None, limit=50)

        assert not [step for step in steps if "INDEX ix_newest_" in step]

    def test_a_word_of_very_many_texts_is_not_gathered_from_all(self, session, answer, statements):
        for number in range(3):
            a_live_article(session, slug=f"article-{number}")
        wanted = Wanted("article", text="clots leg")
        assert titles(session, wanted, Order.TITLE) == ["Clots in the leg"] * 3
        statements.clear()

        finding.page(session, wanted, Order.TITLE, finding.Counted(1, more=True), after=None, limit=50)

        assert ("instr(newest_text.tokens" in statements[-1]) == (finding.COMMON == 1)

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

    def test_sources_are_met_in_order_by_index(self, engine, session):
        an_article(session, sources=[{"title": "DVT"}, {"title": "Veins"}])
        session.commit()

        with planned(engine) as steps:
            sources.page(session, "d", after="", limit=50)
        assert walked(steps) == []
        with planned(engine) as steps:
            sources.last_cited(session, 300)
        assert steps == ["SCAN newest_source USING INDEX ix_newest_source_id"]

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
