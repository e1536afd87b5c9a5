"""The review of one exact text: what its reviewer reads, what changed since the last one, and the signature."""

from collections.abc import Collection, Iterator
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

from admin import listing, pictures
from admin.accounts import may, person_now, signed_in_id
from admin.companions import needs_force
from admin.comparing import Compared, compared
from admin.frame import pages_of, require
from admin.linked import Linked, ids_in, linked
from admin.names import names_of
from admin.numbers import number_of
from admin.roles import Right
from content import (
    comments,
    database,
    entries,
    publishing,
    reviews,
    submissions,
    versions,
)
from content.comments import Comment
from content.entries import Entry
from content.errors import ContentError, Fault, Invalid
from content.log import State
from content.reviews import Review, Reviewer, Scope
from content.standings import Standing, standings
from content.submissions import Submission
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
    changed: tuple[Compared, ...]


@dataclass(frozen=True)
class Said:
    """A comment, and whether its passage stands in the text that is shown."""

    comment: Comment
    label: str
    stands: bool


@dataclass(frozen=True)
class Depicted:
    """An image that a text shows, and where its bytes are; `open`: nobody has signed it, and whoever asks may do so."""

    image: Linked
    url: str | None
    unsigned: bool
    open: bool

    @property
    def told(self) -> str:
        """What the form sends: the image, and the very content that was shown."""
        return f"{self.image.entry.id}:{self.image.version.content_hash}"


@dataclass(frozen=True)
class Question:
    """What the page asks about: the very text, who has signed it (newest first), and what changed since before that.

    `newer` is the number of the newest version, if its words are others. `live`: readers have these words; `held`: they
    had them until their review fell due, and get them back by a new one. `sent` is the entry's last submission,
    whatever came of it; `back` the last by which these very words were sent back, and `void` the reviews that went with
    it. `said` are the open comments, the oldest first, `settled` the others; `pictures` are the images that the text
    shows.
    """

    entry: Entry
    row: listing.Row
    version: Version
    newer: int | None
    signed: tuple[Review, ...]
    holding: Review | None
    since: Since | None
    own: bool
    live: bool
    held: bool
    sent: Submission | None
    back: Submission | None
    void: tuple[Review, ...]
    said: tuple[Said, ...]
    settled: tuple[Said, ...]
    pictures: tuple[Depicted, ...]


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
        return refused(entry_id, error)
    flash(f"You have signed version {question.version.number}.", "success")
    there = url_for("reviewing.ask", entry_id=entry_id, version=question.version.number)
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def refused(entry_id: UUID, error: ContentError) -> Response:
    """Show the page again, with what was typed and what does not fit."""
    return make_response(_page(_question(entry_id), error), HTTPStatus.UNPROCESSABLE_ENTITY)


def number_asked(entry_id: UUID) -> int:
    """Return the number of the version that a page or form is about: the newest, unless told."""
    entry = entries.entry(db.session(), entry_id)
    number = number_of(request.values.get("version", str(entry.latest)))
    if number is None or number > entry.latest:
        abort(HTTPStatus.NOT_FOUND)
    return number


def since_last_review(session: Session, version: Version, entry: Entry) -> Since | None:
    """Return what changed in the words since an earlier text was signed; None where none was, or it was erased."""
    review = reviews.signed_before(session, version)
    before = versions.version(session, entry.id, review.version) if review else None
    if review is None or before is None or before.erased or version.erased:
        return None
    words = {field.name for field in entry.content_type.content}
    changed = compared(session, entry.content_type, before.values, version.values, near=True)
    return Since(review, tuple(field for field in changed if field.words.name in words))


def _question(entry_id: UUID) -> Question:
    session = db.session()
    entry = entries.entry(session, entry_id)
    if not entry.content_type.needs_review:
        abort(HTTPStatus.NOT_FOUND)
    standing = standings(session, [entry_id])[entry_id]
    version = versions.version(session, entry_id, number_asked(entry_id))
    if version.erased:
        abort(HTTPStatus.GONE)
    signed = tuple(standing.reviews.get(version.content_hash, ()))
    said = tuple(_said(session, version, entry))
    return Question(
        entry=entry,
        row=listing.row(session, entry_id),
        version=version,
        newer=entry.latest if standing.hashes[entry.latest] != version.content_hash else None,
        signed=signed,
        holding=reviews.holding(signed, database.clock(session)),
        since=since_last_review(session, version, entry),
        own=reviews.is_own(session, version, signed_in_id()),
        live=_is_live(standing, version),
        held=_is_held(standing, version),
        sent=submissions.newest(session, entry_id),
        back=submissions.sent_back(session, version),
        void=tuple(_void(session, version, signed)),
        said=tuple(one for one in said if one.comment.settled_at is None),
        settled=tuple(one for one in said if one.comment.settled_at),
        pictures=tuple(_depicted(session, version, entry)),
    )


def _void(session: Session, version: Version, signed: Collection[Review]) -> Iterator[Review]:
    """Yield the reviews of a version's words that were taken back, newest first."""
    for one in reviews.of_entry(session, version.entry_id):
        if one.content_hash == version.content_hash and one not in signed:
            yield one


def _depicted(session: Session, version: Version, entry: Entry) -> Iterator[Depicted]:
    found = linked(session, ids_in(entry.content_type, version.values, pictures.IMAGE))
    standing = standings(session, list(found)) if found else {}
    for one, image in found.items():
        unsigned = needs_force(standing[one], image.version, database.clock(session))
        own = reviews.is_own(session, image.version, signed_in_id())
        yield Depicted(image, pictures.address(image.version), unsigned, unsigned and not own)


def _said(session: Session, version: Version, entry: Entry) -> Iterator[Said]:
    declared = entry.content_type
    for one in comments.of_entry(session, entry.id):
        # Of what is settled nobody looks for the passage any more.
        sought = one.passage if one.settled_at is None else None
        stands = not sought or comments.stands_in(declared, version.values, one.field, sought)
        yield Said(one, declared.field(one.field).label, stands)


def _is_live(standing: Standing, version: Version) -> bool:
    return standing.live is not None and standing.live.content_hash == version.content_hash


def _is_held(standing: Standing, version: Version) -> bool:
    held = standing.expired and standing.state == State.HELD
    return held and standing.last is not None and standing.last.content_hash == version.content_hash


def _sign(session: Session, question: Question, *, due_on: date, scope: Scope) -> None:
    reviewer, entry_id, number = _reviewer(), question.entry.id, question.version.number
    along = _signed_along(question)
    versions.queue(session, [entry_id, *(image.entry.id for image in along)])
    for image in along:
        reviews.sign(session, image.entry.id, image.version.number, reviewer, due_on=due_on)
    if question.live or question.held:
        publishing.rereview(session, entry_id, reviewer, due_on=due_on, number=number, scope=scope)
        return
    reviews.sign(session, entry_id, number, reviewer, due_on=due_on, scope=scope)
    session.commit()


def _signed_along(question: Question) -> list[Linked]:
    """Return the images that are signed with the text; raises Invalid where one is another by now than was shown."""
    offered = {one.told: one.image for one in question.pictures if one.open}
    asked = dict.fromkeys(request.form.getlist("pictures"))
    if not asked.keys() <= offered.keys():
        raise Invalid(
            [Fault("/pictures", "are not as they were shown to you; look at them again, then sign")]
        )
    return [offered[one] for one in asked]


def _reviewer() -> Reviewer:
    """Return who signs, as their account names them; raises Invalid where it names no credentials."""
    person = person_now()
    assert person
    if not person.credentials:
        raise Invalid([Fault("/credentials", "are missing from your account; an administrator can add them")])
    return Reviewer(signed_in_id(), person.name, person.credentials)


def _due_on() -> date:
    given = request.form.get("due_on", "")
    try:
        # Python reads `20270331` and `2027-W13-3` too.
        if (day := date.fromisoformat(given)).isoformat() == given:
            return day
    except ValueError:
        pass
    raise Invalid([Fault("/due_on", "is needed, like 2027-03-31")])


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
        names=names_of(db.session(), _people(question)),
        may_sign=may(Right.REVIEW) and not question.own and question.entry.trashed_at is None,
        person=person_now(),
        tomorrow=today + timedelta(days=1),
        offered=request.form.get("due_on") or (today + HOLDS).isoformat(),
        render=pictures.rendered,
        form=request.form,
    )


def _people(question: Question) -> Iterator[str]:
    for one in (*question.said, *question.settled):
        yield from (one.comment.by, one.comment.settled_by or one.comment.by)
    for sent in filter(None, (question.sent, question.back)):
        yield from (sent.by, sent.ended_by or sent.by)


_NAMES = {
    "/due_on": "The day of the next review",
    "/credentials": "Credentials",
    "/scope": "What was looked at",
    "/answer": "What is missing or wrong",
    "/message": "The message",
    "/passage": "The passage",
    "/words": "Your comment",
    "/pictures": "The pictures",
    "/submission": "What was submitted",
    "/version": "The version",
}


def _told(error: ContentError) -> str:
    if not isinstance(error, Invalid):
        return str(error)
    return " ".join(
        f"{_NAMES.get(fault.pointer, fault.pointer.strip('/'))} {fault.detail}." for fault in error.faults
    )
