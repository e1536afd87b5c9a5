"""One's own account: what whoever is signed in chooses for themselves."""

from http import HTTPStatus
from itertools import groupby

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from admin import people
from admin.accounts import person_now
from admin.errors import BadField
from admin.frame import pages_of
from admin.people import Person
from admin.times import newsroom_zone, zone
from admin.zones import known_zones
from storage import db

pages: Blueprint = pages_of("own_account", __name__, "/admin/account")

# Names that stand for an offset or an abbreviation: no place where the clocks are set is called so.
_NO_PLACES = ("Etc", "SystemV", "US")


@pages.get("")
def account() -> str:
    """Show who is signed in, and ask by which clock they read and type times."""
    return _page()


@pages.post("")
def change() -> Response:
    """Follow another clock from now on."""
    try:
        people.choose_time_zone(db.session(), _person(), request.form.get("time_zone", ""))
    except BadField as error:
        db.session.rollback()
        return make_response(_page(str(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    flash(f"Times are those of {zone()} now.", "success")
    return redirect(url_for("own_account.account"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _page(error: str | None = None) -> str:
    own = _person().time_zone
    return render_template(
        "admin/account.html",
        error=error,
        wrong=error and "time_zone",
        own=own,
        places=_places(own),
        newsroom=newsroom_zone(),
    )


def _places(own: str | None) -> list[tuple[str, list[str]]]:
    """Return what can be chosen, by the part of the world; what was chosen is always among it."""
    offered = {name for name in known_zones() if "/" in name} | {own or "UTC"}
    parted = ((name.partition("/")[0], name) for name in offered - {"UTC"})
    places = sorted(one for one in parted if one[0] not in _NO_PLACES or one[1] == own)
    named = [("Everywhere", "UTC"), *places]
    return [(part, [name for _, name in some]) for part, some in groupby(named, lambda one: one[0])]


def _person() -> Person:
    person = person_now()
    assert person is not None, "pages_of lets nobody else in"
    return person
