"""Rule 11 across all channels: JSON, JSON-LD, Atom, RSS, JSON Feed and embeds agree, and each bears the warnings."""

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from lxml import etree

from content.log import ChangeKind
from tests.api.embeds.reading import read
from tests.builders import a_live_article, a_live_faq, publish, saved, signed

ATOM = "{http://www.w3.org/2005/Atom}"
VERSION = "{https://schema.org/}version"
WARNINGS = ["Call *112* at once.", "Not for children."]


def plain(html):
    """The words of HTML, without what parts them: a channel of plain text parts blocks otherwise."""
    return closed_up(BeautifulSoup(html, "lxml").get_text())


def closed_up(text):
    return "".join(text.split())


def seen(entry_id, version, updated, words):
    """What a channel says of a text, in one form."""
    return {"id": entry_id, "version": int(version), "updated": updated, "words": words}


def of_json(told):
    prose = told["answer"] if "answer" in told else told["body"]
    html = "".join(one["html"] for one in [*told.get("warnings", ()), prose])
    return seen(told["id"], told["version"], moment(told["dates"]["updated_at"]), plain(html))


def of_json_ld(told):
    questions = told.get("mainEntity")
    said = plain(questions[0]["acceptedAnswer"]["text"]) if questions else closed_up(told["text"])
    return seen(told["identifier"], told["version"], moment(told["dateModified"]), said)


def of_atom(data):
    [entry] = etree.fromstring(data).iter(f"{ATOM}entry")
    found = {one.tag.removeprefix(ATOM): one.text for one in entry}
    return seen(
        found["id"].removeprefix("urn:uuid:"),
        found[VERSION],
        moment(found["updated"]),
        plain(found["content"]),
    )


def of_rss(data):
    [item] = etree.fromstring(data).iter("item")
    found = {one.tag.rpartition("}")[2]: one.text for one in item}
    entry_id = found["guid"].removeprefix("urn:uuid:")
    return seen(entry_id, found["version"], moment(found["updated"]), plain(found["description"]))


def of_json_feed(told):
    [item] = told["items"]
    own = next(value for name, value in item.items() if name.startswith("_"))
    return seen(
        item["id"].removeprefix("urn:uuid:"),
        own["version"],
        moment(item["date_modified"]),
        plain(item["content_html"]),
    )


def of_embed(html):
    [told] = read(html)
    said = closed_up("".join([*told["notes"], told["words"]]))
    return seen(told["id"], told["version"], moment(told["days"]["updated"]), said)


def moment(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("plural", ["articles", "faqs"])
class TestAgreement:
    def test_every_form_says_the_same_of_a_version(self, session, api, plural):
        first = (
            a_live_faq(session, warnings=WARNINGS, short="Yes.")
            if plural == "faqs"
            else a_live_article(session)
        )
        name = "answer" if plural == "faqs" else "body"
        newer = signed(session, saved(session, first, **{name: "It *does*.\n\n## When\n\nAt night: a < b."}))
        publish(session, newer, kind=ChangeKind.CLINICAL, note="It is known by now.")
        start, one = "/api/v1", f"/api/v1/{plural}/{first.entry_id}"

        json, version = api.get(one).get_json(), api.get(f"{one}/versions/2").get_json()
        told = {
            "json": of_json(json),
            "version": of_json(version | {"dates": json["dates"]}),
            "json-ld": of_json_ld(api.get(f"{one}.jsonld").get_json()),
            "atom": of_atom(api.get(f"{start}/feeds/{plural}.atom").data),
            "rss": of_rss(api.get(f"{start}/feeds/{plural}.rss").data),
            "json feed": of_json_feed(api.get(f"{start}/feeds/{plural}.json").get_json()),
            "page": of_embed(api.get(f"{one}/embed").text),
            "fragment": of_embed(api.get(f"{one}/embed/fragment").text),
            "list": of_embed(api.get(f"{start}/embeds/{plural}").text),
            "list fragment": of_embed(api.get(f"{start}/embeds/{plural}/fragment").text),
        }

        assert {name: said for name, said in told.items() if said != told["json"]} == {}
        if plural == "faqs":
            assert told["page"]["words"].startswith("Call112atonce.Notforchildren.")

    def test_every_form_says_whether_it_may_be_republished(self, session, api, plural):
        made = a_live_faq(session) if plural == "faqs" else a_live_article(session)
        one, start = f"/api/v1/{plural}/{made.entry_id}", "/api/v1"
        oembed = f"{start}/oembed?url=http://localhost:8000{one}"
        forms = [
            *(f"{start}/feeds/{plural}.{form}" for form in ("atom", "rss")),
            *(f"{one}.jsonld", f"{start}/{plural}.jsonld", f"{one}/embed", f"{one}/embed/fragment"),
            *(f"{start}/embeds/{plural}", f"{start}/embeds/{plural}/fragment"),
        ]

        def told():
            [item] = api.get(f"{start}/feeds/{plural}.json").get_json()["items"]
            return {
                "json": api.get(one).get_json()["syndication"]["allowed"],
                "json feed": item["_verso"]["syndication"]["allowed"],
                "oembed": api.get(oembed).get_json()["syndication_allowed"],
                "oembed xml": "<syndication_allowed>true<" in api.get(f"{oembed}&format=xml").text,
            } | {path: "May not be republished" not in api.get(path).text for path in forms}

        before = told()
        publish(session, saved(session, made, syndication=False))

        assert set(before.values()) == {True}
        assert {name for name, allowed in told().items() if allowed} == set()

    def test_json_and_embed_agree_on_the_review(self, session, api, plural):
        made = a_live_faq(session) if plural == "faqs" else a_live_article(session)

        review = api.get(f"/api/v1/{plural}/{made.entry_id}").get_json()["review"]
        [told] = read(api.get(f"/api/v1/{plural}/{made.entry_id}/embed").text)

        assert told["days"]["reviewed"] == review["last_reviewed_on"]
        assert told["days"]["due"] == review["review_due_on"]
        assert review["reviewers"][0]["name"] in told["facts"]["reviewed"]
