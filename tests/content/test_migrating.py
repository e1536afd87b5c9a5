"""Steps of the database that fill what is new from what was there."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

import storage
from content import publishing
from content.editions import Edition
from content.rebuild import rebuild
from tests.builders import (
    ED,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    publish,
    saved,
    signed,
)


class TestOrders:
    @pytest.fixture
    def stepped(self, database_url, tmp_path, session):
        """Go back before the step and forward again."""

        def stepped():
            session.commit()
            app = Flask("migrating", instance_path=str(tmp_path))
            app.config["SQLALCHEMY_DATABASE_URI"] = database_url
            storage.init_app(app)
            with app.app_context():
                downgrade(revision="0003")
                upgrade()
                app.extensions["sqlalchemy"].engine.dispose()

        return stepped

    def test_it_fills_what_editions_and_facets_have_since(self, session, stepped):
        version = a_live_article(session, title="Öl", topics=[a_topic(session)], tags=["flying"])
        publish(session, signed(session, saved(session, version, title="“Zwei” Öle")))
        publish(session, an_article(session, slug="forced"), forced="Urgent.")
        gone, erased = a_live_faq(session, slug="gone"), a_live_faq(session, slug="erased")
        publishing.withdraw(session, gone.entry_id, by=ED, now=MAY_DAY)
        publishing.erase(session, erased.entry_id, by=ED, now=MAY_DAY)

        stepped()

        report = rebuild(session)
        # A later step made what texts are searched by, which only a rebuild fills.
        differences = [told for told in report.differences if "of the search" not in told]
        assert (report.damage, differences) == ((), [])
        titles = set(session.scalars(select(Edition.title_key)))
        assert titles == {"ol", "zwei ole", "veins", "clots in the leg", "does it hurt", ""}


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
