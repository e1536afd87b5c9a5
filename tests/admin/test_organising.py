import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from content import entries, publishing, schedule, trash, versions
from content.log import State, head
from content.schedule import Verb
from content.standings import standings
from tests.builders import ED, a_live_article, a_topic, an_article, an_author, an_faq, saved


@pytest.fixture
def veins(session):
    return a_topic(session, "Veins")


@pytest.fixture
def vessels(session):
    return a_topic(session, "Vessels")


@pytest.fixture
def article(session, veins):
    return a_live_article(session, topics=[veins])


@pytest.fixture
def ed(signed_in, session):
    session.commit()
    return signed_in(Role.EDITOR)


def at(entry_id, page):
    return f"/admin/entries/{entry_id}/{page}"


def expected(page):
    return re.search(r'name="expected" value="(\w+)"', page.text)[1]


def sent(browser, address, **data):
    """The answer to an effect's page once it is sent as it was shown."""
    shown = browser.get(address)
    facts = dict(re.findall(r'type="hidden" name="(name|slug|into)" value="([^"]*)"', shown.text))
    given = {"expected": expected(shown), **facts, **data}
    return browser.post(address.partition("?")[0], given, form_on=address)


def state(session, entry_id):
    session.expire_all()
    return standings(session, [UUID(entry_id)])[UUID(entry_id)].state


def newest(session, entry_id):
    session.expire_all()
    return versions.latest(session, UUID(str(entry_id))).values


class TestWhereUsed:
    def test_it_links_each_text_and_says_where_it_stands(self, ed, session, veins, article):
        saved(session, article, topics=[])
        faq = an_faq(session, topics=[veins])
        thrown = an_article(session, title="Thrown", slug="thrown", topics=[veins])
        trash.throw_away(session, thrown.entry_id, by=ED)
        session.commit()

        page = ed.get(at(veins, "uses")).text

        for plural, one in (("articles", article), ("faqs", faq), ("articles", thrown)):
            assert f'href="/admin/{plural}/{one.entry_id}"' in page
        assert "in what readers have, not in the draft" in page
        assert "in the trash" in page

    def test_it_is_paged(self, ed, session, veins):
        for number in range(103):
            an_article(session, title=f"Text {number:03}", slug=f"text-{number}", topics=[veins])
        session.commit()

        first = ed.get(at(veins, "uses")).text
        assert "Text 049" in first
        assert "Text 050" not in first
        assert '<span class="quiet number">103</span>' in first
        assert "Text 102" in ed.get(at(veins, "uses?page=3")).text

    def test_it_is_none_for_what_needs_a_review_or_is_not(self, ed, article):
        assert ed.get(at(article.entry_id, "uses")).status_code == 404
        assert ed.get(at(uuid4(), "uses")).status_code == 404


class TestRights:
    @pytest.mark.parametrize("page", ["rename", "merge", "retire"])
    @pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER])
    def test_it_is_for_those_who_publish(self, signed_in, session, veins, page, role):
        session.commit()
        visitor, before = signed_in(role), head(session).sequence

        assert visitor.get(at(veins, "uses")).status_code == 200
        assert "See what it does" not in visitor.get(at(veins, "uses")).text
        assert visitor.get(at(veins, page)).status_code == 403
        assert visitor.post(at(veins, page), form_on="/admin/password").status_code == 403
        assert head(session).sequence == before

    @pytest.mark.parametrize("page", ["rename", "merge", "retire"])
    def test_it_takes_nothing_without_a_token(self, ed, veins, page):
        assert ed.open(at(veins, page), method="POST").status_code == 400


class TestRename:
    def test_it_shows_its_effect_and_does_that(self, ed, session, veins, article):
        address = at(veins, "rename?name=Leg+veins&slug=leg-veins")
        page = ed.get(address).text
        assert "1 live text shows the new name at once" in page
        assert "The log gets 1 line, in 1 act." in page
        before = head(session).sequence

        answer = sent(ed, address)

        assert answer.status_code == 303
        assert newest(session, veins)["name"] == "Leg veins"
        assert head(session).sequence == before + 1
        shown = ed.get("/api/v1/articles/clots").json
        assert shown["topics"] == [{"id": veins, "slug": "leg-veins", "name": "Leg veins"}]
        assert shown["version"] == 1

    @pytest.mark.parametrize(
        ("asked", "field", "told"),
        [
            ("name=Veins", "name", "“Name” is what it is already."),
            ("name=", "name", "“Name” is required."),
            ("name=Leg+veins&slug=Not+a+slug", "slug", "“Slug” "),
        ],
    )
    def test_it_tells_why_not_at_the_field(self, ed, veins, asked, field, told):
        answer = ed.get(at(veins, f"rename?{asked}"))

        page = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 409
        assert [one["id"] for one in page.select("[aria-invalid]")] == [field]
        assert told in page.select_one("#fault").text

    def test_it_tells_that_the_slug_is_anothers(self, ed, session, veins, vessels):
        answer = sent(ed, at(veins, "rename?name=Veins&slug=vessels"))

        assert answer.status_code == 409
        assert "belongs to another live entry" in answer.text
        assert newest(session, veins)["slug"] == "veins"


class TestMerge:
    def test_it_shows_its_effect_and_does_that(self, ed, session, veins, vessels, article):
        draft = an_faq(session, question="A draft?", topics=[veins])
        session.commit()
        address = at(veins, f"merge?into={vessels}")
        page = ed.get(address).text
        assert "1 live text changes for readers." in page
        assert "1 text gets a new version that is only saved." in page
        assert "The log gets 2 lines, in 1 act." in page
        before = head(session).sequence

        answer = sent(ed, address, manner="redirected")

        assert answer.location == at(vessels, "uses")
        assert head(session).sequence == before + 1
        assert state(session, veins) == State.REDIRECTED
        assert newest(session, draft.entry_id)["topics"] == [vessels]
        assert ed.get("/api/v1/articles/clots").json["topics"][0]["name"] == "Vessels"
        moved = ed.get("/api/v1/topics/veins")
        assert moved.status_code in (301, 308)
        assert moved.location.startswith("/api/v1/topics/vessels")

    def test_it_lists_what_stays_and_leads_to_it(self, ed, session, veins, vessels):
        thrown = an_article(session, title="Thrown", slug="thrown", topics=[veins])
        trash.throw_away(session, thrown.entry_id, by=ED)
        session.commit()
        address = at(veins, f"merge?into={vessels}")
        assert "It lies in the trash." in ed.get(address).text

        answer = sent(ed, address, manner="replaced")

        assert answer.location == at(veins, "uses")
        page = ed.get(answer.location).text
        assert "1 still bear the one" in page
        assert "Thrown" in page

    def test_it_merges_authors(self, ed, session):
        one, other = an_author(session, "Clinic"), an_author(session, "The clinic")
        a_live_article(session, authors=[one])
        session.commit()

        sent(ed, at(one, f"merge?into={other}"), manner="redirected")

        assert [author["name"] for author in ed.get("/api/v1/articles/clots").json["authors"]] == [
            "The clinic"
        ]

    def test_it_refuses_what_changed_since_and_shows_it_anew(self, ed, session, veins, vessels):
        address = at(veins, f"merge?into={vessels}")
        shown = ed.get(address)
        an_article(session, title="Written since", slug="since", topics=[veins])
        session.commit()

        given = {"expected": expected(shown), "into": vessels, "manner": "redirected"}
        answer = ed.post(at(veins, "merge"), given, form_on=address)

        assert answer.status_code == 409
        assert "has changed since it was shown" in answer.text
        assert "Written since" in answer.text
        assert state(session, veins) == State.LIVE

    @pytest.mark.parametrize("into", ["", "x", "01a22065-885a-76f4-a951-93ff9c74ab85"])
    def test_it_tells_that_there_is_no_other(self, ed, session, veins, into):
        assert ed.get(at(veins, f"merge?into={into}")).status_code in (404, 409)
        answer = ed.post(at(veins, "merge"), {"into": into}, form_on=at(veins, "uses"))
        assert answer.status_code in (404, 409)
        assert state(session, veins) == State.LIVE

    def test_it_refuses_another_manner(self, ed, session, veins, vessels):
        answer = sent(ed, at(veins, f"merge?into={vessels}"), manner="gone")

        assert answer.status_code == 409
        assert state(session, veins) == State.LIVE


class TestRetire:
    def test_it_is_withdrawn_kept_and_offered_no_more(self, ed, session, veins, vessels, article):
        page = ed.get(at(veins, "retire")).text
        assert "1 live text shows it no more" in page
        assert "The log gets 1 line, in 1 act." in page

        sent(ed, at(veins, "retire"), reason="Too wide.", note="See the others.")

        assert state(session, veins) == State.GONE
        assert newest(session, article.entry_id)["topics"] == [veins]
        assert ed.get("/api/v1/articles/clots").json["topics"] == []
        assert [one["text"] for one in ed.get("/admin/pick/topic?locale=en").json] == ["Vessels"]
        assert "Veins" not in ed.get("/admin/articles/new").text
        assert "Veins" in ed.get(f"/admin/articles/{article.entry_id}").text

    def test_it_lists_what_changes_for_readers_as_its_withdrawal_does(self, ed, veins, article):
        def told(page):
            return [
                line.strong.text for line in BeautifulSoup(page.text, "html.parser").select(".effects li")
            ]

        retiring = ed.get(at(veins, "retire"))

        assert told(retiring) == ["Veins", article.values["title"]]
        assert told(retiring) == told(ed.get(at(veins, "withdraw")))
        assert "No text changes." not in retiring.text

    def test_it_lists_what_is_planned_with_it_in_it_and_of_itself(self, ed, session, veins):
        draft, soon = an_article(session, topics=[veins]), datetime.now(UTC) + timedelta(hours=1)
        for one in (draft.entry_id, UUID(veins)):
            schedule.schedule(session, Verb.PUBLISH, one, version=1, due_at=soon, by=ED)
        session.commit()

        page = BeautifulSoup(ed.get(at(veins, "retire")).text, "html.parser")

        told = {row.th.text.strip(): row.td.text for row in page.select("[aria-labelledby=stays] tbody tr")}
        assert "It goes public with this still in it" in told.pop(draft.values["title"])
        [of_itself] = told.values()
        assert "It will be refused then" in of_itself

    @pytest.mark.parametrize("meanwhile", ["comes to show it", "shows it no more"])
    def test_it_is_refused_where_another_text_shows_it_than_was_told(self, ed, session, veins, meanwhile):
        shown = a_live_article(session, topics=[veins])
        session.commit()
        asked = expected(ed.get(at(veins, "retire")))
        if meanwhile == "comes to show it":
            a_live_article(session, title="Another", slug="another", topics=[veins])
        else:
            publishing.withdraw(session, shown.entry_id, by=ED, note="n")
        session.commit()

        given = {"expected": asked, "reason": "Too wide.", "note": "See the others."}
        answer = ed.post(at(veins, "retire"), given, form_on=at(veins, "retire"))

        assert answer.status_code == 409
        assert "has changed since it was shown" in answer.text
        assert state(session, veins) == State.LIVE

    def test_it_asks_for_a_reason(self, ed, session, veins):
        answer = sent(ed, at(veins, "retire"))

        assert answer.status_code == 409
        assert "is needed" in answer.text
        assert state(session, veins) == State.LIVE

    def test_it_asks_what_readers_are_told(self, ed, session, veins):
        answer = sent(ed, at(veins, "retire"), reason="Too wide.")

        assert answer.status_code == 409
        assert "A public note is needed" in answer.text
        assert state(session, veins) == State.LIVE

    def test_it_is_not_for_what_is_not_public(self, ed, session):
        draft = versions.create(session, "topic", {"name": "Legs", "slug": "legs"}, locale="en", by=ED)
        session.commit()

        assert ed.get(at(draft.entry_id, "retire")).status_code == 409
        assert entries.entry(session, draft.entry_id).latest == 1

    def test_one_made_by_the_same_name_is_another(self, ed, session, veins):
        sent(ed, at(veins, "retire"), reason="Too wide.", note="See the others.")

        given = {"title": "T", "body": "Words.", "locale": "en", "topics": ["new:Veins"]}
        answer = ed.post("/admin/articles/new", given, form_on="/admin/articles/new")

        made = newest(session, urlsplit(answer.location).path.rpartition("/")[2])
        assert made["topics"] != [veins]
