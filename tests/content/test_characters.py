import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.characters import in_one_line, normalised, refused_character


class TestRefusedCharacter:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("a\x00b", "U+0000"),
            ("\x0b", "U+000B"),
            ("\x1f", "U+001F"),
            ("\x7f", "U+007F"),
            ("\x85", "U+0085"),
            ("\x9f", "U+009F"),
            ("\ud800", "U+D800"),
            ("\udfff", "U+DFFF"),
            ("\ufdd0", "U+FDD0"),
            ("\ufdef", "U+FDEF"),
            ("\ufffe", "U+FFFE"),
            ("\U0010ffff", "U+10FFFF"),
        ],
    )
    def test_it_tells_the_first(self, text, told):
        assert refused_character(text) == told

    @pytest.mark.parametrize("text", ["", "a\tb\r\nc", "Ä €", "\u2028", "\ufdcf\ufdf0\ufffd", "😀", "\u00a0"])
    def test_it_lets_writing_through(self, text):
        assert refused_character(text) is None

    @given(st.characters())
    def test_it_refuses_what_xml_1_0_or_unicode_does(self, one):
        code = ord(one)
        control = unicodedata.category(one) == "Cc" and one not in "\t\n\r"
        wrong = control or 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE

        assert bool(refused_character(one)) == wrong


class TestNormalised:
    @pytest.mark.parametrize(
        ("text", "kept"), [("a\r\nb\rc", "a\nb\nc"), ("e\u0301", "é"), ("\r\r\n", "\n\n")]
    )
    def test_it_is_nfc_with_line_feeds(self, text, kept):
        assert normalised(text) == kept

    @given(st.text())
    def test_it_changes_nothing_twice(self, text):
        assert normalised(normalised(text)) == normalised(text)


class TestInOneLine:
    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("\u202egel", "gel"),
            ("\u2067leg", "leg"),
            ("le\u200bg\ufeff\u2060", "leg"),
            ("\u200b", ""),
            # Persian, a family of three, and a language's name in a line of Hebrew.
            ("می\u200cخواهم", "می\u200cخواهم"),
            ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
            ("C++\u200e בעברית", "C++\u200e בעברית"),
        ],
    )
    def test_it_leaves_out_what_nobody_sees_or_all_see_turned_round(self, text, kept):
        assert in_one_line(text) == kept
