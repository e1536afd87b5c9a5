from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from content import reviews, submissions, trash, versions
from content.errors import InTrash, Invalid, NotFound
from content.submissions import Outcome
from tests.builders import DR_REED, ED, HOUR, MAY_DAY, NEXT_YEAR, an_article, an_faq, saved, signed

ADA = "person:ada"


def submit(session, version, *, by=ED, now=MAY_DAY, **more):
    return submissions.submit(session, version.entry_id, version.number, by=by, now=now, **more)


def entries_of(found):
    return [entry.id for _, entry in found]


class TestSubmit:
    def test_it_waits_for_a_reviewer(self, session):
        article = an_article(session)

        made = submit(session, article, message=" Please look at the doses. ")

        assert (made.version, made.content_hash, made.by, made.at) == (1, article.content_hash, ED, MAY_DAY)
        assert (made.message, made.outcome) == ("Please look at the doses.", None)
        assert submissions.waiting_for(session, article.entry_id) == made

    def test_a_later_version_takes_the_place_of_an_earlier_one(self, session):
        article = an_article(session)
        first = submit(session, article)

        second = submit(session, saved(session, article, title="Other"), by=ADA, now=MAY_DAY + HOUR)

        assert submissions.waiting_for(session, article.entry_id) == second
        assert (first.outcome, first.ended_by, first.ended_at) == (Outcome.OVERTAKEN, ADA, MAY_DAY + HOUR)
        assert list(submissions.of_entry(session, article.entry_id)) == [second, first]

    def test_it_waits_once(self, session):
        article = an_article(session)
        submit(session, article)

        with pytest.raises(Invalid, match="waits for its review already"):
            submit(session, article)

    def test_two_at_once_leave_one(self, session, engine):
        entry_id = an_article(session).entry_id
        session.commit()

        def send(_):
            with Session(engine) as other:
                try:
                    submissions.submit(other, entry_id, 1, by=ED)
                except Invalid:
                    return False
                other.commit()
                return True

        with ThreadPoolExecutor(4) as pool:
            assert sorted(pool.map(send, range(4))) == [False, False, False, True]

    def test_it_is_for_texts_that_need_a_review_and_are_there(self, session):
        topic = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by=ED)
        thrown = an_article(session, slug="thrown")
        trash.throw_away(session, thrown.entry_id, by=ED)

        with pytest.raises(Invalid, match="needs no review"):
            submit(session, topic)
        with pytest.raises(InTrash):
            submit(session, thrown)
        with pytest.raises(NotFound):
            submissions.submit(session, topic.entry_id, 2, by=ED)
        with pytest.raises(NotFound):
            submissions.submit(session, uuid4(), 1, by=ED)

    def test_it_names_a_message_that_does_not_fit(self, session):
        with pytest.raises(Invalid, match="message: is longer than 2000"):
            submit(session, an_article(session), message="x" * 2001)


class TestSendBack:
    def test_it_goes_back_to_its_writer_until_it_is_submitted_again(self, session):
        article, other = an_article(session), an_article(session, slug="other")
        sent = submit(session, article)
        submit(session, other, by=ADA)

        submissions.send_back(session, sent.id, by=DR_REED.id, answer="The dose.", now=MAY_DAY + HOUR)

        assert (sent.outcome, sent.answer, sent.ended_by) == (Outcome.SENT_BACK, "The dose.", DR_REED.id)
        assert entries_of(submissions.sent_back_to(session, ED, 9)) == [article.entry_id]
        assert submissions.sent_back_to(session, ADA, 9) == []
        submit(session, article, now=MAY_DAY + 2 * HOUR)
        assert submissions.sent_back_to(session, ED, 9) == []

    @pytest.mark.parametrize("answer", [None, "", "  "])
    def test_it_needs_an_answer(self, session, answer):
        sent = submit(session, an_article(session))

        with pytest.raises(Invalid, match="answer: is required"):
            submissions.send_back(session, sent.id, by=DR_REED.id, answer=answer)

        assert sent.outcome is None

    def test_what_ended_does_not_end_again(self, session):
        sent = submit(session, an_article(session))
        submissions.take_back(session, sent.id, by=ED, now=MAY_DAY)

        for end in (submissions.take_back, submissions.send_back):
            with pytest.raises(NotFound):
                end(session, sent.id, by=ED, **({"answer": "No."} if end is submissions.send_back else {}))

        assert sent.outcome == Outcome.TAKEN_BACK


class TestApprove:
    def test_a_signature_on_these_words_approves_it(self, session):
        article = an_article(session)
        sent = submit(session, article)

        signed(session, article, now=MAY_DAY + HOUR)

        assert (sent.outcome, sent.ended_by) == (Outcome.APPROVED, DR_REED.id)
        assert sent.ended_at == MAY_DAY + HOUR

    def test_a_signature_on_other_words_leaves_it_waiting(self, session):
        article = an_article(session)
        changed = saved(session, article, body="Other words.")
        sent = submit(session, changed)

        reviews.sign(session, article.entry_id, 1, DR_REED, due_on=NEXT_YEAR, now=MAY_DAY)

        assert sent.outcome is None

    def test_a_signature_on_a_later_version_overtakes_it(self, session):
        article = an_article(session)
        sent = submit(session, article)

        signed(session, saved(session, article, body="Other words."), now=MAY_DAY + HOUR)

        assert (sent.outcome, sent.ended_by, sent.ended_at) == (
            Outcome.OVERTAKEN,
            DR_REED.id,
            MAY_DAY + HOUR,
        )


class TestWaiting:
    def test_it_is_what_has_waited_longest_first(self, session):
        late, early = (an_faq(session, slug=slug) for slug in ("late", "early"))
        submit(session, late, now=MAY_DAY + HOUR)
        submit(session, early)

        assert entries_of(submissions.waiting(session, 9)) == [early.entry_id, late.entry_id]
        assert entries_of(submissions.waiting(session, 1)) == [early.entry_id]
