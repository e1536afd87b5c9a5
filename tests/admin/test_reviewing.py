from datetime import UTC, date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from admin import people
from admin.roles import Role
from content import expiry, reviews, submissions, trash, versions
from content.log import State
from content.standings import standings
from content.types import OnReviewDue
from storage import db
from tests.admin.conftest import PASSWORD, Browser
from tests.builders import (
    DR_FINN,
    ED,
    a_live_article,
    a_live_image,
    a_topic,
    an_article,
    an_image,
    publish,
    saved,
    signed,
)
from tests.databases import before_the_lock

IN_A_YEAR = (datetime.now(UTC) + timedelta(days=365)).date().isoformat()


@pytest.fixture
def reviewer(app, session):
    """A browser in which a clinician is signed in."""
    person = people.add(
        session,
        email="reed@example.org",
        name="Dr. Ana Reed",
        roles={Role.REVIEWER},
        now=datetime.now(UTC),
        credentials="MD, vascular medicine",
    )
    people.set_password(session, person, PASSWORD)
    session.commit()
    browser = Browser(app)
    browser.sign_in("reed@example.org")
    browser.person_id = str(person.id)
    return browser


@pytest.fixture
def article(session):
    made = an_article(session)
    session.commit()
    return made


def sign(browser, version, **answers):
    path = f"/admin/entries/{version.entry_id}/review?version={version.number}"
    given = {"due_on": IN_A_YEAR, "scope": "page"} | answers
    return browser.post(path, given, form_on="/admin/password")


def reviews_of(session, version):
    session.rollback()
    return reviews.of_entry(session, version.entry_id)


def page(browser, version):
    answer = browser.get(f"/admin/entries/{version.entry_id}/review?version={version.number}")
    return BeautifulSoup(answer.text, "html.parser")


class TestSign:
    def test_it_names_reviewer_credentials_scope_and_day(self, reviewer, article, session):
        answer = sign(reviewer, article)

        assert answer.status_code == 303
        (made,) = reviews_of(session, article)
        assert (made.name, made.credentials, made.scope) == ("Dr. Ana Reed", "MD, vascular medicine", "page")
        assert (made.content_hash, made.due_on) == (article.content_hash, date.fromisoformat(IN_A_YEAR))

    def test_what_is_signed_is_published_without_force(self, reviewer, article, signed_in, session):
        sign(reviewer, article)

        path = f"/admin/entries/{article.entry_id}/publish"
        answer = signed_in(Role.EDITOR).post(path, {"kind": "editorial"}, form_on="/admin/password")

        assert answer.status_code == 303
        session.rollback()
        live = standings(session, [article.entry_id])[article.entry_id].live
        assert live.review["reviewers"] == [{"name": "Dr. Ana Reed", "credentials": "MD, vascular medicine"}]

    def test_readers_are_told_at_once_where_they_have_the_text(self, reviewer, session):
        live = a_live_article(session)
        session.commit()

        sign(reviewer, live)

        session.rollback()
        edition = standings(session, [live.entry_id])[live.entry_id].live
        assert edition.review["review_due_on"] == IN_A_YEAR

    def test_it_gives_back_what_was_held_since_its_review_fell_due(self, reviewer, session):
        expiry.decide(session.get_bind(), {"article": OnReviewDue.HOLD})
        version = signed(session, an_article(session), due_on=date(2026, 6, 1))
        publish(session, version)
        assert "have this text back at once" in page(reviewer, version).get_text()

        sign(reviewer, version)

        session.rollback()
        edition = standings(session, [version.entry_id])[version.entry_id].live
        assert edition.review["review_due_on"] == IN_A_YEAR

    def test_nobody_signs_their_own_words(self, reviewer, session):
        own = an_article(session, by=reviewer.person_id)
        session.commit()

        answer = sign(reviewer, own)

        assert answer.status_code == 422
        assert "somebody else must sign it" in page(reviewer, own).get_text()
        assert reviews_of(session, own) == []

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ({"due_on": "2020-01-01"}, "The day of the next review is not after today: enter a later one"),
            ({"due_on": "soon"}, "The day of the next review is needed, like 2027-03-31"),
            ({"due_on": "20270601"}, "The day of the next review is needed, like 2027-03-31"),
            ({"due_on": "2027-W01-1"}, "The day of the next review is needed, like 2027-03-31"),
            (
                {"due_on": "9999-12-31"},
                "The day of the next review is more than 10 years away: enter a sooner one",
            ),
            ({"scope": "change"}, "What was looked at is not one of those offered"),
            ({"scope": ""}, "What was looked at is not one of those offered"),
        ],
    )
    def test_it_names_what_does_not_fit(self, reviewer, article, session, given, told):
        answer = sign(reviewer, article, **given)

        assert answer.status_code == 422
        assert told in answer.text
        assert reviews_of(session, article) == []

    def test_it_asks_for_credentials(self, signed_in, article, session):
        answer = sign(signed_in(Role.REVIEWER), article)

        assert answer.status_code == 422
        assert "Credentials are missing from your account" in answer.text
        assert reviews_of(session, article) == []

    @pytest.mark.parametrize("role", [role for role in Role if role != Role.REVIEWER])
    def test_it_is_a_clinicians(self, signed_in, article, session, role):
        other = signed_in(role)

        assert sign(other, article).status_code == 403
        assert not page(other, article).select('form[action*="review?"]')
        assert reviews_of(session, article) == []

    # On SQLite whoever acts is alone from before the first look on.
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_it_is_of_the_text_that_was_shown_also_where_readers_get_another_meanwhile(
        self, reviewer, session, app
    ):
        live = a_live_article(session)
        draft = saved(session, live, body="Ten times as much.")
        session.commit()
        with app.app_context():
            before_the_lock(db.engine, lambda other: publish(other, other.merge(draft), forced="Urgent."))

        answer = sign(reviewer, live)

        assert answer.status_code == 422
        assert "readers have version 2 by now" in BeautifulSoup(answer.text, "html.parser").get_text()
        assert [one.version for one in reviews_of(session, live)] == [1]

    def test_what_lies_in_the_trash_is_not_signed(self, reviewer, article, session):
        trash.throw_away(session, article.entry_id, by=ED)
        session.commit()

        assert sign(reviewer, article).status_code == 422
        assert reviews_of(session, article) == []

    def test_what_needs_no_review_has_no_such_page(self, reviewer, session):
        topic = a_topic(session)

        assert reviewer.get(f"/admin/entries/{topic}/review").status_code == 404


class TestAsk:
    def test_it_marks_what_changed_since_the_last_review(self, reviewer, session):
        first = signed(session, an_article(session, body="Rest helps."), reviewer=DR_FINN)
        second = saved(session, first, body="Walking helps.")
        session.commit()

        shown = page(reviewer, second)

        assert "which Dr. Leo Finn signed" in shown.get_text()
        assert [shown.select_one(f".diff {mark}").text for mark in ("del", "ins")] == ["Rest", "Walking"]
        assert sign(reviewer, second, scope="change").status_code == 303

    def test_the_same_words_at_another_place_are_neither_newer_nor_others(self, reviewer, article, session):
        submissions.submit(session, article.entry_id, 1, by=ED)
        saved(session, article, slug="moved")
        session.commit()

        shown = page(reviewer, article).get_text()
        assert "is newer" not in shown
        moved = reviewer.get(f"/admin/entries/{article.entry_id}/review?version=2").text
        assert "which was submitted" not in moved
        assert "Submit version 2" not in moved
        assert "saved since" not in reviewer.get(f"/admin/articles/{article.entry_id}").text

        saved(session, versions.latest(session, article.entry_id), body="Other words.")
        session.commit()

        assert "Version 3 is newer, and its words are others" in page(reviewer, article).get_text()
        assert "which was submitted" in reviewer.get(f"/admin/entries/{article.entry_id}/review").text
        assert "saved since" in reviewer.get(f"/admin/articles/{article.entry_id}").text

    def test_it_says_who_has_signed_and_until_when(self, reviewer, article):
        sign(reviewer, article)

        assert "Dr. Ana Reed" in page(reviewer, article).select_one("section[aria-labelledby=signed]").text


class TestTheRefusalToPublish:
    def test_it_shows_the_word_that_voids_the_review(self, signed_in, session):
        first = signed(session, an_article(session, body="Rest helps."))
        saved(session, first, body="Rest heals.")
        session.commit()

        answer = signed_in(Role.EDITOR).get(f"/admin/entries/{first.entry_id}/publish")

        said = BeautifulSoup(answer.text, "html.parser").select_one(
            "[aria-label='What the review does not cover']"
        )
        assert (said.select_one("del").text, said.select_one("ins").text) == ("helps", "heals")
        assert standings(session, [first.entry_id])[first.entry_id].state == State.DRAFT


class TestThePicturesThatATextShows:
    @pytest.fixture
    def image(self, session):
        return an_image(session, caption="Take 1 tablet a day.")

    @pytest.fixture
    def article(self, session, image):
        made = an_article(session, image=str(image.entry_id), body=f"![](/api/v1/images/{image.entry_id})")
        session.commit()
        return made

    def offered(self, browser, article):
        return page(browser, article).select("input[name=pictures]")

    def test_they_are_signed_with_it_in_the_versions_that_were_shown(self, reviewer, article, image, session):
        [box] = self.offered(reviewer, article)
        assert box.has_attr("checked")
        assert "A foot, version 1, not public yet, not signed" in page(reviewer, article).text.replace(
            "\n", ""
        )

        answer = sign(reviewer, article, pictures=box["value"])

        assert answer.status_code == 303
        [review] = reviews_of(session, image)
        assert review.content_hash == image.content_hash
        assert review.due_on.isoformat() == IN_A_YEAR
        assert self.offered(reviewer, article) == []

    def test_one_changed_word_refuses_both(self, reviewer, article, image, session):
        [box] = self.offered(reviewer, article)
        saved(session, image, caption="Take 10 tablets a day.")
        session.commit()

        answer = sign(reviewer, article, pictures=box["value"])

        assert answer.status_code == 422
        assert "The pictures are not as they were shown to you" in answer.text
        assert "Take 10 tablets a day." in answer.text
        assert reviews_of(session, image) == reviews_of(session, article) == []

    def test_nobody_signs_their_own_along_with_it(self, reviewer, article, image, session):
        saved(session, image, caption="Take 2 tablets a day.", by=reviewer.person_id)
        session.commit()

        assert self.offered(reviewer, article) == []

    def test_they_may_be_left_out(self, reviewer, article, image, session):
        assert sign(reviewer, article).status_code == 303

        assert reviews_of(session, image) == []

    def test_readers_have_what_is_shown_of_one_that_is_public(self, reviewer, session):
        image = a_live_image(session, caption="Take 1 tablet a day.")
        saved(session, image, caption="Take 10 tablets a day.")
        made = an_article(session, body=f"![](/api/v1/images/{image.entry_id})")
        session.commit()

        shown = page(reviewer, made)

        assert shown.figcaption.text == "Take 1 tablet a day."
        assert "Take 10 tablets" not in shown.text
        assert shown.select("input[name=pictures]") == []
