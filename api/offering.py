"""Offering: every part of a type's documents that a caller may name, and of what may be included in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields

from api import shapes
from content import including, types
from content.types import ContentType

# Each key leads to a tree of its own, an empty one to what has no parts.
Tree = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """What can be chosen of a type's documents: every path, and what can be included under which name."""

    declared: ContentType
    paths: Tree
    targets: Mapping[str, ContentType]
    within: Mapping[str, Tree]


def offer(declared: ContentType) -> Offer:
    """Return what can be chosen of a type; every type must be declared by then."""
    return _offer(declared, tuple(types.everyone()))


@lru_cache(maxsize=64)
def _offer(declared: ContentType, among: tuple[ContentType, ...]) -> Offer:
    """Return it where these types are declared; to take all their schemas apart takes long."""
    targets = including.targets(declared)
    within = {name: _paths(shapes.of(target).whole) for name, target in targets.items()}
    return Offer(declared, _paths(shapes.of(declared).whole), targets, within)


def included(declared: ContentType, *, listed: bool) -> list[str]:
    """Return what can be included in one of a type, or in a list: what is related is looked for to one alone."""
    return [name for name in including.targets(declared) if not (listed and name == including.RELATED)]


def dotted(declared: ContentType, *, listed: bool) -> list[str]:
    """Return every path into one of a type, or into one of a list, each below what can be included too."""
    offered = offer(declared)
    within = {name: offered.within[name] for name in included(declared, listed=listed)}
    return list(dict.fromkeys([*_dotted(offered.paths), *_dotted(within)]))


def _dotted(tree: Tree) -> Iterator[str]:
    for name, below in tree.items():
        yield name
        yield from (f"{name}.{path}" for path in _dotted(below))


def _paths(schema: type[Schema]) -> Tree:
    return {name: _below(field) for name, field in schema().fields.items()}


def _below(field: fields.Field[Any]) -> Tree:
    inner = field.inner if isinstance(field, fields.List) else field
    return _paths(type(inner.schema)) if isinstance(inner, fields.Nested) else {}
