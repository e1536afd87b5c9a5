"""A real database for each test, made by the migrations: SQLite's a copied file, PostgreSQL's emptied in between."""

import gc
import os
import shutil
from uuid import uuid4

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

import storage
from content.database import prepare_engine
from tests.builders import MAY_DAY
from tests.databases import empty
from tests.machine import need, postgresql_url

# How long an example takes depends on what else the machine does, and is no fault of the code. In CI hypothesis
# takes a profile of its own, which tries the same examples each time.
settings.register_profile("laptop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
if os.environ.get("CI") != "true":
    settings.load_profile("laptop")


class CompiledOnce(BytecodeCache):
    """What templates were compiled to: each test makes an app of its own, and they all have the same templates."""

    def __init__(self):
        self.compiled = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.compiled:
            bucket.bytecode_from_string(self.compiled[bucket.key])

    def dump_bytecode(self, bucket):
        self.compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledOnce()}


def _built_once():
    """Let an app take what builds its addresses from those before it: it is two thirds of what making an app costs."""
    built, compile_builder = {}, Rule._compile_builder

    def builder(rule, append_unknown=True):
        defaults = tuple(sorted((rule.defaults or {}).items()))
        known = (rule.rule, tuple(rule._trace), defaults, append_unknown)
        if known not in built:
            built[known] = compile_builder(rule, append_unknown)
        return built[known]

    Rule._compile_builder = builder


_built_once()

STATEMENTS = 5_000  # more than the tests send to one database
_compiled = {}


@event.listens_for(Engine, "engine_connect")
def _compiled_once(connection):
    """Let an engine take what statements are compiled to from those before it: half of what publishing costs.

    Each test has an engine of its own, and they differ by the database that they lead to, of which no statement tells.
    """
    kind = type(connection.dialect)
    connection.dialect, known = _compiled.setdefault(kind, (connection.dialect, LRUCache(STATEMENTS)))
    connection.execution_options(compiled_cache=known)


def pytest_collection_finish():
    """Let the garbage collector forget what lives as long as the tests do: looking through it took a fifth of them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def migrate(url, folder):
    """Bring a database up to date as `flask db upgrade` does; it needs storage only, and no package above it."""
    app = Flask("migrating", instance_path=str(folder))
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    storage.init_app(app)
    with app.app_context():
        upgrade()
        app.extensions["sqlalchemy"].engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """A migrated SQLite file to copy."""
    folder = tmp_path_factory.mktemp("template")
    migrate(f"sqlite:///{folder}/template.db", folder)
    engine = create_engine(f"sqlite:///{folder}/template.db")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return folder / "template.db"


@pytest.fixture(scope="session")
def postgresql_database(tmp_path_factory):
    """The URL of a migrated PostgreSQL database of this process's own."""
    need("postgresql")
    server = create_engine(postgresql_url(), isolation_level="AUTOCOMMIT")
    name = f"verso_test_{os.getpid()}_{uuid4().hex[:8]}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(postgresql_url()).set(database=name).render_as_string(hide_password=False)
    migrate(url, tmp_path_factory.mktemp("postgresql"))
    yield url
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    """The URL of a migrated database with nothing in it, on SQLite and then on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "verso.db")
        yield f"sqlite:///{tmp_path}/verso.db"
        return
    url = request.getfixturevalue("postgresql_database")
    yield url
    empty(url)


@pytest.fixture
def engine(database_url):
    """An engine as the app has it."""
    engine = create_engine(database_url)
    prepare_engine(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine):
    """A session of content's, with no framework around it."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def now():
    """A moment in May that tests pass where time matters."""
    return MAY_DAY
