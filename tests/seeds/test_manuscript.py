"""A post's text as Markdown: rendered, it says just what the author typed."""

import pytest
from hypothesis import given, settings

from content.markup import render
from seeds import manuscript
from seeds.blog import parse
from seeds.post import Post, Question, Section
from tests.seeds.blog_texts import POST, posts


def a_post(*introduction, sections=()):
    return Post("post.txt", "A Title", None, None, None, None, introduction, sections, ())


class TestBody:
    def test_it_puts_sections_under_their_headings(self):
        assert manuscript.body(a_post("Some text.", sections=(Section("Colour", 3, ("It turns.",)),))) == (
            "Some text.\n\n### Colour\n\nIt turns."
        )

    @pytest.mark.parametrize(
        "text",
        [
            "A <b>bold</b> & *starred* claim",
            "1. It is no list",
            "- Nor is this",
            "# No heading",
            "Nor this\n===",
            "Two\nlines",
            "<script>alert(1)</script>",
            "[a](javascript:b) ![c](d)",
            "&lt; &amp; &#60;",
            "a | b\n--|--",
            "~~gone~~ `code` C:\\new",
        ],
    )
    def test_it_keeps_an_authors_signs_as_typed(self, text):
        assert render(manuscript.body(a_post(text))).text == text

    @pytest.mark.parametrize("heading", ["Vitamins #", "Vitamin C#", "1. Walk", "A *star*", "Now ##"])
    def test_it_keeps_a_headings_signs_as_typed(self, heading):
        rendered = render(manuscript.body(a_post("Text.", sections=(Section(heading, 2, ("Text.",)),))))

        assert [section.heading for section in rendered.sections] == [None, heading]

    @settings(deadline=None)
    @given(posts())
    def test_it_says_what_the_post_says(self, post):
        rendered = render(manuscript.body(post))

        assert [(part.heading, part.level, part.text) for part in rendered.sections] == [
            (None, None, "\n\n".join(post.introduction)),
            *((part.heading, part.level, "\n\n".join(part.paragraphs)) for part in post.sections),
        ]


class TestAnswer:
    def test_it_is_whole_with_its_sub_headings(self):
        asked = Question("Why?", ("So.",), (Section("Colour", 3, ("It turns.", "Then not.")),))

        assert manuscript.answer(asked) == "So.\n\n### Colour\n\nIt turns.\n\nThen not."

    def test_it_is_in_the_body_word_by_word(self):
        post = parse(POST.encode(), "post.txt")

        assert all(manuscript.answer(question) in manuscript.body(post) for question in post.questions)
