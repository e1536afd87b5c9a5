from io import BytesIO
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from content import pictures, versions
from content.entries import Entry
from storage import db
from tests.builders import a_live_image, an_article, an_image
from tests.drawings import a_bomb, a_drawing, a_photograph, opened

NEW_IMAGE, NEW_ARTICLE = "/admin/images/new", "/admin/articles/new"
WORDS = {"name": "A foot", "alt": "A foot on a suitcase", "caption": "", "credit": "The clinic", "slug": ""}
TEXT = {"title": "Clots", "summary": "What to know.", "body": "Words.", "slug": "clots"}


@pytest.fixture
def author(signed_in):
    return signed_in(Role.AUTHOR)


def a_file(body, name="foot.jpg"):
    return (BytesIO(body), name)


def created(answer):
    assert answer.status_code == 303, answer.text
    return versions.latest(db.session(), UUID(urlsplit(answer.location).path.rpartition("/")[2]))


def images():
    db.session.rollback()
    return db.session.query(Entry).filter_by(type="image").all()


class TestTab:
    def test_that_of_a_picture_is_called_so(self, signed_in, session):
        pages = [
            f"/admin/images/{an_image(session).entry_id}",
            f"/admin/articles/{an_article(session).entry_id}",
        ]
        session.commit()
        browser = signed_in(Role.EDITOR)

        here = [
            BeautifulSoup(browser.get(one).text, "html.parser").select_one(".tabs [aria-current]")
            for one in pages
        ]

        assert [one.text for one in here] == ["Picture", "Text"]


class TestAnImagesPage:
    def test_what_is_uploaded_is_kept_anew_and_never_as_it_was(self, author):
        uploaded = a_photograph(1000, 600)

        made = created(author.post(NEW_IMAGE, WORDS | {"file-upload": a_file(uploaded)}, form_on=NEW_IMAGE))

        known = made.values["file"]["hash"]
        answer = author.get(f"/admin/media/{known}")
        assert (answer.mimetype, opened(answer.data).size) == ("image/jpeg", (1000, 600))
        assert dict(opened(answer.data).getexif()) == {}
        assert made.values["alt"] == "A foot on a suitcase"
        page = author.get(f"/admin/images/{made.entry_id}").text
        assert f'src="/admin/media/{known}"' in page
        assert f'name="file" value="{known}"' in page

    def test_its_words_change_without_another_upload(self, author):
        first = created(
            author.post(NEW_IMAGE, WORDS | {"file-upload": a_file(a_drawing())}, form_on=NEW_IMAGE)
        )
        there = f"/admin/images/{first.entry_id}"

        sent = WORDS | {"alt": "Two feet", "file": first.values["file"]["hash"], "based_on": "1"}
        second = created(author.post(there, sent, form_on=there))

        assert (second.number, second.values["alt"]) == (2, "Two feet")
        assert second.values["file"] == first.values["file"]

    @pytest.mark.parametrize(
        ("body", "told"),
        [
            (b"<svg onload=alert(1)>", "Is no JPEG, PNG, WebP or GIF picture."),
            (a_bomb(), "Has more than 50 million points."),
            (a_drawing()[:2000], "Is cut off or damaged."),
        ],
    )
    def test_what_is_no_picture_is_refused_at_its_field(self, author, body, told):
        answer = author.post(NEW_IMAGE, WORDS | {"file-upload": a_file(body)}, form_on=NEW_IMAGE)

        assert answer.status_code == 422
        assert told in answer.text
        assert "A foot on a suitcase" in answer.text
        assert images() == []

    def test_what_is_larger_than_the_setting_says_is_refused(self, app, author):
        app.config["VERSO_UPLOAD_MB"] = 0

        answer = author.post(NEW_IMAGE, WORDS | {"file-upload": a_file(a_drawing())}, form_on=NEW_IMAGE)

        assert answer.status_code == 422
        assert "Is larger than 0 megabytes." in answer.text

    def test_it_needs_words_for_those_who_do_not_see_it(self, author):
        sent = WORDS | {"alt": "", "file-upload": a_file(a_drawing())}

        answer = author.post(NEW_IMAGE, sent, form_on=NEW_IMAGE)
        assert answer.status_code == 422
        assert "Is required, unless it is “only decorative”." in answer.text

        sent["file-upload"] = a_file(a_drawing())
        assert created(author.post(NEW_IMAGE, sent | {"decorative": "1"}, form_on=NEW_IMAGE))


class TestAnArticlesPage:
    def test_a_picture_is_uploaded_in_it_and_made_with_it(self, author):
        sent = TEXT | {
            "image-upload": a_file(a_drawing(), "My foot.JPG"),
            "image-alt": "A foot",
            "image-credit": "The clinic",
        }

        article = created(author.post(NEW_ARTICLE, sent, form_on=NEW_ARTICLE))

        image = versions.latest(db.session(), UUID(article.values["image"]))
        assert (image.values["name"], image.values["alt"], image.values["credit"]) == (
            "My foot",
            "A foot",
            "The clinic",
        )
        assert image.values["slug"].startswith("my-foot-")
        assert image.values["file"]["hash"] in author.get(f"/admin/articles/{article.entry_id}").text

    def test_words_about_a_picture_that_did_not_come_are_not_dropped(self, author):
        sent = TEXT | {"image-alt": "A foot", "image-caption": "Mine"}

        answer = author.post(NEW_ARTICLE, sent, form_on=NEW_ARTICLE)

        assert answer.status_code == 422
        assert "Did not come with its words. Choose the file again" in answer.text
        assert 'value="A foot"' in answer.text

    def test_nothing_is_made_where_it_does_not_fit(self, author):
        sent = TEXT | {"image-upload": a_file(a_drawing()), "image-credit": "The clinic"}

        answer = author.post(NEW_ARTICLE, sent, form_on=NEW_ARTICLE)

        assert answer.status_code == 422
        assert "Alternative text is required, unless it is “only decorative”." in answer.text
        assert 'value="The clinic"' in answer.text
        assert images() == []

    def test_it_shows_the_pictures_of_drafts_in_its_text(self, author, session):
        image = an_image(session, caption="Rest it.")
        article = an_article(session, body=f"![](/api/v1/images/{image.entry_id})")
        session.commit()

        page = author.get(f"/admin/articles/{article.entry_id}").text

        known = image.values["file"]["hash"]
        assert f'src="/admin/media/{known}.jpg"' in page
        assert "<figcaption>Rest it.</figcaption>" in page
        shown = author.post("/admin/preview", {"markdown": article.values["body"]}, form_on=NEW_ARTICLE)
        assert f'src="/admin/media/{known}.jpg"' in shown.text

    def test_it_says_which_picture_is_none(self, author):
        sent = TEXT | {"body": "![x](/api/v1/images/a-foot)"}

        answer = author.post(NEW_ARTICLE, sent, form_on=NEW_ARTICLE)

        assert answer.status_code == 422
        assert "Shows /api/v1/images/a-foot, which names no image by its id." in answer.text


class TestMedia:
    def test_it_is_for_those_who_are_signed_in(self, app, browser, author, session):
        known = an_image(session).values["file"]["hash"]
        session.commit()

        assert browser.get(f"/admin/media/{known}").status_code == 302
        assert author.get(f"/admin/media/{known}").status_code == 200
        assert author.get(f"/admin/media/{known}.jpg").headers["Cache-Control"] == "no-store"
        assert author.get("/admin/media/nothing").status_code == 404


class TestUpload:
    def test_it_makes_a_draft_for_the_text_that_is_being_written(self, author):
        sent = {"upload-upload": a_file(a_drawing()), "upload-alt": "A foot"}

        answer = author.post("/admin/media", sent, form_on=NEW_ARTICLE)

        assert answer.status_code == 200
        assert versions.latest(db.session(), UUID(answer.get_json()["id"])).values["alt"] == "A foot"

    def test_it_says_what_is_wrong(self, author):
        sent = {"upload-upload": a_file(a_drawing())}

        answer = author.post("/admin/media", sent, form_on=NEW_ARTICLE)

        assert answer.get_json()["wrong"].startswith("Alternative text is required")
        nothing = author.post("/admin/media", {"upload-alt": "x"}, form_on=NEW_ARTICLE)
        assert nothing.get_json() == {"wrong": "Is required."}
        assert images() == []

    def test_it_names_a_language_that_is_none(self, author):
        sent = {"upload-upload": a_file(a_drawing()), "upload-alt": "A foot", "locale": "not a locale !!"}

        answer = author.post("/admin/media", sent, form_on=NEW_ARTICLE)

        assert answer.get_json()["wrong"].startswith("Locale is not a language tag")
        assert images() == []


class TestWhereUsed:
    def test_it_names_the_articles_that_show_it(self, author, session):
        image = a_live_image(session)
        an_article(session, title="Above", slug="above", image=str(image.entry_id))
        an_article(session, title="Within", slug="within", body=f"![](/api/v1/images/{image.entry_id})")
        session.commit()

        page = author.get(f"/admin/entries/{image.entry_id}/uses").text

        assert "Above" in page
        assert "Within" in page


def test_pictures_are_kept_as_uploaded_nowhere(session):
    uploaded = a_photograph()
    pictures.keep(session, uploaded)

    assert all(pictures.bytes_of(session, one)[1] != uploaded for one in _hashes(session))


def _hashes(session):
    return list(session.scalars(db.select(pictures.Rendition.hash)))
