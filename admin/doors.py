"""The ways in and out, and whether it is light or dark inside."""

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from admin import attempts, people
from admin.accounts import close_session, may, open_session, person_now
from admin.errors import PersonNotFound
from admin.errors_shown import show
from admin.foresight import parts_in_words
from admin.guard import over_https
from admin.linked import entry_of
from admin.menu import shown_menu
from admin.roles import Right
from admin.times import clock, comes_twice, day_in, day_words, local, zone, zone_shown
from storage import db

WRONG = "That email and password do not go together."
THEMES = ("auto", "light", "dark")
A_YEAR = 365 * 24 * 60 * 60  # seconds

door = Blueprint(
    "door",
    __name__,
    url_prefix="/admin",
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
)
door.register_error_handler(HTTPException, show)


@door.app_context_processor
def for_every_page() -> dict[str, object]:
    """Hand every template the theme that this browser chose, the menu, and who is asking and may do what."""
    chosen = request.cookies.get("verso_theme", "auto")
    return {
        "appearance": chosen if chosen in THEMES else "auto",
        "menu": shown_menu,
        "person_now": person_now,
        "may": may,
        "Right": Right,
        "zone": zone,
    }


door.add_app_template_filter(local)
door.add_app_template_filter(clock)
door.add_app_template_filter(day_in)
door.add_app_template_filter(day_words)
door.add_app_template_test(comes_twice)
door.add_app_template_global(zone_shown)
door.add_app_template_filter(parts_in_words)
door.add_app_template_filter(entry_of)


@door.get("/login")
def login() -> AnyResponse | str:
    """Show the sign-in, or go on where somebody is signed in already."""
    if person_now() is not None:
        return redirect(wanted_page())
    return render_template("admin/login.html", next=request.args.get("next", ""), email="")


@door.post("/login")
def log_in() -> AnyResponse:
    """Sign a person in by email and password, and go on to the page that they wanted."""
    now, email, address = datetime.now(UTC), request.form.get("email", ""), attempts.client_address()
    wait = attempts.note(db.session(), email=email, address=address, now=now)
    if wait:
        return _asked_again(email, f"Too many attempts. Try again in {minutes(wait)}.", wait)
    person = _person_with(email)
    if not people.password_fits(person, request.form.get("password", "")) or person is None:
        return _asked_again(email, WRONG)
    attempts.succeeded(db.session(), email=email, address=address, now=now)
    open_session(person, now=now)
    db.session.commit()
    return redirect(wanted_page(), HTTPStatus.SEE_OTHER)


@door.post("/logout")
def logout() -> AnyResponse:
    """Sign this browser out."""
    close_session()
    db.session.commit()
    return redirect(url_for("door.login"), HTTPStatus.SEE_OTHER)


@door.post("/appearance")
def choose_appearance() -> AnyResponse:
    """Keep this browser's choice of light, dark, or what its system says, and go back."""
    chosen = request.form.get("theme", "auto")
    response = redirect(wanted_page(), HTTPStatus.SEE_OTHER)
    response.set_cookie(
        "verso_theme",
        chosen if chosen in THEMES else "auto",
        max_age=A_YEAR,
        path="/admin",
        secure=over_https(),
        httponly=True,
        samesite="Lax",
    )
    return response


def wanted_page() -> str:
    """Return the newsroom's page that `next` names, or the desk: nobody is sent elsewhere."""
    wanted = request.form.get("next") or request.args.get("next") or ""
    parts = urlsplit(wanted)
    inside = wanted.startswith("/admin/") and not parts.scheme and not parts.netloc
    odd = "\\" in wanted or "//" in parts.path or any(ord(character) < 33 for character in wanted)
    return wanted if inside and not odd else url_for("admin.index")


def _person_with(email: str) -> people.Person | None:
    try:
        return people.by_email(db.session(), email)
    except PersonNotFound:
        return None


def _asked_again(email: str, error: str, wait: int = 0) -> Response:
    page = render_template("admin/login.html", next=request.form.get("next", ""), email=email, error=error)
    response = make_response(page, HTTPStatus.TOO_MANY_REQUESTS if wait else HTTPStatus.UNPROCESSABLE_ENTITY)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def minutes(seconds: int) -> str:
    """Return a wait in words, rounded up to whole minutes."""
    whole = -(-seconds // 60)
    return "a minute" if whole == 1 else f"{whole} minutes"
