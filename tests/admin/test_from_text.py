from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from admin import people
from admin.roles import Role
from content import entries, versions
from content.entries import Entry
from content.versions import Version

PATH = "/admin/from-text"
POST = """Walking and your veins

Vein House

2 min readMay 4, 2025

--

Walking <helps> the veins & the heart.

Does walking help?

It does. The calf pumps the blood up.

How far should I walk?

As far as you like.
"""


@pytest.fixture
def author(signed_in):
    return signed_in(Role.AUTHOR)


def send(browser, text=POST, **more):
    return browser.post(PATH, {"text": text, "locale": "en", **more}, form_on=PATH)


def made(session):
    session.rollback()
    return {entry.title: entry for entry in session.scalars(select(Entry))}


MARKED = """# Walking and your veins

Walking <helps> the veins & the heart.
## Causes
Sitting.
### At work
Sitting *long*.

## Questions

### Does walking help?

It does. The calf pumps the blood up.
"""


class TestRead:
    def test_headings_that_are_marked_as_in_markdown_are_headings(self, author, session):
        send(author, MARKED, make="1")

        drafts = made(session)
        assert set(drafts) == {"Walking and your veins", "Does walking help?"}
        article, faq = (versions.latest(session, one.id).values for one in drafts.values())
        assert article["body"].split("\n\n") == [
            "Walking \\<helps> the veins & the heart.",
            "## Causes",
            "Sitting.",
            "### At work",
            r"Sitting \*long\*.",
            "## Questions",
            "## Does walking help?",
            "It does. The calf pumps the blood up.",
        ]
        assert faq["answer"] == "It does. The calf pumps the blood up."

    def test_it_shows_what_would_come_of_it_and_keeps_nothing(self, author, session):
        answer = send(author)

        page = BeautifulSoup(answer.text, "html.parser")
        titles = [one.text for one in page.select("main .versions strong")]
        assert answer.status_code == 200
        assert titles == [
            "Vein House",
            "Walking and your veins",
            "Does walking help?",
            "How far should I walk?",
        ]
        assert page.select_one("textarea[name=text]").text.removeprefix("\n").replace("\r\n", "\n") == POST
        assert "a rule of dashes" in page.select_one("#left-out").parent.text
        assert made(session) == {}

    def test_it_makes_the_drafts_in_the_name_of_whoever_asks(self, author, session):
        answer = send(author, make="1")

        found = made(session)
        article = found["Walking and your veins"]
        assert answer.headers["Location"].endswith(f"/admin/articles/{article.id}?unsaved=none")
        body = versions.latest(session, article.id).values["body"]
        assert body.startswith("Walking \\<helps> the veins & the heart.")
        faq = versions.latest(session, found["Does walking help?"].id).values
        assert (faq["article"], faq["position"]) == (str(article.id), 1)
        asking = people.by_email(session, "author@example.org")
        assert {one.by for one in session.scalars(select(Version))} == {str(asking.id)}

    def test_the_same_text_again_makes_nothing_new(self, author, session):
        send(author, make="1")
        count = len(made(session))

        again = send(author)
        remade = author.get(send(author, make="1").location)

        assert again.text.count("there already") == count
        assert "Nothing was made" in remade.text
        assert "The drafts are made" not in remade.text
        session.rollback()
        assert session.scalar(select(func.count()).select_from(Version)) == count

    @pytest.mark.parametrize("more", [{}, {"make": "1"}], ids=["asked", "made"])
    @pytest.mark.parametrize("by", ["themselves", "somebody else"])
    def test_what_was_edited_since_is_left_alone(self, author, session, by, more):
        send(author, make="1")
        entry = made(session)["Walking and your veins"]
        first = versions.latest(session, entry.id)
        editor = first.by if by == "themselves" else by
        versions.save(session, entry.id, {**first.values, "title": "Walks"}, based_on=1, by=editor)
        session.commit()

        answer = send(author, **more)

        assert answer.status_code == 422
        assert "he newsroom has edited the article" in answer.text
        assert entries.entry(session, entry.id).latest == 2

    def test_a_file_is_the_same_text_as_its_words_in_the_form(self, author, session):
        send(author, POST.replace("\n", "\r\n"), make="1")

        for text in (POST, POST.replace("\n", "\r")):
            file = {"text": "", "locale": "en", "file": (BytesIO(text.encode()), "walking.txt")}
            answer = author.post(PATH, file, form_on=PATH, content_type="multipart/form-data")
            assert answer.text.count("there already") == len(made(session))

    def test_it_takes_a_file(self, author, session):
        answer = author.post(
            PATH,
            {"text": "", "locale": "en", "file": (BytesIO(POST.encode()), "walking.txt")},
            form_on=PATH,
            content_type="multipart/form-data",
        )

        assert "Walking and your veins" in answer.text
        assert "Make these drafts" in answer.text

    @pytest.mark.parametrize(
        ("text", "locale", "said"),
        [
            ("", "en", "Is empty"),
            (" \n ", "en", "Is empty"),
            ("Only a title", "en", "o text stands below the title"),
            (POST, "not a language", "anguage"),
        ],
    )
    def test_it_says_what_is_wrong_and_loses_nothing_typed(self, author, session, text, locale, said):
        answer = send(author, text, locale=locale, make="1")

        page = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 422
        assert said in page.select_one("main .field-wrong .hint").text
        assert page.select_one("textarea").text.strip().replace("\r\n", "\n") == text.strip()
        assert made(session) == {}

    def test_a_file_that_is_no_text_is_refused(self, author, session):
        answer = author.post(
            PATH,
            {"text": "", "locale": "en", "file": (BytesIO(b"\x89PNG\r\n\x00\xff"), "a.png")},
            form_on=PATH,
            content_type="multipart/form-data",
        )

        assert answer.status_code == 422
        assert made(session) == {}
