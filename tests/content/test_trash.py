from datetime import timedelta

import pytest

from content import publishing, schedule, trash
from content.database import new_id
from content.errors import InTrash, Invalid, NotFound, WrongStanding
from content.schedule import Verb
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, an_article, publish, saved, signed


def thrown_away(session, version, *, now=MAY_DAY):
    """The same version, its entry in the trash."""
    trash.throw_away(session, version.entry_id, by=ED, now=now)
    return version


class TestThrowAway:
    def test_it_says_who_did_it_and_when_and_keeps_to_the_first(self, session):
        draft = an_article(session)

        entry = trash.throw_away(session, draft.entry_id, by=ED, now=MAY_DAY)
        trash.throw_away(session, draft.entry_id, by="person:other", now=MAY_DAY + HOUR)

        assert (entry.trashed_at, entry.trashed_by) == (MAY_DAY, ED)

    def test_it_refuses_what_was_ever_public(self, session):
        live = a_live_article(session)
        withdrawn = a_live_article(session, slug="other")
        publishing.withdraw(session, withdrawn.entry_id, by=ED)

        for version in (live, withdrawn):
            with pytest.raises(WrongStanding):
                trash.throw_away(session, version.entry_id, by=ED)

    def test_it_refuses_what_is_on_the_schedule(self, session):
        draft = signed(session, an_article(session))
        planned = schedule.schedule(
            session, Verb.PUBLISH, draft.entry_id, version=1, due_at=MAY_DAY + HOUR, by=ED, now=MAY_DAY
        )

        with pytest.raises(Invalid, match="schedule"):
            trash.throw_away(session, draft.entry_id, by=ED)
        schedule.cancel(session, planned.id)
        trash.throw_away(session, draft.entry_id, by=ED)

    def test_it_knows_no_other_id(self, session):
        with pytest.raises(NotFound):
            trash.throw_away(session, new_id(), by=ED)


class TestWhatLiesInTheTrash:
    def test_it_is_not_saved(self, session):
        draft = thrown_away(session, an_article(session))

        with pytest.raises(InTrash):
            saved(session, draft, title="Another")

    @pytest.mark.parametrize("forced", [None, "It cannot wait."])
    def test_it_is_not_published_however_much_it_was_reviewed(self, session, forced):
        draft = thrown_away(session, signed(session, an_article(session)))

        with pytest.raises(InTrash):
            publish(session, draft, forced=forced)

    def test_it_is_not_scheduled(self, session):
        draft = thrown_away(session, signed(session, an_article(session)))

        with pytest.raises(InTrash):
            schedule.schedule(
                session, Verb.PUBLISH, draft.entry_id, version=1, due_at=MAY_DAY + HOUR, by=ED, now=MAY_DAY
            )

    def test_it_can_be_erased(self, session):
        draft = thrown_away(session, an_article(session))

        publishing.erase(session, draft.entry_id, by=ED)

        assert draft.erased


class TestTakeOut:
    def test_it_brings_a_draft_back_as_it_was(self, session):
        draft = thrown_away(session, an_article(session))

        trash.take_out(session, draft.entry_id)

        assert publish(session, signed(session, saved(session, draft, title="Back"))).sequence == 1

    def test_it_finds_nothing_that_is_not_in_there(self, session):
        with pytest.raises(NotFound):
            trash.take_out(session, an_article(session).entry_id)


class TestThrownAway:
    def test_it_is_what_lies_in_the_trash_the_last_first_and_page_by_page(self, session):
        an_article(session, slug="kept")
        days = [MAY_DAY + timedelta(days=day) for day in (2, 0, 1, 1, 3)]
        for number, day in enumerate(days):
            thrown_away(session, an_article(session, slug=f"thrown-{number}"), now=day)

        met, after = [], None
        while page := trash.thrown_away(session, limit=2, after=after):
            met += page
            after = trash.Place(page[-1].trashed_at, page[-1].id)

        assert [entry.trashed_at for entry in met] == sorted(days, reverse=True)
        assert len({entry.id for entry in met}) == 5
