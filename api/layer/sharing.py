"""Sharing: all workers, on all machines, count together by a Redis; `docs/decisions/limits.md` says how.

No read waits for it: a thread tells it ten times a second what this worker has counted, and learns what the others
have. Where it does not answer, each worker counts its share.
"""

import logging
import threading
import time
from collections.abc import Mapping
from typing import Any, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from api.layer.windows import LENGTH, Window

EVERY = 0.1  # seconds
PATIENCE = 0.3  # seconds; a Redis that takes longer is away
AT_ONCE = 1000  # counts; a Redis does nothing else while it takes these

# A worker's count replaces the one that it told before, so that telling it twice does no harm. The first key of a
# minute names the worker that was its first: another one later, and what was told before is gone.
_TELL = """
local worker, seconds = ARGV[1], ARGV[2]
redis.call('SET', KEYS[1], worker, 'NX', 'EX', seconds)
local answer = {redis.call('GET', KEYS[1])}
for n = 2, #KEYS do
    redis.call('HSET', KEYS[n], worker, ARGV[n + 1])
    redis.call('EXPIRE', KEYS[n], seconds)
    answer[n] = 0
    for _, count in ipairs(redis.call('HVALS', KEYS[n])) do answer[n] = answer[n] + count end
end
return answer
"""

log = logging.getLogger("verso.limits")


class Store:
    """The Redis at an address, as far as counts are told to it."""

    def __init__(self, address: str) -> None:
        once = Retry(NoBackoff(), 0)
        client = Redis.from_url(address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=once)
        self._tell = client.register_script(_TELL)

    def tell(self, window: Window, counts: Mapping[str, int]) -> tuple[bytes, dict[str, int]]:
        """Tell what this worker has counted; return who was the first to, and the totals of all workers.

        Raises what `redis` raises.
        """
        minute = f"verso:reads:{window.number}"
        keys = [minute, *(f"{minute}:{who}" for who in counts)]
        first, *totals = cast(list[Any], self._tell(keys, [window.name, 2 * LENGTH, *counts.values()]))
        return first, dict(zip(counts, totals, strict=True))


class Sharing:
    """Exchanges counts with a store; `by_itself`: in a thread, which the first window starts.

    `together`: whether the store answered when it was last asked.
    """

    def __init__(self, store: Store, *, by_itself: bool) -> None:
        self._store, self._by_itself = store, by_itself
        self._window = Window(-1)
        self._thread: threading.Thread | None = None
        self.together = True

    def follow(self, window: Window) -> None:
        """Share `window` from now on, and none before it."""
        self._window = window
        # A worker that was forked has none of its own yet.
        if self._by_itself and (self._thread is None or not self._thread.is_alive()):
            self._thread = threading.Thread(target=self._run, name="verso-limits", daemon=True)
            self._thread.start()

    def exchange(self) -> None:
        """Tell what was counted since the last time, and learn what all others have."""
        window = self._window
        try:
            batches = window.batches(AT_ONCE)
            for told in batches:
                window.learn(told, *self._store.tell(window, told))
            if batches:
                self._is_there()
        except Exception as error:
            # Whatever it is, reads go on. What of it has arrived nobody knows.
            window.forget_told()
            self._is_away(error)

    def _is_there(self) -> None:
        if not self.together:
            log.warning("The Redis of REDIS_URL answers again: reads are counted together.")
        self.together = True

    def _is_away(self, error: Exception) -> None:
        if self.together:
            log.warning("The Redis of REDIS_URL is away: each worker counts its share of reads. %s", error)
        self.together = False

    def _run(self) -> None:
        while True:
            time.sleep(EVERY)
            self.exchange()
