from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from content import keys, partners
from content.errors import Invalid, KeyRefused, NotFound
from content.keys import Scope, bearer, is_written_well, make, revoke, rotate, written
from tests.builders import ED, HOUR, MAY_DAY

DAY = timedelta(days=1)


@pytest.fixture
def partner(session):
    return partners.create(session, "A magazine", now=MAY_DAY)


@pytest.fixture
def key(session, partner):
    """A key's row, and the key."""
    return make(session, partner.id, purpose="its site", by=ED, now=MAY_DAY)


class TestWritten:
    def test_it_is_known_by_its_prefix_and_its_checksum(self):
        text = written(bytes(range(20)))

        assert text.startswith("verso_")
        assert len(text) == 39
        assert is_written_well(text)

    def test_no_letter_of_it_can_be_another(self):
        text = written(bytes(range(20)))

        assert not any(is_written_well(text[:n] + "~" + text[n + 1 :]) for n in range(len(text)))
        assert not any(is_written_well(one) for one in (text + "0", text[:-1], "", "verso_"))

    def test_the_least_and_the_most_have_the_same_length(self):
        assert len(written(bytes(20))) == len(written(b"\xff" * 20))


class TestMake:
    def test_it_keeps_no_word_of_the_key_but_its_start(self, session, key):
        made, text = key

        kept = [getattr(made, column.key) for column in made.__mapper__.column_attrs]
        assert text not in kept
        assert text.startswith(made.start)
        assert len(made.start) < 12

    def test_two_work_at_once_and_no_third(self, session, partner, key):
        make(session, partner.id, purpose="the next", by=ED, now=MAY_DAY)

        with pytest.raises(Invalid, match="one too many"):
            make(session, partner.id, purpose="a third", by=ED, now=MAY_DAY)
        revoke(session, key[0].id, why="Lost.", by=ED, now=MAY_DAY)
        assert make(session, partner.id, purpose="a third", by=ED, now=MAY_DAY)

    @pytest.mark.parametrize(
        ("told", "pointer"),
        [
            ({"scopes": []}, "/scopes"),
            ({"scopes": ["write"]}, "/scopes"),
            ({"expires_at": MAY_DAY}, "/expires_at"),
            ({"purpose": " "}, "/purpose"),
        ],
    )
    def test_it_names_what_does_not_fit(self, session, partner, told, pointer):
        with pytest.raises(Invalid) as caught:
            make(session, partner.id, **{"purpose": "its site", "by": ED, "now": MAY_DAY} | told)

        assert caught.value.faults[0].pointer == pointer


class TestBearer:
    def test_it_is_the_partner_with_what_the_key_opens(self, session, partner):
        _, text = make(session, partner.id, purpose="reads", by=ED, scopes=[Scope.READ], now=MAY_DAY)

        found = bearer(session, text, now=MAY_DAY)

        assert (found.partner_id, found.scopes) == (partner.id, {"read"})

    def test_it_works_until_it_expires(self, session, partner):
        _, text = make(session, partner.id, purpose="reads", by=ED, expires_at=MAY_DAY + HOUR, now=MAY_DAY)

        assert bearer(session, text, now=MAY_DAY + HOUR - timedelta(microseconds=1))
        with pytest.raises(KeyRefused, match="expired"):
            bearer(session, text, now=MAY_DAY + HOUR)

    def test_it_works_until_it_is_revoked(self, session, key):
        made, text = key
        revoke(session, made.id, why="It stood in a log.", by=ED, now=MAY_DAY)

        with pytest.raises(KeyRefused, match="revoked"):
            bearer(session, text, now=MAY_DAY)

    def test_nobody_bears_what_was_never_given(self, session, key):
        with pytest.raises(KeyRefused, match="no key of ours"):
            bearer(session, written(bytes(20)), now=MAY_DAY)


class TestRotate:
    def test_both_work_for_the_overlap_and_then_the_new_one_only(self, session, key):
        made, text = key
        follower, new = rotate(session, made.id, overlap=7 * DAY, by=ED, now=MAY_DAY)

        assert (follower.purpose, follower.scopes) == (made.purpose, made.scopes)
        assert bearer(session, text, now=MAY_DAY + 6 * DAY)
        assert bearer(session, new, now=MAY_DAY + 8 * DAY)
        with pytest.raises(KeyRefused):
            bearer(session, text, now=MAY_DAY + 7 * DAY)

    def test_it_makes_no_key_work_longer(self, session, partner):
        made, _ = make(session, partner.id, purpose="x", by=ED, expires_at=MAY_DAY + DAY, now=MAY_DAY)

        follower, _ = rotate(session, made.id, overlap=7 * DAY, by=ED, now=MAY_DAY)

        assert made.expires_at == follower.expires_at == MAY_DAY + DAY

    def test_nothing_follows_one_that_works_no_more(self, session, key):
        revoke(session, key[0].id, why="Lost.", by=ED, now=MAY_DAY)

        with pytest.raises(Invalid):
            rotate(session, key[0].id, overlap=DAY, by=ED, now=MAY_DAY)


class TestRevoke:
    def test_it_asks_why(self, session, key):
        with pytest.raises(Invalid, match="why"):
            revoke(session, key[0].id, why=" ", by=ED, now=MAY_DAY)
        with pytest.raises(NotFound):
            revoke(session, keys.new_id(), why="Lost.", by=ED, now=MAY_DAY)

    def test_it_happens_once(self, session, key):
        revoke(session, key[0].id, why="Lost.", by=ED, now=MAY_DAY)
        revoke(session, key[0].id, why="Again.", by="person:eve", now=MAY_DAY + HOUR)

        assert (key[0].revoked_why, key[0].revoked_by, key[0].revoked_at) == ("Lost.", ED, MAY_DAY)


class TestAtOnce:
    def test_nothing_follows_a_key_that_is_being_revoked(self, session, engine, key):
        made, _ = key
        key_id = made.id
        session.commit()

        def follow():
            with Session(engine) as other:
                rotate(other, key_id, overlap=DAY, by=ED, now=MAY_DAY)

        revoke(session, key_id, why="leaked", by=ED, now=MAY_DAY)
        with ThreadPoolExecutor(1) as pool:
            following = pool.submit(follow)
            with pytest.raises(TimeoutError):
                following.result(timeout=0.5)
            session.commit()
            with pytest.raises(Invalid):
                following.result(timeout=60)


class TestUses:
    def test_they_keep_the_last_day(self, session, key):
        made, text = key
        uses, borne = keys.Uses(), bearer(session, text, now=MAY_DAY)
        for day in (MAY_DAY.date(), (MAY_DAY + DAY).date()):
            uses.note(borne, day)
            uses.write(session)
        uses.note(borne, MAY_DAY.date())
        uses.write(session)

        assert keys.key(session, made.id).last_used_on == (MAY_DAY + DAY).date()

    def test_a_day_that_could_not_be_written_is_written_the_next_time(self, session, key):
        made, text = key
        session.commit()
        uses, borne = keys.Uses(), bearer(session, text, now=MAY_DAY)
        uses.note(borne, MAY_DAY.date())
        away = create_engine("sqlite:///no/such/folder/verso.db")
        with Session(away) as nowhere, pytest.raises(SQLAlchemyError):
            uses.write(nowhere)

        session.rollback()
        uses.write(session)

        assert keys.key(session, made.id).last_used_on == MAY_DAY.date()
