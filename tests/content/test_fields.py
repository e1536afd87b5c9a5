import contextlib
import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import types
from content.characters import refused_character
from content.errors import Invalid
from content.fields import Choice, Day, Flag, Line, Link, Markdown, Plain, Slug, Url, Whole, clean_all
from content.versions import present

ID = "01890a5d-ac96-774b-bcce-b302099a8057"
TEXTS = st.text(st.characters(codec="utf-8"), max_size=80)


def field(kind, **facts):
    return kind(name="x", label="X", **facts)


LETTERS = Choice(name="x", label="X", options=(("a", "A"), ("b", "B")))
LINK = Link(name="x", label="X", to="topic")


class TestClean:
    @pytest.mark.parametrize(
        ("kind", "given_value", "kept"),
        [
            (field(Line), "  Clots ", "Clots"),
            (field(Line), "Cafe\u0301", "Café"),
            (field(Plain), " a\r\nb\rc ", "a\nb\nc"),
            (field(Markdown), "\n\n    code\n\ntext  \n", "    code\n\ntext"),
            (field(Slug), "leg-vein-2", "leg-vein-2"),
            (field(Day), "2026-05-01", "2026-05-01"),
            (field(Day), date(2026, 5, 1), "2026-05-01"),
            (field(Url), "https://a.example/x?y=1", "https://a.example/x?y=1"),
            (LETTERS, "b", "b"),
            (LETTERS, None, "a"),
            (field(Whole), "12", 12),
            (field(Whole), 0, 0),
            (field(Flag), False, False),
            (field(Flag, default=True), None, True),
            (field(Flag, default=True), False, False),
            (LINK, ID.upper(), ID),
            (LINK, "", None),
        ],
    )
    def test_it_normalises(self, kind, given_value, kept):
        assert kind.clean(given_value) == kept

    @pytest.mark.parametrize(
        ("kind", "given_value", "said"),
        [
            (field(Line), 5, "is not a text"),
            (field(Line), "a\nb", "more than one line"),
            (field(Line), "x" * 201, "longer than 200"),
            (field(Line), "a\x0bb", "U+000B"),
            (field(Line), "\ud800", "U+D800"),
            (field(Line), "\U0001ffff", "U+1FFFF"),
            (field(Line, required=True), "", "is required"),
            (field(Line, required=True), " \t ", "is required"),
            (field(Line, required=True), None, "is required"),
            (field(Line, most_sentences=2), "One. Two. Three.", "more than 2 sentences"),
            (field(Plain, required=True), " \n ", "is required"),
            (field(Plain), "x" * 5_001, "longer than"),
            (field(Markdown, required=True), " \n ", "is required"),
            (field(Markdown), "\x1b[0m", "U+001B"),
            (field(Slug), "Clots", "a to z"),
            (field(Slug), "a--b", "a to z"),
            (field(Slug), "-a", "a to z"),
            (field(Slug), "ü", "a to z"),
            (field(Slug), "a/b", "a to z"),
            (field(Slug), "a\n", None),
            (field(Slug), ID, "looks like an id"),
            (field(Slug), ID.replace("-", ""), "looks like an id"),
            (field(Day), "2026-02-30", "no day of the calendar"),
            (field(Day), "1 May 2026", "YYYY-MM-DD"),
            (field(Day), datetime(2026, 5, 1, 9), "YYYY-MM-DD"),  # noqa: DTZ001
            (field(Day), 20260501, "YYYY-MM-DD"),
            (field(Url), "javascript:alert(1)", "http"),
            (field(Url), "//a.example", "http"),
            (field(Url), "https://", "http"),
            (field(Url), "https://[::1", "http"),
            (field(Url), "https://a.example/a b", "http"),
            (LETTERS, "c", "is not one of a, b"),
            (LETTERS, ["a"], "is not one of a, b"),
            (field(Whole), "1.5", "whole number"),
            (field(Whole), 1.0, "whole number"),
            (field(Whole), True, "whole number"),
            (field(Whole), -1, "between 0"),
            (field(Whole), 10**7, "between 0"),
            (field(Flag), "yes", "neither true nor false"),
            (field(Flag), 1, "neither true nor false"),
            (LINK, "clots", "is not an id"),
            (LINK, 7, "is not an id"),
        ],
    )
    def test_it_names_the_field_and_the_fault(self, kind, given_value, said):
        if said is None:
            assert kind.clean(given_value) == given_value.strip()
            return

        with pytest.raises(Invalid) as caught:
            kind.clean(given_value)

        (fault,) = caught.value.faults
        assert fault.pointer == "/x"
        assert said in fault.detail

    @given(TEXTS)
    def test_it_of_a_line_or_a_text_changes_nothing_twice(self, text):
        for kind in (field(Line, most=10_000), field(Plain), field(Markdown)):
            try:
                kept = kind.clean(text)
            except Invalid:
                continue
            assert kind.clean(kept) in (kept, None)

    @given(TEXTS)
    def test_it_keeps_texts_in_nfc_with_line_feeds_and_nothing_refused(self, text):
        try:
            kept = field(Plain).clean(text) or ""
        except Invalid:
            assert refused_character(text.replace("\r", "\n"))
            return

        assert kept == unicodedata.normalize("NFC", kept)
        assert "\r" not in kept
        assert refused_character(kept) is None

    @given(
        st.recursive(st.none() | st.booleans() | st.floats() | TEXTS | st.integers(), st.lists, max_leaves=4)
    )
    def test_it_answers_whatever_it_is_given_with_a_value_or_a_fault(self, value):
        declared = types.get("article")

        for one in (*declared.fields, *types.get("faq").fields):
            with contextlib.suppress(Invalid):
                one.clean(value)


class TestCleanAll:
    FIELDS = (field(Line, required=True), Day(name="day", label="Day"))

    def test_it_gives_every_field_a_value(self):
        assert clean_all(self.FIELDS, {"x": "a"}) == {"x": "a", "day": None}

    def test_it_names_all_faults_at_once(self):
        with pytest.raises(Invalid) as caught:
            clean_all(self.FIELDS, {"day": "x", "colour": "red"})

        assert {fault.pointer for fault in caught.value.faults} == {"/x", "/day", "/colour"}


class TestDocumentParts:
    def test_it_shows_an_absent_field_as_nothing(self):
        parts = {
            path: part
            for one in types.get("article").fields
            for path, part in one.parts({"title": "T"}).items()
        }

        assert (parts["summary"], parts["tags"], parts["image"], parts["sources"]) == (None, [], None, [])
        assert parts["syndication.allowed"] is True

    def test_it_never_shows_the_audience(self):
        assert types.get("article").field("audience").parts({"audience": "licensed"}) == {}

    @pytest.mark.parametrize(("words", "minutes"), [(1, 1), (220, 1), (221, 2), (2_200, 10)])
    def test_it_counts_the_reading_time_unless_told(self, words, minutes):
        reading = types.get("article").field("reading_minutes")

        assert reading.parts({"body": "word " * words}) == {"reading_minutes": minutes}
        assert reading.parts({"body": "word " * words, "reading_minutes": 42}) == {"reading_minutes": 42}


class TestPresent:
    @pytest.mark.parametrize("name", ["article", "faq", "topic", "author"])
    def test_it_of_what_was_cleaned_is_plain_json_without_absent_values(self, name):
        declared = types.get(name)
        required = {one.name: "a-b" for one in declared.fields if one.required}

        kept = present(declared.clean(required), declared.fields)

        assert all(value not in (None, "", []) for value in kept.values())
