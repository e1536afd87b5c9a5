"""Which characters may stand in a text: what Atom, RSS or a database would choke on is refused at the door."""

import re
import unicodedata

# Controls but tab and line feed, lone surrogates, and the non-characters of every plane (Unicode 16, section 23.7).
_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def refused_character(text: str) -> str | None:
    """Return the first character that may not stand in a text, as `U+000B`, or None."""
    found = _REFUSED.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


def normalised(text: str) -> str:
    """Return `text` in NFC with line feeds only: the form that is stored and hashed."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
