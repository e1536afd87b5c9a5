from datetime import date, timedelta

import pytest

from content import expiry, publishing, reviews, schedule, settling, types, versions
from content.editions import Edition
from content.errors import NotReviewed, WrongStanding
from content.log import Event, Line, State
from content.reviews import ReviewStatus
from content.standings import standings
from content.types import OnReviewDue
from tests.builders import DR_FINN, DR_REED, ED, HOUR, MAY_DAY, NEXT_YEAR, a_live_article

DUE = schedule.midnight(NEXT_YEAR)
LATER = date(2028, 1, 1)


def fallen_due(session, policy, **values):
    """An article whose review fell due under a policy."""
    expiry.decide(session.get_bind(), {"article": policy})
    version = a_live_article(session, **values)
    settling.settle(session, now=DUE)
    return version


def state_of(session, version):
    return standings(session, [version.entry_id])[version.entry_id].state


def live(session, version):
    return session.query(Edition).filter_by(entry_id=version.entry_id, until_sequence=None).one()


class TestPolicy:
    def test_it_is_what_the_type_declares_unless_decided_otherwise(self, session):
        article, faq = types.get("article"), types.get("faq")
        assert expiry.policy(session, article) == expiry.policy(session, faq) == OnReviewDue.FLAG

        expiry.decide(session.get_bind(), {"article": OnReviewDue.HOLD})

        assert expiry.policy(session, article) == OnReviewDue.HOLD
        assert expiry.policy(session, faq) == OnReviewDue.FLAG


class TestWords:
    @pytest.mark.parametrize(("locale", "word"), [("en", "nobody"), ("de-CH", "geprüft"), ("ja", "nobody")])
    def test_they_are_in_the_language_of_the_text_or_english(self, locale, word):
        said = expiry.words(locale, NEXT_YEAR)

        assert word in said
        assert "2027-05-01" in said

    def test_a_banner_is_shaped_like_a_warning(self):
        said = expiry.words("en", NEXT_YEAR)

        banner = expiry.banner("en", NEXT_YEAR)

        assert (banner["html"].strip(), banner["text"]) == (f"<p>{said}</p>", said)


class TestBanner:
    def test_it_goes_with_a_new_signature(self, session):
        version = fallen_due(session, OnReviewDue.BANNER)
        assert live(session, version).review["banner"]

        publishing.rereview(session, version.entry_id, DR_FINN, due_on=LATER, now=DUE + HOUR)

        assert "banner" not in live(session, version).review
        assert live(session, version).review_status == ReviewStatus.REVIEWED

    def test_it_stays_when_the_text_moves(self, session):
        version = fallen_due(session, OnReviewDue.BANNER)

        publishing.move(session, version.entry_id, "elsewhere", by=ED, now=DUE + HOUR)

        assert live(session, version).review["banner"] == expiry.banner("en", NEXT_YEAR)

    def test_it_is_on_what_is_released_after_the_day(self, session):
        expiry.decide(session.get_bind(), {"article": OnReviewDue.BANNER})
        version = a_live_article(session)
        publishing.hold(session, version.entry_id, by=ED, now=MAY_DAY)

        publishing.release(session, version.entry_id, by=ED, now=DUE)

        assert live(session, version).review["banner"] == expiry.banner("en", NEXT_YEAR)


class TestHold:
    def test_a_new_signature_brings_it_back(self, session):
        version = fallen_due(session, OnReviewDue.HOLD)

        act = publishing.rereview(session, version.entry_id, DR_FINN, due_on=LATER, now=DUE + HOUR)

        line = session.query(Line).filter_by(sequence=act.sequence).one()
        assert (line.event, line.state) == (Event.RELEASED, State.LIVE)
        assert (live(session, version).review_due_on, live(session, version).published_at) == (LATER, MAY_DAY)

    def test_what_somebody_held_is_not_theirs_to_bring_back(self, session):
        version = a_live_article(session)
        publishing.hold(session, version.entry_id, by=ED, now=MAY_DAY)

        with pytest.raises(WrongStanding):
            publishing.rereview(session, version.entry_id, DR_FINN, due_on=LATER, now=MAY_DAY)

        assert state_of(session, version) == State.HELD

    @pytest.mark.parametrize("policy", [OnReviewDue.HOLD, OnReviewDue.WITHDRAW])
    def test_it_is_released_by_nobody_while_no_review_holds(self, session, policy):
        expiry.decide(session.get_bind(), {"article": policy})
        version = a_live_article(session)
        publishing.hold(session, version.entry_id, by=ED, now=MAY_DAY)

        with pytest.raises(NotReviewed):
            publishing.release(session, version.entry_id, by=ED, now=DUE)
        reviews.sign(session, version.entry_id, version.number, DR_REED, due_on=LATER, now=DUE)
        publishing.release(session, version.entry_id, by=ED, now=DUE)

        assert live(session, version).review_due_on == LATER


class TestWithdraw:
    def test_a_new_signature_lets_it_be_reinstated(self, session):
        version = fallen_due(session, OnReviewDue.WITHDRAW)
        with pytest.raises(WrongStanding):
            publishing.rereview(session, version.entry_id, DR_FINN, due_on=LATER, now=DUE + HOUR)
        with pytest.raises(NotReviewed):
            publishing.reinstate(session, version.entry_id, 1, by=ED, now=DUE + HOUR)
        # What the refused acts held was rolled back with them; sign it by itself.
        reviews.sign(session, version.entry_id, 1, DR_FINN, due_on=LATER, now=DUE + HOUR)

        publishing.reinstate(session, version.entry_id, 1, by=ED, now=DUE + HOUR)

        assert live(session, version).review_due_on == LATER

    def test_a_version_that_was_written_meanwhile_is_no_way_around_it(self, session):
        version = fallen_due(session, OnReviewDue.WITHDRAW)
        versions.save(
            session,
            version.entry_id,
            {**version.values, "slug": "other"},
            based_on=1,
            by=ED,
            now=DUE + timedelta(days=1),
        )

        with pytest.raises(WrongStanding):
            publishing.publish(session, version.entry_id, 2, by=ED, now=DUE + timedelta(days=1))
