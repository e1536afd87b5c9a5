"""What may be somebody's name: a person's, or an organisation's.

A name is short and written in capitals, but for words such as "of" and "van". Behind a comma may stand what
somebody is ("Jane Doe, vascular nurse"). It ends in a full stop only after an initial or an abbreviation
("Jane D.", "Legs & Co."). Up to three words may be small throughout ("bell hooks"). Words that make a sentence
("your", "is") are in no name, and a line of more than two words that opens as advice or a question is none.
"""

import re
from collections.abc import Sequence

LONGEST_NAME = 80
WORDS_OF_A_NAME = 10
SMALL_NAME_WORDS = 3
OPENING_WORDS = 2
FINAL_MARKS = tuple("?!:;,…")
ABBREVIATION = re.compile(
    r"(\w|(\w+\.)+\w+|jr|sr|dr|prof|md|phd|rn|np|pa|esq|inc|ltd|co|corp|llc|llp|dept|assoc|bros|st)\.",
    re.IGNORECASE,
)
SMALL_WORDS = frozenset(
    "of the and for in at on to by de del della di da do dos das du des la le les van von der den zu und et e y"
    " al el ibn bin ter ten af av".split()
)
SENTENCE_WORDS = frozenset(
    "you your it its is are was were am has have had does this that these those not".split()
)
OPENING = frozenset(
    "know learn read see find get take use try keep avoid call ask watch stop discover understand recognise recognize"
    " how what why when where who which can could should would do".split()
)


def is_name(text: str) -> bool:
    """Whether `text` could be somebody's name, by the rule above."""
    words = re.findall(r"[^\W_][^\s,]*", text)
    fits = len(text) <= LONGEST_NAME and 0 < len(text.split()) <= WORDS_OF_A_NAME
    return (
        bool(words) and fits and not ends_a_sentence(text) and not is_sentence(words) and bears_capitals(text)
    )


def ends_a_sentence(text: str) -> bool:
    """Whether the final mark is a sentence's, and not an abbreviation's."""
    return text.endswith(FINAL_MARKS) or (
        text.endswith(".") and not ABBREVIATION.fullmatch(text.split()[-1].lstrip("(,"))
    )


def is_sentence(words: Sequence[str]) -> bool:
    """Whether the words address a reader, state something or open as advice does."""
    lower = [word.lower() for word in words]
    # "IT" in capitals is no "it".
    stated = [word.rstrip(".").lower() for word in words if len(word) == 1 or not word.isupper()]
    opens = len(words) > OPENING_WORDS and lower[0] in OPENING
    return opens or any(small in SENTENCE_WORDS for small in stated)


def bears_capitals(text: str) -> bool:
    """Whether `text` has a name's capitals; behind a comma they are asked of it only after a single word."""
    first = text.split(",")[0].split()
    named = first if len(first) > 1 else text.replace(",", " ").split()
    small = [word for word in named if word.islower()]
    if len(small) == len(named):
        return len(named) <= SMALL_NAME_WORDS
    return all(word.lower() in SMALL_WORDS for word in small)
