"""The read layer: a WSGI callable in front of Flask, which answers repeated reads from memory.

What it keeps is what Flask answered, and it hands that out as long as the log stands where it stood and nothing has
fallen due: so a kept answer is the one that Flask would give. It also compresses, judges conditions, counts and
limits, for a read that is answered here never meets Flask. `docs/decisions/reading-from-memory.md` says why.
"""

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api import ahead, callers, handed
from api.layer.layer import ReadLayer
from api.layer.limits import Limits
from api.layer.sharing import Sharing, Store
from api.layer.trust import Trust
from api.plain import PastFlask
from content import database, keys, moments, watermark
from content.errors import KeyRefused
from content.keys import Bearer
from content.moments import Moment
from storage import db


def in_front_of(app: Flask) -> ReadLayer:
    """Return the layer in front of `app`, as its settings say; opens no database and starts no thread."""
    with app.app_context():
        engine = db.engine

    def present() -> Moment:
        with Session(engine) as session:
            return moments.present(session)

    settings = app.config
    trust = Trust(present, watermark.of(engine), settings["VERSO_TRUST_MS"] / 1000)
    budget, told = settings["VERSO_CACHE_MB"] * ahead.MEGABYTE, settings["VERSO_METRICS"]
    # A quarter of it for what answers are made of; what is made ahead has a part too.
    plain = PastFlask(app, budget=budget // 4)
    kept = budget - budget // 4 - ahead.budget(settings)
    uses, counts = callers.uses(app), handed.counts(app) if settings["VERSO_USAGE"] else None
    limits = _limits(app, engine)
    return ReadLayer(plain, trust, budget=kept, uses=uses, counts=counts, limits=limits, told=told)


def _limits(app: Flask, engine: Engine) -> Limits | None:
    settings = app.config
    if not settings["VERSO_LIMITS"]:
        return None

    def bearer(text: str) -> Bearer | None:
        try:
            with Session(engine) as session:
                return keys.bearer(session, text, now=database.clock(session))
        except (KeyRefused, SQLAlchemyError):
            return None

    sharing = Sharing(Store(url), by_itself=not app.testing) if (url := settings["REDIS_URL"]) else None
    return Limits(
        settings["VERSO_READ_LIMIT"],
        settings["VERSO_TRUSTED_PROXIES"],
        workers=settings["VERSO_WORKERS"],
        sharing=sharing,
        bearer=bearer,
    )
