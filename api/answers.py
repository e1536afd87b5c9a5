"""Answers: JSON as bytes with a strong ETag, how long it may be kept, and what the request's conditions make of it."""

import base64
import hashlib
from datetime import datetime
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import NotAcceptable, PreconditionFailed
from werkzeug.http import http_date

from api import caching, conditions, links, reading
from api.conditions import Verdict

JSON = "application/json"


def answer(body: Any, *, following: str | None = None) -> Response:
    """Answer 200 with `body`, plain data or JSON's bytes, or 304 or 412 where the request's conditions say so.

    `following` is the path of the next page.
    """
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    response = tagged(content, caching.last_modified(reading.present()))
    if following and response.status_code == 200:
        links.add(response, f'<{following}>; rel="next"')
    return response


def tagged(content: bytes, last_modified: datetime | None) -> Response:
    """Return JSON's bytes under their ETag, or 304; raises PreconditionFailed.

    `last_modified` is None for what does not follow the log.
    """
    etag = base64.urlsafe_b64encode(hashlib.sha256(content).digest()[:18]).decode()
    judged = conditions.verdict(request, etag, last_modified)
    if judged == Verdict.FAILED:
        raise PreconditionFailed
    response = Response(content, content_type=JSON) if judged == Verdict.SEND else _not_modified()
    response.set_etag(etag)
    response.headers["Cache-Control"] = caching.lifetime(reading.present(), reading.longest())
    if last_modified:
        response.headers["Last-Modified"] = http_date(last_modified)
    return response


def _not_modified() -> Response:
    response = Response(status=304)
    del response.headers["Content-Type"]
    return response


def require_json_accepted() -> None:
    """Refuse a request whose Accept rules JSON out; what is not said is accepted (RFC 9110, section 12.5.1)."""
    wanted = request.headers.get("Accept", "").strip()
    if wanted and not _quality(wanted, JSON):
        raise NotAcceptable


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
