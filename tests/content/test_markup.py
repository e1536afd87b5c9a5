import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from content.characters import refused_character
from content.markup import escape, render

# Paragraphs of plain lines: what a blog text has, marks of Markdown and HTML strewn in.
MARKS = st.sampled_from(
    [*"\\`*_[]<>|~&#+=-:.!()0129 \t", "&amp;", "&#9;", "http://", "://", "--", "1.", "😀"]
)
LINES = (
    st.lists(MARKS | st.text(st.characters(codec="utf-8"), max_size=3), min_size=1, max_size=12)
    .map(lambda parts: " ".join("".join(parts).split()))
    .filter(lambda line: line and not refused_character(line))
)
PARAGRAPHS = st.lists(st.lists(LINES, min_size=1, max_size=3).map("\n".join), min_size=1, max_size=3)


class TestEscape:
    @settings(max_examples=400)
    @given(PARAGRAPHS.map("\n\n".join))
    @example("a|b\n:-:")
    @example("a\n:-")
    @example("Title\n===")
    @example("1) one\n2. two")
    @example("- - -")
    @example("&copy; &#169; &x")
    @example("[a]: https://a.example")
    @example("![a](b) <b>c</b> `d` ~~e~~ __f__ \\")
    def test_it_lets_nothing_be_read_as_markup_and_loses_nothing(self, text):
        assert render(escape(text)).text == text

    @given(PARAGRAPHS.map("\n\n".join))
    def test_it_makes_paragraphs_only(self, text):
        assert set(re.findall(r"</?([a-z0-9]+)", render(escape(text)).html)) <= {"p", "br"}


class TestRender:
    @pytest.mark.parametrize(
        ("markdown", "html"),
        [
            ("Plain *words*.", "<p>Plain <em>words</em>.</p>\n"),
            ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
            ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),
            ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n"),
            (
                "[a](https://a.example)",
                '<p><a href="https://a.example" rel="noopener noreferrer">a</a></p>\n',
            ),
            ("~~old~~", "<p><s>old</s></p>\n"),
        ],
    )
    def test_it_is_html_that_may_be_put_into_a_page(self, markdown, html):
        assert render(markdown).html == html

    @pytest.mark.parametrize(
        "markdown",
        [
            "[a](javascript:alert(1))",
            "[a](JaVaScRiPt:alert(1))",
            "[a](data:text/html;base64,PHNjcmlwdD4=)",
            "[a](vbscript:x)",
            "![a](javascript:alert(1))",
            "![a](data:image/svg+xml;base64,PHN2Zz4=)",
            "[a]: javascript:alert(1)\n\n[a]",
            '<https://a.example" onmouseover=alert(1)>',
            '[a](https://a.example "x\\" onclick=alert(1)")',
            '```x" onclick=alert(1)\ncode\n```',
            "<img src=x onerror=alert(1)>",
            "# <svg/onload=alert(1)>",
        ],
    )
    def test_it_carries_no_script(self, markdown):
        html = render(markdown).html

        tags = re.findall(r"<[^>]*>", html)
        assert not [
            tag for tag in tags if re.search(r"script|data:|\son\w+=(?!&)", re.sub(r'"[^"]*"', '""', tag))
        ]
        assert not re.search(r'(href|src)="(?!https://a\.example)', html)

    @given(st.text(st.characters(codec="utf-8"), max_size=200))
    def test_it_holds_no_tag_beyond_those_allowed(self, markdown):
        html = render(markdown).html

        assert set(re.findall(r"</?([a-z0-9]+)", html)) <= set(
            "p br hr h2 h3 h4 h5 h6 ul ol li blockquote pre code em strong s a img table thead tbody tr th td".split()
        )

    def test_it_is_parted_into_sections_two_levels_deep(self):
        prose = render("Intro.\n\n# One\n\nA.\n\n### Sub\n\nB.\n\n#### Deep\n\nC.\n\n## Two\n")

        told = [(one.id, one.heading, one.level, one.text) for one in prose.sections]
        assert told == [
            (None, None, None, "Intro."),
            ("one", "One", 2, "A."),
            ("sub", "Sub", 3, "B.\n\nDeep\n\nC."),
            ("two", "Two", 2, ""),
        ]

    def test_it_has_an_introduction_even_where_that_is_empty(self):
        assert [one.heading for one in render("# One").sections] == [None, "One"]

    def test_it_gives_equal_headings_different_ids(self):
        ids = [one.id for one in render("# A\n\n# A\n\n# A 2\n\n# ???\n").sections]

        assert ids == [None, "a", "a-2", "a-2-2", "section"]

    def test_it_leaves_headings_inside_a_quotation_there(self):
        assert len(render("> # Not a section\n\nText.").sections) == 1

    def test_it_says_everything_in_plain_words(self):
        prose = render(
            "# Head &amp; foot\n\nA *b* [c](https://d.example) ![leg](https://e.example/f.png) `g`.\nNew line.\n\n"
            "* one\n* two\n\n| h | i |\n|---|---|\n| j | k |\n\n    code\n"
        )

        assert prose.text == "Head & foot\n\nA b c leg g.\nNew line.\n\none\n\ntwo\n\nh\ti\n\nj\tk\n\ncode"

    def test_it_joins_its_sections_to_the_whole(self):
        prose = render("Intro.\n\n# One\n\nA.\n\n## Two\n\nB.\n")

        parts = [part for one in prose.sections for part in (one.heading, one.text) if part]
        assert prose.text == "\n\n".join(parts)
        assert all(one.html in prose.html for one in prose.sections)

    def test_it_of_equal_sources_is_equal(self):
        assert render("# A\n\nb") == render("# A\n\nb")

    def test_it_of_nothing_is_nothing(self):
        prose = render("")

        assert (prose.html, prose.text, len(prose.sections)) == ("", "", 1)


class TestDepth:
    def test_no_word_is_left_out_for_lying_deep(self):
        assert render("> " * 60 + "deep").text == "deep"
