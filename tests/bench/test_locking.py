"""How long an act holds the lock is measured of acts that are really made."""

from sqlalchemy import func, select

from bench import library, locking
from content.log import Line, head


class TestMeasured:
    def test_it_makes_acts_of_so_many_items_and_tells_how_long_they_held_the_lock(self, engine, session):
        library.fill(session, 8, 8)
        before = head(session).sequence

        published, withdrew = locking.measured("this", engine, items=5, acts=2)

        session.rollback()
        lines = (
            select(Line.event, func.count()).where(Line.sequence > before).group_by(Line.sequence, Line.event)
        )
        assert sorted(map(tuple, session.execute(lines))) == [("published", 5)] * 2 + [("withdrawn", 5)] * 2
        assert all(float(one.measured.removesuffix(" ms")) > 0 for one in (published, withdrew))
        assert [one.asked for one in (published, withdrew)] == ["under 50 ms"] * 2
