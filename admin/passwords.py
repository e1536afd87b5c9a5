"""Setting a password by a link, and changing one's own."""

from datetime import UTC, datetime
from http import HTTPStatus

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from admin import attempts, people, set_up_links, sign_ins
from admin.accounts import TOKEN, person_now
from admin.doors import minutes
from admin.errors import BadField, LinkSpent
from admin.errors_shown import show
from admin.frame import sign_in_first
from admin.people import Person
from storage import db

passwords = Blueprint("passwords", __name__, url_prefix="/admin")
passwords.register_error_handler(HTTPException, show)


@passwords.get("/set-up/<token>")
def set_up(token: str) -> AnyResponse | str:
    """Ask the link's person for the password that they want."""
    try:
        person = set_up_links.person_of(db.session(), token, now=datetime.now(UTC))
    except LinkSpent as error:
        return _spent(error)
    return render_template("admin/set_up.html", owner=person, error=None)


@passwords.post("/set-up/<token>")
def set_password(token: str) -> AnyResponse | str:
    """Set the password and spend the link."""
    password, again = request.form.get("password", ""), request.form.get("again", "")
    try:
        person = set_up_links.person_of(db.session(), token, now=datetime.now(UTC))
        _require_same(password, again)
        set_up_links.use(db.session(), token, password, now=datetime.now(UTC))
    except LinkSpent as error:
        return _spent(error)
    except BadField as error:
        page = render_template("admin/set_up.html", owner=person, error=str(error))
        return make_response(page, HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    flash("Your password is set. Sign in with it.", "success")
    return redirect(url_for("door.login"), HTTPStatus.SEE_OTHER)


@passwords.get("/password")
def password() -> AnyResponse | str:
    """Ask for the old password and a new one."""
    return _password_page() if person_now() else sign_in_first()


@passwords.post("/password")
def change_password() -> AnyResponse:
    """Change one's own password; every other browser is signed out."""
    person, now = person_now(), datetime.now(UTC)
    if person is None:
        return sign_in_first()
    wait = attempts.note(db.session(), email=person.email, address=attempts.client_address(), now=now)
    if wait:
        return make_response(_password_page(f"Too many attempts. Try again in {minutes(wait)}."), 429)
    try:
        _change(person, now)
    except BadField as error:
        return make_response(_password_page(str(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    db.session.commit()
    flash("Your password is changed, and every other browser is signed out.", "success")
    return redirect(url_for("admin.index"), HTTPStatus.SEE_OTHER)


def _change(person: Person, now: datetime) -> None:
    if not people.password_fits(person, request.form.get("old", "")):
        raise BadField("your password now", "is another one")
    _require_same(request.form.get("password", ""), request.form.get("again", ""))
    people.set_password(db.session(), person, request.form.get("password", ""))
    sign_ins.end_all(db.session(), person, but=str(session.get(TOKEN, "")))
    set_up_links.void(db.session(), person)
    attempts.succeeded(db.session(), email=person.email, address=attempts.client_address(), now=now)


def _spent(error: LinkSpent) -> Response:
    return make_response(render_template("admin/link_spent.html", sentence=str(error)), HTTPStatus.GONE)


def _require_same(password: str, again: str) -> None:
    if password != again:
        raise BadField("password", "was not typed the same twice")


def _password_page(error: str | None = None) -> str:
    return render_template("admin/password.html", error=error)
