from datetime import UTC, date, datetime, time, timedelta

import pytest

from admin import listing
from content import arranging, log, publishing, reviews, schedule, settling, submissions, versions
from content.editions import Edition
from content.errors import Invalid, NotFound, NotReviewed, OwnText, ReplacedMeanwhile
from content.log import Event, Line
from content.reviews import Review, Reviewer, ReviewStatus, Scope
from content.schedule import Fate, Verb
from content.standings import standings
from content.submissions import Outcome
from tests.builders import (
    DR_FINN,
    DR_REED,
    ED,
    HOUR,
    MAY_DAY,
    NEXT_YEAR,
    a_live_article,
    a_live_faq,
    an_article,
    publish,
    saved,
    signed,
)
from tests.databases import before_the_lock

DAY = timedelta(days=1)
A, B, C = (Reviewer(f"person:{name}", name.title()) for name in ("ann", "ben", "cleo"))


def written(session, *steps):
    """The newest version of an article whose versions were each written, or then signed, by one person.

    A step is (person, text): a version; or (person, None): a signature on the newest one.
    """
    version = None
    for person, body in steps:
        if body is None:
            signed(session, version, reviewer=person)
        elif version is None:
            version = an_article(session, by=person.id, body=body)
        else:
            version = saved(session, version, by=person.id, body=body)
    return version


class TestSendBack:
    """What was signed, and is sent back later."""

    @pytest.fixture
    def article(self, session):
        return signed(session, an_article(session))

    @pytest.fixture
    def sent(self, session, article):
        sent = submissions.submit(session, article.entry_id, 1, by=ED, now=MAY_DAY + HOUR)
        return reviews.send_back(session, sent.id, by=DR_FINN.id, answer="Ten times.", now=MAY_DAY + 2 * HOUR)

    def test_these_words_are_not_published_any_more(self, session, article, sent):
        with pytest.raises(NotReviewed, match="its signature was taken back"):
            publish(session, article, now=MAY_DAY + DAY)

    def test_other_words_keep_their_signature(self, session, article, sent):
        other = signed(session, saved(session, article, body="Once a day."))

        publish(session, other, now=MAY_DAY + DAY)

        assert standings(session, [article.entry_id])[article.entry_id].live.version == 2

    def test_whoever_signs_them_later_vouches_for_them(self, session, article, sent):
        signed(session, article, reviewer=DR_FINN, now=MAY_DAY + 3 * HOUR)

        publish(session, article, now=MAY_DAY + DAY)

        review = standings(session, [article.entry_id])[article.entry_id].live.review
        assert [one["name"] for one in review["reviewers"]] == [DR_FINN.name]

    def test_what_is_planned_for_them_fails_for_all_to_see(self, session, article):
        later = MAY_DAY + DAY
        due = schedule.schedule(
            session, Verb.PUBLISH, article.entry_id, version=1, due_at=later, by=ED, now=MAY_DAY
        )
        session.commit()
        reviews.revoke(session, article.entry_id, 1, by=DR_REED.id, answer="No.", now=MAY_DAY + HOUR)
        session.commit()

        settling.settle(session, now=later)

        session.refresh(due)
        assert (due.fate, due.outcome) == (
            Fate.FAILED,
            "Version 1 cannot be published: its signature was taken back.",
        )

    def test_they_are_not_ready_to_be_published(self, session, article):
        session.commit()
        assert listing.ready(session, 9, MAY_DAY.date()) != []

        reviews.revoke(session, article.entry_id, 1, by=DR_REED.id, answer="No.", now=MAY_DAY + HOUR)

        assert listing.ready(session, 9, MAY_DAY.date()) == []

    def test_whoever_wrote_them_is_their_writer_still(self, session, article, sent):
        mended = saved(session, article, by=DR_FINN.id, body="Once a day.")

        # Were the review that was taken back the last one, only Dr. Finn would have written since.
        with pytest.raises(OwnText):
            signed(session, mended, reviewer=Reviewer(ED, "Ed"))


class TestSubmit:
    def test_what_is_signed_waits_for_nobody(self, session):
        article = signed(session, an_article(session))

        with pytest.raises(Invalid, match=f"is signed by {DR_REED.name} already, until {NEXT_YEAR}"):
            reviews.submit(session, article.entry_id, 1, by=ED, now=MAY_DAY)

        assert submissions.waiting_for(session, article.entry_id) is None

    def test_what_was_signed_for_a_time_that_is_over_may_wait_again(self, session):
        article = signed(session, an_article(session))

        sent = reviews.submit(
            session, article.entry_id, 1, by=ED, now=datetime.combine(NEXT_YEAR, time(), UTC)
        )

        assert submissions.waiting_for(session, article.entry_id) == sent

    def test_so_may_what_was_sent_back(self, session):
        article = signed(session, an_article(session))
        reviews.revoke(session, article.entry_id, 1, by=DR_REED.id, answer="No.", now=MAY_DAY + HOUR)

        reviews.submit(session, article.entry_id, 1, by=ED, now=MAY_DAY + 2 * HOUR)

        assert submissions.waiting_for(session, article.entry_id).version == 1


class TestRevoke:
    def test_it_sends_what_was_signed_to_its_writer(self, session):
        article = signed(session, an_article(session))

        reviews.revoke(session, article.entry_id, 1, by=DR_REED.id, answer="30 mg.", now=MAY_DAY + HOUR)

        [(back, _)] = submissions.sent_back_to(session, ED, 9)
        assert (back.version, back.answer, back.ended_by) == (1, "30 mg.", DR_REED.id)
        assert submissions.waiting_for(session, article.entry_id) is None

    def test_it_ends_the_submission_of_these_words(self, session):
        article = signed(session, an_article(session))
        waits = submissions.submit(session, article.entry_id, 1, by=DR_FINN.id, now=MAY_DAY + HOUR)

        reviews.revoke(session, article.entry_id, 1, by=DR_REED.id, answer="No.", now=MAY_DAY + 2 * HOUR)

        assert waits.outcome == Outcome.SENT_BACK
        assert len(submissions.of_entry(session, article.entry_id)) == 1

    def test_another_version_goes_on_waiting(self, session):
        article = signed(session, an_article(session))
        later = saved(session, article, body="Once a day.")
        waits = submissions.submit(session, later.entry_id, 2, by=ED, now=MAY_DAY + HOUR)

        reviews.revoke(session, article.entry_id, 1, by=DR_REED.id, answer="No.", now=MAY_DAY + 2 * HOUR)

        assert submissions.waiting_for(session, article.entry_id) == waits

    @pytest.mark.parametrize(("answer", "fault"), [("No.", "no signature"), (" ", "answer: is required")])
    def test_it_needs_a_signature_and_an_answer(self, session, answer, fault):
        article = an_article(session)
        if fault != "no signature":
            signed(session, article)

        with pytest.raises(Invalid, match=fault):
            reviews.revoke(session, article.entry_id, 1, by=DR_REED.id, answer=answer, now=MAY_DAY)


class TestSign:
    def test_it_is_bound_to_the_content(self, session):
        version = an_article(session)

        review = reviews.sign(session, version.entry_id, 1, DR_REED, due_on=NEXT_YEAR, now=MAY_DAY)

        assert (review.content_hash, review.scope, review.signed_at) == (
            version.content_hash,
            Scope.PAGE,
            MAY_DAY,
        )

    @pytest.mark.parametrize("due_on", [MAY_DAY.date(), date(2026, 4, 30)])
    def test_it_is_due_on_a_day_to_come(self, session, due_on):
        version = an_article(session)

        with pytest.raises(Invalid, match="due_on"):
            signed(session, version, due_on=due_on)

    @pytest.mark.parametrize(("due_on", "fits"), [(date(2036, 5, 1), True), (date(9999, 12, 31), False)])
    def test_it_holds_for_ten_years_at_most(self, session, due_on, fits):
        version = an_article(session)

        if fits:
            assert signed(session, version, due_on=due_on) is version
        else:
            with pytest.raises(Invalid, match="due_on: is more than 10 years away: enter a sooner one"):
                signed(session, version, due_on=due_on)

    def test_it_needs_a_text_that_is_there(self, session):
        version = an_article(session)
        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        with pytest.raises(Invalid, match="erased"):
            signed(session, version)

    def test_it_does_not_know_a_version_that_is_not(self, session):
        version = an_article(session)

        with pytest.raises(NotFound):
            reviews.sign(session, version.entry_id, 2, DR_REED, due_on=NEXT_YEAR, now=MAY_DAY)

    @pytest.mark.parametrize(
        ("steps", "refused"),
        [
            ([(A, "one")], {A}),
            ([(A, "one"), (B, "two")], {A, B}),
            ([(A, "one"), (C, None), (B, "two")], {B}),
            ([(A, "one"), (C, None), (C, "two")], {C}),
            # Bringing an old text back does not make it somebody else's.
            ([(A, "one"), (B, "two"), (C, None), (B, "one")], {A, B}),
            ([(A, "one"), (C, None), (B, "two"), (A, "one"), (A, "two")], {A, B}),
            # The same text again, once its review has run out: another has signed every word of it.
            ([(A, "one"), (C, None)], set()),
            # What was written since, somebody wrote once more with a word beside it.
            (
                [
                    (A, "Take 5 mg for 10 days."),
                    (C, None),
                    (B, "Take 10 mg for 10 days."),
                    (A, "Take 5 mg for 10 days."),
                    (A, "Take 10 mg for 10 days. Rest."),
                ],
                {A, B},
            ),
            # A draft that comes back from behind a signed text is still by those who made it.
            (
                [
                    (B, "Rest."),
                    (C, None),
                    (A, "500 mg"),
                    (B, "500 mg."),
                    (B, "Sit."),
                    (C, None),
                    (B, "500 mg."),
                ],
                {A, B},
            ),
            (
                [
                    (B, "no rest now"),
                    (C, None),
                    (A, "rest now"),
                    (B, "rest"),
                    (B, "sit"),
                    (C, None),
                    (B, "rest"),
                ],
                {A, B},
            ),
            # So are words that somebody copied from it.
            ([(B, "Rest."), (C, None), (A, "500 mg"), (B, "Sit."), (C, None), (B, "Sit. 500 mg.")], {A, B}),
            # What went out of the text is nobody's any more, once somebody else has signed it without.
            ([(B, "Rest."), (C, None), (A, "500 mg"), (B, "Sit."), (C, None), (B, "Sit up.")], {B}),
        ],
    )
    def test_it_is_not_by_whoever_wrote_since_the_last_review(self, session, steps, refused):
        version = written(session, *steps)

        for person in refused:
            with pytest.raises(OwnText):
                signed(session, version, reviewer=person)
        for person in {A, B, C} - refused:
            signed(session, version, reviewer=person)

    def test_it_is_not_open_to_an_author_whose_draft_another_moved(self, session):
        version = a_live_article(session)
        saved(session, version, by=DR_FINN.id, body="Words of Finn.")

        publishing.move(session, version.entry_id, "moved", by=ED, now=MAY_DAY)

        with pytest.raises(OwnText):
            signed(session, versions.latest(session, version.entry_id), reviewer=DR_FINN)

    def test_nor_to_one_whose_draft_an_order_has_passed_under_once_what_is_live_was_signed(self, session):
        article = an_article(session)
        row = [a_live_faq(session, slug=slug, article=str(article.entry_id)) for slug in ("first", "second")]
        saved(session, row[0], by=DR_FINN.id, answer="Often it does. Take 500 mg of aspirin")
        saved(
            session,
            versions.latest(session, row[0].entry_id),
            answer="Often it does. Take 500 mg of aspirin.",
        )

        ids = [row[1].entry_id, row[0].entry_id]
        arranging.arrange(session, ids, by=ED, now=MAY_DAY)
        arranging.publish_order(session, ids, "article", by=ED, now=MAY_DAY)
        publishing.rereview(session, row[0].entry_id, DR_REED, due_on=NEXT_YEAR, now=MAY_DAY)

        with pytest.raises(OwnText):
            signed(session, versions.latest(session, row[0].entry_id), reviewer=DR_FINN)

    def test_it_is_not_open_to_whoever_wrote_what_nobody_but_them_has_signed(self, session):
        version = signed(session, an_article(session, by=A.id, body="one"), reviewer=B)
        second = signed(session, saved(session, version, body="one two"), reviewer=A)
        reviews.revoke(session, version.entry_id, 1, by=C.id, answer="No.", now=MAY_DAY)
        third = saved(session, second, body="one two three")

        with pytest.raises(OwnText):
            signed(session, third, reviewer=A)

    def test_it_is_open_to_whoever_changed_the_placement_only(self, session):
        version = an_article(session)

        second = saved(session, version, by=DR_REED.id, tags=["legs"])

        assert signed(session, second, reviewer=DR_REED)

    def test_it_writes_nothing_where_it_refuses(self, session):
        version = an_article(session, by=DR_REED.id)

        with pytest.raises(OwnText):
            signed(session, version)
        session.commit()

        assert reviews.of_entry(session, version.entry_id) == []


class TestHolding:
    @pytest.mark.parametrize(
        ("at", "holds"),
        [
            (MAY_DAY - timedelta(microseconds=1), False),
            (MAY_DAY, True),
            (MAY_DAY.replace(day=2, hour=23, minute=59), True),
            (MAY_DAY.replace(day=3, hour=0), False),
            (MAY_DAY.replace(day=3, hour=0) + DAY, False),
        ],
    )
    def test_it_is_from_the_signature_until_the_day_at_midnight_utc(self, at, holds):
        review = Review(signed_at=MAY_DAY, due_on=date(2026, 5, 3))

        assert reviews.holding([review], at) is (review if holds else None)

    def test_it_is_the_newest_and_no_older_one_outlasts_it(self):
        newest = Review(signed_at=MAY_DAY + DAY, due_on=date(2026, 5, 3))
        older = Review(signed_at=MAY_DAY, due_on=NEXT_YEAR)

        assert reviews.holding([newest, older], MAY_DAY + DAY) is newest
        assert reviews.holding([newest, older], MAY_DAY) is older
        assert reviews.holding([newest, older], MAY_DAY + 5 * DAY) is None

    def test_it_is_none_where_nobody_signed(self):
        assert reviews.holding([], MAY_DAY) is None


class TestPublic:
    def test_it_names_reviewer_and_days_and_no_id(self):
        review = Review(
            reviewer_id="person:reed", name="Dr. Reed", credentials="MD", signed_at=MAY_DAY, due_on=NEXT_YEAR
        )

        assert reviews.public(review) == {
            "status": ReviewStatus.REVIEWED,
            "last_reviewed_on": "2026-05-01",
            "review_due_on": "2027-05-01",
            "reviewers": [{"name": "Dr. Reed", "credentials": "MD"}],
        }


class TestStandingReviews:
    def test_each_content_has_its_reviews_newest_first(self, session):
        one = signed(session, an_article(session, slug="one", body="One."))
        signed(session, one, reviewer=DR_FINN, now=MAY_DAY + DAY)
        two = an_article(session, slug="two", body="Two.")

        found = standings(session, [one.entry_id, two.entry_id])

        of_one = found[one.entry_id].reviews[one.content_hash]
        assert [review.reviewer_id for review in of_one] == [DR_FINN.id, DR_REED.id]
        assert found[two.entry_id].reviews == {}

    def test_entries_of_the_same_content_are_kept_apart(self, session):
        one, two = signed(session, an_article(session, slug="one")), an_article(session, slug="two")

        found = standings(session, [one.entry_id, two.entry_id])

        assert one.content_hash == two.content_hash
        assert found[two.entry_id].reviews == {}


class TestRereview:
    def test_it_shows_the_newer_review_and_leaves_the_dates_of_the_text(self, session):
        version = a_live_article(session)

        act = publishing.rereview(
            session, version.entry_id, DR_FINN, due_on=date(2028, 1, 1), now=MAY_DAY + DAY
        )

        live = session.query(Edition).filter_by(entry_id=version.entry_id, until_sequence=None).one()
        assert (live.from_sequence, live.review["review_due_on"]) == (act.sequence, "2028-01-01")
        assert (live.updated_at, live.published_at) == (MAY_DAY, MAY_DAY)

    def test_it_is_of_the_live_text_and_not_of_a_draft(self, session):
        version = a_live_article(session)
        draft = saved(session, version, body="A draft.")

        publishing.rereview(session, version.entry_id, DR_FINN, due_on=NEXT_YEAR, now=MAY_DAY)

        signed_for = {review.content_hash for review in reviews.of_entry(session, draft.entry_id)}
        assert signed_for == {version.content_hash} != {draft.content_hash}

    def test_nobody_signs_another_text_than_the_one_that_they_were_shown(self, session):
        shown = a_live_article(session)
        publish(session, saved(session, shown, body="Ten times as much."), forced="Urgent.")

        with pytest.raises(ReplacedMeanwhile, match="readers have version 2 by now"):
            publishing.rereview(
                session, shown.entry_id, DR_FINN, due_on=NEXT_YEAR, number=1, now=MAY_DAY + DAY
            )

        assert [one.reviewer_id for one in reviews.of_entry(session, shown.entry_id)] == [DR_REED.id]

    # On SQLite whoever acts is alone from before the first look on.
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    @pytest.mark.parametrize("number", [1, None])
    def test_nor_where_readers_get_it_before_the_act_has_the_lock(self, session, engine, number):
        shown = a_live_article(session)
        draft = saved(session, shown, body="Ten times as much.")
        session.commit()
        before_the_lock(engine, lambda other: publish(other, other.merge(draft), forced="Urgent."))

        with pytest.raises(ReplacedMeanwhile):
            publishing.rereview(
                session, shown.entry_id, DR_FINN, due_on=NEXT_YEAR, number=number, now=MAY_DAY
            )

        assert [one.reviewer_id for one in reviews.of_entry(session, shown.entry_id)] == [DR_REED.id]
        live = standings(session, [shown.entry_id])[shown.entry_id].live
        assert (live.version, live.review["status"]) == (2, ReviewStatus.NOT_REVIEWED)

    def test_the_same_words_elsewhere_are_what_was_shown(self, session):
        shown = a_live_article(session)
        publishing.move(session, shown.entry_id, "moved", by=ED, now=MAY_DAY)

        publishing.rereview(session, shown.entry_id, DR_FINN, due_on=NEXT_YEAR, number=1, now=MAY_DAY + DAY)

        live = standings(session, [shown.entry_id])[shown.entry_id].live
        assert [one["name"] for one in live.review["reviewers"]] == [DR_FINN.name]


class TestWhoSigns:
    @pytest.mark.parametrize(
        ("name", "credentials", "pointer"),
        [
            ("", None, "/name"),
            ("Na\0me", None, "/name"),
            ("N" * 201, None, "/name"),
            ("Ana", "M\x0bD", "/credentials"),
        ],
    )
    def test_what_readers_are_shown_of_them_is_checked_like_any_text(
        self, session, name, credentials, pointer
    ):
        version = an_article(session)

        with pytest.raises(Invalid) as caught:
            signed(session, version, reviewer=Reviewer("person:x", name, credentials))

        assert caught.value.faults[0].pointer == pointer


class TestRevokeInPublic:
    """What readers have, and whoever signed it takes that back."""

    @pytest.fixture
    def article(self, session):
        return a_live_article(session)

    def revoked(self, session, article, now=MAY_DAY + HOUR):
        publishing.revoke(session, article.entry_id, 1, by=DR_REED.id, answer="Ten times too much.", now=now)
        return self.standing(session, article)

    def standing(self, session, article):
        return standings(session, [article.entry_id])[article.entry_id]

    def test_readers_are_told_at_once_that_nobody_reviewed_it(self, session, article):
        live = self.revoked(session, article).live

        assert live.review == reviews.none_public(ReviewStatus.NOT_REVIEWED)
        assert (live.version, live.updated_at, live.published_at) == (1, MAY_DAY, MAY_DAY)
        line = session.get_one(Line, (live.from_sequence, article.entry_id))
        assert (line.event, line.forced, line.public_note) == (Event.REVIEW_DUE, False, None)

    def test_it_never_falls_due_after_that(self, session, article):
        head = self.revoked(session, article).live.from_sequence

        assert settling.settle(session, now=datetime.combine(NEXT_YEAR, time(), UTC)) == []
        assert log.head(session).sequence == head

    def test_so_they_are_where_it_waited_for_another_reviewer(self, session, article):
        sent = submissions.submit(session, article.entry_id, 1, by=ED, now=MAY_DAY + HOUR)

        publishing.send_back(session, sent.id, by=DR_FINN.id, answer="No.", now=MAY_DAY + 2 * HOUR)

        assert self.standing(session, article).live.review["status"] == ReviewStatus.NOT_REVIEWED

    def test_nothing_is_told_of_a_draft(self, session, article):
        draft = signed(session, saved(session, article, body="Ten times as much."))
        head = log.head(session).sequence

        publishing.revoke(session, draft.entry_id, 2, by=DR_REED.id, answer="No.", now=MAY_DAY + HOUR)

        assert log.head(session).sequence == head
        assert self.standing(session, article).live.review["status"] == ReviewStatus.REVIEWED

    # On SQLite whoever acts is alone from before the first look on.
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_words_that_go_public_before_the_act_has_the_lock_are_told_of(self, session, engine):
        draft = signed(session, an_article(session))
        session.commit()
        before_the_lock(engine, lambda other: publish(other, other.merge(draft)))

        assert self.revoked(session, draft).live.review["status"] == ReviewStatus.NOT_REVIEWED

    def test_its_words_are_published_again_by_force_only(self, session, article):
        self.revoked(session, article)
        second = saved(session, article, slug="elsewhere")
        session.commit()

        with pytest.raises(NotReviewed, match="was taken back"):
            publish(session, second, now=MAY_DAY + DAY)
        publish(session, second, forced="Urgent.", now=MAY_DAY + DAY)

        live = self.standing(session, article).live
        assert (live.version, live.review["status"]) == (2, ReviewStatus.NOT_REVIEWED)

    def test_or_by_another_signature(self, session, article):
        self.revoked(session, article)

        publishing.rereview(session, article.entry_id, DR_FINN, due_on=NEXT_YEAR, number=1, now=MAY_DAY + DAY)

        assert self.standing(session, article).live.review["reviewers"][0]["name"] == DR_FINN.name

    def test_it_still_follows_what_is_done_to_something_else(self, session, article):
        self.revoked(session, article)
        second = saved(session, article, tags=["legs"])
        step = publishing.publication(session, article.entry_id, second.number, instead_of=1)

        publishing.perform(session, [step], by=ED, now=MAY_DAY + DAY)

        live = self.standing(session, article).live
        assert (live.version, live.review["status"]) == (2, ReviewStatus.NOT_REVIEWED)

    def test_what_is_held_comes_back_without_it(self, session, article):
        publishing.hold(session, article.entry_id, by=ED, now=MAY_DAY)
        self.revoked(session, article)

        publishing.release(session, article.entry_id, by=ED, now=MAY_DAY + DAY)

        assert self.standing(session, article).live.review["status"] == ReviewStatus.NOT_REVIEWED
