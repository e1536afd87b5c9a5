"""Naming: every object and every closed set of words in the document gets a name, for clients are made of names.

A schema that is written where it is used has its name in `title`. Those that are alike share one component. Where some
that differ have the same title, it is left to those that are met most often; the others are named for the place where
they were met first, such as `ArticleVersionDates`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

Node = dict[str, Any]
_MANY = ("anyOf", "oneOf", "allOf")
_ONE = ("items", "additionalProperties")
_NULL = {"type": "null"}
_START = "#/components/schemas/"


def name_all(document: Node) -> Node:
    """Return an OpenAPI document in which every titled schema is a component, and no schema has an example."""
    components = document["components"]["schemas"]
    names = _names(components)
    made = {name: _body(schema, names) for name, schema in components.items()}
    for schema in components.values():
        for node, _ in _inner(schema, ""):
            made.setdefault(names[_key(node)], _body(node, names))
    return {**document, "components": {**document["components"], "schemas": made}}


def _names(components: Mapping[str, Node]) -> dict[str, str]:
    """Return the name of each titled schema, by what it says."""
    met: dict[str, Counter[str]] = {name: Counter() for name in components}
    places: dict[str, str] = {}
    for owner, schema in components.items():
        for node, place in _inner(schema, owner):
            met.setdefault(node["title"], Counter())[_key(node)] += 1
            places.setdefault(_key(node), place)
    plain = {
        alike.most_common(1)[0][0]: title for title, alike in met.items() if alike and title not in components
    }
    names = places | plain
    assert len({*names.values(), *components}) == len(names) + len(components), "two schemas have one name"
    return names


def _inner(schema: Node, owner: str) -> Iterator[tuple[Node, str]]:
    """Yield the titled schemas within one, each with the name of its place."""
    for part, place in _parts(schema, owner):
        if _is_titled(part):
            yield part, place
            yield from _inner(part, part["title"])
        else:
            yield from _inner(part, place)


def _parts(schema: Node, owner: str) -> Iterator[tuple[Node, str]]:
    for name, part in schema.get("properties", {}).items():
        yield part, owner + name.title().replace("_", "")
    for key in _ONE:
        if isinstance(part := schema.get(key), dict):
            yield part, owner
    for key in _MANY:
        for part in schema.get(key, ()):
            yield part, owner


def _is_titled(schema: Node) -> bool:
    return "title" in schema and ("properties" in schema or "enum" in schema)


def _key(schema: Node) -> str:
    return json.dumps(_present(schema), sort_keys=True)


def _present(schema: Node) -> Node:
    """Return a schema without its being null."""
    if not _may_be_null(schema):
        return schema
    kinds = [kind for kind in schema["type"] if kind != "null"]
    words = {"enum": [word for word in schema["enum"] if word is not None]} if "enum" in schema else {}
    return {**schema, "type": kinds[0] if len(kinds) == 1 else kinds, **words}


def _may_be_null(schema: Node) -> bool:
    return isinstance(schema.get("type"), list) and "null" in schema["type"]


def _used(schema: Node, names: Mapping[str, str]) -> Node:
    """Return how a schema is written where it is used."""
    if not _is_titled(schema):
        return _body(schema, names)
    reference = {"$ref": _START + names[_key(schema)]}
    return {"anyOf": [reference, _NULL]} if _may_be_null(schema) else reference


def _body(schema: Node, names: Mapping[str, str]) -> Node:
    """Return what a schema says, the titled ones in it by their names."""
    known = _present(schema) if _is_titled(schema) else schema
    made = {key: value for key, value in known.items() if key not in ("title", "example")}
    if "properties" in made:
        made["properties"] = {name: _used(part, names) for name, part in made["properties"].items()}
    for key in _ONE:
        if isinstance(made.get(key), dict):
            made[key] = _used(made[key], names)
    return made | {key: [_used(part, names) for part in made[key]] for key in _MANY if key in made}
