"""The migrations check tells tables that no step makes, and steps that part."""

import shutil
import subprocess
import sys

import pytest

from settings import ROOT

LEFT_BEHIND = shutil.ignore_patterns(".*", "node_modules", "var", "tests", "docs", "static", "__pycache__")

UNMADE = """

from sqlalchemy.orm import Mapped, mapped_column

from content.database import Base


class Unmade(Base):
    __tablename__ = "unmade"
    id: Mapped[int] = mapped_column(primary_key=True)
"""

PARTING = """
revision, down_revision, branch_labels, depends_on = "parting", "0001", None, None


def upgrade() -> None:
    pass
"""


class TestCheckMigrations:
    @pytest.fixture
    def project(self, tmp_path):
        project = shutil.copytree(ROOT, tmp_path / "project", ignore=LEFT_BEHIND)
        shutil.copytree(ROOT / ".ci", project / ".ci")
        (project / ".venv").symlink_to(sys.prefix)
        return project

    @pytest.fixture
    def check(self, project):
        def run():
            return subprocess.run([".ci/check-migrations"], cwd=project, capture_output=True, text=True)

        return run

    def test_it_is_content_with_what_is_committed(self, check, project):
        answer = check()

        assert answer.returncode == 0, answer.stderr
        assert not (project / "var" / "verso.db").exists()

    def test_it_may_run_in_a_folder_with_any_name(self, project):
        moved = project.rename(project.with_name("100% %(here)s"))

        answer = subprocess.run([".ci/check-migrations"], cwd=moved, capture_output=True, text=True)

        assert answer.returncode == 0, answer.stderr

    def test_it_names_a_table_that_no_step_makes(self, check, project):
        with (project / "storage.py").open("a") as module:
            module.write(UNMADE)

        answer = check()

        assert answer.returncode == 1
        assert "unmade" in answer.stderr

    def test_it_refuses_steps_that_part(self, check, project):
        (project / "migrations" / "versions" / "parting.py").write_text(PARTING)

        answer = check()

        assert answer.returncode == 1
        assert answer.stderr.startswith("The migrations have more than one head:")
