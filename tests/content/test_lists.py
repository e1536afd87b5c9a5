import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.errors import Invalid
from content.lists import Links, Passages, Tags
from content.sources import SOURCES

ONE, TWO = "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"
TAGS = Tags(name="tags", label="Tags")
LINKS = Links(name="topics", label="Topics", to="topic")
PASSAGES = Passages(name="warnings", label="Warnings")


class TestClean:
    @pytest.mark.parametrize(
        ("field", "given_value", "kept"),
        [
            (TAGS, ["veins", "  blood   clots ", "veins"], ["blood clots", "veins"]),
            (TAGS, None, []),
            (LINKS, [TWO, ONE.upper(), TWO], [TWO, ONE]),
            (PASSAGES, [" Call a doctor.\r\n"], ["Call a doctor."]),
            (SOURCES, [{"title": "A study"}], [{"title": "A study"}]),
            (SOURCES, [{"title": "A study", "url": "", "publisher": None}], [{"title": "A study"}]),
            (
                SOURCES,
                [{"title": "A study", "published_on": "2020-01-02"}],
                [{"title": "A study", "published_on": "2020-01-02"}],
            ),
        ],
    )
    def test_it_normalises(self, field, given_value, kept):
        assert field.clean(given_value) == kept

    @pytest.mark.parametrize(
        ("field", "given_value", "pointer"),
        [
            (TAGS, "veins", "/tags"),
            (TAGS, {"veins": 1}, "/tags"),
            (TAGS, ["ok", "a,b"], "/tags/1"),
            (TAGS, [" "], "/tags/0"),
            (TAGS, ["x" * 61], "/tags/0"),
            (TAGS, ["\x00"], "/tags/0"),
            (TAGS, [str(one) for one in range(31)], "/tags"),
            (LINKS, [ONE, "clots"], "/topics/1"),
            (LINKS, [ONE] * 101, "/topics"),
            (PASSAGES, ["ok", "  "], "/warnings/1"),
            (PASSAGES, [5], "/warnings/0"),
            (SOURCES, ["A study"], "/sources/0"),
            (SOURCES, [{"title": "ok"}, {}], "/sources/1/title"),
            (SOURCES, [{"title": "ok", "url": "ftp://x"}], "/sources/0/url"),
            (SOURCES, [{"title": "ok", "colour": "red"}], "/sources/0/colour"),
        ],
    )
    def test_it_names_the_place(self, field, given_value, pointer):
        with pytest.raises(Invalid) as caught:
            field.clean(given_value)

        assert [fault.pointer for fault in caught.value.faults] == [pointer]

    def test_it_of_tags_takes_one_for_itself_whatever_unseen_is_in_it(self):
        assert TAGS.clean(["legs", "le\u200bgs", "\u202elegs"]) == ["legs"]

    @given(st.lists(st.text(st.characters(codec="utf-8"), max_size=20), max_size=5))
    def test_it_of_tags_changes_nothing_twice(self, tags):
        try:
            kept = TAGS.clean(tags)
        except Invalid:
            return

        assert TAGS.clean(kept) == kept == sorted(set(kept))


class TestPublic:
    def test_it_of_records_has_every_field(self):
        assert SOURCES.public([{"title": "A study"}]) == [
            {"title": "A study", "publisher": None, "url": None, "published_on": None, "accessed_on": None}
        ]

    def test_it_of_passages_is_rendered(self):
        assert PASSAGES.public(["Call **112**."]) == [
            {"html": "<p>Call <strong>112</strong>.</p>\n", "text": "Call 112."}
        ]


class TestWords:
    def test_it_parts_records_and_passages_as_people_compare_them(self):
        assert (
            SOURCES.words([{"title": "A study", "url": "https://a.example"}]) == "A study · https://a.example"
        )
        assert PASSAGES.words(["One.", "Two."]) == "One.\n\nTwo."
        assert TAGS.words(None) == ""
