"""Load: `wrk` asks a server for some seconds over some connections, each as soon as it has its last answer."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from bench import sockets

SCRIPT = Path(__file__).with_name("load.lua")
CONNECTIONS = 16  # as many as the two workers have threads


class Lacking(Exception):
    """Something that the bench needs is not on this machine."""


@dataclass(frozen=True)
class Asked:
    """What is asked, over how many connections: each path in turn, again from the first where they end."""

    paths: Sequence[str]
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    by_wrk: bool = True
    connections: int = CONNECTIONS


@dataclass(frozen=True)
class Load:
    """What came of it: `p50` and `p99` in milliseconds; `repeats` tells how often the paths were begun anew."""

    requests: int
    seconds: float
    p50: float
    p99: float
    errors: int
    repeats: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def require_wrk() -> None:
    """Raise Lacking where there is no wrk."""
    if shutil.which("wrk") is None:
        raise Lacking("wrk is missing: the bench asks with it (apt install wrk)")


def load(address: str, asked: Asked, seconds: int) -> Load:
    """Ask the server at `address` for so many seconds."""
    return _by_wrk(address, asked, seconds) if asked.by_wrk else _by_sockets(address, asked, seconds)


def _by_wrk(address: str, asked: Asked, seconds: int) -> Load:
    with NamedTemporaryFile("w", suffix=".txt") as paths:
        paths.write("\n".join(asked.paths) + "\n")
        paths.flush()
        given = [piece for header in asked.headers.items() for piece in header]
        command = ["wrk", "-t1", f"-c{asked.connections}", f"-d{seconds}s", "-s", str(SCRIPT), address]
        command += ["--", paths.name, asked.method, *given]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
    return _read(json.loads(told.stdout.splitlines()[-1]))


def _by_sockets(address: str, asked: Asked, seconds: int) -> Load:
    lines = [f"{name}: {value}\r\n" for name, value in {"Host": "verso", **asked.headers}.items()]
    requests = [f"{asked.method} {path} HTTP/1.1\r\n{''.join(lines)}\r\n".encode() for path in asked.paths]
    told = sockets.waits(address, requests, connections=asked.connections, seconds=seconds)
    p50, p99 = (1_000 * wait for wait in sockets.percentiles(told))
    return Load(len(told), seconds, p50, p99, errors=0, repeats=len(told) // len(requests))


def _read(told: Mapping[str, int]) -> Load:
    return Load(
        requests=told["requests"],
        seconds=told["microseconds"] / 1_000_000,
        p50=told["p50"] / 1_000,
        p99=told["p99"] / 1_000,
        errors=told["errors"],
        repeats=told["rounds"],
    )
