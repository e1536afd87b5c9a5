"""Envelopes: the schemas of what every type's answers have in common, and of what is no entry at all."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, fields

from api.shapes import (
    HASH,
    STRUCK,
    Either,
    Flat,
    Shapes,
    change,
    instant,
    many,
    nested,
    one_of,
    schema,
    text,
    uuid,
    whole,
)
from content import sync, types
from content.diffs import Mark
from content.errors import GRANT_ENDED
from content.log import Event, State
from content.types import ContentType

# Why something that was public is not.
_REASONS = (State.GONE, State.REPLACED, State.REDIRECTED, State.HELD, State.RETRACTED, State.ERASED)
_WHY = (*_REASONS, GRANT_ENDED)  # what one reader may not read any more


def _notice(*reasons: str, named: str = "Reason") -> Flat:
    return {
        "reason": one_of(reasons, named=named),
        "sequence": whole("sequence", least=1),
        "at": instant(),
        "note": text("note", null=True),
    }


def _path(name: str, *, null: bool = False) -> fields.String:
    return text(name, null=null, format="uri-reference")


STUB = schema(
    "Stub",
    {
        "type": text("type"),
        "id": uuid(),
        "version": whole("version", least=1),
        "notice": nested("StubNotice", _notice(*STRUCK)),
    },
    component="Stub",
)
_PAGE: Flat = {
    "limit": whole("limit", least=1),
    "next": _path("next", null=True),
    "total": whole("total", null=True),
}


def listing(name: str, item: fields.Field[Any]) -> type[Schema]:
    """Return the schema of a list of such items."""
    return schema(name, {"data": many(item), "page": nested("Page", _PAGE)}, component=name)


def cards(declared: ContentType, shapes: Shapes, chosen: type[Schema]) -> type[Schema]:
    """Return the schema of a list of cards, or of what was chosen; a stub stands for what was struck since."""
    return listing(f"{declared.name.title()}List", Either(shapes.card, STUB, chosen))


def _version_item(declared: ContentType) -> type[Schema]:
    flat: Flat = {
        "type": one_of([declared.name]),
        "id": uuid(),
        "version": whole("version", least=1),
        "published_at": instant(),
        "change": nested("Change", change()),
        "urls": nested("VersionUrls", {"this_version": _path("this_version")}),
        "integrity": nested("Integrity", {"content_hash": text("hash", pattern=HASH)}),
    }
    return schema(f"{declared.name.title()}VersionItem", flat)


def versions(declared: ContentType) -> type[Schema]:
    """Return the schema of the public versions of an entry."""
    return listing(f"{declared.name.title()}VersionList", Either(_version_item(declared), STUB))


def diff(declared: ContentType) -> type[Schema]:
    """Return the schema of a comparison; a side that was struck is a stub, and then no field is compared."""
    stretch: Flat = {"mark": one_of(tuple(Mark)), "text": text("text")}
    compared: Flat = {
        "path": text("path"),
        "label": text("label"),
        "stretches": many(nested("Stretch", stretch)),
        "html": text("marked"),
    }
    prose: Flat = {"path": text("path"), "label": text("label"), "html": text("marked"), "text": text("text")}
    name = declared.name.title()
    flat: Flat = {
        "type": one_of([declared.name]),
        "id": uuid(),
        "from": Either(_version_item(declared), STUB),
        "to": Either(_version_item(declared), STUB),
        "fields": many(nested("FieldDiff", compared)),
        "prose": many(nested("ProseDiff", prose)),
    }
    return schema(f"{name}Diff", flat, component=f"{name}Diff")


def _line(*names: str) -> Flat:
    return {
        "event": one_of(tuple(Event)),
        "type": one_of(names),
        "id": uuid(),
        "locale": text("locale"),
        "state": one_of(tuple(State)[1:]),
        "version": whole("version", null=True, least=1),
        "affects": many(whole("version", least=1)),
        "change": nested("Change", change()),
        "urls": nested("LineUrls", {"self": _path("self")}),
    }


def lines(declared: ContentType) -> type[Schema]:
    """Return the schema of one entry's public history."""
    item: Flat = {"sequence": whole("sequence", least=1), "at": instant(), **_line(declared.name)}
    name = declared.name.title()
    return listing(f"{name}ChangeList", nested(f"{name}Change", item))


def acts() -> type[Schema]:
    """Return the schema of the public history; `epoch` is the log's, to be sent back with the sequence."""
    line = _line(*(declared.name for declared in types.everyone()))
    act: Flat = {
        "sequence": whole("sequence", least=1),
        "at": instant(),
        "lines": many(nested("Line", line)),
    }
    listed = listing("ChangeList", nested("Act", act))
    flat: Flat = {**listed().fields, "epoch": uuid()}
    return schema("ChangeList", flat, component="ChangeList")


def copies(shown: Sequence[type[Schema]]) -> type[Schema]:
    """Return the schema of what keeps a copy, of types whose whole documents have these schemas."""
    names = [declared.name for declared in types.everyone()]
    kept: Flat = {
        "event": one_of((sync.Event.ADDED, sync.Event.CHANGED), named="KeptEvent"),
        "type": one_of(names),
        "id": uuid(),
        "document": Either(*shown, STUB),
    }
    removed: Flat = {
        "event": one_of((sync.Event.REMOVED,), named="RemovedEvent"),
        "type": one_of(names),
        "id": uuid(),
        "reason": one_of((*_WHY, sync.LEFT_FILTER), named="RemovedReason"),
        "notice": nested("RemovedNotice", _notice(*_REASONS), null=True),
    }
    either = Either(schema("Kept", kept, component="Kept"), schema("Removed", removed, component="Removed"))
    listed = listing("Copy", either)
    return schema("Copy", {**listed().fields, "token": text("token", null=True)}, component="Copy")


_PROBLEM: Flat = {
    "type": _path("problem"),
    "title": text("problem_title"),
    "status": whole("status", least=400),
    "detail": text("detail"),
    "errors": many(nested("Fault", {"pointer": text("pointer"), "detail": text("fault")})),
}
PROBLEM = schema("Problem", _PROBLEM, component="Problem")
_REPLACEMENT: Flat = {"id": uuid(), "type": text("type"), "url": _path("self")}
GONE = schema(
    "GoneProblem",
    {
        **_PROBLEM,
        "id": uuid(),
        "version": whole("version", null=True, least=1),
        "notice": nested("GoneNotice", _notice(*_WHY, named="GoneReason")),
        **_notice(*_WHY, named="GoneReason"),
        "replacement": nested("Replacement", _REPLACEMENT, null=True),
    },
    component="GoneProblem",
)
HEAD = schema("Head", {"sequence": whole("sequence"), "epoch": uuid()}, component="Head")
HEALTH = schema("Health", {"status": text("health")}, component="Health")
READINESS = schema(
    "Readiness", {"status": text("health"), "waiting_for": many(text("waiting_for"))}, component="Readiness"
)
OPENAPI = schema(
    "OpenAPI",
    {
        "openapi": text("openapi"),
        **{
            name: fields.Dict(required=True, metadata={"example": {}})
            for name in ("info", "paths", "components")
        },
        "tags": many(fields.Dict(metadata={"example": {"name": "Articles"}})),
    },
    component="OpenAPI",
)
