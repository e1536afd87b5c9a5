"""Time zones: the names (IANA) of those that this machine knows."""

from functools import cache
from zoneinfo import available_timezones


@cache
def known_zones() -> frozenset[str]:
    """Return the names of all; they are looked up on the disk, once."""
    return frozenset(available_timezones())
