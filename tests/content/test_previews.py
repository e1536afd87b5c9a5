"""Tokens that open what is not public yet: what they are made for, and when they end."""

from datetime import timedelta

import pytest

from content import previews, publishing
from content.errors import Invalid, NotFound, PreviewOver
from content.previews import Preview
from tests.builders import (
    ED,
    HOUR,
    MAY_DAY,
    a_live_article,
    a_live_faq,
    a_topic,
    an_article,
    an_faq,
    saved,
)

WEEK = timedelta(days=7)


def made_for(session, version, **told):
    """The token made for a version, with its row."""
    given = {"purpose": "for Dr. Reed", "by": ED, "now": MAY_DAY} | told
    return previews.for_draft(session, version.entry_id, version.number, **given)


def texts(preview):
    """What a token was made for but its draft."""
    return preview.pinned[1:]


class TestForDraft:
    def test_it_keeps_a_hash_of_what_it_shows_once(self, session):
        kept, token = made_for(session, an_article(session))

        assert token.startswith("vp_")
        assert len(token) == len("vp_") + 43  # 256 bits in base64url
        assert token[3:] not in repr(vars(kept))
        assert (kept.purpose, kept.by, kept.ends_at) == ("for Dr. Reed", ED, MAY_DAY + WEEK)

    def test_it_is_for_one_version_whatever_is_saved_later(self, session):
        draft = an_article(session)
        kept, _ = made_for(session, draft)

        saved(session, draft, title="Later")

        assert kept.pinned == [(draft.entry_id, 1)]

    def test_it_is_for_drafts_that_the_version_names(self, session):
        article = an_article(session)
        faq = an_faq(session, article=str(article.entry_id), topics=[a_topic(session)])

        kept, _ = made_for(session, faq)

        assert texts(kept) == [(article.entry_id, 1)]

    def test_it_is_for_drafts_that_point_at_it_by_their_newest_version(self, session):
        article = an_article(session)
        new = an_faq(session, article=str(article.entry_id))
        ahead = saved(session, a_live_faq(session, slug="live"), article=str(article.entry_id))
        an_faq(session, slug="of-another")
        turned = an_faq(session, slug="turned-away", article=str(article.entry_id))
        saved(session, turned, article=None)

        kept, _ = made_for(session, article)

        assert sorted(texts(kept)) == sorted([(new.entry_id, 1), (ahead.entry_id, 2)])

    def test_it_is_for_nothing_that_was_taken_from_the_public(self, session):
        article = a_live_article(session)
        gone, wrong, held = (
            a_live_faq(session, slug=slug, article=str(article.entry_id)) for slug in ("a", "b", "c")
        )
        publishing.withdraw(session, gone.entry_id, by=ED)
        publishing.retract(session, wrong.entry_id, [1], note="Wrong.", by=ED)
        publishing.hold(session, held.entry_id, by=ED)

        kept, _ = made_for(session, saved(session, article, title="Newer"))

        assert texts(kept) == []

    def test_it_is_for_no_translation_and_no_second_step(self, session):
        article = an_article(session)
        faq = an_faq(session, article=str(article.entry_id))
        an_faq(session, slug="next-to-it", article=str(article.entry_id))

        kept, _ = made_for(session, faq)

        assert texts(kept) == [(article.entry_id, 1)]

    @pytest.mark.parametrize(
        ("told", "pointer"),
        [
            ({"purpose": " "}, "/purpose"),
            ({"purpose": "x" * 201}, "/purpose"),
            ({"lasts": timedelta(days=91)}, "/days"),
            ({"lasts": timedelta()}, "/days"),
        ],
    )
    def test_it_names_what_does_not_fit(self, session, told, pointer):
        with pytest.raises(Invalid) as refused:
            made_for(session, an_article(session), **told)

        assert [fault.pointer for fault in refused.value.faults] == [pointer]

    def test_it_is_for_no_erased_text(self, session):
        draft = an_article(session)
        publishing.erase(session, draft.entry_id, by=ED)

        with pytest.raises(Invalid):
            made_for(session, draft)

    def test_it_needs_a_version_that_is_there(self, session):
        with pytest.raises(NotFound):
            previews.for_draft(session, an_article(session).entry_id, 2, purpose="x", by=ED)


class TestForInstant:
    def test_it_is_for_a_moment_to_come(self, session):
        kept, _ = previews.for_instant(session, MAY_DAY + HOUR, purpose="June", by=ED, now=MAY_DAY)

        assert (kept.instant, kept.pinned, kept.entry_id) == (MAY_DAY + HOUR, [], None)

    def test_it_is_for_no_moment_of_the_past(self, session):
        with pytest.raises(Invalid):
            previews.for_instant(session, MAY_DAY, purpose="June", by=ED, now=MAY_DAY)


class TestFind:
    def test_it_finds_a_token_until_it_ends(self, session):
        kept, token = made_for(session, an_article(session))

        assert previews.find(session, token, now=MAY_DAY + WEEK - timedelta(seconds=1)) is kept
        with pytest.raises(PreviewOver):
            previews.find(session, token, now=MAY_DAY + WEEK)

    @pytest.mark.parametrize("change", [str.upper, lambda token: token + "A", lambda token: "vp_"])
    def test_it_finds_nothing_by_another_token(self, session, change):
        _, token = made_for(session, an_article(session))

        with pytest.raises(PreviewOver):
            previews.find(session, change(token), now=MAY_DAY)

    def test_it_finds_nothing_by_one_that_was_revoked(self, session):
        kept, token = made_for(session, an_article(session))
        previews.revoke(session, kept.id, by=ED, now=MAY_DAY)

        with pytest.raises(PreviewOver):
            previews.find(session, token, now=MAY_DAY)


class TestRevoke:
    def test_it_says_who_ended_it_and_when_first(self, session):
        kept, _ = made_for(session, an_article(session))

        previews.revoke(session, kept.id, by="person:ana", now=MAY_DAY)
        again = previews.revoke(session, kept.id, by=ED, now=MAY_DAY + HOUR)

        assert (again.revoked_by, again.revoked_at) == ("person:ana", MAY_DAY)

    def test_it_needs_one_that_is_there(self, session):
        with pytest.raises(NotFound):
            previews.revoke(session, an_article(session).entry_id, by=ED)


class TestWorking:
    def test_it_lists_those_of_an_entry_that_work_newest_first(self, session):
        draft, other = an_article(session), an_article(session, slug="other")
        first, second, ended, revoked = (
            made_for(session, draft, now=MAY_DAY + place * HOUR, lasts=lasts)[0]
            for place, lasts in enumerate([WEEK, WEEK, HOUR, WEEK])
        )
        made_for(session, other)
        previews.for_instant(session, MAY_DAY + WEEK, purpose="June", by=ED, now=MAY_DAY)
        previews.revoke(session, revoked.id, by=ED, now=MAY_DAY)

        found = previews.working(session, draft.entry_id, now=MAY_DAY + 5 * HOUR)

        assert found == [second, first]
        assert isinstance(ended, Preview)

    def test_it_lists_those_for_instants_apart(self, session):
        made_for(session, an_article(session))
        kept, _ = previews.for_instant(session, MAY_DAY + WEEK, purpose="June", by=ED, now=MAY_DAY)

        assert previews.working(session, None, now=MAY_DAY) == [kept]
