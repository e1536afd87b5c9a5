"""Serving: what cannot work is said in one sentence, before anything is served."""

import os
import socket
import subprocess
import sys
import time

import flask_migrate
import pytest

from app import create_app
from settings import ROOT
from storage import db
from tests.builders import an_article


@pytest.fixture
def serve(tmp_path):
    def run(**config):
        kept = {"VERSO_VAR": str(tmp_path), "VERSO_SECRET_KEY": "for these tests only"}
        return create_app({**kept, **config}).test_cli_runner().invoke(args=["serve"])

    return run


class TestServe:
    def test_it_refuses_a_port_that_somebody_else_has(self, serve):
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]

            answer = serve(PORT=port)

        assert answer.exit_code == 1
        assert f"cannot serve on VERSO_HOST 127.0.0.1, PORT {port}: Address already in use" in answer.output

    def test_it_refuses_an_address_that_this_machine_does_not_have(self, serve):
        answer = serve(VERSO_HOST="192.0.2.1", PORT=free_port())

        assert answer.exit_code == 1
        assert "cannot serve on VERSO_HOST 192.0.2.1" in answer.output

    @pytest.mark.parametrize(
        "address", ["postgresql://verso@127.0.0.1:1/verso", "sqlite:////proc/nobody-writes-here.db"]
    )
    def test_it_says_that_the_database_does_not_answer(self, serve, address):
        answer = serve(DATABASE_URL=address, PORT=free_port())

        assert answer.exit_code == 1
        assert answer.output.startswith("Error: cannot use the database DATABASE_URL: ")

    def test_it_says_that_a_file_is_no_database(self, serve, tmp_path):
        (tmp_path / "notes.txt").write_text("not a database, " * 100)

        answer = serve(DATABASE_URL=f"sqlite:///{tmp_path}/notes.txt", PORT=free_port())

        told = "Error: cannot use the database DATABASE_URL: file is not a database"
        assert (answer.exit_code, answer.output.strip()) == (1, told)

    def test_it_ends_when_told_to_also_while_its_workers_are_starting(self, tmp_path):
        for moment in (0.0, 0.3):
            port = free_port()
            environment = {**os.environ, "VERSO_VAR": str(tmp_path), "VERSO_SEED": "0", "PORT": str(port)}
            command = [sys.executable, "-m", "flask", "serve"]
            server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)

            wait_until_served(port, server)
            time.sleep(moment)
            server.terminate()

            try:
                assert server.wait(30) == 0
            finally:
                server.kill()


class TestLists:
    def test_they_are_made_anew_before_it_serves(self, tmp_path):
        port = free_port()
        given = {"VERSO_VAR": str(tmp_path), "VERSO_SEED": "0", "PORT": str(port)}
        app = create_app({**given, "VERSO_SECRET_KEY": "for these tests only"})
        with app.app_context():
            flask_migrate.upgrade()
            an_article(db.session())
            db.session.commit()
            db.session.remove()
            db.engine.dispose()
        command = [sys.executable, "-m", "flask", "serve"]
        server = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **given}, stdout=subprocess.PIPE, text=True
        )

        try:
            told = [server.stdout.readline().strip() for _ in range(2)]
        finally:
            server.terminate()
            server.communicate(timeout=30)

        assert told[0] == "Made the newsroom's lists anew: 1 entry"
        assert told[1].startswith("Sign in as ")


def wait_until_served(port, server):
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("it never served")


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def test_the_collector_looks_through_nothing_that_a_worker_starts_with(tmp_path):
    asked = "import gc, wsgi; print(len(gc.get_objects()) < gc.get_freeze_count())"
    told = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env=os.environ | {"VERSO_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == "True\n"
