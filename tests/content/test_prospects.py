from datetime import timedelta

from content import expiry, prospects, publishing, schedule, settling
from content.log import ChangeKind
from content.schedule import Fate, Verb
from content.types import OnReviewDue
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_topic,
    an_article,
    publish,
    saved,
    signed,
)

TAKEN = (
    "The slug 'clots' (en) belongs to another live entry, “Clots in the leg”. "
    "Choose another slug, or withdraw that one first."
)


def plan(session, verb, version, hours=1, **options):
    number = version.number if verb in (Verb.PUBLISH, Verb.REINSTATE) else None
    due_at = MAY_DAY + hours * HOUR
    made = schedule.schedule(
        session, verb, version.entry_id, due_at=due_at, by=ED, version=number, now=MAY_DAY, **options
    )
    session.commit()
    return made


def refusals(session):
    """What is foretold, by entry and hour; and of each that it comes so."""
    waiting = schedule.waiting(session)
    told = prospects.refusals(session, waiting, now=MAY_DAY)
    assert not session.new
    foretold = {one.id: told.get(one.id) for one in waiting}
    settling.settle(session, now=max((one.due_at for one in waiting), default=MAY_DAY))
    ended = {one: schedule.scheduled(session, one) for one in foretold}
    assert {one for one, why in foretold.items() if why} == {
        one for one, it in ended.items() if it.fate == Fate.FAILED
    }
    return [why for why in foretold.values() if why]


class TestRefusals:
    def test_what_would_be_done_is_not_among_them(self, session):
        topic = a_topic(session)
        plan(session, Verb.PUBLISH, signed(session, an_article(session)))
        plan(session, Verb.WITHDRAW, a_live_article(session, slug="live"))
        plan(
            session,
            Verb.PUBLISH,
            signed(session, an_article(session, slug="forced")),
            2,
            forced=True,
            reason="Now.",
        )
        along = [(topic, 1)]
        plan(session, Verb.PUBLISH, signed(session, an_article(session, slug="along")), 3, along=along)

        assert refusals(session) == []

    def test_words_that_nobody_has_signed_are(self, session):
        plan(session, Verb.PUBLISH, an_article(session))

        assert refusals(session) == ["Version 1 cannot be published: no review of this very text holds."]

    def test_a_signature_that_is_void_by_then_is(self, session):
        article = signed(session, an_article(session), due_on=MAY_DAY.date() + timedelta(days=2))
        plan(session, Verb.PUBLISH, article, hours=72)

        assert refusals(session) == ["Version 1 cannot be published: its review was due on 2026-05-03."]

    def test_an_address_that_another_one_bears_by_now_is(self, session):
        plan(session, Verb.PUBLISH, signed(session, an_article(session, slug="clots")))
        a_live_article(session, slug="clots")

        assert refusals(session) == [TAKEN]

    def test_an_address_that_is_free_by_then_is_not(self, session):
        plan(session, Verb.PUBLISH, signed(session, an_article(session, slug="clots")), hours=2)
        plan(session, Verb.WITHDRAW, a_live_article(session, slug="clots"), hours=1)

        assert refusals(session) == []

    def test_the_second_of_two_that_come_to_one_address_is(self, session):
        plan(session, Verb.PUBLISH, signed(session, an_article(session, slug="clots")), hours=1)
        plan(session, Verb.PUBLISH, signed(session, an_article(session, slug="clots")), hours=2)

        assert refusals(session) == [TAKEN]

    def test_what_is_due_before_it_comes_before_it(self, session):
        article = signed(session, an_article(session))
        plan(session, Verb.PUBLISH, article, hours=1)
        plan(session, Verb.HOLD, article, hours=2)
        plan(session, Verb.RELEASE, article, hours=3)
        plan(session, Verb.WITHDRAW, article, hours=4)
        plan(session, Verb.REINSTATE, article, hours=5)
        plan(session, Verb.RELEASE, article, hours=6)

        [told] = refusals(session)
        assert told.endswith("this one is live.")

    def test_what_its_review_takes_from_readers_before_is(self, session):
        expiry.decide(session.get_bind(), {"article": OnReviewDue.HOLD})
        soon = MAY_DAY.date() + timedelta(days=2)
        article = signed(session, an_article(session), due_on=soon)
        publish(session, article)
        plan(session, Verb.PUBLISH, signed(session, saved(session, article, body="New.")), hours=72)

        [told] = refusals(session)
        assert told.endswith("this one is held. Its review falls due on 2026-05-03, before that.")

    def test_what_is_public_by_then_is_not(self, session):
        article = signed(session, an_article(session))
        plan(session, Verb.PUBLISH, article)
        publish(session, article)

        assert refusals(session) == []

    def test_a_withdrawal_of_a_text_that_was_rewritten_or_withdrawn_since_is(self, session):
        rewritten, withdrawn = a_live_article(session), a_live_article(session, slug="gone")
        for version in (rewritten, withdrawn):
            plan(session, Verb.WITHDRAW, version)
        newer = signed(session, saved(session, rewritten, body="New."))
        publish(session, newer, now=MAY_DAY + HOUR / 2)
        publishing.withdraw(session, withdrawn.entry_id, by=ED, now=MAY_DAY + HOUR / 2)

        first, second = refusals(session)

        assert first.startswith("Version 2 is public since this was planned for another text.")
        assert second.startswith("It was withdrawn since this was planned, and is gone by now.")

    def test_a_withdrawal_behind_what_changes_its_text_before_it_is_decided_as_it_will_be(self, session):
        expiry.decide(session.get_bind(), {"article": OnReviewDue.WITHDRAW})
        soon = MAY_DAY.date() + timedelta(days=2)
        taken = signed(session, an_article(session, slug="taken"), due_on=soon)
        publish(session, taken)
        plan(session, Verb.WITHDRAW, taken, hours=72)
        typo, rewritten = a_live_article(session, slug="typo"), a_live_article(session, slug="rewritten")
        for version, kind in ((typo, ChangeKind.TYPO), (rewritten, ChangeKind.CLINICAL)):
            plan(session, Verb.WITHDRAW, version, hours=2)
            newer = signed(session, saved(session, version, body="New."))
            plan(session, Verb.PUBLISH, newer, hours=1, kind=kind)

        [told] = refusals(session)
        assert told.startswith("Version 2 is public since")

    def test_what_it_takes_along_can_be_why(self, session):
        named = an_article(session, slug="named")
        along = [(str(named.entry_id), 1)]
        plan(session, Verb.PUBLISH, signed(session, an_article(session)), along=along)

        assert refusals(session) == ["Version 1 cannot be published: no review of this very text holds."]

    def test_many_cost_as_many_statements_as_two(self, session, statements):
        def asked(many):
            for number in range(many):
                slug = f"of-{many}-{number}"
                a_live_article(session, slug=slug)
                plan(session, Verb.PUBLISH, signed(session, an_article(session, slug=slug)))
            waiting = schedule.waiting(session)
            statements.clear()
            assert len(prospects.refusals(session, waiting, now=MAY_DAY)) == len(waiting)
            return len(statements)

        assert asked(2) == asked(12) < 20
