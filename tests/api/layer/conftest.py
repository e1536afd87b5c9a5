"""The read layer in front of the app, on each database, and a newsroom whose acts it hears of."""

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import Client
from werkzeug.wrappers import Response

from api.layer import in_front_of
from app import create_app
from storage import db


@pytest.fixture
def alone():
    """Whether nobody reads on another machine: somebody may, here."""
    return False


@pytest.fixture
def layer(app):
    """The layer in front of the app."""
    return in_front_of(app)


@pytest.fixture
def front(layer):
    """A client of the layer."""
    return Client(layer, Response)


@pytest.fixture
def elsewhere(config, tmp_path):
    """A client of another process's layer on the same database; on PostgreSQL it may be another machine's."""
    other = create_app(config | {"VERSO_VAR": str(tmp_path / "elsewhere")})
    yield Client(in_front_of(other), Response)
    with other.app_context():
        db.engine.dispose()


@pytest.fixture
def newsroom(app):
    """A session as the newsroom has it."""
    with app.app_context():
        engine = db.engine
    with Session(engine) as session:
        yield session
