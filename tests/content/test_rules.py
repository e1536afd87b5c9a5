"""The rules that must never be broken, by the numbers that the design gives them; what many at once can do to them
stands in `test_concurrency`, what any order of verbs can in `test_lives`."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from content import (
    autosaves,
    comments,
    corpus,
    database,
    diffs,
    documents,
    expansion,
    granting,
    grants,
    history,
    log,
    moments,
    partners,
    publishing,
    rebuild,
    schedule,
    settling,
    submissions,
    types,
    versions,
)
from content.corpus import Filters
from content.database import new_id
from content.documents import Document
from content.editions import Edition, Facet
from content.entries import Entry
from content.errors import (
    ContentError,
    ContentRetracted,
    Elsewhere,
    Gone,
    Invalid,
    NotFound,
    NotReviewed,
    OwnText,
    SaveClash,
    SlugTaken,
)
from content.log import Act, Line, State
from content.partners import ANONYMOUS, Reach
from content.placement import LICENSED
from content.reviews import Review
from content.schedule import Verb
from content.steps import Hold
from content.versions import Version
from tests.builders import (
    DR_REED,
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    article_values,
    publish,
    saved,
    signed,
)
from tests.invariants import invariants

ARTICLE = types.get("article")


def begin_erasure(session, version):
    """Begin an act that says it erases something of the entry: the one cloak under which a text may be emptied."""
    act = log.begin_act(session, by=ED, reason=None, now=MAY_DAY)
    line = Line(sequence=act.sequence, entry_id=version.entry_id, event="erased", state="live", forced=False)
    session.add(line)
    session.flush()


def refused(session, statement, **values):
    """Run a statement that the database itself must refuse."""
    with pytest.raises(DBAPIError):
        session.execute(text(statement), values)
    session.rollback()


def serve(session, at, reach=ANONYMOUS):
    """All that readers are served of articles at a sequence, as bytes."""
    page = corpus.page(session, ARTICLE, Filters(), at=at, reach=reach, limit=100)
    cards = expansion.cards(session, ARTICLE, page, at=at, reach=reach)
    found = [
        corpus.find(session, ARTICLE, item.edition.entry_id, locale="en", at=at, reach=reach)
        for item in page
        if not item.notice
    ]
    whole = [expansion.whole(session, ARTICLE, item, at=at, reach=reach) for item in found]
    return json.dumps([cards, whole]).encode()


class TestRule1:
    """A version, an act, a line and a document never change."""

    TABLES = (Version, Act, Line, Document, log.Epoch, Review)

    @pytest.mark.parametrize("table", TABLES)
    def test_no_column_of_a_row_changes(self, session, table):
        a_live_article(session)

        for column in table.__table__.columns:
            refused(session, f'UPDATE "{table.__tablename__}" SET "{column.name}" = "{column.name}"')

    @pytest.mark.parametrize("table", TABLES)
    def test_no_row_is_deleted(self, session, table):
        a_live_article(session)

        refused(session, f'DELETE FROM "{table.__tablename__}"')

    @pytest.mark.parametrize(("table", "column"), [("version", "content_hash"), ("document", "hash")])
    def test_no_hash_changes_under_the_cloak_of_an_erasure(self, session, table, column):
        version = a_live_article(session)
        empty = {"version": "content = NULL, note = NULL", "document": "card = NULL, body = NULL"}[table]
        begin_erasure(session, version)

        refused(session, f"UPDATE {table} SET {empty}, {column} = 'other'")

    @pytest.mark.parametrize(
        ("table", "half"), [("document", "card"), ("document", "body"), ("version", "content")]
    )
    def test_no_row_is_half_erased(self, session, table, half):
        version = an_article(session)
        second = versions.save(
            session, version.entry_id, version.values, based_on=1, by=ED, note="A note.", now=MAY_DAY
        )
        publish(session, signed(session, second))
        begin_erasure(session, version)

        refused(session, f'UPDATE "{table}" SET "{half}" = NULL')

    @pytest.mark.parametrize("number", [1, 3, 0, -1])
    def test_no_hole_comes_into_the_numbers(self, session, number):
        version = an_article(session)
        session.commit()
        row = {key: getattr(version, key) for key in Version.__table__.columns.keys()}  # noqa: SIM118

        session.expunge_all()
        session.add(Version(**row | {"number": number}))
        with pytest.raises(IntegrityError):
            session.flush()

    def test_erasure_takes_the_words_and_leaves_numbers_and_hashes(self, session):
        secret = "Jane Doe of Elm Street"
        values = article_values(title=secret, body=secret, summary=secret, slug="jane-doe", tags=["Jane Doe"])
        named = {"locale": "en", "by": ED, "now": MAY_DAY, "source": f"{secret}.txt#jane-doe"}
        version = signed(session, versions.create(session, "article", values, **named))
        publish(session, version)
        kept = (version.number, version.content_hash, version.placement_hash)
        saved(session, version, body=f"{secret} and more.")
        typed = {"type_name": "article", "entry_id": version.entry_id, "based_on": 2, "by": ED}
        autosaves.keep(session, new_id(), {"body": f"{secret} once more."}, **typed)
        sent = submissions.submit(session, version.entry_id, 2, by=ED, message=secret, now=MAY_DAY)
        submissions.send_back(session, sent.id, by=DR_REED.id, answer=secret, now=MAY_DAY)
        about = {"field": "body", "passage": secret, "words": secret, "by": DR_REED.id}
        comments.comment(session, version.entry_id, 2, **about, now=MAY_DAY)

        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        assert (version.number, version.content_hash, version.placement_hash) == kept
        assert session.scalar(select(Line.event).order_by(Line.sequence.desc())) == "erased"
        everything = " ".join(
            str(row)
            for table in inspect(session.get_bind()).get_table_names()
            for row in session.execute(text(f'SELECT * FROM "{table}"')).all()
        )
        assert not [word for word in ("Jane", "jane", "Elm") if word in everything]

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_erasure_leaves_none_of_the_words_in_the_files_of_sqlite(self, session):
        file = Path(session.get_bind().url.database)
        secret = " ".join(f"Jane {number} of Elm Street." for number in range(2_000))
        version = a_live_article(
            session, title="Jane of Elm Street", body=secret, summary="Jane", slug="jane"
        )
        written = file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
        assert b"Jane" in written

        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        left = file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
        assert not [word for word in (b"Jane", b"jane", b"Elm") if word in left]


class TestRule2:
    """At most one live edition per entry, and one per (type, locale, slug)."""

    def edition(self, session, version, **values):
        row = {key: getattr(session.query(Edition).first(), key) for key in Edition.__table__.columns.keys()}  # noqa: SIM118
        session.add(Edition(**row | {"entry_id": version.entry_id, "version": 1} | values))

    def test_the_database_refuses_a_second_live_edition(self, session):
        version = a_live_article(session)

        self.edition(session, version, from_sequence=2, slug="other")
        with pytest.raises(IntegrityError):
            session.flush()

    def test_the_database_refuses_a_second_bearer_of_a_slug(self, session):
        a_live_article(session, slug="clots")
        other = an_article(session, slug="other")

        self.edition(session, other, from_sequence=2)
        with pytest.raises(IntegrityError):
            session.flush()

    def test_a_slug_is_taken_until_its_bearer_leaves(self, session):
        first, second = a_live_article(session), signed(session, an_article(session))
        session.commit()
        with pytest.raises(SlugTaken) as caught:
            publish(session, second)
        assert caught.value.bearer == first.entry_id
        assert str(caught.value) == (
            "The slug 'clots' (en) belongs to another live entry, “Clots in the leg”. "
            "Choose another slug, or withdraw that one first."
        )

        publishing.withdraw(session, first.entry_id, by=ED, now=MAY_DAY)
        publish(session, second)

        session.commit()
        with pytest.raises(SlugTaken):
            publishing.reinstate(session, first.entry_id, 1, by=ED, now=MAY_DAY)

    def test_two_of_one_act_do_not_share_one(self, session):
        steps = [
            publishing.publication(session, an_article(session).entry_id, 1, forced=True) for _ in range(2)
        ]

        with pytest.raises(SlugTaken):
            publishing.perform(session, steps, by=ED, reason="Urgent.", now=MAY_DAY)

    def test_two_of_one_act_may_change_places(self, session):
        one, two = a_live_article(session, slug="one"), a_live_article(session, slug="two")
        steps = [
            publishing.publication(session, version.entry_id, saved(session, version, slug=slug).number)
            for version, slug in ((one, "two"), (two, "one"))
        ]

        publishing.perform(session, steps, by=ED, now=MAY_DAY)

        found = corpus.find(session, ARTICLE, "one", locale="en", at=3, reach=ANONYMOUS)
        assert found.edition.entry_id == two.entry_id


class TestRule3:
    """The log's order is its commit order."""

    @pytest.mark.parametrize("sequence", [1, 3, 0, -1])
    def test_the_database_refuses_a_sequence_out_of_order(self, session, sequence):
        a_live_article(session)

        session.add(Act(sequence=sequence, at=MAY_DAY, recorded_at=MAY_DAY, by=ED))
        with pytest.raises(IntegrityError):
            session.flush()

    def test_the_database_refuses_a_time_that_falls(self, session):
        a_live_article(session)

        session.add(Act(sequence=2, at=MAY_DAY - timedelta(microseconds=1), recorded_at=MAY_DAY, by=ED))
        with pytest.raises(IntegrityError):
            session.flush()

    def test_at_is_the_last_act_s_where_the_clock_is_set_back(self, session):
        a_live_article(session, slug="one")

        a_live_article(session, slug="two", now=MAY_DAY - HOUR)

        assert list(session.scalars(select(Act.at))) == [MAY_DAY, MAY_DAY]

    def test_at_is_the_database_s_clock_unless_told(self, session):
        version = signed(session, an_article(session))
        before = database.clock(session)

        act = publish(session, version, forced="Urgent.", now=None)

        assert before <= act.at <= act.recorded_at

    def test_the_end_of_the_log_is_read_under_the_lock_in_a_statement_of_its_own(self, session):
        version = signed(session, an_article(session))
        session.commit()
        said = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *told: said.append(told[2]))

        publish(session, version)

        places = [number for number, one in enumerate(said) if "advisory" in one or "BEGIN IMMEDIATE" in one]
        heads = [number for number, one in enumerate(said) if "FROM act ORDER BY act.sequence DESC" in one]
        assert places[0] < heads[0]

    def test_nothing_is_rendered_under_the_lock(self, session):
        version = signed(session, an_article(session))
        step = publishing.publication(session, version.entry_id, 1)

        assert step.rendering.body
        assert publishing.perform(session, [step], by=ED, now=MAY_DAY).sequence == 1


class TestRule4:
    """An act and all that belongs to it appear together or not at all."""

    def test_a_refused_act_leaves_nothing(self, session):
        live, draft = a_live_article(session, slug="one"), an_article(session, slug="two")
        session.commit()
        steps = [Hold(entry_id=live.entry_id), publishing.publication(session, draft.entry_id, 1)]

        with pytest.raises(NotReviewed):
            publishing.perform(session, steps, by=ED, now=MAY_DAY)

        assert log.head(session).sequence == 1
        assert session.query(Document).count() == 1
        invariants(session)

    def test_a_failure_of_any_statement_leaves_nothing(self, session, engine):
        version = signed(session, an_article(session))
        session.commit()

        total = self.statements(engine, version, fails_at=None)
        for place in range(1, total + 1):
            with pytest.raises(RuntimeError):
                self.statements(engine, version, fails_at=place)
            assert (
                session.query(Act).count()
                == session.query(Edition).count()
                == session.query(Facet).count()
                == 0
            )
            session.rollback()

    def statements(self, engine, version, *, fails_at):
        """Publish, count its statements and roll back at the last moment; or fail before one of them."""
        counted = []

        def count(*told):
            counted.append(told[2])
            if len(counted) == fails_at:
                raise RuntimeError("the machine fails")

        def at_last(_):
            if fails_at is None:
                raise RuntimeError("the last moment")

        with Session(engine) as session:
            event.listen(engine, "before_cursor_execute", count)
            event.listen(session, "before_commit", at_last)
            try:
                publishing.publish(session, version.entry_id, 1, by=ED, now=MAY_DAY)
            except RuntimeError:
                if fails_at is not None:
                    raise
            finally:
                event.remove(engine, "before_cursor_execute", count)
        return len(counted)


class TestRule5:
    """A read that starts after an act was acknowledged sees it."""

    def test_another_session_sees_it_at_once(self, session, engine):
        with Session(engine) as reader:
            for number in range(3):
                version = a_live_article(session, slug=f"a-{number}")

                present = moments.present(reader, now=MAY_DAY)
                assert present.sequence == number + 1
                assert corpus.find(
                    reader, ARTICLE, version.entry_id, locale="en", at=present.sequence, reach=ANONYMOUS
                )
                reader.rollback()


class TestRule6:
    """No draft leaks."""

    SECRETS = ("Draft words", "Secret reason", ED, "draft-slug", "draft tag", "note for us", DR_REED.id)

    def test_nothing_that_readers_are_handed_names_a_draft_a_person_or_a_reason(self, session):
        version = a_live_article(session)
        values = {"body": "Draft words", "title": "Draft words", "slug": "draft-slug", "tags": ["draft tag"]}
        versions.save(
            session,
            version.entry_id,
            {**version.values, **values},
            based_on=1,
            by=ED,
            note="note for us",
            now=MAY_DAY,
        )
        publishing.hold(session, version.entry_id, by=ED, reason="Secret reason", now=MAY_DAY)
        publishing.release(session, version.entry_id, by=ED, reason="Secret reason", now=MAY_DAY)

        handed = serve(session, 3).decode()

        assert '"version": 1' in handed
        assert not [secret for secret in self.SECRETS if secret in handed]
        with pytest.raises(NotFound):
            history.public_version(session, ARTICLE, version.entry_id, 2, at=3, reach=ANONYMOUS)
        shown = history.public_versions(session, ARTICLE, version.entry_id, at=3, reach=ANONYMOUS)
        assert [item.edition.version for item in shown] == [1]
        with pytest.raises(NotFound):
            corpus.find(session, ARTICLE, "draft-slug", locale="en", at=3, reach=ANONYMOUS)

    def test_a_draft_that_was_erased_is_in_no_history(self, session):
        version = an_article(session)
        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)

        (change,) = history.changes(session, since=0, at=1, reach=ANONYMOUS, limit=10)

        assert change.lines == ()

    def test_a_reference_to_a_draft_is_left_out(self, session):
        draft = an_article(session, slug="draft")
        faq = a_live_faq(session, article=str(draft.entry_id))

        item = corpus.find(session, types.get("faq"), faq.entry_id, locale="en", at=1, reach=ANONYMOUS)

        assert expansion.whole(session, types.get("faq"), item, at=1, reach=ANONYMOUS)["article"] is None


class TestRule7:
    """Health content is published only with a review of that very content."""

    def test_one_letter_more_needs_another_review(self, session):
        version = a_live_article(session)

        with pytest.raises(NotReviewed):
            publish(session, saved(session, version, body=version.values["body"] + "."))

    def test_a_typo_in_placement_needs_none(self, session):
        version = a_live_article(session)

        publish(session, saved(session, version, slug="clots-in-legs", tags=["legs"]))

        assert serve(session, 2).count(b'"status": "reviewed"') == 2

    def test_a_forced_one_says_so_to_everybody(self, session):
        publish(session, an_article(session), forced="An outbreak.")

        assert serve(session, 1).count(b'"status": "not_reviewed"') == 2

    def test_nobody_reviews_their_own_words(self, session):
        with pytest.raises(OwnText):
            signed(session, an_article(session, by=DR_REED.id))

    def test_withdrawing_and_retracting_need_none(self, session):
        version = a_live_article(session)
        publish(session, saved(session, version, body="Other."), forced="An outbreak.")

        publishing.retract(session, version.entry_id, [1, 2], note="Wrong.", by=ED, now=MAY_DAY)
        publishing.withdraw(session, a_live_article(session, slug="two").entry_id, by=ED, now=MAY_DAY)

    def test_a_retracted_content_comes_back_by_a_reinstatement_only(self, session):
        version = a_live_article(session)
        publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)
        session.commit()

        for forced in (None, "Please."):
            with pytest.raises(ContentRetracted):
                publish(session, version, forced=forced)
        publishing.reinstate(session, version.entry_id, 1, by=ED, now=MAY_DAY)

        assert corpus.find(session, ARTICLE, version.entry_id, locale="en", at=1, reach=ANONYMOUS).json


class TestRule8:
    """Nobody's save overwrites another's unseen."""

    def test_a_clash_is_shown_and_nothing_saved(self, session):
        version = an_article(session)
        saved(session, version, title="Theirs")

        with pytest.raises(SaveClash):
            saved(session, version, title="Mine")
        session.commit()

        assert versions.latest(session, version.entry_id).values["title"] == "Theirs"


class TestRule9:
    """What is due is settled in due order before any read or act that comes after it."""

    def plan(self, session, version, verb=Verb.HOLD, hours=1):
        made = schedule.schedule(
            session, verb, version.entry_id, due_at=MAY_DAY + hours * HOUR, by=ED, now=MAY_DAY
        )
        session.commit()
        return made

    def test_a_read_settles_first(self, session):
        self.plan(session, a_live_article(session))

        assert moments.present(session, now=MAY_DAY + HOUR - timedelta(seconds=1)).sequence == 1
        assert moments.present(session, now=MAY_DAY + HOUR).sequence == 2

    def test_a_read_is_told_when_it_will_be_over(self, session):
        self.plan(session, a_live_article(session))

        assert moments.present(session, now=MAY_DAY).next_due == MAY_DAY + HOUR

    def test_an_act_settles_first(self, session):
        live = a_live_article(session)
        self.plan(session, live)

        later = a_live_article(session, slug="two", now=MAY_DAY + 2 * HOUR)

        order = list(session.scalars(select(Line.entry_id).order_by(Line.sequence)))
        assert order == [live.entry_id, live.entry_id, later.entry_id]

    def test_the_database_refuses_to_settle_one_twice(self, session):
        made = self.plan(session, a_live_article(session))
        settling.settle(session, now=MAY_DAY + HOUR)

        session.add(Act(sequence=3, at=MAY_DAY + HOUR, recorded_at=MAY_DAY, by=ED, due_id=made.id))
        with pytest.raises(IntegrityError):
            session.flush()


class TestRule10:
    """The past is the same bytes for ever, except for what was retracted or erased."""

    def test_nothing_that_comes_later_changes_what_was_served(self, session):
        topic = a_topic(session, "Veins")
        version = a_live_article(session, topics=[topic])
        at = log.head(session).sequence
        before = serve(session, at)

        publish(session, saved(session, version, body="Other."), forced="Urgent.")
        publish(session, saved(session, versions.latest(session, UUID(topic)), name="Arteries"))
        publishing.move(session, version.entry_id, "moved", by=ED, now=MAY_DAY)
        a_live_faq(session, article=str(version.entry_id))
        publishing.withdraw(session, version.entry_id, by=ED, now=MAY_DAY)

        assert serve(session, at) == before

    @pytest.mark.parametrize("verb", ["retract", "erase"])
    def test_what_was_struck_is_a_stub_wherever_it_was(self, session, verb):
        version = a_live_article(session)
        publish(session, signed(session, saved(session, version, body="Other.")))
        strike = getattr(publishing, verb)

        strike(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)

        (card,) = expansion.cards(
            session,
            ARTICLE,
            corpus.page(session, ARTICLE, Filters(), at=1, reach=ANONYMOUS, limit=9),
            at=1,
            reach=ANONYMOUS,
        )
        by_number = history.public_version(session, ARTICLE, version.entry_id, 1, at=3, reach=ANONYMOUS)
        assert set(card) == {"type", "id", "version", "notice"}
        assert expansion.stub(by_number) == card
        assert by_number.json is None
        with pytest.raises(Gone):
            corpus.find(session, ARTICLE, version.entry_id, locale="en", at=1, reach=ANONYMOUS)

    def test_what_is_withdrawn_is_never_a_bare_404(self, session):
        version = a_live_article(session)
        publishing.withdraw(session, version.entry_id, by=ED, now=MAY_DAY)

        with pytest.raises(Gone):
            corpus.find(session, ARTICLE, "clots", locale="en", at=2, reach=ANONYMOUS)

    def test_a_diff_of_the_past_is_of_the_versions_as_they_were(self, session):
        version = a_live_article(session, body="One word.")
        second = saved(session, version, body="Two words.")

        (found,) = diffs.compare(ARTICLE, version.values, second.values)

        assert (found.before, found.after) == ("One word.", "Two words.")


class TestRule11:
    """Every representation agrees on id, version, dates and text; a warning that must travel is in every one."""

    def test_card_and_document_agree(self, session):
        faq = a_live_faq(session, warnings=["Call 112."])
        declared = types.get("faq")
        item = corpus.find(session, declared, faq.entry_id, locale="en", at=1, reach=ANONYMOUS)
        (on_list,) = corpus.page(session, declared, Filters(), at=1, reach=ANONYMOUS, limit=9)

        whole = expansion.whole(session, declared, item, at=1, reach=ANONYMOUS)
        (card,) = expansion.cards(session, declared, [on_list], at=1, reach=ANONYMOUS)

        assert {key: whole[key] for key in card if key != "answer"} == {
            key: card[key] for key in card if key != "answer"
        }
        assert card["answer"].items() <= whole["answer"].items()
        assert card["warnings"] == [{"html": "<p>Call 112.</p>\n", "text": "Call 112."}]


class TestRule12:
    """`as_of` moves the corpus, never the right; grants are intervals on the log's own sequence."""

    def test_a_grant_of_today_reads_the_past_and_an_ended_one_nothing(self, session):
        version = a_live_article(session, audience=LICENSED)
        partner = partners.create(session, "Partner", now=MAY_DAY)
        granted = granting.grant(session, partner.id, Reach(audiences=(LICENSED,)), by=ED, now=MAY_DAY)

        reach = grants.reach_of(session, partner.id, granted.sequence)
        assert corpus.find(session, ARTICLE, version.entry_id, locale="en", at=1, reach=reach)

        given = session.query(grants.Grant).one()
        ended = granting.end_grant(session, given.id, by=ED, now=MAY_DAY)
        assert grants.reach_of(session, partner.id, ended.sequence) == ANONYMOUS
        assert (given.from_sequence, given.until_sequence) == (granted.sequence, ended.sequence)


class TestRule13:
    """The log has an epoch."""

    def test_it_is_there_before_the_first_act_and_stays(self, session):
        before = moments.present(session, now=MAY_DAY).epoch

        a_live_article(session)

        assert moments.present(session, now=MAY_DAY).epoch == before == log.epoch(session)

    def test_a_new_one_begins_after_a_restore(self, session):
        before = log.epoch(session)

        begun = log.begin_epoch(session)

        assert begun != before
        assert moments.present(session, now=MAY_DAY).epoch == begun


class TestRule14:
    """`rebuild` remakes the read model, and verifies what it rests on; no byte of the past changes."""

    def test_emptied_tables_give_the_same_answers(self, session):
        topic = a_topic(session, "Veins")
        version = a_live_article(session, topics=[topic], tags=["legs"])
        publish(session, signed(session, saved(session, version, body="Other.")))
        publishing.retract(session, version.entry_id, [1], note="Wrong.", by=ED, now=MAY_DAY)
        before = [serve(session, at) for at in range(log.head(session).sequence + 1)]
        session.execute(text("DELETE FROM facet"))
        session.execute(text("DELETE FROM edition"))
        session.commit()

        report = rebuild.rebuild(session)

        assert report.damage == ()
        assert [serve(session, at) for at in range(log.head(session).sequence + 1)] == before
        invariants(session)

    def test_a_changed_renderer_changes_live_entries_by_an_act_and_no_byte_of_the_past(
        self, session, monkeypatch
    ):
        a_live_article(session)
        before = serve(session, 1)

        monkeypatch.setattr(documents, "RENDERER", "verso-next")
        act = publishing.rerender(session, by=ED, now=MAY_DAY)

        live = session.query(Edition).filter_by(until_sequence=None).one()
        assert (live.from_sequence, session.get(Document, live.document_hash).renderer) == (
            act.sequence,
            "verso-next",
        )
        assert serve(session, 1) == before
        assert publishing.rerender(session, by=ED, now=MAY_DAY) is None
        assert rebuild.rebuild(session).differences == ()


class TestRule15:
    """Bad input gets a clear error that names the field; nothing is half-written."""

    @pytest.mark.parametrize(
        ("values", "pointers"),
        [
            (
                {"title": None, "slug": "Ä", "tags": ["a,b"], "nonsense": 1},
                {"/title", "/slug", "/tags/0", "/nonsense"},
            ),
            ({"body": "\x00"}, {"/body"}),
            ({"topics": [str(uuid4())]}, {"/topics"}),
            ({"sources": [{"title": "x", "url": "x"}]}, {"/sources/0/url"}),
        ],
    )
    def test_every_fault_is_named_and_nothing_written(self, session, values, pointers):
        with pytest.raises(Invalid) as caught:
            an_article(session, **values)
        session.commit()

        assert {fault.pointer for fault in caught.value.faults} == pointers
        assert session.query(Entry).count() == 0

    def test_every_refusal_is_a_sentence_for_a_person(self, session):
        version = an_article(session)
        session.commit()

        with pytest.raises(ContentError) as caught:
            publish(session, version)

        assert str(caught.value) == "Version 1 cannot be published: no review of this very text holds."

    def test_a_place_that_moved_is_told_as_such(self, session):
        version = a_live_article(session)
        publishing.withdraw(
            session,
            version.entry_id,
            manner=State.REDIRECTED,
            target="https://a.example/x",
            by=ED,
            now=MAY_DAY,
        )

        with pytest.raises(Elsewhere, match=r"now at https://a\.example/x"):
            corpus.find(session, ARTICLE, "clots", locale="en", at=2, reach=ANONYMOUS)
