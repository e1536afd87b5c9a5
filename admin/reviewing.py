"""The review of one exact text: what its reviewer reads, what changed since the last one, and the signature."""

from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session

from admin import listing
from admin.accounts import may, person_now, signed_in_id
from admin.frame import pages_of, require
from admin.numbers import number_of
from admin.roles import Right
from content import database, diffs, entries, markup, publishing, reviews, versions
from content.diffs import FieldDiff
from content.entries import Entry
from content.errors import ContentError, Fault, Invalid
from content.reviews import Review, Reviewer, Scope
from content.standings import Standing, standings
from content.versions import Version
from storage import db

pages: Blueprint = pages_of("reviewing", __name__, "/admin/entries/<uuid:entry_id>/review")

HOLDS = timedelta(days=365)  # how long a review is offered to hold
SCOPES = {
    Scope.PAGE: "The whole text: I have read all of it.",
    Scope.CHANGE: "Only the change: I have read what is marked since the last review.",
}


@dataclass(frozen=True)
class Since:
    """The last review of an earlier text, and the fields whose words are others by now."""

    review: Review
    changed: tuple[FieldDiff, ...]


@dataclass(frozen=True)
class Question:
    """What the page asks about: the very text, who has signed it (newest first), and what changed since before that."""

    entry: Entry
    row: listing.Row
    version: Version
    signed: tuple[Review, ...]
    holding: Review | None
    since: Since | None
    own: bool
    live: bool


@pages.get("")
def ask(entry_id: UUID) -> str:
    """Show the text as its readers will have it, and what was signed of it."""
    return _page(_question(entry_id))


@pages.post("")
def sign(entry_id: UUID) -> Response:
    """Sign the very text that was shown; readers who have it already are told at once."""
    require(Right.REVIEW)
    question, session = _question(entry_id), db.session()
    try:
        _sign(session, question, due_on=_due_on(), scope=_scope(question))
    except ContentError as error:
        session.rollback()
        return make_response(_page(_question(entry_id), error), HTTPStatus.UNPROCESSABLE_ENTITY)
    flash(f"You have signed version {question.version.number}.", "success")
    there = url_for("reviewing.ask", entry_id=entry_id, version=question.version.number)
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def since_last_review(session: Session, version: Version, entry: Entry) -> Since | None:
    """Return what changed in the words since an earlier text was signed; None where none was, or it was erased."""
    review = reviews.signed_before(session, version)
    before = versions.version(session, entry.id, review.version) if review else None
    if review is None or before is None or before.erased or version.erased:
        return None
    words = {field.name for field in entry.content_type.content}
    changed = diffs.compare(entry.content_type, before.values, version.values)
    return Since(review, tuple(field for field in changed if field.name in words))


def _question(entry_id: UUID) -> Question:
    session = db.session()
    entry = entries.entry(session, entry_id)
    if not entry.content_type.health:
        abort(HTTPStatus.NOT_FOUND)
    standing = standings(session, [entry_id])[entry_id]
    version = versions.version(session, entry_id, _number(entry))
    if version.erased:
        abort(HTTPStatus.GONE)
    signed = tuple(standing.reviews.get(version.content_hash, ()))
    return Question(
        entry=entry,
        row=listing.row(session, entry_id),
        version=version,
        signed=signed,
        holding=reviews.holding(signed, database.clock(session)),
        since=since_last_review(session, version, entry),
        own=reviews.is_own(session, version, signed_in_id()),
        live=_is_live(standing, version),
    )


def _number(entry: Entry) -> int:
    number = number_of(request.values.get("version", str(entry.latest)))
    if number is None or number > entry.latest:
        abort(HTTPStatus.NOT_FOUND)
    return number


def _is_live(standing: Standing, version: Version) -> bool:
    return standing.live is not None and standing.live.content_hash == version.content_hash


def _sign(session: Session, question: Question, *, due_on: date, scope: Scope) -> None:
    reviewer, entry_id = _reviewer(), question.entry.id
    if question.live:
        publishing.rereview(session, entry_id, reviewer, due_on=due_on, scope=scope)
        return
    reviews.sign(session, entry_id, question.version.number, reviewer, due_on=due_on, scope=scope)
    session.commit()


def _reviewer() -> Reviewer:
    """Return who signs, as their account names them; raises Invalid where it names no credentials."""
    person = person_now()
    assert person
    if not person.credentials:
        raise Invalid([Fault("/credentials", "are missing from your account; an administrator can add them")])
    return Reviewer(signed_in_id(), person.name, person.credentials)


def _due_on() -> date:
    try:
        return date.fromisoformat(request.form.get("due_on", ""))
    except ValueError as error:
        raise Invalid([Fault("/due_on", "is no day")]) from error


def _scope(question: Question) -> Scope:
    """Return what was looked at; only where an earlier text was signed can it have been the change alone."""
    asked = request.form.get("scope", "")
    if asked not in (list(Scope) if question.since else [Scope.PAGE]):
        raise Invalid([Fault("/scope", "is not one of those offered")])
    return Scope(asked)


def _page(question: Question, error: ContentError | None = None) -> str:
    today = database.clock(db.session()).date()
    return render_template(
        "admin/review.html",
        asked=question,
        error=_told(error) if error else None,
        scopes=SCOPES if question.since else {Scope.PAGE: SCOPES[Scope.PAGE]},
        may_sign=may(Right.REVIEW) and not question.own and question.entry.trashed_at is None,
        person=person_now(),
        tomorrow=today + timedelta(days=1),
        offered=request.form.get("due_on") or (today + HOLDS).isoformat(),
        render=markup.render,
        form=request.form,
    )


_NAMES = {
    "/due_on": "The day of the next review",
    "/credentials": "Credentials",
    "/scope": "What was looked at",
}


def _told(error: ContentError) -> str:
    if not isinstance(error, Invalid):
        return str(error)
    return " ".join(
        f"{_NAMES.get(fault.pointer, fault.pointer.strip('/'))} {fault.detail}." for fault in error.faults
    )
