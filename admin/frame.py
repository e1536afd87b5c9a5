"""What every page of the newsroom stands on: who is let in, and how a refusal is shown."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask_admin import BaseView
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as PageNotFound

from admin.accounts import may, person_now
from admin.errors_shown import show
from admin.roles import Right
from content.errors import NotFound


class NewsroomView(BaseView):
    """A page behind the sign-in; `needs` is the right without which it is refused and left out of the menu."""

    needs = Right.READ

    def is_accessible(self) -> bool:
        return may(self.needs)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Response:
        return sign_in_first()

    def create_blueprint(self, admin: Any) -> Any:
        blueprint = super().create_blueprint(admin)
        show_errors_of(blueprint)
        return blueprint

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin's own runs a view a second time where it raised TypeError, whatever it had done by then.
        return fn(self, *args, **kwargs)

    def render(self, template: str, **kwargs: Any) -> str:
        return str(super().render(template, **kwargs))


def pages_of(name: str, module: str, url_prefix: str) -> Blueprint:
    """Return a blueprint for pages that stand in no menu; it is for those who are signed in."""
    blueprint = Blueprint(name, module, url_prefix=url_prefix)
    show_errors_of(blueprint)
    blueprint.before_request(_let_in)
    return blueprint


def show_errors_of(blueprint: Blueprint) -> None:
    """Let what a blueprint's views refuse be shown in our layout."""
    blueprint.register_error_handler(HTTPException, show)
    blueprint.register_error_handler(NotFound, _not_found)


def _let_in() -> Response | None:
    return None if may(Right.READ) else sign_in_first()


def _not_found(_error: NotFound) -> Response:
    return show(PageNotFound())


def sign_in_first() -> Response:
    """Answer whoever may not see a page: nobody is sent to the sign-in, and comes back; a known person is refused."""
    if person_now() is not None:
        abort(HTTPStatus.FORBIDDEN)
    if request.method not in ("GET", "HEAD"):
        abort(HTTPStatus.UNAUTHORIZED)
    wanted = request.full_path.rstrip("?")
    there = None if wanted == url_for("admin.index") else wanted
    return redirect(url_for("door.login", next=there))  # type: ignore[return-value]


def require(right: Right) -> None:
    """Refuse the request unless whoever is signed in has `right`."""
    if not may(right):
        abort(HTTPStatus.FORBIDDEN)
