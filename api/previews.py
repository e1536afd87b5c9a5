"""Previews: a request that bears a preview's token is answered within its rehearsal, and nothing of it is kept.

The token comes as `Authorization: Bearer vp_…`: addresses stand in logs and referrers, and whoever follows a redirect
to another host leaves this header behind.
"""

from contextlib import ExitStack

from flask import Flask, Response, request

from api import reading
from api.queries import BadParameters
from content import previews, rehearsal
from content.errors import Fault
from storage import db

_REHEARSAL = "verso.rehearsal"
# What a preview's answer must not have: nobody is to keep it, or to ask whether it is still so.
_TAKEN = ("ETag", "Last-Modified", "Verso-Sequence", "Cache-Groups", "Surrogate-Key")
_PUT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
_CONDITIONS = (
    "HTTP_IF_MATCH",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
)


def init_app(app: Flask) -> None:
    """End a request's rehearsal with the request, however that went."""
    app.teardown_request(_end)


def begin() -> None:
    """Rehearse what the request's token was made for, if it bears one; all that is read then is read in it.

    Raises PreviewOver, PreviewRefused, and BadParameters where another moment is asked for.
    """
    token = _token()
    if token is None:
        return
    if "as_of" in request.args:
        raise BadParameters([Fault("/as_of", "does not go with a preview")])
    now = reading.present().clock
    found = previews.find(db.session(), token, now=now)
    db.session.remove()
    ending = request.environ[_REHEARSAL] = ExitStack()
    session = ending.enter_context(rehearsal.rehearsing(db.engine))
    # For the rest of the request this is everybody's session. It need not be of flask-sqlalchemy's own class.
    db.session.registry.set(session)  # type: ignore[arg-type]
    for condition in _CONDITIONS:
        request.environ.pop(condition, None)
    reading.preview(rehearsal.rehearse(session, found, now=now), found.token_hash)


def refuse() -> None:
    """Refuse a token where previews do not reach."""
    if _token() is not None:
        raise BadParameters([Fault("/Authorization", "bears a preview, which does not reach here")])


def _token() -> str | None:
    given = request.authorization
    if given is None or given.type != "bearer" or not (given.token or "").startswith(previews.PREFIX):
        return None
    return given.token


def veil(response: Response) -> None:
    """Make an answer one that is kept nowhere."""
    for name in _TAKEN:
        response.headers.pop(name, None)
    response.headers.update(_PUT)


def _end(error: BaseException | None) -> None:
    ending: ExitStack | None = request.environ.pop(_REHEARSAL, None)
    if ending:
        db.session.remove()
        ending.close()
