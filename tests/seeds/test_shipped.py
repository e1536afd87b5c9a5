"""The shipped texts in a new installation."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.entries import Entry
from content.log import Act
from seeds import shipped
from tests.builders import MAY_DAY, an_article


def count(session, type_name):
    return session.scalar(select(func.count()).where(Entry.type == type_name))


class TestFill:
    def test_it_publishes_every_shipped_text_in_one_act(self, session):
        # All of them were published elsewhere by then.
        sowings = shipped.fill(session, locale="en", now=MAY_DAY.replace(year=2027))

        assert len(sowings) == len(shipped.texts())
        assert count(session, "article") >= 3
        assert count(session, "faq") >= 9
        assert count(session, "author") == 1
        assert [act.sequence for act in session.scalars(select(Act))] == [1]

    def test_it_does_nothing_where_an_entry_is(self, session):
        an_article(session)
        session.commit()

        assert shipped.fill(session, locale="en") == ()
        assert count(session, "article") == 1

    def test_it_fills_once_however_many_try(self, engine):
        def fill(_):
            with Session(engine) as session:
                return len(shipped.fill(session, locale="en"))

        with ThreadPoolExecutor(4) as threads:
            filled = list(threads.map(fill, range(4)))

        assert sorted(filled) == [0, 0, 0, len(shipped.texts())]


class TestLocaleOf:
    @pytest.mark.parametrize(
        ("wanted", "given"), [("en", "en"), ("en-GB", "en-GB"), ("de", "en"), ("eng", "en")]
    )
    def test_it_calls_english_what_is_english(self, wanted, given):
        assert shipped.locale_of(wanted) == given
