import pytest

from content import history, publishing, types
from content.errors import NotFound
from content.log import Event, head
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED
from tests.builders import ED, MAY_DAY, a_live_article, a_topic, an_article, publish, saved, signed

ARTICLE = types.get("article")


def changes(session, *, since=0, at=None, limit=100, reach=ANONYMOUS):
    at = head(session).sequence if at is None else at
    return history.changes(session, since=since, at=at, reach=reach, limit=limit)


def changes_of(session, entry_id):
    at = head(session).sequence
    return history.changes_of(session, ARTICLE, entry_id, at=at, reach=ANONYMOUS, limit=100)


class TestChanges:
    def test_it_is_every_act_after_a_sequence_oldest_first(self, session):
        for number in range(4):
            a_live_article(session, slug=f"a-{number}")

        assert [one.sequence for one in changes(session)] == [1, 2, 3, 4]
        assert [one.sequence for one in changes(session, since=1, at=3)] == [2, 3]
        assert [one.sequence for one in changes(session, since=1, limit=1)] == [2]
        assert changes(session, since=4) == []

    @pytest.mark.parametrize(("most", "pages"), [(1, [[1], [2], [3]]), (5, [[1, 2], [3]]), (6, [[1, 2, 3]])])
    def test_a_page_has_whole_acts_and_not_too_many_lines(self, session, monkeypatch, most, pages):
        for number in range(3):
            made = [an_article(session, slug=f"{name}-{number}").entry_id for name in "ab"]
            steps = [publishing.publication(session, one, 1, forced=True) for one in made]
            publishing.perform(session, steps, by=ED, reason="both", now=MAY_DAY)
        monkeypatch.setattr(history, "MOST_LINES", most)

        seen, since = [], 0
        while page := changes(session, since=since):
            assert [len(one.lines) for one in page] == [2] * len(page)
            seen.append([one.sequence for one in page])
            since = page[-1].sequence

        assert seen == pages

    def test_it_shows_no_line_that_is_beyond_reach_and_leaves_no_hole(self, session):
        a_live_article(session, slug="one", audience=LICENSED)
        a_topic(session)

        anonymous, partner = (
            changes(session),
            changes(session, reach=(*ANONYMOUS, Reach(audiences=(LICENSED,)))),
        )

        assert [len(one.lines) for one in anonymous] == [0, 1]
        assert [len(one.lines) for one in partner] == [1, 1]

    def test_what_went_to_licensed_partners_says_nothing_to_others(self, session):
        version = a_live_article(session)
        licensed = saved(session, version, audience="licensed")
        publish(session, licensed, note="For partners only.")
        publishing.withdraw(session, version.entry_id, by=ED, note="Neither.", now=MAY_DAY)

        told = changes(session, since=0, at=3, reach=ANONYMOUS, limit=10)
        partners = changes(session, since=0, at=3, reach=(Reach(audiences=("licensed",)),), limit=10)

        assert [len(change.lines) for change in told] == [1, 0, 0]
        assert [len(change.lines) for change in partners] == [0, 1, 1]

    def test_that_a_version_was_wrong_is_told_to_whoever_might_read_it(self, session):
        version = a_live_article(session)
        licensed = signed(session, saved(session, version, body="Other words.", audience="licensed"))
        publish(session, licensed, note="For partners only.")
        publishing.retract(session, version.entry_id, [2], note="A wrong dose in the second.", by=ED)
        publishing.retract(session, version.entry_id, [1], note="A wrong dose in the first.", by=ED)

        told = [[one.line.public_note for one in change.lines] for change in changes(session)[1:]]
        own = [one.line.public_note for one, _ in changes_of(session, version.entry_id)[:-1]]

        assert (told, own) == ([[], [], ["A wrong dose in the first."]], ["A wrong dose in the first."])

    def test_it_tells_of_a_withdrawal_what_readers_may_know(self, session):
        version = a_live_article(session)
        publishing.withdraw(session, version.entry_id, by=ED, note="Out of date.", now=MAY_DAY)

        (one,) = changes(session, since=1)[0].lines

        assert (one.line.event, one.line.public_note) == (Event.WITHDRAWN, "Out of date.")
        assert (one.entry.id, one.version, one.affects) == (version.entry_id, 1, ())

    def test_of_wrong_versions_it_names_those_that_a_reader_might_read(self, session):
        first = a_live_article(session, audience=LICENSED)
        second = signed(session, saved(session, first, body="For everybody.", audience="public"))
        publish(session, second, note="To all.")
        third = signed(session, saved(session, second, body="For partners.", audience=LICENSED))
        publish(session, third, note="To some.")
        publishing.retract(session, first.entry_id, [2, 3], note="Wrong.", by=ED)

        (told,), (own,) = (
            changes(session, since=3, reach=reach)[0].lines
            for reach in (ANONYMOUS, (*ANONYMOUS, Reach(audiences=(LICENSED,))))
        )

        assert (told.version, told.affects, own.version, own.affects) == (2, (2,), 3, (2, 3))
        assert next(one for one, _ in changes_of(session, first.entry_id)).affects == (2,)

    def test_of_what_is_erased_no_draft_is_counted(self, session):
        version = a_live_article(session)
        saved(session, version, body="Never public.")
        publishing.erase(session, version.entry_id, [1, 2], by=ED)

        (told,) = changes(session, since=1)[0].lines

        assert (told.line.event, told.version, told.affects) == (Event.ERASED, 1, (1,))

    def test_what_strikes_only_what_nobody_might_read_is_not_told(self, session):
        version = a_live_article(session)
        saved(session, version, body="Never public.")
        publishing.erase(session, version.entry_id, [2], by=ED)

        assert [one.lines for one in changes(session, since=1)] == [()]


class TestPublicVersions:
    def test_they_are_those_that_were_public_newest_first_and_each_once(self, session):
        version = a_live_article(session)
        saved(session, version, body="A draft.")
        third = signed(session, saved(session, version, summary="Third."))
        publish(session, third)
        publishing.hold(session, version.entry_id, by=ED, now=MAY_DAY)
        publishing.release(session, version.entry_id, by=ED, now=MAY_DAY)

        shown = history.public_versions(session, ARTICLE, version.entry_id, at=4, reach=ANONYMOUS)

        assert [(item.edition.version, item.edition.from_sequence) for item in shown] == [(3, 2), (1, 1)]

    def test_they_are_those_of_that_time(self, session):
        version = a_live_article(session)
        publish(session, signed(session, saved(session, version, body="Other.")))

        shown = history.public_versions(session, ARTICLE, version.entry_id, at=1, reach=ANONYMOUS)

        assert [item.edition.version for item in shown] == [1]


class TestPublicVersion:
    def test_it_is_there_after_a_withdrawal_too(self, session):
        version = a_live_article(session)
        publishing.withdraw(session, version.entry_id, by=ED, now=MAY_DAY)

        assert history.public_version(session, ARTICLE, version.entry_id, 1, at=2, reach=ANONYMOUS).json

    @pytest.mark.parametrize(("number", "at", "name"), [(2, 1, "article"), (1, 0, "article"), (1, 1, "faq")])
    def test_it_does_not_know_a_draft_a_time_before_or_another_type(self, session, number, at, name):
        version = a_live_article(session)
        saved(session, version, body="A draft.")

        with pytest.raises(NotFound):
            history.public_version(session, types.get(name), version.entry_id, number, at=at, reach=ANONYMOUS)
