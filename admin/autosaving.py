"""What an editor has typed and not saved: kept while they write, shown when they come back, thrown away when told."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, redirect, request, session, url_for
from flask_wtf.csrf import generate_csrf

from admin.accounts import signed_in_id
from admin.forms import as_typed
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.numbers import number_of
from admin.roles import Right
from content import autosaves, types
from content.autosaves import Autosave
from content.database import new_id
from content.errors import ContentRetracted
from content.types import ContentType
from storage import db

NOTHING = "none"  # what an address asks for that wants the form without anything unsaved
SETTLED = "settled"

pages: Blueprint = pages_of("autosaving", __name__, "/admin/autosaves")


@dataclass(frozen=True)
class Unsaved:
    """What a form shows of what was left unsaved: `shown` fills it, any of the `others` can."""

    tab: UUID
    shown: Autosave | None = None
    others: tuple[Autosave, ...] = ()

    @property
    def instead_of(self) -> UUID | None:
        """The tab whose words this form takes up."""
        return self.shown.tab if self.shown else None


def unsaved(declared: ContentType, entry_id: UUID | None, about: Mapping[str, Any]) -> Unsaved:
    """Return what the form that is asked for has to show: the last, unless the address asks for another, or none.

    Of new entries only those that have the values of `about` in their fields.
    """
    left = autosaves.left(db.session(), by=signed_in_id(), type_name=declared.name, entry_id=entry_id)
    fitting = [one for one in left if all(one.typed.get(name) == value for name, value in about.items())]
    asked = request.args.get("unsaved", str(fitting[0].tab) if fitting else NOTHING)
    shown = next((one for one in fitting if str(one.tab) == asked), None)
    return Unsaved(new_id(), shown, tuple(one for one in fitting if one is not shown))


def sent() -> Unsaved:
    """Return what a form that was sent goes on with: the tab that it had."""
    return Unsaved(id_of(request.form.get("tab", "")) or new_id())


def settle() -> None:
    """Forget what was kept of the form that is being saved, and let the next page tell the browser so."""
    tabs = [tab for name in ("tab", "instead_of") if (tab := id_of(request.form.get(name, "")))]
    autosaves.discard(db.session(), tabs, by=signed_in_id())
    _tell_settled(tabs[:1])


def settled() -> str:
    """Return the tab whose words were just saved or thrown away, once; the browser may forget them too."""
    return str(session.pop(SETTLED, ""))


def here(**changed: object) -> str:
    """Return the address of the page that is being shown, with something else asked of it."""
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **request.args, **changed})


@pages.post("/<uuid:tab>")
def keep(tab: UUID) -> Response:
    """Keep what is typed in a tab."""
    require(Right.WRITE)
    form, declared = request.form, types.get(request.form.get("type", ""))
    loose = {name: form[name] for name in ("note", "locale") if name in form}
    try:
        kept_at = autosaves.keep(
            db.session(),
            tab,
            {**as_typed(declared, form), **loose},
            by=signed_in_id(),
            type_name=declared.name,
            entry_id=id_of(form.get("entry", "")),
            based_on=number_of(form.get("based_on", "")),
            instead_of=id_of(form.get("instead_of", "")),
        )
    except ContentRetracted:
        abort(HTTPStatus.GONE)
    db.session.commit()
    return jsonify(kept_at=kept_at.isoformat())


@pages.post("/<uuid:tab>/discard")
def discard(tab: UUID) -> Response:
    """Throw away what was kept of a tab, and show the form without it."""
    require(Right.WRITE)
    kept = autosaves.autosave(db.session(), tab, by=signed_in_id())
    there = _form_of(types.get(kept.type), kept.entry_id)
    autosaves.discard(db.session(), [tab], by=signed_in_id())
    db.session.commit()
    _tell_settled([tab])
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


@pages.get("/token")
def token() -> Response:
    """Answer who is signed in and their form token, for a form that outlived its session."""
    return jsonify(token=generate_csrf(), editor=signed_in_id())


def _form_of(declared: ContentType, entry_id: UUID | None) -> str:
    if entry_id is None:
        return url_for(f"{declared.plural}.new")
    return url_for(f"{declared.plural}.edit", entry_id=entry_id)


def _tell_settled(tabs: list[UUID]) -> None:
    if tabs:
        session[SETTLED] = str(tabs[0])
