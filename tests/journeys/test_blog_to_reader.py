"""From a clinic's post, as it was copied from its site, to what a partner's GET answers."""

import re
from pathlib import Path
from uuid import UUID

import pytest

from app import create_app
from content import publishing
from storage import db
from tests.builders import DR_REED, NEXT_YEAR

GIVEN = Path(__file__).parents[3] / "shared" / "blog" / "massage-and-leg-blood-clots.txt"
SECTIONS = [
    (None, None),
    (2, "What are the symptoms of a blood clot?"),
    (3, "Swelling"),
    (3, "Warmth and Redness"),
    (3, "Pain and Tenderness"),
    (3, "Shortness of Breath"),
    (3, "Fatigue"),
    (2, "Can massaging your leg relieve blood clot symptoms?"),
    (2, "What are alternative ways to relieve blood clot symptoms?"),
    (3, "Physical Activity"),
    (3, "Compression Therapy"),
    (3, "Dietary Changes"),
    (2, "Alleviate Blood Clot Symptoms in the Legs With the Help of Our Treatment Center"),
]
NOT_BODY = [
    "4 min read",
    "Jul 20, 2023",
    "Legs blood clotting",
    "Followers",
    "(212)",
    "exclusively devoted",
    "--",
]


@pytest.fixture
def app(database_url, tmp_path):
    """Verso with the given post read and published by the command."""
    if not GIVEN.exists():
        pytest.skip("the given post lies beside the repository only where the project is developed")
    app = create_app({"DATABASE_URL": database_url, "VERSO_VAR": str(tmp_path), "TESTING": True})
    read = app.test_cli_runner().invoke(args=["seed", "blog", str(GIVEN), "--publish"])
    assert read.exit_code == 0, read.output
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def partner(app):
    return app.test_client()


def words(text):
    """The words of a text in order, whatever stands between them."""
    return re.findall(r"\S+", text)


class TestTheGivenPost:
    def test_it_becomes_one_article_with_every_section_in_order(self, partner):
        listed = partner.get("/api/v1/articles?total=true").json
        article = partner.get(listed["data"][0]["urls"]["self"]).json

        assert listed["page"] == {"limit": 20, "next": None, "total": 1}
        assert article["title"].startswith("The Effectiveness of Massage in Relieving Blood Clot Symptoms")
        assert [(section["level"], section["heading"]) for section in article["sections"]] == SECTIONS
        assert article["sections"][0]["text"].count("\n\n") == 3
        assert article["summary"] == article["sections"][0]["text"].split("\n\n")[0]
        assert (article["reading_minutes"], article["dates"]["originally_published_on"]) == (4, "2023-07-20")
        assert article["review"]["status"] == "not_reviewed"

    def test_its_author_has_what_the_byline_and_the_bio_said(self, partner):
        article = partner.get("/api/v1/articles").json["data"][0]

        (author,) = article["authors"]
        assert (author["name"], author["telephone"]) == ("NY Vein Treatment Center", "(212) 575-8346")
        assert author["bio"].startswith(
            "We are exclusively devoted to vein treatment, including spider & varicose veins."
        )

    def test_it_becomes_three_questions_with_their_whole_answers(self, partner):
        article = partner.get(partner.get("/api/v1/articles").json["data"][0]["urls"]["self"]).json
        faqs = [partner.get(f"/api/v1/faqs/{known['id']}").json for known in article["faqs"]]

        assert [faq["position"] for faq in faqs] == [1, 2, 3]
        starts = [place for place, (level, text) in enumerate(SECTIONS) if level == 2]
        for faq, start, end in zip(faqs, starts, starts[1:], strict=False):
            question, *below = article["sections"][start:end]
            answer = [question["text"], *(part for one in below for part in (one["heading"], one["text"]))]
            assert faq["question"] == question["heading"]
            assert faq["answer"]["text"] == "\n\n".join(answer)
            assert faq["answer"]["short"]
            assert question["text"].startswith(faq["answer"]["short"])
            assert faq["article"]["id"] == article["id"]
            assert faq["topics"] == faq["warnings"] == faq["sources"] == []

    def test_nothing_of_its_text_is_lost_and_nothing_else_gets_into_a_body(self, partner):
        article = partner.get(partner.get("/api/v1/articles").json["data"][0]["urls"]["self"]).json
        post = GIVEN.read_text(encoding="utf-8")

        start, end = (
            post.index("Blood clots occur"),
            post.index("alleviate blood clot symptoms in the legs.\n\n--"),
        )
        assert words(article["body"]["text"]) == words(
            post[start:end] + "alleviate blood clot symptoms in the legs."
        )
        assert [said for said in NOT_BODY if said in article["body"]["text"]] == []

    def test_it_goes_public_in_one_act_of_the_seed_command(self, partner):
        changes = partner.get("/api/v1/changes?since=0").json["data"]

        assert [act["sequence"] for act in changes] == [1]
        assert sorted(line["type"] for line in changes[0]["lines"]) == [
            "article",
            "author",
            "faq",
            "faq",
            "faq",
        ]

    def test_a_second_reading_changes_nothing(self, app, partner):
        again = app.test_cli_runner().invoke(args=["seed", "blog", str(GIVEN), "--publish"])

        assert again.exit_code == 0
        assert len(partner.get("/api/v1/changes?since=0").json["data"]) == 1

    def test_a_clinician_signs_the_live_text_and_a_withdrawal_reaches_the_partner(self, app, partner):
        address = partner.get("/api/v1/faqs").json["data"][0]["urls"]["self"]
        entry_id = address.rsplit("/", 1)[1]

        with app.app_context():
            publishing.rereview(db.session(), UUID(entry_id), DR_REED, due_on=NEXT_YEAR)
        signed = partner.get(address).json
        with app.app_context():
            publishing.withdraw(db.session(), UUID(entry_id), by="person:ed", note="Under correction.")
        gone = partner.get(address)

        assert signed["review"]["status"] == "reviewed"
        assert signed["review"]["reviewers"] == [{"name": DR_REED.name, "credentials": DR_REED.credentials}]
        assert (gone.status_code, gone.json["reason"], gone.json["note"]) == (
            410,
            "gone",
            "Under correction.",
        )
        assert entry_id not in partner.get("/api/v1/faqs").text
