"""Serving: what cannot work is said in one sentence, before anything is served."""

import os
import socket
import subprocess
import sys
import time

import pytest

from app import create_app
from settings import ROOT


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
