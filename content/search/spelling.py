"""Spelling: how far two words are apart, and the keys under which a misspelt word meets the right one.

After Wolf Garbe's SymSpell: two words that differ by few edits have a common form once as many letters are taken out
of both, so that the right word is looked up and never searched for. Only the first letters take part.
"""

import unicodedata
from itertools import combinations

# Each letter and each sign on one counts, as it is typed: रक्तचाप has seven.
SHORTEST = 4  # letters of a word that is worth correcting
_FIRST = 7  # letters that keys are made of
_TAKEN = 1  # letters taken out of a word that is kept; of one that was typed, twice as many


def keys(word: str) -> set[str]:
    """Return the keys under which a word is kept; none for a short one, or one with a digit in it."""
    return _shortened(word[:_FIRST], _TAKEN) if may_be_corrected(word) else set()


def keys_typed(word: str) -> set[str]:
    """Return the keys under which the right word may be kept."""
    # A letter too many or too few moves the others to or from the first ones.
    lengths = (_FIRST - 1, _FIRST, _FIRST + 1)
    return set().union(*(_shortened(word[:length], 2 * _TAKEN) for length in lengths))


def may_be_corrected(word: str) -> bool:
    """Whether a word is long enough to be taken for another, and is one."""
    return len(word) >= SHORTEST and (word.isalpha() or all(map(_is_of_words, word)))


def _is_of_words(character: str) -> bool:
    """Whether it is a letter, or a sign on one: in Hindi, Nepali and Tamil most words have some."""
    return unicodedata.category(character)[0] in "LM"


def most_edits(word: str) -> int:
    """Return how many edits are forgiven in a word."""
    return 0 if not may_be_corrected(word) else 1 if len(word) <= SHORTEST else 2


def _shortened(word: str, most: int) -> set[str]:
    """Return a word with up to `most` of its letters taken out, as many left as the shortest key has."""
    return {
        "".join(kept)
        for left in range(max(len(word) - most, SHORTEST - _TAKEN), len(word) + 1)
        for kept in combinations(word, left)
    }


def edits(one: str, other: str) -> int:
    """Return how many letters must be put in, taken out, replaced or swapped with the next (optimal alignment)."""
    before, last = [0] * (len(other) + 1), list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, facing in enumerate(other, 1):
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == facing
            now.append(
                min(
                    last[column] + 1,
                    now[column - 1] + 1,
                    last[column - 1] + (letter != facing),
                    before[column - 2] + 1 if swapped else len(one) + len(other),
                )
            )
        before, last = last, now
    return last[-1]


def distance(typed: str, word: str) -> float:
    """Return how far a word is from what was typed, which may be its beginning only: that counts as half an edit more.

    An error in the first letter is rarer, and counts a little more too.
    """
    whole = float(edits(typed, word))
    if len(word) > len(typed) > SHORTEST:
        whole = min(whole, edits(typed, word[: len(typed)]) + 0.5)
    return whole + (0.0 if typed[:1] == word[:1] else 0.25)
