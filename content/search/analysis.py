"""Analysis: a text as words that compare equal however they are written, and the stem that a language gives a word."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

import snowballstemmer

LONGEST = 40  # letters of a word that count
# What nobody sees and nobody types: soft hyphens, joiners, spaces without width, signs of direction.
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
# Marks that readers leave out: of Latin, Greek and Cyrillic letters, of Hebrew, Arabic and Syriac vowels; and strokes
# that only stretch a word, and the choice between forms of a sign. Those of Indic scripts are letters of the word.
_UNTYPED = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0711\u0730-\u074a\u08ca-\u08e1\u08e3-\u08ff\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
)
# In these, from Thai to Burmese and in Khmer, no space parts words: a mark does, as nothing else would.
_UNSPACED = [*range(0x0E00, 0x10A0), *range(0x1780, 0x1800)]
_MARKS = "".join(
    chr(code)
    for code in range(0x300, 0x1F000)
    if unicodedata.category(chr(code)).startswith("M") and code not in _UNSPACED
)
_PART = rf"[^\W_]+(?:[{_UNSEEN}{_MARKS}]+[^\W_]*)*"
# Scripts that put no space between words are taken letter by letter.
_WORD = re.compile(
    rf"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|{_PART}(?:[-\u2010\u2011][{_UNSEEN}]*{_PART})*"
)
_HYPHEN = re.compile("[-\u2010\u2011]")
_LEFT_OUT = re.compile(f"[{_UNSEEN}{_UNTYPED}]")
# Letters as they are typed by whoever has no key for them.
_TYPED = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ı": "i"}
    | {"ŋ": "n", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y"}
)
_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}
# Only what says nothing in any question; "no", "not" and "without" say much about health.
_STOPS = {
    "en": frozenset(
        "a about am an and are as at be been being but by can could did do does for from get had has have he her his"
        " how i if in into is it its ll may me might must my of on or our re s shall she should so than that the their"
        " them then there these they this those to t ve was we were what when where which who whom why will with would"
        " you your".split()
    ),
    "de": frozenset(
        "aber als am an auf aus bei beim bin bis da damit das dass dem den denn der des die diese dieser dieses doch du"
        " durch ein eine einem einen einer eines er es fur hat habe haben ich ihr ihre ihren im in ins ist kann kannst"
        " konnen man mein meine meinem meinen meiner mit muss nach oder sich sie sind so sollte und uns vom von vor"
        " wann warum was welche welcher welches wenn wer werden wie wir wird wo wurde zu zum zur".split()
    ),
}


def folded(text: str) -> str:
    """Return a text without what readers do not type: compatibility forms, case, unseen signs, marks of letters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFC", _LEFT_OUT.sub("", apart).translate(_TYPED))


def language_of(locale: str) -> str:
    """Return the language of a locale, which decides how words are stemmed."""
    return locale.partition("-")[0].lower()


def words(text: str) -> list[str]:
    """Return the words of a question, in order; the parts of a word with a hyphen each by itself."""
    return [part for written in _WORD.findall(folded(text)) for part in _parts(written)]


def indexed(text: str, language: str) -> Iterator[str]:
    """Yield the words that a text is found by, in order; one with a hyphen in its parts and as a whole."""
    stops = stop_words(language) - abbreviations(text)
    for written in _WORD.findall(folded(text)):
        parts = _parts(written)
        yield from (part for part in parts if part not in stops)
        if len(parts) > 1:
            yield "".join(parts)[:LONGEST]


def spans(text: str, asked: frozenset[str]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield where each word of a written text begins and ends that is found by some of those asked, and by which."""
    for found in _WORD.finditer(text):
        if some := asked & _found_by(found.group()):
            yield *found.span(), some


def written(text: str, word: str) -> str | None:
    """Return how a text writes a word that it is found by, the first time; None where it has it not."""
    for found in _WORD.findall(text):
        for part in (*_HYPHEN.split(found), found):
            if word in _found_by(part):
                return str(part)
    return None


@lru_cache(maxsize=100_000)
def _found_by(written: str) -> frozenset[str]:
    parts = _parts(folded(written))
    return frozenset([*parts, "".join(parts)[:LONGEST]])


def replaced(text: str, others: Mapping[str, str]) -> str:
    """Return a text with some of its words, written in whatever way, replaced."""
    return _WORD.sub(lambda found: _replaced(found.group(), others), text)


def _replaced(written: str, others: Mapping[str, str]) -> str:
    parts = _parts(folded(written))
    return "-".join(others.get(part, part) for part in parts) if others.keys() & set(parts) else written


def _parts(written: str) -> list[str]:
    if written.isalnum():
        return [written[:LONGEST]]
    return [part[:LONGEST] for part in _HYPHEN.split(written)]


def stop_words(language: str) -> frozenset[str]:
    """Return the words of a language that no text is found by."""
    return _STOPS.get(language, frozenset())


def abbreviations(text: str) -> frozenset[str]:
    """Return the words that a text has in capitals beside others, as "WHO": they say something, stop words or not."""
    if text.isupper():
        return frozenset()
    return frozenset(folded(word) for word in _WORD.findall(text) if word.isupper() and len(word) > 1)


@lru_cache(maxsize=100_000)
def stem(word: str, language: str) -> str:
    """Return what a word has in common with its other forms; itself in a language that we have no rules for."""
    algorithm = _ALGORITHMS.get(language)
    if algorithm is None:
        return word
    stemmed: str = snowballstemmer.stemmer(algorithm).stemWord(word)
    return stemmed


def stems(said: Iterable[str], language: str) -> dict[str, str]:
    """Return each word with its stem."""
    return {word: stem(word, language) for word in said}
