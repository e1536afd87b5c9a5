"""Servers: Verso and what it is measured beside, each served with the same settings, as `make run` does it."""

import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from serving import server
from settings import ROOT

WORKERS = 2
PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Server:
    """A server that answers at `address`."""

    address: str
    process: int

    def memory(self) -> int | None:
        """Return the largest resident memory of its workers in bytes; None where the system does not tell."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children")
        if not children.exists():
            return None
        return max((_resident(int(child)) for child in children.read_text().split()), default=0)


def _resident(process: int) -> int:
    told = Path(f"/proc/{process}/status").read_text().splitlines()
    kilobytes = (line.split()[1] for line in told if line.startswith("VmRSS:"))
    return int(next(kilobytes, "0")) * 1024


@contextmanager
def served(application: str, environment: Mapping[str, str], path: str) -> Iterator[Server]:
    """Serve `application` (`module:name`) on a free port until it answers `path`; yield it, and stop it."""
    port = _free_port()
    command = server(application, "127.0.0.1", port, WORKERS)
    running = subprocess.Popen(command, cwd=ROOT, env=dict(environment))
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_answered(address + path, running)
        yield Server(address, running.pid)
    finally:
        running.terminate()
        try:
            running.wait(PATIENCE)
        finally:
            running.kill()


def _wait_until_answered(url: str, running: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and running.poll() is None:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"{url} was never answered")


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
