"""PostgreSQL as Debian installs it, peer for sockets and a password for 127.0.0.1, is opened for the tests."""

import os
import subprocess

import pytest
from sqlalchemy import create_engine, text

from settings import ROOT
from tests.machine import initdb_path, lacking, need, postgresql_url
from tests.test_serving import free_port

AS_POSTGRES = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else ["sudo", "-n", "-u", "postgres"]


@pytest.fixture(scope="module")
def cluster():
    """The folder of sockets and the port of a cluster of its own, with Debian's rules of who may come in."""
    need("initdb")
    programs, port = initdb_path().parent, free_port()
    folder = as_postgres("mktemp", "-d").strip()
    as_postgres(
        *(programs / "initdb", "-N", "-U", "postgres", "-D", f"{folder}/data"),
        *("--auth-local=peer", "--auth-host=scram-sha-256"),
    )
    options = f"-F -k {folder} -p {port} -c listen_addresses=127.0.0.1"
    control = (programs / "pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w")
    as_postgres(*control, "-o", options, "start")
    as_postgres("chmod", "755", folder)
    yield folder, port
    as_postgres(*control, "-m", "immediate", "stop")
    as_postgres("rm", "-rf", folder)


def as_postgres(*command):
    return subprocess.run(
        [*AS_POSTGRES, *map(str, command)], cwd="/", check=True, text=True, stdout=subprocess.PIPE
    ).stdout


@pytest.fixture
def machine(cluster, tmp_path, monkeypatch):
    """A machine that lists this cluster and no other."""
    folder, port = cluster
    (tmp_path / "pg_lsclusters").write_text(f"#!/bin/sh\necho 15 tests {port} online postgres {folder} log\n")
    (tmp_path / "pg_lsclusters").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PGHOST", folder)
    monkeypatch.delenv("VERSO_TEST_POSTGRESQL", raising=False)
    postgresql_url.cache_clear()
    yield
    postgresql_url.cache_clear()


@pytest.mark.usefixtures("machine")
class TestPostgresql:
    def test_it_lets_the_current_user_in_and_may_run_again(self):
        assert "runs, and refuses" in lacking("postgresql")

        first = subprocess.run([ROOT / ".ci" / "postgresql"], check=True, capture_output=True, text=True)
        postgresql_url.cache_clear()
        second = subprocess.run([ROOT / ".ci" / "postgresql"], check=True, capture_output=True, text=True)

        assert first.stdout.startswith("Making a PostgreSQL superuser ")
        assert (second.stdout, lacking("postgresql")) == ("", None)
        engine = create_engine(postgresql_url())
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        engine.dispose()
