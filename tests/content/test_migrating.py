"""Steps of the database that fill what is new from what was there."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, select, text

import storage
from content import bearings, publishing, schedule
from content.citations import Citation
from content.database import Base
from content.editions import Edition
from content.newest import following, sources
from content.rebuild import rebuild
from content.schedule import Fate, Verb
from content.search import remaking
from content.search.words import Key
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    publish,
    saved,
    signed,
)

FAR = MAY_DAY.replace(year=2090)


@pytest.fixture
def stepped(database_url, tmp_path, session):
    """Go back behind a step and forward again."""

    def stepped(before):
        session.commit()
        app = Flask("migrating", instance_path=str(tmp_path))
        app.config["SQLALCHEMY_DATABASE_URI"] = database_url
        storage.init_app(app)
        with app.app_context():
            downgrade(revision=before)
            upgrade()
            app.extensions["sqlalchemy"].engine.dispose()

    return stepped


class TestOrders:
    def test_it_fills_what_editions_and_facets_have_since(self, session, stepped):
        version = a_live_article(session, title="Öl", topics=[a_topic(session)], tags=["flying"])
        publish(session, signed(session, saved(session, version, title="“Zwei” Öle")))
        publish(session, an_article(session, slug="forced"), forced="Urgent.")
        gone, erased = a_live_faq(session, slug="gone"), a_live_faq(session, slug="erased")
        publishing.withdraw(session, gone.entry_id, by=ED, now=MAY_DAY)
        publishing.erase(session, erased.entry_id, by=ED, now=MAY_DAY)

        stepped("0003")

        report = rebuild(session)
        # A later step made what texts are searched by, which only a rebuild fills.
        differences = [told for told in report.differences if "of the search" not in told]
        assert (report.damage, differences) == ((), [])
        titles = set(session.scalars(select(Edition.title_key)))
        assert titles == {"ol", "zwei ole", "veins", "clots in the leg", "does it hurt", ""}


class TestBearings:
    def test_where_topics_and_tags_are_borne_is_as_before(self, session, stepped):
        topic = a_topic(session)
        made = a_live_article(session, tags=["legs", "arms"], topics=[topic])
        saved(session, saved(session, made, tags=["arms"]), tags=["legs"], topics=[])
        a_live_faq(session, topics=[topic], article=str(made.entry_id))
        publishing.erase(
            session, a_live_faq(session, tags=["legs"], slug="gone").entry_id, by=ED, now=MAY_DAY
        )
        chosen = select(Base.metadata.tables["bearing"])
        kept = set(session.execute(chosen))

        stepped("0029")

        assert set(session.execute(chosen)) == kept
        assert len(kept) == 6


class TestAddresses:
    def test_links_in_words_are_known_once_they_were_noted_anew(self, session, stepped):
        made = a_live_article(session, body="[a](/a) [b](/b)")
        saved(session, saved(session, made, body="[b](/b)"), body="[a](/a)")
        session.commit()
        assert (bearings.make_ready(session), bearings.make_ready(session)) == (1, 0)
        chosen = select(Base.metadata.tables["bearing"])
        kept = set(session.execute(chosen))

        stepped("0033")

        assert bearings.make_ready(session) == 1
        assert set(session.execute(chosen)) == kept
        assert len(kept) == 6


class TestSigns:
    def test_words_are_taken_apart_anew(self, session, stepped):
        a_live_faq(session, question="रक्तचाप?", locale="hi")
        session.commit()
        remaking.make_ready(session)
        session.execute(delete(Key))
        session.commit()

        stepped("0034")

        assert remaking.make_ready(session) == 1
        assert session.scalar(select(Key.word).where(Key.key == "रक्तचप")) == "रक्तचाप"


class TestSources:
    def test_what_rests_on_one_and_the_list_are_as_before(self, session, stepped):
        cited = [{"title": "Über", "url": "https://example.org/"}, {"title": "DVT"}]
        saved(session, a_live_article(session, sources=cited), sources=cited[:1])
        publishing.erase(session, a_live_faq(session, sources=cited).entry_id, by=ED, now=MAY_DAY)
        kept = {(row.key, row.version) for row in session.scalars(select(Citation))}

        stepped("0019")

        session.expire_all()
        assert {(row.key, row.version) for row in session.scalars(select(Citation))} == kept
        following.follow(session)
        assert [one.facts for one in sources.page(session, "", after="", limit=9)] == [*reversed(cited)]


class TestPacking:
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_long_texts_are_packed_quickly(self, session, database_url):
        packed = session.execute(
            text(
                "SELECT attrelid::regclass::text, attname FROM pg_attribute"
                " WHERE attcompression = 'l' AND NOT attisdropped"
            )
        )

        found = {tuple(row) for row in packed}
        assert {
            ("document", "body"),
            ("document", "card"),
            ("search_text", "c"),
            ("version", "content"),
        } <= found


class TestEnded:
    def test_what_was_over_counts_from_when_it_was_due_or_planned_and_names_no_slug(self, session, stepped):
        version = a_live_article(session)
        planned = [
            schedule.schedule(session, Verb.HOLD, version.entry_id, due_at=due_at, by=ED, now=MAY_DAY).id
            for due_at in (MAY_DAY + HOUR, FAR, FAR)
        ]
        taken = "The slug 'jane-doe' (en) belongs to another live entry."
        schedule.end(session, planned[0], Fate.FAILED, outcome=taken)
        schedule.cancel(session, planned[1], why="Not yet.")

        stepped("0028")

        session.expire_all()
        kept = [schedule.scheduled(session, one) for one in planned]
        assert [(one.ended_at, one.outcome) for one in kept] == [
            (MAY_DAY + HOUR, "The slug belongs to another live entry."),
            (MAY_DAY, "Not yet."),
            (None, None),
        ]
