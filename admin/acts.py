"""The buttons that change what is public: publish, withdraw, reinstate. Each is a page that asks, and one act."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session

from admin import act_questions, companions, effects, picking
from admin.accounts import may, signed_in_id
from admin.act_forms import (
    KINDS,
    LATER,
    LOOK,
    MANNERS,
    kind_asked,
    manner_asked,
    require_no_moment,
    require_note,
    required_public_reason,
    required_reason,
)
from admin.act_questions import Question
from admin.autosaving import as_saved
from admin.beside import findings
from admin.foresight import Foresight, as_json, foresee
from admin.frame import pages_of, require
from admin.links_here import in_a_sentence, links_here
from admin.names import names_of
from admin.roles import Right
from admin.scheduling import may_cancel, told_of
from admin.times import clock, local, moment_in, zone
from admin.version_choices import version_choices
from admin.wrong import Unanswered, sentence, wrong_field
from content import publishing, schedule
from content.checks import Finding
from content.database import take_act_lock
from content.entries import Entry
from content.errors import ContentError
from content.log import Act, ChangeKind
from content.schedule import Scheduled, Verb
from content.standings import standings
from storage import db

pages: Blueprint = pages_of("acts", __name__, "/admin/entries/<uuid:entry_id>")

_REHEARSED = "a rehearsal"  # the reason of a forced act that is taken back


@pages.get("/publish")
def ask_to_publish(entry_id: UUID) -> str:
    """Show what would change for readers, and ask for kind, note and, without a review, a reason."""
    require(Right.PUBLISH)
    question = act_questions.question(entry_id)
    if question.row.live == question.version.number:
        return _page("publish", question)
    return _foreseen("publish", question, partial(_publication, question))


@pages.post("/publish")
def publish(entry_id: UUID) -> Response:
    """Publish a version in one act, with the topics and authors that it is the first to name."""
    require(Right.PUBLISH)
    question = act_questions.question(entry_id)
    if LOOK in request.form:
        return make_response(_foreseen("publish", question, partial(_publication, question)))
    if LATER in request.form:
        return _planned("publish", question, partial(_plan_publication, question))

    def act(session: Session, by: str) -> Act:
        require_no_moment()
        reason = _reason(question)
        _note(question, kind_asked())
        # No other version becomes the live one before the act.
        take_act_lock(session)
        _require_what_was_shown(session, question)
        _require_what_goes_along(question)
        return _publication(question, session, by, reason)

    return _done("publish", question, act, f"Version {question.version.number} is public.")


@pages.get("/withdraw")
def ask_to_withdraw(entry_id: UUID) -> str:
    """Ask how an entry is to leave the public, and why."""
    require(Right.WITHDRAW)
    question = act_questions.question(entry_id)
    return _foreseen("withdraw", question, partial(_withdrawal, question))


@pages.post("/withdraw")
def withdraw(entry_id: UUID) -> Response:
    """Take an entry from the public."""
    require(Right.WITHDRAW)
    question = act_questions.question(entry_id)
    if LOOK in request.form:
        return make_response(_foreseen("withdraw", question, partial(_withdrawal, question)))
    if LATER in request.form:
        return _planned("withdraw", question, partial(_plan_withdrawal, question))

    def act(session: Session, by: str) -> Act:
        require_no_moment()
        manner_asked(question.entry.content_type)
        reason = required_reason()
        required_public_reason()
        take_act_lock(session)
        _require_what_was_shown(session, question)
        return _withdrawal(question, session, by, reason)

    return _done("withdraw", question, act, "It is withdrawn.")


@pages.get("/reinstate")
def ask_to_reinstate(entry_id: UUID) -> str:
    """Show what would come back, and ask which version it is to be, and why."""
    require(Right.WITHDRAW)
    question = act_questions.question(entry_id)
    return _foreseen("reinstate", question, partial(_reinstatement, question))


@pages.post("/reinstate")
def reinstate(entry_id: UUID) -> Response:
    """Bring an entry back to the public."""
    require(Right.WITHDRAW)
    question = act_questions.question(entry_id)
    if LOOK in request.form:
        return make_response(_foreseen("reinstate", question, partial(_reinstatement, question)))

    def act(session: Session, by: str) -> Act:
        reason = _reason(question) or required_reason()
        if question.is_another_text:
            _note(question, kind_asked())
        return _reinstatement(question, session, by, reason)

    return _done("reinstate", question, act, f"Version {question.version.number} is public again.")


def _publication(question: Question, session: Session, by: str, reason: str | None = _REHEARSED) -> Act:
    """Publish as the form says; it is forced where that is needed."""
    forced, note = question.needs_force, request.form.get("note")
    steps = companions.publications(
        session, question.version, question.companions, kind=kind_asked(), note=note, forced=forced
    )
    return publishing.perform(session, steps, by=by, reason=reason if forced else None)


def _withdrawal(question: Question, session: Session, by: str, reason: str = _REHEARSED) -> Act:
    """Withdraw as the form says; one that was not filled in yet says that it is gone."""
    manner = manner_asked(question.entry.content_type) if request.form else {}
    note = request.form.get("note")
    return publishing.withdraw(session, question.entry.id, by=by, **manner, note=note, reason=reason)


def _reinstatement(question: Question, session: Session, by: str, reason: str = _REHEARSED) -> Act:
    """Reinstate as the form says; it is forced where that is needed."""
    return publishing.reinstate(
        session,
        question.entry.id,
        question.version.number,
        by=by,
        kind=kind_asked(),
        note=request.form.get("note"),
        reason=reason,
        forced=reason if question.needs_force else None,
    )


def _require_what_was_shown(session: Session, question: Question) -> None:
    """Refuse where readers have another version by now than the page showed."""
    if "live" not in request.form:
        return
    live = standings(session, [question.entry.id])[question.entry.id].live
    if request.form["live"] != (str(live.version) if live else ""):
        raise Unanswered(
            "What readers have is another version by now. See below what would change, then do it."
        )


def _require_what_goes_along(question: Question) -> None:
    """Refuse where others would go public along with a version than the page showed."""
    if "live" in request.form and request.form.getlist("along") != [one.pin for one in question.companions]:
        raise Unanswered(
            "What would go public with it is not what it was. See below what would change, then do it."
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
    return required_reason()


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


def _targets(entry: Entry) -> list[picking.Option]:
    chosen = request.form.get("target_entry", "")
    return picking.live_options(db.session(), entry.type, entry.locale, chosen, but=entry)


def _done(name: str, question: Question, act: Callable[[Session, str], Act], told: str) -> Response:
    session, entry_id = db.session(), question.entry.id
    try:
        act(session, signed_in_id())
    except ContentError as error:
        session.rollback()
        by_now = act_questions.question(entry_id)
        if name != "publish" or not _is_public_by_now(by_now):
            return make_response(_page(name, by_now, error), HTTPStatus.CONFLICT)
    flash(told, "success")
    return redirect(as_saved(question.entry), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _plan_publication(question: Question, session: Session, by: str, due_at: datetime) -> None:
    """Put the publication of this very version on the schedule, what it is the first to name along with it."""
    kind = kind_asked()
    _require_review_until_then(question)
    reason = _reason(question)
    _require_what_was_shown(session, question)
    _require_what_goes_along(question)
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
    _require_what_was_shown(session, question)
    schedule.schedule(
        session,
        Verb.WITHDRAW,
        question.entry.id,
        due_at=due_at,
        by=by,
        reason=required_reason(),
        **manner_asked(question.entry.content_type),
        note=required_public_reason(),
    )


def _planned(name: str, question: Question, plan: Callable[[Session, str, datetime], None]) -> Response:
    session, entry_id = db.session(), question.entry.id
    try:
        due_at = moment_in(request.form, "due_at", "/moment")
        plan(session, signed_in_id(), due_at)
    except ContentError as error:
        session.rollback()
        return make_response(_page(name, act_questions.question(entry_id), error), HTTPStatus.CONFLICT)
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


def _findings(question: Question) -> Sequence[tuple[str, Finding]]:
    """Return what the form of the text tells its author to look at again."""
    entry = question.entry
    return findings(db.session(), entry.content_type, question.version.values, entry.locale)


def _page(
    name: str, question: Question, error: ContentError | None = None, foreseen: Foresight | None = None
) -> str:
    waiting = schedule.waiting_for(db.session(), question.entry.id)
    links = links_here(db.session(), question.entry) if name == "withdraw" else None
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
        findings=_findings(question) if name == "publish" else (),
        links=links,
        linking=links and in_a_sentence(links),
        where=effects.where,
        may_force=may(Right.FORCE),
        form=request.form,
        waiting=told_of(db.session(), waiting),
        names=names_of(db.session(), _people(question, waiting)),
        may_cancel=may_cancel,
        now=datetime.now(UTC),
    )
