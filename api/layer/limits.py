"""Limits: how many reads an address, or a partner with its keys, may ask for in a minute.

They are told as draft-ietf-httpapi-ratelimit-headers-11 says. A key counts for its partner once it has opened something
here, and until then for the address that it came from, as a wrong one does.

Counted in this process: together with all others where they share what they count, else at its share of the whole. A
library counts more finely, and takes longer to than a kept answer takes to be sent.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from api.callers import borne_in
from api.layer.sharing import Sharing
from api.layer.windows import LENGTH, MOST, Window
from content.keys import Bearer
from content.networks import client, network, plain

MOST_KEYS = 10_000  # known at once
_NOBODY = "", 0, None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of `most` reads in a minute: `left` (below 0: too many were asked for) in the next `seconds`."""

    most: int
    left: int
    seconds: int


class Limits:
    """Counts reads; `most` is how many all `workers` together let one address have.

    This one lets it have its share of that, unless it knows by `sharing` how many the others let it have.
    """

    def __init__(
        self,
        most: int,
        trusted_proxies: Collection[str] = (),
        *,
        workers: int = 1,
        sharing: Sharing | None = None,
    ) -> None:
        self._most, self._workers, self._proxies = most, workers, frozenset(map(plain, trusted_proxies))
        self._window, self._sharing = Window(-1), sharing
        # By what bears its key: a partner, its quota, and until when that opens something.
        self._partners = dict[str | None, tuple[str, int, float | None]]()
        self._turning = threading.Lock()

    def hit(self, environ: Mapping[str, Any], now: float) -> Allowance:
        """Count a read at `now`, in seconds since 1970; return what is left after it."""
        number, into = divmod(int(now), LENGTH)
        window = self._window
        if number != window.number or len(window.own) > MOST:
            window = self._turn(number)
        who, most, until = self._partners.get(_borne(environ)) or _NOBODY
        if until is None or until <= now:
            who, most = network(client(environ, self._proxies)), self._most
        # Two threads may count as one here, once in a long while; a lock for each read would cost more than that.
        count = window.own[who] = window.own.get(who, 0) + 1
        if self._sharing:
            window.untold.add(who)
        if self._sharing and self._sharing.together:
            count += window.others.get(who, 0)
        else:
            most = max(1, most // self._workers)
        return Allowance(most, most - count, LENGTH - into)

    def know(self, environ: Mapping[str, Any], borne: Bearer) -> None:
        """Count what bears a key for its partner from now on, by the partner's quota; it has opened something."""
        quota = self._most if borne.quota is None else borne.quota
        if len(self._partners) >= MOST_KEYS:
            self.forget_keys()
        until = borne.expires_at.timestamp() if borne.expires_at else inf
        self._partners[_borne(environ)] = borne.partner_id.hex, quota, until

    def forget_keys(self) -> None:
        """Know of no key whose it is: some may be revoked, or a quota be another."""
        self._partners = {}

    def headers(self, allowance: Allowance) -> list[tuple[str, str]]:
        """Return the headers that tell an allowance."""
        policy = f'"reads";q={allowance.most};w={LENGTH}'
        told = f'"reads";r={max(0, allowance.left)};t={allowance.seconds}'
        return [("RateLimit-Policy", policy), ("RateLimit", told)]

    def _turn(self, number: int) -> Window:
        with self._turning:
            window = self._window
            # Another thread may have turned it meanwhile.
            if number != window.number or len(window.own) > MOST:
                window = self._window = Window(number)
                if self._sharing:
                    self._sharing.follow(window)
            return window


def _borne(environ: Mapping[str, Any]) -> str | None:
    authorization = environ.get("HTTP_AUTHORIZATION")
    return borne_in(authorization) if authorization else None
