"""Debian's nginx in front of the server, with the configuration that docs/operations/caching.md hands out."""

import os
import re
import socket
import subprocess
import sys
import time
from datetime import timedelta

import httpx
import pytest

from content import database, schedule
from content.schedule import Verb
from settings import ROOT
from tests.builders import ED, a_live_article, publish, saved, signed
from tests.machine import need

PAGE = ROOT / "docs" / "operations" / "caching.md"


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def wait_until_served(port, process):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "it ended by itself"
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("it never served")


@pytest.fixture
def origin(database_url, tmp_path):
    """Our server's port and process, as `flask serve` starts it; answers are fresh for two seconds."""
    port = free_port()
    given = {
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "VERSO_VAR": str(tmp_path),
        "VERSO_SEED": "0",
        "VERSO_MAX_AGE": "2",
        "VERSO_WORKERS": "1",
        "VERSO_TRUSTED_PROXIES": "127.0.0.1",
    }
    command = [sys.executable, "-m", "flask", "serve"]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stdout=log, stderr=log)
    try:
        wait_until_served(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def proxy(origin, tmp_path):
    """A client of nginx, which runs in a folder of its own."""
    need("nginx")
    folder, port = tmp_path / "nginx", free_port()
    folder.mkdir()
    documented = re.search(r"```nginx\n(.*?)```", PAGE.read_text(), re.DOTALL)[1]
    for given, ours in (
        ("/var/cache/nginx/verso", f"{folder}/cache"),
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{origin[0]}"),
    ):
        assert given in documented
        documented = documented.replace(given, ours)
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{documented}}}\n"
    )
    command = ["nginx", "-p", str(folder), "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        wait_until_served(port, process)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1/") as client:
            yield client
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture
def article(session):
    return a_live_article(session, now=database.clock(session))


def status(answer):
    return answer.headers["X-Cache"]


def until(wanted, ask):
    """Ask until nginx says so; return that answer."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if status(answer := ask()) == wanted:
            return answer
        time.sleep(0.1)
    raise AssertionError(f"never {wanted}, at last {status(answer)}")


class TestNginx:
    def test_it_serves_304_and_what_is_stale_while_it_asks_again(self, session, article, origin, proxy):
        first, second = proxy.get("articles/clots"), proxy.get("articles/clots")
        assert [status(first), status(second)] == ["MISS", "HIT"]
        assert second.headers["Date"] == first.headers["Date"]
        assert second.headers["Cache-Groups"] == first.headers["Cache-Groups"]

        known = {"If-None-Match": first.headers["ETag"]}
        assert proxy.get("articles/clots", headers=known).status_code == 304
        assert proxy.get("articles/clots", headers={"Accept-Encoding": "identity"}).text == first.text

        newer = saved(session, article, title="Newer words", now=database.clock(session))
        publish(session, signed(session, newer, now=database.clock(session)), now=database.clock(session))
        time.sleep(3)
        stale = proxy.get("articles/clots")
        assert (status(stale), stale.json()["title"]) == ("STALE", "Clots in the leg")
        assert until("HIT", lambda: proxy.get("articles/clots")).json()["title"] == "Newer words"

    def test_it_lets_nobody_choose_the_address_that_is_counted(self, origin, proxy):
        answers = [
            proxy.get(f"topics?limit={number}", headers={"X_Forwarded_For": f"198.51.100.{number}"})
            for number in (1, 2, 3)
        ]

        left = [int(re.search(r"r=(\d+)", answer.headers["RateLimit"])[1]) for answer in answers]
        assert left == sorted(left, reverse=True)
        assert len(set(left)) == 3

    def test_it_goes_on_while_the_server_is_away(self, article, origin, proxy):
        first = proxy.get("articles/clots")
        origin[1].terminate()
        origin[1].wait(30)
        time.sleep(3)

        answer = proxy.get("articles/clots")

        assert (answer.status_code, status(answer), answer.text) == (200, "STALE", first.text)
        assert proxy.get("articles/never-asked").status_code == 502

    def test_it_keeps_nothing_past_what_is_due_and_nothing_that_must_not_be_kept(
        self, session, article, proxy
    ):
        due_at = database.clock(session) + timedelta(seconds=5)
        schedule.schedule(session, Verb.WITHDRAW, article.entry_id, due_at=due_at, by=ED)
        session.commit()
        assert proxy.get("articles/clots").status_code == 200

        while database.clock(session) < due_at:
            session.rollback()
            assert proxy.get("articles/clots").status_code == 200
            time.sleep(0.25)

        assert proxy.get("articles/clots").status_code == 410
        refused = [proxy.get("articles?limit=0") for _ in range(2)]
        assert [status(one) for one in refused] == ["MISS", "MISS"]
