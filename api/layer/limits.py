"""Limits: how many reads one address may ask for in a minute, told as draft-ietf-httpapi-ratelimit-headers-11 says.

Counted in this process, at its share of the whole. A library counts more finely, and takes longer to than a kept
answer takes to be sent.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

WINDOW = 60  # seconds
MOST_ADDRESSES = 100_000  # counted at once in a window; beyond it the count begins anew, for all


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to an address: `left` reads (below 0: it has asked too often) in the next `seconds`."""

    left: int
    seconds: int


class Limits:
    """Counts reads by address; `most` is how many this process lets through in a window."""

    def __init__(self, most: int, trusted_proxies: Collection[str] = ()) -> None:
        self.policy = f'"reads";q={most};w={WINDOW}'
        self._most, self._proxies = most, frozenset(trusted_proxies)
        self._window, self._counts = 0, dict[str, int]()
        self._turning = threading.Lock()

    def hit(self, environ: Mapping[str, Any], now: float) -> Allowance:
        """Count a read at `now`, in seconds; return what is left after it."""
        window, into = divmod(int(now), WINDOW)
        if window != self._window or len(self._counts) > MOST_ADDRESSES:
            self._turn(window)
        address = self.address(environ)
        # Two threads may count as one here, once in a long while; a lock for each read would cost more than that.
        count = self._counts[address] = self._counts.get(address, 0) + 1
        return Allowance(self._most - count, WINDOW - into)

    def headers(self, allowance: Allowance) -> list[tuple[str, str]]:
        """Return the headers that tell an allowance."""
        told = f'"reads";r={max(0, allowance.left)};t={allowance.seconds}'
        return [("RateLimit-Policy", self.policy), ("RateLimit", told)]

    def address(self, environ: Mapping[str, Any]) -> str:
        """Return who asks: the peer, or the nearest address that a proxy we trust has seen."""
        peer = str(environ.get("REMOTE_ADDR", ""))
        if peer not in self._proxies:
            return peer
        seen = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        return next((address for address in reversed(seen) if address not in self._proxies), peer)

    def _turn(self, window: int) -> None:
        with self._turning:
            self._window, self._counts = window, {}
