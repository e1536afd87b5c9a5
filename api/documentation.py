"""Documentation: the OpenAPI document as plain data that a page can print."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

_CODE = Markup("<code>{}</code>")
_PLACE = {"path": "address", "query": "query", "header": "header"}


def groups(document: Mapping[str, Any], address: str) -> list[dict[str, Any]]:
    """Return the calls of an OpenAPI document by its tags; `address` is where this server is reached."""
    calls = [
        (operation["tags"][0], _call(path, item.get("parameters", []), operation, address))
        for path, item in document["paths"].items()
        if (operation := item.get("get"))
    ]
    return [
        {
            "name": tag["name"],
            "label": tag["x-displayName"],
            "description": marked_up(tag.get("description") or ""),
            "calls": [call for name, call in calls if name == tag["name"]],
        }
        for tag in document["tags"]
    ]


def marked_up(text: str) -> Markup:
    """Return a text as HTML: what stands between backticks is code."""
    parts = re.split("`([^`]+)`", text)
    return Markup().join(_CODE.format(part) if place % 2 else part for place, part in enumerate(parts))


def _call(path: str, shared: Sequence[Any], operation: Mapping[str, Any], address: str) -> dict[str, Any]:
    parameters = [*shared, *operation.get("parameters", [])]
    example = _example(operation)
    return {
        "id": operation["operationId"],
        "path": path,
        "summary": marked_up(operation["summary"]),
        "words": f"{path} {operation['summary']}".lower(),
        "parameters": [_parameter(parameter) for parameter in parameters],
        "command": f"curl '{address}{operation.get('x-asked') or _filled(path)}'",
        "example": example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False),
        "statuses": [
            (
                status,
                told.get("description") or told["$ref"].rpartition("/")[2].replace("_", " ").capitalize(),
            )
            for status, told in operation["responses"].items()
            if status != "200"
        ],
    }


def _example(operation: Mapping[str, Any]) -> Any:
    kinds = operation["responses"]["200"].get("content", {}).values()
    return next((kind["example"] for kind in kinds if "example" in kind), None)


def _filled(path: str) -> str:
    return path.replace("{key}", "swelling-after-a-flight").replace("{number}", "1")


def _parameter(parameter: Mapping[str, Any]) -> dict[str, Any]:
    shape = parameter["schema"]
    return {
        "name": parameter["name"],
        "required": parameter.get("required", False),
        "place": _PLACE[parameter["in"]],
        "form": _form(shape),
        "description": marked_up(parameter.get("description") or shape.get("description", "")),
        **_field(shape, needed=parameter.get("required", False)),
    }


def _field(shape: Mapping[str, Any], *, needed: bool) -> dict[str, Any]:
    """Return how a form asks for a parameter: from a few words, or by typing, begun where something is needed."""
    example = shape.get("example")
    words = ["true", "false"] if shape.get("type") == "boolean" else shape.get("enum", [])
    return {
        "options": words,
        "whole": shape.get("type") == "integer",
        "begun": _asked(example) if needed and example is not None else "",
        "hint": "" if example is None else f"such as {_asked(example)}",
    }


def _asked(value: Any) -> str:
    """Return a value as it is written in an address."""
    if isinstance(value, list):
        return ",".join(map(_asked, value))
    return value if isinstance(value, str) else json.dumps(value)


def _form(shape: Mapping[str, Any]) -> str:
    if "oneOf" in shape:
        return " or ".join(_form(one) for one in shape["oneOf"])
    kinds = shape.get("type", "")
    named = " or ".join(kinds) if isinstance(kinds, list) else kinds
    bounds = [
        f"{word} {shape[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in shape
    ]
    given = [f"{_asked(shape['default'])} unless told"] if shape.get("default") not in (None, "") else []
    return ", ".join(
        filter(None, [shape.get("format") or named.removesuffix(" or null"), " ".join(bounds), *given])
    )
