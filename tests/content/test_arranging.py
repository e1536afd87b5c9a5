import pytest

from content import publishing, schedule, versions
from content.arranging import arrange, fingerprint, moved, positions, publish_order, unpublished
from content.errors import EffectChanged, PlannedAlready
from content.log import Event, Line
from content.schedule import Verb
from content.standings import standings
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, a_live_faq, an_faq, saved


class TestPositions:
    @pytest.mark.parametrize(
        ("given", "wanted"),
        [
            ([], []),
            ([1, 2, 3], [1, 2, 3]),
            ([20, 10, 30], [10, 20, 30]),
            ([None, None], [1, 2]),
            ([5, None], [1, 2]),
            ([4, 4], [1, 2]),
        ],
    )
    def test_it_changes_as_few_as_it_can(self, given, wanted):
        assert positions(given) == wanted


class TestMoved:
    @pytest.mark.parametrize(
        ("one", "places", "wanted"),
        [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 1, "abc"), ("c", -2, "cab")],
    )
    def test_it_moves_within_the_row(self, one, places, wanted):
        assert moved("abc", one, places) == list(wanted)


class TestArrange:
    def row(self, session, *given):
        return [
            an_faq(session, slug=f"faq-{place}", position=position).entry_id
            for place, position in enumerate(given)
        ]

    def order(self, session, row):
        return [versions.latest(session, one).values["position"] for one in row]

    def test_it_saves_the_two_that_changed_places(self, session):
        a, b, c = self.row(session, 1, 2, 3)

        saved = arrange(session, [b, a, c], by=ED, now=MAY_DAY)

        assert [one.entry_id for one in saved] == [b, a]
        assert self.order(session, [b, a, c]) == [1, 2, 3]
        assert (saved[0].number, saved[0].by, saved[0].based_on) == (2, ED, 1)

    def test_it_gives_positions_to_those_that_had_none(self, session):
        row = self.row(session, None, 7, None)

        arrange(session, row, by=ED)

        assert self.order(session, row) == [1, 2, 3]

    def test_it_changes_no_word_and_voids_no_review(self, session):
        live = a_live_faq(session, position=1)
        other = an_faq(session, slug="other", position=2)

        moved_one = arrange(session, [other.entry_id, live.entry_id], by=ED, now=MAY_DAY)[1]

        assert moved_one.content_hash == live.content_hash
        assert publishing.publish(session, live.entry_id, 2, by=ED, kind="typo", now=MAY_DAY)


class TestPublishOrder:
    @pytest.fixture
    def article(self, session):
        return str(a_live_article(session).entry_id)

    def row(self, session, article, many=3):
        return [
            a_live_faq(session, slug=f"faq-{place}", article=article, position=place).entry_id
            for place in range(1, many + 1)
        ]

    def shown(self, session, row):
        """What readers have of each: its version, its position and its words."""
        live = [
            versions.version(session, one, it.live.version)
            for one, it in standings(session, row).items()
            if it.live
        ]
        return [(one.number, one.values["position"], one.values["answer"]) for one in live]

    def test_it_is_one_act_that_touches_no_review(self, session, article):
        a, b, c = row = self.row(session, article)
        arrange(session, [b, a, c], by=ED)
        before = {one: it.live.review for one, it in standings(session, row).items()}

        act = publish_order(session, row, "article", by=ED)

        lines = session.query(Line).filter_by(sequence=act.sequence).all()
        assert {(line.entry_id, line.event, line.change_kind) for line in lines} == {
            (one, Event.PUBLISHED, "typo") for one in (a, b)
        }
        assert {one: it.live.review for one, it in standings(session, row).items()} == before
        assert [(number, position) for number, position, _ in self.shown(session, row)] == [
            (2, 2),
            (2, 1),
            (1, 3),
        ]
        assert publish_order(session, row, "article", by=ED) is None

    def test_a_draft_stays_ahead_whether_it_was_begun_before_or_after(self, session, article):
        a, b = row = self.row(session, article, 2)
        saved(session, versions.latest(session, a), answer="Half-written")
        arrange(session, [b, a], by=ED)
        saved(session, versions.latest(session, b), answer="Half as well")

        publish_order(session, row, "article", by=ED)

        assert self.shown(session, row) == [(4, 2, "Often it does."), (4, 1, "Often it does.")]
        drafts = [versions.latest(session, one) for one in row]
        assert [(one.number, one.values["position"], one.values["answer"]) for one in drafts] == [
            (5, 2, "Half-written"),
            (5, 1, "Half as well"),
        ]

    def test_it_leaves_what_was_never_public_and_what_is_to_stand_elsewhere(self, session, article):
        (a,) = self.row(session, article, 1)
        draft = an_faq(session, slug="new", article=article, position=2).entry_id
        elsewhere = str(a_live_article(session, slug="elsewhere").entry_id)
        moving = a_live_faq(session, slug="moving", article=elsewhere, position=1)
        saved(session, moving, article=article, position=4)
        row = [a, draft, moving.entry_id]
        arrange(session, [draft, moving.entry_id, a], by=ED)

        assert [one.newest.entry_id for one in unpublished(session, row, "article")] == [a]
        publish_order(session, row, "article", by=ED)

        assert [(number, position) for number, position, _ in self.shown(session, row)] == [(2, 4), (1, 1)]

    def test_it_refuses_another_order_than_was_shown(self, session, article):
        a, b, c = row = self.row(session, article)
        arrange(session, [b, a, c], by=ED)
        expected = fingerprint(unpublished(session, row, "article"))
        arrange(session, [c, b, a], by=ED)
        session.commit()

        with pytest.raises(EffectChanged):
            publish_order(session, row, "article", by=ED, expected=expected)

    def test_it_makes_nothing_older_that_is_on_the_schedule(self, session, article):
        a, b = row = self.row(session, article, 2)
        arrange(session, [b, a], by=ED)
        schedule.schedule(
            session, Verb.PUBLISH, a, version=2, due_at=MAY_DAY + HOUR, by=ED, kind="typo", now=MAY_DAY
        )
        session.commit()

        with pytest.raises(PlannedAlready, match="Version 2 of one of them is on the schedule"):
            publish_order(session, row, "article", by=ED, now=MAY_DAY)
