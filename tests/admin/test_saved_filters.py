from urllib.parse import urlencode
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from admin import people, saved_filters
from admin.roles import Role
from content import consolidating, publishing, trash, versions
from storage import db
from tests.builders import ED, a_topic, an_article

LIST = "/admin/articles/"
ALL = "/admin/filters/"


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


def keep(browser, name, query, type_name="article", **more):
    return browser.post(
        f"{ALL}keep/{type_name}", {"name": name, "query": urlencode(query), **more}, form_on="/admin/password"
    )


def offered(browser, path):
    """The saved filters of a page, with where each leads."""
    page = BeautifulSoup(browser.get(path).text, "html.parser")
    return {link.contents[0].strip(): link["href"] for link in page.select(".shortcuts a.chip")}


def only(session, email="editor@example.org"):
    [(kept, _)] = saved_filters.found_by(session, people.by_email(session, email).id)
    return kept


class TestKeeping:
    def test_it_stands_above_its_list_and_on_the_desk_and_opens_just_that(self, editor, session):
        topic = a_topic(session)
        query = {"tab": "drafts", "q": "clots", "topics": topic, "locale": "en", "by": ED, "sort": "title"}

        answer = keep(editor, "Mine to do", {**query, "after": "12~x", "nonsense": "1"})

        names = ("by", "locale", "q", "sort", "tab", "topics")
        there = f"{LIST}?{urlencode([(name, query[name]) for name in names], safe=':')}"
        assert (answer.status_code, answer.location) == (303, there)
        assert offered(editor, LIST) == offered(editor, "/admin/") == {"Mine to do": there}
        assert offered(editor, "/admin/faqs/") == {}
        page = BeautifulSoup(editor.get(there).text, "html.parser")
        assert page.select_one(".shortcuts a[aria-current]").text == "Mine to do"
        assert page.select_one("form[action*='/filters/keep/']") is None
        assert page.select_one("#by-topics option[selected]")["value"] == topic

    def test_a_list_that_asks_for_something_offers_to_keep_it(self, editor, session):
        an_article(session, tags=["legs"])
        session.commit()

        def form(path):
            return BeautifulSoup(editor.get(path).text, "html.parser").select_one("form[action*='/keep/']")

        assert form(LIST) is None
        assert form(f"{LIST}?tag=legs&due=30").select_one("[name=query]")["value"] == "due=30&tag=legs"

    @pytest.mark.parametrize(
        ("name", "query", "why"),
        [
            ("", {"q": "x"}, "Name is needed"),
            ("x" * 61, {"q": "x"}, "Name is longer than 60 characters"),
            ("a\x0bb", {"q": "x"}, "Name has a character in it"),
            ("All", {"tab": "all", "sort": "saved"}, "Filter asks for nothing yet"),
            ("Odd", {"q": "a\x00b"}, "Filter has a character in it"),
        ],
    )
    def test_what_cannot_be_kept_is_told(self, editor, session, name, query, why):
        keep(editor, name, query)

        assert why in editor.get(LIST).text
        assert saved_filters.found_by(session, people.by_email(session, "editor@example.org").id) == []

    def test_a_name_is_given_once_in_a_list(self, editor):
        keep(editor, "Mine", {"q": "legs"})
        keep(editor, "Mine", {"q": "arms"})
        keep(editor, "Mine", {"q": "legs"}, type_name="faq")

        assert offered(editor, LIST) == {"Mine": f"{LIST}?q=legs"}
        assert offered(editor, "/admin/faqs/") == {"Mine": "/admin/faqs/?q=legs"}

    def test_there_is_an_end_to_it(self, editor, monkeypatch):
        monkeypatch.setattr(saved_filters, "MOST", 1)
        keep(editor, "One", {"q": "legs"})

        there = keep(editor, "Two", {"q": "arms"}).location

        assert "remove one first" in editor.get(there).text
        assert list(offered(editor, LIST)) == ["One"]

    def test_a_list_of_another_type_is_nowhere(self, editor):
        assert keep(editor, "Mine", {"q": "legs"}, type_name="person").status_code == 404


class TestChanging:
    def test_it_is_renamed_and_removed(self, editor, session):
        keep(editor, "Mine", {"q": "legs"})
        kept = only(session)
        there = f"{ALL}{kept.id}"

        assert editor.post(f"{there}/change", {"name": " Legs "}, form_on=ALL).status_code == 303
        assert list(offered(editor, LIST)) == ["Legs"]
        assert editor.post(f"{there}/remove", form_on=ALL).status_code == 303
        assert offered(editor, LIST) == {}

    def test_a_name_that_is_another_ones_is_refused_beside_it(self, editor, session):
        keep(editor, "Arms", {"q": "arms"})
        kept = only(session)
        keep(editor, "Legs", {"q": "legs"})

        answer = editor.post(f"{ALL}{kept.id}/change", {"name": "Legs"}, form_on=ALL)

        page = BeautifulSoup(answer.text, "html.parser")
        assert answer.status_code == 422
        assert "is a filter of yours already" in page.select_one("[role=alert]").text
        assert [one["value"] for one in page.select("[aria-invalid]")] == ["Legs"]
        assert sorted(offered(editor, LIST)) == ["Arms", "Legs"]

    def test_it_may_keep_its_name(self, editor, session):
        keep(editor, "Mine", {"q": "legs"})

        answer = editor.post(f"{ALL}{only(session).id}/change", {"name": "Mine", "shared": "1"}, form_on=ALL)

        assert answer.status_code == 303
        session.expire_all()
        assert only(session).shared


class TestWhoseItIs:
    def test_it_is_shown_to_others_only_where_it_is_shared(self, editor, signed_in, session):
        keep(editor, "Mine", {"q": "legs"})
        keep(editor, "Ours", {"q": "arms"}, shared="1")

        other = signed_in(Role.AUTHOR)

        assert offered(other, LIST) == offered(other, "/admin/") == {"Ours": f"{LIST}?q=arms"}
        assert "by editor" in other.get(LIST).text

    def test_others_neither_change_nor_remove_it(self, editor, signed_in, session):
        keep(editor, "Ours", {"q": "arms"}, shared="1")
        kept, other = only(session), signed_in(Role.ADMINISTRATOR)

        for deed in ("change", "remove"):
            answer = other.post(f"{ALL}{kept.id}/{deed}", {"name": "Theirs"}, form_on="/admin/password")
            assert answer.status_code == 404

        assert list(offered(editor, LIST)) == ["Ours"]
        assert f"{kept.id}/" not in other.get(ALL).text

    def test_it_goes_with_who_made_it(self, editor, signed_in, session):
        keep(editor, "Ours", {"q": "arms"}, shared="1")
        other = signed_in(Role.AUTHOR)
        people.disable(session, people.by_email(session, "editor@example.org"))
        session.commit()

        assert offered(other, LIST) == {}


class TestWhatIsAskedForAndLost:
    def told(self, browser, topic):
        answer = browser.get(f"{LIST}?topics={topic}&tab=drafts")
        assert answer.status_code == 200
        return BeautifulSoup(answer.text, "html.parser").select(".told-waits")

    def test_a_topic_that_was_merged_leads_to_the_other(self, editor, session):
        topic, other = a_topic(session), a_topic(session, "Legs")
        consolidating.merge(session, UUID(topic), UUID(other), by=ED)

        [note] = self.told(editor, topic)

        assert "Topics: “Veins” was merged into “Legs”." in note.text
        assert note.a["href"] == f"{LIST}?tab=drafts&topics={other}"

    def test_a_topic_that_was_retired_is_told(self, editor, session):
        topic = a_topic(session)
        publishing.withdraw(session, UUID(topic), by=ED)

        [note] = self.told(editor, topic)

        assert ("“Veins” was retired." in note.text, note.a) == (True, None)

    def test_a_topic_that_lies_in_the_trash_is_told(self, editor, session):
        made = versions.create(session, "topic", {"name": "Veins", "slug": "veins"}, locale="en", by=ED)
        trash.throw_away(session, made.entry_id, by=ED)
        session.commit()

        [note] = self.told(editor, made.entry_id)

        assert "“Veins” is in the trash." in note.text

    def test_a_topic_that_there_never_was_is_told(self, editor):
        [note] = self.told(editor, "00000000-0000-7000-8000-000000000000")

        assert "is not known here" in note.text

    def test_a_topic_that_is_offered_is_no_news(self, editor, session):
        topic = a_topic(session)
        session.commit()

        assert self.told(editor, topic) == []


class TestWhatItCosts:
    def test_a_list_and_the_desk_ask_as_often_with_many_as_with_one(self, editor):
        sent = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(args[2]))

        def asked(path):
            editor.get(path)
            sent.clear()
            editor.get(path)
            return len(sent)

        keep(editor, "One", {"q": "one"})
        before = asked(LIST), asked("/admin/")
        for number in range(5):
            keep(editor, f"More {number}", {"q": "more"}, shared="1")

        assert (asked(LIST), asked("/admin/")) == before
