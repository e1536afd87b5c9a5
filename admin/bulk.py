"""Bulk: one act for many entries of a list. They are chosen, it is asked how, and then they are done one by one.

What was chosen stays chosen. Each request of the page does a few, so that it goes on whenever somebody opens it again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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

from admin import acts, companions, filters, listing
from admin.accounts import may, signed_in_id
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.roles import Right
from admin.times import instant_of, today
from content import batches, publishing, submissions, types, versions
from content.batches import Batch, Fate, Item, Verb
from content.entries import Entry
from content.errors import ContentError, Fault, Invalid
from content.fields import Field
from content.log import ChangeKind, checked_kind
from content.newest import finding, following
from content.newest.finding import Order
from content.placement import TAGS
from content.standings import standings
from content.types import ContentType
from content.versions import Version
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
ADD, TAKE = "add", "take"

pages: Blueprint = pages_of("bulk", __name__, "/admin/bulk")


def verbs_of(declared: ContentType) -> dict[str, str]:
    """Return what whoever is signed in may do to many entries of a type, with what it is called."""
    return {verb.value: LABELS[verb] for verb in Verb if may(NEEDS[verb]) and _has_meaning(verb, declared)}


def _has_meaning(verb: Verb, declared: ContentType) -> bool:
    if verb == Verb.SUBMIT:
        return declared.health
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
    return _page(_own(batch_id))


@pages.post("/<uuid:batch_id>/begin")
def begin(batch_id: UUID) -> Response:
    """Begin it, as was said."""
    session, chosen = db.session(), _own(batch_id)
    try:
        batches.begin(session, chosen, _ASKED[Verb(chosen.verb)](chosen))
    except ContentError as error:
        session.rollback()
        return make_response(_page(_own(batch_id), str(error)), HTTPStatus.CONFLICT)
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
    do = partial(_DOING[verb], session, options, signed_in_id())
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
    form = request.form
    due_at = instant_of(form.get("due_at", ""), form.get("due_at-turn", ""), "/moment")
    if due_at <= datetime.now(UTC):
        raise Invalid([Fault("/moment", "is not to come")])
    return _asked_to_publish(chosen) | {"due_at": due_at.isoformat()}


def _asked_to_tag(_chosen: Batch) -> dict[str, Any]:
    tags = TAGS.check([request.form.get("tag", "").strip()], "/tag")
    if not tags or request.form.get("way") not in (ADD, TAKE):
        raise Invalid([Fault("/tag", "is required")])
    return {"tag": tags[0], "way": request.form["way"]}


def _asked_to_withdraw(_chosen: Batch) -> dict[str, Any]:
    reason = versions.checked_note(request.form.get("reason"), "reason")
    if not reason:
        raise Invalid([Fault("/reason", "is required; it stays inside and is kept in the log")])
    return {"note": versions.checked_note(request.form.get("note")), "reason": reason}


_ASKED: dict[Verb, Callable[[Batch], dict[str, Any]]] = {
    Verb.SUBMIT: _asked_to_submit,
    Verb.PUBLISH: _asked_to_publish,
    Verb.SCHEDULE: _asked_to_schedule,
    Verb.TAG: _asked_to_tag,
    Verb.WITHDRAW: _asked_to_withdraw,
}


def _submit(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    submissions.submit(session, item.entry_id, item.version, by=by, message=options["message"])


def _publish(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    """Publish the version that was chosen, with the topics and authors that it is the first to name."""
    version, along, reason = _to_publish(session, options, item)
    kind, note = ChangeKind(options["kind"]), options["note"]
    steps = companions.publications(session, version, along, kind=kind, note=note, forced=bool(reason))
    publishing.perform(session, steps, by=by, reason=reason)


def _schedule(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    version, along, reason = _to_publish(session, options, item)
    told = {"kind": ChangeKind(options["kind"]), "note": options["note"], "reason": reason}
    due_at = datetime.fromisoformat(options["due_at"])
    companions.plan(session, version, along, due_at=due_at, by=by, **told)


def _to_publish(
    session: Session, options: dict[str, Any], item: Item
) -> tuple[Version, list[Entry], str | None]:
    """Return the version, what goes with it, and the reason for forcing it where no review holds.

    Refuses what its own page refuses.
    """
    version = versions.version(session, item.entry_id, item.version)
    standing = standings(session, [item.entry_id])[item.entry_id]
    acts.require_note(standing, ChangeKind(options["kind"]), options["note"])
    reason = options["reason"] if acts.needs_force(standing, version) else None
    return version, companions.companions(session, version, standing.entry), reason


def _tag(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    """Save a version that bears the tag, or bears it no more; one that does so already stays as it is."""
    newest, tag = versions.latest(session, item.entry_id), options["tag"]
    if newest.erased:
        raise Invalid([Fault("/version", "was erased")])
    borne = newest.values.get(TAGS.name, [])
    tags = [*borne, tag] if options["way"] == ADD else [one for one in borne if one != tag]
    if (tag in borne) == (options["way"] == ADD):
        return
    values = {**newest.values, TAGS.name: tags}
    versions.save(session, item.entry_id, values, based_on=newest.number, by=by, note="Tagged with others.")


def _withdraw(session: Session, options: dict[str, Any], by: str, item: Item) -> None:
    publishing.withdraw(session, item.entry_id, by=by, note=options["note"], reason=options["reason"])


_DOING: dict[Verb, Callable[[Session, dict[str, Any], str, Item], None]] = {
    Verb.SUBMIT: _submit,
    Verb.PUBLISH: _publish,
    Verb.SCHEDULE: _schedule,
    Verb.TAG: _tag,
    Verb.WITHDRAW: _withdraw,
}


def _told(one: Batch) -> Told:
    progress = batches.progress(db.session(), one.id)
    return Told(one, types.get(one.type), LABELS[Verb(one.verb)], progress)


def _page(one: Batch, error: str | None = None) -> str:
    session = db.session()
    fate = Fate.WAITING if one.options is None else Fate.FAILED
    return render_template(
        "admin/bulk.html",
        shown=_told(one),
        items=batches.items(session, one.id, fate, most=MOST_SHOWN),
        kinds=acts.KINDS,
        may_force=may(Right.FORCE),
        form=request.form,
        error=error,
    )


def _to(batch_id: UUID) -> Response:
    return redirect(url_for("bulk.batch", batch_id=batch_id), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
