"""Groups of an answer (RFC 9875): gathered while it is read, told in its headers, so that a cache can be purged of it.

A read that names none follows the whole log, as every error and redirect does: then it is purged too often, and never
too seldom.
"""

from uuid import UUID

from flask import Flask, Response, request

from content import groups
from content.documents import API
from content.types import ContentType
from storage import db

MOST = 32  # as many as every cache that knows RFC 9875 must take
_NAMES = "verso.groups"


def init_app(app: Flask) -> None:
    """Tell the groups of every answer that may be kept."""
    app.after_request(_tell)


def of_entry(entry_id: UUID) -> None:
    """File this answer under an entry."""
    _file(groups.entry(entry_id))


def of_list(declared: ContentType, topic: UUID | None = None) -> None:
    """File this answer under a type's lists, or under those of one topic: then it must be about the present."""
    _file(groups.topic(topic) if topic else groups.listing(declared.plural))


def of_slug(declared: ContentType, key: UUID | str | None) -> None:
    """File this answer under the slug that it was found by, if it was; this alone says not what it follows."""
    if isinstance(key, str):
        groups.note(db.session(), [groups.slug(declared.name, key)])


def _file(name: str) -> None:
    request.environ.setdefault(_NAMES, set()).add(name)


def _tell(response: Response) -> Response:
    # What may not be kept needs no purging.
    if request.path.startswith(f"{API}/") and "max-age" in response.headers.get("Cache-Control", ""):
        names = _names(response.status_code)
        response.headers["Cache-Groups"] = ", ".join(f'"{name}"' for name in names)
        response.headers["Surrogate-Key"] = " ".join(names)
    return response


def _names(status: int) -> list[str]:
    filed: set[str] = request.environ.get(_NAMES, set())
    names = [groups.ALL, *sorted(filed | groups.noted(db.session()))]
    return names if status in (200, 304) and filed and len(names) <= MOST else [groups.ALL, groups.LOG]
