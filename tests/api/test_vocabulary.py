"""Every word of our JSON-LD is schema.org's, and stands where it may."""

import copy

import pytest

from content import publishing
from content.log import ChangeKind
from tests.api.vocabulary import faults
from tests.builders import ED, a_live_article, a_live_faq, a_topic, an_author, publish, saved, signed
from tests.machine import need

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
SOURCE = {"title": "Oedema", "publisher": "NHS", "url": "https://nhs.example/", "published_on": "2025-03-01"}
PATHS = (
    "articles/clots.jsonld",
    "faqs/does-it-hurt.jsonld",
    "articles.jsonld",
    "faqs.jsonld",
    "faqs.jsonld?as_of=7",
)


@pytest.fixture
def documents(session, app):
    """JSON-LD with all that it may have, by its address."""
    about = {"topics": [a_topic(session)], "tags": ["flying"], "sources": [SOURCE]}
    author = an_author(session, url="https://clinic.example/", telephone="+44", bio="A clinic.")
    first = a_live_article(session, authors=[author, an_author(session, "Ann", kind="person")], **about)
    newer = signed(session, saved(session, first, body="Drink *water*."))
    publish(session, newer, kind=ChangeKind.CLINICAL, note="Drinking is new.")
    a_live_faq(session, article=str(first.entry_id), short="Often.", warnings=["Call *112*."], **about)
    wrong = a_live_faq(session, slug="wrong")
    publishing.retract(session, wrong.entry_id, [1], note="Wrong.", by=ED)
    client = app.test_client()
    return {path: client.get(f"/api/v1/{path}").get_json() for path in PATHS}


def changed(document, change):
    made = copy.deepcopy(document)
    change(made)
    return made


# What is wrong, in which document, and how it came to be so.
MUTANTS = {
    "a property that is none": ("articles/clots.jsonld", lambda one: one.update(reviewer="Ann")),
    "a type that is none": (
        "articles/clots.jsonld",
        lambda one: one["author"][0].update({"@type": "Clinic"}),
    ),
    "a property of another type": (
        "faqs/does-it-hurt.jsonld",
        lambda one: one["mainEntity"][0].update(lastReviewed="2026-05-01"),
    ),
    "a value of another type": (
        "articles/clots.jsonld",
        lambda one: one.update(reviewedBy=[{"@type": "Question", "name": "Ann"}]),
    ),
    "a number for a day": ("articles/clots.jsonld", lambda one: one.update(lastReviewed=2026)),
    "a correction that is a review": (
        "articles/clots.jsonld",
        lambda one: one["correction"][0].update({"@type": "Review"}),
    ),
    "a word that an enumeration has not": (
        "articles/clots.jsonld",
        lambda one: one.update(specialty="https://schema.org/Legs"),
    ),
    "an answer in place of a question": (
        "articles.jsonld",
        lambda one: one["itemListElement"][0].update({"@type": "Answer"}),
    ),
    "a page that has an answer": (
        "faqs.jsonld",
        lambda one: one["mainEntity"][0]["mainEntityOfPage"].update(acceptedAnswer="x"),
    ),
}


class TestVocabulary:
    def test_schema_org_has_every_word_and_no_other(self, documents, tmp_path):
        need("clients")
        broken = {name: changed(documents[path], change) for name, (path, change) in MUTANTS.items()}

        found = faults(documents | broken, tmp_path)

        assert {name: why for name, why in found.items() if name in documents} == {}
        assert set(found) == set(broken)
