"""What stands before and behind every page of the newsroom: form tokens, cookies, limits and security headers."""

from http import HTTPStatus
from urllib.parse import unquote_plus, unquote_to_bytes

from flask import Flask, Request, Response, abort, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import RequestRedirect

from admin import sign_ins
from admin.accounts import person_now
from admin.errors_shown import show
from admin.measures import most_at_once, require_measure
from admin.resending import NotText, require_its_person
from content import moments
from content.characters import refused_character
from storage import db

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: https:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # flask-wtf reads the referrer over https, so that it may go to ourselves.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex",
}

csrf = CSRFProtect()


class NewsroomSessions(SecureCookieSessionInterface):
    """Flask's cookie sessions, whose cookie is for https alone wherever it can be."""

    def get_cookie_secure(self, app: Flask) -> bool:
        return over_https()

    # Whoever reads the API has no session, and no answer there may vary by a cookie.
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return super().open_session(app, request) if in_newsroom() else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if in_newsroom():
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    """Guard everything below /admin; other paths are left as they are."""
    app.config.update(
        SESSION_COOKIE_NAME="verso_newsroom",
        SESSION_COOKIE_PATH="/admin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=sign_ins.LASTS,
        # Delivery takes no forms; only /admin is checked, below.
        WTF_CSRF_CHECK_DEFAULT=False,
        # An editor may write for hours; the token lives as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
    )
    app.session_interface = NewsroomSessions()
    csrf.init_app(app)
    app.before_request(_check)
    app.after_request(_harden)


def over_https() -> bool:
    """Tell whether this request came by https, or the settings say that readers come so."""
    return request.is_secure or str(current_app.config.get("VERSO_PUBLIC_URL", "")).startswith("https://")


def in_newsroom() -> bool:
    """Tell whether the request is for the newsroom."""
    return request.path == "/admin" or request.path.startswith("/admin/")


def _check() -> Response | None:
    if not in_newsroom():
        return None
    if refused := _refused_by_routing():
        return refused
    request.max_content_length = request.max_form_memory_size = most_at_once()
    # No page asks for such a character, and PostgreSQL would choke on one; forms name the field that has it.
    if any(refused_character(value) for value in request.args.values()):
        abort(HTTPStatus.BAD_REQUEST)
    _require_utf8()
    require_measure()
    # Before its token, which is another's too: who sends it must hear why.
    require_its_person()
    csrf.protect(apply_exemptions=True)
    if request.endpoint and not request.endpoint.endswith("static"):
        # What is due is settled before anybody looks at where things stand.
        moments.present(db.session())
    return None


def _require_utf8() -> None:
    """Refuse a form that says something else than letters; werkzeug would store its bytes as `%FF` or `U+FFFD`."""
    if request.mimetype == "multipart/form-data":
        # A picture comes along in it: it is held in memory for nobody who is not signed in, and keeps nothing here.
        came = request.get_data(parse_form_data=False) if person_now() else None
        for field, text in request.form.items(multi=True):
            # Whoever typed U+FFFD sent its own bytes.
            if came is not None and "\ufffd" in text and text.encode() not in came:
                raise NotText(field)
    elif request.mimetype == "application/x-www-form-urlencoded":
        for pair in request.get_data(parse_form_data=False).split(b"&"):
            name, _, value = pair.partition(b"=")
            try:
                unquote_to_bytes(value).decode()
            except UnicodeDecodeError:
                raise NotText(unquote_plus(name.decode(errors="replace"))) from None


def _refused_by_routing() -> Response | None:
    """Answer where no view takes the request: what belongs to no blueprint would get a bare page."""
    error = request.routing_exception
    return None if error is None or isinstance(error, RequestRedirect) else show(error)


def _harden(response: Response) -> Response:
    if not in_newsroom():
        return response
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "door.static":
        response.headers["Cache-Control"] = "no-store"
    if over_https():
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
