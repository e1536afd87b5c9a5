"""Bulk: one act for many entries of a list. They are chosen, it is asked how, and then they are done one by one.

What was chosen stays chosen. Each request of the page does a few, so that it goes on whenever somebody opens it again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
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

from admin import act_forms, effects, filters, listing, picking
from admin.accounts import may, signed_in_id
from admin.doing_many import ADD, DOING, TAKE, UNFILLED, Trial, in_words
from admin.effects import Used
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.links_here import in_a_sentence, links_here
from admin.names import names_of
from admin.numbers import number_of
from admin.outlook import FIRST, Outlook, outlook
from admin.roles import Right
from admin.scheduling import may_cancel, told_of
from admin.times import moment_in, today
from admin.wrong import sentence, wrong_field
from content import batches, schedule, submissions, targets, types, versions
from content.batches import Batch, Fate, Verb
from content.entries import Entry
from content.errors import ContentError, Fault, Invalid
from content.fields import Field
from content.log import ChangeKind, checked_kind
from content.newest import finding, following
from content.newest.finding import Order
from content.placement import TAGS
from content.schedule import Scheduled
from content.types import ContentType
from storage import db

A_STEP = 25  # entries that one request does
AT_ONCE = 1_000  # entries that are chosen with one statement
MOST_SHOWN = 100
MOST_BATCHES = 50

NEEDS = {
    Verb.SUBMIT: Right.WRITE,
    Verb.PUBLISH: Right.PUBLISH,
    Verb.SCHEDULE: Right.PUBLISH,
    Verb.TAG: Right.WRITE,
    Verb.WITHDRAW: Right.WITHDRAW,
}
LABELS = {
    Verb.SUBMIT: "Submit for review",
    Verb.PUBLISH: "Publish",
    Verb.SCHEDULE: "Schedule publication",
    Verb.TAG: "Tag",
    Verb.WITHDRAW: "Withdraw",
}
pages: Blueprint = pages_of("bulk", __name__, "/admin/bulk")


def verbs_of(declared: ContentType) -> dict[str, str]:
    """Return what whoever is signed in may do to many entries of a type, with what it is called."""
    return {verb.value: LABELS[verb] for verb in Verb if may(NEEDS[verb]) and _has_meaning(verb, declared)}


def _has_meaning(verb: Verb, declared: ContentType) -> bool:
    if verb == Verb.SUBMIT:
        return declared.needs_review
    return verb != Verb.TAG or _tags(declared) is not None


def _tags(declared: ContentType) -> Field | None:
    return next((field for field in declared.fields if field.kind == "tags"), None)


@dataclass(frozen=True)
class Told:
    """A batch as its page and the list of batches show it."""

    batch: Batch
    declared: ContentType
    label: str
    progress: batches.Progress


@pages.get("/")
def index() -> str:
    """Show what whoever is signed in has begun."""
    begun = batches.of_person(db.session(), signed_in_id(), MOST_BATCHES)
    return render_template("admin/bulks.html", begun=[_told(one) for one in begun])


@pages.post("/choose/<type_name>")
def choose(type_name: str) -> Response:
    """Keep what was chosen of a list, and ask how it is to be done."""
    declared, verb, session = types.get(type_name), _verb(), db.session()
    require(NEEDS[verb])
    if not _has_meaning(verb, declared):
        abort(HTTPStatus.BAD_REQUEST)
    try:
        made = batches.choose(session, verb, declared.name, _chosen(session, declared), by=signed_in_id())
    except Invalid:
        session.rollback()
        flash("Nothing was chosen. Tick what is meant, or all that match.", "error")
        back = url_for(f"{declared.plural}.index", **_query())
        return redirect(back, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
    session.commit()
    return _to(made.id)


@pages.get("/<uuid:batch_id>")
def batch(batch_id: UUID) -> str:
    """Ask how it is to be done; once it was begun, show how far it has come and what failed."""
    chosen = _own(batch_id)
    return _page(chosen, outlook=_outlook(chosen))


@pages.post("/<uuid:batch_id>/begin")
def begin(batch_id: UUID) -> Response:
    """Begin it, as was said; or show what it would do, said so."""
    session, chosen = db.session(), _own(batch_id)
    try:
        if act_forms.LOOK in request.form:
            return make_response(_page(chosen, outlook=_outlook(chosen)))
        batches.begin(session, chosen, _ASKED[Verb(chosen.verb)](chosen))
    except ContentError as error:
        session.rollback()
        return make_response(_page(_own(batch_id), error), HTTPStatus.CONFLICT)
    session.commit()
    return _to(batch_id)


@pages.post("/<uuid:batch_id>/step")
def step(batch_id: UUID) -> Response:
    """Do the next few."""
    session, begun = db.session(), _own(batch_id)
    if begun.options is None:
        abort(HTTPStatus.BAD_REQUEST)
    verb, options = Verb(begun.verb), dict(begun.options)
    if options.get("reason") and verb in (Verb.PUBLISH, Verb.SCHEDULE):
        require(Right.FORCE)
    do = in_words(partial(DOING[verb], session, options, signed_in_id()), types.get(begun.type))
    batches.work(session, batch_id, do, most=A_STEP)
    return _to(batch_id)


def _own(batch_id: UUID) -> Batch:
    found = batches.batch(db.session(), batch_id, by=signed_in_id())
    require(NEEDS[Verb(found.verb)])
    return found


def _verb() -> Verb:
    verb = request.form.get("verb", "")
    if verb not in list(Verb):
        abort(HTTPStatus.BAD_REQUEST)
    return Verb(verb)


def _query() -> dict[str, Any]:
    """The query of the list that something is chosen from."""
    return dict(parse_qsl(request.form.get("query", "")[:2_000]))


def _chosen(session: Session, declared: ContentType) -> Iterator[Sequence[UUID]]:
    if "all" not in request.form:
        yield [known for one in request.form.getlist("entry") if (known := id_of(one))]
        return
    following.follow(session)
    asked = filters.asked_of(declared, _query())
    wanted, after = listing.wanted_of(declared, asked, today()), None
    counts = finding.counted(session, wanted)
    while found := finding.page(session, wanted, Order.SAVED, counts, after=after, limit=AT_ONCE):
        yield [one.entry_id for one in found]
        after = found[-1].place


def _asked_to_submit(_chosen: Batch) -> dict[str, Any]:
    return {"message": submissions.MESSAGE.clean(request.form.get("message"))}


def _asked_to_publish(_chosen: Batch) -> dict[str, Any]:
    reason = versions.checked_note(request.form.get("reason"), "reason")
    if reason:
        require(Right.FORCE)
    kind = checked_kind(request.form.get("kind", ChangeKind.EDITORIAL))
    return {"kind": kind, "note": versions.checked_note(request.form.get("note")), "reason": reason}


def _asked_to_schedule(chosen: Batch) -> dict[str, Any]:
    due_at = moment_in(request.form, "due_at", "/moment")
    if due_at <= datetime.now(UTC):
        raise Invalid([Fault("/moment", "is not to come: enter a later one")])
    return _asked_to_publish(chosen) | {"due_at": due_at.isoformat()}


def _asked_to_tag(_chosen: Batch) -> dict[str, Any]:
    tags = TAGS.check([request.form.get("tag", "").strip()], "/tag")
    if request.form.get("way") not in (ADD, TAKE):
        raise Invalid([Fault("/tag", "needs to be told whether it is added or taken away")])
    return {"tag": tags[0], "way": request.form["way"]}


def _asked_to_withdraw(chosen: Batch) -> dict[str, Any]:
    reason = versions.checked_note(request.form.get("reason"), "reason")
    if not reason:
        raise Invalid([Fault("/reason", "is required; it stays inside and is kept in the log")])
    asked = act_forms.manner_asked(types.get(chosen.type))
    targets.checked(db.session(), asked["manner"], asked["target"])
    note = versions.checked_note(act_forms.required_public_reason())
    return {**asked, "note": note, "reason": reason}


_ASKED: dict[Verb, Callable[[Batch], dict[str, Any]]] = {
    Verb.SUBMIT: _asked_to_submit,
    Verb.PUBLISH: _asked_to_publish,
    Verb.SCHEDULE: _asked_to_schedule,
    Verb.TAG: _asked_to_tag,
    Verb.WITHDRAW: _asked_to_withdraw,
}


# How what changes the public is rehearsed before its form is filled in: no word that nobody typed is in it.
_UNFILLED: dict[Verb, dict[str, Any]] = {
    Verb.PUBLISH: {"kind": ChangeKind.EDITORIAL, "note": None, "reason": None, UNFILLED: True},
    Verb.WITHDRAW: {"note": None, "reason": None},
}


def _outlook(chosen: Batch) -> Outlook | None:
    """Return what would come of a batch that is not begun; of one on the schedule, were it published now.

    Further on in what is meant nothing is rehearsed again, for the log's lock is held meanwhile.
    """
    verb = Verb.PUBLISH if chosen.verb == Verb.SCHEDULE else Verb(chosen.verb)
    if chosen.options is not None or verb not in _UNFILLED or _after():
        return None
    session, declared = db.session(), types.get(chosen.type)
    options = _ASKED[verb](chosen) if request.form else _UNFILLED[verb]
    first = batches.items(session, chosen.id, Fate.WAITING, most=FIRST)
    waiting = batches.progress(session, chosen.id).waiting
    if verb != Verb.PUBLISH:
        do = in_words(DOING[verb], declared)
        return outlook(first, lambda session, by, item: do(session, options, by, item), of=waiting)
    trial = Trial(session, options, first)
    told = outlook(first, in_words(trial.do, declared), of=waiting)
    return replace(told, left_behind=tuple(one for one in trial.left.values() if not told.shows(one)))


def _told(one: Batch) -> Told:
    progress = batches.progress(db.session(), one.id)
    return Told(one, types.get(one.type), LABELS[Verb(one.verb)], progress)


def _after() -> int:
    """The place behind which a page of a batch's items begins."""
    return number_of(request.args.get("after", "")) or 0


def _page(one: Batch, error: ContentError | None = None, outlook: Outlook | None = None) -> str:
    session = db.session()
    fate, after = Fate.WAITING if one.options is None else Fate.FAILED, _after()
    items = batches.items(session, one.id, fate, after=after, most=MOST_SHOWN + 1)
    refused = [entry for entry, _ in outlook.refused] if outlook else [entry for _, entry in items]
    meant = [entry for _, entry in items[:MOST_SHOWN]]
    waiting, links = _waiting(session, one, meant), _links(session, one, meant)
    return render_template(
        "admin/bulk.html",
        shown=_told(one),
        items=items[:MOST_SHOWN],
        after=items[MOST_SHOWN - 1][0].place if len(items) > MOST_SHOWN else None,
        begins=not after,
        live=_live(session, one, refused),
        outlook=outlook,
        links=links,
        linking=links and in_a_sentence(links, "to what is meant here"),
        where=effects.where,
        waiting=told_of(session, waiting),
        names=names_of(session, (planned.by for planned in waiting)),
        may_cancel=may_cancel,
        now=datetime.now(UTC),
        kinds=act_forms.KINDS,
        manners=act_forms.MANNERS,
        targets=picking.live_options(session, one.type, "", request.form.get("target_entry", ""))
        if one.verb == Verb.WITHDRAW and one.options is None
        else [],
        may_force=may(Right.FORCE),
        form=request.form,
        error=error and sentence(error, request.form),
        wrong=error and wrong_field(error, request.form),
    )


def _waiting(session: Session, one: Batch, meant: Sequence[Entry]) -> list[Scheduled]:
    """Return what is on the schedule for what is meant, where that is to be changed for readers."""
    if one.options is not None or one.verb not in (Verb.PUBLISH, Verb.SCHEDULE, Verb.WITHDRAW):
        return []
    return schedule.waiting_for(session, *(entry.id for entry in meant))


def _links(session: Session, one: Batch, meant: Sequence[Entry]) -> Used | None:
    """Return what links in its words that which is meant, where that is to be withdrawn."""
    withdraws = one.options is None and one.verb == Verb.WITHDRAW
    return links_here(session, *meant) if withdraws and meant else None


def _live(session: Session, one: Batch, listed: Sequence[Entry]) -> dict[UUID, int | None]:
    """Return which version of each is public, where that is what a batch changes: it needs no review any more."""
    if one.verb not in (Verb.PUBLISH, Verb.SCHEDULE):
        return {}
    return {row.id: row.live for row in listing.rows_of(session, [entry.id for entry in listed]).values()}


def _to(batch_id: UUID) -> Response:
    return redirect(url_for("bulk.batch", batch_id=batch_id), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
