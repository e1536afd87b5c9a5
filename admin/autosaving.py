"""What an editor has typed and not saved: kept while they write, shown when they come back, thrown away when told."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from textwrap import shorten
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, request, session, url_for
from flask_wtf.csrf import generate_csrf

from admin.accounts import signed_in_id
from admin.canonical import with_canonical
from admin.forms import as_typed, with_slug
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.names import names_of
from admin.numbers import number_of
from admin.roles import Right
from content import autosaves, database, entries, locales, types, versions
from content.autosaves import Autosave
from content.characters import normalised
from content.database import new_id
from content.entries import Entry
from content.errors import ContentRetracted, Invalid
from content.fields import Line, Markdown, Plain
from content.types import ContentType
from content.versions import Version
from storage import db

NOTHING = "none"  # what an address asks for that wants the form without anything unsaved
SETTLED = "settled"
_TYPED_AT = "typed_at"
_LOOSE = ("note", "locale", _TYPED_AT)  # what is typed beside the fields
_LAST_MOMENT = 10**15  # milliseconds since 1970

_MOST_WORDS = 50  # letters by which an offer tells what was left

pages: Blueprint = pages_of("autosaving", __name__, "/admin/autosaves")


@dataclass(frozen=True)
class Unsaved:
    """What a form shows of what was left unsaved: `shown` fills it, any of the `others` can.

    `taken_up` is the tab whose words a form that was sent had been filled with.
    """

    tab: UUID
    shown: Autosave | None = None
    others: tuple[Autosave, ...] = ()
    taken_up: UUID | None = None

    @property
    def offers(self) -> list[tuple[Autosave, str, bool]]:
        """The `others`, each with its title or first words, and whether only the second tells it from another one."""
        called = {one.tab: (_first_words(one), f"{one.kept_at:%Y-%m-%d %H:%M}") for one in self.others}
        alike = Counter(called.values())
        return [(one, called[one.tab][0], alike[called[one.tab]] > 1) for one in self.others]

    @property
    def instead_of(self) -> UUID | None:
        """The tab whose words this form takes up."""
        return self.shown.tab if self.shown else self.taken_up


def _first_words(kept: Autosave) -> str:
    """Return what something left is known by: its title, or the first words that were typed; "" where none were."""
    declared = types.get(kept.type)
    others = (field.name for field in declared.content if isinstance(field, Line | Plain | Markdown))
    typed = (str(kept.typed.get(name) or "").strip() for name in (declared.title, *others))
    return shorten(next(filter(None, typed), ""), _MOST_WORDS, placeholder="…")


def unsaved(declared: ContentType, entry_id: UUID | None, about: Mapping[str, Any]) -> Unsaved:
    """Return what the form that is asked for has to show: the last, unless the address asks for another, or none.

    Of new entries only those that have the values of `about` in their fields. What is saved by now is forgotten.
    """
    left = autosaves.left(db.session(), by=signed_in_id(), type_name=declared.name, entry_id=entry_id)
    fitting = [
        one
        for one in still_unsaved(left)
        if all(one.typed.get(name) == value for name, value in about.items())
    ]
    asked = request.args.get("unsaved", str(fitting[0].tab) if fitting else NOTHING)
    shown = next((one for one in fitting if str(one.tab) == asked), None)
    return Unsaved(new_id(), shown, tuple(one for one in fitting if one is not shown))


def still_unsaved(left: Iterable[Autosave]) -> list[Autosave]:
    """Return those of one's own autosaves, in their order, that say more than is saved; the others are forgotten."""
    whole = {one: _is_saved(one) for one in left}
    saved = [one.tab for one, is_saved in whole.items() if is_saved]
    still = [one for one, is_saved in whole.items() if not is_saved]
    if saved:
        autosaves.discard(db.session(), saved, by=signed_in_id())
        db.session.commit()
    return still


def sent() -> Unsaved:
    """Return what a form that was sent goes on with: the tab that it had, and the one whose words it took up."""
    taken_up = id_of(request.form.get("instead_of", ""))
    return Unsaved(id_of(request.form.get("tab", "")) or new_id(), taken_up=taken_up)


def source() -> str | None:
    """Return what the entry that a form makes is known by: its tab, so that a form sent twice makes one."""
    tab = id_of(request.form.get("tab", ""))
    return autosaves.source_of(tab, signed_in_id()) if tab else None


def settle() -> None:
    """Forget what was kept of the form that is being saved, and let the next page tell the browser so."""
    tabs = [tab for name in ("tab", "instead_of") if (tab := id_of(request.form.get(name, "")))]
    autosaves.discard(db.session(), tabs, by=signed_in_id())
    _tell_settled(tabs[:1])


def settled() -> str:
    """Return the tab whose words were just saved or thrown away, once; the browser may forget them too."""
    return str(session.pop(SETTLED, ""))


def as_saved(entry: Entry, **more: Any) -> str:
    """Return the address of an entry's form as it is saved, where what was left in other tabs is only offered."""
    return url_for(f"{entry.content_type.plural}.edit", entry_id=entry.id, unsaved=NOTHING, **more)


def here(**changed: object) -> str:
    """Return the address of the page that is being shown, with something else asked of it."""
    return url_for(str(request.endpoint), **{**(request.view_args or {}), **request.args, **changed})


@pages.post("/<uuid:tab>")
def keep(tab: UUID) -> Response:
    """Keep what is typed in a tab, unless what is kept of it was typed later, or it is saved already."""
    require(Right.WRITE)
    session = db.session()
    form, declared = request.form, types.get(request.form.get("type", ""))
    if overtaking := _typed_later(tab):
        return jsonify(kept_at=overtaking.kept_at.isoformat())
    loose = {name: form[name] for name in _LOOSE if name in form}
    typed, by = {**as_typed(declared, form), **loose}, signed_in_id()
    entry_id, instead_of = id_of(form.get("entry", "")), id_of(form.get("instead_of", ""))
    # A page that is left just as it is saved sends the same words once more. Nobody waits while this is looked at.
    if _is_saved(Autosave(tab=tab, by=by, type=declared.name, entry_id=entry_id, typed=typed)):
        autosaves.discard(session, [one for one in (tab, instead_of) if one], by=by)
        kept_at = database.clock(session)
    else:
        try:
            kept_at = autosaves.keep(
                session,
                tab,
                typed,
                by=by,
                type_name=declared.name,
                entry_id=entry_id,
                based_on=number_of(form.get("based_on", "")),
                instead_of=instead_of,
            )
        except ContentRetracted:
            abort(HTTPStatus.GONE)
    session.commit()
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
    """Answer who is signed in, by id and name, and their form token, for a form that outlived its session."""
    me = signed_in_id()
    return jsonify(token=generate_csrf(), editor=me, name=names_of(db.session(), [me])[me])


def _typed_later(tab: UUID) -> Autosave | None:
    """Return what is kept of a tab where that was typed after what is sent, by the clock of the tab's own browser.

    A browser that was killed may hold older words than it had sent.
    """
    kept = db.session().get(Autosave, tab)
    if kept is None or kept.by != signed_in_id():
        return None
    before = number_of(str(kept.typed.get(_TYPED_AT, "")), most=_LAST_MOMENT)
    sent_at = number_of(request.form.get(_TYPED_AT, ""), most=_LAST_MOMENT)
    return kept if before and sent_at and before > sent_at else None


def _is_saved(kept: Autosave) -> bool:
    """Tell whether the newest version says what was typed in a tab, also one that the tab has made itself."""
    session, declared = db.session(), types.get(kept.type)
    typed = {name: value for name, value in kept.typed.items() if name not in _LOOSE}
    entry = entries.entry(session, kept.entry_id) if kept.entry_id else _made_in(kept)
    if entry is None:
        return False
    newest, note = versions.latest(session, entry.id), kept.typed.get("note", "").strip()
    # Nearly always somebody has typed on, and then the whole text need not be checked to tell.
    if note not in ("", newest.note) or _other_words(declared, typed, newest):
        return False
    values = with_slug(declared, typed)
    if kept.entry_id is None:
        template = str(current_app.config["VERSO_CANONICAL_URL"])
        values = with_canonical(template, declared, values, locale=entry.locale)
    try:
        return versions.holds(session, newest, values)
    except Invalid:
        return False


def _made_in(kept: Autosave) -> Entry | None:
    try:
        locale = locales.canonical(kept.typed.get("locale", ""))
    except Invalid:
        return None
    return entries.from_source(db.session(), autosaves.source_of(kept.tab, kept.by), locale)


def _other_words(declared: ContentType, typed: Mapping[str, Any], newest: Version) -> bool:
    """Tell whether some field of plain words holds others than a version; a save cuts off only what surrounds them."""
    kept = newest.values
    return any(
        normalised(str(typed.get(field.name) or "")).strip() != str(kept.get(field.name) or "").strip()
        for field in declared.fields
        if isinstance(field, Line | Plain | Markdown) and field.name in typed
    )


def _form_of(declared: ContentType, entry_id: UUID | None) -> str:
    if entry_id is None:
        return url_for(f"{declared.plural}.new")
    return url_for(f"{declared.plural}.edit", entry_id=entry_id)


def _tell_settled(tabs: list[UUID]) -> None:
    if tabs:
        session[SETTLED] = str(tabs[0])
