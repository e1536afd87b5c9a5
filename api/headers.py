"""Headers: what stands on every answer under /api, whatever it is: its sequence, who may read it, what it varies by."""

from flask import Flask, Response, current_app, request

from api import caching, digests, links, negotiating, previews, reading
from api.links import Told
from api.problems import is_ours

EXPOSED = "Content-Digest, ETag, Link, Repr-Digest, Verso-Sequence, RateLimit, RateLimit-Policy, Retry-After"
VARIES_BY = "Accept, Authorization"
VARIES_BY_LANGUAGE = f"{VARIES_BY}, Accept-Language"
METHODS = "GET, HEAD"
ASKED = "Accept, Authorization, If-Match, If-Modified-Since, If-None-Match, X-Request-Id"
PREFLIGHT_LASTS = 7200  # seconds; browsers keep it no longer


def init_app(app: Flask) -> None:
    """Dress every answer under /api, and answer OPTIONS there."""
    app.before_request(_options)
    app.after_request(_dress)


def _options() -> Response | None:
    if request.method != "OPTIONS" or not is_ours(request.path) or request.routing_exception:
        return None
    response = current_app.make_default_options_response()
    response.status_code = 204
    del response.headers["Content-Type"]
    if "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = ASKED
        response.headers["Access-Control-Max-Age"] = str(PREFLIGHT_LASTS)
    return response


def _dress(response: Response) -> Response:
    if is_ours(request.path):
        dress(response.headers, response.status_code)
        digests.tell(response, request.method)
        if reading.caller():
            response.headers["Cache-Control"] = caching.private(
                response.headers.get("Cache-Control", "no-store")
            )
        if reading.previewed():
            previews.veil(response)
    return response


def dress(headers: Told, status: int) -> None:
    """Put on an answer of that status what stands on all of them."""
    open_to_all(headers)
    headers["Vary"] = VARIES_BY_LANGUAGE if negotiating.negotiated() else VARIES_BY
    links.add(headers, links.DESCRIPTION)
    if status < 500:
        headers["Verso-Sequence"] = str(reading.sequence_told())


def open_to_all(headers: Told) -> None:
    """Let pages of any origin read an answer and the headers that we promise, and nobody guess what it is."""
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = EXPOSED
    headers["X-Content-Type-Options"] = "nosniff"
