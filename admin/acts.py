"""The buttons that change what is public: publish, withdraw, reinstate. Each is a page that asks, and one act."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
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

from admin import companions, listing, picking
from admin.accounts import may, signed_in_id
from admin.comparing import Compared, compared
from admin.foresight import Foresight, as_json, foresee
from admin.frame import pages_of, require
from admin.names import names_of
from admin.numbers import number_of
from admin.reviewing import Since, since_last_review
from admin.roles import Right
from admin.scheduling import may_cancel, told_of
from admin.times import instant_of, local
from content import entries, publishing, reviews, schedule, versions
from content.database import take_act_lock
from content.entries import Entry
from content.errors import ContentError
from content.log import Act, ChangeKind, State, checked_kind
from content.schedule import Verb
from content.standings import Standing, standings
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


@dataclass(frozen=True)
class Question:
    """What a page asks about: the entry where it stands, the version meant, and whether a review of it holds.

    `since` tells what changed since an earlier text was reviewed.
    """

    entry: Entry
    row: listing.Row
    standing: Standing
    version: Version
    needs_force: bool
    since: Since | None
    changed: tuple[Compared, ...]
    companions: tuple[Entry, ...]


@pages.get("/publish")
def ask_to_publish(entry_id: UUID) -> str:
    """Show what would change for readers, and ask for kind, note and, without a review, a reason."""
    require(Right.PUBLISH)
    question = _question(entry_id)
    if question.row.live == question.version.number:
        return _page("publish", question)
    forced = question.needs_force

    def act(session: Session, by: str) -> Act:
        steps = companions.publications(session, question.version, question.companions, forced=forced)
        return publishing.perform(session, steps, by=by, reason=_REHEARSED if forced else None)

    return _page("publish", question, foreseen=foresee(act))


@pages.post("/publish")
def publish(entry_id: UUID) -> Response:
    """Publish a version in one act, with the topics and authors that it is the first to name."""
    require(Right.PUBLISH)
    question = _question(entry_id)
    if _LATER in request.form:
        return _planned("publish", question, partial(_plan_publication, question))

    def act(session: Session, by: str) -> Act:
        kind, reason = checked_kind(request.form.get("kind", ChangeKind.EDITORIAL)), _reason(question)
        steps = companions.publications(
            session,
            question.version,
            question.companions,
            kind=kind,
            note=_note(question, kind),
            forced=bool(reason),
        )
        _require_what_was_compared(session, entry_id)
        return publishing.perform(session, steps, by=by, reason=reason)

    return _done("publish", question, act, f"Version {question.version.number} is public.")


@pages.get("/withdraw")
def ask_to_withdraw(entry_id: UUID) -> str:
    """Ask how an entry is to leave the public, and why."""
    require(Right.WITHDRAW)
    question = _question(entry_id)

    def act(session: Session, by: str) -> Act:
        return publishing.withdraw(session, entry_id, by=by)

    return _page("withdraw", question, foreseen=foresee(act))


@pages.post("/withdraw")
def withdraw(entry_id: UUID) -> Response:
    """Take an entry from the public."""
    require(Right.WITHDRAW)
    question = _question(entry_id)
    if _LATER in request.form:
        return _planned("withdraw", question, partial(_plan_withdrawal, question))

    def act(session: Session, by: str) -> Act:
        return publishing.withdraw(
            session,
            entry_id,
            by=by,
            manner=_one_of(State, request.form.get("manner", "")),
            target=_target(),
            note=request.form.get("note"),
            reason=_required_reason(),
        )

    return _done("withdraw", question, act, "It is withdrawn.")


@pages.get("/reinstate")
def ask_to_reinstate(entry_id: UUID) -> str:
    """Ask which version is to come back, and why."""
    require(Right.WITHDRAW)
    return _page("reinstate", _question(entry_id))


@pages.post("/reinstate")
def reinstate(entry_id: UUID) -> Response:
    """Bring an entry back to the public."""
    require(Right.WITHDRAW)
    question = _question(entry_id)

    def act(session: Session, by: str) -> Act:
        number, note = question.version.number, request.form.get("note")
        return publishing.reinstate(session, entry_id, number, by=by, note=note, forced=_reason(question))

    return _done("reinstate", question, act, f"Version {question.version.number} is public again.")


class _Unanswered(ContentError):
    """Something that the page asks for was not answered."""


def _question(entry_id: UUID) -> Question:
    session = db.session()
    entry = entries.entry(session, entry_id)
    standing = standings(session, [entry_id])[entry_id]
    version = versions.version(session, entry_id, _number(entry))
    shown = versions.version(session, entry_id, standing.live.version).values if standing.live else {}
    return Question(
        entry=entry,
        row=listing.row(session, entry_id),
        standing=standing,
        version=version,
        needs_force=needs_force(standing, version),
        since=since_last_review(session, version, entry),
        changed=tuple(compared(session, entry.content_type, shown, version.values, near=True)),
        companions=tuple(companions.companions(session, version, entry)),
    )


def _number(entry: Entry) -> int:
    number = number_of(request.values.get("version", str(entry.latest)))
    if number is None or number > entry.latest:
        abort(HTTPStatus.NOT_FOUND)
    return number


def needs_force(standing: Standing, version: Version) -> bool:
    """Tell whether a version can be published only by force: no review of its words holds, and it needs one."""
    if not standing.entry.content_type.health:
        return False
    if standing.live and standing.live.content_hash == version.content_hash:
        return False
    signed = standing.reviews.get(version.content_hash, [])
    return reviews.holding(signed, datetime.now(UTC)) is None


def _require_what_was_compared(session: Session, entry_id: UUID) -> None:
    """Refuse where the page showed changes from another version than is live; none becomes so before the act."""
    if "live" not in request.form:
        return
    take_act_lock(session)
    live = standings(session, [entry_id])[entry_id].live
    if request.form["live"] != (str(live.version) if live else ""):
        raise _Unanswered(
            "What readers have is another version by now. See below what would change, then publish."
        )


def _reason(question: Question) -> str | None:
    """The reason why no review is waited for, where one is; who may not force is refused."""
    if not question.needs_force:
        return None
    require(Right.FORCE)
    return _required_reason()


def _note(question: Question, kind: ChangeKind) -> str:
    """What readers are told of a change; of more than a typo in what was public they must be told."""
    note = request.form.get("note", "").strip()
    require_note(question.standing, kind, note)
    return note


def require_note(standing: Standing, kind: ChangeKind, note: str | None) -> None:
    """Refuse a change of more than a typo in what was public, of which readers are told nothing."""
    if not note and standing.public and kind != ChangeKind.TYPO:
        raise _Unanswered("A public note is needed: tell readers what changed. Only a typo goes without.")


def _required_reason() -> str:
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise _Unanswered("A reason is needed; it stays inside and is kept in the log.")
    return reason


def _target() -> str | None:
    manner = request.form.get("manner", "")
    if manner == State.GONE:
        return None
    return request.form.get("target_entry", "") or request.form.get("target_url", "").strip() or None


def _targets(entry: Entry) -> list[picking.Option]:
    chosen = request.form.get("target_entry", "")
    return picking.live_options(db.session(), entry, chosen)


def _one_of(kind: type[State], value: str) -> State:
    if value not in MANNERS:
        raise _Unanswered("Choose how it is to be withdrawn.")
    return kind(value)


def _done(name: str, question: Question, act: Callable[[Session, str], Act], told: str) -> Response:
    session, entry_id = db.session(), question.entry.id
    try:
        act(session, signed_in_id())
    except ContentError as error:
        session.rollback()
        return make_response(_page(name, _question(entry_id), str(error)), HTTPStatus.CONFLICT)
    flash(told, "success")
    plural = question.entry.content_type.plural
    there = url_for(f"{plural}.edit", entry_id=entry_id)
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _plan_publication(question: Question, session: Session, by: str, due_at: datetime) -> None:
    """Put the publication of this very version on the schedule, what it is the first to name along with it."""
    reason, kind = _reason(question), checked_kind(request.form.get("kind", ChangeKind.EDITORIAL))
    companions.plan(
        session,
        question.version,
        question.companions,
        due_at=due_at,
        by=by,
        kind=kind,
        note=_note(question, kind),
        reason=reason,
    )


def _plan_withdrawal(question: Question, session: Session, by: str, due_at: datetime) -> None:
    schedule.schedule(
        session,
        Verb.WITHDRAW,
        question.entry.id,
        due_at=due_at,
        by=by,
        reason=_required_reason(),
        manner=_one_of(State, request.form.get("manner", "")),
        target=_target(),
        note=request.form.get("note"),
    )


def _planned(name: str, question: Question, plan: Callable[[Session, str, datetime], None]) -> Response:
    session, entry_id = db.session(), question.entry.id
    try:
        due_at = instant_of(request.form.get("due_at", ""), request.form.get("due_at-turn", ""), "/moment")
        plan(session, signed_in_id(), due_at)
    except ContentError as error:
        session.rollback()
        return make_response(_page(name, _question(entry_id), str(error)), HTTPStatus.CONFLICT)
    session.commit()
    flash(f"It is on the schedule, for {local(due_at):%-d %b %Y, %H:%M}.", "success")
    return redirect(url_for("schedule.index"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _page(name: str, question: Question, error: str | None = None, foreseen: Foresight | None = None) -> str:
    waiting = schedule.waiting_for(db.session(), question.entry.id)
    return render_template(
        f"admin/{name}.html",
        asked=question,
        error=error,
        foreseen=foreseen,
        as_json=as_json,
        kinds=KINDS,
        manners=MANNERS,
        targets=_targets(question.entry) if name == "withdraw" else (),
        may_force=may(Right.FORCE),
        form=request.form,
        waiting=told_of(db.session(), waiting),
        names=names_of(db.session(), (one.by for one in waiting)),
        may_cancel=may_cancel,
        now=datetime.now(UTC),
    )
