"""What stands below a post."""

import pytest

from seeds.lines import read_lines
from seeds.trailer import author_of, read_trailer, split_trailer

BIO = "We look after veins, and after those who have them."


def trailer_of(text, name="An Author"):
    """Return the name and the bio below `text`."""
    trailer = read_trailer(split_trailer(read_lines(text.encode(), "post.txt"), name)[1])
    bio = "\n".join(line.text for line in trailer.bio if not line.is_blank)
    return trailer.name and trailer.name.text, bio


def text_above(text, name="An Author"):
    body = split_trailer(read_lines(text.encode(), "post.txt"), name)[0]
    return [line.text for line in body if not line.is_blank]


class TestSplitTrailer:
    @pytest.mark.parametrize(
        "signature",
        [
            f"--\n\n--\n\nAn Author\n0 Followers\n\n{BIO}",
            f"An Author\n1.2K Followers\n{BIO}",
            f"—\n\nAn Author\n\n12 followers\n\n3 following\n\n{BIO}\n\nFollow",
            f"--\n\nWritten by\n\nAn Author\n\n12 Followers · 3 Following\n\n{BIO}",
            f"--\n\n--\n\nAn Author\n\n{BIO}",
            f"--\n\nAn Author\n\n{BIO}",
        ],
    )
    def test_it_knows_the_signature_of_a_post(self, signature):
        text = f"Some text.\n\n{signature}"

        assert text_above(text) == ["Some text."]
        assert trailer_of(text)[0].endswith("An Author")
        assert trailer_of(text)[1] == BIO

    def test_it_finds_none_where_none_is(self):
        assert text_above("Some text.\n\nMore of it.") == ["Some text.", "More of it."]

    def test_it_takes_no_sentence_above_a_count_for_a_name(self):
        text = "Which vein is deep?\n\nOne is.\n\n12 Followers"

        assert text_above(text) == ["Which vein is deep?", "One is."]

    @pytest.mark.parametrize(
        "signature", ["--\n\nAn Author", "--\n\n--\n\nAn Author", "An Author\n\n12 Followers"]
    )
    def test_it_is_no_signature_where_a_question_is_asked_below(self, signature):
        text = f"Some text.\n\n{signature}\n\nWhat is a vein?\n\nA vessel."

        assert text_above(text) == [line for line in text.split("\n") if line]

    @pytest.mark.parametrize(
        "below",
        ["\n\n".join(["A paragraph."] * 5), f"{'Long words. ' * 167}", "A\n\n--\n\n--\n\nB\n\nC\n\nD\n\nE"],
    )
    def test_it_is_no_signature_where_the_text_goes_on_below(self, below):
        assert text_above(f"Some text.\n\n--\n\nAn Author\n\n{below}")[:3] == [
            "Some text.",
            "--",
            "An Author",
        ]

    def test_it_finds_the_signature_below_a_name_in_the_text(self):
        text = f"Some text.\n\n--\n\nAn Author\n\nWhat is a vein?\n\nA vessel.\n\n--\n\nAn Author\n\n{BIO}"

        assert trailer_of(text) == ("An Author", BIO)
        assert text_above(text)[-1] == "A vessel."

    def test_it_minds_no_question_among_what_the_site_says_of_others(self):
        text = (
            f"Some text.\n\n--\n\nAn Author\n\n{BIO}\n\nMore from An Author\n\nWhat is a vein?\n\nA vessel."
        )

        assert text_above(text) == ["Some text."]

    def test_it_takes_rules_at_the_end(self):
        assert text_above("Some text.\n\n--\n\n--\n") == ["Some text."]

    def test_it_leaves_text_below_a_rule_in_the_text(self):
        text = "Some text.\n\n--\n\nA heading\n\nMore of it."

        assert text_above(text) == ["Some text.", "--", "A heading", "More of it."]

    def test_it_leaves_a_long_text_below_two_rules_in_the_text(self):
        text = "Some text.\n\n--\n\n--\n\n" + "\n\n".join(f"And paragraph {n} of it." for n in range(9))

        assert len(text_above(text)) == 12


class TestReadTrailer:
    def test_it_leaves_what_the_site_says_of_others_out(self):
        text = f"Some text.\n\n--\n\nAn Author\n0 Followers\n\n{BIO}\n\nMore from An Author\n\nAnother Post\n\nHelp"

        trailer = read_trailer(split_trailer(read_lines(text.encode(), "post.txt"), None)[1])

        assert [(line.text, line.why) for line in trailer.left_out][2:] == [
            ("More from An Author", "the blogging site's, below the bio"),
            ("Another Post", "the blogging site's, below the bio"),
            ("Help", "the blogging site's, below the bio"),
        ]

    def test_it_has_no_name_where_only_a_bio_stands(self):
        assert trailer_of(f"Some text.\n\n--\n\n--\n\n{BIO}") == (None, BIO)


class TestAuthorOf:
    @pytest.mark.parametrize(
        ("bio", "telephone"),
        [
            ("Call us today at (212) 575-8346 to book.", "(212) 575-8346"),
            ("Call 212-555-0100.", "212-555-0100"),
            ("Ring +44 (0)20 7946 0018 or write.", "+44 (0)20 7946 0018"),
            ("Tel. 020 7946 0018", "020 7946 0018"),
            ("Call +1 212.555.0100, day and night.", "+1 212.555.0100"),
            ("Since 2010 (212) 575-8346", "(212) 575-8346"),
            ("We are here since 2010-2020.", None),
            ("Founded on 2023-07-20, 12 doctors.", None),
            ("Licence 1234567890123456789.", None),
            ("Licence x1234567890.", None),
            ("1" * 5000 + "x", None),
        ],
    )
    def test_it_finds_a_telephone_number_as_typed(self, bio, telephone):
        assert author_of("An Author", bio).telephone == telephone

    @pytest.mark.parametrize(
        ("bio", "url"),
        [
            ("See https://veins.example/legs.", "https://veins.example/legs"),
            ("See (http://veins.example).", "http://veins.example"),
            ("See veins.example.", None),
        ],
    )
    def test_it_finds_an_address(self, bio, url):
        assert author_of("An Author", bio).url == url

    def test_it_does_without_a_bio(self):
        author = author_of("An Author", None)

        assert (author.bio, author.telephone, author.url) == (None, None, None)
