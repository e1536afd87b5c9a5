"""Groups of an answer (RFC 9875): gathered while it is read, so that a cache can be purged of it.

A read that names none follows the whole log, as every error and redirect does: then it is purged too often, and never
too seldom.
"""

from uuid import UUID

from api import asking
from content import groups
from content.types import ContentType

MOST = 32  # as many as every cache that knows RFC 9875 must take
_NAMES = "verso.groups"


def of_entry(entry_id: UUID) -> None:
    """File this answer under an entry."""
    _file(groups.entry(entry_id))


def of_list(declared: ContentType, topic: UUID | None = None) -> None:
    """File this answer under a type's lists, or under those of one topic: then it must be about the present."""
    _file(groups.topic(topic) if topic else groups.listing(declared.plural))


def of_slug(declared: ContentType, key: UUID | str | None) -> None:
    """File this answer under the slug that it was found by, if it was; this alone says not what it follows."""
    if isinstance(key, str):
        groups.note(asking.session(), [groups.slug(declared.name, key)])


def _file(name: str) -> None:
    asking.environ().setdefault(_NAMES, set()).add(name)


def names(status: int) -> list[str]:
    """Return what this request's answer, of that status, is filed under; `all` first."""
    filed: set[str] = asking.environ().get(_NAMES, set())
    every = filed | groups.noted(asking.session())
    if status not in (200, 304) or not filed or len(every) >= MOST:
        return [groups.ALL, groups.LOG]
    return [groups.ALL, *groups.told(every, str(asking.config()["SECRET_KEY"]).encode())]
