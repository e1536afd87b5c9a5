"""Which characters may stand in a text: what Atom, RSS or a database would choke on is refused at the door."""

import re
import unicodedata

# Controls but tab and line feed, lone surrogates, and the non-characters of every plane (Unicode 16, section 23.7).
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


# What has no width and parts nothing, and what turns the order of all that follows; but not the joiners, which Persian
# and pictures made of several need, nor the marks that keep a word of Latin letters in its place in a Hebrew line.
_UNSEEN = re.compile("[\u180e\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def refused_character(text: str) -> str | None:
    """Return the first character that may not stand in a text, as `U+000B`, or None."""
    found = _REFUSED.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def normalised(text: str) -> str:
    """Return `text` in NFC with line feeds only: the form that is stored and hashed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def in_one_line(text: str) -> str:
    """Return a title, a name or a tag without what nobody sees in it, and what shows it in another order."""
    return _UNSEEN.sub("", text)
