"""Answers: JSON as bytes with a strong ETag, how long it may be kept, and what the request's conditions make of it."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import NotAcceptable, PreconditionFailed
from werkzeug.http import http_date

from api import caching, conditions, links, reading
from api.conditions import Verdict

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Ready:
    """What a read answers with 200, before what its client has of it is looked at: JSON's bytes and its own headers.

    `etag` is strong and without its quotes; `last_modified` is None for what does not follow the log.
    """

    content: bytes
    etag: str
    last_modified: datetime | None
    headers: dict[str, str]


def answer(body: Any, *, following: str | None = None) -> Response:
    """Answer 200 with `body`, plain data or JSON's bytes, or 304 or 412 where the request's conditions say so.

    `following` is the path of the next page.
    """
    return sent(ready(body, following=following))


def ready(body: Any, *, following: str | None = None) -> Ready:
    """Return an answer of `body`, plain data or JSON's bytes; `following` is the path of the next page."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    made = tagged(content, caching.last_modified(reading.present()))
    if following:
        links.add(made.headers, f'<{following}>; rel="next"')
    return made


def tagged(content: bytes, last_modified: datetime | None) -> Ready:
    """Return an answer of JSON's bytes."""
    etag = base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:18]).decode()
    lifetime = caching.lifetime(reading.present(), reading.longest())
    headers = {"Content-Type": JSON, "ETag": f'"{etag}"', "Cache-Control": lifetime}
    if last_modified:
        headers["Last-Modified"] = _date(last_modified)
    return Ready(content, etag, last_modified, headers)


_date = lru_cache(maxsize=64)(http_date)


def sent(made: Ready) -> Response:
    """Answer 200, or 304 where the client has it; raises PreconditionFailed."""
    judged = conditions.verdict(request, made.etag, made.last_modified)
    if judged == Verdict.FAILED:
        raise PreconditionFailed
    if judged == Verdict.SEND:
        return Response(made.content, headers=made.headers)
    headers = {name: value for name, value in made.headers.items() if name != "Content-Type"}
    response = _not_modified()
    response.headers.update(headers)
    return response


def _not_modified() -> Response:
    response = Response(status=304)
    del response.headers["Content-Type"]
    return response


def require_json_accepted() -> None:
    """Refuse a request whose Accept rules JSON out."""
    if not is_json_accepted(request.headers.get("Accept", "")):
        raise NotAcceptable


def is_json_accepted(accept: str) -> bool:
    """Whether an Accept takes JSON; what is not said is accepted (RFC 9110, section 12.5.1)."""
    wanted = accept.strip()
    return not wanted or bool(_quality(wanted, JSON))


def _quality(accept: str, offered: str) -> float:
    """Return the weight of a media type, by the most specific range that holds it; its parameters do not matter."""
    kind = offered.split("/")[0]
    weights = dict(weighed(part) for part in accept.split(","))
    return next((weights[name] for name in (offered, f"{kind}/*", "*/*") if name in weights), 0.0)


def weighed(part: str) -> tuple[str, float]:
    """Return a part of a header like Accept in small letters, and its weight: 1 unless told, 0 where it is none."""
    name, *given = (piece.strip().lower() for piece in part.split(";"))
    weight = next((piece[2:] for piece in given if piece.startswith("q=")), "1")
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0
