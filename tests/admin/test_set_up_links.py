import pytest

from admin import people, set_up_links, sign_ins
from admin.errors import BadField, LinkSpent
from tests.admin.conftest import NOW, PASSWORD


@pytest.fixture
def person(session, a_person):
    return people.by_email(session, a_person())


class TestUse:
    def test_it_sets_the_password_once(self, session, person):
        token = set_up_links.make(session, person, now=NOW)

        set_up_links.use(session, token, "another fine password", now=NOW)

        assert people.password_fits(person, "another fine password")
        with pytest.raises(LinkSpent):
            set_up_links.use(session, token, "a third fine password", now=NOW)

    def test_it_signs_out_whoever_was_signed_in(self, session, person):
        signed_in = sign_ins.begin(session, person, now=NOW)

        set_up_links.use(
            session, set_up_links.make(session, person, now=NOW), "another fine password", now=NOW
        )

        assert sign_ins.person_of(session, signed_in, now=NOW) is None

    def test_it_keeps_the_link_where_the_password_will_not_do(self, session, person):
        token = set_up_links.make(session, person, now=NOW)

        with pytest.raises(BadField):
            set_up_links.use(session, token, "short", now=NOW)

        assert set_up_links.person_of(session, token, now=NOW) is person
        assert people.password_fits(person, PASSWORD)


class TestPersonOf:
    def test_it_refuses_an_old_link(self, session, person):
        token = set_up_links.make(session, person, now=NOW)

        with pytest.raises(LinkSpent):
            set_up_links.person_of(session, token, now=NOW + set_up_links.LASTS)

    def test_it_refuses_a_link_that_a_newer_one_replaced(self, session, person):
        first = set_up_links.make(session, person, now=NOW)
        set_up_links.make(session, person, now=NOW)

        with pytest.raises(LinkSpent):
            set_up_links.person_of(session, first, now=NOW)

    def test_it_refuses_a_disabled_persons_link(self, session, person):
        token = set_up_links.make(session, person, now=NOW)
        people.disable(session, person)

        with pytest.raises(LinkSpent):
            set_up_links.person_of(session, token, now=NOW)
