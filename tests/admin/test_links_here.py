"""Which texts link an entry in their words is told where it is withdrawn, and where it is told what uses it."""

from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup

from admin.links_here import in_a_sentence
from admin.roles import Role
from content import publishing
from content.batches import Verb
from content.log import State
from tests.admin.test_bulk import GIVEN, chosen, statements_of
from tests.builders import ED, a_live_article, a_live_faq, a_topic, an_article, an_faq, publish, saved, signed

CLOTS = "Read about [clots](/api/v1/articles/clots#legs) too."


@pytest.fixture
def ed(signed_in):
    return signed_in(Role.EDITOR)


@pytest.fixture
def clots(session):
    return a_live_article(session)


def section(browser, entry_id, page):
    """What a page of an entry tells of links to it: its sentence, and each text with its address and where it links."""
    return told_on(browser.get(f"/admin/entries/{entry_id}/{page}"))


def told_on(answer):
    assert answer.status_code == 200
    found = BeautifulSoup(answer.text, "html.parser").find(attrs={"aria-labelledby": "links"})
    if found is None:
        return None
    rows = [(row.a.text, row.a["href"], row("td")[-1].text) for row in found.select("tbody tr")]
    return SimpleNamespace(told=found.p.text if found.p else "", rows=rows)


class TestWithdraw:
    def test_it_tells_which_texts_link_it_and_what_becomes_of_that(self, ed, session, clots):
        live = a_live_faq(session, question="Why?", answer=CLOTS)
        draft = an_article(session, title="Draft", slug="draft", body=CLOTS)
        an_article(session, title="Another", slug="another", body="[other](/api/v1/articles/other)")
        session.commit()

        shown = section(ed, clots.entry_id, "withdraw")

        assert shown.rows == [
            ("Draft", f"/admin/articles/{draft.entry_id}", "in the draft"),
            ("Why?", f"/admin/faqs/{live.entry_id}", "in what readers have"),
        ]
        assert shown.told == (
            "1 live text and 1 draft link here in their words. Once it is gone, these links lead nowhere;"
            " redirected, they lead on; replaced, they tell what takes its place."
        )

    def test_it_tells_nothing_where_none_does(self, ed, session, clots):
        a_live_faq(session, answer="No link.")
        session.commit()

        assert section(ed, clots.entry_id, "withdraw") is None
        assert "links here in" not in ed.get(f"/admin/entries/{clots.entry_id}/withdraw").text

    @pytest.mark.parametrize(
        "href",
        [
            "https://verso.example/api/v1/articles/clots",
            "https://clinic.example/en/article/clots/",
            "https://clinic.example/en/article/clots-of-old?from=mail",
        ],
    )
    def test_it_knows_whole_addresses_and_earlier_slugs(self, app, ed, session, href):
        app.config["VERSO_PUBLIC_URL"] = "https://verso.example"
        app.config["VERSO_CANONICAL_URL"] = "https://clinic.example/{locale}/{type}/{slug}/"
        clots = a_live_article(session, slug="clots-of-old")
        publish(session, signed(session, saved(session, clots, slug="clots")))
        an_article(session, title="Linking", slug="linking", body=f"[clots]({href})")
        session.commit()

        assert [title for title, *_ in section(ed, clots.entry_id, "withdraw").rows] == ["Linking"]

    def test_it_goes_on_telling_on_the_page_of_what_was_refused(self, ed, session, clots):
        an_article(session, title="Linking", slug="linking", body=CLOTS)
        session.commit()

        refused = ed.post(f"/admin/entries/{clots.entry_id}/withdraw", {}, form_on="/admin/password")

        assert refused.status_code == 409
        assert "1 draft links here in its words." in refused.text

    def test_it_pages_them_and_takes_as_many_statements_for_many(self, ed, session, clots):
        linking = [an_article(session, title=f"Text {n:02}", slug=f"t-{n}", body=CLOTS) for n in range(2)]
        session.commit()
        page = f"/admin/entries/{clots.entry_id}/withdraw"
        few = statements_of(ed, page)
        for number in range(2, 52):
            linking.append(an_article(session, title=f"Text {number:02}", slug=f"t-{number}", body=CLOTS))
        session.commit()

        assert len(section(ed, clots.entry_id, "withdraw").rows) == 50
        assert [title for title, *_ in section(ed, clots.entry_id, "withdraw?links=2").rows] == [
            "Text 50",
            "Text 51",
        ]
        assert statements_of(ed, page) == few


class TestManyAtOnce:
    def test_it_tells_what_links_those_meant_and_is_none_of_them(self, ed, session, clots):
        other = a_live_article(session, title="Meant too", slug="other", body=CLOTS)
        linking = a_live_article(session, title="Linking", slug="linking", body="[a](/api/v1/articles/other)")
        session.commit()
        there = chosen(ed, Verb.WITHDRAW, clots.entry_id, other.entry_id)

        shown = told_on(ed.get(there))

        assert shown.rows == [("Linking", f"/admin/articles/{linking.entry_id}", "in what readers have")]
        assert shown.told == (
            "1 live text links to what is meant here in its words. Once that is gone, these links lead nowhere;"
            " redirected, they lead on; replaced, they tell what takes its place."
        )
        looked = ed.post(f"{there}/begin", {"look": "1", **GIVEN[Verb.WITHDRAW]}, form_on=there)
        assert told_on(looked) == shown

    def test_it_turns_the_pages_of_them_on_a_page_that_can_be_opened(self, ed, session, clots):
        for number in range(51):
            an_article(session, title=f"Text {number:02}", slug=f"t-{number}", body=CLOTS)
        session.commit()
        there = chosen(ed, Verb.WITHDRAW, clots.entry_id)

        looked = ed.post(f"{there}/begin", {"look": "1", **GIVEN[Verb.WITHDRAW]}, form_on=there)
        on = BeautifulSoup(looked.text, "html.parser").select_one(".paging a")["href"]

        assert [title for title, *_ in told_on(ed.get(on)).rows] == ["Text 50"]

    def test_it_tells_nothing_of_links_to_what_is_published(self, ed, session, clots):
        an_article(session, slug="linking", body=CLOTS)
        session.commit()

        assert told_on(ed.get(chosen(ed, Verb.PUBLISH, clots.entry_id))) is None


class TestWhereUsed:
    def test_it_tells_which_texts_link_a_topic(self, ed, session):
        veins = a_topic(session)
        body = f"[veins](/api/v1/topics/veins) [again](/api/v1/topics/{veins})"
        linking = a_live_article(session, title="Linking", body=body)
        session.commit()

        shown = section(ed, veins, "uses")

        assert shown.rows == [("Linking", f"/admin/articles/{linking.entry_id}", "in what readers have")]
        assert "1 live text links here" in ed.get(f"/admin/entries/{veins}/retire").text

    def test_it_tells_nothing_where_none_does(self, ed, session):
        veins = a_topic(session)
        a_live_article(session, topics=[veins])
        session.commit()

        assert section(ed, veins, "uses") is None
        assert "links here" not in ed.get(f"/admin/entries/{veins}/retire").text


class TestAfterwards:
    @pytest.mark.parametrize("where", [{"answer": CLOTS}, {"warnings": [CLOTS]}], ids=list)
    def test_the_form_of_a_text_that_links_it_leads_to_the_dead_link(self, ed, session, clots, where):
        live = a_live_faq(session, **where)
        publishing.withdraw(session, clots.entry_id, by=ED)
        session.commit()

        form = BeautifulSoup(ed.get(f"/admin/faqs/{live.entry_id}").text, "html.parser")

        told = form.select_one("#checks").text
        assert "The link “clots” leads to nothing that is public." in told
        assert section(ed, clots.entry_id, "withdraw").rows[0][1] == f"/admin/faqs/{live.entry_id}"

    def test_the_form_of_one_that_links_what_was_redirected_tells_of_none(self, ed, session, clots):
        other = a_live_article(session, slug="other")
        draft = an_faq(session, answer=CLOTS)
        told = {"manner": State.REDIRECTED, "target": str(other.entry_id)}
        publishing.withdraw(session, clots.entry_id, by=ED, **told)
        session.commit()

        assert "nothing that is public" not in ed.get(f"/admin/faqs/{draft.entry_id}").text


class TestInASentence:
    @pytest.mark.parametrize(
        ("live", "drafts", "told"),
        [
            (0, 0, ""),
            (1, 0, "1 live text links here in its words."),
            (0, 1, "1 draft links here in its words."),
            (1_000, 2, "1,000 live texts and 2 drafts link here in their words."),
        ],
    )
    def test_it_counts_what_readers_have_and_what_they_have_not(self, live, drafts, told):
        links = SimpleNamespace(live=live, page=SimpleNamespace(total=live + drafts))

        assert in_a_sentence(links) == told
