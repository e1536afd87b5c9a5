import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import types
from content.diffs import Mark, Stretch, compare, words

TEXTS = st.lists(st.sampled_from(["leg", "vein", " ", "\n", ".", "Ä", "2"])).map("".join)


def side(before, after, without):
    return "".join(one.text for one in words(before, after) if one.mark != without)


class TestWords:
    @given(TEXTS, TEXTS)
    def test_it_turns_one_text_into_the_other(self, before, after):
        assert side(before, after, Mark.ADDED) == before
        assert side(before, after, Mark.REMOVED) == after

    def test_it_never_cuts_a_word_in_two(self):
        stretches = list(words("walking", "walked"))

        assert [(one.mark, one.text) for one in stretches] == [
            (Mark.REMOVED, "walking"),
            (Mark.ADDED, "walked"),
        ]

    def test_it_of_equal_texts_is_one_stretch(self):
        assert [one.mark for one in words("a b", "a b")] == [Mark.SAME]

    def test_it_of_nothing_is_nothing(self):
        assert list(words("", "")) == []

    def test_an_id_is_one_word(self):
        old, new = "01a2244f-1dee-7218-a2cc-aa955318de64", "01a2244f-2c01-7218-a2cc-bb0000000000"

        changed = list(words(f"See {old}.", f"See {new}."))

        assert Stretch(Mark.REMOVED, old) in changed
        assert Stretch(Mark.ADDED, new) in changed

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            ("0.5", "0.05"),
            ("1,000", "10,000"),
            ("1.000,50", "1.000,05"),
            ("10 000", "100 000"),
            ("1/2", "1/4"),
            ("10-20", "10-40"),
            ("10\u201320", "10\u201340"),
            ("-5", "5"),
            (".5", "5"),
            ("37°", "39°"),
            ("37°C", "37°F"),
            ("5%", "50%"),
            ("5.5%", "5%"),
            ("12:30", "12:45"),
            ("2024-05-01", "2024-06-01"),
            ("01.05.2024", "01.06.2024"),
            ("5×10^9", "5×10^6"),
            ("10^-3", "10^-6"),
            ("10⁻³", "10⁻⁶"),
            ("٥", "٥٫٥"),
            ("١٬٠٠٠", "١٬٥٠٠"),
            ("mg/kg", "mg/day"),
            ("well-known", "well-fed"),
            ("don't", "don\u2019t"),
            ("Herz\u00adinfarkt", "Herzinfarkt"),
        ],
    )
    def test_it_never_cuts_a_number_in_two(self, before, after):
        changed = list(words(f"Take {before}, please ({before}).", f"Take {after}, please ({before})."))

        assert [one.text for one in changed] == ["Take ", before, after, f", please ({before})."]

    def test_a_full_stop_is_no_part_of_a_number(self):
        assert [one.text for one in words("Take 5.", "Take 5. And")] == ["Take 5.", " And"]


class TestCompare:
    ARTICLE = types.get("article")

    def test_it_names_the_fields_that_differ_in_their_order(self):
        found = compare(self.ARTICLE, {"title": "A", "slug": "a"}, {"title": "B", "slug": "b", "body": "x"})

        assert [one.name for one in found] == ["title", "body", "slug"]

    @pytest.mark.parametrize("values", [{}, {"title": "A", "tags": ["b"]}])
    def test_it_is_empty_where_nothing_changed(self, values):
        assert compare(self.ARTICLE, values, dict(values)) == []

    def test_it_compares_lists_and_records_as_people_read_them(self):
        (tags, sources) = sorted(
            compare(
                self.ARTICLE,
                {"tags": ["a"], "sources": [{"title": "One"}]},
                {"tags": ["a", "b"], "sources": [{"title": "Two"}]},
            ),
            key=lambda one: one.name,
            reverse=True,
        )

        assert (tags.before, tags.after) == ("a", "a\nb")
        assert (sources.before, sources.after) == ("One", "Two")


class TestWordsOfManyScripts:
    def test_marks_that_combine_stay_with_their_word(self):
        before, after = "पैर में दर्द", "पैर में सूजन"

        changed = [stretch.text for stretch in words(before, after) if stretch.mark != Mark.SAME]

        assert changed == ["दर्द", "सूजन"]
