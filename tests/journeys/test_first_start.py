"""What a newcomer does: clone, `make run`, sign in; on a machine with git, make and Python and nothing else."""

import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
import pytest

from settings import ROOT
from tests.bare_machine import bare_path

SIGN_IN = re.compile(r"^Sign in as (\S+) with password (\S+)$", re.MULTILINE)
PATIENCE = 400  # seconds, for the first start, which installs everything


@pytest.mark.slow
class TestMakeRun:
    def test_it_takes_a_fresh_clone_to_a_served_and_seeded_verso(self, clone, machine):
        with verso(clone, machine) as (site, log):
            assert site.get("/").status_code == 200
            assert len(site.get("/api/v1/articles").json()["data"]) >= 3
            assert len(site.get("/api/v1/faqs").json()["data"]) >= 9
            [(email, password)] = SIGN_IN.findall(log.read_text())
            sign_in(site, email, password)
            assert site.get("/admin/").status_code == 200
        session = site.cookies
        assert flask(clone, machine, "db", "current") == flask(clone, machine, "db", "heads")

        started = time.monotonic()
        with verso(clone, machine) as (site, log):
            assert time.monotonic() - started < 20
            assert SIGN_IN.findall(log.read_text()) == []
            site.cookies = session
            assert site.get("/admin/").status_code == 200

        empty = {"VERSO_SEED": "0", "VERSO_VAR": "var/other", "VERSO_ADMIN_PASSWORD": "a password of our own"}
        with verso(clone, {**machine, **empty, "VERSO_ADMIN_EMAIL": "ed@clinic.example"}) as (site, log):
            assert site.get("/api/v1/articles").json()["data"] == []
            assert "password" not in log.read_text()
            sign_in(site, "ed@clinic.example", "a password of our own")
            assert site.get("/admin/").status_code == 200

        assert git(clone, "status", "--porcelain") == ""


@pytest.fixture
def clone(tmp_path):
    git(ROOT, "clone", "--quiet", str(ROOT), str(tmp_path / "clone"))
    return tmp_path / "clone"


@pytest.fixture
def machine(tmp_path):
    """The environment of a machine with the bare tools and an empty home; only what was downloaded is shared."""
    (tmp_path / "home").mkdir()
    cache = subprocess.run(
        [sys.executable, "-m", "pip", "cache", "dir"], capture_output=True, text=True, check=True
    )
    # How this machine reaches the package indexes is not ours to know, so that passes through.
    passed = {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_", "NODE_"))}
    return {
        **passed,
        "PATH": str(bare_path(tmp_path / "bin")),
        "HOME": str(tmp_path / "home"),
        "PIP_CACHE_DIR": cache.stdout.strip(),
        "PORT": str(free_port()),
    }


@contextmanager
def verso(clone, environment):
    """Run `make run` until it answers; yield a client of it and its output; stop it by SIGTERM."""
    log = clone.parent / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            ["make", "run"], cwd=clone, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{environment['PORT']}") as site:
            wait_until_ready(site, server, log)
            yield site, log
    finally:
        server.terminate()
        try:
            server.wait(30)
        finally:
            server.kill()
    assert not is_served(environment["PORT"])


def wait_until_ready(site, server, log):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        if is_served(site.base_url.port) and site.get("/readyz").status_code == 200:
            return
        time.sleep(0.2)
    raise AssertionError(f"not ready after {PATIENCE} s:\n{log.read_text()}")


def sign_in(site, email, password):
    form = site.get("/admin/login").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    site.post("/admin/login", data={"email": email, "password": password, "csrf_token": token})


def flask(clone, environment, *arguments):
    command = [str(clone / ".venv" / "bin" / "flask"), *arguments]
    return subprocess.run(
        command, cwd=clone, env=environment, capture_output=True, text=True, check=True
    ).stdout


def git(folder, *arguments):
    return subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def is_served(port):
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", int(port))) == 0


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]
