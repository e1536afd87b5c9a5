from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from admin import people
from admin.roles import Role
from content import comments, publishing, reviews, submissions
from tests.admin.conftest import PASSWORD, Browser
from tests.builders import DR_REED, ED, a_live_article, a_topic, an_article, saved, signed

IN_A_YEAR = (datetime.now(UTC) + timedelta(days=365)).date().isoformat()


@pytest.fixture
def newsroom(app, session):
    """A function that signs somebody in, each in a browser of their own; it knows their id."""

    def enter(role, name):
        email = f"{name.lower()}@example.org"
        person = people.add(
            session, email=email, name=name, roles={role}, now=datetime.now(UTC), credentials="MD"
        )
        people.set_password(session, person, PASSWORD)
        session.commit()
        browser = Browser(app)
        browser.sign_in(email)
        browser.person_id = str(person.id)
        return browser

    return enter


@pytest.fixture
def author(newsroom):
    return newsroom(Role.AUTHOR, "Ada")


@pytest.fixture
def reviewer(newsroom):
    return newsroom(Role.REVIEWER, "Reed")


@pytest.fixture
def article(session):
    made = an_article(session, body="Take *two* tablets.\n\nThen rest.")
    session.commit()
    return made


def do(browser, version, act, **told):
    path = f"/admin/entries/{version.entry_id}/review/{act}?version={version.number}"
    return browser.post(path, told, form_on="/admin/password")


def sent(session, version):
    session.rollback()
    return submissions.newest(session, version.entry_id)


def page(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def review_page(browser, version):
    return page(browser, f"/admin/entries/{version.entry_id}/review?version={version.number}")


def desk(browser, heading):
    """The titles under a heading of the desk; None where it is not there."""
    found = page(browser, "/admin/").find("section", attrs={"aria-labelledby": heading})
    return found and [link.text for link in found.select("th a")]


class TestSubmit:
    def test_it_waits_on_the_reviewers_desk_with_its_message(self, author, reviewer, article, session):
        assert do(author, article, "submit", message="The doses?").status_code == 303

        assert (sent(session, article).by, sent(session, article).message) == (author.person_id, "The doses?")
        assert desk(reviewer, "submitted") == ["Clots in the leg"]
        assert "The doses?" in review_page(reviewer, article).text

    def test_what_is_signed_leaves_the_desk_for_those_who_publish(
        self, author, reviewer, newsroom, article, session
    ):
        editor = newsroom(Role.EDITOR, "Edda")
        do(author, article, "submit")

        path = f"/admin/entries/{article.entry_id}/review?version=1"
        reviewer.post(path, {"due_on": IN_A_YEAR, "scope": "page"}, form_on="/admin/password")

        assert sent(session, article).outcome == "approved"
        assert desk(reviewer, "submitted") is None
        assert desk(editor, "ready") == ["Clots in the leg"]
        assert desk(author, "ready") is None
        publishing.publish(session, article.entry_id, 1, by=ED)
        assert desk(editor, "ready") is None

    def test_an_older_text_that_was_signed_is_not_ready(self, author, reviewer, newsroom, article, session):
        editor = newsroom(Role.EDITOR, "Edda")
        do(author, article, "submit")
        saved(session, article, body="Later words.")
        session.commit()

        path = f"/admin/entries/{article.entry_id}/review?version=1"
        assert "Version 2 is newer" in reviewer.get(path).text
        assert "is newer" not in reviewer.get(path.replace("version=1", "version=2")).text
        reviewer.post(path, {"due_on": IN_A_YEAR, "scope": "page"}, form_on="/admin/password")

        assert desk(editor, "ready") is None

    def test_what_was_signed_without_being_submitted_is_ready(self, newsroom, article, session):
        signed(session, article)
        session.commit()

        assert desk(newsroom(Role.EDITOR, "Edda"), "ready") == ["Clots in the leg"]

    def test_it_says_why_not(self, author, article, session):
        do(author, article, "submit")

        again = do(author, article, "submit")

        assert again.status_code == 422
        assert "The version waits for its review already." in again.text

    def test_it_is_about_the_version_that_was_shown(self, author, article, session):
        saved(session, article, title="Newer")
        session.commit()

        do(author, article, "submit")

        assert sent(session, article).version == 1
        shown = page(author, f"/admin/articles/{article.entry_id}").find(
            attrs={"aria-labelledby": "colleagues"}
        )
        assert "What was saved since is not in it" in shown.text

    @pytest.mark.parametrize("number", ["0", "3", "x"])
    def test_it_knows_no_other_version(self, author, article, number):
        path = f"/admin/entries/{article.entry_id}/review/submit?version={number}"

        assert author.post(path, {}, form_on="/admin/password").status_code == 404

    def test_it_is_for_what_needs_a_review(self, author, session):
        topic = a_topic(session)

        path = f"/admin/entries/{topic}/review/submit"
        assert author.post(path, {}, form_on="/admin/password").status_code == 404


class TestRevoke:
    """A signature that is taken back."""

    def test_it_is_told_where_the_text_is_reviewed_and_where_it_is_published(
        self, reviewer, newsroom, article, session
    ):
        signed(session, article)
        session.commit()
        do(reviewer, article, "comment", field="body", passage="two", words="Two grams?")

        answer = do(reviewer, article, "revoke", wrong="Ten times too much.")

        assert answer.status_code == 303
        shown = review_page(reviewer, article)
        card = shown.find("section", attrs={"aria-labelledby": "signed"}).text
        assert "Nobody any more." in card
        assert "Dr. Ana Reed" in card
        assert "taken back" in card
        told = shown.find("section", attrs={"aria-labelledby": "submitted"}).text
        assert "Reed sent version 1 back" in told
        assert "Ten times too much." in told
        assert "submitted version" not in told
        history = page(reviewer, f"/admin/entries/{article.entry_id}/history").text
        assert "Version 1 sent back" in history
        assert "Version 1 submitted" not in history
        publishing_it = page(newsroom(Role.EDITOR, "Eve"), f"/admin/entries/{article.entry_id}/publish").text
        assert "Reed sent these very words back" in publishing_it
        assert "Ten times too much." in publishing_it
        assert "Two grams?" in publishing_it
        assert "Publish without a review" in publishing_it

    def test_what_readers_have_stands_first_on_every_desk_and_is_told_wherever_it_is_shown(
        self, author, reviewer, newsroom, session
    ):
        editor, article = newsroom(Role.EDITOR, "Eve"), a_live_article(session)
        draft = saved(session, article, slug="moved")
        session.commit()

        assert do(reviewer, article, "revoke", wrong="A lethal dose.").status_code == 303

        for browser in (author, reviewer, editor):
            first = page(browser, "/admin/").select_one("main section.card")
            assert first["aria-labelledby"] == "disowned"
            assert [word in first.text for word in ("Clots in the leg", "A lethal dose.", "Reed")] == [
                True
            ] * 3
            ways = [link["href"].split("/")[-1] for link in first.select("td a")]
            assert ways == (["withdraw"] if browser is editor else [])
        assert "signature taken back" in page(editor, "/admin/articles/").select_one("tbody").text
        head = page(editor, f"/admin/articles/{article.entry_id}").select_one(".told-error")
        assert "Reed took back the signature of what readers have: “A lethal dose.”" in head.text
        assert [link.text for link in head.select("a")] == ["Review version 1", "withdraw it"]
        publishing_it = page(editor, f"/admin/entries/{draft.entry_id}/publish").text
        assert "Publish without a review" in publishing_it
        path = f"/admin/entries/{draft.entry_id}/publish?version=2"
        assert editor.post(path, {"kind": "editorial"}, form_on="/admin/password").status_code == 409

    def test_once_others_have_signed_it_nothing_is_told_of_it(self, reviewer, session):
        article = a_live_article(session)
        session.commit()
        do(reviewer, article, "revoke", wrong="No.")

        publishing.rereview(session, article.entry_id, DR_REED, due_on=date.fromisoformat(IN_A_YEAR))

        assert desk(reviewer, "disowned") is None
        assert "signature taken back" not in page(reviewer, "/admin/articles/").text

    def test_it_is_offered_to_reviewers_where_there_is_one(self, author, reviewer, article, session):
        offered = f"/admin/entries/{article.entry_id}/review/revoke?version=1"
        assert offered not in str(review_page(reviewer, article))

        signed(session, article)
        session.commit()

        assert offered in str(review_page(reviewer, article))
        assert offered not in str(review_page(author, article))

    def test_it_needs_to_say_what_is_wrong(self, reviewer, article, session):
        signed(session, article)
        session.commit()

        answer = do(reviewer, article, "revoke", wrong=" ")

        assert answer.status_code == 422
        assert "What is missing or wrong is required" in answer.text
        assert reviews.of_entry(session, article.entry_id, held=True) != []


class TestSendBack:
    def test_its_writer_finds_it_on_the_desk_with_what_is_missing(self, author, reviewer, article, session):
        do(author, article, "submit")

        answer = do(
            reviewer, article, "send-back", submission=sent(session, article).id, answer="Name the dose."
        )

        assert answer.status_code == 303
        assert desk(author, "back") == ["Clots in the leg"]
        assert desk(reviewer, "back") is None
        form = page(author, f"/admin/articles/{article.entry_id}")
        assert "Name the dose." in form.find(attrs={"aria-labelledby": "colleagues"}).text
        history = page(author, f"/admin/entries/{article.entry_id}/history").text
        assert "Version 1 sent back" in history
        assert "Name the dose." in history

    def test_it_needs_to_say_what_is_missing(self, author, reviewer, article, session):
        do(author, article, "submit")

        refused = do(reviewer, article, "send-back", submission=sent(session, article).id, answer=" ")

        assert refused.status_code == 422
        assert "What is missing or wrong is required." in refused.text
        assert sent(session, article).outcome is None

    @pytest.mark.parametrize("meant", ["x", "00000000-0000-0000-0000-000000000000"])
    def test_it_is_about_what_waits(self, author, reviewer, article, session, meant):
        do(author, article, "submit")

        refused = do(reviewer, article, "send-back", submission=meant, answer="Name the dose.")

        assert refused.status_code == 422
        assert "What was submitted does not wait any more." in refused.text
        assert sent(session, article).outcome is None

    def test_it_is_for_reviewers(self, author, newsroom, article, session):
        do(author, article, "submit")
        meant = sent(session, article).id

        for browser in (author, newsroom(Role.EDITOR, "Edda"), newsroom(Role.ADMINISTRATOR, "Adam")):
            assert do(browser, article, "send-back", submission=meant, answer="No.").status_code == 403


class TestTakeBack:
    def test_it_waits_no_more(self, author, reviewer, article, session):
        do(author, article, "submit")

        assert do(author, article, "take-back", submission=sent(session, article).id).status_code == 303

        assert sent(session, article).outcome == "taken_back"
        assert desk(reviewer, "submitted") is None


class TestComment:
    def test_it_stands_beside_the_text_and_the_form(self, author, reviewer, article, session):
        answer = do(reviewer, article, "comment", field="body", passage="two tablets", words="A day?")

        assert answer.status_code == 303
        shown = review_page(author, article)
        assert shown.select_one("[data-passage=body]").text == "two tablets"
        assert shown.select_one("[data-field=body]")
        form = page(author, f"/admin/articles/{article.entry_id}")
        assert "A day?" in form.find(attrs={"aria-labelledby": "colleagues"}).text

    def test_it_says_where_its_words_are_gone(self, author, article, session):
        do(author, article, "comment", field="body", passage="two tablets", words="A day?")
        later = saved(session, article, body="Take three.")
        session.commit()

        shown = review_page(author, later)

        assert "These words stood in version 1" in shown.text
        assert not shown.select("[data-passage]")

    def test_it_keeps_what_was_typed_where_something_does_not_fit(self, author, article, session):
        refused = do(author, article, "comment", field="body", passage="ten tablets", words="Kept here.")

        assert refused.status_code == 422
        assert "The passage does not stand in the text like this." in refused.text
        assert "Kept here." in refused.text
        assert not comments.open_of(session, article.entry_id)

    def test_it_is_settled(self, author, article, session):
        do(author, article, "comment", field="body", words="A day?")
        (made,) = comments.open_of(session, article.entry_id)

        for _ in range(2):
            assert do(author, article, f"settle/{made.id}").status_code == 303

        session.rollback()
        assert not comments.open_of(session, article.entry_id)

    def test_what_is_settled_stays_to_be_read_with_who_settled_it_and_when(
        self, author, reviewer, article, session
    ):
        do(reviewer, article, "comment", field="body", passage="two tablets", words="A day?")
        (made,) = comments.open_of(session, article.entry_id)
        do(author, article, f"settle/{made.id}")

        told = review_page(author, article).select_one("#settled")
        assert "Settled (1)" in told.summary.text
        assert "A day?" in told.text
        assert "Settled by " in told.text
        steps = page(author, f"/admin/entries/{article.entry_id}/history").select(".step")
        assert [one.strong.text for one in steps] == [
            "Comment on version 1 settled",
            "Comment on version 1",
            "Version 1 saved",
        ]
        assert all("A day?" in one.text for one in steps[:2])

    def test_one_of_another_entry_is_not_settled(self, author, article, session):
        other = an_article(session, slug="other")
        session.commit()
        do(author, article, "comment", field="body", words="A day?")
        (made,) = comments.open_of(session, article.entry_id)

        assert do(author, other, f"settle/{made.id}").status_code == 404
        session.rollback()
        assert comments.open_of(session, article.entry_id)


class TestReviewPage:
    def test_it_leads_to_the_version_that_was_submitted(self, author, reviewer, article, session):
        do(author, article, "submit")
        later = saved(session, article, title="Newer")
        session.commit()

        links = [link["href"] for link in review_page(reviewer, later).select("#submitted ~ p a")]

        assert links == [f"/admin/entries/{article.entry_id}/review?version=1"]

    def test_it_offers_no_submission_of_what_is_signed(self, author, session):
        live = a_live_article(session)
        reviewed = signed(session, an_article(session, slug="other"), reviewer=DR_REED)
        session.commit()

        for version in (live, reviewed):
            assert not review_page(author, version).select("form[action*=submit]")
