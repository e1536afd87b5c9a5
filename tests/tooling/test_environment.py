"""The virtual environment is made once, made anew where it is broken, and filled anew where the pins changed."""

import shutil
import subprocess

import pytest

from settings import ROOT
from tests.bare_machine import bare_path


class TestEnvironment:
    @pytest.fixture
    def project(self, tmp_path):
        project = tmp_path / "project"
        (project / ".ci").mkdir(parents=True)
        shutil.copy(ROOT / ".ci" / "environment", project / ".ci")
        (project / "requirements.txt").write_text("# nothing\n")
        return project

    @pytest.fixture
    def prepare(self, project, tmp_path):
        def run(path):
            return subprocess.run(
                [".ci/environment", "requirements.txt"],
                cwd=project,
                env={"PATH": str(path), "HOME": str(tmp_path)},
                capture_output=True,
                text=True,
            )

        return run

    def test_it_says_how_to_install_a_python_that_is_missing(self, prepare, tmp_path):
        answer = prepare(bare_path(tmp_path / "bin", python=None))

        assert answer.returncode == 1
        assert "needs Python 3.11 or newer" in answer.stderr
        assert "install" in answer.stderr.splitlines()[-1]

    def test_it_passes_over_a_python_that_is_too_old(self, prepare, tmp_path):
        path = bare_path(tmp_path / "bin", python=None)
        self.a_python(path, "python3", refuses="sys.version_info")

        assert "needs Python 3.11 or newer" in prepare(path).stderr

    def test_it_says_how_to_install_debians_venv(self, prepare, tmp_path, project):
        path = bare_path(tmp_path / "bin", python=None)
        self.a_python(path, "python3", refuses="ensurepip")

        answer = prepare(path)

        assert answer.returncode == 1
        assert "sudo apt install python3-venv" in answer.stderr
        assert not (project / ".venv").exists()

    def test_it_passes_over_a_python_that_lacks_venv(self, prepare, tmp_path):
        path = bare_path(tmp_path / "bin")
        self.a_python(path, "python3.13", refuses="ensurepip")

        assert prepare(path).stdout.startswith("Making .venv with Python 3.")

    def test_it_makes_an_environment_once_and_installs_when_the_pins_change(self, prepare, tmp_path, project):
        path = bare_path(tmp_path / "bin")

        first, second = prepare(path), prepare(path)
        (project / "requirements.txt").write_text("# something else\n")
        third = prepare(path)

        assert first.stdout.splitlines()[0].startswith("Making .venv with Python 3.")
        assert first.stdout.splitlines()[1:] == ["Installing requirements.txt"]
        assert second.stdout == ""
        assert third.stdout == "Installing requirements.txt\n"
        assert [answer.returncode for answer in (first, second, third)] == [0, 0, 0]

    def test_it_tries_again_what_failed(self, prepare, tmp_path, project):
        path = bare_path(tmp_path / "bin")
        (project / "requirements.txt").write_text("./not-there.whl\n")
        failed = prepare(path)
        (project / "requirements.txt").write_text("# nothing\n")

        answer = prepare(path)

        assert failed.returncode != 0
        assert (answer.returncode, answer.stdout) == (0, "Installing requirements.txt\n")

    def test_it_makes_an_environment_anew_that_was_moved(self, prepare, tmp_path, project):
        path = bare_path(tmp_path / "bin")
        prepare(path)
        (project / ".venv" / ".folder").write_text("/elsewhere\n")

        assert prepare(path).stdout.startswith("Making .venv")

    @staticmethod
    def a_python(path, name, refuses):
        program = path / name
        program.write_text(f'#!/bin/sh\ncase "$2" in *{refuses}*) exit 1;; esac\n')
        program.chmod(0o755)
