"""How the newsroom shows that something is not to be had: our layout, a plain sentence, a way on."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from admin import measures
from admin.resending import (
    NotText,
    OpenedByAnother,
    comes_back,
    fields_sent,
    form_sent_from,
    holds_files,
    is_late,
)

SENTENCES: dict[int, tuple[str, str]] = {
    400: ("That did not arrive whole", "The form was incomplete. Go back, look it over and send it again."),
    401: (
        "You are signed out",
        "Nothing was saved, and nothing typed is lost: sign in in another tab, go back here, and send it again.",
    ),
    403: ("Not for your role", "Your role does not include this. An administrator can change that."),
    404: ("There is no such page", "It may have moved, or the address has a slip in it."),
    405: ("Not that way", "This address does not take what was sent."),
    410: ("It is not there any more", "What this showed was erased; only that it was there is kept."),
    429: ("Too many attempts", "Wait a little before you try again."),
    500: ("Something broke here", "It is our fault and it is in the log. What you sent was not saved."),
}
STALE_FORM = (
    "This form is too old",
    "It was opened in a session that has ended. Nothing was saved. Go back and open it anew.",
)


anything_else = Blueprint("anything_else", __name__, url_prefix="/admin")


@anything_else.route("/<path:_path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def unknown(_path: str) -> Response:
    """Answer for every address that nothing else answers for, so that routing's own 404 gets our page too."""
    abort(HTTPStatus.NOT_FOUND)


def show(error: HTTPException) -> Response:
    """Answer `error` with a page of ours; its headers are kept."""
    if error.response is not None:
        return make_response(error.response)
    code = error.code or 500
    title, sentence = _told(error, code)
    if comes_back(error):
        page = render_template(
            "admin/come_back.html",
            late=is_late(error),
            opened_by=error.opened_by if isinstance(error, OpenedByAnother) else None,
            title=title,
            sentence=sentence,
            fields=fields_sent(),
            with_files=holds_files(),
            action=request.full_path.rstrip("?"),
        )
    else:
        page = render_template(
            "admin/error.html",
            code=code,
            title=title,
            sentence=sentence,
            # Too large to be read, so it cannot come back in this page.
            form_at=form_sent_from() if code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else None,
        )
    response = make_response(page, code)
    for name, value in error.get_headers():
        if name.lower() not in ("content-type", "content-length"):
            response.headers[name] = value
    return response


def _told(error: HTTPException, code: int) -> tuple[str, str]:
    if isinstance(error, CSRFError):
        return STALE_FORM
    if isinstance(error, OpenedByAnother):
        sentence = f"{error.opened_by} opened this form, and {error.signed_in} is signed in by now. Nothing was done."
        return ("Opened by somebody else", sentence)
    if isinstance(error, RequestEntityTooLarge):
        return ("Too large", measures.told_of(error))
    if isinstance(error, NotText):
        return ("That is no text", f"What came in “{error.field}” is not UTF-8. Nothing was saved.")
    return SENTENCES.get(code, SENTENCES[400])


anything_else.register_error_handler(HTTPException, show)
