"""Delivery: what websites, apps and partners read, as JSON over HTTP."""

from collections.abc import Sequence
from functools import cache

from flask import Flask
from flask_smorest import Blueprint

from api import (
    ahead,
    callers,
    cdns,
    changes,
    describing,
    embeds,
    entries,
    feeds,
    handed,
    headers,
    health,
    linked,
    manifest,
    media,
    pages,
    past,
    plain,
    previews,
    problems,
    retiring,
    search,
    signatures,
    sitemap,
    sync,
    terms,
    versions,
)
from api.describing import Document, Reads
from api.parameters import Number
from content import types
from content.documents import API
from content.types import ContentType


def init_app(app: Flask) -> None:
    """Join the reads of every content type that is declared by now, and all that goes with them, to `app`."""
    # Else `//` is answered with a redirect, to whatever host the request named.
    app.url_map.merge_slashes = False
    app.url_map.converters["number"] = Number
    # What is registered first sees an answer last: its Cache-Control is settled by then.
    cdns.init_app(app)
    retiring.init_app(app)
    headers.init_app(app)
    problems.init_app(app)
    callers.init_app(app)
    handed.init_app(app)
    ahead.init_app(app)
    previews.init_app(app)
    described = Reads(
        "OpenAPI",
        __name__,
        scope=None,
        url_prefix=API,
        description="This API, described for machines.",
    )
    every = [*_every(tuple(types.everyone())), described, health.routes]
    document = Document(app, every)
    describing.add_to(described, document)
    for reads in every:
        app.register_blueprint(reads)
    app.register_blueprint(pages.blueprint(document))
    plain.init_app(app, {declared.plural: entries.plainly(declared) for declared in types.everyone()})


@cache
def _every(declared: tuple[ContentType, ...]) -> Sequence[Blueprint]:
    """Return all reads; they know of no app, and to describe them takes longer than all else here."""
    return [
        *map(_reads, declared),
        changes.blueprint(),
        sync.blueprint(),
        search.blueprint(),
        feeds.blueprint(),
        linked.blueprint(),
        *embeds.blueprints(),
        sitemap.blueprint(),
        media.blueprint(),
        terms.blueprint(),
        manifest.blueprint(),
        signatures.blueprint(),
    ]


def _reads(declared: ContentType) -> Reads:
    about = f"{declared.plural_label}, each addressed by its slug or its id."
    # The newsroom's views have the plurals for names; no two blueprints may share one.
    start = f"{API}/{declared.plural}"
    routes = Reads(
        declared.plural_label,
        __name__,
        of=declared,
        previewed=True,
        # Whoever keeps a copy verifies it.
        opened_by_any=("signature",),
        url_prefix=start,
        description=about,
    )
    entries.add_to(routes, declared)
    past.add_to(routes, declared)
    versions.add_to(routes, declared)
    signatures.add_to(routes, declared)
    return routes
