"""Commands tell in one sentence what is wrong with the database, whichever of them asked it."""

import os
import subprocess
import sys

import pytest

from app import create_app
from settings import ROOT
from storage import db
from tests.machine import need, postgresql_url

ASKING = [
    ["people", "add", "ed@clinic.example", "--role", "editor"],
    ["people", "password", "ed@clinic.example"],
    ["rebuild"],
    ["new-epoch"],
]


class TestCommands:
    @pytest.fixture
    def run(self, tmp_path):
        def run(command, **config):
            kept = {"VERSO_VAR": str(tmp_path), "VERSO_SECRET_KEY": "for these tests only"}
            app = create_app({**kept, **config})
            answer = app.test_cli_runner().invoke(args=command)
            with app.app_context():
                db.engine.dispose()
            return answer

        return run

    @pytest.mark.parametrize("command", ASKING, ids=" ".join)
    def test_it_says_what_makes_the_tables(self, run, command):
        answer = run(command)

        assert (answer.exit_code, answer.output) == (1, NO_TABLES)

    def test_it_says_so_of_postgresql_too(self, run):
        need("postgresql")

        answer = run(["new-epoch"], DATABASE_URL=postgresql_url())

        assert (answer.exit_code, answer.output) == (1, NO_TABLES)

    @pytest.mark.parametrize("command", ASKING, ids=" ".join)
    def test_it_says_that_a_file_is_no_database(self, run, command, tmp_path):
        (tmp_path / "notes.txt").write_text("not a database, " * 100)

        answer = run(command, DATABASE_URL=f"sqlite:///{tmp_path}/notes.txt")

        told = "Error: cannot use the database DATABASE_URL: file is not a database\n"
        assert (answer.exit_code, answer.output) == (1, told)

    def test_it_holds_for_flask_itself(self, tmp_path):
        command = [sys.executable, "-m", "flask", "new-epoch"]
        environment = {**os.environ, "VERSO_VAR": str(tmp_path)}

        answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

        assert (answer.returncode, answer.stderr) == (1, NO_TABLES)


NO_TABLES = (
    "Error: the database DATABASE_URL lacks tables of this version: `make run` or `.venv/bin/flask db upgrade` "
    "makes them.\n"
)
