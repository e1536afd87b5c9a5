"""Submitting: handing a version to the reviewers, sending it back, and what colleagues say of its passages."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, request, url_for
from sqlalchemy.orm import Session

from admin import reviewing
from admin.accounts import signed_in_id
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.roles import Right
from content import comments, publishing, reviews, submissions
from content.errors import ContentError, Fault, Invalid, NotFound
from storage import db

pages: Blueprint = pages_of("submitting", __name__, "/admin/entries/<uuid:entry_id>/review")


@pages.post("/submit")
def submit(entry_id: UUID) -> Response:
    """Hand the version that was shown to the reviewers."""
    require(Right.WRITE)
    number = reviewing.number_asked(entry_id)

    def do(session: Session, by: str) -> None:
        reviews.submit(session, entry_id, number, by=by, message=request.form.get("message"))

    return _done(entry_id, do, f"Version {number} waits for a reviewer.")


@pages.post("/send-back")
def send_back(entry_id: UUID) -> Response:
    """Send what waits back to whoever wrote it, with what is missing."""
    require(Right.REVIEW)

    def do(session: Session, by: str) -> None:
        waits = _that_waits(session, entry_id)
        publishing.send_back(session, waits, by=by, answer=request.form.get("answer"))

    return _done(entry_id, do, "It went back, with what is missing.")


@pages.post("/revoke")
def revoke(entry_id: UUID) -> Response:
    """Take back what was signed of the version that was shown: it must not go out as it is."""
    require(Right.REVIEW)
    number = reviewing.number_asked(entry_id)

    def do(session: Session, by: str) -> None:
        publishing.revoke(session, entry_id, number, by=by, answer=request.form.get("wrong"))

    return _done(entry_id, do, f"Version {number} went back to whoever wrote it, and bears no signature.")


@pages.post("/take-back")
def take_back(entry_id: UUID) -> Response:
    """Take back what waits: its text is not ready."""
    require(Right.WRITE)

    def do(session: Session, by: str) -> None:
        submissions.take_back(session, _that_waits(session, entry_id), by=by)

    return _done(entry_id, do, "It waits for no reviewer any more.")


@pages.post("/comment")
def comment(entry_id: UUID) -> Response:
    """Say something of a passage of the version that was shown."""
    require(Right.WRITE)
    number = reviewing.number_asked(entry_id)

    def do(session: Session, by: str) -> None:
        comments.comment(
            session,
            entry_id,
            number,
            field=request.form.get("field", ""),
            passage=request.form.get("passage"),
            words=request.form.get("words"),
            by=by,
        )

    return _done(entry_id, do, "Your comment stands beside the text.")


@pages.post("/settle/<uuid:comment_id>")
def settle(entry_id: UUID, comment_id: UUID) -> Response:
    """Say that a comment was dealt with."""
    require(Right.WRITE)

    def do(session: Session, by: str) -> None:
        comments.settle(session, comment_id, entry_id=entry_id, by=by)

    return _done(entry_id, do, "Settled.")


def _done(entry_id: UUID, do: Callable[[Session, str], None], told: str) -> Response:
    """Do something and go back to the review, or show it again with what does not fit."""
    session = db.session()
    try:
        do(session, signed_in_id())
    except NotFound:
        raise
    except ContentError as error:
        session.rollback()
        return reviewing.refused(entry_id, error)
    session.commit()
    flash(told, "success")
    there = url_for("reviewing.ask", entry_id=entry_id, version=request.args.get("version"))
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _that_waits(session: Session, entry_id: UUID) -> UUID:
    """Return the id of the submission that the form is about; raises Invalid where that waits no more."""
    waits, meant = submissions.waiting_for(session, entry_id), id_of(request.form.get("submission", ""))
    if waits is None or waits.id != meant:
        raise Invalid([Fault("/submission", "does not wait any more")])
    return waits.id
