from datetime import timedelta

import pytest

from admin import people, sign_ins
from tests.admin.conftest import NOW


@pytest.fixture
def person(session, a_person):
    return people.by_email(session, a_person())


class TestPersonOf:
    def test_it_knows_a_token(self, session, person):
        token = sign_ins.begin(session, person, now=NOW)

        assert sign_ins.person_of(session, token, now=NOW) is person

    def test_it_forgets_it_after_a_week(self, session, person):
        token = sign_ins.begin(session, person, now=NOW)

        assert sign_ins.person_of(session, token, now=NOW + sign_ins.LASTS) is None

    def test_it_knows_no_disabled_person(self, session, person):
        token = sign_ins.begin(session, person, now=NOW)

        people.disable(session, person)

        assert sign_ins.person_of(session, token, now=NOW) is None


class TestBegin:
    def test_it_keeps_no_token_as_it_is(self, session, person):
        token = sign_ins.begin(session, person, now=NOW)

        assert session.get(sign_ins.SignIn, token) is None
        assert session.get(sign_ins.SignIn, sign_ins.hash_of(token)) is not None

    def test_it_sweeps_away_what_ran_out(self, session, person):
        old = sign_ins.begin(session, person, now=NOW)

        sign_ins.begin(session, person, now=NOW + sign_ins.LASTS + timedelta(seconds=1))
        session.expire_all()

        assert session.get(sign_ins.SignIn, sign_ins.hash_of(old)) is None


class TestEndAll:
    def test_it_may_leave_one(self, session, person):
        kept, ended = (sign_ins.begin(session, person, now=NOW) for _ in range(2))

        sign_ins.end_all(session, person, but=kept)

        assert sign_ins.person_of(session, kept, now=NOW) is person
        assert sign_ins.person_of(session, ended, now=NOW) is None
