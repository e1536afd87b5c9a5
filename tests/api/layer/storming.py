"""Actors and readers for the storm around the read layer; each is a process with an app and a layer of its own."""

import random
import time
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from app import create_app
from content.errors import ContentError
from content.watermark import Watermark
from storage import db
from tests.content.storm import some_act

# What is asked about now says by its sequence how new it is; what is asked about the past does not.
NOW = (
    "/api/v1/articles",
    "/api/v1/articles?limit=1&total=true",
    "/api/v1/articles/slug-1",
    "/api/v1/changes?limit=100",
    "/api/v1/faqs",
)
THEN = ("/api/v1/articles/slug-2?as_of=3", "/api/v1/articles?as_of=5")


def act_until(config, acknowledged, ids, seconds, seed):
    """Do all kinds of acts, and write down each sequence once it was acknowledged; return how many."""
    app, chance, end, done = create_app(config), random.Random(seed), time.monotonic() + seconds, 0
    told, engine, front = Watermark(acknowledged), _engine(app), _front(app)
    while time.monotonic() < end:
        try:
            with Session(engine) as session:
                act = some_act(session, UUID(chance.choice(ids)), chance).sequence
        except ContentError:
            continue
        told.raise_to(act)
        done += 1
        # Now and then nothing happens for a while, and answers are kept.
        time.sleep(chance.choice([0.0, 0.0, 0.3]))
        assert _sequence(front.get(chance.choice(NOW))) >= act
    engine.dispose()
    return done


def read_until(config, floor, seconds, seed):
    """Read through the layer; no answer may be older than `floor` stood before it, nor differ from Flask's own.

    Returns how many answers were compared with Flask's at the same sequence.
    """
    app, chance, end, compared = create_app(config), random.Random(seed), time.monotonic() + seconds, 0
    stands, front, plain = Watermark(floor), _front(app), app.test_client()
    while time.monotonic() < end:
        path, least = chance.choice(NOW), stands.sequence
        kept = front.get(path)
        assert _sequence(kept) >= least, f"{path} fell from {least} to {_sequence(kept)}"
        stands.raise_to(_sequence(kept))
        compared += _alike(front, plain, chance.choice(NOW + THEN))
    _engine(app).dispose()
    return compared


def _alike(front, plain, path):
    """Whether the layer and Flask were asked with no act between them; then they must have answered the same.

    Until an act is acknowledged, the layer may trust what it knew before it, and Flask see it already.
    """
    before, trusted = _newest(plain), _newest(front)
    kept, made = front.get(path), plain.get(path)
    if {before, trusted, _newest(plain)} != {before} or kept.status_code != 200:
        return False
    assert (kept.data, kept.headers["ETag"]) == (made.data, made.headers["ETag"])
    return True


def _newest(client):
    return _sequence(client.get("/api/v1/faqs"))


def _sequence(answer):
    return int(answer.headers["Verso-Sequence"])


def _front(app):
    return Client(in_front_of(app), Response)


def _engine(app):
    with app.app_context():
        return db.engine
