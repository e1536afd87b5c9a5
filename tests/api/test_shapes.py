"""A further type gets its reads, its schemas and its place in the OpenAPI document from its declaration alone."""

import pytest

from api import shapes
from api.examples import example
from content import types, versions
from content.fields import Choice, Day, Flag, Line, Link, Markdown, Plain, Url, Whole
from content.lists import Links, Passages, Records, Tags
from content.placement import SLUG
from content.types import ContentType
from tests.builders import ED, a_topic, publish, saved

GLOSSARY = ContentType(
    name="glossary",
    plural="glossary",
    label="Term",
    plural_label="Terms",
    title="term",
    content=(
        Line(name="term", label="Term", required=True),
        Markdown(name="meaning", label="Meaning", required=True, path="says.meaning"),
        Plain(name="origin", label="Origin", path="says.origin"),
        Records(
            name="uses", label="Uses", fields=(Line(name="where", label="Where"), Day(name="on", label="On"))
        ),
        Passages(name="cautions", label="Cautions"),
        Flag(name="latin", label="Latin"),
    ),
    placement=(
        SLUG,
        Link(name="see", label="See", to="glossary", shows=("id", "slug", "term")),
        Links(name="topics", label="Topics", to="topic", facet="topic"),
        Tags(name="tags", label="Tags", facet="tag"),
        Choice(name="level", label="Level", options=(("lay", "Lay"), ("expert", "Expert"))),
        Whole(name="rank", label="Rank"),
        Url(name="page", label="Page", path="urls.page"),
    ),
    card=("type", "id", "slug", "term", "says.origin", "see", "topics", "dates", "urls"),
)


@pytest.fixture
def glossary():
    """A type that is declared for one test."""
    yield types.register(GLOSSARY)
    types._TYPES.pop("glossary")


class TestFurtherType:
    def test_it_is_served_and_described(self, glossary, session, api):
        topic = a_topic(session)
        values = {
            "term": "Vein",
            "meaning": "Leads *back*.",
            "slug": "vein",
            "topics": [topic],
            "latin": True,
        }
        first = versions.create(session, "glossary", values, locale="en", by=ED)
        publish(session, first)
        publish(
            session, saved(session, first, see=str(first.entry_id), cautions=["Mind."], uses=[{"where": "a"}])
        )

        whole = api.get("/api/v1/glossary/vein").get_json()
        [card] = api.get("/api/v1/glossary?topic=veins").get_json()["data"]
        told = api.get("/api/v1/glossary/vein/versions/2").get_json()
        diff = api.get("/api/v1/glossary/vein/diff?from=1&to=2").get_json()

        assert set(whole["says"]) == {"meaning", "origin"}
        assert whole["see"] == {"id": str(first.entry_id), "slug": "vein", "term": "Vein"}
        assert set(card["says"]) == {"origin"}
        assert told["see"] == str(first.entry_id)
        assert [field["path"] for field in diff["fields"]] == ["uses", "cautions", "see"]
        assert "/api/v1/glossary/{key}" in api.contract.document["paths"]


class TestOf:
    @pytest.mark.parametrize("declared", list(types.everyone()), ids=lambda declared: declared.name)
    def test_it_loads_its_own_examples(self, declared):
        described = shapes.of(declared)

        for schema in (described.whole, described.card, described.version):
            assert schema().validate(example(schema)) == {}


class TestKinds:
    def test_it_knows_every_kind_of_field(self):
        known = {field.kind for field in GLOSSARY.fields if field.kind != "markdown"}

        assert known <= set(shapes.KINDS) == set(shapes.BARE_KINDS)
