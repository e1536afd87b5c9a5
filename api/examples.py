"""Examples: one whole answer for each schema, put together from the example of each of its fields."""

from typing import Any

from marshmallow import Schema, fields

from api.envelopes import Either


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
