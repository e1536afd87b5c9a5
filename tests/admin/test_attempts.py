from datetime import timedelta

import pytest

from admin import attempts
from tests.admin.conftest import NOW


def note(session, email="ada@example.org", address="192.0.2.1", now=NOW):
    return attempts.note(session, email=email, address=address, now=now)


class TestNote:
    def test_it_holds_an_account_after_ten(self, session):
        waits = [note(session, address=f"192.0.2.{number}") for number in range(11)]

        assert waits == [0] * 10 + [900]

    def test_it_holds_an_address_after_fifty(self, session):
        waits = [note(session, email=f"{number}@example.org") for number in range(51)]

        assert waits == [0] * 50 + [900]

    def test_it_does_not_count_what_it_refused(self, session):
        for _ in range(10):
            note(session)
        for _ in range(20):
            assert note(session, now=NOW + timedelta(minutes=14)) == 60

        assert note(session, now=NOW + attempts.WINDOW) == 0

    def test_it_counts_an_account_however_it_is_capitalised(self, session):
        for _ in range(10):
            note(session)

        assert note(session, email=" ADA@example.org") > 0

    def test_it_tells_how_long_to_wait(self, session):
        for _ in range(10):
            note(session)

        assert note(session, now=NOW + timedelta(minutes=5)) == 600


class TestForget:
    def test_it_forgets_the_account_and_not_the_address(self, session):
        for _ in range(10):
            note(session)

        attempts.forget(session, email="ada@example.org")

        assert note(session) == 0


class TestSucceeded:
    def test_an_address_may_sign_in_as_often_as_it_knows_the_password(self, session):
        for number in range(60):
            now = NOW + timedelta(seconds=number)
            email = f"{number}@example.org"
            assert note(session, email=email, now=now) == 0
            attempts.succeeded(session, email=email, address="192.0.2.1", now=now)

    def test_it_forgets_no_wrong_one(self, session):
        for number in range(50):
            note(session, email=f"{number}@example.org", now=NOW + timedelta(seconds=number))
        attempts.succeeded(
            session, email="49@example.org", address="192.0.2.1", now=NOW + timedelta(seconds=49)
        )

        waits = [
            note(session, email=f"more-{number}@example.org", now=NOW + timedelta(minutes=1))
            for number in range(2)
        ]

        assert waits == [0, 840]


class TestAddressKey:
    @pytest.mark.parametrize(
        ("one", "other", "alike"),
        [
            ("2001:db8::1", "2001:db8::ffff", True),
            ("2001:db8::1", "2001:db8:0:1::1", False),
            ("192.0.2.1", "192.0.2.2", False),
            ("", "unix", False),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ],
    )
    def test_it_counts_an_ipv6_network_as_one(self, one, other, alike):
        assert (attempts.address_key(one) == attempts.address_key(other)) is alike
