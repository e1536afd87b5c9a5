"""The figures of usage: what was handed out by day, the most, and in versions that nobody has any more."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from content import partners, publishing
from content.usage.counting import ANONYMOUS, Counts, Kind, handed
from content.usage.figures import Asked, Times, by_day, exported, most_read, still_read, total
from tests.builders import ED, MAY_DAY, a_live_article, a_live_faq, publish, saved, signed

DAY = timedelta(days=1)
MAY = date(2026, 5, 1)
WEEK = Asked(MAY, MAY + 6 * DAY)


@pytest.fixture
def partner(session):
    made = partners.create(session, "A magazine")
    session.commit()
    return made.id


@pytest.fixture
def count(session):
    """Count versions that were handed out on a day, so many times."""

    def add(day, *versions, kind=Kind.FETCH, to=None, times=1):
        counts, noon = Counts(), datetime.combine(day, time(12), UTC)
        for _ in range(times):
            counts.note(handed(to, kind, versions), noon)
        counts.write(session, noon)

    return add


@pytest.fixture
def texts(session):
    """The ids of two texts, each public in version 1 since the first of May."""
    return a_live_article(session).entry_id, a_live_faq(session).entry_id


def renewed(session, version, now):
    """Publish another version of a text."""
    newer = signed(session, saved(session, version, title="Anew", now=now), now=now)
    publish(session, newer, now=now)
    session.commit()


class TestByDay:
    def test_every_day_of_the_range_is_told_also_where_nobody_read(self, session, count, texts):
        one, other = texts
        count(MAY, (one, 1), (other, 1), times=2)
        count(MAY, (one, 1), kind=Kind.EMBED)
        count(MAY + 6 * DAY, (one, 1), kind=Kind.UNCHANGED)
        count(MAY + 7 * DAY, (one, 1))
        count(MAY - DAY, (one, 1))

        told = by_day(session, WEEK)

        assert list(told) == [MAY + at * DAY for at in range(7)]
        assert {day: times for day, times in told.items() if times.total} == {
            MAY: Times(fetch=4, embed=1),
            MAY + 6 * DAY: Times(unchanged=1),
        }
        assert total(session, WEEK) == Times(fetch=4, embed=1, unchanged=1)

    def test_it_is_one_partner_s_or_one_entry_s_where_that_is_asked_for(self, session, count, texts, partner):
        one, other = texts
        count(MAY, (one, 1), to=partner, times=3)
        count(MAY, (one, 1), (other, 1))

        assert total(session, Asked(MAY, MAY, partner)) == Times(fetch=3)
        assert total(session, Asked(MAY, MAY, ANONYMOUS)) == Times(fetch=2)
        assert total(session, Asked(MAY, MAY, entry_id=other)) == Times(fetch=1)


class TestMostRead:
    def test_it_is_the_most_first_all_versions_together(self, session, count, texts):
        one, other = texts
        count(MAY, (one, 1), times=2)
        count(MAY + DAY, (other, 1), (other, 2), kind=Kind.LISTED, times=2)

        found = most_read(session, WEEK, 5)

        assert [(read.entry.id, read.times, read.last) for read in found] == [
            (other, Times(listed=4), MAY + DAY),
            (one, Times(fetch=2), MAY),
        ]
        assert [read.entry.id for read in most_read(session, WEEK, 1)] == [other]


class TestStillRead:
    def test_it_is_what_was_handed_out_after_its_last_day(self, session, count):
        first = a_live_article(session)
        count(MAY, (first.entry_id, 1), times=5)
        renewed(session, first, MAY_DAY + 2 * DAY)
        count(MAY + 2 * DAY, (first.entry_id, 1), times=5)
        count(MAY + 3 * DAY, (first.entry_id, 1), kind=Kind.UNCHANGED, times=2)
        count(MAY + 4 * DAY, (first.entry_id, 1))
        count(MAY + 4 * DAY, (first.entry_id, 2), times=9)

        [old] = still_read(session, WEEK, 5)

        assert (old.entry.id, old.version, old.live, old.last) == (first.entry_id, 1, 2, MAY + 4 * DAY)
        assert old.times == Times(fetch=1, unchanged=2)

    def test_what_is_not_public_any_more_is_old_in_its_last_version_too(self, session, count, texts):
        publishing.withdraw(session, texts[0], by=ED, now=MAY_DAY + DAY)
        count(MAY + 2 * DAY, (texts[0], 1), (texts[1], 1))

        [old] = still_read(session, WEEK, 5)

        assert (old.entry.id, old.version, old.live) == (texts[0], 1, None)

    def test_what_is_live_again_is_not_old(self, session, count, texts):
        publishing.withdraw(session, texts[0], by=ED, now=MAY_DAY + DAY)
        publishing.reinstate(
            session, texts[0], 1, by=ED, now=MAY_DAY + 2 * DAY, reason="Right.", note="Back."
        )
        count(MAY + 3 * DAY, (texts[0], 1))

        assert still_read(session, WEEK, 5) == []


class TestExported:
    def test_each_row_says_whose_and_what_it_is(self, session, count, texts, partner):
        count(MAY + DAY, (texts[0], 1), to=partner, kind=Kind.LISTED, times=2)
        count(MAY, (texts[1], 1))

        assert list(exported(session, WEEK)) == [
            (MAY, "anonymous", None, "faq", texts[1], "Does it hurt?", 1, 1, 0, 0, 0),
            (MAY + DAY, "A magazine", partner, "article", texts[0], "Clots in the leg", 1, 0, 2, 0, 0),
        ]

    def test_what_is_there_no_more_is_still_counted(self, session, count, partner):
        count(MAY, (partner, 4), to=partner.__class__(int=7))

        assert list(exported(session, WEEK)) == [
            (MAY, None, partner.__class__(int=7), None, partner, None, 4, 1, 0, 0, 0)
        ]
