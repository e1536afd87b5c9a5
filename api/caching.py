"""Caching: how long an answer may be kept, which is never past a moment at which it is known to change."""

from datetime import datetime

from content.moments import Moment

LONGEST = 60  # seconds that any answer is fresh, unless VERSO_MAX_AGE says less
SHORT = 10  # seconds that a "not found" or a "gone" is fresh
INSTANT = "public, max-age=1"  # of what is asked again and again, to learn that something is new
A_VERSION = (
    3600  # seconds that a browser has a version by its number, where caches in front are told what strikes it
)
WHILE_REVALIDATING = 30  # seconds
ON_ERROR = 300  # seconds


def lifetime(moment: Moment, longest: int = LONGEST) -> str:
    """Return the Cache-Control of an answer given at `moment` (RFC 9111, RFC 5861)."""
    told = _told(moment, longest)
    return f"public, {told}" if told else "no-cache"


def lifetime_of_a_version(longest: int = LONGEST) -> str:
    """Return the Cache-Control of a version by its number and its entry's id, where a purge hook is set.

    A browser is one reader's; other people's shared caches, which no purge of ours reaches, have it for `longest` only.
    """
    return f"public, max-age={A_VERSION}, s-maxage={longest}"


def for_cdns(moment: Moment, longest: int) -> str | None:
    """Return the CDN-Cache-Control (RFC 9213) of an answer that will be purged, None where it may not be kept.

    Not `s-maxage`: that speaks to every shared cache on the way, and no purge of ours reaches those.
    """
    return _told(moment, longest)


def _told(moment: Moment, longest: int) -> str | None:
    left = _seconds_left(moment)
    fresh = longest if left is None else min(longest, left)
    if fresh < 1:
        return None
    after = ON_ERROR if left is None else left - fresh
    stale = {
        "stale-while-revalidate": min(WHILE_REVALIDATING, after),
        "stale-if-error": min(ON_ERROR, after),
    }
    given = [f"{name}={seconds}" for name, seconds in stale.items() if seconds > 0]
    return ", ".join([f"max-age={fresh}", *given])


def short(moment: Moment) -> str:
    """Return the Cache-Control of an answer that says that something is not there; it is never served stale."""
    left = _seconds_left(moment)
    fresh = SHORT if left is None else min(SHORT, left)
    return f"public, max-age={fresh}" if fresh >= 1 else "no-cache"


def _seconds_left(moment: Moment) -> int | None:
    """Whole seconds that an answer may be kept before something changes by itself; None where nothing is planned.

    One less than there are: caches count in whole seconds, and nginx keeps an answer to the end of its last one.
    """
    if moment.next_due is None:
        return None
    return max(0, int((moment.next_due - moment.clock).total_seconds()) - 1)


def private(told: str) -> str:
    """Return a Cache-Control for an answer that is one caller's own: no cache may have it for another's."""
    parts = [
        part for part in told.split(", ") if part not in ("public", "private") and "s-maxage" not in part
    ]
    return ", ".join(["private", *parts])


def last_modified(moment: Moment) -> datetime | None:
    """Return the whole second after which nothing public has changed, or None where that cannot be said yet.

    Within the second of the last act another act may follow, and HTTP's dates know no fractions. An epoch that begins
    changes what is public too: a restored log lacks acts, so that what was answered by its last one is answered anew.
    """
    if moment.at is None:
        return None
    changed = max(moment.at, moment.began_at or moment.at).replace(microsecond=0)
    return changed if changed < moment.clock.replace(microsecond=0) else None
