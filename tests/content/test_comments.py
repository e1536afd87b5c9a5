import pytest

from content import comments, publishing, types
from content.errors import Invalid, NotFound
from tests.builders import DR_REED, ED, HOUR, MAY_DAY, an_article, saved


def comment(session, version, words="Is this right?", *, field="body", now=MAY_DAY, **more):
    return comments.comment(
        session, version.entry_id, version.number, field=field, words=words, by=DR_REED.id, now=now, **more
    )


class TestComment:
    def test_it_is_about_words_as_readers_see_them(self, session):
        article = an_article(session, body="Take *two*\ntablets [daily](https://example.org).\n\nThen rest.")

        made = comment(session, article, passage=" two tablets   daily ")

        assert (made.field, made.words, made.by, made.at) == ("body", "Is this right?", DR_REED.id, MAY_DAY)
        assert comments.open_of(session, article.entry_id) == [made]

    def test_it_may_be_about_a_whole_field(self, session):
        assert comment(session, an_article(session), field="title").passage is None

    @pytest.mark.parametrize(
        ("told", "why"),
        [
            ({"passage": "three tablets"}, "passage: does not stand in the text"),
            ({"field": "slug"}, "field: slug is no field of this text"),
            ({"field": "nope"}, "field: nope is no field of this text"),
            ({"words": " "}, "words: is required"),
            ({"words": None}, "words: is required"),
            ({"words": "a\x00"}, "U\\+0000"),
            ({"words": "x" * 2001}, "words: is longer than"),
        ],
    )
    def test_it_names_what_does_not_fit(self, session, told, why):
        article = an_article(session, body="Take two tablets.")

        with pytest.raises(Invalid, match=why):
            comment(session, article, **told)

        assert comments.open_of(session, article.entry_id) == []

    def test_it_is_about_words_that_are_there(self, session):
        article = an_article(session)
        saved(session, article, title="Other")
        publishing.erase(session, article.entry_id, [1], by=ED, now=MAY_DAY)

        with pytest.raises(Invalid, match="was erased"):
            comment(session, article)


class TestSettle:
    def test_it_is_open_no_more(self, session):
        article = an_article(session)
        made, kept = comment(session, article), comment(session, article, "And this?", now=MAY_DAY + HOUR)

        comments.settle(session, made.id, entry_id=article.entry_id, by=ED, now=MAY_DAY + HOUR)

        assert (made.settled_by, made.settled_at) == (ED, MAY_DAY + HOUR)
        assert comments.open_of(session, article.entry_id) == [kept]

    def test_what_was_settled_stays_so_and_nothing_of_another_entry_is(self, session):
        article, other = an_article(session), an_article(session, slug="other")
        made = comment(session, article)

        with pytest.raises(NotFound):
            comments.settle(session, made.id, entry_id=other.entry_id, by=ED)
        for by in (ED, DR_REED.id):
            comments.settle(session, made.id, entry_id=article.entry_id, by=by, now=MAY_DAY)

        assert made.settled_by == ED


class TestStandsIn:
    def test_it_goes_along_while_its_words_stand(self, session):
        article = an_article(session, body="Take **two** tablets.")
        later = saved(session, article, body="First: take two tablets.")
        gone = saved(session, later, body="Take three.")
        declared = types.get("article")

        assert comments.stands_in(declared, later.values, "body", "two tablets")
        assert not comments.stands_in(declared, gone.values, "body", "two tablets")
