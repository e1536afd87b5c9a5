import pytest

from admin import people
from admin.errors import AlreadyThere, BadField, LastAdministrator, PersonNotFound
from admin.roles import RIGHTS, Right, Role, rights_of
from tests.admin.conftest import NOW, PASSWORD

MANAGING = Right.MANAGE_PEOPLE, Right.MANAGE_PARTNERS


def add(session, email="ada@example.org", roles=(Role.AUTHOR,), name="Ada Brandt", **more):
    return people.add(session, email=email, name=name, roles=set(roles), now=NOW, **more)


class TestRightsOf:
    def test_it_adds_up_what_several_roles_give(self):
        assert rights_of({Role.REVIEWER, Role.EDITOR}) >= {Right.REVIEW, Right.FORCE}

    def test_it_gives_nothing_to_nobody(self):
        assert rights_of(set()) == frozenset()

    @pytest.mark.parametrize(
        ("role", "refused"),
        [
            (Role.AUTHOR, {Right.REVIEW, Right.PUBLISH, Right.FORCE, Right.WITHDRAW, *MANAGING}),
            (Role.REVIEWER, {Right.PUBLISH, Right.FORCE, Right.WITHDRAW, *MANAGING}),
            (Role.EDITOR, {Right.REVIEW, *MANAGING}),
            (Role.ADMINISTRATOR, {Right.REVIEW}),
        ],
    )
    def test_it_leaves_out_what_a_role_does_not_give(self, role, refused):
        assert frozenset(Right) - RIGHTS[role] == refused


class TestAdd:
    def test_it_keeps_the_address_in_lower_case(self, session):
        assert add(session, email=" Ada@Example.ORG ").email == "ada@example.org"

    def test_it_refuses_an_address_in_use(self, session):
        add(session)

        with pytest.raises(AlreadyThere):
            add(session, email="ADA@example.org")

    @pytest.mark.parametrize(
        ("field", "wrong"),
        [
            ("email", {"email": "ada"}),
            ("email", {"email": "a b@example.org"}),
            ("email", {"email": "a@b@example.org"}),
            ("email", {"email": "a\x00@example.org"}),
            ("email", {"email": "a" * 250 + "@example.org"}),
            ("name", {"name": "  "}),
            ("name", {"name": "x" * 201}),
            ("name", {"name": "Ada\nBrandt"}),
            ("credentials", {"credentials": "MD\x07"}),
            ("roles", {"roles": ()}),
        ],
    )
    def test_it_names_the_field_that_is_wrong(self, session, field, wrong):
        with pytest.raises(BadField) as refused:
            add(session, **wrong)

        assert refused.value.field == field
        assert people.people(session) == []


class TestChange:
    def test_it_gives_and_takes_roles(self, session):
        person = add(session, roles=(Role.AUTHOR, Role.REVIEWER))

        people.change(session, person, name="Ada B.", credentials="MD", roles={Role.REVIEWER, Role.EDITOR})
        session.commit()

        assert person.role_names == {Role.REVIEWER, Role.EDITOR}
        assert (person.name, person.credentials) == ("Ada B.", "MD")

    def test_it_keeps_one_administrator(self, session):
        person = add(session, roles=(Role.ADMINISTRATOR,))

        with pytest.raises(LastAdministrator):
            people.change(session, person, name="Ada", credentials="", roles={Role.AUTHOR})


class TestDisable:
    def test_it_takes_every_right(self, session):
        person = add(session, roles=(Role.EDITOR,))

        people.disable(session, person)

        assert not any(person.may(right) for right in Right)

    def test_it_keeps_one_administrator_who_is_enabled(self, session):
        first = add(session, roles=(Role.ADMINISTRATOR,))
        second = add(session, email="b@example.org", roles=(Role.ADMINISTRATOR,))
        people.disable(session, first)

        with pytest.raises(LastAdministrator):
            people.disable(session, second)


class TestSetPassword:
    def test_it_keeps_a_hash_by_argon2(self, session):
        person = add(session)

        people.set_password(session, person, PASSWORD)

        assert person.password.startswith("$argon2id$")
        assert people.password_fits(person, PASSWORD)

    @pytest.mark.parametrize("length", [9, 201])
    def test_it_refuses_a_length(self, session, length):
        with pytest.raises(BadField) as refused:
            people.set_password(session, add(session), "x" * length)

        assert refused.value.field == "password"


class TestPasswordFits:
    def test_it_does_not_take_a_password_cut_short(self, session):
        person = add(session)
        people.set_password(session, person, "x" * 200)

        assert not people.password_fits(person, "x" * 201)


class TestHashOfNobody:
    def test_it_costs_what_a_real_one_costs(self, session):
        person = add(session)
        people.set_password(session, person, PASSWORD)

        real, nobodys = (one.rsplit("$", 2)[0] for one in (person.password, people.hash_of_nobody()))

        assert nobodys == real


class TestByEmail:
    def test_it_knows_nobody_by_what_no_database_takes(self, session):
        with pytest.raises(PersonNotFound):
            people.by_email(session, "a\x00b")


class TestEnsureAdministrator:
    def test_it_makes_up_a_password_and_returns_it_once(self, session):
        password = people.ensure_administrator(session, "Admin@Verso.example", None, now=NOW)

        person = people.by_email(session, "admin@verso.example")
        assert people.password_fits(person, password)
        assert person.role_names == {Role.ADMINISTRATOR}
        assert people.ensure_administrator(session, "other@verso.example", None, now=NOW) is None
        assert len(people.people(session)) == 1

    def test_it_takes_the_password_that_it_was_given(self, session):
        told = people.ensure_administrator(session, "admin@verso.example", "short", now=NOW)

        assert told is None
        assert people.password_fits(people.by_email(session, "admin@verso.example"), "short")
