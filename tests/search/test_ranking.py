"""Ranking: which of a question's words a text has, however many these are."""

import pytest

from content.search.ranking import said

MANY = frozenset(f"clotting{number}" for number in range(200))


@pytest.mark.parametrize("others", [frozenset(), MANY], ids=["few words", "many words"])
def test_a_text_has_the_words_that_stand_in_it_whole(others: frozenset[str]) -> None:
    text = " clot clotting7 in the leg  leg "

    assert said({"clot", "leg", "in", "lot", "le"} | others, text) == {"clot", "leg", "in"} | (
        others & {"clotting7"}
    )
