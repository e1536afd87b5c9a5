"""Preview tokens: made for a draft on its entry's page, or for a moment to come; shown once, listed, revoked."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_admin import expose

from admin import listing
from admin.accounts import signed_in_id
from admin.frame import NewsroomView, pages_of, require
from admin.names import names_of
from admin.numbers import number_of
from admin.roles import Right
from admin.times import moment_in
from admin.version_choices import version_choices
from admin.wrong import sentence, wrong_field
from content import entries, previews
from content.documents import addresses
from content.errors import InTrash, Invalid, NotFound
from content.previews import LASTS, LONGEST, Preview
from storage import db

pages: Blueprint = pages_of("tokens", __name__, "/admin/entries/<uuid:entry_id>/preview")


@pages.get("")
def of_draft(entry_id: UUID) -> str:
    """Ask what a token for a draft of this entry is for, and list those that work."""
    require(Right.WRITE)
    return _draft_page(entry_id)


@pages.post("")
def make_for_draft(entry_id: UUID) -> Response | str:
    """Make a token for a version and show it, this once."""
    require(Right.WRITE)
    session, entry = db.session(), entries.entry(db.session(), entry_id)
    number = number_of(request.form.get("version", str(entry.latest)))
    if number is None or number > entry.latest:
        abort(HTTPStatus.NOT_FOUND)
    try:
        made, token = previews.for_draft(session, entry_id, number, **_told())
    except (Invalid, InTrash) as error:
        session.rollback()
        return make_response(_draft_page(entry_id, str(error)), HTTPStatus.UNPROCESSABLE_ENTITY)
    session.commit()
    there = addresses(entry.content_type, entry_id, number)["self"]
    return _shown_once(made, token, there, url_for("tokens.of_draft", entry_id=entry_id))


@pages.post("/<uuid:preview_id>/revoke")
def revoke_for_draft(entry_id: UUID, preview_id: UUID) -> Response:
    """End a token that was made for a draft of this entry."""
    require(Right.WRITE)
    return _revoked(preview_id, entry_id, url_for("tokens.of_draft", entry_id=entry_id))


class MomentsView(NewsroomView):
    """Tokens for moments to come; they show all that is scheduled, so they are for those who publish."""

    needs = Right.PUBLISH

    def __init__(self) -> None:
        super().__init__(
            "Previews", category="House", endpoint="moments", url="previews", menu_icon_value="key"
        )

    @expose("/", methods=("GET",))
    def index(self) -> str:
        """Ask for a moment to come, and list the tokens that work."""
        return self._page()

    @expose("/", methods=("POST",))
    def make(self) -> Response | str:
        """Make a token for a moment and show it, this once."""
        session = db.session()
        try:
            instant = moment_in(request.form, "instant", "/instant")
            made, token = previews.for_instant(session, instant, **_told())
        except Invalid as error:
            session.rollback()
            return make_response(self._page(error), HTTPStatus.UNPROCESSABLE_ENTITY)
        session.commit()
        return _shown_once(made, token, "/api/v1/articles", url_for("moments.index"))

    @expose("/<uuid:preview_id>/revoke", methods=("POST",))
    def revoke(self, preview_id: UUID) -> Response:
        """End a token for a moment."""
        return _revoked(preview_id, None, url_for("moments.index"))

    def _page(self, error: Invalid | None = None) -> str:
        told = {
            "error": error and sentence(error, request.form),
            "wrong": error and wrong_field(error, request.form),
        }
        return self.render("admin/moments.html", **told, **_listed(None))


def _draft_page(entry_id: UUID, error: str | None = None) -> str:
    session = db.session()
    entry = entries.entry(session, entry_id)
    row = listing.row(session, entry_id)
    choices = version_choices(session, entry)
    told = _listed(entry_id)
    return render_template("admin/tokens.html", entry=entry, row=row, choices=choices, error=error, **told)


def _listed(entry_id: UUID | None) -> dict[str, Any]:
    working = previews.working(db.session(), entry_id, now=datetime.now(UTC))
    names = names_of(db.session(), (one.by for one in working))
    return {
        "working": working,
        "names": names,
        "form": request.form,
        "days": LASTS.days,
        "most_days": LONGEST.days,
    }


def _told() -> dict[str, Any]:
    """What a form says of a token; raises Invalid."""
    days = number_of(request.form.get("days", str(LASTS.days)))
    lasts = timedelta(days=min(days, LONGEST.days + 1) if days else 0)
    return {"purpose": request.form.get("purpose", ""), "lasts": lasts, "by": signed_in_id()}


def _shown_once(made: Preview, token: str, path: str, back: str) -> str:
    url = str(current_app.config["VERSO_PUBLIC_URL"]) + path
    return render_template("admin/token.html", made=made, shown=token, url=url, back=back)


def _revoked(preview_id: UUID, entry_id: UUID | None, there: str) -> Response:
    session = db.session()
    if previews.preview(session, preview_id).entry_id != entry_id:
        raise NotFound(f"preview {preview_id}")
    previews.revoke(session, preview_id, by=signed_in_id())
    session.commit()
    flash("It opens nothing any more.", "success")
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
