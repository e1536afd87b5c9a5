"""Where a sentence ends: enough for a first sentence and for counting two of them, in plain prose."""

import re

_ABBREVIATIONS = frozenset(
    "e.g. i.e. etc. vs. approx. ca. cf. dr. mr. mrs. ms. prof. st."
    " p. pp. fig. inc. ltd. dept. a.m. p.m. u.s. u.k.".split()
)
_END = re.compile(r"""[.!?…]+["'”’)\]]*(?=\s+["'“‘(\[]?[^\Wa-z])""")


def sentences(text: str) -> list[str]:
    """Split prose into its sentences, in order; joined by single spaces they are the text again."""
    found, start = [], 0
    prose = " ".join(text.split())
    for end in _END.finditer(prose):
        if _goes_on(prose[start : end.end()], prose[end.end() + 1]):
            continue
        found.append(prose[start : end.end()])
        start = end.end() + 1
    return [*found, prose[start:]] if prose[start:] else found


def _goes_on(so_far: str, following: str) -> bool:
    """Whether the full stop belongs to a word: "e.g. Rest", "no. 5", and not "The answer is no. Rest"."""
    last = so_far.rsplit(" ", 1)[-1].lower().lstrip("([\"'“‘")
    return last in _ABBREVIATIONS or (last == "no." and following.isdigit())
