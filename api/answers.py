"""Answers: bytes with a strong ETag, how long it may be kept, and what the request's conditions make of it."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import NotAcceptable, PreconditionFailed
from werkzeug.http import http_date

from api import caching, conditions, digests, links, reading
from api.conditions import Verdict

JSON = "application/json"
JSON_LD = "application/ld+json"


@dataclass(frozen=True, slots=True)
class Ready:
    """What a read answers with 200, before what its client has of it is looked at: its bytes and its own headers.

    `etag` is strong and without its quotes; `last_modified` is None for what does not follow the log.
    """

    content: bytes
    etag: str
    last_modified: datetime | None
    headers: dict[str, str]


def answer(body: Any, *, following: str | None = None, dated: bool = True) -> Response:
    """Answer 200 with `body`, plain data or JSON's bytes, or 304 or 412 where the request's conditions say so.

    `following` is the path of the next page; `dated` tells whether the log alone changes what is answered.
    """
    return sent(ready(body, following=following, dated=dated))


def ready(body: Any, *, following: str | None = None, kind: str = JSON, dated: bool = True) -> Ready:
    """Return an answer of `body`, plain data or the bytes of that kind; the others are as for `answer`.

    What a key opens has no date either: its partner's terms may stand in it, which no act changes.
    """
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    changed = caching.last_modified(reading.present()) if dated and not reading.caller() else None
    made = tagged(content, changed, kind)
    if following:
        links.add(made.headers, f'<{following}>; rel="next"')
    return made


def tagged(content: bytes, last_modified: datetime | None, kind: str = JSON) -> Ready:
    """Return an answer of bytes of a media type."""
    digest = hashlib.sha256(content).digest()
    etag = base64.urlsafe_b64encode(digest[:18]).decode()
    lifetime = caching.lifetime(reading.present(), reading.longest())
    headers = {"Content-Type": kind, "ETag": f'"{etag}"', "Cache-Control": lifetime}
    headers[digests.OF_CONTENT] = digests.told(digest)
    if last_modified:
        headers["Last-Modified"] = _date(last_modified)
    return Ready(content, etag, last_modified, headers)


_date = lru_cache(maxsize=64)(http_date)
_OF_CONTENT = ("Content-Type", digests.OF_CONTENT)


def sent(made: Ready) -> Response:
    """Answer 200, or 304 where the client has it; raises PreconditionFailed."""
    judged = conditions.verdict(request, made.etag, made.last_modified)
    if judged == Verdict.FAILED:
        raise PreconditionFailed
    if judged == Verdict.SEND:
        return Response(made.content, headers=made.headers)
    headers = {name: value for name, value in made.headers.items() if name not in _OF_CONTENT}
    response = _not_modified()
    response.headers.update(headers)
    return response


def _not_modified() -> Response:
    response = Response(status=304)
    del response.headers["Content-Type"]
    return response


def require_accepted(kinds: Sequence[str]) -> None:
    """Refuse a request whose Accept rules all of these media types out."""
    if accepted(request.headers.get("Accept", ""), tuple(kinds)) is None:
        raise NotAcceptable


@lru_cache(maxsize=256)
def accepted(accept: str, kinds: tuple[str, ...]) -> str | None:
    """Return which of some media types an Accept likes best, the first of equals; None where it takes none of them.

    What is not said is accepted (RFC 9110, section 12.5.1).
    """
    wanted = accept.strip()
    best = max(kinds, key=lambda kind: _quality(wanted, kind)) if wanted else kinds[0]
    return best if not wanted or _quality(wanted, best) > 0 else None


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
