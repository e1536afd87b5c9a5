"""Ahead: reads of single texts as they stand, answered by what was made before anybody asked (see `content.wholes`)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Flask

from api import asking, groups, handed, links, negotiating, reading
from api.answers import Ready, ready
from content import groups as named_groups
from content.types import ContentType
from content.wholes import WHOLES, Whole, Wholes

MEGABYTE = 1_000_000


def init_app(app: Flask) -> None:
    """Keep whole texts for `app`, in a part of its memory for answers; somebody must have them follow the log."""
    app.extensions[WHOLES] = Wholes(budget(app.config))


def budget(settings: Mapping[str, Any]) -> int:
    """Return how many bytes are for it: a quarter of those for answers; none where nothing is made ahead."""
    return int(settings["VERSO_CACHE_MB"]) * MEGABYTE // 4 if settings["VERSO_AHEAD"] else 0


def wholes(app: Flask) -> Wholes:
    """Return what `app` keeps."""
    kept: Wholes = app.extensions[WHOLES]
    return kept


def answer(declared: ContentType, key: UUID | str | None, asked: Mapping[str, Any]) -> Ready | None:
    """Return the answer to a read of one text as it stands, in its own language; None where it is not at hand."""
    kept: Wholes | None = asking.session().info.get(WHOLES)
    if kept is None or not asked.keys() <= {"locale"}:
        return None
    locale = negotiating.exact(asked) or reading.default_locale()
    found = kept.known(declared, key, locale=locale, moment=reading.present(), reach=reading.reach())
    if found is None or not negotiating.is_taken(key, asked, found.locale):
        return None
    return _answered(declared, key, found)


def _answered(declared: ContentType, key: UUID | str | None, whole: Whole) -> Ready:
    groups.of_slug(declared, key)
    groups.of_entry(whole.entry_id)
    named_groups.note(asking.session(), whole.named)
    handed.out([(whole.entry_id, whole.version)])
    handed.alone()
    made = ready(whole.json)
    made.headers.update(negotiating.told([whole.locale]))
    links.add_alternates(made.headers, declared, whole.translations)
    return made
