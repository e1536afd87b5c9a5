from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from content import autosaves, publishing, versions
from content.database import new_id
from content.errors import ContentRetracted, NotFound
from tests.builders import ED, HOUR, MAY_DAY, an_article, an_faq, article_values, saved
from tests.plans import planned

ADA = "person:ada"


def keep(session, typed, *, tab=None, version=None, by=ED, now=MAY_DAY, **more):
    """The tab in which it was kept."""
    tab = tab or new_id()
    about = {"entry_id": version.entry_id, "based_on": version.number} if version else {}
    autosaves.keep(session, tab, typed, by=by, type_name="article", now=now, **about, **more)
    return tab


def left(session, version=None, *, by=ED):
    entry_id = version.entry_id if version else None
    return [
        (one.tab, one.typed) for one in autosaves.left(session, by=by, type_name="article", entry_id=entry_id)
    ]


def made_in(session, tab):
    source = autosaves.source_of(tab, ED)
    return versions.create(
        session, "article", article_values(), locale="en", by=ED, source=source, now=MAY_DAY
    )


class TestKeep:
    def test_it_keeps_what_was_typed_and_what_it_started_from(self, session):
        first = an_article(session)
        saved(session, first, title="Another")

        tab = keep(session, {"title": "Half a ti", "body": ""}, version=first)

        kept = autosaves.autosave(session, tab, by=ED)
        assert (kept.typed, kept.based_on, kept.kept_at) == ({"title": "Half a ti", "body": ""}, 1, MAY_DAY)

    def test_it_keeps_it_in_place_of_what_the_tab_held(self, session):
        article = an_article(session)
        tab = keep(session, {"title": "One"}, version=article)

        keep(session, {"title": "Two"}, version=article, tab=tab, now=MAY_DAY + HOUR)

        assert left(session, article) == [(tab, {"title": "Two"})]

    def test_it_keeps_one_for_each_tab_entry_and_editor(self, session):
        article = an_article(session)
        one, two = (keep(session, {"title": title}, version=article) for title in ("One", "Two"))
        new = keep(session, {"title": "New"})
        others = keep(session, {"title": "Hers"}, version=article, by=ADA)

        assert {tab for tab, _ in left(session, article)} == {one, two}
        assert left(session) == [(new, {"title": "New"})]
        assert left(session, article, by=ADA) == [(others, {"title": "Hers"})]

    def test_it_keeps_characters_that_no_text_may_hold(self, session):
        tab = keep(session, {"title": "a\x00b\x0b"})

        session.expire_all()
        assert left(session) == [(tab, {"title": "a\x00b\x0b"})]

    def test_it_takes_the_place_of_a_tab_that_is_gone(self, session):
        article = an_article(session)
        gone = keep(session, {"title": "One"}, version=article)

        tab = keep(session, {"title": "One and more"}, version=article, instead_of=gone)

        assert left(session, article) == [(tab, {"title": "One and more"})]

    def test_it_is_never_written_over_by_somebody_else(self, session):
        article = an_article(session)
        tab = keep(session, {"title": "Mine"}, version=article)

        with pytest.raises(NotFound):
            keep(session, {"title": "Hers"}, version=article, tab=tab, by=ADA)
        keep(session, {"title": "Hers"}, version=article, by=ADA, instead_of=tab)

        assert left(session, article) == [(tab, {"title": "Mine"})]

    def test_it_is_about_one_entry(self, session):
        tab = keep(session, {"title": "Mine"}, version=an_article(session))

        with pytest.raises(NotFound):
            keep(session, {"title": "Mine"}, version=an_article(session, slug="other"), tab=tab)

    def test_it_knows_versions_that_there_are(self, session):
        article, faq = an_article(session), an_faq(session)

        for version, number in ((article, 2), (article, None), (faq, 1)):
            about = {"entry_id": version.entry_id, "based_on": number}
            with pytest.raises(NotFound):
                autosaves.keep(session, new_id(), {}, by=ED, type_name="article", **about)

    def test_one_tab_may_send_twice_at_once(self, session, engine):
        tab = new_id()

        def send(title):
            with Session(engine) as other:
                keep(other, {"title": title}, tab=tab)
                other.commit()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(send, "abcd"))

        assert [one for one, _ in left(session)] == [tab]


class TestLeft:
    def test_it_is_the_last_first(self, session):
        article = an_article(session)
        early = keep(session, {}, version=article)
        late = keep(session, {}, version=article, now=MAY_DAY + HOUR)

        assert [tab for tab, _ in left(session, article)] == [late, early]


class TestAutosave:
    def test_it_is_nobodys_but_its_editors(self, session):
        tab = keep(session, {"title": "Mine"})

        with pytest.raises(NotFound):
            autosaves.autosave(session, tab, by=ADA)

    def test_it_is_what_was_kept_last(self, session):
        tab = keep(session, {"title": "Mine"})
        before = autosaves.autosave(session, tab, by=ED)
        keep(session, {"title": "Mine and more"}, tab=tab)

        assert autosaves.autosave(session, tab, by=ED) is before
        assert before.typed == {"title": "Mine and more"}


class TestDiscard:
    def test_it_forgets_ones_own(self, session):
        mine, kept = keep(session, {}), keep(session, {"title": "Kept"})

        autosaves.discard(session, [kept], by=ADA)
        autosaves.discard(session, [mine], by=ED)

        assert left(session) == [(kept, {"title": "Kept"})]


class TestErase:
    def test_it_leaves_no_buffer_of_the_entry_and_all_others(self, session):
        article, other = an_article(session), an_article(session, slug="other")
        second = saved(session, article, title="Another")
        for version in (article, second, other):
            keep(session, {"title": "Jane Doe"}, version=version, by=ADA)

        publishing.erase(session, article.entry_id, [1], by=ED, now=MAY_DAY)

        assert left(session, article, by=ADA) == []
        assert len(left(session, other, by=ADA)) == 1

    def test_nothing_is_kept_any_more_that_started_from_erased_words(self, session):
        article = an_article(session)
        second = saved(session, article, title="Another")
        publishing.erase(session, article.entry_id, [1], by=ED, now=MAY_DAY)

        with pytest.raises(ContentRetracted):
            keep(session, {"title": "Jane Doe"}, version=article)
        keep(session, {"title": "Nobody"}, version=second)

    def test_it_leaves_no_buffer_of_the_tab_that_made_it(self, session):
        tab, other = new_id(), keep(session, {"title": "Another text"})
        article = made_in(session, tab)
        keep(session, {"title": "Jane Doe of Elm Street"}, tab=tab)

        publishing.erase(session, article.entry_id, by=ED, now=MAY_DAY)

        assert [one for one, _ in left(session)] == [other]

    def test_nothing_is_kept_any_more_of_the_tab_that_made_it(self, session):
        tab = new_id()
        article = made_in(session, tab)
        publishing.erase(session, article.entry_id, by=ED, now=MAY_DAY)

        with pytest.raises(ContentRetracted):
            keep(session, {"title": "Jane Doe"}, tab=tab)
        session.rollback()

        keep(session, {"title": "Jane Doe"}, tab=tab, by=ADA)

    @pytest.mark.parametrize("source", ["tab.txt", "tab 3 of 7.txt#jane", None])
    def test_an_entry_may_be_made_from_anything(self, session, source):
        article = versions.create(session, "article", article_values(), locale="en", by=ED, source=source)

        publishing.erase(session, article.entry_id, by=ED, now=MAY_DAY)

        assert versions.latest(session, article.entry_id).erased


DAY = timedelta(days=1)


class TestForget:
    @pytest.mark.parametrize(
        ("age", "told", "stays"),
        [
            (89, None, True),
            (90, None, True),
            (454, None, True),
            (455, None, False),
            (90, 13, True),
            (90, 14, False),
            (89, 20, True),
        ],
    )
    def test_it_goes_when_it_is_old_and_its_editor_was_told_long_ago_or_never_came(
        self, session, age, told, stays
    ):
        now = MAY_DAY + 1000 * DAY
        tab = keep(session, {"title": "Left"}, now=now - age * DAY)
        one = autosaves.autosave(session, tab, by=ED)
        one.told_at = now - told * DAY if told else None
        session.commit()

        assert autosaves.forget(session, days=90, now=now) == (not stays)
        assert left(session) == ([(tab, {"title": "Left"})] if stays else [])
        assert autosaves.forget(session, days=90, now=now) == 0

    def test_it_takes_nothing_where_it_is_to_stay_for_ever(self, session):
        tab = keep(session, {"title": "Left"})
        session.commit()

        assert autosaves.forget(session, days=0, now=MAY_DAY + 5000 * DAY) == 0
        assert left(session) == [(tab, {"title": "Left"})]

    def test_what_is_typed_anew_has_its_days_anew(self, session):
        tab = keep(session, {"title": "Left"})
        shown = [one for one, _ in autosaves.of_editor(session, by=ED, most=9)]
        assert autosaves.tell(session, shown, days=90, now=MAY_DAY + 80 * DAY)
        keep(session, {"title": "Left, and gone on with"}, tab=tab, now=MAY_DAY + 85 * DAY)
        session.commit()

        assert autosaves.forget(session, days=90, now=MAY_DAY + 174 * DAY) == 0
        assert autosaves.autosave(session, tab, by=ED).told_at is None

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_it_walks_no_table(self, engine, session):
        keep(session, {"title": "Left"})
        session.commit()

        with planned(engine) as steps:
            autosaves.forget(session, days=90, now=MAY_DAY + 5000 * DAY)

        assert [step for step in steps if step.startswith("SCAN autosave")] == []
        assert any("ix_autosave_kept_at" in step for step in steps)


class TestTell:
    def test_it_notes_once_what_is_to_go_within_two_weeks_and_from_when_on_it_goes(self, session):
        keep(session, {"title": "Fresh"}, now=MAY_DAY + 5 * DAY)
        old = keep(session, {"title": "Old"})
        shown = [one for one, _ in autosaves.of_editor(session, by=ED, most=9)]

        assert not autosaves.tell(session, shown, days=90, now=MAY_DAY + 75 * DAY)
        assert autosaves.tell(session, shown, days=90, now=MAY_DAY + 78 * DAY)
        assert not autosaves.tell(session, shown, days=90, now=MAY_DAY + 79 * DAY)

        fresh, kept = shown
        assert (kept.tab, kept.told_at, fresh.told_at) == (old, MAY_DAY + 78 * DAY, None)
        assert (kept.goes_at(90), kept.goes_at(0), fresh.goes_at(90)) == (MAY_DAY + 92 * DAY, None, None)
