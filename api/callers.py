"""Callers: who asks, by the key that a request bears as `Authorization: Bearer verso_…`.

Never in an address: those stand in logs, in referrers and in the histories of browsers.
"""

import base64
import binascii

from flask import Flask, current_app, request

from api import reading
from content import keys, previews
from content.errors import KeyRefused, KeyTooNarrow
from content.keys import Bearer, Scope, Uses
from storage import db

_USES = "verso.key_uses"


def init_app(app: Flask) -> None:
    """Remember which keys of `app` are used; somebody must write it down."""
    app.extensions[_USES] = Uses()


def uses(app: Flask) -> Uses:
    """Return what is remembered of the keys of `app`."""
    remembered: Uses = app.extensions[_USES]
    return remembered


def know(needed: Scope | None) -> None:
    """Learn whose key this request bears, if it bears one; it reads within that partner's reach then.

    Raises KeyRefused, also for a key that is borne otherwise than as a bearer, and KeyTooNarrow where the key does not
    open what is `needed`; None: any key opens it.
    """
    authorization = request.headers.get("Authorization", "")
    text = borne_in(authorization)
    if text is None:
        _require_no_key_in(authorization)
        return
    now = reading.present().clock
    borne = keys.bearer(db.session(), text, now=now)
    uses(current_app).note(borne, now.date())
    reading.called_by(borne)
    if needed and needed not in borne.scopes:
        raise KeyTooNarrow(needed)


def required() -> Bearer:
    """Return whose key this request bears; raises KeyRefused where it bears none."""
    borne = reading.caller()
    if borne is None:
        raise KeyRefused("This is for whoever has a key", given=False)
    return borne


def borne_in(authorization: str) -> str | None:
    """Return the text of a key that an Authorization bears, however its scheme is written; None where it bears none."""
    scheme, _, text = authorization.strip().partition(" ")
    # What a proxy in front asks for by another scheme is none of our business.
    if scheme.lower() != "bearer" or text.strip().startswith(previews.PREFIX):
        return None
    return text.strip()


def _require_no_key_in(authorization: str) -> None:
    """Raise KeyRefused where what is no bearer holds a key of ours, or a preview's token.

    It would be passed over without a word, and what is public be taken for the draft.
    """
    scheme, _, given = authorization.strip().partition(" ")
    told = f"{authorization} {_decoded(given)}" if scheme.lower() == "basic" else authorization
    if keys.held_in(told):
        raise KeyRefused("A key is sent as `Authorization: Bearer` and the key, and in no other way")
    if scheme.lower() != "bearer" and previews.held_in(told):
        raise KeyRefused(
            "A preview's token is sent as `Authorization: Bearer` and the token, and in no other way"
        )


def _decoded(given: str) -> str:
    """Return the name and the password of Basic (RFC 7617); nothing where they are none."""
    try:
        return base64.b64decode(given).decode("latin-1")
    except (binascii.Error, ValueError):
        return ""
