"""Purging: tells a CDN, by the operator's hook, which groups of answers each act has made untrue, in the log's order.

Twice: at once, and again some seconds later, for a cache may have asked before the act and stored the old answer after
the purge. A try that was not answered 2xx is repeated, later each time, and later acts wait with it.
"""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

import orjson
from sqlalchemy.orm import Session

from content import followers, groups, leases
from content.followers import Stretch
from courier.posting import TIMEOUT, NotTaken, post

JOB = "purge"
LEASE = 4 * TIMEOUT  # longer than one post takes; whoever is slower is at worst repeated
MOST = 200  # groups in one post: more would not fit into a header line everywhere
# For as long may another process answer from before an act, or an answer be on its way.
AT_ONCE, AGAIN = timedelta(milliseconds=300), timedelta(seconds=10)

log = logging.getLogger("verso.courier")


@dataclass(frozen=True)
class Hook:
    """Where to post purges; `header` is `Name: value`, what proves who asks, or empty.

    `key` is the secret by which groups of entries are named.
    """

    url: str
    header: str = ""
    key: bytes = b""


class Purger:
    """One worker's purger; `session` opens a new session on the worker's database."""

    def __init__(self, session: Callable[[], Session], hook: Hook) -> None:
        self.session, self.hook = session, hook
        self.holder = f"{os.getpid()}-{uuid4().hex[:8]}"

    def tick(self) -> int:
        """Post what is to be purged now, where this purger holds the lease; return how many posts were taken."""
        return self._follow("purge", AT_ONCE) + self._follow("purge again", AGAIN)

    def _follow(self, name: str, behind: timedelta) -> int:
        with self.session() as session:
            stretch = followers.next_stretch(session, name, behind=behind)
            session.rollback()
            if stretch is None or not leases.take(session, JOB, self.holder, seconds=LEASE):
                return 0
            purged = groups_of(session, stretch)
            session.rollback()  # nothing is held while somebody else's server takes its time
            parts = list(_parts(groups.told(purged, self.hook.key)))
            try:
                for part in parts:
                    self._post(stretch, part)
            except NotTaken as error:
                log.warning("the purge of sequence %d was not taken: %s", stretch.until, error)
                followers.postpone(session, name)
                return 0
            followers.advance(session, name, stretch)
            return len(parts)

    def _post(self, stretch: Stretch, part: list[str]) -> None:
        told = {"epoch": str(stretch.epoch), "sequence": stretch.until, "groups": part}
        name, _, value = self.hook.header.partition(":")
        proof = {name.strip(): value.strip()} if name else {}
        listed = {"Surrogate-Key": " ".join(part), "Cache-Groups": ", ".join(f'"{one}"' for one in part)}
        post(self.hook.url, orjson.dumps(told), {"Content-Type": "application/json", **listed, **proof})


def groups_of(session: Session, stretch: Stretch) -> list[str]:
    """Return what to purge for a stretch of the log: everything, where it is not known what was missed."""
    if stretch.after is None:
        return [groups.ALL]
    return groups.touched(session, after=stretch.after, until=stretch.until)


def _parts(names: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(names), MOST):
        yield names[start : start + MOST]
