"""What readers were handed is counted to the last one, however soon after it the server is told to stop."""

import httpx
import pytest
from sqlalchemy import select

from content.usage.counting import ANONYMOUS, Kind, Usage
from tests.api.bearers import a_partner, bearing
from tests.builders import a_live_article, a_live_faq
from tests.served import served

TIMES = 40


@pytest.fixture
def texts(session):
    """An article and an FAQ of its own, and a partner with a key."""
    article = a_live_article(session).entry_id
    faq = a_live_faq(session, article=str(article)).entry_id
    partner = a_partner(session)
    return article, faq, partner, bearing(session, partner)


@pytest.mark.parametrize("workers", ["1", "2"])
class TestACleanStop:
    def test_it_loses_no_read_of_anybody(
        self, tmp_path, sqlite_template, database_url, session, texts, workers
    ):
        article, faq, partner, borne = texts
        told = {"DATABASE_URL": database_url, "VERSO_WORKERS": workers, "VERSO_SEED": "0"}
        (tmp_path / "served").mkdir()

        # Each read on a connection of its own, so that every worker answers some.
        alone = httpx.Limits(max_keepalive_connections=0)
        with (
            served(tmp_path / "served", sqlite_template, **told) as address,
            httpx.Client(base_url=f"{address}/api/v1/", limits=alone) as reader,
        ):
            for number in range(TIMES):
                one = reader.get("articles/clots")
                again = {"If-None-Match": one.headers["ETag"]}
                assert reader.get("articles/clots", headers=again).status_code == 304
                reader.get("faqs", headers=borne)
                reader.get(f"faqs/{faq}/embed/fragment?level={number % 3 + 2}")

        assert rows(session) == {
            (ANONYMOUS, article): {Kind.FETCH: TIMES, Kind.UNCHANGED: TIMES},
            (ANONYMOUS, faq): {Kind.EMBED: TIMES},
            (partner, faq): {Kind.LISTED: TIMES},
        }


def rows(session):
    """What is counted, by partner and entry, of all days."""
    session.rollback()
    found = {}
    for one in session.scalars(select(Usage)):
        kinds = found.setdefault((one.partner_id, one.entry_id), {})
        for kind in Kind:
            if times := getattr(one, kind):
                kinds[kind] = kinds.get(kind, 0) + times
    return found
