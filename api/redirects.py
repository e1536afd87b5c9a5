"""Redirects: where something is that has moved, or was withdrawn in favour of something else."""

from urllib.parse import urlencode
from uuid import UUID

from flask import Response, request

from api import caching, parameters, reading
from content import types
from content.documents import API
from content.errors import Elsewhere

# How an address ends that asks for another form than JSON; what moved is had in the same form where it is
# now, if there is one.
ENDINGS = (".jsonld", "/embed", "/embed/fragment")


def moved(error: Elsewhere) -> Response:
    """Answer where something is now, keeping what else was asked.

    Not for ever: another entry may take the slug, so the answer may be kept no longer than any other.
    """
    response = Response(status=301)
    response.headers["Location"] = _address(error)
    response.headers["Cache-Control"] = caching.lifetime(reading.present(), reading.longest())
    del response.headers["Content-Type"]
    return response


def _address(error: Elsewhere) -> str:
    if error.url:
        return error.url
    assert error.type_name
    declared, asked = types.get(error.type_name), dict(request.args)
    if not request.path.startswith(f"{API}/{declared.plural}/"):
        # Parts of a document of one type are no parts of another's.
        for name in ("fields", "include"):
            asked.pop(name, None)
    exact = _is_exact(asked.pop("locale", None))
    # A slug is one language's: of another, it may be that of something else, or of nothing.
    if error.locale and (exact or error.locale != reading.default_locale()):
        asked["locale"] = error.locale
    # An erased slug is no address.
    key = parameters.key(str(error.slug)) or error.entry_id
    path = f"{API}/{declared.plural}/{key}{_ending() if declared.health else ''}"
    return f"{path}?{urlencode(asked)}" if asked else path


def _ending() -> str:
    return next((one for one in ENDINGS if request.path.endswith(one)), "")


def _is_exact(locale: str | None) -> bool:
    """Whether one language was asked for: by its name, or by an id. Then it is not to be negotiated there."""
    key = parameters.key((request.view_args or {}).get("key", ""))
    return locale != parameters.AUTO and (locale is not None or isinstance(key, UUID))
