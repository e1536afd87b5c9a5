"""What may be somebody's name."""

import pytest

from seeds.names import is_name


class TestIsName:
    @pytest.mark.parametrize(
        "text",
        [
            "Jane Doe",
            "An Author",
            "NY Vein Treatment Center",
            "The Fictional Vein House",
            "Dr. A. Author, M.D.",
            "John Smith Jr.",
            "Martin Luther King, Sr.",
            "Jane D.",
            "Jane Doe, Ph.D.",
            "Vein Care Inc.",
            "Legs & Co.",
            "Vein Care Ltd.",
            "Jane Doe, vascular nurse",
            "Society for Vascular Nursing of the North",
            "Vincent van Gogh",
            "Charles de Gaulle",
            "Jean d'Arcy",
            "bell hooks",
            "veinclinic",
            "eBay",
            "O’Neill",
            "Will May",
            "Read Montague",
            "Élodie Œuvre",
            "王明",
            "3M",
            "Vein IT Group",
        ],
    )
    def test_it_is_true_of_names(self, text):
        assert is_name(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Know the signs of a clot in your leg.",
            "Know the signs of a clot in your leg",
            "Know the Signs of a Clot in Your Leg",
            "Learn How to Travel With Vein Disease",
            "Read This Before a Long Flight",
            "How Clots Form in Legs",
            "Is It Safe",
            "One is.",
            "It is so.",
            "It Is.",
            "Jane Doe.",
            "Ask us now",
            "Some text",
            "We help Dr.",
            "Swelling, redness and warmth",
            "Are you sure?",
            "Symptoms:",
            "Jane Doe,",
            "Jane Doe…",
            "Stop!",
            "One Two Three Four Five Six Seven Eight Nine Ten Eleven",
            "X" * 81,
            "--",
            "",
        ],
    )
    def test_it_is_false_of_what_is_none(self, text):
        assert not is_name(text)
