"""Verso as `make run` serves it, in a process of its own, for tests that come from outside as readers do."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import httpx
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from content.database import prepare_engine
from settings import ROOT

PATIENCE = 120  # seconds; it starts in two, on a machine that has nothing else to do


@contextmanager
def served(folder, template, *, port=None, **environment):
    """Serve from `folder`, on a copy of a migrated database the first time; yield the address."""
    port = port or free_port()
    if not (folder / "verso.db").exists():
        shutil.copy(template, folder / "verso.db")
    given = {"VERSO_VAR": str(folder), "VERSO_WORKERS": "1", "PORT": str(port), **environment}
    command = [sys.executable, "-m", "flask", "serve"]
    with (folder / "server.log").open("a") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | given, stdout=log, stderr=log)
    try:
        _wait(f"http://127.0.0.1:{port}/readyz", server, folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        try:
            server.wait(30)
        finally:
            server.kill()


@contextmanager
def written(folder):
    """A session on that folder's database, beside the server."""
    engine = create_engine(f"sqlite:///{folder}/verso.db")
    prepare_engine(engine)
    with Session(engine) as session:
        yield session
        session.commit()
    engine.dispose()


def _wait(address, server, log):
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            # Without what it would need to trust certificates, which takes longer to load than all else here.
            if httpx.get(address, verify=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"it never served:\n{log.read_text()}")


def free_port():
    """A port that nothing has."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]
