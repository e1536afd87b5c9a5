import random
from uuid import UUID

import pytest
from sqlalchemy import func, select

from content import expansion, foresight, including, log, publishing, versions
from content.entries import Entry
from content.errors import AlreadyLive, ContentError, SlugTaken
from content.foresight import EVERYBODY, Way, foresee
from content.log import Act, State
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, a_topic, an_article, saved, signed


def told(foreseen):
    return [(effect.title, effect.way, effect.moves) for effect in foreseen.effects]


def publication(version, **more):
    """The act that publishes a version, forced."""
    return lambda session: publishing.publish(
        session, version.entry_id, version.number, by=ED, forced="a test", now=MAY_DAY, **more
    )


def corpus_of(session):
    """Every document that readers have now, by entry."""
    at = log.head(session).sequence
    items = including.items(session, set(session.scalars(select(Entry.id))), at=at, reach=EVERYBODY)
    documents = expansion.wholes(session, items, at=at, reach=EVERYBODY)
    return {UUID(one["id"]): one for one in documents}


class TestForesee:
    def test_it_takes_everything_back(self, session, engine):
        draft = an_article(session)
        session.commit()

        foreseen = foresee(engine, publication(draft))

        assert told(foreseen) == [("Clots in the leg", Way.APPEARS, None)]
        assert foreseen.effects[0].after["body"]["markdown"] == draft.values["body"]
        assert session.scalar(select(func.count()).select_from(Act)) == 0

    def test_it_tells_what_shows_the_entry_and_where_its_address_leads(self, session, engine):
        article = a_live_article(session)
        faq = a_live_faq(session, article=str(article.entry_id))
        a_live_faq(session, question="Another?", slug="another")
        changed = signed(session, saved(session, article, title="Renamed", slug="renamed"))
        session.commit()

        foreseen = foresee(engine, publication(changed))

        assert told(foreseen) == [
            ("Renamed", Way.CHANGES, ("clots", "renamed")),
            (faq.values["question"], Way.CHANGES, None),
        ]
        assert foreseen.effects[1].parts == ("article",)

    def test_it_tells_from_whom_an_address_is_taken(self, session, engine):
        moved = a_live_article(session, title="Stockings", slug="stockings")
        publishing.move(session, moved.entry_id, "compression", by=ED)
        newer = an_article(session, title="Socks", slug="stockings")
        session.commit()

        [effect] = foresee(engine, publication(newer)).effects

        assert (effect.title, effect.takes_from) == ("Socks", "Stockings")

    def test_an_address_that_an_entry_comes_back_to_is_taken_from_nobody(self, session, engine):
        moved = a_live_article(session, slug="stockings")
        publishing.move(session, moved.entry_id, "compression", by=ED)

        [effect] = foresee(
            engine, lambda session: publishing.move(session, moved.entry_id, "stockings", by=ED)
        ).effects

        assert effect.takes_from is None

    def test_it_tells_what_loses_something(self, session, engine):
        article = a_live_article(session)
        faq = a_live_faq(session, article=str(article.entry_id))
        session.commit()

        foreseen = foresee(
            engine, lambda session: publishing.withdraw(session, faq.entry_id, by=ED, now=MAY_DAY)
        )

        assert [(effect.type, effect.way) for effect in foreseen.effects] == [
            ("faq", Way.LEAVES),
            ("article", Way.CHANGES),
        ]

    def test_it_knows_what_readers_had_of_what_is_struck(self, session, engine):
        article = a_live_article(session)
        session.commit()

        foreseen = foresee(
            engine, lambda session: publishing.retract(session, article.entry_id, [1], by=ED, note="Wrong.")
        )

        assert [effect.before["title"] for effect in foreseen.effects] == ["Clots in the leg"]
        assert foreseen.effects[0].way == Way.LEAVES

    def test_it_raises_what_the_act_would(self, session, engine):
        live, other = a_live_article(session), an_article(session)
        session.commit()

        with pytest.raises(AlreadyLive):
            foresee(engine, publication(live))
        with pytest.raises(SlugTaken):
            foresee(engine, publication(other))

    def test_it_looks_at_so_many_documents(self, session, engine, monkeypatch):
        monkeypatch.setattr(foresight, "MOST", 2)
        topic = a_topic(session)
        for number in range(4):
            a_live_faq(session, slug=f"q-{number}", topics=[topic])
        named = saved(session, versions.latest(session, UUID(topic)), name="Leg veins")
        session.commit()

        foreseen = foresee(engine, lambda session: publishing.publish(session, named.entry_id, 2, by=ED))

        assert (len(foreseen.effects), foreseen.more) == (2, 3)

    @pytest.mark.parametrize("seed", range(3))
    def test_what_is_foreseen_is_what_then_happens(self, session, engine, seed):
        chance = random.Random(seed)
        under = [a_topic(session, name) for name in ("Legs", "Veins")]
        articles = [a_live_article(session, slug=f"a-{one}", topics=[under[one]]) for one in range(2)]
        faqs = [
            a_live_faq(session, slug=f"f-{one}", article=str(articles[one % 2].entry_id), topics=under[:1])
            for one in range(3)
        ]
        entries = [one.entry_id for one in (*articles, *faqs)] + [UUID(one) for one in under]
        happened = 0

        for number in range(25):
            act = something(session, chance, entries, articles, number)
            session.commit()
            before = corpus_of(session)
            session.commit()
            try:
                foreseen = foresee(engine, act)
            except ContentError as refused:
                with pytest.raises(type(refused)):
                    act(session)
                session.rollback()
                continue
            act(session)
            after = corpus_of(session)
            changed = {
                one: (before.get(one), after.get(one))
                for one in before | after
                if before.get(one) != after.get(one)
            }
            assert {effect.entry_id: (effect.before, effect.after) for effect in foreseen.effects} == changed
            happened += len(changed)

        assert happened > 20


def something(session, chance, entries, articles, number):
    """An act at random on one entry, as a function of the session."""
    entry_id = chance.choice(entries)
    latest = versions.latest(session, entry_id)
    verb = chance.choice(["publish", "publish", "publish", "withdraw", "reinstate"])
    if verb == "withdraw":
        manner = chance.choice([State.GONE, State.REPLACED])
        target = str(chance.choice(articles).entry_id) if manner == State.REPLACED else None
        return lambda session: publishing.withdraw(
            session, entry_id, by=ED, manner=manner, target=target, now=MAY_DAY
        )
    if verb == "reinstate":
        return lambda session: publishing.reinstate(
            session, entry_id, latest.number, by=ED, forced="a test", now=MAY_DAY
        )
    title = {"article": "title", "faq": "question"}.get(latest_type(session, entry_id), "name")
    values = chance.choice([{title: f"Changed {number}"}, {"slug": f"moved-{number}"}])
    return publication(saved(session, latest, **values))


def latest_type(session, entry_id):
    return session.get_one(Entry, entry_id).type
