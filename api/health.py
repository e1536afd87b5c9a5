"""Health: whether this process answers, and whether there is something to answer with."""

from functools import cache

import orjson
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Response, current_app
from flask_smorest import Blueprint
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import bearing, envelopes
from api.examples import example
from api.problems import AWAY
from content.entries import Entry
from storage import db, migrate

_HEADERS = bearing.told(bearing.ALONE)
routes = Blueprint("Health", __name__, description="Whether this server lives and is ready.")


@routes.route("/healthz")
@routes.doc(operationId="getHealth")
@routes.response(200, envelopes.HEALTH, example=example(envelopes.HEALTH), headers=_HEADERS)
def healthz() -> Response:
    """Say that this process answers; it asks no database."""
    return _told(200, {"status": "ok"})


@routes.route("/readyz")
@routes.doc(operationId="getReadiness")
@routes.response(200, envelopes.READINESS, example={"status": "ok", "waiting_for": []}, headers=_HEADERS)
@routes.alt_response(503, schema=envelopes.READINESS, headers=_HEADERS)
def readyz() -> Response:
    """Say whether the database is there, migrated and has texts, and what is waited for."""
    try:
        missing = waiting_for(db.session())
    except AWAY:
        missing = ["database"]
    status = "ok" if not missing else "waiting"
    return _told(503 if missing else 200, {"status": status, "waiting_for": missing})


def waiting_for(session: Session) -> list[str]:
    """Return what is missing before readers may come: `migrations`, `texts` or nothing."""
    if MigrationContext.configure(session.connection()).get_current_heads() != _newest():
        return ["migrations"]
    if current_app.config["VERSO_SEED"] and session.scalar(select(Entry.id).limit(1)) is None:
        return ["texts"]
    return []


@cache
def _newest() -> tuple[str, ...]:
    return tuple(ScriptDirectory(migrate.directory).get_heads())


def _told(status: int, body: dict[str, object]) -> Response:
    response = Response(orjson.dumps(body), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
