"""Chosen: the schemas of what is answered where a caller chose parts of it, or had whole resources put in."""

from collections.abc import Mapping
from copy import copy
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from api import shapes
from api.choosing import tree
from api.shapes import Answer, Either
from content import including
from content.types import ContentType

Made = dict[str, fields.Field[Any]]


@cache
def of(declared: ContentType) -> type[Schema]:
    """Return the schema of whatever may be chosen of a type; only what travels always is always there."""
    name, parts = f"{declared.name.title()}Chosen", _parts(shapes.of(declared).whole, tree(declared.kept))
    places = {one: _place(parts.get(one), target) for one, target in including.targets(declared).items()}
    return _built(name, parts | places, component=name)


@cache
def _included(declared: ContentType) -> type[Schema]:
    """Return the schema of a resource that stands in another's answer: all of it, or what was chosen of it."""
    name = f"{declared.name.title()}Included"
    return _built(name, _parts(shapes.of(declared).whole, tree(declared.kept)), component=name)


def _place(reference: fields.Field[Any] | None, target: ContentType) -> fields.Field[Any]:
    """Return what may stand in the place of a reference: it, or the whole resource."""
    if isinstance(reference, fields.Nested):
        return Either(type(reference.schema), _included(target), null=True, required=False)
    inner = reference.inner if isinstance(reference, fields.List) else None
    bare = [type(inner.schema)] if isinstance(inner, fields.Nested) else []
    return fields.List(Either(*bare, _included(target)))


def _parts(described: type[Schema], kept: Mapping[str, Any]) -> Made:
    """Return the fields of an answer, of which only what is `kept`, a tree, must be there."""
    return {name: _part(field, kept.get(name)) for name, field in described().fields.items()}


def _part(field: fields.Field[Any], kept: Mapping[str, Any] | None) -> fields.Field[Any]:
    if isinstance(field, fields.List):
        inner = field.inner if kept == {} else _part(field.inner, kept)
        return fields.List(inner, required=kept is not None)
    if isinstance(field, fields.Nested):
        below = type(field.schema)
        part = below if kept == {} else _built(f"Chosen{below.Meta.title}", _parts(below, kept or {}))  # type: ignore[attr-defined]
        return fields.Nested(part, required=kept is not None, allow_none=field.allow_none)
    made = copy(field)
    made.required = kept is not None
    return made


def _built(name: str, parts: Made, *, component: str = "") -> type[Schema]:
    built = Answer.from_dict(dict(parts), name=name)
    built.component = component  # type: ignore[attr-defined]
    built.Meta.title = name  # type: ignore[attr-defined]
    return built
