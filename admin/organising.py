"""Looking after topics, authors and the like: where each is used, and its renaming, merging and retiring.

Each is asked for in an address, which shows what it would do. What is sent from there is done where it still would.
"""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlalchemy.orm import Session

from admin import act_forms, effects, listing, picking
from admin.effects import Asked
from admin.foresight import foresee
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.links_here import in_a_sentence, links_here
from admin.roles import Right
from admin.wrong import told
from content import consolidating, entries, marks, publishing, retiring_entries, uses, versions
from content.entries import Entry
from content.errors import ContentError, Fault, Invalid
from content.log import Act, State
from content.retiring_entries import RETIRABLE
from content.standings import standings
from storage import db

pages: Blueprint = pages_of("organising", __name__, "/admin/entries/<uuid:entry_id>")

MANNERS: dict[str, str] = {
    State.REDIRECTED: "Redirected: its address leads to the other from now on.",
    State.REPLACED: "Replaced: its address says that the other takes its place.",
}


@pages.get("/uses")
def where_used(entry_id: UUID) -> str:
    """Show where an entry is used, and what can be done about it."""
    return _uses_page(_organised(entry_id))


@pages.get("/rename")
def ask_to_rename(entry_id: UUID) -> Response:
    """Show what it does to give an entry the name and the slug that are asked for."""
    require(Right.PUBLISH)
    return _shown(_organised(entry_id), _renaming)


@pages.post("/rename")
def rename(entry_id: UUID) -> Response:
    """Give an entry another name."""
    require(Right.PUBLISH)
    entry = _organised(entry_id)

    def act(session: Session, by: str) -> list[Act]:
        changes, note = _changes(entry), request.form.get("note")
        return consolidating.rename(session, entry_id, changes, by=by, note=note, expected=_expected())

    return _done(entry, _renaming, act, entry_id, "It has another name.")


@pages.get("/merge")
def ask_to_merge(entry_id: UUID) -> Response:
    """Show what it does to put an entry into the one that is asked for."""
    require(Right.PUBLISH)
    require(Right.WITHDRAW)
    return _shown(_organised(entry_id), _merging)


@pages.post("/merge")
def merge(entry_id: UUID) -> Response:
    """Put an entry into another, wherever it is used."""
    require(Right.PUBLISH)
    require(Right.WITHDRAW)
    entry, there = _organised(entry_id), id_of(request.form.get("into", "")) or entry_id

    def act(session: Session, by: str) -> list[Act]:
        manner, expected = _manner(), _expected()
        return consolidating.merge(session, entry_id, _into(), by=by, manner=manner, expected=expected)

    return _done(entry, _merging, act, there, "The two are one.")


@pages.get("/retire")
def ask_to_retire(entry_id: UUID) -> Response:
    """Show what it does to take an entry from readers and from what forms offer."""
    require(Right.WITHDRAW)
    return _shown(_organised(entry_id), _retiring)


@pages.post("/retire")
def retire(entry_id: UUID) -> Response:
    """Withdraw an entry; those that bear it keep it."""
    require(Right.WITHDRAW)
    entry = _organised(entry_id)

    def act(session: Session, by: str) -> list[Act]:
        reason = request.form.get("reason", "").strip()
        if not reason:
            raise Invalid([Fault("/reason", "is needed; it stays inside and is kept in the log")])
        note = act_forms.required_public_reason()
        expected = _expected()
        return [
            retiring_entries.retire(session, entry_id, by=by, reason=reason, note=note, expected=expected)
        ]

    return _done(
        entry, _retiring, act, entry_id, "It is retired: offered no more, and kept where it is used."
    )


def _organised(entry_id: UUID) -> Entry:
    entry = entries.entry(db.session(), entry_id)
    if entry.content_type.health:
        abort(HTTPStatus.NOT_FOUND)
    return entry


def _uses_page(entry: Entry, error: ContentError | None = None) -> str:
    session = db.session()
    state = standings(session, [entry.id])[entry.id].state
    return render_template(
        "admin/uses.html",
        entry=entry,
        row=listing.row(session, entry.id),
        used=effects.used(session, marks.entry_mark(entry)),
        links=links_here(session, entry),
        where=effects.where,
        **_refused(entry, error),
        slug=_slug(entry),
        targets=picking.live_options(session, entry.type, entry.locale, "", but=entry),
        can_change=state in (State.DRAFT, *RETIRABLE) and not entry.trashed_at,
        can_retire=state in RETIRABLE,
        given=request.values,
    )


def _renaming(entry: Entry) -> Asked:
    changes, title = _changes(entry), entry.content_type.title
    effect = consolidating.effect_of_renaming(db.session(), entry.id, changes)
    live = effects.live_uses(db.session(), marks.entry_mark(entry))
    moves = f" Its address ends in {changes['slug']}; the old one leads there."
    follow = "text shows" if live == 1 else "texts show"
    return Asked(
        heading=f"Rename {entry.title}",
        button="Rename",
        back=_back(entry),
        action=url_for("organising.rename", entry_id=entry.id),
        effect=effect,
        told=(
            f"It is called {changes[title]} from now on.{moves if changes['slug'] != _slug(entry) else ''}",
            f"{live:,} live {follow} the new name at once, without a version of their own.",
        ),
        facts={"name": changes[title], "slug": changes["slug"]},
    )


def _merging(entry: Entry) -> Asked:
    into = entries.entry(db.session(), _into())
    effect = consolidating.effect_of_merging(db.session(), entry.id, into.id)
    ends = "is withdrawn" if effect.ends else "goes to the trash, for it was never public"
    if effect.stays:
        ends = "stays public until the texts below are published: merge it once more after that"
    return Asked(
        heading=f"Merge {entry.title} into {into.title}",
        button="Merge",
        back=_back(entry),
        action=url_for("organising.merge", entry_id=entry.id),
        effect=effect,
        told=(f"Whatever bears {entry.title} bears {into.title} in its place. Then {entry.title} {ends}.",),
        facts={"into": str(into.id)},
        choices=MANNERS if effect.ends else {},
    )


def _retiring(entry: Entry) -> Asked:
    effect = retiring_entries.effect_of_retiring(db.session(), entry.id)
    live = len(effect.lose)
    seen = f"{live:,} live {'text shows' if live == 1 else 'texts show'} it no more to readers"
    return Asked(
        heading=f"Retire {entry.title}",
        button="Retire",
        back=_back(entry),
        action=url_for("organising.retire", entry_id=entry.id),
        effect=effect,
        told=(
            f"It is withdrawn, and {seen}.",
            "Whatever bears it keeps it; forms offer it no more.",
            *_dead_links(entry),
        ),
        needs_reason=True,
        foreseen=foresee(partial(_withdrawal, entry)),
    )


def _dead_links(entry: Entry) -> list[str]:
    linking = in_a_sentence(links_here(db.session(), entry))
    return [f"{linking} Such links lead nowhere from then on."] if linking else []


def _withdrawal(entry: Entry, session: Session, by: str) -> Act:
    """Withdraw it as the form says; one that was not filled in yet has no note."""
    return publishing.withdraw(session, entry.id, by=by, note=request.form.get("note"))


def _refused(entry: Entry, error: ContentError | None) -> dict[str, str | None]:
    refused = told(error, request.values)
    # Whatever a type calls its title, the form has one field for it.
    return {**refused, "wrong": "name"} if refused["wrong"] == entry.content_type.title else refused


def _shown(entry: Entry, asking: Callable[[Entry], Asked], error: ContentError | None = None) -> Response:
    return effects.shown(lambda: asking(entry), lambda told: _uses_page(entry, told), error)


def _done(
    entry: Entry,
    asking: Callable[[Entry], Asked],
    act: Callable[[Session, str], list[Act]],
    there: UUID,
    told: str,
) -> Response:
    """Do it and lead to `there`, or back to the entry where something else bears it still."""
    entry_id = entry.id
    if refused := effects.refusal(act):
        return _shown(_organised(entry_id), asking, refused)
    mark = marks.entry_mark(entries.entry(db.session(), entry_id))
    left = uses.tally(db.session(), mark).entries if there != entry_id else 0
    flash(f"{told} {left:,} still bear the one, listed here." if left else told, "success")
    address = url_for("organising.where_used", entry_id=entry_id if left else there)
    return redirect(address, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _changes(entry: Entry) -> dict[str, str]:
    return {
        entry.content_type.title: request.values.get("name", "").strip(),
        "slug": request.values.get("slug", "").strip() or _slug(entry),
    }


def _slug(entry: Entry) -> str:
    live = standings(db.session(), [entry.id])[entry.id].live
    return live.slug if live else str(versions.latest(db.session(), entry.id).values.get("slug", ""))


def _into() -> UUID:
    wanted = id_of(request.values.get("into", ""))
    if wanted is None:
        raise Invalid([Fault("/into", "is not chosen")])
    return wanted


def _manner() -> State:
    manner = request.form.get("manner", State.REDIRECTED)
    if manner not in MANNERS:
        raise Invalid([Fault("/manner", "is not one of those offered")])
    return State(manner)


def _expected() -> str:
    return request.form.get("expected", "")


def _back(entry: Entry) -> str:
    return url_for("organising.where_used", entry_id=entry.id)
