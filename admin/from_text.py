"""New from text: a blog text, pasted or as a file, becomes drafts; first it is shown what they will be."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Protocol, cast
from uuid import UUID

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from sqlalchemy.orm import Session

from admin.accounts import signed_in_id
from admin.autosaving import as_saved
from admin.forms import faults_by_field
from admin.frame import pages_of, require
from admin.roles import Right
from content import entries, locales
from content.errors import Fault, Invalid
from storage import db

pages: Blueprint = pages_of("from_text", __name__, "/admin/from-text")

_READER = "verso.reader"
UNCHANGED = "unchanged"
MOST = 1_000_000  # bytes of a text: a book has less


class Entry(Protocol):
    """An entry that a text becomes: `change` says whether it is made, changed or unchanged."""

    @property
    def type(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def change(self) -> str: ...


class Draft(Protocol):
    """One of the entries, and what is known of it, line by line."""

    @property
    def entry(self) -> Entry: ...
    @property
    def facts(self) -> Sequence[str]: ...


class LeftOut(Protocol):
    """A line that is in no entry, and why."""

    @property
    def line_number(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def why(self) -> str: ...


class Reading(Protocol):
    """What a text becomes; `left_empty` says which fields stay empty and why."""

    @property
    def article_id(self) -> UUID: ...
    @property
    def drafts(self) -> Sequence[Draft]: ...
    @property
    def left_empty(self) -> Sequence[str]: ...
    @property
    def left_out(self) -> Sequence[LeftOut]: ...


class Reader(Protocol):
    """Makes drafts of a text within a transaction; raises Invalid at `/text` where it cannot."""

    def __call__(self, session: Session, data: bytes, *, locale: str, by: str) -> Reading: ...


def init_app(app: Flask, reader: Reader) -> None:
    """Read texts with `reader`."""
    app.extensions[_READER] = reader


@pages.get("")
def ask() -> str:
    """Ask for a text."""
    require(Right.WRITE)
    return _page("")


@pages.post("")
def read() -> Response:
    """Show what a text would become, or make it so."""
    require(Right.WRITE)
    session, text = db.session(), request.form.get("text", "")
    try:
        data = _data(text)
        text = data.decode(errors="replace")
        reading = _reader()(session, data, locale=locales.canonical(_locale()), by=signed_in_id())
    except Invalid as error:
        session.rollback()
        page = _page(text, errors=faults_by_field(error))
        return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    if "make" not in request.form:
        # What it would become is what was made of it, and then not kept.
        session.rollback()
        return make_response(_page(text, reading=reading))
    session.commit()
    if all(draft.entry.change == UNCHANGED for draft in reading.drafts):
        flash("Nothing was made: all of it was there already, and this is it.", "success")
    else:
        flash("The drafts are made. Look them over: nothing of them is public yet.", "success")
    return redirect(as_saved(entries.entry(session, reading.article_id)), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _data(text: str) -> bytes:
    """Return the bytes of the file that was sent, or else of what was pasted; raises Invalid."""
    sent = request.files.get("file")
    data = sent.read(MOST + 1) if sent and sent.filename else text.encode()
    if len(data) > MOST:
        raise Invalid([Fault("/text", f"is larger than {MOST:,} bytes")])
    if not data.strip():
        raise Invalid([Fault("/text", "is empty: paste one, or choose a file")])
    return data


def _reader() -> Reader:
    return cast(Reader, current_app.extensions[_READER])


def _locale() -> str:
    return request.form.get("locale", "").strip() or str(current_app.config["VERSO_LOCALE"])


def _page(text: str, *, reading: Reading | None = None, errors: dict[str, str] | None = None) -> str:
    return render_template(
        "admin/from_text.html", text=text, locale=_locale(), reading=reading, errors=errors or {}
    )
