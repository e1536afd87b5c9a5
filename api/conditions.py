"""Conditions: what a request's preconditions make of an answer (RFC 9110, section 13.2.2, in its order)."""

from datetime import datetime
from enum import Enum

from flask import Request
from werkzeug.datastructures import ETags


class Verdict(Enum):
    """What to do with an answer that is ready."""

    SEND = 200
    NOT_MODIFIED = 304
    FAILED = 412


def verdict(request: Request, etag: str, last_modified: datetime | None) -> Verdict:
    """Judge a GET or HEAD; `etag` is strong and without its quotes, `last_modified` a whole second."""
    if not _goes_on(request, etag, last_modified):
        return Verdict.FAILED
    if "If-None-Match" in request.headers:
        return Verdict.NOT_MODIFIED if _matches(request.if_none_match, etag) else Verdict.SEND
    since = request.if_modified_since
    return Verdict.NOT_MODIFIED if since and last_modified and last_modified <= since else Verdict.SEND


def _goes_on(request: Request, etag: str, last_modified: datetime | None) -> bool:
    if "If-Match" in request.headers:
        return request.if_match.contains(etag)
    since = request.if_unmodified_since
    return not (since and last_modified and last_modified > since)


def _matches(known: ETags, etag: str) -> bool:
    return known.contains_weak(etag)
