"""The page on which administrators add people, give them roles, and let them in or out."""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import UUID

from flask import Response, abort, current_app, flash, make_response, redirect, request, url_for
from flask_admin import expose

from admin import people, set_up_links, sign_ins
from admin.errors import NewsroomError, PersonDisabled, PersonNotFound
from admin.frame import NewsroomView
from admin.people import Person
from admin.roles import MEANING, Right, Role
from storage import db


class PeopleView(NewsroomView):
    """People: one list, one form, and a set-up link that is shown once."""

    needs = Right.MANAGE_PEOPLE

    def __init__(self) -> None:
        super().__init__(
            "People", category="House", endpoint="people", url="people", menu_icon_value="people"
        )

    @expose("/")
    def index(self) -> str:
        """Show everybody."""
        return self.render("admin/people.html", people=people.people(db.session()))

    @expose("/new", methods=("GET",))
    def new(self) -> str:
        """Ask who is to be added."""
        return self._form(None)

    @expose("/new", methods=("POST",))
    def add(self) -> str | Response:
        """Add a person and show their set-up link."""
        now = datetime.now(UTC)
        try:
            person = people.add(
                db.session(),
                email=request.form.get("email", ""),
                name=request.form.get("name", ""),
                credentials=request.form.get("credentials", ""),
                roles=_roles_asked(),
                now=now,
            )
        except NewsroomError as error:
            return self._refused(None, error)
        return self._with_link(person, now)

    @expose("/<uuid:person_id>", methods=("GET",))
    def edit(self, person_id: UUID) -> str:
        """Show one person's form."""
        return self._form(_person(person_id))

    @expose("/<uuid:person_id>", methods=("POST",))
    def change(self, person_id: UUID) -> str | Response:
        """Change a person's name, credentials and roles."""
        person = _person(person_id)
        try:
            people.change(
                db.session(),
                person,
                name=request.form.get("name", ""),
                credentials=request.form.get("credentials", ""),
                roles=_roles_asked(),
            )
        except NewsroomError as error:
            return self._refused(person, error)
        return _done(f"{person.name} is changed.")

    @expose("/<uuid:person_id>/disable", methods=("POST",))
    def disable(self, person_id: UUID) -> Response:
        """Shut a person out: every browser of theirs is signed out, and their link stops working."""
        return _turned(person_id, _shut_out, "is disabled and signed out everywhere")

    @expose("/<uuid:person_id>/enable", methods=("POST",))
    def enable(self, person_id: UUID) -> Response:
        """Let a person in again."""
        return _turned(person_id, lambda person: people.enable(db.session(), person), "is enabled")

    @expose("/<uuid:person_id>/link", methods=("POST",))
    def link(self, person_id: UUID) -> str | Response:
        """Show a new set-up link for somebody who has none, lost theirs, or forgot their password."""
        try:
            return self._with_link(_person(person_id), datetime.now(UTC))
        except PersonDisabled as error:
            return _refused_in_list(error)

    def _form(self, person: Person | None, error: NewsroomError | None = None) -> str:
        asked = _roles_asked() if error else person.role_names if person else {Role.AUTHOR}
        return self.render(
            "admin/person.html", someone=person, error=error, roles=MEANING, asked=asked, form=request.form
        )

    def _refused(self, person: Person | None, error: NewsroomError) -> Response:
        return make_response(self._form(person, error), HTTPStatus.UNPROCESSABLE_ENTITY)

    def _with_link(self, person: Person, now: datetime) -> str:
        token = set_up_links.make(db.session(), person, now=now)
        db.session.commit()
        url = _address_of(token)
        return self.render(
            "admin/set_up_link.html", someone=person, url=url, ends_at=now + set_up_links.LASTS
        )


def _roles_asked() -> set[Role]:
    known = {role.value for role in Role}
    return {Role(name) for name in request.form.getlist("roles") if name in known}


def _person(person_id: UUID) -> Person:
    try:
        return people.by_id(db.session(), person_id)
    except PersonNotFound:
        abort(HTTPStatus.NOT_FOUND)


def _shut_out(person: Person) -> None:
    people.disable(db.session(), person)
    sign_ins.end_all(db.session(), person)
    set_up_links.void(db.session(), person)


def _turned(person_id: UUID, turn: Callable[[Person], None], told: str) -> Response:
    person = _person(person_id)
    try:
        turn(person)
    except NewsroomError as error:
        return _refused_in_list(error)
    return _done(f"{person.name} {told}.")


def _refused_in_list(error: NewsroomError) -> Response:
    flash(str(error), "error")
    return redirect(url_for("people.index"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _address_of(token: str) -> str:
    """Return where a link leads: the public address where one is set, else where this request came to."""
    public = str(current_app.config["VERSO_PUBLIC_URL"])
    if public == f"http://localhost:{current_app.config['PORT']}":
        return url_for("passwords.set_up", token=token, _external=True)
    return public + url_for("passwords.set_up", token=token)


def _done(told: str) -> Response:
    db.session.commit()
    flash(told, "success")
    return redirect(url_for("people.index"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
