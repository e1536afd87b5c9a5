import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, func, select

from admin import listing
from admin.roles import Role
from content import entries, types, versions
from content.database import new_id
from content.entries import Entry
from content.fields import Line, Markdown
from content.placement import SLUG
from content.types import ContentType
from storage import db
from tests.admin.test_pictures import a_file
from tests.builders import MAY_DAY, a_live_article, a_topic, an_article, an_author, an_faq, publish, signed
from tests.drawings import a_drawing

TODAY = datetime.now(UTC).date()
NEW = {"title": "Clots in the leg", "body": "Plain *words*.", "locale": "en"}


@pytest.fixture
def editor(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def article(session):
    made = an_article(session, tags=["legs"])
    session.commit()
    return made


def saved_by(answer, session):
    """The version that an answer's redirect leads to."""
    return versions.latest(session, UUID(urlsplit(answer.location).path.rpartition("/")[2]))


def form_of(browser, path):
    """Every field of the page's writing form with its value, as a browser would send it."""
    form = BeautifulSoup(browser.get(path).text, "html.parser").select_one("form.writing")
    fields = {}
    for field in form.select("input[name]"):
        if field.get("type") != "checkbox" or field.has_attr("checked"):
            fields[field["name"]] = field.get("value", "")
    fields |= {field["name"]: field.text.removeprefix("\n") for field in form.select("textarea")}
    for field in form.select("select[name]"):
        fields[field["name"]] = [option["value"] for option in field.select("option[selected]")]
    return fields


class TestCreate:
    def test_it_makes_version_1_by_the_person(self, editor, session):
        answer = editor.post("/admin/articles/new", {**NEW, "note": "A start"}, form_on="/admin/articles/new")

        made = saved_by(answer, session)
        assert (made.number, made.values["title"], made.values["slug"]) == (
            1,
            "Clots in the leg",
            "clots-in-the-leg",
        )
        assert made.note == "A start"
        assert "by editor" in editor.get(f"/admin/entries/{made.entry_id}/history").text

    def test_a_form_that_is_sent_twice_makes_one_entry(self, editor, session):
        sent = {**NEW, "topics": ["new:Blood clots"], "tab": str(new_id())}

        answers = [editor.post("/admin/articles/new", sent, form_on="/admin/articles/new") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [303, 303]
        assert len({answer.headers["Location"] for answer in answers}) == 1
        made = saved_by(answers[0], session)
        assert entries.entry(session, made.entry_id).latest == 1
        assert session.scalar(select(func.count()).select_from(Entry).where(Entry.type == "article")) == 1

    def test_what_was_typed_before_it_was_sent_again_is_shown_and_saved_when_told(self, editor, session):
        sent = {**NEW, "tab": str(new_id())}
        first = saved_by(editor.post("/admin/articles/new", sent, form_on="/admin/articles/new"), session)

        answer = editor.post("/admin/articles/new", {**sent, "body": "More."}, form_on="/admin/articles/new")

        page = BeautifulSoup(answer.text, "html.parser")
        form = page.select_one("form.writing")
        assert answer.status_code == 409
        assert "Nothing was saved." in page.text
        assert (form["action"], form["data-guard"]) == (f"/admin/articles/{first.entry_id}", "changed")
        assert form.select_one("#body").text.strip() == "More."
        assert form.select_one("input[name=based_on]")["value"] == "1"
        assert form.select_one("input[name=tab]")["value"] != sent["tab"]
        session.rollback()
        assert versions.latest(session, first.entry_id).number == 1

    def test_it_names_what_is_wrong_and_keeps_what_was_typed(self, editor):
        wrong = {**NEW, "body": "", "slug": "Not A Slug", "summary": "Kept"}

        answer = editor.post("/admin/articles/new", wrong, form_on="/admin/articles/new")

        assert answer.status_code == 422
        page = BeautifulSoup(answer.text, "html.parser")
        assert page.find(id="body-says").text == "Is required."
        assert "hyphens" in page.find(id="slug-says").text
        assert page.find(id="summary").text == "Kept"

    def test_it_makes_the_topics_tags_and_authors_that_are_new(self, editor, session):
        picked = {"topics": ["new:Blood clots"], "tags": "legs, new tag", "authors": ["new:Leg Clinic"]}

        answer = editor.post("/admin/articles/new", {**NEW, **picked}, form_on="/admin/articles/new")

        made = saved_by(answer, session).values
        assert made["tags"] == ["legs", "new tag"]
        assert versions.latest(session, UUID(made["topics"][0])).values == {
            "name": "Blood clots",
            "slug": "blood-clots",
        }
        assert entries.entry(session, UUID(made["authors"][0])).title == "Leg Clinic"

    def test_it_leaves_no_topic_behind_where_the_text_is_refused(self, editor):
        editor.post(
            "/admin/articles/new", {**NEW, "body": "", "topics": ["new:Lost"]}, form_on="/admin/articles/new"
        )

        assert "Lost" not in editor.get("/admin/topics/").text

    def test_it_takes_a_topic_of_that_name_rather_than_making_a_second(self, editor, session):
        known = a_topic(session, "Veins")

        answer = editor.post(
            "/admin/articles/new", {**NEW, "topics": ["new:Veins"]}, form_on="/admin/articles/new"
        )

        assert saved_by(answer, session).values["topics"] == [known]

    def test_it_keeps_the_rows_that_are_filled_in(self, editor, session):
        rows = {
            "sources-0-title": "DVT",
            "sources-0-publisher": "NHS",
            "sources-7-title": "Veins",
            "sources-9-url": "",
        }

        answer = editor.post("/admin/articles/new", {**NEW, **rows}, form_on="/admin/articles/new")

        kept = saved_by(answer, session).values["sources"]
        assert [source["title"] for source in kept] == ["DVT", "Veins"]

    @pytest.mark.parametrize("locale", ["e", "english words", "en\x00", "en_GB", "<b>"])
    def test_it_refuses_what_is_no_language(self, editor, locale):
        answer = editor.post("/admin/articles/new", {**NEW, "locale": locale}, form_on="/admin/articles/new")

        assert answer.status_code == 422
        assert BeautifulSoup(answer.text, "html.parser").find(id="locale-says")

    def test_it_refuses_a_character_that_no_feed_could_carry(self, editor):
        answer = editor.post("/admin/articles/new", {**NEW, "title": "a\x0bb"}, form_on="/admin/articles/new")

        assert answer.status_code == 422
        assert "U+000B" in answer.text


class TestCanonicalAddress:
    @pytest.fixture(autouse=True)
    def template(self, app):
        app.config["VERSO_CANONICAL_URL"] = "https://clinic.example/{locale}/{type}/{slug}"

    def test_it_is_filled_in_where_it_was_left_empty(self, editor, session):
        answer = editor.post("/admin/articles/new", {**NEW, "locale": "EN-gb"}, form_on="/admin/articles/new")

        made = saved_by(answer, session)
        assert made.values["canonical"] == "https://clinic.example/en-GB/article/clots-in-the-leg"

    def test_it_stays_as_it_was_typed(self, editor, session):
        typed = {**NEW, "canonical": "https://elsewhere.example/legs"}

        answer = editor.post("/admin/articles/new", typed, form_on="/admin/articles/new")

        assert saved_by(answer, session).values["canonical"] == "https://elsewhere.example/legs"

    def test_it_is_no_matter_of_a_type_without_such_a_field(self, editor, session):
        answer = editor.post(
            "/admin/topics/new", {"name": "Veins", "locale": "en"}, form_on="/admin/topics/new"
        )

        assert "canonical" not in saved_by(answer, session).values

    def test_it_is_shown_before_it_is_made(self, editor, article):
        def shown(path):
            return BeautifulSoup(editor.get(path).text, "html.parser").find(id="canonical").get("placeholder")

        assert shown("/admin/articles/new") == "https://clinic.example/en/article/{slug}"
        assert shown(f"/admin/articles/{article.entry_id}") is None


class TestEdit:
    def test_it_shows_everything_that_saving_it_again_would_keep(self, editor, session):
        topic = a_topic(session)
        values = {
            "topics": [topic],
            "tags": ["legs", "veins"],
            "sources": [
                {
                    "title": "DVT",
                    "publisher": "NHS",
                    "url": "https://www.nhs.uk/dvt",
                    "accessed_on": "2026-11-20",
                }
            ],
            "body": "\n\nFirst <b>line\n\n    code & more\n",
            "syndication": False,
            "originally_published_on": "2023-07-20",
        }
        made = an_article(session, **values)
        session.commit()
        path = f"/admin/articles/{made.entry_id}"

        answer = editor.post(path, form_of(editor, path), form_on=path)

        assert answer.status_code == 303
        again = versions.latest(session, made.entry_id)
        assert again.number == 2
        assert again.values == made.values

    def test_it_keeps_the_warnings_of_an_faq(self, editor, session):
        made = an_faq(session, warnings=["Call **at once**.", "Do not wait."], short="Yes.")
        session.commit()
        path = f"/admin/faqs/{made.entry_id}"
        page = BeautifulSoup(editor.get(path).text, "html.parser")

        assert [field.text.strip() for field in page.select("textarea[name=warnings]")] == [
            *made.values["warnings"],
            "",
        ]

    def test_a_short_answer_has_room_and_stays_one_line(self, editor, session):
        faq = an_faq(session)
        session.commit()
        path = f"/admin/faqs/{faq.entry_id}"
        assert BeautifulSoup(editor.get(path).text, "html.parser").select_one("textarea#short")

        form = {**form_of(editor, path), "short": "Often it does.\r\nSeldom at night."}
        answer = editor.post(path, form, form_on=path)

        assert saved_by(answer, session).values["short"] == "Often it does. Seldom at night."

    def test_it_is_found_under_its_own_type_only(self, editor, article):
        assert editor.get(f"/admin/faqs/{article.entry_id}").status_code == 404

    def test_it_shows_the_preview_without_a_script(self, editor, article):
        page = BeautifulSoup(editor.get(f"/admin/articles/{article.entry_id}").text, "html.parser")

        assert page.select_one("#body-shown p").text == "Plain words."


class TestSave:
    def save(self, browser, article, **changed):
        path = f"/admin/articles/{article.entry_id}"
        return browser.post(path, {**form_of(browser, path), **changed}, form_on=path)

    def test_it_makes_the_next_version(self, editor, article, session):
        self.save(editor, article, title="Another title")

        assert versions.latest(session, article.entry_id).values == {
            **article.values,
            "title": "Another title",
        }

    def test_it_merges_what_does_not_clash(self, editor, article, session):
        path = f"/admin/articles/{article.entry_id}"
        mine = {**form_of(editor, path), "summary": "Mine"}
        self.save(editor, article, title="Theirs")

        editor.post(path, mine, form_on=path)

        values = versions.latest(session, article.entry_id).values
        assert (values["title"], values["summary"]) == ("Theirs", "Mine")

    def test_it_tells_what_it_was_merged_with_and_leads_to_what_changed(self, editor, article, session):
        path = f"/admin/articles/{article.entry_id}"
        mine = {**form_of(editor, path), "summary": "Mine"}
        self.save(editor, article, title="Theirs")
        theirs = versions.latest(session, article.entry_id)
        later = versions.save(
            session, article.entry_id, {**theirs.values, "tags": ["feet"]}, based_on=2, by="<Ben>"
        )
        session.commit()

        page = editor.get(editor.post(path, mine, form_on=path).location).text

        told = BeautifulSoup(page, "html.parser").select_one(".told-success")
        assert later.number == 3
        assert " ".join(told.text.split()) == (
            "Saved as version 4. Merged with version 2 by editor and version 3 by <Ben>: see what changed."
        )
        assert told.a["href"] == f"/admin/entries/{article.entry_id}/diff?from=1&to=4"

    def test_it_shows_a_clash_and_loses_nothing_typed(self, editor, article, session):
        path = f"/admin/articles/{article.entry_id}"
        mine = {**form_of(editor, path), "body": "What I wrote.", "summary": "My summary."}
        self.save(editor, article, body="What they wrote.", title="Their title")

        answer = editor.post(path, mine, form_on=path)

        assert answer.status_code == 409
        assert versions.latest(session, article.entry_id).number == 2
        page = BeautifulSoup(answer.text, "html.parser")
        shown = page.select_one(".clash").text
        assert all(words in shown for words in ("Plain words.", "they wrote", "I wrote"))
        assert page.find(id="body").text.strip() == "What I wrote."
        assert page.find(id="summary").text == "My summary."
        assert page.find(id="title")["value"] == article.values["title"]
        theirs = f"/admin/entries/{article.entry_id}/diff?from=1&to=2"
        assert page.select_one(".clash .lead a")["href"] == theirs
        assert page.select_one("input[name=based_on]")["value"] == "1"

    def test_it_asks_which_order_stays_by_the_names_of_what_was_picked(self, editor, article, session):
        ann, bob, cyd = (an_author(session, name=name) for name in ("Ann Low", "Bob High", "Cyd Wide"))
        path = f"/admin/articles/{article.entry_id}"
        ids = [ann, bob, cyd]
        session.commit()
        self.save(editor, article, authors=ids)
        mine = {**form_of(editor, path), "authors": [ids[0], ids[2], ids[1]]}
        self.save(editor, article, authors=[ids[1], ids[0], ids[2]])

        asked = BeautifulSoup(editor.post(path, mine, form_on=path).text, "html.parser")
        [name] = {radio["name"] for radio in asked.select(".clash input[type=radio]")}
        answer = editor.post(path, {**mine, name: "theirs"}, form_on=path)

        shown = asked.select_one(".clash").text
        assert all(one in shown for one in ("Ann Low", "Bob High", "Cyd Wide"))
        assert answer.status_code == 303
        assert versions.latest(session, article.entry_id).values["authors"] == [ids[1], ids[0], ids[2]]

    def test_it_leaves_no_topic_behind_where_it_clashed(self, editor, article):
        path = f"/admin/articles/{article.entry_id}"
        mine = {**form_of(editor, path), "body": "What I wrote.", "topics": ["new:Lost"]}
        self.save(editor, article, body="What they wrote.")

        answer = editor.post(path, mine, form_on=path)

        assert answer.status_code == 409
        assert "Lost" not in editor.get("/admin/topics/").text

    def test_it_makes_what_was_new_in_it_once_the_clash_is_settled(self, editor, article, session):
        path = f"/admin/articles/{article.entry_id}"
        mine = {**form_of(editor, path), "body": "What I wrote.", "topics": ["new:Ankles"]}
        self.save(editor, article, body="What they wrote.")

        asked = BeautifulSoup(editor.post(path, mine, form_on=path).text, "html.parser")
        [name] = {radio["name"] for radio in asked.select(".clash input[type=radio]")}
        answer = editor.post(path, {**mine, name: "mine"}, form_on=path)

        picked = asked.select_one("#topics option[selected]")
        assert (picked["value"], picked.text) == ("new:Ankles", "Ankles")
        assert answer.status_code == 303
        [topic] = versions.latest(session, article.entry_id).values["topics"]
        assert entries.entry(session, UUID(topic)).title == "Ankles"

    def test_it_asks_by_its_name_for_what_was_new_in_it(self, editor, article, session):
        ann, bob, cyd = (an_author(session, name=name) for name in ("Ann Low", "Bob High", "Cyd Wide"))
        path = f"/admin/articles/{article.entry_id}"
        session.commit()
        self.save(editor, article, authors=[ann, bob, cyd])
        mine = {**form_of(editor, path), "authors": [ann, cyd, bob, "new:Dan New"]}
        self.save(editor, article, authors=[bob, ann, cyd])

        asked = BeautifulSoup(editor.post(path, mine, form_on=path).text, "html.parser")
        [name] = {radio["name"] for radio in asked.select(".clash input[type=radio]")}
        answer = editor.post(path, {**mine, name: "theirs"}, form_on=path)

        assert "Dan New" in asked.select_one(".clash").text
        assert answer.status_code == 303
        assert versions.latest(session, article.entry_id).values["authors"][:3] == [bob, ann, cyd]

    def test_it_asks_for_a_file_again_and_remembers_what_was_chosen_meanwhile(self, editor, article, session):
        path = f"/admin/articles/{article.entry_id}"
        mine = {**form_of(editor, path), "body": "What I wrote.", "image-alt": "A foot"}
        self.save(editor, article, body="What they wrote.")

        def sent(**more):
            with_file = {"image-upload": a_file(a_drawing(), "foot.png")} if more.pop("file") else {}
            answer = editor.post(path, {**mine, **with_file, **more}, form_on=path)
            return answer.status_code, BeautifulSoup(answer.text, "html.parser")

        status, asked = sent(file=True)
        [name] = {radio["name"] for radio in asked.select(".clash input[type=radio]")}
        assert (status, "Choose the file foot.png again" in asked.select_one(".told-error").text) == (
            409,
            True,
        )

        status, refused = sent(file=False, **{name: "mine"})
        assert (status, refused.select_one(f"input[type=hidden][name={name}]")["value"]) == (422, "mine")

        status, _ = sent(file=True, **{name: "mine"})
        assert (status, "image" in versions.latest(session, article.entry_id).values) == (303, True)

    @pytest.mark.parametrize(
        ("choice", "settled"),
        [
            ("theirs", "What they wrote."),
            ("mine", "What I wrote."),
            ("both", "What they wrote.\n\nWhat I wrote."),
        ],
    )
    def test_it_saves_what_was_chosen(self, editor, article, session, choice, settled):
        path = f"/admin/articles/{article.entry_id}"
        mine = {**form_of(editor, path), "body": "What I wrote."}
        self.save(editor, article, body="What they wrote.")
        asked = BeautifulSoup(editor.post(path, mine, form_on=path).text, "html.parser")

        [name] = {radio["name"] for radio in asked.select(".clash input[type=radio]")}
        answer = editor.post(path, {**mine, name: choice}, form_on=path)

        assert answer.status_code == 303
        assert versions.latest(session, article.entry_id).values["body"] == settled

    def test_it_asks_for_what_is_left_and_remembers_what_was_chosen(self, editor, article, session):
        path = f"/admin/articles/{article.entry_id}"
        mine = {**form_of(editor, path), "body": "What I wrote.", "title": "My title"}
        self.save(editor, article, body="What they wrote.", title="Their title")
        asked = BeautifulSoup(editor.post(path, mine, form_on=path).text, "html.parser")
        title, body = dict.fromkeys(radio["name"] for radio in asked.select(".clash input[type=radio]"))

        again = editor.post(path, {**mine, title: "theirs", body: "no choice of ours"}, form_on=path)
        left = BeautifulSoup(again.text, "html.parser")

        assert again.status_code == 409
        assert {radio["name"] for radio in left.select(".clash input[type=radio]")} == {body}
        assert left.select_one(f"input[type=hidden][name={title}]")["value"] == "theirs"
        assert versions.latest(session, article.entry_id).number == 2

    @pytest.mark.parametrize("number", ["", "x", "0", "9", "-1", "²", "٣", "9" * 5000])
    def test_it_refuses_a_version_that_nobody_could_have_started_from(self, editor, article, number):
        assert self.save(editor, article, based_on=number).status_code == 400


class TestIndex:
    def titles(self, browser, query):
        page = BeautifulSoup(browser.get(f"/admin/articles/?{query}").text, "html.parser")
        return [link.text for link in page.select("tbody th a")]

    def test_each_cell_that_is_labelled_on_a_phone_is_called_as_its_column(self, editor, article):
        page = BeautifulSoup(editor.get("/admin/articles/").text, "html.parser")

        heads = [head.text.strip() for head in page.select("thead > tr > *")]
        labels = {
            place: cell["data-label"]
            for place, cell in enumerate(page.select("tbody tr:first-child > *"))
            if cell.has_attr("data-label")
        }
        assert list(labels.values()) == ["Review due", "Version", "Saved"]
        assert labels == {place: heads[place] for place in labels}

    def test_it_shows_where_each_stands(self, editor, article):
        assert re.search(r"Clots in the leg.*draft", editor.get("/admin/articles/").text, re.S)

    @pytest.mark.parametrize(
        "query",
        ["q=clots", "q=PLAIN+words", "tag=legs", "tab=drafts", "locale=en", "by=person:ed", "sort=due"],
    )
    def test_it_finds(self, editor, article, query):
        assert self.titles(editor, query) == ["Clots in the leg"]

    @pytest.mark.parametrize(
        "query",
        ["q=stockings", "q=%25", "tag=leg", "tab=live", "tab=away", "locale=de", "by=nobody", "after=1"],
    )
    def test_it_leaves_out(self, editor, article, query):
        assert self.titles(editor, query) == []

    @pytest.mark.parametrize("words", ["body", "title", "summary", "{", "1%", "_", "\\n"])
    def test_it_finds_no_name_of_a_field_and_no_sign_of_storage(self, editor, article, words):
        assert self.titles(editor, urlencode({"q": words})) == []

    @pytest.mark.parametrize(
        "words",
        [
            '"quoted"',
            "quoted second",
            "ÄRZTE",
            "strasse",
            "STRASSE",
            "Straße",
            "a\u0308rzte",
            "100%",
            "nhs",
            "back\\",
        ],
    )
    def test_it_finds_words_as_they_were_written(self, editor, session, words):
        body = 'A "quoted" first line:\nsecond line, Ärzte, Straße, 100%, back\\slash.'
        an_article(session, body=body, sources=[{"title": "DVT", "publisher": "NHS"}])
        session.commit()

        assert self.titles(editor, urlencode({"q": words})) == ["Clots in the leg"]

    def test_it_finds_letters_beyond_ascii_in_a_title(self, editor, session):
        an_article(session, title="Ödeme")
        session.commit()

        assert self.titles(editor, urlencode({"q": "ödEME"})) == ["Ödeme"]

    @pytest.mark.parametrize("tag", ["public", "licensed", "clots", "tags", "leg"])
    def test_it_compares_a_tag_with_tags_alone(self, editor, session, tag):
        an_article(session, tags=["legs"], audience="licensed", slug="clots")
        session.commit()

        assert self.titles(editor, f"tag={tag}") == []
        assert self.titles(editor, "tag=legs") == ["Clots in the leg"]

    @pytest.mark.parametrize(
        "query",
        [
            "after=x",
            "after=99999999999999",
            "after=" + "9" * 5000,
            "after=7~x&sort=due",
            "tab=x",
            "topics=x",
            "due=x",
            "sort=x",
        ],
    )
    def test_it_stands_whatever_is_asked(self, editor, article, query):
        assert editor.get(f"/admin/articles/?{query}").status_code == 200

    @pytest.mark.parametrize("query", ["q=%00", "locale=%00", "tag=%EF%BF%BE"])
    def test_it_refuses_what_no_database_could_compare(self, editor, article, query):
        assert editor.get(f"/admin/articles/?{query}").status_code == 400

    def test_it_goes_on_where_a_page_ended(self, editor, session, monkeypatch):
        monkeypatch.setattr(listing, "PAGE", 2)
        for title in ("Alpha", "Beta", "Gamma"):
            an_article(session, title=title, slug=title.lower())
        session.commit()

        first = BeautifulSoup(editor.get("/admin/articles/?sort=title").text, "html.parser")
        onwards = first.select_one(".paging a")["href"]

        assert [link.text for link in first.select("tbody th a")] == ["Alpha", "Beta"]
        assert first.find(id="count").text == "3 articles"
        assert self.titles(editor, onwards.partition("?")[2]) == ["Gamma"]

    def test_it_shows_what_is_overdue_first(self, editor, session):
        for slug, days in (("later", 50), ("soon", 20)):
            due_on = TODAY + timedelta(days=days)
            publish(session, signed(session, an_article(session, slug=slug, title=slug), due_on=due_on))
        publish(
            session,
            signed(
                session,
                an_article(session, slug="late", title="late"),
                due_on=MAY_DAY.date() + timedelta(days=9),
            ),
        )
        session.commit()

        assert self.titles(editor, "due=overdue") == ["late"]
        assert self.titles(editor, "due=30") == ["soon"]
        assert self.titles(editor, "due=60&sort=title") == ["soon", "later"]
        assert self.titles(editor, "sort=due") == ["late", "soon", "later"]

    @pytest.mark.parametrize(
        "query", ["", "q=clots&tag=legs", "sort=title&tab=drafts", "due=30", "tab=waiting", "tab=approved"]
    )
    def test_it_asks_as_often_for_many_as_for_few(self, editor, session, query):
        topic = a_topic(session)
        asked = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

        def statements(of):
            for number in range(of):
                a_live_article(session, slug=f"s-{of}-{number}", tags=["legs"], topics=[topic])
                an_article(session, slug=f"d-{of}-{number}", tags=["legs"], topics=[topic])
            session.commit()
            self.titles(editor, query)
            asked.clear()
            self.titles(editor, query)
            return len(asked)

        assert statements(2) == statements(20)

    def test_it_filters_by_topic(self, editor, session):
        topic, other = a_topic(session), a_topic(session, "Other")
        an_article(session, topics=[topic])
        session.commit()

        assert self.titles(editor, f"topics={topic}") == ["Clots in the leg"]
        assert self.titles(editor, f"topics={other}") == []


class TestRights:
    def test_a_reader_of_every_role_may_write(self, signed_in):
        for role in Role:
            assert signed_in(role).get("/admin/articles/new").status_code == 200


@pytest.fixture
def glossary():
    """A further type: one declaration, and no change in the newsroom."""
    declared = types.register(
        ContentType(
            name="glossary",
            plural="glossary",
            label="Term",
            plural_label="Glossary",
            title="term",
            content=(
                Line(name="term", label="Term", required=True),
                Markdown(name="meaning", label="Meaning"),
            ),
            placement=(SLUG,),
            card=("type", "id", "slug", "term"),
        )
    )
    yield declared
    del types._TYPES["glossary"]


class TestFurtherType:
    def test_it_has_its_list_its_form_and_its_history(self, glossary, app, editor, session):
        given = {"term": "Embolus", "meaning": "A plug.", "locale": "en"}

        answer = editor.post("/admin/glossary/new", given, form_on="/admin/glossary/new")

        assert "Embolus" in editor.get("/admin/glossary/").text
        assert "A plug." in editor.get(answer.location).text
        made = saved_by(answer, session)
        assert editor.get(f"/admin/entries/{made.entry_id}/history").status_code == 200
