"""Grants as the newsroom's forms ask for them: what was typed becomes a reach, and what it would do is told first."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin import picking
from admin.ids import id_of
from admin.numbers import number_of
from admin.times import moment_in
from admin.wrong import told
from content import granting, grants, log, partners, types
from content.errors import ContentError, Fault, Invalid, NotFound
from content.granting import Effect
from content.lists import Links
from content.partners import Reach
from content.placement import LICENSED, PUBLIC

Form = MultiDict[str, str]
TOPICS = Links(name="topics", label="Topics", to="topic", help="And all below them; none means all.")
WHATS = {"all": "Everything public", "some": "Some of it", "nothing": "Nothing: whoever reads needs a key"}
AUDIENCES = {LICENSED: "Texts for licensed partners", PUBLIC: "Texts for everybody"}


def page(session: Session, partner_id: UUID, error: ContentError | None) -> dict[str, Any]:
    """Return what the page shows that asks for a grant: the form, and once it was sent, what the grant would do."""
    found, form, effect = partners.partner(session, partner_id), request.values, None
    if "asked" in form and error is None:
        try:
            effect = effect_of(session, partner_id, form)
        except Invalid as refused:
            error = refused
    return {
        "partner": found,
        "form": form,
        **told(error, form),
        "effect": effect,
        "audiences": AUDIENCES,
        "types": types.everyone(),
        "topics": TOPICS,
        "options": {"topics": picking.options(session, TOPICS, form.getlist("topics"), "en")},
        "locale": "en",
        "makeable": lambda type_name: False,
        "longest": granting.LONGEST_EMBARGO,
    }


def effect_of(session: Session, partner_id: UUID, form: Form) -> Effect:
    """Return what the grant that was asked for would do now; raises Invalid."""
    _moments(form)
    reach, at = reach_asked(form), log.head(session).sequence
    granting.check(session, reach, _embargo(form))
    return granting.effect_of(session, partner_id, reach, at=at)


def give(session: Session, partner_id: UUID, form: Form, *, by: str) -> bool:
    """Begin the grant that was asked for, or plan it for its moment; return whether it is planned. Raises Invalid."""
    begins_at, ends_at = _moments(form)
    reach, embargo = reach_asked(form), _embargo(form)
    if begins_at is None:
        granting.grant(session, partner_id, reach, by=by, embargo=embargo, ends_at=ends_at)
        return False
    granting.plan(session, partner_id, reach, by=by, embargo=embargo, begins_at=begins_at, ends_at=ends_at)
    return True


def reach_asked(form: Form) -> Reach:
    """Return what a form lets through; raises Invalid where a topic is no id, or no audience is chosen."""
    audiences = form.getlist("audiences")
    if not audiences:
        raise Invalid([Fault("/audiences", "are needed")])
    return replace(_narrowed(form), audiences=tuple(audiences))


def _narrowed(form: Form) -> Reach:
    topics = [id_of(one) for one in form.getlist("topics") if one]
    if None in topics:
        raise Invalid([Fault("/topics", "are no topics")])
    spoken = [one.strip() for one in form.get("locales", "").split(",") if one.strip()]
    return Reach(
        types=tuple(form.getlist("types")) or None,
        topics=tuple(one for one in topics if one) or None,
        locales=tuple(spoken) or None,
    )


def everybodys_page(session: Session, error: ContentError | None) -> dict[str, Any]:
    """Return what the page shows that asks what needs no key: the form, and once it was sent, what that would do."""
    form, effect = request.values, None
    if "asked" in form and error is None:
        try:
            reach, at = everybodys_reach(session, form), log.head(session).sequence
            effect = granting.effect_on_everybody(session, reach, at=at)
        except Invalid as refused:
            error = refused
    return {
        "form": form,
        **told(error, form),
        "effect": effect,
        "whats": WHATS,
        "types": [declared for declared in types.everyone() if declared.health],
        "topics": TOPICS,
        "options": {"topics": picking.options(session, TOPICS, form.getlist("topics"), "en")},
        "locale": "en",
        "makeable": lambda type_name: False,
    }


def everybodys_reach(session: Session, form: Form) -> Reach:
    """Return what a form says needs no key; raises Invalid."""
    what = form.get("what", "")
    if what not in WHATS:
        raise Invalid([Fault("/what", "is to be chosen")])
    reach = {"all": Reach(), "nothing": Reach(audiences=())}.get(what) or _narrowed(form)
    if what == "some" and reach == Reach():
        raise Invalid([Fault("/types", "topics or languages are needed")])
    granting.check_everybodys(session, reach)
    return reach


def let_everybody(session: Session, form: Form, *, by: str) -> None:
    """Have so what a form says needs no key; raises Invalid."""
    granting.let_everybody(session, everybodys_reach(session, form), by=by)


def _embargo(form: Form) -> int:
    typed = form.get("embargo", "").strip()
    hours = number_of(typed) if typed and typed != "0" else 0
    if hours is None:
        raise Invalid([Fault("/embargo", "is no whole number of hours")])
    return hours


def _moments(form: Form) -> tuple[datetime | None, datetime | None]:
    """Return when a grant is to begin and to end, None where nothing was typed; raises Invalid."""
    begins_at, ends_at = (
        moment_in(form, name, f"/{name}") if form.get(name) else None for name in ("begins_at", "ends_at")
    )
    return begins_at, ends_at


def ending(form: Mapping[str, str]) -> UUID | None:
    """Return the grant that is to end, None where all of them are, and with them the contract."""
    asked = form.get("grant", "")
    chosen = id_of(asked)
    if asked and chosen is None:
        raise NotFound("such grant")
    return chosen


def effect_of_ending(session: Session, partner_id: UUID, grant_id: UUID | None) -> Effect:
    """Return what ending a grant, or all (None), would do now."""
    at = log.head(session).sequence
    every = [one.id for one in grants.held(session, partner_id, at)]
    some = every if grant_id is None else [_own(session, partner_id, grant_id)]
    return granting.effect_of_ending(session, partner_id, some, at=at)


def end(session: Session, partner_id: UUID, grant_id: UUID | None, *, by: str) -> None:
    """End a grant, or all (None); raises NotFound, Invalid."""
    if grant_id is None:
        granting.end_contract(session, partner_id, by=by)
    else:
        granting.end_grant(session, _own(session, partner_id, grant_id), by=by)


def cancel(session: Session, partner_id: UUID, grant_id: UUID | None) -> None:
    """Take back a grant that has not begun; raises NotFound, Invalid."""
    if grant_id is None:
        raise NotFound("such grant")
    granting.cancel(session, _own(session, partner_id, grant_id))


def _own(session: Session, partner_id: UUID, grant_id: UUID) -> UUID:
    """Return the id of a grant of that very partner; raises NotFound."""
    if grants.grant_of(session, grant_id).partner_id != partner_id:
        raise NotFound(f"grant {grant_id} of this partner")
    return grant_id
