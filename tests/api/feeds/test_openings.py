"""What comes into a reader's reach without an act of its own stands in its feed as of the act that let it in."""

import re
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from content import feeds, granting, log, publishing
from content.partners import Reach
from content.placement import LICENSED, PUBLIC
from storage import db
from tests.api.bearers import EVERYTHING, a_partner, bearing
from tests.api.feeds.rules import AT, ATOM
from tests.api.feeds.test_archives import START, chain, rebuilt
from tests.builders import ED, HOUR, MAY_DAY, a_live_article, a_live_faq, publish, saved, signed

FORMS = ("atom", "rss", "json")
BEFORE = MAY_DAY - timedelta(days=1)


@pytest.fixture
def session(app):
    """A session whose acts the layer hears of."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session


@pytest.fixture
def text(session):
    return a_live_faq(session, slug="licensed", audience=LICENSED, now=BEFORE)


@pytest.fixture
def partner_id(session, text):
    return a_partner(session, reach=None)


@pytest.fixture
def bearer(api, session, partner_id):
    """The API as the partner asks it."""
    return SimpleNamespace(get=partial(api.get, headers=bearing(session, partner_id)))


@pytest.fixture(autouse=True)
def _short(monkeypatch):
    monkeypatch.setattr(feeds, "LENGTH", 5)
    monkeypatch.setattr(feeds, "MOST_LINES", 5)


def pass_by(session, until, now=MAY_DAY):
    """Acts on a text of another type, up to a sequence: no feed of FAQs tells of them."""
    other = a_live_article(session, slug=f"other-{now:%d-%H}", now=now)
    while log.head(session).sequence < until:
        other = signed(session, saved(session, other, body=f"{other.number}.", now=now), now=now)
        publish(session, other, now=now)
    session.commit()


def told(bearer, version):
    """The archives in which an entry is told, the newest first."""
    return [
        re.sub(r".*/archives/", "", path)
        for path, root in chain(bearer, f"{START}/faqs.atom")
        if "/archives/" in path
        and f"urn:uuid:{version.entry_id}" in [one.findtext(f"{ATOM}id") for one in root.iter(f"{ATOM}entry")]
    ]


def grant(session, partner_id, **told):
    return granting.grant(session, partner_id, EVERYTHING, by=ED, now=MAY_DAY, **told)


class TestFeed:
    @pytest.mark.parametrize("form", FORMS)
    def test_a_new_grant_brings_what_it_lets_through(self, session, bearer, text, partner_id, form):
        a_live_faq(session, now=MAY_DAY)
        pass_by(session, 5)
        before = bearer.get(f"{START}/faqs.{form}?limit=1").text

        grant(session, partner_id)
        after = bearer.get(f"{START}/faqs.{form}?limit=1").text

        assert str(text.entry_id) not in before
        assert str(text.entry_id) in after

    def test_it_stands_in_the_archive_of_its_act(self, session, bearer, text, partner_id):
        pass_by(session, 5)
        grant(session, partner_id)
        pass_by(session, 15, now=MAY_DAY + HOUR)

        assert told(bearer, text) == ["10.atom", "5.atom"]

    def test_the_end_of_an_embargo_brings_it_too(self, session, bearer, text, partner_id):
        a_live_faq(session, now=BEFORE)
        grant(session, partner_id, embargo=48)
        pass_by(session, 7)
        # What was planned falls due with the first read, whose clock is that of the database.
        text_to_come = f"urn:uuid:{text.entry_id}"
        first = bearer.get(f"{START}/faqs.atom?limit=1").text
        pass_by(session, 15, now=MAY_DAY + 40 * HOUR)

        assert text_to_come in first
        assert told(bearer, text) == ["10.atom", "5.atom"]

    def test_more_that_needs_no_key_does_too(self, session, api):
        shown = a_live_faq(session, now=BEFORE)
        granting.let_everybody(session, Reach(audiences=()), by=ED, now=BEFORE)
        pass_by(session, 7)
        granting.let_everybody(session, Reach(audiences=(PUBLIC,), types=("faq",)), by=ED, now=MAY_DAY)
        pass_by(session, 12, now=MAY_DAY + HOUR)

        assert told(api, shown) == ["10.atom", "5.atom"]

    def test_much_of_it_ends_its_stretch_and_all_is_in_the_chain(self, session, bearer, partner_id):
        shown = [a_live_faq(session, slug=f"f-{n}", audience=LICENSED, now=BEFORE) for n in range(6)]
        act = grant(session, partner_id)

        assert all(told(bearer, one)[0] == f"{act.sequence}.atom" for one in shown)
        assert len(rebuilt(bearer, f"{START}/faqs.atom")) == 7

    def test_what_could_be_read_before_is_not_told_anew(self, session, bearer, partner_id):
        shown = a_live_faq(session, now=BEFORE)
        pass_by(session, 7)
        granting.grant(session, partner_id, Reach(), by=ED, now=MAY_DAY)
        granting.grant(session, partner_id, Reach(), embargo=48, by=ED, now=MAY_DAY)
        pass_by(session, 20, now=MAY_DAY + 40 * HOUR)

        assert told(bearer, shown) == ["5.atom"]

    def test_what_is_no_more_is_not_brought(self, session, bearer, text, partner_id):
        pass_by(session, 5)
        act = grant(session, partner_id)
        publishing.withdraw(session, text.entry_id, by=ED, now=MAY_DAY)
        pass_by(session, 15, now=MAY_DAY + HOUR)

        assert told(bearer, text) == ["5.atom"]
        tombs = [
            path
            for path, root in chain(bearer, f"{START}/faqs.atom")
            if root.find(f"{AT}deleted-entry") is not None
        ]
        assert act.sequence == 6
        assert len(tombs) == 2
