"""The blog-text reader: what it makes of a post, and what it refuses."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from seeds.blog import parse, read
from seeds.byline import states_facts
from seeds.errors import BlogTextError
from seeds.files import LARGEST_FILE
from tests.seeds.blog_texts import POST, all_words, posts, unparse

GIVEN = Path(__file__).parents[3] / "shared" / "blog" / "massage-and-leg-blood-clots.txt"


def a_post(text=POST, **named):
    return parse(text.encode(), "post.txt", **named)


def without(post):
    """Return `post` without its left-out lines, whose numbers depend on blank lines."""
    return replace(post, left_out=())


def outline(post):
    return [(section.level, section.heading, len(section.paragraphs)) for section in post.sections]


@pytest.mark.skipif(not GIVEN.exists(), reason="the given post lies beside the repository, not in it")
class TestReadOfTheGivenPost:
    @pytest.fixture
    def post(self):
        return read(GIVEN)

    def test_it_reads_the_title_and_the_byline(self, post):
        assert post.source == "massage-and-leg-blood-clots.txt"
        assert post.title.endswith("Blood Clot Symptoms in the Legs: Does It Work?")
        assert (post.published_on, post.reading_minutes) == (date(2023, 7, 20), 4)

    def test_it_takes_the_author_from_byline_and_bio(self, post):
        assert post.author.name == "NY Vein Treatment Center"
        assert post.author.bio.startswith(
            "We are exclusively devoted to vein treatment, including spider & varicose"
        )
        assert post.author.telephone == "(212) 575-8346"
        assert post.author.url is None

    def test_it_has_the_introduction_and_the_sections_in_order(self, post):
        assert len(post.introduction) == 4
        assert outline(post) == [
            (2, "What are the symptoms of a blood clot?", 1),
            (3, "Swelling", 1),
            (3, "Warmth and Redness", 1),
            (3, "Pain and Tenderness", 1),
            (3, "Shortness of Breath", 1),
            (3, "Fatigue", 1),
            (2, "Can massaging your leg relieve blood clot symptoms?", 4),
            (2, "What are alternative ways to relieve blood clot symptoms?", 1),
            (3, "Physical Activity", 2),
            (3, "Compression Therapy", 1),
            (3, "Dietary Changes", 1),
            (2, "Alleviate Blood Clot Symptoms in the Legs With the Help of Our Treatment Center", 2),
        ]

    def test_it_has_three_questions_with_their_whole_answers(self, post):
        assert [(len(asked.paragraphs), len(asked.sections)) for asked in post.questions] == [
            (1, 5),
            (4, 0),
            (1, 3),
        ]

    def test_it_leaves_out_rules_caption_and_followers_alone(self, post):
        assert [(line.line_number, line.text) for line in post.left_out] == [
            (6, "--"),
            (8, "Legs blood clotting"),
            (76, "--"),
            (78, "--"),
            (81, "0 Followers"),
        ]

    def test_it_keeps_curly_quotes_and_dashes_as_typed(self, post):
        assert "In this blog post, we’ll discuss" in post.introduction[3]
        assert " — this can cause" in post.sections[1].paragraphs[0]


class TestRead:
    def test_it_refuses_a_path_that_is_no_file(self, tmp_path):
        with pytest.raises(BlogTextError, match=f"^{tmp_path.name}: the file cannot be read"):
            read(tmp_path)

    def test_it_refuses_a_pipe_without_waiting_for_it(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.txt")

        with pytest.raises(
            BlogTextError, match=r"^pipe\.txt: the file cannot be read \(it is no regular file\)"
        ):
            read(tmp_path / "pipe.txt")

    def test_it_refuses_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(BlogTextError, match=r"^gone\.txt: the file cannot be read \(No such file"):
            read(tmp_path / "gone.txt")

    def test_it_refuses_a_file_that_no_blog_would_fill(self, tmp_path):
        path = tmp_path / "large.txt"
        path.write_bytes(b"a" * (LARGEST_FILE + 1))

        with pytest.raises(BlogTextError, match=r"^large\.txt: the file is larger than 1,000,000 bytes"):
            read(path)


class TestParse:
    def test_it_asks_what_stands_below_the_authors_name_in_the_text(self):
        post = a_post(
            "A Title\n\nAnn Weir\n3 min read\n\nText.\n\n--\n\nAnn Weir\n\nWhat is a vein?\n\nA vessel.\n"
        )

        assert [question.question for question in post.questions] == ["What is a vein?"]
        assert post.author.bio is None

    def test_it_says_all_that_the_text_says(self):
        post = a_post()

        assert post.title == "Do Cold Showers Help Tired Legs? What We Know"
        assert (post.published_on, post.reading_minutes, post.caption) == (
            date(2024, 5, 4),
            3,
            "A shower head",
        )
        assert len(post.introduction) == 2
        assert outline(post) == [
            (2, "What does cold water do?", 1),
            (3, "Colour and Warmth", 1),
            (2, "Is cold water safe for everybody?", 1),
            (2, "Talk to the Doctors of Our House About Your Legs", 1),
        ]

    def test_it_takes_an_authors_signs_as_text(self):
        post = a_post()

        assert post.sections[1].paragraphs == ("The skin turns pale & cool.",)
        assert post.sections[2].paragraphs == ("Not for all: ask first if you have *poor circulation*.",)

    @pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028"])
    def test_it_reads_line_ends_of_other_systems(self, end):
        assert a_post(POST.replace("\n", end)) == a_post()

    def test_it_reads_past_a_byte_order_mark(self):
        assert a_post("\ufeff" + POST) == a_post()

    def test_it_reads_a_text_that_lost_its_blank_lines(self):
        assert without(a_post(POST.replace("\n\n", "\n"))) == without(a_post())

    def test_it_does_without_a_byline_and_takes_the_name_from_the_end(self):
        bare = POST.replace("The Fictional Vein House\n3 min readMay 4, 2024\n\n", "", 1)

        post = a_post(bare)

        assert (post.author, post.published_on, post.reading_minutes) == (a_post().author, None, None)
        assert (post.caption, post.introduction) == (a_post().caption, a_post().introduction)

    def test_it_does_without_byline_rule_and_end(self):
        start, end = POST.index("The Fictional"), POST.index("A shower head")
        bare = POST[:start] + POST[end : POST.index("--", end)]

        post = a_post(bare)

        assert post.author is None
        assert (post.caption, post.introduction) == (a_post().caption, a_post().introduction)
        assert post.sections == a_post().sections

    def test_it_does_without_a_caption(self):
        post = a_post(POST.replace("A shower head\n\n", ""))

        assert (post.caption, post.introduction) == (None, a_post().introduction)

    def test_it_takes_a_first_name_in_capitals_for_a_heading_where_no_byline_is(self):
        post = a_post("A Title\n\nWhat Cold Does\n\nIt cools.\n")

        assert (post.caption, outline(post)) == (None, [(2, "What Cold Does", 1)])

    @pytest.mark.parametrize("line", ["What Cold Does", "Overview", "Key facts"])
    def test_it_takes_what_looks_like_a_heading_right_below_the_byline_for_one(self, line):
        post = a_post(POST.replace("A shower head", line))

        assert (post.caption, post.introduction) == (None, ())
        assert outline(post)[0] == (2, line, 2)

    @pytest.mark.parametrize("line", ["Photo by Jane Doe on Elsewhere", "Warmth", "A shower head"])
    def test_it_takes_any_other_bare_line_there_for_the_caption(self, line):
        post = a_post(POST.replace("A shower head", line))

        assert (post.caption, post.introduction) == (line, a_post().introduction)

    def test_it_leaves_a_rule_within_the_text_out(self):
        post = a_post(POST.replace("It narrows", "--\n\nIt narrows"))

        assert without(post) == without(a_post())
        assert "--" in [line.text for line in post.left_out[2:3]]

    def test_it_keeps_the_lines_of_a_paragraph_apart(self):
        post = a_post("A Title\n\nFirst a line,\nthen another.\n")

        assert post.introduction == ("First a line,\nthen another.",)

    def test_it_leaves_a_name_at_the_end_out_that_is_not_the_bylines(self):
        post = a_post(POST.replace("The Fictional Vein House\n12 Foll", "Somebody Else\n12 Foll"))

        assert post.author.name == "The Fictional Vein House"
        assert "another name than the byline's" in [line.why for line in post.left_out]

    def test_it_leaves_a_bio_out_that_has_no_name(self):
        post = a_post(
            "A Title\n\nSome text.\n\n--\n\n--\n\nWe look after veins, and after those who have them.\n"
        )

        assert post.author is None
        assert post.left_out[-1].why == "a bio without a name"

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            (b"", "the file is empty."),
            (b" \n\t\r\n\xef\xbb\xbf", "the file is empty."),
            (b"\xef\xbb\xbf", "the file is empty."),
            (b"A title\n\nText.\0", "this is a binary file, where a text in UTF-8 is expected."),
            (b"\x89PNG\r\n\x1a\n\xff\xd8", "this is a binary file, where a text in UTF-8 is expected."),
            ("A Title\n\nText.".encode("utf-16"), "the text is in UTF-16, where UTF-8 is expected."),
            ("A Title\n\nText.".encode("utf-32"), "the text is in UTF-32, where UTF-8 is expected."),
            (
                b"A Title\r\rIt\x92s text.",
                "the encoding is not UTF-8, which is expected: line 3 has the byte 0x92.",
            ),
            (b"A Title\n\nText\x0b.", "line 3 has the control character U+000B; take it out."),
            (b"A Title\n\n\x1c\nText.", "line 3 has the control character U+001C; take it out."),
            ("A Title\n\n\ufdd0Text.".encode(), "line 3 has the control character U+FDD0; take it out."),
            (b"A Title", "no text stands below the title."),
            (b"A Title\n\nA heading\n\n--\n", "no text stands below the title."),
            (b"--\n\nSome text.", "no title stands above the text; line 1 is not one."),
            (
                b"\nAn Author\n4 min readJul 20, 2023\n\n--\n\nText.",
                "no title stands above the text; line 2 is not one.",
            ),
            (b"4 min read\n\nText.", "no title stands above the text; line 1 is not one."),
            (b"Clots form. They hurt.\n\nText.", "no title stands above the text; line 1 is not one."),
            (
                b"A Title\n\n2 min readFeb 30, 2023\n\nText.",
                "line 3 has a day in no calendar: 'Feb 30, 2023'.",
            ),
        ],
    )
    def test_it_refuses_in_one_sentence_that_names_the_file(self, data, sentence):
        with pytest.raises(BlogTextError) as refused:
            parse(data, "post.txt")

        assert str(refused.value) == f"post.txt: {sentence}"

    @settings(deadline=None)
    @given(posts())
    def test_it_undoes_unparse(self, post):
        assert without(a_post(unparse(post))) == replace(post, source="post.txt")

    @settings(deadline=None)
    @given(posts(), st.randoms(use_true_random=False))
    def test_it_loses_no_line_wherever_lines_stand(self, post, random):
        lines = unparse(post).split("\n")
        cut = random.randrange(len(lines))
        text = "\n".join([*lines[:2], *lines[cut:], *lines[2:cut]])

        try:
            words = all_words(a_post(text)).split("\n")
        except BlogTextError:
            return

        missing = [line for line in text.split("\n") if line and line not in words]
        assert all(states_facts(line) for line in missing)

    @given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
    @example(b"A\n\nBy x\n\n\xc2\xb7 Follow\n\n\xe2\x80\x8b")
    @example(b"A Title\n\n0 Followers")
    @settings(max_examples=300, deadline=None)
    def test_it_raises_nothing_but_its_own_error(self, data):
        try:
            post = parse(data, "post.txt")
        except BlogTextError:
            return

        assert post.title

    @settings(deadline=None)
    @given(
        st.lists(
            st.sampled_from([*POST.split("\n"), "By Ann", "· Follow", "?", "9", "Q: Is it?"]), max_size=40
        )
    )
    def test_it_raises_nothing_but_its_own_error_on_shuffled_lines(self, lines):
        try:
            post = a_post("\n".join(lines))
        except BlogTextError:
            return

        assert post.title
        assert post.introduction or post.sections
