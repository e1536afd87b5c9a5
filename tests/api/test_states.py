"""The table of docs/states.md, cell by cell, over HTTP."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from content import expiry, publishing, schedule, settling
from content.log import State
from content.types import OnReviewDue
from tests.api.test_sync import synced
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    NEXT_YEAR,
    a_live_article,
    a_live_faq,
    publish,
    saved,
    signed,
)

DUE_ON = NEXT_YEAR - timedelta(days=30)  # before anything else falls due
PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def table():
    """Yield (state, its cells by way of asking) for each row of the page's table."""
    rows = [
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in PAGE.read_text().splitlines()
        if line.startswith("|")
    ]
    head, _, *body = rows
    for state, *cells in body:
        yield pytest.param(state, dict(zip(head[1:], cells, strict=True)), id=re.sub(r"\W+", "-", state))


def fall_due(policy):
    """What makes the review of `shown` fall due, before that of anything else does, under a policy."""

    def act(session, shown, other):
        expiry.decide(session.get_bind(), {"article": policy})
        settling.settle(session, now=schedule.midnight(DUE_ON))

    return act


# How an entry comes into each state; `other` is an entry to send readers to.
ACTS = {
    "live": lambda session, shown, other: None,
    "review due, flagged": fall_due(OnReviewDue.FLAG),
    "review due, banner": fall_due(OnReviewDue.BANNER),
    "review due, held": fall_due(OnReviewDue.HOLD),
    "review due, withdrawn": fall_due(OnReviewDue.WITHDRAW),
    "superseded": lambda session, shown, other: publish(
        session, signed(session, saved(session, shown, title="Newer")), now=MAY_DAY + HOUR
    ),
    "withdrawn as gone": lambda session, shown, other: publishing.withdraw(
        session, shown.entry_id, by=ED, note="Out of date."
    ),
    "redirected": lambda session, shown, other: publishing.withdraw(
        session, shown.entry_id, by=ED, manner=State.REDIRECTED, target=str(other)
    ),
    "replaced": lambda session, shown, other: publishing.withdraw(
        session, shown.entry_id, by=ED, manner=State.REPLACED, target=str(other)
    ),
    "held": lambda session, shown, other: publishing.hold(session, shown.entry_id, by=ED),
    "retracted": lambda session, shown, other: publishing.retract(
        session, shown.entry_id, [2], note="The dose was wrong.", by=ED
    ),
    "erased": lambda session, shown, other: publishing.erase(session, shown.entry_id, by=ED),
}


class TestStates:
    @pytest.fixture
    def ask(self, session, api):
        """Bring an entry into a state; return what a reader is answered who asks in each way."""

        def ask(state):
            first = a_live_article(session, title="Old")
            shown = signed(session, saved(session, first, title="Shown"), due_on=DUE_ON)
            publish(session, shown)
            other = a_live_article(session, slug="other", now=MAY_DAY + HOUR).entry_id
            entry = shown.entry_id
            a_live_faq(session, article=str(entry), now=MAY_DAY + HOUR)
            page, token = api.get("/api/v1/articles?limit=1"), synced(api, "/api/v1/sync?type=article")[1]
            ACTS[state](session, shown, other)
            session.commit()
            then = page.headers["Verso-Sequence"]
            ways = {
                "current address": "/api/v1/articles/clots",
                "by number": f"/api/v1/articles/{entry}/versions/2",
                "as-of": f"/api/v1/articles/clots?as_of={then}",
                "old cursor": page.get_json()["page"]["next"],
                "diff": f"/api/v1/articles/{entry}/diff?from=1&to=2",
                "list": "/api/v1/articles",
                "ids": f"/api/v1/articles?ids={entry}",
                "ids as-of": f"/api/v1/articles?ids={entry}&as_of={then}",
                "include": "/api/v1/faqs/does-it-hurt?include=article",
                "sync": f"/api/v1/sync?type=article&since={token}",
                "search": "/api/v1/search?q=plain+words",
                "search then": f"/api/v1/search?q=plain+words&as_of={then}",
            }
            return {way: api.get(path) for way, path in ways.items()}

        return ask

    @pytest.mark.parametrize(("state", "cells"), list(table()))
    def test_it_is_as_the_table_says(self, ask, state, cells):
        answers = ask(state)

        assert {way: met(answer) for way, answer in answers.items()} == cells


def met(answer):
    """What a reader met, in the words of the table."""
    told = answer.get_json(silent=True)
    if answer.status_code == 301:
        assert answer.headers["Location"] == "/api/v1/articles/other"
        return "301"
    if answer.status_code == 410:
        assert told["type"] == "/api/v1/problems/gone"
        assert (told["replacement"] is not None) == (told["reason"] == "replaced")
        return f"410 {told['reason']}" if told["version"] is None else "410 stub"
    assert answer.status_code == 200
    if "fields" in told:
        return "stub" if "notice" in told["to"] else {"title": "fields"}[told["fields"][0]["path"]]
    if "token" in told:
        return change(told["data"])
    if "data" in told:
        return card(told["data"])
    if told["type"] == "faq":
        told = told["article"]
    return text(told) if told else "absent"


def text(told):
    """Which text this is, in the words of the table, and what is said of its review where that fell due."""
    return said({"Shown": "text", "Newer": "newer text"}[told["title"]], told)


def said(what, told):
    """What was met, and before it what readers are told of its review where that fell due."""
    review = told.get("review") or {"status": None, "banner": None}
    if review["banner"]:
        assert review["banner"]["text"].startswith("This text was to be reviewed by 2027-04-01")
        return f"banner {what}"
    return f"due {what}" if review["status"] == "due" else what


def card(data):
    """What stands in a list for the entry, in the words of the table."""
    found = [one for one in data if one.get("slug") != "other"]
    if not found:
        return "absent"
    if "notice" in found[0]:
        return "stub"
    return said({"Shown": "card", "Newer": "newer card"}[found[0]["title"]], found[0])


def change(data):
    """What a copy is told of the entry, in the words of the table."""
    if not data:
        return "nothing"
    (one,) = data
    if one["event"] == "removed":
        assert one["notice"]["reason"] == one["reason"]
        return f"removed {one['reason']}"
    return text(one["document"])
