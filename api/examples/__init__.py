"""Examples: an answer for each operation of the document: recorded where there is a record, else put together.

The JSON files beside this module are answers of a real server, written by `make examples`; a read of a content type
that an installation declares has none, and shows one put together from the sample of each of its fields.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from marshmallow import Schema, fields

from api.shapes import Either

FOLDER = Path(__file__).parent


def recorded(name: str) -> dict[str, Any] | None:
    """Return what was `asked` and `answered` under an operation's id or a kind of problem, or None."""
    return _records().get(name)


@cache
def _records() -> dict[str, dict[str, Any]]:
    return {path.stem: orjson.loads(path.read_bytes()) for path in FOLDER.glob("*.json")}


def example(schema: type[Schema] | Schema) -> dict[str, Any]:
    """Return an object that fits a schema."""
    described = schema if isinstance(schema, Schema) else schema()
    return {name: _of_field(field) for name, field in described.fields.items()}


def _of_field(field: fields.Field[Any]) -> Any:
    if "example" in field.metadata:
        return field.metadata["example"]
    if isinstance(field, fields.Nested):
        return example(field.schema)
    if isinstance(field, Either):
        return example(field.schemas[0])
    assert isinstance(field, fields.List)
    return [_of_field(field.inner)]
