"""What a form that is open says every few seconds, and is told: who else has it open, and what was saved meanwhile."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, jsonify, make_response, request

from admin import presence
from admin.accounts import signed_in_id
from admin.frame import pages_of, require
from admin.ids import id_of
from admin.names import names_of
from admin.roles import Right
from content import versions
from storage import db

pages: Blueprint = pages_of("present", __name__, "/admin/entries/<uuid:entry_id>")


@pages.post("/here")
def here(entry_id: UUID) -> Response:
    """Note that the entry is open in a tab; answer who else has it open, and who else saved its newest version."""
    require(Right.WRITE)
    session, newest = db.session(), versions.latest(db.session(), entry_id)
    told: dict[str, Any] = {"version": newest.number, "by": None}
    if newest.by != signed_in_id():
        told["by"] = names_of(session, [newest.by])[newest.by]
    me, now = UUID(signed_in_id()), datetime.now(UTC)
    presence.note(session, _tab(), entry_id=entry_id, person_id=me, now=now)
    told["others"] = list(presence.others(session, entry_id, person_id=me, now=now))
    session.commit()
    return jsonify(told)


@pages.post("/left")
def left(entry_id: UUID) -> Response:
    """Forget a tab that was closed."""
    require(Right.WRITE)
    presence.leave(db.session(), _tab(), person_id=UUID(signed_in_id()))
    db.session.commit()
    return make_response("", HTTPStatus.NO_CONTENT)


def _tab() -> UUID:
    return id_of(request.form.get("tab", "")) or abort(HTTPStatus.BAD_REQUEST)
