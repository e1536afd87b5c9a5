"""Forms that come too late: what was typed comes back in the page that refuses it, and can be sent again from there."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from admin.accounts import CSRF_TOKEN

# What leads in holds passwords, and nothing that anybody would miss.
_WAYS_IN = ("door.", "passwords.")


def can_be_sent_again(error: HTTPException) -> bool:
    """Tell whether `error` refuses a form of ours only because the session ended that it was opened in."""
    late = isinstance(error, CSRFError) or error.code == HTTPStatus.UNAUTHORIZED
    # A page of somebody else's must not have its fields come back with a token of ours.
    ours = urlsplit(request.headers.get("Origin", "")).netloc == request.host
    way_in = (request.endpoint or "").startswith(_WAYS_IN)
    return late and ours and request.method == "POST" and not way_in and not request.files


def fields_sent() -> list[tuple[str, str]]:
    """Return what the form held, in its order, without its token."""
    return [(name, value) for name, value in request.form.items(multi=True) if name != CSRF_TOKEN]
