"""What a reader is told of a text that it might read once, by what it might read of it."""

import pytest

from content import corpus, publishing, types
from content.errors import Elsewhere, Gone, NotFound
from content.log import State, head
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED, PUBLIC
from content.reach import within
from content.whereabouts import departures
from tests.builders import ED, MAY_DAY, a_live_article, publish, saved, signed

PARTNER = (*ANONYMOUS, Reach(audiences=(LICENSED,)))
ARTICLE = types.get("article")


@pytest.fixture
def text(session):
    """A public article."""
    return a_live_article(session, slug="clots")


def license_(session, version):
    """Have licensed partners only read a text from now on; the act, and the version that they have."""
    kept = saved(session, version, audience=LICENSED)
    return publish(session, kept, note="For partners."), kept


def rewrite(session, version, note="Said anew."):
    kept = signed(session, saved(session, version, body=f"Other words, after {version.number}."))
    return publish(session, kept, note=note), kept


def withdraw(session, version, manner=State.GONE, target=None, note="Out of date."):
    return publishing.withdraw(
        session,
        version.entry_id,
        manner=manner,
        target=target and str(target),
        note=note,
        by=ED,
        now=MAY_DAY,
    )


def retract(session, version, *numbers, note="Wrong."):
    return publishing.retract(session, version.entry_id, numbers, note=note, by=ED, now=MAY_DAY)


def reinstate(session, version, number):
    return publishing.reinstate(session, version.entry_id, number, note="Back.", by=ED, now=MAY_DAY)


def told(session, key, reach=ANONYMOUS, at=None):
    """Why it is not to be read: the reason, the act, the note and the version; or nothing at all."""
    at = head(session).sequence if at is None else at
    with pytest.raises((Gone, NotFound)) as caught:
        corpus.find(session, ARTICLE, key, locale="en", at=at, reach=reach)
    if isinstance(caught.value, NotFound):
        return None
    notice = caught.value.notice
    return notice.reason, notice.sequence, notice.note, caught.value.version


class TestWhatWasDoneOutOfReach:
    """It is gone by the act that took it out of reach, and what came after that says nothing."""

    @pytest.mark.parametrize(
        "deeds",
        [
            [],
            [rewrite],
            [withdraw],
            [withdraw, lambda session, version: withdraw(session, version, note="Told again.")],
            [
                lambda session, version: withdraw(
                    session, version, State.REDIRECTED, "https://partners.example"
                )
            ],
            [rewrite, lambda session, version: retract(session, version, 3)],
            [rewrite, lambda session, version: retract(session, version, 3), lambda *of: reinstate(*of, 3)],
        ],
    )
    def test_it_is_not_told(self, session, text, deeds):
        act, kept = license_(session, text)

        for deed in deeds:
            deed(session, kept)

        for key in ("clots", text.entry_id):
            assert told(session, key) == (State.GONE, act.sequence, None, None)

    def test_it_is_told_to_whoever_had_it(self, session, text):
        _, kept = license_(session, text)
        act = withdraw(session, kept)

        assert told(session, "clots", PARTNER) == (State.GONE, act.sequence, "Out of date.", None)

    def test_it_is_told_as_of_each_moment(self, session, text):
        act, kept = license_(session, text)
        gone = withdraw(session, kept)

        assert told(session, "clots", at=act.sequence) == (State.GONE, act.sequence, None, None)
        assert told(session, "clots", at=gone.sequence) == (State.GONE, act.sequence, None, None)

    def test_what_was_never_within_reach_was_never_there(self, session):
        kept = a_live_article(session, slug="partners", audience=LICENSED)
        withdraw(session, kept, State.REDIRECTED, "https://partners.example")
        retract(session, kept, 1)

        assert told(session, kept.entry_id) is None

    def test_what_came_back_is_told_of_anew(self, session, text):
        _, kept = license_(session, text)
        publish(session, saved(session, kept, audience=PUBLIC))
        act = withdraw(session, kept)

        assert told(session, "clots") == (State.GONE, act.sequence, "Out of date.", None)


class TestWhatWasDoneWithinReach:
    @pytest.mark.parametrize("manner", [State.GONE, State.REPLACED])
    def test_it_stays_told_once_it_came_back_for_others(self, session, text, manner):
        other = a_live_article(session, slug="other").entry_id if manner == State.REPLACED else None
        act = withdraw(session, text, manner, other)
        kept = saved(session, text, audience=LICENSED)
        reinstate(session, text, kept.number)
        withdraw(session, text, note="For partners.")

        assert told(session, "clots") == (manner, act.sequence, "Out of date.", None)

    def test_a_redirect_is_followed_still(self, session, text):
        withdraw(session, text, State.REDIRECTED, "https://elsewhere.example/clots")
        kept = saved(session, text, audience=LICENSED)
        reinstate(session, text, kept.number)

        with pytest.raises(Elsewhere) as caught:
            told(session, "clots")
        assert caught.value.url == "https://elsewhere.example/clots"


class TestAWrongVersion:
    """That a version which a reader might read was wrong, or is erased, is told whatever has happened."""

    @pytest.mark.parametrize("also_withdrawn", [False, True])
    def test_a_retraction_is_told_with_its_note_and_the_version(self, session, text, also_withdrawn):
        _, kept = license_(session, text)
        _, newer = rewrite(session, kept)
        act = retract(session, newer, 1)
        if also_withdrawn:
            withdraw(session, newer, note="For partners.")

        # Version 2 has the same words.
        assert told(session, "clots") == (State.RETRACTED, act.sequence, "Wrong.", 1)
        assert told(session, "clots", at=act.sequence - 1)[0] == State.GONE

    def test_an_erasure_is_told(self, session, text):
        _, kept = license_(session, text)
        rewrite(session, kept)
        act = publishing.erase(session, text.entry_id, [1], by=ED, note="A court.", now=MAY_DAY)

        assert told(session, "clots") == (State.ERASED, act.sequence, "A court.", 1)

    def test_the_last_one_that_was_read_comes_first(self, session, text):
        _, second = rewrite(session, text)
        _, kept = license_(session, second)
        _, newer = rewrite(session, kept)
        act = retract(session, newer, 2, note="The last.")
        retract(session, newer, 1, note="The first.")

        assert told(session, "clots") == (State.RETRACTED, act.sequence, "The last.", 2)

    def test_an_older_one_is_told_too(self, session, text):
        _, second = rewrite(session, text)
        _, kept = license_(session, second)
        _, newer = rewrite(session, kept)
        act = retract(session, newer, 1)

        assert told(session, "clots") == (State.RETRACTED, act.sequence, "Wrong.", 1)

    def test_what_was_said_to_be_right_again_is_not(self, session, text):
        left, kept = license_(session, text)
        retract(session, kept, 1)
        reinstate(session, kept, 2)

        assert told(session, "clots") == (State.GONE, left.sequence, None, None)


class TestRedirects:
    def test_they_lead_to_what_a_reader_may_know_of_only(self, session, text):
        target = a_live_article(session, slug="secret", audience=LICENSED)
        act = withdraw(session, text, State.REDIRECTED, target.entry_id)
        withdraw(session, target, State.REDIRECTED, "https://partners.example")

        assert told(session, "clots") == (State.REDIRECTED, act.sequence, "Out of date.", None)
        with pytest.raises(Elsewhere):
            told(session, "clots", PARTNER)

    def test_they_are_followed_no_further_than_a_reader_might(self, session, text):
        target = a_live_article(session, slug="target")
        act = withdraw(session, text, State.REDIRECTED, target.entry_id)
        _, kept = license_(session, target)
        withdraw(session, kept, State.REDIRECTED, "https://partners.example")

        assert told(session, "clots") == (State.REDIRECTED, act.sequence, "Out of date.", None)


class TestDepartures:
    def test_they_are_told_of_many_by_two_statements(self, session, statements):
        entries = [a_live_article(session, slug=f"one-{number}") for number in range(6)]
        for version in entries[:4]:
            _, kept = license_(session, version)
            rewrite(session, kept)
        for version in entries[2:5]:
            retract(session, version, 1, note=f"Wrong {version.entry_id}.")
        at, ids = head(session).sequence, [one.entry_id for one in entries]
        readable = within(session, ANONYMOUS, at)

        statements.clear()
        found = departures(session, ids, at, readable)

        assert len(statements) == 2
        assert [found[one].notice.reason for one in ids[:5]] == ["gone"] * 2 + ["retracted"] * 3
        assert [found[one].notice.note for one in ids[2:5]] == [f"Wrong {one}." for one in ids[2:5]]
        assert ids[5] not in found
