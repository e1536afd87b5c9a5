"""Folding: a text as it is put in order, whatever its case, accents and punctuation."""

import unicodedata

LAST = "\U0010ffff"  # comes after every letter
LONGEST = 100  # characters that count; texts that are equal so far stand in the order of their ids


def folded(text: str) -> str:
    """Return the letters and digits of a text, small and without accents, its words parted by single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    kept = (_part(letter) for letter in letters)
    return " ".join("".join(kept).split())[:LONGEST].rstrip()


def _part(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Mn":
        return ""
    return letter if category[0] in "LMN" else " "
