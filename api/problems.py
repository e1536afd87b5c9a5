"""Problems: what goes wrong under /api, in one form (RFC 9457), whatever raised it.

`KINDS` is the table of all that can be answered; each has a page of its own at its `type`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask, Response, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from api import caching, gone, reading
from api.queries import BadParameters
from api.signed import BadCursor
from content.documents import API
from content.errors import (
    ContentError,
    EpochOver,
    Gone,
    GrantsChanged,
    KeyRefused,
    KeyTooNarrow,
    NotFound,
    OutOfRange,
    PreviewOver,
    PreviewRefused,
)

MEDIA_TYPE = "application/problem+json"
# What is raised while the database refuses connections, drops them, or has none to spare.
AWAY = (OperationalError, InterfaceError, PoolTimeout)
BACK_IN = 5  # seconds after which to ask again for what needs a database that is away


@dataclass(frozen=True)
class Kind:
    """One kind of problem: the last part of its `type`, its status, its title, and what a caller can do about it."""

    name: str
    status: int
    title: str
    advice: str

    @property
    def type(self) -> str:
        """The stable URI that names this kind."""
        return f"{API}/problems/{self.name}"


KINDS = (
    Kind(
        "key-refused",
        401,
        "This key opens nothing",
        "The key is wrong, has expired or was revoked, or one is needed here and there is none. Send it as"
        " Authorization: Bearer, and never in an address. Ask the editors for another, or leave it away to read what is"
        " public.",
    ),
    Kind(
        "preview-over",
        401,
        "This preview is no more",
        "The token is wrong, has ended or was revoked. Ask the editors for another, or leave it away to read what is"
        " public.",
    ),
    Kind(
        "key-too-narrow",
        403,
        "This key was not made for that",
        "`detail` names the scope that is missing. Ask the editors for a key with it.",
    ),
    Kind(
        "not-found",
        404,
        "There is nothing here",
        "No such address exists, or nothing was ever public under this slug, id or version number. Check the spelling"
        " and the locale; a list gives each entry's id, which never changes.",
    ),
    Kind(
        "method-not-allowed",
        405,
        "This address is only for reading",
        "Everything here is read with GET or HEAD; the Allow header says what this address takes.",
    ),
    Kind(
        "not-acceptable",
        406,
        "There is no such form of this",
        "The Accept header rules out every form that this address answers in: application/json mostly, and what the"
        " end of the address says, such as .atom or .jsonld. Leave it away.",
    ),
    Kind(
        "preview-refused",
        409,
        "This cannot be previewed",
        "What the token was made for could not be published as it stands; `detail` says why, and the editors can tell"
        " more.",
    ),
    Kind(
        "gone",
        410,
        "This is not public any more",
        "`reason` says why (gone, redirected, replaced, held, retracted, erased, or grant_ended: to you alone), `at`"
        " and `sequence` since when,"
        " `note` what the editors tell readers, `replacement` what takes its place, if anything does. Take your copy"
        " down. What is retracted was wrong: show the note to whoever has read it. What is held may come back. What is"
        " redirected led to an entry that is not to be read itself now; it redirects again once that is.",
    ),
    Kind(
        "resync",
        410,
        "The walk that this belongs to is over",
        "This cursor or epoch is from before the installation was restored from a backup, or your grants have changed"
        " while you read page after page of a copy. Begin again, without it: what you have may have been undone.",
    ),
    Kind(
        "precondition-failed",
        412,
        "It is not what you have",
        "The answer does not fit If-Match or If-Unmodified-Since. Read it again without them.",
    ),
    Kind(
        "unsupported-media-type",
        415,
        "That form of content is not taken",
        "Send nothing with a GET; everything here is read without a body.",
    ),
    Kind(
        "bad-parameters",
        422,
        "A parameter does not fit",
        "`errors` names each parameter that is unknown, repeated or does not fit, and says why.",
    ),
    Kind(
        "precondition-required",
        428,
        "A condition is asked for",
        "Send If-Match with the ETag of what you started from.",
    ),
    Kind(
        "too-many-requests", 429, "Too many requests", "Wait as many seconds as Retry-After says, then go on."
    ),
    Kind(
        "internal-error",
        500,
        "Something broke here",
        "It is our fault and it is in our log. Try again later.",
    ),
    Kind(
        "not-implemented",
        501,
        "There is no such format",
        "oEmbed is answered as json and as xml. Ask for one of them by `format`, or leave it away.",
    ),
    Kind("unavailable", 503, "Not ready yet", "Try again in a moment; Retry-After says when."),
)
_BY_NAME = {kind.name: kind for kind in KINDS}
# Two kinds answer 410; what is raised as plain HTTP means the first.
_BY_STATUS = {kind.status: kind for kind in reversed(KINDS)}


def problem(name: str, detail: str | None = None, **members: Any) -> Response:
    """Answer a problem of that kind: `detail` is about this very request, `members` are the kind's own."""
    kind = _BY_NAME[name]
    return _response(kind.type, kind.title, kind.status, detail or kind.advice, members)


def _response(type_: str, title: str, status: int, detail: str, members: dict[str, Any]) -> Response:
    told = {"type": type_, "title": title, "status": status, "detail": detail, "errors": [], **members}
    response = Response(orjson.dumps(told), status=status, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = _kept(status)
    return response


def _kept(status: int) -> str:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return caching.short(reading.present())
    return "no-store"


def bad(*faults: tuple[str, str]) -> Response:
    """Answer 422, naming each parameter and what is wrong with it."""
    errors = [{"pointer": pointer, "detail": detail} for pointer, detail in faults]
    detail = "; ".join(f"{pointer.removeprefix('/')} {detail}".lstrip() for pointer, detail in faults)
    return problem("bad-parameters", detail, errors=errors)


def is_ours(path: str) -> bool:
    """Whether an address is the API's, whose errors are problems; all others keep their own pages."""
    return path == "/api" or path.startswith("/api/")


def of_http(error: HTTPException) -> Response | HTTPException:
    """Answer whatever HTTP error was raised, by routing too, with its headers; elsewhere leave it as it is."""
    status = error.code or 0
    if not is_ours(request.path) or status < 400:
        return error
    if isinstance(getattr(error, "original_exception", None), AWAY):
        return _unavailable()
    kind = _BY_STATUS.get(status)
    if kind is None:
        title = HTTPStatus(status).phrase
        response = _response("about:blank", title, status, f"{title}.", {})
    else:
        response = problem(kind.name)
    for name, value in error.get_headers(request.environ):
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def _unavailable() -> Response:
    response = problem("unavailable")
    response.headers["Retry-After"] = str(BACK_IN)
    return response


def of_content(error: ContentError) -> Response:
    """Answer what content refused; whatever is not in the table is a fault of ours."""
    told = next((told for known, told in _TOLD.items() if isinstance(error, known)), None)
    if told is None:
        raise error
    return told(error)


_TOLD: dict[type[ContentError], Callable[[Any], Response]] = {
    NotFound: lambda error: problem("not-found", str(error)),
    Gone: lambda error: problem("gone", str(error), **gone.members(error)),
    EpochOver: lambda error: problem("resync"),
    GrantsChanged: lambda error: problem("resync", str(error)),
    KeyRefused: lambda error: _key_refused(error),
    KeyTooNarrow: lambda error: _challenged("key-too-narrow", str(error), 'error="insufficient_scope"'),
    PreviewOver: lambda error: _challenged("preview-over", None, INVALID, realm="preview"),
    PreviewRefused: lambda error: problem("preview-refused", str(error)),
    OutOfRange: lambda error: bad(("/as_of", f"has not come yet: the newest sequence is {error.newest}")),
}


INVALID = 'error="invalid_token"'


def _key_refused(error: KeyRefused) -> Response:
    return _challenged("key-refused", str(error), INVALID if error.given else None)


def _challenged(name: str, detail: str | None, why: str | None, *, realm: str = "verso") -> Response:
    """Answer a problem of that kind, which says what a bearer is needed for (RFC 6750, section 3)."""
    response = problem(name, detail)
    response.headers["WWW-Authenticate"] = ", ".join(filter(None, (f'Bearer realm="{realm}"', why)))
    return response


def of_parameters(error: BadParameters) -> Response:
    """Answer 422 for parameters."""
    return bad(*((fault.pointer, fault.detail) for fault in error.faults))


def of_cursor(error: BadCursor) -> Response:
    """Answer 422 for a cursor that is none of this list's."""
    return bad(("/cursor", "does not belong to this list with these parameters"))


def init_app(app: Flask) -> None:
    """Answer every error under /api as a problem."""
    app.register_error_handler(HTTPException, of_http)
    for known, told in ((BadParameters, of_parameters), (BadCursor, of_cursor)):
        app.register_error_handler(known, told)
