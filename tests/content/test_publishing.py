from datetime import timedelta

import pytest
from sqlalchemy import select

from content import documents, lines, publishing, versions
from content.editions import Edition
from content.errors import LiveMeanwhile, SlugTaken
from content.log import ChangeKind, Line
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, an_article, publish, saved, signed


def live(session, version):
    return session.query(Edition).filter_by(entry_id=version.entry_id, until_sequence=None).one()


class TestPerform:
    def test_under_the_lock_it_reads_no_words_of_what_was_rendered_before(self, session, statements):
        drafts = [an_article(session, slug=slug) for slug in "ab"]
        steps = [publishing.publication(session, one.entry_id, 1, forced=True) for one in drafts]
        session.commit()
        statements.clear()

        publishing.perform(session, steps, by=ED, reason="urgent", now=MAY_DAY)

        assert not [said for said in statements if "version.placement" in said]


class TestPublish:
    def test_it_ends_the_edition_that_was_live(self, session):
        first = a_live_article(session)
        second = signed(session, saved(session, first, body="Other."))

        act = publish(session, second)

        ended = session.scalars(select(Edition.until_sequence).where(Edition.version == 1)).one()
        assert ended == live(session, second).from_sequence == act.sequence

    @pytest.mark.parametrize(
        ("kind", "updated"),
        [
            (ChangeKind.TYPO, MAY_DAY),
            (ChangeKind.EDITORIAL, MAY_DAY + HOUR),
            (ChangeKind.SAFETY, MAY_DAY + HOUR),
        ],
    )
    def test_it_counts_as_an_update_beyond_a_typo(self, session, kind, updated):
        first = a_live_article(session)

        publish(session, saved(session, first, tags=["legs"]), kind=kind, now=MAY_DAY + HOUR)

        edition = live(session, first)
        assert (edition.updated_at, edition.published_at) == (updated, MAY_DAY + HOUR)
        assert (edition.first_published_at, edition.first_sequence) == (MAY_DAY, 1)

    def test_it_keeps_kind_and_note_for_readers(self, session):
        version = signed(session, an_article(session))

        publish(session, version, kind=ChangeKind.CLINICAL, note=" New doses. ")

        assert (live(session, version).change_kind, live(session, version).change_note) == (
            "clinical",
            "New doses.",
        )


class TestPublication:
    def test_it_follows_the_version_that_it_was_made_from_and_no_other(self, session):
        first = a_live_article(session)
        refiled = saved(session, first, tags=["legs"])
        step = publishing.publication(session, first.entry_id, refiled.number, instead_of=1)
        newer = signed(session, saved(session, refiled, body="Newer."))
        publish(session, newer)

        with pytest.raises(LiveMeanwhile):
            publishing.perform(session, [step], by=ED)

        assert live(session, first).version == newer.number


class TestMove:
    def test_it_moves_the_live_text_as_it_is_and_keeps_the_draft_ahead(self, session):
        version = a_live_article(session)
        saved(session, version, body="A draft.")

        publishing.move(session, version.entry_id, "moved", by=ED, now=MAY_DAY + HOUR)

        edition, newest = live(session, version), versions.latest(session, version.entry_id)
        assert (edition.slug, edition.content_hash) == ("moved", version.content_hash)
        assert (newest.number, newest.values["body"], newest.values["slug"]) == (4, "A draft.", "moved")
        assert edition.updated_at == MAY_DAY

    def test_it_goes_on_where_the_draft_ahead_was_erased(self, session):
        version = a_live_article(session)
        saved(session, version, body="A patient's name.")
        publishing.erase(session, version.entry_id, [2], by=ED, now=MAY_DAY)

        publishing.move(session, version.entry_id, "moved", by=ED, now=MAY_DAY)

        assert versions.latest(session, version.entry_id).values["body"] == "Plain words."

    def test_it_leaves_no_version_where_the_slug_is_taken(self, session):
        version = a_live_article(session, slug="one")
        a_live_article(session, slug="two")

        with pytest.raises(SlugTaken):
            publishing.move(session, version.entry_id, "two", by=ED, now=MAY_DAY)

        assert versions.latest(session, version.entry_id).number == 1


class TestRelease:
    def test_it_gives_the_form_that_was_held_with_its_dates(self, session):
        version = a_live_article(session)
        before = live(session, version)
        told = (before.document_hash, before.published_at, before.updated_at, before.change_kind)
        publishing.hold(session, version.entry_id, by=ED, now=MAY_DAY + HOUR)

        publishing.release(session, version.entry_id, by=ED, now=MAY_DAY + timedelta(days=1))

        after = live(session, version)
        assert (after.document_hash, after.published_at, after.updated_at, after.change_kind) == told


class TestErase:
    def test_it_takes_all_versions_unless_told(self, session):
        version = a_live_article(session)
        saved(session, version, body="More.")

        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        assert session.scalars(select(Line.affects).order_by(Line.sequence.desc())).first() == [1, 2]
        assert all(kept.erased for kept in versions.history(session, version.entry_id))

    def test_it_takes_the_same_words_under_every_number(self, session):
        version = a_live_article(session)
        saved(session, version, tags=["legs"])

        publishing.erase(session, version.entry_id, [1], by=ED, now=MAY_DAY)

        assert versions.latest(session, version.entry_id).erased


class TestRerender:
    def test_it_does_nothing_where_all_are_in_the_present_form(self, session):
        a_live_article(session)

        assert publishing.rerender(session, by=ED, now=MAY_DAY) is None

    def test_it_takes_as_many_acts_as_it_needs(self, session, monkeypatch):
        a_live_article(session)
        a_live_article(session, slug="second")
        monkeypatch.setattr(documents, "RENDERER", "verso-next")
        monkeypatch.setattr(lines, "MOST_STEPS", 1)

        acts = [publishing.rerender(session, by=ED, now=MAY_DAY) for _ in range(3)]

        assert [act and act.sequence for act in acts] == [3, 4, None]
