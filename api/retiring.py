"""Retiring: reads and parameters that will go, told to callers before (RFC 9745, RFC 8594)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, Response, request
from werkzeug.http import http_date

from api import links


@dataclass(frozen=True)
class Retirement:
    """A read, by its path in the OpenAPI document, or one parameter of it, that nobody should begin to use.

    `sunset_at` is when it goes, None where that is not known yet; `about` is a page that says what to use instead.
    """

    path: str
    deprecated_at: datetime
    about: str
    parameter: str | None = None
    sunset_at: datetime | None = None


# Nothing is retiring in v1 yet. An app's own config may declare others under the same name.
RETIREMENTS: tuple[Retirement, ...] = ()
_SETTING = "VERSO_RETIREMENTS"
_VARIABLE = re.compile(r"<(?:[^:<>]*:)?(\w+)>")  # in a rule of werkzeug's, such as <number(min=1):until>


def init_app(app: Flask) -> None:
    """Tell on each answer what of it is retiring."""
    app.config.setdefault(_SETTING, RETIREMENTS)
    app.after_request(lambda response: _tell(response, _met(app.config[_SETTING])))


def any_declared(config: Mapping[str, Any]) -> bool:
    """Whether anything is retiring."""
    return bool(config[_SETTING])


def mark(document: dict[str, Any], app: Flask) -> None:
    """Mark in an OpenAPI document what is retiring."""
    for one in app.config[_SETTING]:
        operation = document["paths"][one.path]["get"]
        parameters = operation.get("parameters", [])
        told = [parameter for parameter in parameters if parameter["name"] == one.parameter]
        for part in told if one.parameter else [operation]:
            part["deprecated"] = True


def _met(retirements: Iterable[Retirement]) -> list[Retirement]:
    """Return what this request used of what is retiring, the soonest to go first."""
    path = _VARIABLE.sub(r"{\1}", str(request.url_rule or ""))
    used = [
        one
        for one in retirements
        if one.path == path and (not one.parameter or one.parameter in request.args)
    ]
    return sorted(used, key=lambda one: (one.sunset_at is None, one.sunset_at or one.deprecated_at))


def _tell(response: Response, met: list[Retirement]) -> Response:
    if not met:
        return response
    response.headers["Deprecation"] = f"@{int(met[0].deprecated_at.timestamp())}"
    links.add(response.headers, f'<{met[0].about}>; rel="deprecation"')
    if met[0].sunset_at:
        response.headers["Sunset"] = http_date(met[0].sunset_at)
        links.add(response.headers, f'<{met[0].about}>; rel="sunset"')
    return response
