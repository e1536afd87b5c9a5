"""The buttons that change what is public: publish, withdraw, reinstate. Each is a page that asks, and one act."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any
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

from admin import companions, listing, picking
from admin.accounts import may, signed_in_id
from admin.autosaving import as_saved
from admin.companions import Companion, needs_force
from admin.comparing import Compared, compared, numbers_changed
from admin.foresight import Foresight, as_json, foresee
from admin.frame import pages_of, require
from admin.names import names_of
from admin.numbers import number_of
from admin.reviewing import Since, since_last_review
from admin.roles import Right
from admin.scheduling import may_cancel, told_of
from admin.times import clock, local, moment_in, zone
from admin.version_choices import version_choices
from admin.wrong import Unanswered, sentence, wrong_field
from content import comments, entries, publishing, reviews, schedule, submissions, versions
from content.comments import Comment
from content.database import take_act_lock
from content.entries import Entry
from content.errors import ContentError, Invalid
from content.log import Act, ChangeKind, State, checked_kind
from content.reviews import Review
from content.schedule import Scheduled, Verb
from content.standings import Standing, standings
from content.submissions import Submission
from content.versions import Version
from storage import db

pages: Blueprint = pages_of("acts", __name__, "/admin/entries/<uuid:entry_id>")

MANNERS = {
    State.GONE: "Gone: its address says that it was withdrawn.",
    State.REDIRECTED: "Redirected: its address leads elsewhere.",
    State.REPLACED: "Replaced: its address names the text that takes its place.",
}
KINDS = {
    ChangeKind.TYPO: "Typo: nothing that a reader would notice; the review keeps its dates.",
    ChangeKind.EDITORIAL: "Editorial: said better or at greater length.",
    ChangeKind.CLINICAL: "Clinical: what is said about health has changed.",
    ChangeKind.SAFETY: "Safety: readers of the earlier text should know.",
}

_REHEARSED = "a rehearsal"  # the reason of a forced act that is taken back
_LATER = "later"  # the button that puts an act on the schedule
LOOK = "look"  # the button that shows what would happen as the form is filled in


@dataclass(frozen=True)
class Question:
    """What a page asks about: the entry where it stands, the version meant, and whether a review of it holds then.

    `ends` is a review that holds now, and no more at the moment for which the form puts it on the schedule.
    `since` tells what changed since an earlier text was reviewed; `signed` is that version, where it can be published
    instead; `sent_back` is the last submission by which these very words were sent back, where nobody has signed them
    since; `said` are the open comments on the text; `numbers` those that only the live text has, and those that only
    this one has; `left_behind` are drafts that it shows and readers will not have,
    since nobody has signed them or they lie in the trash.
    """

    entry: Entry
    row: listing.Row
    standing: Standing
    version: Version
    needs_force: bool
    ends: Review | None
    since: Since | None
    signed: int | None
    sent_back: Submission | None
    said: Sequence[Comment]
    changed: tuple[Compared, ...]
    numbers: tuple[list[str], list[str]]
    companions: tuple[Companion, ...]
    left_behind: tuple[Entry, ...]

    @property
    def is_another_text(self) -> bool:
        """Whether readers would get other words than those that they had last."""
        last = self.standing.last
        return last is None or last.content_hash != self.version.content_hash


@pages.get("/publish")
def ask_to_publish(entry_id: UUID) -> str:
    """Show what would change for readers, and ask for kind, note and, without a review, a reason."""
    require(Right.PUBLISH)
    question = _question(entry_id)
    if question.row.live == question.version.number:
        return _page("publish", question)
    return _foreseen("publish", question, partial(_publication, question))


@pages.post("/publish")
def publish(entry_id: UUID) -> Response:
    """Publish a version in one act, with the topics and authors that it is the first to name."""
    require(Right.PUBLISH)
    question = _question(entry_id)
    if LOOK in request.form:
        return make_response(_foreseen("publish", question, partial(_publication, question)))
    if _LATER in request.form:
        return _planned("publish", question, partial(_plan_publication, question))

    def act(session: Session, by: str) -> Act:
        _require_no_moment()
        reason = _reason(question)
        _note(question, _kind())
        # No other version becomes the live one before the act.
        take_act_lock(session)
        _require_what_was_compared(session, entry_id)
        return _publication(question, session, by, reason)

    return _done("publish", question, act, f"Version {question.version.number} is public.")


@pages.get("/withdraw")
def ask_to_withdraw(entry_id: UUID) -> str:
    """Ask how an entry is to leave the public, and why."""
    require(Right.WITHDRAW)
    question = _question(entry_id)
    return _foreseen("withdraw", question, partial(_withdrawal, question))


@pages.post("/withdraw")
def withdraw(entry_id: UUID) -> Response:
    """Take an entry from the public."""
    require(Right.WITHDRAW)
    question = _question(entry_id)
    if LOOK in request.form:
        return make_response(_foreseen("withdraw", question, partial(_withdrawal, question)))
    if _LATER in request.form:
        return _planned("withdraw", question, partial(_plan_withdrawal, question))

    def act(session: Session, by: str) -> Act:
        _require_no_moment()
        manner_asked()
        reason = _required_reason()
        required_public_reason()
        return _withdrawal(question, session, by, reason)

    return _done("withdraw", question, act, "It is withdrawn.")


@pages.get("/reinstate")
def ask_to_reinstate(entry_id: UUID) -> str:
    """Show what would come back, and ask which version it is to be, and why."""
    require(Right.WITHDRAW)
    question = _question(entry_id)
    return _foreseen("reinstate", question, partial(_reinstatement, question))


@pages.post("/reinstate")
def reinstate(entry_id: UUID) -> Response:
    """Bring an entry back to the public."""
    require(Right.WITHDRAW)
    question = _question(entry_id)
    if LOOK in request.form:
        return make_response(_foreseen("reinstate", question, partial(_reinstatement, question)))

    def act(session: Session, by: str) -> Act:
        reason = _reason(question) or _required_reason()
        if question.is_another_text:
            _note(question, _kind())
        return _reinstatement(question, session, by, reason)

    return _done("reinstate", question, act, f"Version {question.version.number} is public again.")


def _publication(question: Question, session: Session, by: str, reason: str | None = _REHEARSED) -> Act:
    """Publish as the form says; it is forced where that is needed."""
    forced, note = question.needs_force, request.form.get("note")
    steps = companions.publications(
        session, question.version, question.companions, kind=_kind(), note=note, forced=forced
    )
    return publishing.perform(session, steps, by=by, reason=reason if forced else None)


def _withdrawal(question: Question, session: Session, by: str, reason: str = _REHEARSED) -> Act:
    """Withdraw as the form says; one that was not filled in yet says that it is gone."""
    manner = manner_asked() if request.form else {}
    note = request.form.get("note")
    return publishing.withdraw(session, question.entry.id, by=by, **manner, note=note, reason=reason)


def _reinstatement(question: Question, session: Session, by: str, reason: str = _REHEARSED) -> Act:
    """Reinstate as the form says; it is forced where that is needed."""
    return publishing.reinstate(
        session,
        question.entry.id,
        question.version.number,
        by=by,
        kind=_kind(),
        note=request.form.get("note"),
        reason=reason,
        forced=reason if question.needs_force else None,
    )


def _kind() -> ChangeKind:
    return checked_kind(request.form.get("kind", ChangeKind.EDITORIAL))


def _question(entry_id: UUID) -> Question:
    session = db.session()
    entry = entries.entry(session, entry_id)
    standing = standings(session, [entry_id])[entry_id]
    version = versions.version(session, entry_id, _number(entry))
    shown = versions.version(session, entry_id, standing.live.version).values if standing.live else {}
    at, now = _moment_asked(), datetime.now(UTC)
    forced = needs_force(standing, version, at)
    named = companions.drafts(session, version, entry, at=at)
    since = since_last_review(session, version, entry)
    changed = tuple(compared(session, entry.content_type, shown, version.values, near=True))
    return Question(
        entry=entry,
        row=listing.row(session, entry_id),
        standing=standing,
        version=version,
        needs_force=forced,
        ends=reviews.holding(standing.reviews.get(version.content_hash, []), now) if forced else None,
        since=since,
        signed=_signed(standing, since, at),
        sent_back=_sent_back(session, standing, version),
        said=comments.open_of(session, entry_id),
        changed=changed,
        numbers=numbers_changed(entry.content_type, changed),
        companions=tuple(companions.companions(named, forced=forced)),
        left_behind=tuple(companions.left_behind(named, forced=forced)),
    )


def _sent_back(session: Session, standing: Standing, version: Version) -> Submission | None:
    return None if version.content_hash in standing.reviews else submissions.sent_back(session, version)


def _signed(standing: Standing, since: Since | None, at: datetime) -> int | None:
    """Return the version that was signed last, where that holds and nothing newer is public; else None."""
    if since is None or reviews.holding(standing.reviews[since.review.content_hash], at) is None:
        return None
    number, live = since.review.version, standing.live.version if standing.live else 0
    return number if number > live and since.review.content_hash not in standing.struck else None


def _moment_asked() -> datetime:
    """Return when it is to be done: now, unless the form puts it on the schedule."""
    if _LATER in request.form:
        with suppress(Invalid):
            # A moment that is past is refused, and asks for no reason.
            return max(moment_in(request.form, "due_at", "/moment"), datetime.now(UTC))
    return datetime.now(UTC)


def _number(entry: Entry) -> int:
    number = number_of(request.values.get("version", str(entry.latest)))
    if number is None or number > entry.latest:
        abort(HTTPStatus.NOT_FOUND)
    return number


def _require_what_was_compared(session: Session, entry_id: UUID) -> None:
    """Refuse where the page showed changes from another version than is live."""
    if "live" not in request.form:
        return
    live = standings(session, [entry_id])[entry_id].live
    if request.form["live"] != (str(live.version) if live else ""):
        raise Unanswered(
            "What readers have is another version by now. See below what would change, then publish."
        )


def _is_public_by_now(question: Question) -> bool:
    """Whether readers have the very version that is to be published, and had another on the page: a second click."""
    live = str(question.row.live or "")
    return live == str(question.version.number) and request.form.get("live", live) != live


def _reason(question: Question) -> str | None:
    """The reason why no review is waited for, where one is; who may not force is refused."""
    if not question.needs_force:
        return None
    require(Right.FORCE)
    return _required_reason()


def _require_review_until_then(question: Question) -> None:
    """Refuse a moment past the last day of the review, unless a reason for forcing it is given."""
    if question.ends is None or (may(Right.FORCE) and request.form.get("reason", "").strip()):
        return
    forced = ", or give a reason to publish it without a review" if may(Right.FORCE) else ""
    raise Unanswered(
        f"The review of these words holds until {question.ends.due_on:%-d %b %Y} only. Choose an earlier moment, "
        f"have them signed for longer{forced}.",
        "due_at",
    )


def _note(question: Question, kind: ChangeKind) -> str:
    """What readers are told of a change; of more than a typo in what was public they must be told."""
    note = request.form.get("note", "").strip()
    require_note(question.standing, kind, note)
    return note


def require_note(standing: Standing, kind: ChangeKind, note: str | None) -> None:
    """Refuse a change of more than a typo in what was public, of which readers are told nothing."""
    if not note and standing.public and kind != ChangeKind.TYPO:
        raise Unanswered(
            "A public note is needed: tell readers what changed. Only a typo goes without.", "note"
        )


def required_public_reason() -> str:
    """Return what readers are told of a withdrawal, for whatever is withdrawn was public; refuse where it is none."""
    note = request.form.get("note", "").strip()
    if not note:
        raise Unanswered("A public note is needed: tell readers why it was withdrawn.", "note")
    return note


def _require_no_moment() -> None:
    """Refuse to do at once what a moment was named for: that button is pressed by a slip, or by Enter in the field."""
    if request.form.get("due_at", "").strip():
        raise Unanswered(
            "Nothing was done, for you named a moment. Press “Put on the schedule”, or empty it to do this at once.",
            "due_at",
        )


def _required_reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise Unanswered("A reason is needed; it stays inside and is kept in the log.", "reason")
    return reason


def manner_asked() -> dict[str, Any]:
    """Return the manner of a withdrawal that a form asks for, and where that leads; raises where that is none."""
    manner = request.form.get("manner", "")
    if manner not in MANNERS:
        raise Unanswered("Choose how it is to be withdrawn.", "manner")
    entry, url = request.form.get("target_entry", ""), request.form.get("target_url", "").strip()
    if manner == State.GONE and (entry or url):
        raise Unanswered(
            "What is gone leads nowhere. Choose “Redirected” or “Replaced”, or take away where it leads.",
            "target_entry" if entry else "target_url",
        )
    if entry and url:
        raise Unanswered("It can lead to one place only: a text of ours, or the address.", "target_url")
    if manner == State.REPLACED and url:
        raise Unanswered(
            "Only a text of ours takes its place. Choose one, or choose “Redirected” for an address.",
            "target_url",
        )
    return {"manner": State(manner), "target": entry or url or None}


def _targets(entry: Entry) -> list[picking.Option]:
    chosen = request.form.get("target_entry", "")
    return picking.live_options(db.session(), entry.type, entry.locale, chosen, but=entry)


def _done(name: str, question: Question, act: Callable[[Session, str], Act], told: str) -> Response:
    session, entry_id = db.session(), question.entry.id
    try:
        act(session, signed_in_id())
    except ContentError as error:
        session.rollback()
        by_now = _question(entry_id)
        if name != "publish" or not _is_public_by_now(by_now):
            return make_response(_page(name, by_now, error), HTTPStatus.CONFLICT)
    flash(told, "success")
    return redirect(as_saved(question.entry), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _plan_publication(question: Question, session: Session, by: str, due_at: datetime) -> None:
    """Put the publication of this very version on the schedule, what it is the first to name along with it."""
    kind = _kind()
    _require_review_until_then(question)
    reason = _reason(question)
    _require_what_was_compared(session, question.entry.id)
    companions.plan(
        session,
        question.version,
        question.companions,
        due_at=due_at,
        by=by,
        kind=kind,
        note=_note(question, kind),
        reason=reason,
        # What was compared is what it may replace, whatever is published before this is on the schedule.
        planned_over=int(request.form["live"] or 0) if "live" in request.form else None,
    )


def _plan_withdrawal(question: Question, session: Session, by: str, due_at: datetime) -> None:
    schedule.schedule(
        session,
        Verb.WITHDRAW,
        question.entry.id,
        due_at=due_at,
        by=by,
        reason=_required_reason(),
        **manner_asked(),
        note=required_public_reason(),
    )


def _planned(name: str, question: Question, plan: Callable[[Session, str, datetime], None]) -> Response:
    session, entry_id = db.session(), question.entry.id
    try:
        due_at = moment_in(request.form, "due_at", "/moment")
        plan(session, signed_in_id(), due_at)
    except ContentError as error:
        session.rollback()
        return make_response(_page(name, _question(entry_id), error), HTTPStatus.CONFLICT)
    session.commit()
    flash(f"It is on the schedule, for {local(due_at):%-d %b %Y}, {clock(due_at)} ({zone()}).", "success")
    return redirect(url_for("schedule.index"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _foreseen(name: str, question: Question, act: Callable[[Session, str], Act]) -> str:
    """Return the page with what would happen, were its button pressed as the form is filled in."""
    return _page(name, question, foreseen=foresee(act))


def _people(question: Question, waiting: Sequence[Scheduled]) -> Iterator[str]:
    yield from (one.by for one in waiting)
    yield from (one.by for one in question.said)
    if question.sent_back:
        yield question.sent_back.ended_by or question.sent_back.by


def _page(
    name: str, question: Question, error: ContentError | None = None, foreseen: Foresight | None = None
) -> str:
    waiting = schedule.waiting_for(db.session(), question.entry.id)
    return render_template(
        f"admin/{name}.html",
        asked=question,
        error=error and sentence(error, request.form),
        wrong=error and wrong_field(error, request.form),
        foreseen=foreseen,
        as_json=as_json,
        kinds=KINDS,
        manners=MANNERS,
        targets=_targets(question.entry) if name == "withdraw" else (),
        versions=version_choices(db.session(), question.entry) if name == "reinstate" else (),
        may_force=may(Right.FORCE),
        form=request.form,
        waiting=told_of(db.session(), waiting),
        names=names_of(db.session(), _people(question, waiting)),
        may_cancel=may_cancel,
        now=datetime.now(UTC),
    )
