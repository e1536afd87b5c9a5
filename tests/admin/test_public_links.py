import pytest
from bs4 import BeautifulSoup

from admin.roles import Role
from tests.builders import a_live_article, a_topic, an_article, saved

PAGE = "https://clinic.example/clots"


@pytest.fixture
def author(signed_in):
    return signed_in(Role.AUTHOR)


def links(browser, path):
    line = BeautifulSoup(browser.get(path).text, "html.parser").select_one(".facts-line")
    return {one.text: one["href"] for one in line.select("a")}


class TestPublicLinks:
    def test_it_leads_to_the_json_and_the_page_of_what_is_live(self, author, session):
        live = a_live_article(session, canonical=PAGE)
        saved(session, live, canonical="https://clinic.example/later")
        session.commit()

        found = links(author, f"/admin/articles/{live.entry_id}")

        assert found == {"JSON": f"/api/v1/articles/{live.entry_id}", "Page": PAGE}
        assert author.get(found["JSON"]).json["title"] == live.values["title"]

    def test_it_leads_to_no_page_that_there_is_not(self, author, session):
        topic = a_topic(session)
        session.commit()

        assert links(author, f"/admin/topics/{topic}") == {"JSON": f"/api/v1/topics/{topic}"}

    def test_a_draft_is_nowhere(self, author, session):
        draft = an_article(session, canonical=PAGE)
        session.commit()

        assert links(author, f"/admin/articles/{draft.entry_id}") == {}
