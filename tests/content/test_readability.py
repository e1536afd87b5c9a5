import pytest

from content.readability import grade, measure, minutes, syllables

COUNTED = """
the:1 walking:2 helps:1 veins:1 table:2 made:1 dates:1 walked:1 closes:2 heated:2 nation:2 special:2 region:2
violent:3 react:2 people:2 area:3 medicine:3 doctor:2 symptoms:2 treatment:2 disease:2 pressure:2 exercise:3
because:2 hospital:3 surgery:3 infection:3 patients:2 operation:4 compression:3 stockings:2 circulation:4 varicose:3
breathing:2 aged:1 needed:2 massages:3 clots:1 swelling:2 usually:4 every:2 thrombosis:3 painful:2 reduced:2 little:2
carrying:3 quiet:2 created:3 cardiac:3 muscles:2 changes:2 someone:2 sometimes:2 safely:2 movement:2 gradually:4
individual:5 evaluate:4 build:1 fruit:1 guide:1 question:2 idea:3 serious:3 million:2 opinion:3 hour:1 early:2
"""
CHILDRENS = (
    "The cat sat on the mat. The dog ran to the cat. The cat ran up a tree and sat there all day. " * 8
)
DOCTORS = (
    "Anticoagulation considerably diminishes the probability of recurrent thromboembolic complications, although "
    "individual haemorrhagic susceptibility necessitates periodical re-evaluation of its continuation. "
) * 8


class TestSyllables:
    @pytest.mark.parametrize("counted", COUNTED.split())
    def test_it_counts_what_is_heard(self, counted):
        word, _, count = counted.partition(":")

        assert syllables(word) == int(count)


class TestGrade:
    def test_it_is_the_formula_of_flesch_and_kincaid(self):
        # 8 words, 2 sentences, 9 syllables.
        assert grade("The cat sat. The little dog ran home.") == pytest.approx(
            0.39 * 4 + 11.8 * 9 / 8 - 15.59
        )

    def test_it_tells_a_doctors_prose_from_a_childs(self):
        assert grade(CHILDRENS) < 2
        assert grade(DOCTORS) > 16

    def test_a_heading_and_an_item_end_a_sentence(self):
        assert grade("When to call\n\nThe leg hurts\n\nThe leg is red") < grade(
            "When to call the leg hurts the leg is red"
        )

    def test_it_is_of_nothing_too(self):
        assert grade("") == 0
        assert grade("1 2 3.") == 0


class TestMeasure:
    def test_it_counts_words_and_minutes(self):
        found = measure("word " * 441, "en")

        assert (found.words, found.minutes) == (441, 3)

    def test_it_gives_a_grade_of_english_alone_and_says_why_not(self):
        assert measure(CHILDRENS, "en-GB").grade == pytest.approx(grade(CHILDRENS), abs=0.05)
        assert measure(CHILDRENS, "de").grade is None
        assert "English" in measure(CHILDRENS, "de").why

    def test_it_gives_none_of_a_short_text(self):
        assert measure("word " * 99, "en").grade is None
        assert "100" in measure("word " * 99, "en").why
        assert measure("word " * 100, "en").grade is not None


class TestMinutes:
    @pytest.mark.parametrize(("words", "wanted"), [(0, 1), (220, 1), (221, 2)])
    def test_it_rounds_up_from_one(self, words, wanted):
        assert minutes("word " * words) == wanted
