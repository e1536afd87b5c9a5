"""Limits: how many reads an address, or a partner with its keys, may ask for in a minute.

They are told as draft-ietf-httpapi-ratelimit-headers-11 says. A key counts for its partner once it has opened something
here, and until then for the address that it came from, as a wrong one does. Where that has no reads left, a key is
looked up before it is refused.

Counted in this process: together with all others where they share what they count, else at its share of the whole. A
library counts more finely, and takes longer to than a kept answer takes to be sent.
"""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

from api.callers import borne_in
from api.layer.sharing import Sharing
from api.layer.windows import LENGTH, MOST, Window
from content.keys import Bearer, is_written_well
from content.networks import client, network, plain

MOST_KEYS = 10_000  # known at once
MOST_TRIED, MOST_TRIED_FROM = 1_000, 20  # keys that are looked up in a minute: in all, and from one address
_NOBODY = "", 0, None


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of `most` reads in a minute: `left` (below 0: too many were asked for) in the next `seconds`."""

    most: int
    left: int
    seconds: int


class Limits:
    """Counts reads; `most` is how many all `workers` together let one address have.

    This one lets it have its share of that, unless it knows by `sharing` how many the others let it have. `bearer`
    tells whose a key is, None where it opens nothing.
    """

    def __init__(
        self,
        most: int,
        trusted_proxies: Collection[str] = (),
        *,
        workers: int = 1,
        sharing: Sharing | None = None,
        bearer: Callable[[str], Bearer | None] = lambda text: None,
    ) -> None:
        self._most, self._workers, self._proxies = most, workers, frozenset(map(plain, trusted_proxies))
        self._window, self._sharing, self._bearer = Window(-1), sharing, bearer
        # By what bears its key: a partner, its quota, and until when that opens something.
        self._partners = dict[str | None, tuple[str, int, float | None]]()
        self._turning = threading.Lock()

    def hit(self, environ: Mapping[str, Any], now: float) -> Allowance:
        """Count a read at `now`, in seconds since 1970; return what is left after it."""
        allowance = self._counted(environ, now)
        if allowance.left < 0 and self._finds_partner(environ):
            return self._counted(environ, now)
        return allowance

    def _counted(self, environ: Mapping[str, Any], now: float) -> Allowance:
        number, into = divmod(int(now), LENGTH)
        window = self._window
        if number != window.number or len(window.own) > MOST:
            window = self._turn(number)
        who, most, until = self._partners.get(_borne(environ)) or _NOBODY
        if until is None or until <= now:
            who, most = self._address(environ), self._most
        # Two threads may count as one here, once in a long while; a lock for each read would cost more than that.
        count = window.own[who] = window.own.get(who, 0) + 1
        if self._sharing:
            window.untold.add(who)
        if self._sharing and self._sharing.together:
            count += window.others.get(who, 0)
        else:
            most = max(1, most // self._workers)
        return Allowance(most, most - count, LENGTH - into)

    def _finds_partner(self, environ: Mapping[str, Any]) -> bool:
        """Whether it is found out now whose the key is that a read bears, which is to be refused to its address.

        Once for each key and minute, and for so many only: whoever guesses keys must not keep the database busy.
        """
        borne, window = _borne(environ), self._window
        if borne is None or borne in window.tried or borne in self._partners or not is_written_well(borne):
            return False
        who = self._address(environ)
        if len(window.tried) >= MOST_TRIED or window.tries.get(who, 0) >= MOST_TRIED_FROM:
            return False
        window.tried.add(borne)
        window.tries[who] = window.tries.get(who, 0) + 1
        if found := self._bearer(borne):
            self.know(environ, found)
        return found is not None

    def _address(self, environ: Mapping[str, Any]) -> str:
        return network(client(environ, self._proxies))

    def know(self, environ: Mapping[str, Any], borne: Bearer) -> None:
        """Count what bears a key for its partner from now on, by the partner's quota; it has opened something."""
        quota = self._most if borne.quota is None else borne.quota
        if len(self._partners) >= MOST_KEYS:
            self.forget_keys()
        until = borne.expires_at.timestamp() if borne.expires_at else inf
        self._partners[_borne(environ)] = borne.partner_id.hex, quota, until

    def forget_keys(self) -> None:
        """Know of no key whose it is: some may be revoked, or a quota be another."""
        # What opened something may be looked up again at once.
        self._window.tried.difference_update(map(str, self._partners))
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
