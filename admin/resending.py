"""Forms that come too late, or unfit: what was typed comes back in the page that refuses it, to be sent again."""

from http import HTTPStatus
from urllib.parse import urlsplit

from flask import request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest, Conflict, HTTPException, RequestEntityTooLarge

from admin.accounts import CSRF_TOKEN, OPENED_BY, person_now, signed_in_id
from admin.names import names_of
from storage import db

# What leads in holds passwords, and nothing that anybody would miss.
_WAYS_IN = ("door.", "passwords.")


class NotText(BadRequest):
    """A field of a form holds bytes that are no text in UTF-8."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class OpenedByAnother(Conflict):
    """A form was opened by somebody else than is signed in by now; `opened_by` and `signed_in` are their names."""

    def __init__(self, opened_by: str, signed_in: str) -> None:
        super().__init__()
        self.opened_by, self.signed_in = opened_by, signed_in


def require_its_person() -> None:
    """Refuse a form that was opened for another person: nothing is written or signed in the name of who came after."""
    opened_by, person = request.form.get(OPENED_BY), person_now()
    if opened_by and person and opened_by != signed_in_id():
        names = names_of(db.session(), [opened_by])
        raise OpenedByAnother(names[opened_by], person.name)


def comes_back(error: HTTPException) -> bool:
    """Tell whether what `error` refuses is a form of ours, which holds words that somebody would miss."""
    # A page of somebody else's must not have its fields come back with a token of ours.
    ours = urlsplit(request.headers.get("Origin", "")).netloc == request.host
    way_in = (request.endpoint or "").startswith(_WAYS_IN)
    unfit = isinstance(error, NotText | OpenedByAnother | RequestEntityTooLarge)
    holds_words = any(name != OPENED_BY for name, _ in fields_sent())
    return (is_late(error) or unfit) and ours and request.method == "POST" and not way_in and holds_words


def is_late(error: HTTPException) -> bool:
    """Tell whether `error` refuses a form only because the session ended that it was opened in."""
    return isinstance(error, CSRFError) or error.code == HTTPStatus.UNAUTHORIZED


def holds_files() -> bool:
    """Tell whether a file was chosen in the form; no page can bring one back."""
    # A file that was not chosen comes along too, without a name.
    return any(file.filename for file in request.files.values())


def form_sent_from() -> str | None:
    """Return the address of the page of ours that a form was sent from; None where the browser does not tell."""
    page = urlsplit(request.referrer or "")
    ours = page.netloc == request.host and page.path.startswith("/admin/")
    return page._replace(scheme="", netloc="", fragment="").geturl() if ours else None


def fields_sent() -> list[tuple[str, str]]:
    """Return what the form held, in its order, without its token; nothing where it is too large to be read."""
    try:
        return [(name, value) for name, value in request.form.items(multi=True) if name != CSRF_TOKEN]
    except RequestEntityTooLarge:
        return []
