"""The pages of partners: whom to ask there, on what terms they have the texts, their keys, and what they may read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Response, current_app, flash, make_response, redirect, request, url_for
from flask_admin import expose
from sqlalchemy import select

from admin import grants_asked
from admin.accounts import signed_in_id
from admin.frame import NewsroomView
from admin.names import names_of
from admin.numbers import number_of
from admin.roles import Right
from admin.times import day_of
from admin.wrong import sentence
from content import grants, keys, log, partners, types
from content.database import new_id
from content.entries import Entry
from content.errors import Invalid, NotFound
from content.fields import Day
from content.grants import Grant
from content.keys import Key, Scope
from content.log import Act
from content.partners import FIELDS, Partner
from content.turns import ahead
from storage import db

MEANING = {
    Scope.READ: "Reads: single texts, lists, searches and history.",
    Scope.SYNC: "Sync: keeps a whole copy.",
}
PAGE = 20  # keys, or grants
EXPIRY = Day(name="expires_on", label="Works until")


@dataclass(frozen=True)
class Page:
    """One page of a partner's keys or grants."""

    items: Sequence[Any]
    number: int
    more: bool


_NOTHING = Page((), 1, more=False)


class PartnersView(NewsroomView):
    """Partners: a list, a page for each, and keys that are shown once."""

    needs = Right.MANAGE_PARTNERS

    def __init__(self) -> None:
        super().__init__(
            "Partners", category="House", endpoint="partners", url="partners", menu_icon_value="partner"
        )

    @expose("/")
    def index(self) -> str:
        """Show every partner, with how many keys work and how many grants hold."""
        session, now = db.session(), datetime.now(UTC)
        everybodys = grants.everybodys(session, log.head(session).sequence)
        return self.render(
            "admin/partners.html",
            open=everybodys == partners.ANONYMOUS,
            some=any(one.audiences for one in everybodys),
            partners=partners.partners(session),
            working=keys.count_working(session, now=now),
            holding=grants.count_holding(session),
        )

    @expose("/anonymous", methods=("GET",))
    def ask_of_everybody(self) -> str:
        """Ask what needs no key from now on; show what that would do, and what was said before."""
        return self._of_everybody()

    @expose("/anonymous", methods=("POST",))
    def let_everybody(self) -> Response:
        """Say what needs no key."""
        session = db.session()
        try:
            grants_asked.let_everybody(session, request.form, by=signed_in_id())
        except Invalid as error:
            session.rollback()
            return make_response(self._of_everybody(error), HTTPStatus.UNPROCESSABLE_ENTITY)
        session.commit()
        flash("It holds from now on. Whoever keeps a copy is told what left it and what came.", "success")
        return redirect(url_for("partners.ask_of_everybody"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]

    @expose("/new", methods=("GET",))
    def new(self) -> str:
        """Ask who the partner is, and on what terms it has the texts."""
        return self._form(None, {})

    @expose("/new", methods=("POST",))
    def add(self) -> Response:
        """Add a partner."""
        typed, session = _typed(), db.session()
        try:
            made = partners.create(session, **typed)
        except Invalid as error:
            return self._refused(None, typed, error)
        session.commit()
        return _done(made.id, f"{made.name} is added. It may read what anybody may, until a grant begins.")

    @expose("/<uuid:partner_id>", methods=("GET",))
    def edit(self, partner_id: UUID) -> str:
        """Show one partner: its terms, its keys and its grants."""
        found = partners.partner(db.session(), partner_id)
        return self._form(found, found.told)

    @expose("/<uuid:partner_id>", methods=("POST",))
    def change(self, partner_id: UUID) -> Response:
        """Change whom to ask and the terms."""
        typed, session = _typed(), db.session()
        try:
            partners.change(session, partner_id, typed)
        except Invalid as error:
            session.rollback()
            return self._refused(partners.partner(session, partner_id), typed, error)
        session.commit()
        return _done(partner_id, "It is changed.")

    @expose("/<uuid:partner_id>/keys", methods=("POST",))
    def make_key(self, partner_id: UUID) -> str | Response:
        """Make a key and show it, this once."""

        def make() -> tuple[Key, str]:
            return keys.make(
                db.session(),
                partner_id,
                purpose=request.form.get("purpose", ""),
                scopes=request.form.getlist("scopes"),
                expires_at=_expiry(),
                by=signed_in_id(),
                key_id=_asked_once(),
            )

        return self._shown_once(partner_id, make)

    @expose("/<uuid:partner_id>/keys/<uuid:key_id>/rotate", methods=("POST",))
    def rotate_key(self, partner_id: UUID, key_id: UUID) -> str | Response:
        """Make the key that is to follow another and show it, this once."""

        def rotate() -> tuple[Key, str]:
            days = number_of(request.form.get("days", "")) or 0
            own = _own_key(partner_id, key_id)
            return keys.rotate(db.session(), own, overlap=timedelta(days=days), by=signed_in_id())

        return self._shown_once(partner_id, rotate)

    @expose("/<uuid:partner_id>/keys/<uuid:key_id>/revoke", methods=("POST",))
    def revoke_key(self, partner_id: UUID, key_id: UUID) -> Response:
        """End a key now."""

        def revoke() -> None:
            keys.revoke(
                db.session(), _own_key(partner_id, key_id), why=request.form.get("why", ""), by=signed_in_id()
            )

        return _tried(partner_id, revoke, "The key opens nothing any more.")

    @expose("/<uuid:partner_id>/grant", methods=("GET",))
    def ask_to_grant(self, partner_id: UUID) -> str | Response:
        """Ask what a partner is to read from now on, or from a moment to come; show what that would do."""
        return self._granting(partner_id)

    @expose("/<uuid:partner_id>/grant", methods=("POST",))
    def grant(self, partner_id: UUID) -> str | Response:
        """Let a partner read something."""
        session = db.session()
        try:
            planned = grants_asked.give(session, partner_id, request.form, by=signed_in_id())
        except Invalid as error:
            session.rollback()
            return make_response(self._granting(partner_id, error), HTTPStatus.UNPROCESSABLE_ENTITY)
        session.commit()
        return _done(partner_id, "The grant is planned." if planned else "The grant holds from now on.")

    @expose("/<uuid:partner_id>/end", methods=("GET",))
    def ask_to_end(self, partner_id: UUID) -> str:
        """Show what it does to end a grant, or all of them, and with them the contract."""
        session = db.session()
        found, ending = partners.partner(session, partner_id), grants_asked.ending(request.args)
        effect = grants_asked.effect_of_ending(session, partner_id, ending)
        return self.render("admin/grant_end.html", partner=found, ending=ending, effect=effect)

    @expose("/<uuid:partner_id>/end", methods=("POST",))
    def end(self, partner_id: UUID) -> Response:
        """End a grant, or all of them, and with them the contract."""

        def end() -> None:
            grants_asked.end(db.session(), partner_id, grants_asked.ending(request.form), by=signed_in_id())

        return _tried(partner_id, end, "It has ended. Whoever syncs by a key is told what to take down.")

    @expose("/<uuid:partner_id>/cancel", methods=("POST",))
    def cancel(self, partner_id: UUID) -> Response:
        """Take back a grant that has not begun."""

        def cancel() -> None:
            grants_asked.cancel(db.session(), partner_id, grants_asked.ending(request.form))

        return _tried(partner_id, cancel, "It is taken back.")

    def _form(
        self, partner: Partner | None, values: dict[str, Any], wrong: dict[str, str] | None = None
    ) -> str:
        session, now = db.session(), datetime.now(UTC)
        held, made = _NOTHING, _NOTHING
        if partner:
            held = _page("grants", partial(grants.some_grants, session, partner.id))
            made = _page("keys", partial(keys.some_keys, session, partner.id, now=now))
        return self.render(
            "admin/partner.html",
            partner=partner,
            start=current_app.config["VERSO_PUBLIC_URL"],
            fields=FIELDS,
            declared={"title": "name"},
            values=values,
            wrong=wrong or {},
            keys=made,
            now=now,
            names=names_of(session, [one.made_by for one in made.items]),
            rotates=partner is not None
            and len(keys.working(session, partner.id, now=now)) < keys.MOST_WORKING,
            most=keys.MOST_WORKING,
            once=new_id(),
            overlap=keys.OVERLAP.days,
            scopes=MEANING,
            grants=held,
            known=_known_of(held.items),
            ends=partner is not None and grants.has_one(session, partner.id),
            planned=ahead(session, [one.id for one in held.items]),
        )

    def _refused(self, partner: Partner | None, typed: dict[str, Any], error: Invalid) -> Response:
        wrong = {
            fault.pointer[1:]: f"{fault.detail[:1].upper()}{fault.detail[1:]}." for fault in error.faults
        }
        return make_response(self._form(partner, typed, wrong), HTTPStatus.UNPROCESSABLE_ENTITY)

    def _shown_once(self, partner_id: UUID, make: Callable[[], tuple[Key, str]]) -> str | Response:
        session = db.session()
        try:
            made, text = make()
        except Invalid as error:
            session.rollback()
            flash(sentence(error, request.form), "error")
            return _back(partner_id)
        session.commit()
        found = partners.partner(session, partner_id)
        return self.render("admin/key.html", partner=found, made=made, shown=text)

    def _of_everybody(self, error: Invalid | None = None) -> str:
        session = db.session()
        said = _page("said", partial(grants.some_grants, session, None))
        told = grants_asked.everybodys_page(session, error)
        return self.render("admin/everybody.html", said=said, known=_known_of(said.items), **told)

    def _granting(self, partner_id: UUID, error: Invalid | None = None) -> str:
        return self.render("admin/grant.html", **grants_asked.page(db.session(), partner_id, error))


def _asked_once() -> UUID | None:
    """Return the id of the key that a page asks for: whoever loads the answer anew asks for the same once more."""
    try:
        return UUID(request.form.get("once", ""))
    except ValueError:
        return None


def _typed() -> dict[str, Any]:
    return {
        field.name: field.name in request.form
        if field.kind == "flag"
        else request.form.get(field.name, "").replace("\r\n", "\n")
        for field in FIELDS
    }


def _own_key(partner_id: UUID, key_id: UUID) -> UUID:
    """Return the id of a key of that very partner; raises NotFound."""
    if keys.key(db.session(), key_id).partner_id != partner_id:
        raise NotFound(f"key {key_id} of this partner")
    return key_id


def _expiry() -> datetime | None:
    """Return the end of the day on which a key is to end, by the newsroom's calendar; raises Invalid."""
    typed = EXPIRY.clean(request.form.get("expires_on", ""))
    return day_of(datetime.fromisoformat(typed).date())[1].astimezone(UTC) if typed else None


def _page(name: str, read: Callable[..., Sequence[Any]]) -> Page:
    """Return the page of a list that the address asks for by its name."""
    number = number_of(request.args.get(name, "")) or 1
    found = read(limit=PAGE + 1, offset=(number - 1) * PAGE)
    return Page(found[:PAGE], number, len(found) > PAGE)


def _known_of(held: Sequence[Grant]) -> dict[str, Any]:
    """Return what the page says of grants beside their own: moments by sequence, names of topics and of types."""
    session = db.session()
    bounds = {one for kept in held for one in (kept.from_sequence, kept.until_sequence) if one}
    named = {UUID(one) for kept in held for one in kept.topics or ()}
    moments = select(Act.sequence, Act.at).where(Act.sequence.in_(bounds))
    titles = select(Entry.id, Entry.title).where(Entry.id.in_(named))
    return {
        "at": dict(session.execute(moments).all()),
        "topics": {str(one): title for one, title in session.execute(titles)},
        "types": {declared.name: declared.plural_label for declared in types.everyone()},
    }


def _tried(partner_id: UUID, act: Callable[[], object], told: str) -> Response:
    session = db.session()
    try:
        act()
    except Invalid as error:
        session.rollback()
        flash(sentence(error, request.form), "error")
        return _back(partner_id)
    session.commit()
    return _done(partner_id, told)


def _done(partner_id: UUID, told: str) -> Response:
    flash(told, "success")
    return _back(partner_id)


def _back(partner_id: UUID) -> Response:
    return redirect(url_for("partners.edit", partner_id=partner_id), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
