"""Lifetimes: a Cache-Control cut short, so that an answer does not outlive what was far off when it was made."""

from functools import lru_cache

_FRESH = ("max-age", "s-maxage")
_STALE = ("stale-while-revalidate", "stale-if-error")


@lru_cache(maxsize=2048)
def shortened(lifetime: str, seconds_left: int) -> str:
    """Return a Cache-Control (RFC 9111, RFC 5861) none of whose times goes on for more than `seconds_left`."""
    given = dict(_directive(part) for part in lifetime.split(","))
    fresh = max((given[name] or 0 for name in _FRESH if name in given), default=0)
    if min(fresh, seconds_left) < 1:
        return "no-cache"
    left = {name: _cut(name, seconds, fresh, seconds_left) for name, seconds in given.items()}
    return ", ".join(_written(name, seconds) for name, seconds in left.items() if seconds != 0)


def _directive(part: str) -> tuple[str, int | None]:
    name, _, seconds = part.strip().partition("=")
    return name, int(seconds) if seconds else None


def _cut(name: str, seconds: int | None, fresh: int, left: int) -> int | None:
    if seconds is None:
        return None
    return max(0, min(seconds, left - fresh if name in _STALE else left))


def _written(name: str, seconds: int | None) -> str:
    return name if seconds is None else f"{name}={seconds}"
