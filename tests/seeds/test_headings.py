"""Which bare lines are headings, and of which level."""

import pytest

from seeds.headings import Kind, heading_levels, is_question, shape
from seeds.lines import Block, Line


def blocks(*texts):
    return [Block(tuple(Line(1, line) for line in text.split("\n"))) for text in texts]


def levels(*texts, author=None):
    """Return each text that is a heading with its level."""
    found = heading_levels(blocks(*texts), author=author, locale="en")
    return {texts[index]: level for index, level in found.items()}


class TestIsQuestion:
    @pytest.mark.parametrize(
        "text",
        [
            "What are the symptoms of a blood clot?",
            "Can massaging your leg relieve blood clot symptoms?",
            "Is it safe to fly after a clot?",
            "Is DVT dangerous?",
            "Does it work?",
            "What’s the difference between DVT and phlebitis?",
            "For how long should I wear stockings?",
            "2. Who should not wear stockings?",
            "Q: Should I stop taking my tablets?",
            "Compression stockings: how tight should they be?",
            "Are swelling, warmth, and redness signs of a clot?",
            "Do you need a prescription for stockings?",
            "Am I at risk of a clot?",
            "When should I call an ambulance?",
            "Swollen Legs at Night?",
            "Have You Noticed Swollen Legs?",
            "“What is a varicose vein?",
        ],
    )
    def test_it_knows_a_question_that_readers_have(self, text):
        assert is_question(text, "en")

    @pytest.mark.parametrize(
        "text",
        [
            "Many people wonder if massaging their legs can help relieve these symptoms, but is this true?",
            "Many people wonder whether this helps?",
            "But is this true?",
            "So what can you do?",
            "Is this true?",
            "Does that sound familiar?",
            "Have you ever wondered why your legs ache in the evening?",
            "Are you tired of swollen legs?",
            "Do you suffer from aching legs?",
            "Can massage help, or is it dangerous?",
            "It helps, doesn’t it?",
            "Can stockings help – and if so, which?",
            "Why not?",
            "Really?",
            "Sound familiar?",
            "Isn’t it time to act?",
        ],
    )
    def test_it_knows_a_turn_of_the_authors(self, text):
        assert not is_question(text, "en")

    def test_it_goes_by_the_form_in_a_language_whose_words_we_do_not_know(self):
        assert is_question("Was sind die Anzeichen einer Thrombose?", "de")
        assert not is_question("Viele fragen sich, ob das hilft?", "de-CH")


class TestShape:
    @pytest.mark.parametrize(
        "text",
        [
            "Swelling",
            "Warmth and Redness",
            "Pulmonary Embolism (PE)",
            "“Economy class syndrome”",
            "3 signs of a clot",
            "1. Keep moving",
            "Dr. Virchow’s three causes",
        ],
    )
    def test_it_names_what_follows(self, text):
        assert shape(*blocks(text), "en") == Kind.NAME

    @pytest.mark.parametrize(
        "text",
        [
            "swelling",
            "Swelling.",
            "Swelling (see below.)",
            "Swelling:",
            "Swelling …",
            "Swelling\nPain",
            "- Swelling",
            "• Swelling",
            "Read more at www.example.org",
            "https://example.org",
            "Clots form. They hurt",
            "***",
            "Is it? Yes, it is?",
            "A line of far too many short words for it to be what any of us would call one heading",
            "W" * 121,
        ],
    )
    def test_it_is_text(self, text):
        assert shape(*blocks(text), "en") == Kind.TEXT


class TestHeadingLevels:
    def test_it_makes_every_heading_a_section_where_nothing_is_asked(self):
        assert levels("First", "Text.", "Second Heading", "Text.") == {"First": 2, "Second Heading": 2}

    def test_it_makes_headings_above_the_first_question_sections(self):
        assert levels("Overview", "Text.", "What is a clot?", "Text.") == {
            "Overview": 2,
            "What is a clot?": 2,
        }

    def test_it_puts_short_headings_below_a_question_under_it(self):
        assert levels("What is a clot?", "Swelling", "Text.") == {"What is a clot?": 2, "Swelling": 3}

    def test_it_opens_a_section_with_a_longer_heading(self):
        long = "How We Look After Veins and Legs in Our House"

        assert levels("What is a clot?", "Text.", long, "Text.", "Swelling", "Text.")[long] == 2

    def test_it_puts_short_headings_below_a_section_that_asks_nothing_under_that(self):
        found = levels(
            "What is a clot?",
            "Text.",
            "How Clots Are Treated at the House of Veins",
            "Text.",
            "Tablets",
            "Text.",
        )

        assert found["Tablets"] == 3

    @pytest.mark.parametrize(
        "closing", ["Conclusion", "The Bottom Line", "Key Takeaways", "Our Clinic", "Contact Us"]
    )
    def test_it_closes_with_a_section_below_the_last_question_only(self, closing):
        assert levels("What is a clot?", "Text.", closing, "Text.")[closing] == 2
        assert (
            levels("What is a clot?", "Text.", closing, "Text.", "Is it bad for me?", "Text.")[closing] == 3
        )

    def test_it_closes_with_a_section_that_names_the_author(self):
        assert (
            levels("What is a clot?", "Text.", "About Vein House", "Text.", author="Vein House")[
                "About Vein House"
            ]
            == 2
        )

    def test_it_makes_a_heading_right_above_a_question_a_section(self):
        found = levels(
            "What is a clot?", "Text.", "Frequently Asked Questions", "Can it move about?", "Text."
        )

        assert found["Frequently Asked Questions"] == 2

    def test_it_takes_a_run_of_three_names_for_a_list(self):
        assert levels("What is a clot?", "Text.", "Swelling", "Pain", "Warmth", "Text.") == {
            "What is a clot?": 2
        }

    def test_it_takes_two_names_in_a_row_for_headings(self):
        assert levels("What is a clot?", "Text.", "Signs", "Pain", "Text.") == {
            "What is a clot?": 2,
            "Signs": 3,
            "Pain": 3,
        }

    def test_it_makes_no_heading_of_a_name_that_ends_the_text(self):
        assert levels("Text.", "Swelling") == {}

    def test_it_takes_a_question_that_is_asked_again_below_for_a_table_of_contents(self):
        contents = "What is a clot?", "Can a clot move?"

        found = heading_levels(
            blocks(*contents, "Text.", contents[0], "Text.", contents[1], "Text."), author=None, locale="en"
        )

        assert found == {3: 2, 5: 2}

    def test_it_makes_no_heading_of_a_question_without_an_answer(self):
        assert levels("What is a clot?", "Can a clot move?", "Text.", "How long does it last?") == {
            "Can a clot move?": 2
        }


class TestMarked:
    def test_marked_headings_alone_are_headings(self):
        assert levels("## Causes", "Sitting.", "Bare Line", "Text.", "### By day ###", "Text.") == {
            "## Causes": 2,
            "### By day ###": 3,
        }

    def test_those_with_the_fewest_hashes_are_sections(self):
        assert levels("### Causes", "Sitting.", "##### By day", "Text.") == {
            "### Causes": 2,
            "##### By day": 3,
        }

    def test_a_question_is_a_section_however_deep_it_stands(self):
        found = levels(
            "## Questions", "### Is it safe to fly?", "Yes.", "### By day", "Text.", "### Why not?", "No."
        )

        assert found == {
            "## Questions": 2,
            "### Is it safe to fly?": 2,
            "### By day": 3,
            # Said to the reader, and not asked by one.
            "### Why not?": 3,
        }

    def test_a_question_without_an_answer_is_none(self):
        found = levels("## Can I fly?", "## What helps?", "### Walking", "Walk.")

        assert found == {"## What helps?": 2, "### Walking": 3}

    @pytest.mark.parametrize("line", ["#Causes", "#", "##", "Causes ##", "####### Causes"])
    def test_what_is_no_heading_of_markdowns_is_none_here(self, line):
        assert levels("## Causes", "Sitting.", line, "Text.") == {"## Causes": 2}

    def test_beside_one_hash_alone_bare_lines_are_headings_too(self):
        assert levels("# 1 in the list", "Text.", "Other causes", "Text.") == {
            "# 1 in the list": 2,
            "Other causes": 2,
        }
