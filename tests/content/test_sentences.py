import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.sentences import sentences


class TestSentences:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("", []),
            ("One", ["One"]),
            ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
            ("See Dr. Reed. She knows.", ["See Dr. Reed.", "She knows."]),
            ("Rest, e.g. Lie down. Then walk.", ["Rest, e.g. Lie down.", "Then walk."]),
            ("It is 2.5 cm. That is much.", ["It is 2.5 cm.", "That is much."]),
            ("“Stop.” He did. (Yes.) Good.", ["“Stop.”", "He did.", "(Yes.)", "Good."]),
            ("Wait… Then go.", ["Wait…", "Then go."]),
            ("the end. not a new one", ["the end. not a new one"]),
            ("A.\n\nB.", ["A.", "B."]),
            ("The answer is no. Rest.", ["The answer is no.", "Rest."]),
            ("Take no. 5 first. Then rest.", ["Take no. 5 first.", "Then rest."]),
            ("Ärzte helfen. Östlich auch.", ["Ärzte helfen.", "Östlich auch."]),
        ],
    )
    def test_it_ends_where_a_reader_would_stop(self, text, parts):
        assert sentences(text) == parts

    @given(
        st.lists(st.sampled_from(["Leg.", "a", "Dr.", "e.g.", "?!", "“B.”", "1.", "\n", " ", "…"])).map(
            " ".join
        )
    )
    def test_it_loses_nothing(self, text):
        assert " ".join(sentences(text)) == " ".join(text.split())
