"""A language tag has one written form."""

import pytest

from content.errors import Invalid
from content.locales import canonical


class TestCanonical:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("en", "en"),
            ("EN", "en"),
            ("de-ch", "de-CH"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("sl-rozaj-biske", "sl-rozaj-biske"),
            ("en-u-CA-gregory-nu-latn", "en-u-ca-gregory-nu-latn"),
        ],
    )
    def test_it_writes_every_part_as_the_standard_does(self, typed, kept):
        assert canonical(typed) == kept

    @pytest.mark.parametrize(
        "typed", ["", "e", "english-languages", "en_US", "en-", "-en", "en\0", "ﬁ", "e1"]
    )
    def test_it_refuses_what_is_no_tag(self, typed):
        with pytest.raises(Invalid, match="locale: is not a language tag"):
            canonical(typed)
