"""Flask behind the layer: asking it what is not kept, as a whole and without the client's conditions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from api import handed
from api.layer import encodings
from api.reading import CALLER, KNOWN, MOMENT
from content.keys import Bearer
from content.moments import Moment
from content.usage.counting import Handed

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
# Parameters by which a caller may tell of an act that another machine has acknowledged, and this one not heard of.
_OF_A_MOMENT = ("as_of", "cursor", "since", "epoch")
_ETAGS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


@dataclass(frozen=True, slots=True)
class Answered:
    """What Flask answered, the moment of the log at which it read (None where it read none), and to whose key.

    `handed` is what it hands out, None where that is nothing.
    """

    status: str
    headers: Headers
    body: bytes
    moment: Moment | None
    borne: Bearer | None = None
    handed: Handed | None = None


def whole(flask: Application, environ: Mapping[str, Any], moment: Moment) -> Answered:
    """Return Flask's answer to a GET of the same address, whatever the client has of it.

    It reads at `moment`, the present one as this process knows it, unless the request may know a newer one.
    """
    asked = {name: value for name, value in environ.items() if name not in _CONDITIONS}
    known = {KNOWN: moment} if _may_know_more(environ) else {KNOWN: moment, MOMENT: moment}
    return _collected(flask, {**asked, **known, "REQUEST_METHOD": "GET"})


def _may_know_more(environ: Mapping[str, Any]) -> bool:
    query = environ.get("QUERY_STRING", "")
    return bool(query) and any(name in unquote_plus(query) for name in _OF_A_MOMENT)


def as_asked(flask: Application, environ: Mapping[str, Any]) -> Answered:
    """Return Flask's answer to the very request; it knows no ETag of an encoded form."""
    plain = {name: encodings.unmarked(environ[name]) for name in _ETAGS if name in environ}
    return _collected(flask, {**environ, **plain})


def _collected(flask: Application, environ: Environ) -> Answered:
    told: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, *_: Any) -> Callable[[bytes], object]:
        told.append((status, headers))
        return lambda written: None

    body = flask(environ, start_response)
    try:
        content = b"".join(body)
    finally:
        getattr(body, "close", lambda: None)()
    status, headers = told[-1]
    borne, out = environ.get(CALLER), handed.told(environ)
    return Answered(status, headers, content, environ.get(MOMENT), borne, out)
