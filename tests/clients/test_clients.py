"""The OpenAPI document makes clients in TypeScript and Python that compile strictly and read from a running server."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.machine import need, node_path
from tests.served import served

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(sqlite_template, tmp_path_factory):
    """The address of a running Verso with the texts of a new installation."""
    with served(tmp_path_factory.mktemp("served"), sqlite_template) as address:
        yield address


@pytest.fixture
def document(server, tmp_path):
    """The OpenAPI document as it is served, in a file."""
    path = tmp_path / "openapi.json"
    path.write_bytes(httpx.get(f"{server}/api/v1/openapi.json").content)
    return path


@pytest.fixture
def expected(server):
    """What a reader without any client finds."""
    article = httpx.get(f"{server}/api/v1/articles?limit=1").json()["data"][0]
    whole = httpx.get(f"{server}{article['urls']['self']}").json()
    return {
        "title": article["title"],
        "headings": [section["heading"] for section in whole["sections"]],
        "status": "not_reviewed",
        "question": whole["faqs"][0]["question"],
        "before": 0,
        "sequence": "0",
        "missing": 404,
        "wrong": ["/limit"],
    }


def run(*command, folder):
    """Run a program, whose words tell what was wrong where it fails; return what it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class TestTypeScript:
    def test_it_compiles_strictly_and_reads(self, server, document, expected, tmp_path):
        need("clients")
        node = node_path()
        (tmp_path / "node_modules").symlink_to(PACKAGES)
        (tmp_path / "package.json").write_text('{"type": "module"}')
        for name in ("reading.ts", "tsconfig.json"):
            shutil.copy(HERE / name, tmp_path)

        generator, compiler = PACKAGES / "openapi-typescript/bin/cli.js", PACKAGES / "typescript/bin/tsc"
        run(node, generator, document, "--output", "verso.ts", folder=tmp_path)
        run(node, compiler, folder=tmp_path)

        assert json.loads(run(node, "reading.js", server, folder=tmp_path)) == expected


class TestPython:
    def test_it_passes_strict_checks_and_reads(self, server, document, expected, tmp_path):
        shutil.copy(HERE / "reading.py", tmp_path)
        generator = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
        given = ["--path", document, "--config", HERE / "openapi-python-client.yml", "--output-path", "verso"]

        run(*generator, *given, "--fail-on-warning", folder=tmp_path)
        run(sys.executable, "-m", "mypy", "--strict", "reading.py", folder=tmp_path)

        assert json.loads(run(sys.executable, "reading.py", server, folder=tmp_path)) == expected
