"""Every link of the OpenAPI document leads from a real answer to the next one."""

import re
from urllib.parse import unquote, urlencode
from uuid import UUID

import pytest

from content import versions
from tests.builders import (
    a_live_article,
    a_live_faq,
    a_live_image,
    a_topic,
    an_author,
    publish,
    saved,
    signed,
)

# How many of each kind are public, each in as many versions: pages of one then have a next.
TWO = 2
KINDS = ("articles", "faqs", "images", "topics", "authors")


@pytest.fixture
def texts(session):
    """Two of each kind are public, each in its second version."""
    for number in range(TWO):
        for entry_id in (
            UUID(a_topic(session, f"Legs {number}")),
            UUID(an_author(session, f"Clinic {number}")),
            a_live_article(session, slug=f"clots-{number}").entry_id,
            a_live_faq(session, slug=f"kept-{number}").entry_id,
            a_live_image(session, slug=f"leg-{number}").entry_id,
        ):
            correct(session, versions.latest(session, entry_id))


def correct(session, version):
    """Publish an entry with another word for readers."""
    name = next(name for name in ("title", "question", "alt", "name") if name in version.values)
    newer = saved(session, version, **{name: "Veins"})
    if name != "name":
        signed(session, newer)
    publish(session, newer)


@pytest.fixture
def operations(api):
    """Each operation of the document by its id, with its path."""
    paths = api.get("/api/v1/openapi.json").get_json()["paths"]
    return {item["get"]["operationId"]: (path, item["get"]) for path, item in paths.items()}


class Reader:
    """Reads operations, and goes on by links as the OpenAPI specification says."""

    def __init__(self, api, operations):
        self.api, self.operations = api, operations

    def read(self, name, **asked):
        """What an operation answers, with what was asked."""
        path = self.operations[name][0]
        for part in re.findall(r"\{(\w+)\}", path):
            path = path.replace(f"{{{part}}}", str(asked[part]))
        query = {
            part: value for part, value in asked.items() if f"{{{part}}}" not in self.operations[name][0]
        }
        answer = self.api.get(f"{path}?{urlencode(query)}")
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return name, asked, answer.get_json()

    def links(self, name):
        """The links of an operation's answer."""
        return self.operations[name][1]["responses"]["200"].get("links", {})

    def follow(self, read, name, **more):
        """What a link leads to from what was read; a parameter without a value is not passed."""
        source, asked, answered = read
        link = self.links(source)[name]
        given = {part: value(one, asked, answered) for part, one in link["parameters"].items()}
        passed = {part: one for part, one in given.items() if one is not None}
        assert {part for part, one in link["parameters"].items() if "$response" in one} <= passed.keys()
        return self.read(link["operationId"], **passed, **more)


def value(expression, asked, answered):
    """What a runtime expression stands for, None where that is nothing."""
    if found := re.fullmatch(r"\$request\.(?:query|path)\.(\w+)", expression):
        return asked.get(found[1])
    pointer, _, pattern = expression.removeprefix("$response.body#/").partition("#regex:")
    told = answered
    for part in pointer.split("/"):
        told = told[int(part) if isinstance(told, list) else part]
    return unquote(re.search(pattern, told)[1]) if pattern else told


@pytest.fixture
def reader(api, operations, texts):
    return Reader(api, operations)


def kinds(operations):
    """For each kind the ids of its list and of its single read."""
    by_path = {path: name for name, (path, _) in operations.items()}
    return [(by_path[f"/api/v1/{kind}"], by_path[f"/api/v1/{kind}/{{key}}"]) for kind in KINDS]


class TestLinks:
    def test_they_lead_from_a_list_to_one_and_to_its_past(self, reader, operations):
        for listing, _ in kinds(operations):
            one = reader.follow(reader.read(listing), "first")
            listed = reader.follow(one, "versions")
            done = reader.follow(one, "changes")

            shown = [reader.follow(read, "version")[2] for read in (one, listed, done)]
            assert [version["version"] for version in shown] == [2, 2, 2]
            assert {version["id"] for version in shown} == {one[2]["id"]}
            assert reader.follow(listed, "diff")[2]["fields"]
            assert reader.follow(one, "diff", **{"from": 1})[2]["to"]["version"] == 2

    def test_they_lead_from_a_page_to_the_next_with_all_that_was_asked(self, reader, operations):
        for listing, single in kinds(operations):
            start = reader.read(listing, limit=1, sort="title", fields="id", as_of=16)
            one = reader.read(single, key=start[2]["data"][0]["id"])
            pages = [
                start,
                *(
                    reader.read(reader.links(single)[name]["operationId"], key=one[2]["id"], limit=1)
                    for name in ("versions", "changes")
                ),
            ]

            for page in pages:
                assert_next(reader, page)

    @pytest.mark.parametrize(
        ("name", "asked"),
        [
            ("listChanges", {"since": 3, "limit": 2}),
            ("getSync", {"limit": 2, "type": "article,faq"}),
            ("search", {"q": "veins", "limit": 1, "type": "article"}),
            ("listManifestEntries", {"limit": 2}),
        ],
    )
    def test_they_lead_on_where_there_is_no_entry(self, reader, name, asked):
        assert_next(reader, reader.read(name, **asked))

    def test_they_lead_from_a_token_to_what_changed(self, reader, session):
        copy, head = reader.read("getSync"), reader.read("getSyncHead")
        a_live_article(session, slug="newer")

        assert [one["event"] for one in reader.follow(copy, "later")[2]["data"]] == ["added"]
        assert len(reader.follow(head, "changes")[2]["data"]) == 1

    def test_each_is_followed_here(self, operations):
        names = {
            (kind_of(path), name)
            for path, read in operations.values()
            for name in read["responses"]["200"].get("links", ())
        }

        assert names == {
            ("", "first"), ("", "next"),
            ("/{key}", "versions"), ("/{key}", "version"), ("/{key}", "changes"), ("/{key}", "diff"),
            ("/{key}/versions", "version"), ("/{key}/versions", "diff"), ("/{key}/versions", "next"),
            ("/{key}/changes", "version"), ("/{key}/changes", "next"),
            ("/changes", "next"), ("/sync", "next"), ("/sync", "later"), ("/sync/head", "changes"),
            ("/search", "next"), ("/manifest/entries", "next"),
        }  # fmt: skip


def kind_of(path):
    """A path without the plural of a kind."""
    return re.sub(f"^/api/v1(/({'|'.join(KINDS)})(?=/|$))?", "", path)


def assert_next(reader, page):
    """The link leads to what the path in `page.next` answers, and that is another page."""
    _, _, answered = reader.follow(page, "next")

    assert answered == reader.api.get(page[2]["page"]["next"]).get_json()
    assert answered["data"]
    assert answered["data"] != page[2]["data"]
