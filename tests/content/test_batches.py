import threading

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content import batches, publishing, submissions, trash
from content.batches import Fate, Verb
from content.database import new_id
from content.errors import Invalid, NotFound
from content.log import Act
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, an_article, an_faq, signed


@pytest.fixture
def articles(session):
    """The ids of four drafts, all but the last of them reviewed."""
    made = [an_article(session, slug=f"article-{number}", body=f"Words {number}.") for number in range(4)]
    for version in made[:3]:
        signed(session, version)
    session.commit()
    return [version.entry_id for version in made]


def begun(session, ids, verb=Verb.PUBLISH):
    """A batch of entries, begun."""
    made = batches.choose(session, verb, "article", [ids], by=ED, now=MAY_DAY)
    batches.begin(session, made, {})
    session.commit()
    return made.id


def publisher(session):
    """A function that publishes an item."""
    return lambda item: publishing.publish(session, item.entry_id, item.version, by=ED)


class TestChoose:
    def test_it_keeps_each_entry_of_the_type_once(self, session, articles):
        faq, thrown = an_faq(session).entry_id, an_article(session, slug="thrown").entry_id
        trash.throw_away(session, thrown, by=ED)

        made = batches.choose(
            session, Verb.TAG, "article", [[*articles, faq, thrown, new_id()], articles], by=ED
        )

        found = batches.items(session, made.id, Fate.WAITING)
        assert [(item.place, item.entry_id) for item, _ in found] == list(enumerate(articles, 1))

    def test_it_refuses_to_choose_nothing(self, session):
        with pytest.raises(Invalid):
            batches.choose(session, Verb.TAG, "article", [[], [new_id()]], by=ED)

    def test_it_forgets_what_the_same_person_did_not_begin_in_a_day(self, session, articles):
        other = batches.choose(session, Verb.TAG, "article", [articles], by="person:eve", now=MAY_DAY)
        first = batches.choose(session, Verb.TAG, "article", [articles], by=ED, now=MAY_DAY).id
        session.commit()

        batches.choose(session, Verb.TAG, "article", [articles], by=ED, now=MAY_DAY + batches.UNBEGUN)

        assert batches.batch(session, other.id, by="person:eve")
        session.expire_all()
        with pytest.raises(NotFound):
            batches.batch(session, first, by=ED)

    def test_it_keeps_what_was_chosen_in_another_tab(self, session, articles):
        first = batches.choose(session, Verb.TAG, "article", [articles], by=ED, now=MAY_DAY)
        session.commit()

        batches.choose(session, Verb.TAG, "article", [articles[:1]], by=ED, now=MAY_DAY + HOUR)

        session.expire_all()
        assert batches.progress(session, first.id).waiting == len(articles)
        batches.begin(session, batches.batch(session, first.id, by=ED), {})

    def test_it_is_nobody_elses(self, session, articles):
        made = batches.choose(session, Verb.TAG, "article", [articles], by=ED)

        with pytest.raises(NotFound):
            batches.batch(session, made.id, by="person:eve")


class TestBegin:
    def test_it_happens_once(self, session, articles):
        made = batches.choose(session, Verb.TAG, "article", [articles], by=ED)
        batches.begin(session, made, {"tag": "legs"})

        with pytest.raises(Invalid):
            batches.begin(session, made, {"tag": "veins"})


class TestWork:
    def test_each_is_an_act_of_its_own_and_what_is_refused_stops_none(self, session, articles):
        batch_id = begun(session, [articles[3], *articles[:3]])

        tried = batches.work(session, batch_id, publisher(session), most=10)

        assert (tried, batches.progress(session, batch_id)) == (4, batches.Progress(0, 3, 1))
        assert session.scalar(select(func.max(Act.sequence))) == 3
        [(item, entry)] = batches.items(session, batch_id, Fate.FAILED)
        assert entry.id == articles[3]
        assert "review" in item.outcome

    def test_it_goes_on_where_it_was(self, session, articles):
        batch_id = begun(session, articles[:3])

        for left in (1, 0):
            batches.work(session, batch_id, publisher(session), most=2)
            assert batches.progress(session, batch_id).waiting == left
        assert batches.work(session, batch_id, publisher(session), most=2) == 0

    def test_what_was_broken_off_waits_and_left_nothing(self, session, articles):
        batch_id = begun(session, articles[:1])

        def broken(item):
            submissions.submit(session, item.entry_id, item.version, by=ED)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            batches.work(session, batch_id, broken, most=1)
        session.rollback()

        assert batches.progress(session, batch_id) == batches.Progress(1, 0, 0)
        assert submissions.waiting_for(session, articles[0]) is None

    def test_two_at_once_do_nothing_twice(self, engine, session, articles):
        batch_id, done = begun(session, articles[:3]), []

        def work():
            with Session(engine) as own:

                def do(item):
                    done.append(item.entry_id)
                    publishing.publish(own, item.entry_id, item.version, by=ED)

                batches.work(own, batch_id, do, most=10)

        workers = [threading.Thread(target=work) for _ in range(3)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

        session.rollback()
        assert sorted(done) == sorted(articles[:3])
        assert batches.progress(session, batch_id) == batches.Progress(0, 3, 0)


class TestErase:
    def test_it_takes_what_was_said_of_the_text(self, session, articles):
        made = batches.choose(session, Verb.SUBMIT, "article", [articles[:1]], by=ED)
        batches.begin(session, made, {"message": "About John."})
        batches.work(session, made.id, publisher(session), most=1)

        publishing.erase(session, articles[0], by=ED, now=MAY_DAY)

        session.expire_all()
        assert batches.batch(session, made.id, by=ED).options == {"message": None}

    def test_it_takes_the_tag_that_the_text_was_given_with_others(self, session, articles):
        made = batches.choose(session, Verb.TAG, "article", [articles[:2]], by=ED)
        batches.begin(session, made, {"tag": "Jane Doe", "way": "add"})

        publishing.erase(session, articles[0], by=ED, now=MAY_DAY)

        session.expire_all()
        assert batches.batch(session, made.id, by=ED).options == {"tag": None, "way": "add"}

    def test_it_finds_no_slug_of_its_own_where_another_failed_for_it(self, session, articles):
        named = a_live_article(session, slug="jane-doe", title="Jane", body="Her words.")
        other = signed(session, an_article(session, slug="jane-doe", body="Other words."))
        batches.work(session, begun(session, [other.entry_id]), publisher(session), most=1)

        publishing.erase(session, named.entry_id, by=ED, now=MAY_DAY)

        outcome = session.scalar(select(batches.Item.outcome))
        assert outcome == "The slug belongs to another live entry."
