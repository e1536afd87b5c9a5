"""Bearing: which headers each answer bears, and what they say, for the OpenAPI document.

What is `required` stands on every answer that it is described for; the rest only where its sentence says so.
"""

from collections.abc import Iterable
from typing import Any

Node = dict[str, Any]
_START = "#/components/headers/"
_TEXT: Node = {"type": "string"}
_SECONDS: Node = {"type": "integer", "minimum": 1}


def _always(description: str, schema: Node = _TEXT) -> Node:
    return {"description": description, "required": True, "schema": schema}


def _perhaps(description: str, schema: Node = _TEXT) -> Node:
    return {"description": description, "schema": schema}


# On whatever is answered under /api.
_EVERYWHERE = {
    "Cache-Control": _always("How long this may be kept (RFC 9111, RFC 5861); of a preview never."),
    "Link": _always(
        "Other addresses (RFC 8288): `service-desc`, this description; `next`, the page after this one; `alternate`,"
        " the same in another language; `deprecation` and `sunset`, what to do about what will go; of a feed"
        " `hub`, who tells of its changes (WebSub)."
    ),
    "Access-Control-Allow-Origin": _always("`*`: pages of every origin may read this, without credentials."),
    "Access-Control-Expose-Headers": _always("Which headers such a page may read."),
    "X-Content-Type-Options": _always("`nosniff`: it is of the type that it says."),
    "X-Request-Id": _perhaps("The name of this request: the caller's own, or one that the server made."),
    "RateLimit-Policy": _perhaps(
        "How often an address, or a partner, may ask of all processes, or of the one that answered where each counts"
        " its share; absent where nobody is limited."
    ),
    "RateLimit": _perhaps("What is left of that, and for how many seconds."),
}
# On all but what is refused before it is read.
_READ = {
    "Vary": _always("What in the request the answer depends on."),
    "Server-Timing": _perhaps("Whether this answer was `kept` or `made`, and in how many milliseconds."),
    "Deprecation": _perhaps("Since when nobody should begin to use what was used here (RFC 9745)."),
    "Sunset": _perhaps("When that goes (RFC 8594)."),
}
_OF_THE_LOG = {
    "Verso-Sequence": _perhaps(
        "The sequence of the log at which this was read. A preview has none.",
        {"type": "integer", "minimum": 0},
    )
}
_PURGED = {
    "Cache-Groups": _perhaps("What this answer follows, for caches that are purged (RFC 9875)."),
    "Surrogate-Key": _perhaps("The same for caches that do not know Cache-Groups."),
}
_TAGGED = {
    "ETag": _perhaps("Strong: of these very bytes. A preview has none."),
    "Last-Modified": _perhaps("The second of the last act, once that second is over."),
    "CDN-Cache-Control": _perhaps("How long a cache that is purged may keep this (RFC 9213)."),
}
_DIGESTED = {
    "Content-Digest": _perhaps(
        "The SHA-256 of the content as it is sent, packed where it is (RFC 9530); not on a HEAD."
    ),
    "Repr-Digest": _perhaps("On a HEAD: the Content-Digest that a GET would have."),
}
_PACKED = {"Content-Encoding": _perhaps("How the content is packed: `br`, `zstd` or `gzip`.")}
_SPOKEN = {"Content-Language": _perhaps("In which languages this is, where some were asked for.")}
_PREVIEWED = {
    "X-Robots-Tag": _perhaps("On a preview: it is not to be found by search engines."),
    "Referrer-Policy": _perhaps("On a preview: its address is told to nobody."),
}
_FRAMED = {
    "Content-Security-Policy": _perhaps("On an embed: what it may load, and that any page may frame it.")
}
_OWN = {
    301: {"Location": _always("Where it is now.", {"type": "string", "format": "uri-reference"})},
    401: {"WWW-Authenticate": _always("What was wrong with the key or the token (RFC 6750).")},
    403: {"WWW-Authenticate": _always("What was wrong with the key or the token (RFC 6750).")},
    429: {"Retry-After": _always("After how many seconds to ask again.", _SECONDS)},
    503: {"Retry-After": _always("After how many seconds to ask again.", _SECONDS)},
}

COMPONENTS: Node = {
    **_EVERYWHERE,
    **_READ,
    **_OF_THE_LOG,
    **_PURGED,
    **_TAGGED,
    **_DIGESTED,
    **_PACKED,
    **_SPOKEN,
    **_PREVIEWED,
    **_FRAMED,
    **{name: header for own in _OWN.values() for name, header in own.items()},
}
ALONE = ("Cache-Control",)  # what stands on an answer that is not of /api


def told(names: Iterable[str]) -> Node:
    """Return the headers of these names as a response object refers to them."""
    return {name: {"$ref": _START + name} for name in names}


def shared(status: int) -> Node:
    """Return the headers of an answer that is the same for every read, a 304 or a problem of that status."""
    return told([*_common(status), *((*_SPOKEN, *_FRAMED) if status == 304 else ())])


def asked(*, spoken: bool, previewed: bool) -> Node:
    """Return the headers of a 200: `spoken` where it says in which language it is, `previewed` where it may be one."""
    more = {**_PACKED, **(_SPOKEN if spoken else {}), **(_PREVIEWED if previewed else {})}
    return told([*_common(200), *more])


def handed_out(*, previewed: bool, packed: bool) -> Node:
    """Return the headers of a 200 that is no JSON: bytes as they are, or `packed` on their way."""
    return told([*_common(200), *(_PACKED if packed else ()), *(_PREVIEWED if previewed else ())])


def framed(status: int) -> Node:
    """Return the headers of an answer of that status that may stand in a frame."""
    return told([*_common(status), *_FRAMED])


def _common(status: int) -> list[str]:
    """Return what stands on every answer of a status."""
    kinds = (
        (_EVERYWHERE, True),
        (_READ, status != 429),
        (_OF_THE_LOG, status != 429 and status < 500),
        (_PURGED, status in (200, 301, 304, 404, 410)),
        (_TAGGED, status in (200, 304)),
        (_DIGESTED, status not in (301, 304)),
        (_PREVIEWED, status in (301, 404, 409, 410, 422, 503)),
        (_OWN.get(status, {}), True),
    )
    return [name for names, stands in kinds if stands for name in names]
