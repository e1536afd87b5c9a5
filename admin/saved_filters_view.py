"""The pages of saved filters: the present one of a list is kept, renamed, shared and removed."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for

from admin import filters, saved_filters
from admin.accounts import signed_in_id
from admin.errors import BadField
from admin.frame import pages_of
from admin.saved_filters import SavedFilter
from content import types
from content.types import ContentType
from storage import db

pages: Blueprint = pages_of("saved_filters", __name__, "/admin/filters")


@pages.get("/")
def index() -> str:
    """Show a person's own filters, each with its name to change, and those that others share."""
    return _page()


@pages.post("/keep/<type_name>")
def keep(type_name: str) -> Response:
    """Keep what a list was asked for, under a name."""
    declared, session = types.get(type_name), db.session()
    asked = filters.asked_of(declared, dict(parse_qsl(request.form.get("query", "")[:2_000])))
    query = filters.query_of(asked)
    try:
        kept = saved_filters.keep(
            session,
            type_name=declared.name,
            name=request.form.get("name", ""),
            query=query,
            shared="shared" in request.form,
            person_id=UUID(signed_in_id()),
            now=datetime.now(UTC),
        )
    except BadField as error:
        session.rollback()
        flash(str(error), "error")
    else:
        session.commit()
        flash(f"Kept as “{kept.name}”. It stands above this list and on the desk.", "success")
    return redirect(_list(declared, query), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


@pages.post("/<uuid:filter_id>/change")
def change(filter_id: UUID) -> Response:
    """Give a filter another name, and share it or not."""
    session, kept = db.session(), _own(filter_id)
    try:
        saved_filters.change(
            session, kept, name=request.form.get("name", ""), shared="shared" in request.form
        )
    except BadField as error:
        session.rollback()
        return make_response(_page(str(error), filter_id), HTTPStatus.UNPROCESSABLE_ENTITY)
    session.commit()
    flash(f"“{kept.name}” is changed.", "success")
    return _to_all()


@pages.post("/<uuid:filter_id>/remove")
def remove(filter_id: UUID) -> Response:
    """Forget a filter."""
    session, kept = db.session(), _own(filter_id)
    name = kept.name
    saved_filters.remove(session, kept)
    session.commit()
    flash(f"“{name}” is removed.", "success")
    return _to_all()


def offered(declared: ContentType | None = None) -> dict[str, Any]:
    """Return what a page needs to offer the filters of one list, or of all."""
    me = UUID(signed_in_id())
    return {
        "kept": saved_filters.found_by(db.session(), me, declared.name if declared else None),
        "mine": me,
        "address_of": address_of,
        "name_length": saved_filters.NAME_LENGTH,
    }


def address_of(kept: SavedFilter) -> str:
    """Return the list that a filter asks for."""
    return _list(types.get(kept.type), kept.query)


def _list(declared: ContentType, query: Mapping[str, Any]) -> str:
    return url_for(f"{declared.plural}.index", **query)


def _own(filter_id: UUID) -> SavedFilter:
    return saved_filters.own(db.session(), filter_id, person_id=UUID(signed_in_id()))


def _page(error: str | None = None, wrong: UUID | None = None) -> str:
    return render_template(
        "admin/saved_filters.html",
        declared={known.name: known for known in types.everyone()},
        error=error,
        wrong=wrong,
        form=request.form,
        **offered(),
    )


def _to_all() -> Response:
    return redirect(url_for("saved_filters.index"), HTTPStatus.SEE_OTHER)  # type: ignore[return-value]
