"""The app on each database, and a client that checks every answer against the OpenAPI document."""

import socket

import pytest
from sqlalchemy import event

import signing_key
from app import create_app
from content import signing, types
from storage import db
from tests.api.contract import Checked, Contract


@pytest.fixture
def config(database_url, tmp_path):
    """What the app is made with; a test may add to it."""
    return {
        "DATABASE_URL": database_url,
        "VERSO_VAR": str(tmp_path),
        "VERSO_SECRET_KEY": "for tests only, and long enough",
        "VERSO_ADMIN_PASSWORD": "",
        "TESTING": True,
    }


@pytest.fixture
def key(engine, tmp_path):
    """A key, with which the newsroom signs, and the app where it is told of the file."""
    made = signing_key.make(tmp_path / "key.pem")
    signing.use(engine, made)
    return made


@pytest.fixture
def alone():
    """Whether nobody reads on another machine, for whom each act would wait; who reads here hears of it by the mark."""
    return True


@pytest.fixture
def app(config, alone):
    """Verso's app on a migrated, empty database."""
    app = create_app(config)
    if alone:
        with app.app_context():
            db.engine.update_execution_options(trusted=0.0)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def started(config):
    """Makes further apps, by what is given beside `config`; their connections end with the test."""
    apps = []

    def start(**more):
        apps.append(create_app(config | more))
        return apps[-1]

    yield start
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def contracts():
    """The contracts met so far, by the types that they describe: making one anew takes a moment."""
    return {}


@pytest.fixture
def api(app, contracts):
    """A client of the app; what it is answered fits the OpenAPI document, or the test fails."""
    plain, app.test_client_class = app.test_client(), Checked
    client, known = app.test_client(), tuple(declared.name for declared in types.everyone())
    if known not in contracts:
        contracts[known] = Contract(app, plain.get("/api/v1/openapi.json").get_json())
    client.contract = contracts[known]
    return client


@pytest.fixture
def cut_off(api, config):
    """A client of an app whose PostgreSQL refuses connections; its answers are checked too."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is refused
        url = f"postgresql://127.0.0.1:{taken.getsockname()[1]}/verso"
        app = create_app(config | {"DATABASE_URL": url, "PROPAGATE_EXCEPTIONS": False})
        app.test_client_class = Checked
        client = app.test_client()
        client.contract = api.contract
        yield client


@pytest.fixture
def statements(app):
    """Every SQL statement that the app sends; BEGIN and COMMIT are not among them."""
    sent = []

    def keep(connection, cursor, statement, parameters, context, many):
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", keep)
    return sent
