import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from content import (
    consolidating,
    corpus,
    expansion,
    marks,
    pictures,
    publishing,
    rebuild,
    shown_pictures,
    types,
    uses,
)
from content.entries import entry
from content.errors import Gone, Invalid, NotFound, NotReviewed
from content.log import ChangeKind, State, head
from content.partners import ANONYMOUS
from content.pictures import Rendition
from content.touched import Stretch, touched
from content.versions import version
from tests.builders import (
    ED,
    MAY_DAY,
    a_live_article,
    a_live_image,
    an_article,
    an_faq,
    an_image,
    publish,
    saved,
    signed,
)
from tests.drawings import a_drawing, a_photograph

ARTICLE, IMAGE = types.get("article"), types.get("image")


def whole(session, made, declared=ARTICLE, *, at=None, **asked):
    at = at or head(session).sequence
    item = corpus.find(session, declared, made.entry_id, locale="en", at=at, reach=ANONYMOUS)
    return expansion.whole(session, declared, item, at=at, reach=ANONYMOUS, **asked)


def hash_of(made):
    return made.values["file"]["hash"]


def shown(session, made, *, at=None):
    at = head(session).sequence if at is None else at
    return shown_pictures.shown(session, hash_of(made), at=at, reach=ANONYMOUS)


def faults(act, *args, **named):
    with pytest.raises(Invalid) as refused:
        act(*args, **named)
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


def naming(image, words=""):
    return f"![{words}](/api/v1/images/{image.entry_id})"


class TestAnImage:
    def test_it_says_what_it_shows_or_that_it_is_decorative(self, session):
        [(pointer, detail)] = faults(an_image, session, alt="")
        assert (pointer, detail) == ("/alt", "is required, unless it is “only decorative”")
        assert faults(an_image, session, decorative=True)[0][0] == "/decorative"

        ornament = a_live_image(session, alt="", decorative=True)
        assert whole(session, ornament, IMAGE)["alt"] == ""

    def test_it_needs_a_picture_that_was_uploaded(self, session):
        assert faults(an_image, session, file=None) == [("/file", "is required")]
        unknown = {"hash": "0" * 64}
        assert faults(an_image, session, file=unknown) == [("/file", "is no picture that was uploaded")]
        assert faults(an_image, session, file="../etc/passwd") == [
            ("/file", "is no picture that was uploaded")
        ]

    def test_it_believes_nobody_about_a_picture(self, session):
        kept = pictures.keep(session, a_drawing(100, 50))

        made = an_image(session, file=kept | {"renditions": [{"hash": "0" * 64, "width": 9_000}]})

        assert [one["width"] for one in made.values["file"]["renditions"]] == [100, 100]

    def test_its_document_tells_all_that_a_page_needs(self, session):
        image = a_live_image(session, a_photograph(2000, 1000), caption="Rest it.", credit="The clinic")

        told = whole(session, image, IMAGE)

        assert (told["width"], told["height"], told["caption"], told["credit"]) == (
            1600,
            800,
            "Rest it.",
            "The clinic",
        )
        assert told["url"] == f"/api/v1/media/{hash_of(image)}.jpg"
        assert [(one["type"], one["width"]) for one in told["renditions"]] == [
            (kind, width) for width in (480, 960, 1600) for kind in ("image/webp", "image/jpeg")
        ]
        assert "A foot" not in told.values()  # its name is for colleagues


class TestAnArticlesImage:
    def test_it_is_shown_as_it_is_at_that_sequence(self, session):
        image = a_live_image(session)
        article = a_live_article(session, image=str(image.entry_id))
        before = head(session).sequence

        publish(session, signed(session, saved(session, image, alt="Two feet")), note="More exact.")

        assert whole(session, article)["image"]["alt"] == "Two feet"
        assert whole(session, article, at=before)["image"]["alt"] == "A foot on a suitcase"
        assert whole(session, article)["version"] == 1

    def test_its_words_change_only_with_a_review_of_just_them(self, session):
        image = a_live_image(session, caption="Take 1 tablet a day.")
        article = a_live_article(session, image=str(image.entry_id), body=naming(image))
        saved(session, image, caption="Take 10 tablets a day.")
        session.commit()

        with pytest.raises(NotReviewed):
            publishing.publish(session, image.entry_id, 2, kind=ChangeKind.TYPO, by=ED)
        assert "Take 1 tablet a day." in whole(session, article)["body"]["html"]

        publishing.publish(
            session, image.entry_id, 2, forced="The desk is away.", note="Another dose.", by=ED
        )
        assert whole(session, image, IMAGE)["review"]["status"] == "not_reviewed"

    def test_it_moves_without_one(self, session):
        image = a_live_image(session)

        publish(session, saved(session, image, slug="my-foot"), note="Another address.")

        assert whole(session, image, IMAGE)["slug"] == "my-foot"

    def test_it_is_null_while_it_is_a_draft(self, session):
        article = a_live_article(session, image=str(an_image(session).entry_id))

        assert whole(session, article)["image"] is None

    def test_sync_tells_of_another_alternative_text(self, session):
        image = a_live_image(session)
        article = a_live_article(session, image=str(image.entry_id), body=naming(image))
        alone = a_live_article(session, slug="another")
        before = head(session).sequence
        publish(session, signed(session, saved(session, image, alt="Two feet")), note="More exact.")

        now, dialect = head(session).sequence, session.get_bind().dialect.name
        told = session.execute(touched(Stretch(before, now), before + 1, now, dialect))

        assert {one.entry_id for one in told} == {image.entry_id, article.entry_id} - {alone.entry_id}


class TestPicturesInAText:
    def test_they_are_shown_with_sizes_and_renditions(self, session):
        image = a_live_image(session, a_drawing(800, 400))
        article = a_live_article(session, body=f"One.\n\nSee {naming(image, 'My foot')} there.")
        [webp_480, jpeg_480, webp_800, jpeg_800] = whole(session, image, IMAGE)["renditions"]

        html = whole(session, article)["body"]["html"]

        assert html == (
            '<p>One.</p>\n<p>See <picture><source type="image/webp"'
            f' srcset="{webp_480["url"]} 480w, {webp_800["url"]} 800w" sizes="100vw">'
            f'<img src="{jpeg_800["url"]}" srcset="{jpeg_480["url"]} 480w, {jpeg_800["url"]} 800w" sizes="100vw"'
            ' width="800" height="400" alt="My foot" loading="lazy"></picture> there.</p>\n'
        )
        assert whole(session, article)["sections"][0]["html"] == html
        assert [one["id"] for one in whole(session, article)["pictures"]] == [str(image.entry_id)]

    @pytest.mark.parametrize("keys", [["body"], ["sections"], ["type", "body"]])
    def test_they_are_shown_whatever_was_chosen_of_the_text(self, session, keys):
        article = a_live_article(session, body=naming(a_live_image(session)))

        told = whole(session, article, keys=keys)

        assert list(told) == keys
        assert "srcset" in str(told)

    def test_one_without_words_takes_the_words_of_the_image_as_they_are(self, session):
        image = a_live_image(session, alt='A "foot" & more')
        article = a_live_article(session, body=naming(image))
        assert 'alt="A &quot;foot&quot; &amp; more"' in whole(session, article)["body"]["html"]

        publish(session, signed(session, saved(session, image, alt="Two feet")), note="More exact.")

        assert 'alt="Two feet"' in whole(session, article)["body"]["html"]

    def test_one_that_stands_alone_is_a_figure_with_its_caption(self, session):
        image = a_live_image(session, caption="Rest <it>.", credit="The clinic")

        html = whole(session, a_live_article(session, body=naming(image)))["body"]["html"]

        assert html.startswith("<figure><picture>")
        assert html.endswith("<figcaption>Rest &lt;it&gt;. · The clinic</figcaption></figure>\n")

    def test_in_place_of_one_that_is_not_public_stand_its_words(self, session):
        article = a_live_article(session, body=f"See {naming(an_image(session), 'my foot')}.")

        assert whole(session, article)["body"]["html"] == "<p>See my foot.</p>\n"
        assert whole(session, article)["pictures"] == []

    def test_each_is_an_image_of_ours(self, session):
        other = an_article(session, slug="another")
        assert faults(an_article, session, body=naming(other)) == [("/body", f"{other.entry_id} is no image")]
        assert faults(an_article, session, body="![x](/api/v1/images/a-foot)") == [
            ("/body", "shows /api/v1/images/a-foot, which names no image by its id")
        ]
        assert faults(an_faq, session, answer=naming(an_image(session))) == [
            ("/answer", "shows an image, which only the text of an article can")
        ]

    @pytest.mark.parametrize("spelt", [str.upper, lambda given: given.replace("-", "")])
    def test_an_id_is_written_as_everywhere(self, session, spelt):
        image = f"/api/v1/images/{an_image(session).entry_id}"
        other = "/api/v1/images/" + spelt(image.rpartition("/")[2])

        [(pointer, detail)] = faults(an_article, session, body=f"![A foot]({other})")
        assert pointer == "/body"
        assert detail.endswith(f", which is to be written {image}")

    def test_nobody_types_which_they_are(self, session):
        image = an_image(session)
        article = an_article(session, body=naming(image), pictures=[str(MAY_DAY)])
        assert article.values["pictures"] == [str(image.entry_id)]

        assert "pictures" not in saved(session, article, body="Words.").values

    def test_where_an_image_is_used_tells_of_them(self, session):
        image = a_live_image(session)
        above = an_article(session, image=str(image.entry_id), slug="above")
        within = an_article(session, body=naming(image), slug="within")
        an_article(session, slug="neither")

        mark = marks.entry_mark(entry(session, image.entry_id))

        assert {use.entry.id for use in uses.uses(session, mark)} == {above.entry_id, within.entry_id}
        assert mark.replaced(ARTICLE, within.values, "x")["body"] == "![](/api/v1/images/x)"


class TestShown:
    def test_a_picture_of_drafts_alone_is_nobodys(self, session):
        draft = an_image(session)
        with pytest.raises(NotFound):
            shown(session, draft)

        publish(session, signed(session, draft))

        assert shown(session, draft).body == pictures.bytes_of(session, hash_of(draft))[1]
        assert shown(session, draft).entries == {draft.entry_id}
        with pytest.raises(NotFound):
            shown(session, draft, at=head(session).sequence - 1)

    def test_a_newer_draft_of_a_public_image_is_nobodys(self, session):
        image = a_live_image(session)
        newer = saved(session, image, file=pictures.keep(session, a_drawing(30, 30)))

        with pytest.raises(NotFound):
            shown(session, newer)

    def test_what_was_public_once_can_be_read_still(self, session):
        image = a_live_image(session)
        publish(
            session,
            signed(session, saved(session, image, file=pictures.keep(session, a_drawing(30, 30)))),
            note="New.",
        )
        publishing.withdraw(session, image.entry_id, by=ED)

        assert shown(session, image)

    def test_what_was_retracted_is_gone_and_says_why(self, session):
        image = a_live_image(session)
        publishing.retract(session, image.entry_id, [1], note="The wrong leg.", by=ED)

        with pytest.raises(Gone) as gone:
            shown(session, image)

        assert (gone.value.notice.reason, gone.value.notice.note) == (State.RETRACTED, "The wrong leg.")


class TestErase:
    def test_it_takes_the_bytes(self, session):
        image = a_live_image(session)
        known = hash_of(image)
        publishing.erase(session, image.entry_id, by=ED, note="A face.")

        with pytest.raises(Gone) as gone:
            shown_pictures.shown(session, known, at=head(session).sequence, reach=ANONYMOUS)

        assert gone.value.notice.reason == State.ERASED
        assert set(session.scalars(select(Rendition.body))) == {None}

    def test_it_leaves_what_another_image_shows(self, session):
        image, other = a_live_image(session), a_live_image(session, slug="other")
        publishing.erase(session, image.entry_id, by=ED)

        assert shown(session, other).body

    def test_it_leaves_what_another_version_shows(self, session):
        image = a_live_image(session)
        publish(session, signed(session, saved(session, image, alt="Two feet")), note="More exact.")
        publishing.erase(session, image.entry_id, [1], by=ED)

        assert shown(session, version(session, image.entry_id, 2)).body

    def test_what_was_erased_does_not_come_back(self, session):
        image = a_live_image(session)
        publishing.erase(session, image.entry_id, by=ED)

        assert faults(an_image, session, slug="again") == [("/file", "was erased")]


class TestRendition:
    @pytest.mark.parametrize(
        "written",
        [
            "UPDATE rendition SET width = 1",
            "DELETE FROM rendition",
            "UPDATE rendition SET body = NULL, width = 1",
            "UPDATE rendition SET body = NULL",
            "DELETE FROM picture_use",
            "DELETE FROM picture",
        ],
    )
    def test_the_database_changes_none(self, session, written):
        an_image(session)
        session.commit()

        with pytest.raises(DatabaseError, match=r"never (changes|deleted)|is never deleted"):
            session.execute(text(written))

    def test_equal_uploads_are_kept_once(self, session):
        an_image(session)
        an_image(session, slug="another")

        assert len(session.scalars(select(Rendition.hash)).all()) == 6

    def test_rebuild_verifies_it(self, session):
        image = a_live_image(session)
        assert rebuild.rebuild(session).damage == ()
        session.execute(
            text("ALTER TABLE rendition DISABLE TRIGGER ALL")
            if session.get_bind().dialect.name == "postgresql"
            else text("DROP TRIGGER rendition_refuses_update")
        )
        other = {"hash": hash_of(image), "body": b"other bytes"}
        session.execute(text("UPDATE rendition SET body = :body WHERE hash = :hash"), other)
        session.commit()

        assert rebuild.rebuild(session).damage == (f"picture {hash_of(image)} is not what its hash says",)


class TestRenaming:
    def test_a_live_image_gets_other_words_by_a_review_alone(self, session):
        image = a_live_image(session)

        assert faults(consolidating.rename, session, image.entry_id, {"name": "My foot"}, by=ED) == [
            ("/entry", "needs a review for every word, so it is changed in its own page")
        ]


class TestRestoring:
    def test_an_older_version_comes_back_with_its_picture(self, session):
        image = an_image(session)
        newer = saved(session, image, file=pictures.keep(session, a_drawing(30, 30)))

        again = saved(session, newer, **version(session, image.entry_id, 1).values)

        assert again.content_hash == image.content_hash


def test_signed_articles_may_show_pictures(session):
    article = signed(session, an_article(session, body=naming(a_live_image(session))))

    assert publish(session, article).sequence == head(session).sequence
