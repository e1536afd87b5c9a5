"""What stands above a post."""

from datetime import date

import pytest

from seeds.byline import read_head
from seeds.errors import BlogTextError
from seeds.lines import read_lines


def head_of(text):
    return read_head(read_lines(text.encode(), "post.txt"), "post.txt")[0]


def text_below(text):
    rest = read_head(read_lines(text.encode(), "post.txt"), "post.txt")[1]
    return [line.text for line in rest if not line.is_blank]


class TestReadHead:
    @pytest.mark.parametrize(
        "byline",
        [
            "4 min readJul 20, 2023",
            "4 min read · Jul 20, 2023",
            "4 min read\n\n·\n\nJul 20, 2023",
            "4 min read\nJul 20, 2023",
            "Jul 20, 2023 · 4 min read",
            "Published on July 20th, 2023\n4 minutes read",
            "4 MIN READ\n20 July 2023",
            "4 min read2023-07-20",
        ],
    )
    def test_it_reads_minutes_and_day_however_they_run(self, byline):
        head = head_of(f"A Title\n\nAn Author\n{byline}\n\n--\n\nSome text.")

        assert (head.name, head.minutes, head.published_on) == ("An Author", 4, date(2023, 7, 20))

    @pytest.mark.parametrize("month", range(1, 13))
    def test_it_knows_every_month(self, month):
        day = date(2024, month, 9)

        assert head_of(f"A Title\n\n4 min read{day:%b} 9, 2024\n\nText.").published_on == day
        assert head_of(f"A Title\n\n4 min read9 {day:%B} 2024\n\nText.").published_on == day

    @pytest.mark.parametrize("day", ["Feb 30, 2023", "2023-13-01", "31 June 2023", "Jul 0, 2023"])
    def test_it_refuses_a_day_in_no_calendar(self, day):
        with pytest.raises(BlogTextError, match="line 3 has a day in no calendar"):
            head_of(f"A Title\n\n4 min read{day}\n\nText.")

    @pytest.mark.parametrize(
        "name", ["By An Author", "Written by An Author", "An Author · Follow", "An Author\n\nFollow"]
    )
    def test_it_takes_the_sites_words_off_a_name(self, name):
        assert head_of(f"A Title\n\n{name}\n4 min read\n\nText.").name == "An Author"

    def test_it_takes_a_name_and_facts_on_one_line_apart(self):
        head = head_of("A Title\n\nBy Dr. An Author | March 3, 2024 | 5 comments\n\nSome text.")

        assert (head.name, head.published_on) == ("Dr. An Author", date(2024, 3, 3))
        assert [(line.line_number, line.text) for line in head.left_out] == [(3, "5 comments")]

    @pytest.mark.parametrize(
        "byline",
        [
            "By Dr. An Author, 3 May 2024",
            "By Dr. An Author on May 3rd, 2024",
            "Dr. An Author 2024-05-03\n4 min read",
            "By Dr. An Author, 3 May 2024 | 4 min read",
            "By Dr. An Author, 3 May 2024 · Follow",
        ],
    )
    def test_it_parts_a_day_from_the_name_before_it(self, byline):
        head = head_of(f"A Title\n\n{byline}\n\nSome text.")

        assert (head.name, head.published_on) == ("Dr. An Author", date(2024, 5, 3))
        assert text_below(f"A Title\n\n{byline}\n\nSome text.") == ["Some text."]

    def test_it_refuses_a_day_behind_a_name_that_is_in_no_calendar(self):
        with pytest.raises(BlogTextError, match="line 3 has a day in no calendar"):
            head_of("A Title\n\nBy An Author, 31 June 2024\n\nText.")

    def test_it_reads_a_title_as_markdown_writes_it(self):
        assert head_of("# A Title\n\nSome text.").title == "A Title"

    def test_it_reads_a_byline_with_all_the_sites_buttons(self):
        buttons = "An Author\n·\nFollow\n4 min read\n·\nJul 20, 2023\n--\n12\n1.2K\nListen\nShare\nMore"

        head = head_of(f"A Title\n\n{buttons}\n\nSome text.")

        assert (head.name, head.minutes, len(head.left_out)) == ("An Author", 4, 9)
        assert text_below(f"A Title\n\n{buttons}\n\nSome text.") == ["Some text."]

    def test_it_leaves_a_sub_title_out_and_says_so(self):
        head = head_of("A Title\n\nWhat we know about it, in short.\n\nAn Author\n4 min read\n\nText.")

        assert head.name == "An Author"
        assert [line.why for line in head.left_out] == ["stands between the title and the author's name"]

    @pytest.mark.parametrize(
        "sub_title", ["Know the signs of a clot in your leg.", "Know the signs of a clot in your leg"]
    )
    def test_it_takes_no_sentence_for_the_author(self, sub_title):
        head = head_of(f"A Title\n\n{sub_title}\n\n4 min readJul 20, 2023\n\n--\n\nText.")

        assert head.name is None
        assert [line.text for line in head.left_out] == [sub_title, "--"]

    def test_it_reads_a_name_of_small_words_where_by_stands_before_it(self):
        assert head_of("A Title\n\nBy our clinical team\n4 min read\n\nText.").name == "our clinical team"

    def test_it_reads_a_name_alone_where_by_stands_before_it(self):
        assert head_of("A Title\n\nBy An Author\n\nText.").name == "An Author"

    def test_it_reads_a_name_alone_where_a_rule_stands_below_it(self):
        assert head_of("A Title\n\nDr. A. Author, M.D.\n\n--\n\nText.").name == "Dr. A. Author, M.D."

    @pytest.mark.parametrize(
        "text",
        ["Some text.", "A heading\n\nSome text.", "Some text.\n\n--\n\nMore of it.", "Jul 20 was warm."],
    )
    def test_it_finds_no_byline_where_none_is(self, text):
        head = head_of(f"A Title\n\n{text}")

        assert (head.name, head.minutes, head.has_byline, head.left_out) == (None, None, False, ())
        assert text_below(f"A Title\n\n{text}") == [line for line in text.split("\n") if line]

    def test_it_knows_a_byline_that_is_a_rule_alone(self):
        assert head_of("A Title\n\n--\n\nText.").has_byline
