"""What texts are found by follows from the documents alone, and goes with them."""

from sqlalchemy import delete, func, select, text

from content import publishing
from content.corpus import Filters
from content.partners import ANONYMOUS
from content.rebuild import rebuild
from content.search import remaking
from content.search.finding import Scope, find
from content.search.texts import SearchText
from content.search.words import Key, Word
from tests.builders import ED, a_live_article, a_live_faq, publish, saved, signed


def found(session, typed, at):
    hits = find(session, typed, Scope(at, ANONYMOUS, Filters())).hits
    return [(hit.candidate.entry_id, hit.candidate.from_sequence, hit.rank) for hit in hits]


def a_log(session):
    """Texts corrected, retracted, erased; the last sequence."""
    first = a_live_article(session, title="Clots in the calf", slug="calf")
    publish(session, signed(session, saved(session, first, title="Thrombosis in the calf")))
    a_live_faq(session, question="Is a thrombosis dangerous?", slug="danger")
    named = a_live_faq(session, question="How is Mrs Quillfeather's calf?", slug="mrs-q")
    publishing.retract(session, first.entry_id, [1], note="Wrong.", by=ED)
    return publishing.erase(session, named.entry_id, by=ED, reason="a court").sequence


class TestRemake:
    def test_it_finds_nothing_to_mend_in_what_acts_wrote(self, session):
        a_log(session)

        assert rebuild(session).differences == ()

    def test_it_makes_all_anew_that_was_lost(self, session):
        last = a_log(session)
        asked = [(typed, at) for typed in ("calf", "trombosis", "dang") for at in range(last + 1)]
        before = [found(session, *one) for one in asked]
        for table in (SearchText, Word, Key):
            session.execute(delete(table))
        session.commit()

        report = rebuild(session)

        assert [one.split()[1] for one in report.differences] == ["texts", "words", "keys"]
        assert [found(session, *one) for one in asked] == before
        assert any(before)


class TestMakeReady:
    def test_it_makes_all_anew_once_after_an_upgrade(self, session):
        last = a_log(session)
        found_before = found(session, "calf", last)
        session.execute(delete(SearchText))
        session.commit()

        made = remaking.make_ready(session)

        assert made == session.scalar(select(func.count()).select_from(SearchText)) > 0
        assert found(session, "calf", last) == found_before
        assert remaking.make_ready(session) == 0


class TestErase:
    def test_it_takes_the_words_that_no_other_text_has(self, session):
        a_log(session)

        words = set(session.scalars(select(Word.word)))

        assert "calf" in words
        assert words.isdisjoint({"mrs", "quillfeather"})
        assert session.scalar(select(func.count()).where(Key.word == "quillfeather")) == 0
        assert session.scalar(select(func.count()).where(SearchText.a.contains("quillfeather"))) == 0

    def test_a_word_begins_with_the_first_text_that_still_has_it(self, session):
        first = a_live_faq(session, question="Is it a quillwort?", slug="one")
        a_live_faq(session, question="Which quillwort?", slug="two")

        publishing.erase(session, first.entry_id, by=ED, reason="a court")

        assert session.scalars(select(Word.since).where(Word.word == "quillwort")).one() == 2

    def test_nothing_is_left_of_a_word_in_fts5(self, session, database_url):
        a_log(session)
        if database_url.startswith("postgresql"):
            left = session.execute(text("SELECT word FROM ts_stat('SELECT tokens FROM search_text')"))
            assert "quillfeather" not in {row.word for row in left}
            return

        segments = session.execute(text("SELECT block FROM search_index_data")).scalars().all()

        assert not any(b"quillfeather" in block for block in segments)
        assert any(b"thrombosis" in block for block in segments)
