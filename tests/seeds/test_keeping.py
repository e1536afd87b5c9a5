"""One entry as the reader keeps it."""

import pytest

from content import entries, publishing, versions
from seeds.errors import SeedError
from seeds.keeping import BY, Change, Plot, free_slug, keep
from tests.builders import ED, MAY_DAY, a_live_article, an_article, saved

PLOT = Plot("post.txt", "en", MAY_DAY)


def kept(session, *, plot=PLOT, source="post.txt", **values):
    given = {"title": "Cold showers", "body": "They cool."} | values
    return keep(session, plot, "article", given, source)


class TestKeep:
    def test_it_makes_an_entry_that_remembers_its_source(self, session):
        article = kept(session)

        entry = entries.from_source(session, "post.txt", "en")
        assert (article.entry_id, article.change, article.version) == (entry.id, Change.MADE, 1)
        assert (article.slug, article.title) == ("cold-showers", "Cold showers")
        assert versions.latest(session, entry.id).by == BY

    def test_it_leaves_alone_what_did_not_change(self, session):
        first = kept(session)

        again = kept(session)

        assert (again.change, again.version) == (Change.UNCHANGED, 1)
        assert again.entry_id == first.entry_id

    def test_it_gives_what_changed_a_version_under_its_old_address(self, session):
        kept(session)

        again = kept(session, title="Warm showers")

        assert (again.change, again.version, again.slug) == (Change.CHANGED, 2, "cold-showers")

    def test_it_keeps_another_entry_in_another_locale(self, session):
        first = kept(session)

        other = kept(session, plot=Plot("post.txt", "de", MAY_DAY))

        assert other.entry_id != first.entry_id

    def test_it_refuses_what_the_newsroom_has_edited(self, session):
        first = kept(session)
        saved(session, versions.latest(session, first.entry_id), by=ED, body="They cool the skin.")

        with pytest.raises(SeedError) as refused:
            kept(session, body="They chill.")

        assert str(refused.value) == (
            "post.txt: the newsroom has edited the article 'Cold showers' since; nothing was changed."
        )

    def test_it_refuses_what_was_erased(self, session):
        first = kept(session)
        publishing.publish(session, first.entry_id, 1, by=ED, forced="now", now=MAY_DAY)
        publishing.erase(session, first.entry_id, [1], by=ED, reason="a court", now=MAY_DAY)

        with pytest.raises(SeedError, match="the newsroom has erased the article 'Cold showers'"):
            kept(session)

    def test_it_refuses_a_value_that_does_not_fit_by_name(self, session):
        with pytest.raises(
            SeedError, match=r"^post\.txt: the article 'Cold showers' does not fit \(summary: is longer"
        ):
            kept(session, summary="x" * 2001)


class TestFreeSlug:
    def test_it_counts_on_where_an_entry_bears_the_slug(self, session):
        an_article(session, slug="clots")
        an_article(session, slug="clots-2")

        assert free_slug(session, "article", "en", "Clots") == "clots-3"

    def test_it_takes_no_notice_of_other_types_and_locales(self, session):
        a_live_article(session, slug="clots")

        assert free_slug(session, "faq", "en", "Clots") == "clots"
        assert free_slug(session, "article", "de", "Clots") == "clots"

    def test_it_names_the_type_where_a_title_has_no_letters(self, session):
        assert free_slug(session, "faq", "en", "???") == "faq"

    def test_it_leaves_room_for_a_count(self, session):
        assert len(free_slug(session, "faq", "en", "long " * 50)) <= 90
