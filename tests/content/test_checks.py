import pytest

from content import types
from content.checks import check, cited
from tests.builders import article_values, faq_values

ARTICLE, FAQ = types.get("article"), types.get("faq")
SOURCE = [{"title": "DVT"}]
OURS = "/api/v1/images/0197a2c4-5b1e-7c3d-9f20-6a1b2c3d4e5f"


def found(body, **values):
    """The lines and sentences of what is found in an article's text."""
    given = article_values(body=body, sources=SOURCE, **values)
    return [(one.line, one.says) for one in check(ARTICLE, given) if one.field == "body"]


class TestCheck:
    def test_it_finds_nothing_in_a_text_in_order(self):
        body = f"Words.\n\n## One\n\n### Two\n\n## Three\n\n![a leg]({OURS}) [more](#two)"

        assert check(ARTICLE, article_values(body=body, sources=SOURCE)) == []

    def test_it_finds_a_heading_that_skips_a_level(self):
        assert found("## One\n\n#### Two\n\nWords.\n\n### Three") == [(3, "The heading “Two” skips a level.")]

    def test_it_takes_the_title_for_the_level_above(self):
        assert found("### One") == [(1, "The heading “One” skips a level.")]
        assert found("# One\n\n## Two") == []

    def test_it_finds_a_heading_without_words(self):
        assert found("Words.\n\n##\n\nWords.") == [(3, "A heading has no words.")]

    def test_it_finds_a_picture_without_words_on_its_line(self):
        body = "One\ntwo ![ ](https://example.org/a.png)\n\n- ![](https://example.org/b.png)"

        assert found(body) == [
            (2, "A picture has no words for those who do not see it."),
            (4, "A picture has no words for those who do not see it."),
        ]

    def test_it_finds_a_picture_of_another_site(self):
        body = (
            "![A foot](https://example.org/a.png)\n\n![](/api/v1/images/0197a2c4-5b1e-7c3d-9f20-6a1b2c3d4e5f)"
        )

        says = "The picture “A foot” is fetched from another site by each reader; upload it instead."
        assert found(body) == [(1, says)]

    @pytest.mark.parametrize("address", ["", "www.nhs.uk", "compression", "../legs", "?page=2"])
    def test_it_finds_links_without_a_whole_address(self, address):
        says = "The link “it” has no whole address, as https://example.org is."
        assert found(f"See\n[it]({address})") == [(2, says)]

    @pytest.mark.parametrize("address", ["https://nhs.uk", "mailto:a@b.example", "tel:111", "/contact"])
    def test_it_leaves_whole_addresses_alone(self, address):
        assert found(f"[it]({address})") == []

    def test_it_finds_links_without_words_or_to_no_heading(self):
        body = "## When\n\n[](https://example.org) and\n[then](#then) or [when](#when)"

        assert found(body) == [
            (3, "The link to https://example.org has no words."),
            (4, "The link “then” leads to no heading of this text."),
        ]

    def test_it_finds_what_is_empty(self):
        empty = check(ARTICLE, article_values(summary=" ", sources=[]))

        assert [(one.field, one.line, one.says) for one in empty] == [
            ("summary", None, "Summary is empty."),
            ("sources", None, "No source is named."),
        ]

    def test_it_finds_a_short_answer_over_two_sentences(self):
        long = check(FAQ, faq_values(short="One. Two. Three.", sources=SOURCE))

        assert [(one.field, one.says) for one in long] == [
            ("short", "Short answer is more than 2 sentences.")
        ]

    @pytest.mark.parametrize("values", [{}, {"body": None, "sources": None}])
    def test_it_takes_a_form_that_is_empty(self, values):
        assert [one.field for one in check(ARTICLE, values)] == ["summary", "sources"]


class TestCited:
    def test_it_is_every_link_with_its_line(self):
        body = "[a](https://a.org) x\n[b *c*](/api/v1/faqs/b)\n\n> [d](#d)"

        links = [(one.field, one.line, one.href, one.words) for one in cited(ARTICLE, {"body": body})]

        assert links == [
            ("body", 1, "https://a.org", "a"),
            ("body", 2, "/api/v1/faqs/b", "b c"),
            ("body", 4, "#d", "d"),
        ]

    def test_it_is_every_link_of_short_texts_without_a_line(self):
        given = {"answer": "[a](/a)", "warnings": ["Not this.", "Words\n[b](/b)", "[c](/c)"]}

        links = [(one.field, one.line, one.href) for one in cited(FAQ, given)]

        assert links == [("answer", 1, "/a"), ("warnings", None, "/b"), ("warnings", None, "/c")]
