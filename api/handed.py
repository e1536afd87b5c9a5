"""Handed out: which versions an answer holds, noted while it is read, so that whoever counts need not look into it.

A read that says nothing of how it hands them out hands them out among others.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import Flask

from api import asking, reading
from content.corpus import Item
from content.usage import counting
from content.usage.counting import Counts, Handed, Kind

_COUNTS = "verso.usage"
_VERSIONS = "verso.handed_versions"
_KIND = "verso.handed_as"


def init_app(app: Flask) -> None:
    """Count what answers of `app` hand out; somebody must write it down."""
    app.extensions[_COUNTS] = Counts()


def counts(app: Flask) -> Counts:
    """Return what `app` has handed out, as far as it is not written down."""
    kept: Counts = app.extensions[_COUNTS]
    return kept


def out(versions: Iterable[tuple[UUID, int]]) -> None:
    """Note that this answer holds these versions: of each an entry's id and a number. Of a preview nothing is noted."""
    if not reading.previewed():
        asking.environ().setdefault(_VERSIONS, []).extend(versions)


def items(found: Iterable[Item]) -> None:
    """Note that this answer holds these public forms; one that was struck is not in it."""
    out((item.edition.entry_id, item.edition.version) for item in found if not item.notice)


def documents(told: Iterable[Mapping[str, Any]]) -> None:
    """Note that this answer holds these documents or cards; a stub, or what has no version, is none."""
    out((UUID(one["id"]), one["version"]) for one in told if "version" in one and "notice" not in one)


def included(document: Mapping[str, Any], names: Iterable[str]) -> None:
    """Note that this answer holds what stands whole in a document under these names."""
    for name in names:
        told = document.get(name)
        documents(told if isinstance(told, list) else [told] if told else [])


def alone() -> None:
    """Note that this answer is about one version that was asked for by itself."""
    asking.environ()[_KIND] = Kind.FETCH


def to_be_shown() -> None:
    """Note that this answer is to be shown in a page as it is."""
    asking.environ()[_KIND] = Kind.EMBED


def unseen() -> None:
    """Note that this answer has no words of what was looked up for it."""
    asking.environ()[_KIND] = None


def with_answer(environ: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was noted with a request, to be noted with another that is answered the same."""
    return {name: environ[name] for name in (_VERSIONS, _KIND) if name in environ}


def told(environ: Mapping[str, Any]) -> Handed | None:
    """Return what the answer to a request hands out; None where that is nothing."""
    versions, kind = environ.get(_VERSIONS), environ.get(_KIND, Kind.LISTED)
    if not versions or kind is None:
        return None
    borne = environ.get(reading.CALLER)
    return counting.handed(borne.partner_id if borne else None, kind, versions)
