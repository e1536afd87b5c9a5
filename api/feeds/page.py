"""A page of a feed, whatever form it is written in: what it tells of, what was removed, and where the others are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from api.telling import Told
from content.expansion import instant
from content.feeds import Removal

NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when a feed changed that never had anything


@dataclass(frozen=True)
class Page:
    """One document of a feed; every address is absolute.

    `id` names the feed on all its pages. `current` is its first page, `following` the next one, `archived` the newest
    archive that holds what this page leaves out, `hub` where changes are told to subscribers. `is_archive`: it stays.
    """

    id: str
    title: str
    locale: str | None
    organisation: str
    home: str
    address: str
    current: str
    following: str | None
    archived: str | None
    hub: str | None
    is_archive: bool
    told: Sequence[Told]
    removed: Sequence[Removal]

    @property
    def updated(self) -> str:
        """When something in it changed last."""
        changed = [one.updated for one in self.told] + [instant(one.notice.at) for one in self.removed]
        return max(changed, default=instant(NEVER))
