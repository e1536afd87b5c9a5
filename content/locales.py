"""Locales: the language tags (BCP 47) that entries are written in, in the one form that is stored and compared."""

import re
from functools import lru_cache

from content.errors import Fault, Invalid

LONGEST = 35
# RFC 5646, section 2.1: language, script, region, variants, extensions, private use; without the old irregular tags.
PATTERN = (
    "([A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?"
    "(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(-[0-9A-WYZa-wyz](-[A-Za-z0-9]{2,8})+)*(-[Xx](-[A-Za-z0-9]{1,8})+)?"
)
_TAG = re.compile(PATTERN)


@lru_cache(maxsize=512)
def canonical(tag: str, pointer: str = "/locale") -> str:
    """Return a language tag as RFC 5646, section 2.1.1, writes it (`de-CH`, `zh-Hant`); raises Invalid."""
    if len(tag) > LONGEST or not _TAG.fullmatch(tag):
        raise Invalid([Fault(pointer, "is not a language tag such as en or de-CH (BCP 47)")])
    parts = tag.lower().split("-")
    # What follows a single letter belongs to an extension, and is written small whatever its length.
    single = next((place for place, part in enumerate(parts) if len(part) == 1), len(parts))
    return "-".join(_cased(part) if 0 < place < single else part for place, part in enumerate(parts))


def _cased(part: str) -> str:
    return {2: part.upper(), 4: part.title()}.get(len(part), part)
