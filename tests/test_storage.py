"""Migrations run whole, and one process at a time."""

import os
import shutil
import subprocess
import sys

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import make_url

from app import create_app
from content import expiry, types
from content.types import OnReviewDue
from settings import ROOT
from storage import db
from tests.machine import need, postgresql_url


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_database(request, tmp_path):
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/fresh.db"
        return
    need("postgresql")
    server = create_engine(postgresql_url(), isolation_level="AUTOCOMMIT")
    name = f"verso_migrating_{os.getpid()}"
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(postgresql_url()).set(database=name).render_as_string(hide_password=False)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


UPGRADING = """
import pathlib, sys, time
import flask_migrate
from app import create_app

app = create_app()
pathlib.Path(sys.argv[1]).touch()
while len(list(pathlib.Path(sys.argv[1]).parent.glob("ready-*"))) < 4:
    time.sleep(0.001)
with app.app_context():
    flask_migrate.upgrade()
"""


class TestUpgrade:
    def test_it_may_be_run_by_four_processes_at_once(self, fresh_database, tmp_path):
        environment = {**os.environ, "DATABASE_URL": fresh_database, "VERSO_VAR": str(tmp_path)}
        commands = [[sys.executable, "-c", UPGRADING, str(tmp_path / f"ready-{n}")] for n in range(4)]

        running = [subprocess.Popen(command, cwd=ROOT, env=environment) for command in commands]

        assert [process.wait(120) for process in running] == [0, 0, 0, 0]
        engine = create_engine(fresh_database)
        assert {"act", "person"} < set(inspect(engine).get_table_names())
        engine.dispose()

    def test_it_leaves_nothing_of_a_step_that_failed(self, fresh_database, tmp_path, caplog):
        steps = shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
        last = ScriptDirectory(str(steps)).get_current_head()
        (steps / "versions" / "failing.py").write_text(FAILING.format(last=last))
        app = create_app({"DATABASE_URL": fresh_database, "VERSO_VAR": str(tmp_path)})

        with app.app_context(), pytest.raises(SystemExit):
            flask_migrate.upgrade(directory=str(steps))
        assert "Error: in the middle" in caplog.text

        with app.app_context():
            assert inspect(db.engine).get_table_names() == []
            db.engine.dispose()


FAILING = """
from alembic import op

revision, down_revision, branch_labels, depends_on = "failing", "{last}", None, None


def upgrade() -> None:
    op.execute("CREATE TABLE half_made (id integer)")
    raise RuntimeError("in the middle")
"""


class TestInitApp:
    def test_it_tells_the_database_what_becomes_of_texts_whose_review_falls_due(self, tmp_path):
        app = create_app({"VERSO_VAR": str(tmp_path), "VERSO_ON_REVIEW_DUE": "article:hold"})

        with app.app_context():
            decided = {name: expiry.policy(db.session(), types.get(name)) for name in ("article", "faq")}
            db.engine.dispose()

        assert decided == {"article": OnReviewDue.HOLD, "faq": OnReviewDue.FLAG}
