"""Caching: how long an answer may be kept, which is never past a moment at which it is known to change."""

from datetime import datetime

from content.moments import Moment

LONGEST = 60  # seconds that any answer is fresh
SHORT = 10  # seconds that a "not found" or a "gone" is fresh
INSTANT = "public, max-age=1"  # of what is asked again and again, to learn that something is new
# Of a version by its number and its entry's id, where whatever strikes it is told to the cache in front: a browser has
# it for an hour, the cache for a day, in case it was not reached.
OF_A_VERSION = "public, max-age=3600, s-maxage=86400"
WHILE_REVALIDATING = 30  # seconds
ON_ERROR = 300  # seconds


def lifetime(moment: Moment) -> str:
    """Return the Cache-Control of an answer given at `moment` (RFC 9111, RFC 5861)."""
    left = _seconds_left(moment)
    fresh = min(LONGEST, left)
    if fresh < 1:
        return "no-cache"
    stale = {
        "stale-while-revalidate": min(WHILE_REVALIDATING, left - fresh),
        "stale-if-error": min(ON_ERROR, left - fresh),
    }
    given = [f"{name}={seconds}" for name, seconds in stale.items() if seconds > 0]
    return ", ".join(["public", f"max-age={fresh}", *given])


def short(moment: Moment) -> str:
    """Return the Cache-Control of an answer that says that something is not there; it is never served stale."""
    fresh = min(SHORT, _seconds_left(moment))
    return f"public, max-age={fresh}" if fresh >= 1 else "no-cache"


def _seconds_left(moment: Moment) -> int:
    """Whole seconds until something changes by itself, rounded down; many where nothing is planned."""
    if moment.next_due is None:
        return LONGEST + ON_ERROR
    return max(0, int((moment.next_due - moment.clock).total_seconds()))


def last_modified(moment: Moment) -> datetime | None:
    """Return the whole second after which nothing public has changed, or None where that cannot be said yet.

    Within the second of the last act another act may follow, and HTTP's dates know no fractions.
    """
    if moment.at is None or moment.at.replace(microsecond=0) >= moment.clock.replace(microsecond=0):
        return None
    return moment.at.replace(microsecond=0)
