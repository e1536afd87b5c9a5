"""Pinging: tells a WebSub hub which feeds each act has changed, in the log's order; the hub tells who subscribed.

One post for each feed, as hubs take them (`hub.mode=publish`), and each by itself: one that the hub refuses (4xx) is
logged and passed over until it changes again. Where one was answered otherwise, or nobody answered, all are repeated,
later each time, and later acts wait with them.
"""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

from sqlalchemy.orm import Session

from content import feeds, followers, leases
from courier.posting import TIMEOUT, NotTaken, Refused, post

JOB = "ping"
LEASE = 4 * TIMEOUT  # longer than one post takes; whoever is slower is at worst repeated
# The hub asks at once: by then no process answers from before an act, and caches have been purged.
BEHIND = timedelta(seconds=1)
_KIND = {"Content-Type": "application/x-www-form-urlencoded"}

log = logging.getLogger("verso.courier")


@dataclass(frozen=True)
class Hub:
    """The hub's address, and where readers reach this server: feeds are named to it in full."""

    url: str
    public_url: str


class Pinger:
    """One worker's pinger; `session` opens a new session on the worker's database."""

    def __init__(self, session: Callable[[], Session], hub: Hub) -> None:
        self.session, self.hub = session, hub
        self.holder = f"{os.getpid()}-{uuid4().hex[:8]}"

    def tick(self) -> int:
        """Tell the hub of what has changed, where this pinger holds the lease; return how many posts were taken."""
        with self.session() as session:
            stretch = followers.next_stretch(session, JOB, behind=BEHIND)
            session.rollback()
            if stretch is None or not leases.take(session, JOB, self.holder, seconds=LEASE):
                return 0
            changed = feeds.touched(session, after=stretch.after or 0, until=stretch.until)
            session.rollback()  # nothing is held while somebody else's server takes its time
            taken, again = self._tell(changed)
            if again:
                followers.postpone(session, JOB)
            else:
                followers.advance(session, JOB, stretch)
            return taken

    def _tell(self, changed: Sequence[str]) -> tuple[int, bool]:
        """Return how many posts were taken, and whether all of them are to be done again."""
        taken, again = 0, False
        for path in changed:
            try:
                self._post(path)
                taken += 1
            except Refused as error:
                log.warning("the hub refuses %s and is told of it again when it changes: %s", path, error)
            except NotTaken as error:
                log.warning("the ping of %s was not taken: %s", path, error)
                again = True
        return taken, again

    def _post(self, path: str) -> None:
        told = {"hub.mode": "publish", "hub.url": f"{self.hub.public_url}{path}"}
        post(self.hub.url, urlencode(told).encode(), _KIND)
