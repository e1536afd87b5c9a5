import pytest

from content.folding import LONGEST, folded


class TestFolded:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Clots", "clots"),
            ("  “Why me?”  ", "why me"),
            ("Über Ödeme", "uber odeme"),
            ("Straße", "strasse"),
            ("ﬁbrin", "fibrin"),
            ("İzmir", "izmir"),
            ("हिन्दी", "हिनदी"),
            ("?!", ""),
            ("", ""),
            ("a" * 300, "a" * LONGEST),
            ("a" * 99 + " b", "a" * 99),
        ],
    )
    def test_it_keeps_letters_digits_and_single_spaces(self, text, expected):
        assert folded(text) == expected

    def test_it_changes_nothing_that_is_folded(self):
        once = folded("Über die Ader — was nun?")

        assert folded(once) == once
