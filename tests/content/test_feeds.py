"""What a feed has lost, looked for in the last acts."""

import pytest

from content import feeds, publishing, types
from content.feeds import Feed
from content.log import head
from content.narrowing import Filters
from content.partners import ANONYMOUS
from tests.builders import ED, a_live_article
from tests.plans import planned, walked


class TestRemovals:
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    @pytest.mark.parametrize("locale", [None, "en"])
    def test_it_walks_through_no_texts_but_those_of_the_last_acts(self, session, engine, locale):
        shown = a_live_article(session)
        publishing.withdraw(session, shown.entry_id, by=ED)
        feed = Feed(types.get("article"), Filters(locale=locale), ANONYMOUS, head(session).sequence)

        with planned(engine) as steps:
            [told] = feeds.removals(session, feed, [])
            session.rollback()

        assert told.entry_id == shown.entry_id
        assert any("(sequence>? AND sequence<?)" in step for step in steps)
        assert walked(steps) == [one for one in steps if "edition" in one and "(type=?" in one] == []
