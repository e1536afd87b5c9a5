from datetime import timedelta

from sqlalchemy.orm import Session

from content import leases
from tests.builders import MAY_DAY


class TestTake:
    def test_it_is_had_by_the_first_to_ask(self, session, engine):
        with Session(engine) as other:
            assert leases.take(session, "settle", "one", seconds=5, now=MAY_DAY)
            assert not leases.take(other, "settle", "two", seconds=5, now=MAY_DAY)

    def test_it_is_renewed_by_its_holder(self, session):
        leases.take(session, "settle", "one", seconds=5, now=MAY_DAY)

        assert leases.take(session, "settle", "one", seconds=5, now=MAY_DAY + timedelta(seconds=4))
        assert not leases.take(session, "settle", "two", seconds=5, now=MAY_DAY + timedelta(seconds=8))

    def test_it_runs_out_when_its_holder_died(self, session):
        leases.take(session, "settle", "dead", seconds=5, now=MAY_DAY)

        assert leases.take(session, "settle", "next", seconds=5, now=MAY_DAY + timedelta(seconds=5))

    def test_jobs_are_leased_apart(self, session):
        leases.take(session, "settle", "one", seconds=5, now=MAY_DAY)

        assert leases.take(session, "deliver", "two", seconds=5, now=MAY_DAY)
