"""The checks themselves: each thing that is wrong with a document is found."""

import re

import pytest

from content import publishing
from tests.api.feeds import rules
from tests.builders import ED, a_live_article

# What is wrong, by what stands in a right document and what in its place.
ATOM_MUTANTS = {
    "no id": (r"<id>urn:[^<]*</id>", ""),
    "an id that is relative": (r"<id>urn:uuid:[^<]*</id>", "<id>017</id>"),
    "no date": (r"<updated>[^<]*</updated><published>", "<published>"),
    "a day for a date": (r"(<updated>\d{4}-\d\d-\d\d)[^<]*", r"\1"),
    "no title": (r"<title>Clots in the leg</title>", ""),
    "an empty title": (r"<title>Clots in the leg</title>", "<title/>"),
    "two titles": (r"(<title>Clots in the leg</title>)", r"\1\1"),
    "an element of Atom's that is none": (r"<summary>", "<abstract>x</abstract><summary>"),
    "a category without a term": (r'<category term="x" />', "<category/>"),
    "a link that is relative": (r'href="http://localhost:8000/api/v1/articles/', 'href="/api/v1/articles/'),
    "no link to itself": (r'rel="self"', 'rel="related"'),
    "another address for its own": (r'(rel="self" href=")[^"]*', r"\1http://elsewhere.example/"),
    "nobody who signs": (r"<author>.*?</author>", ""),
    "two alternates of a kind": (r'(<link rel="alternate"[^>]*>)', r"\1\1"),
    "an entry twice": (r"(<entry .*</entry>)", r"\1\1"),
    "a script": (r"&lt;p&gt;Plain", "&lt;script&gt;x&lt;/script&gt;Plain"),
    "a relative link in its words": (r"&lt;p&gt;Plain", '&lt;a href="/x"&gt;Plain'),
    "a kind of text that is none": (r'<content type="html">', '<content type="markdown">'),
    "a tombstone without a date": (r' when="[^"]*"', ""),
    "a tombstone of nothing": (r' ref="[^"]*"', ""),
    "a tombstone with a day": (r'( when="\d{4}-\d\d-\d\d)[^"]*', r"\1"),
    "a tombstone with an element that is none": (r"<at:comment>", "<at:reason>x</at:reason><at:comment>"),
    "an element of RFC 5005's that is none": (
        r"<entry ",
        "<fh:old xmlns:fh='http://purl.org/syndication/history/1.0'/><entry ",
    ),
    "a change before the publication": (r"(<published>)2026", r"\g<1>2999"),
}
RSS_MUTANTS = {
    "another version": ('version="2.0"', 'version="0.91"'),
    "no link": (r"<link>[^<]*</link>", ""),
    "no description": (r"<description>Verso[^<]*</description>", ""),
    "two titles": (r"(<title>Clots[^<]*</title>)", r"\1\1"),
    "a date of another form": (r"<pubDate>[^<]*", "<pubDate>2026-05-01T09:00:00Z"),
    "a day of the week that it was not": (r"<pubDate>Fri", "<pubDate>Mon"),
    "a guid that says it is a link": (r'isPermaLink="false"', 'isPermaLink="true"'),
    "no guid": (r"<guid .*?</guid>", ""),
    "one guid twice": (r"(<item>.*?</item>)", r"\1\1"),
    "an element that is none": (r"<item>", "<item><summary>x</summary>"),
    "no link to itself": (r'rel="self"', 'rel="via"'),
    "a script": (r"&lt;p&gt;Plain", "&lt;script&gt;x&lt;/script&gt;Plain"),
}

JSON_MUTANTS = {
    "another version": ("version/1.1", "version/1"),
    "no title": (r'"title":"Verso: Articles",', ""),
    "another address for its own": (r'("feed_url":")[^"]*', r"\1http://elsewhere.example/"),
    "no id": (r'"id":"urn:[^"]*",', ""),
    "no words": (r'"content_html":"(.*?)","content_text":".*?",', ""),
    "a day for a date": (r'("date_published":"\d{4}-\d\d-\d\d)[^"]*', r"\1"),
    "a member that is none": (r'"summary":', '"abstract":'),
    "an address that is none": (r'("home_page_url":")[^"]*', r"\1/"),
    "an author without anything": (r'"authors":\[\{[^}]*\}\]', '"authors":[{}]'),
    "one id twice": (r'(?<="items":\[)(\{.*?\}\}\}),', r"\1,\1,"),
    "a script": ("<p>Plain", "<script>x</script>Plain"),
}


@pytest.fixture
def words(session, api):
    """The bytes of a feed in a form."""
    a_live_article(session, tags=["x"])
    gone = a_live_article(session, slug="gone")
    publishing.withdraw(session, gone.entry_id, note="Gone.", by=ED)
    return lambda form: api.get(f"/api/v1/feeds/articles.{form}").text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestRules:
    def test_every_breach_of_atom_is_found(self, words):
        assert survivors(words("atom"), ATOM_MUTANTS, rules.of_atom, "atom") == []

    def test_every_breach_of_rss_is_found(self, words):
        assert survivors(words("rss"), RSS_MUTANTS, rules.of_rss, "rss") == []

    def test_every_breach_of_json_feed_is_found(self, words):
        assert survivors(words("json"), JSON_MUTANTS, rules.of_json_feed, "json") == []


def survivors(right, mutants, check, form):
    """The names of the mutants in which nothing is found to be wrong; nothing is wrong with what is right."""
    address = f"http://localhost:8000/api/v1/feeds/articles.{form}"
    assert check(right.encode(), address) == []
    broken = {name: re.sub(old, new, right, count=1, flags=re.DOTALL) for name, (old, new) in mutants.items()}
    assert [name for name, text in broken.items() if text == right] == []
    return [name for name, text in broken.items() if not check(text.encode(), address)]
