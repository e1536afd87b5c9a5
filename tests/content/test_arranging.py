import pytest

from content import publishing, versions
from content.arranging import arrange, moved, positions
from tests.builders import ED, MAY_DAY, a_live_faq, an_faq


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
