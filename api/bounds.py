"""Bounds: how much may be asked, and how often, in words for people; each figure comes from where it holds."""

from collections.abc import Mapping
from typing import Any

from api.layer.windows import LENGTH
from api.negotiating import MOST_FALLBACKS
from api.parameters import LONGEST_KEY, LONGEST_LIST, LONGEST_TAG, LONGEST_TYPED
from api.queries import LONGEST_FIELDS, LONGEST_PAGE, LONGEST_QUERY, MOST_FIELDS, MOST_IDS, PAGE


def told(settings: Mapping[str, Any]) -> str:
    """Return sentences that tell the limits of a server with these settings."""
    return f"{_how_often(settings)} {_HOW_MUCH}"


def _how_often(settings: Mapping[str, Any]) -> str:
    if not settings["VERSO_LIMITS"]:
        return "Anybody may ask as often as they like."
    return (
        f"An address may ask {settings['VERSO_READ_LIMIT']:,} times in {LENGTH} seconds; with a key, its partner its"
        " quota. RateLimit-Policy and RateLimit tell what is left of that. Whoever asks more often is answered 429, and"
        " told by Retry-After when to ask again."
    )


_HOW_MUCH = (
    f"A page has {PAGE} entries unless told, and at most {LONGEST_PAGE}. A query has at most {LONGEST_QUERY:,}"
    f" bytes; `ids` names at most {MOST_IDS} entries, `fields` {MOST_FIELDS} paths in {LONGEST_FIELDS:,} characters,"
    f" `fallback` {MOST_FALLBACKS} languages in {LONGEST_LIST} characters. A slug has at most {LONGEST_KEY}"
    f" characters, a tag {LONGEST_TAG}, what is searched for {LONGEST_TYPED}. What is longer is refused with 422."
)
