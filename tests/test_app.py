"""The factory joins, and does nothing else."""

import os
import re
import subprocess
import sys
import threading

import pytest

from admin.people import people
from app import create_app, first_administrator
from settings import ROOT, SettingError


class TestCreateApp:
    @pytest.fixture
    def config(self, tmp_path):
        return {"VERSO_VAR": str(tmp_path / "var"), "VERSO_SECRET_KEY": "for these tests only"}

    def test_it_lets_what_it_is_given_go_before_the_environment(self, config, monkeypatch):
        monkeypatch.setenv("VERSO_LOCALE", "fr")
        monkeypatch.setenv("PORT", "8123")

        app = create_app({**config, "VERSO_LOCALE": "de", "TESTING": True})

        assert (app.config["VERSO_LOCALE"], app.config["PORT"], app.testing) == ("de", 8123, True)

    def test_it_refuses_what_cannot_be_used(self, config):
        with pytest.raises(SettingError, match=r"^PORT must be"):
            create_app({**config, "PORT": "many"})

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("VERSO_ADMIN_EMAIL", "admin"),
            ("VERSO_ADMIN_EMAIL", "a b@c.org"),
            ("VERSO_ADMIN_EMAIL", "a@b@c.org"),
            ("VERSO_ADMIN_EMAIL", "a" * 300 + "@c.org"),
            ("VERSO_ADMIN_PASSWORD", "x" * 201),
        ],
    )
    def test_it_refuses_an_administrator_who_could_not_sign_in(self, config, name, value):
        with pytest.raises(SettingError, match=f"^{name} ") as caught:
            create_app({**config, name: value})

        assert "VERSO_ADMIN_PASSWORD" not in name or value not in str(caught.value)

    @pytest.mark.parametrize("key", ["", "for these tests only"])
    @pytest.mark.parametrize("folder", ["/proc/nobody/var", "a-file/var", "a-file"])
    def test_it_names_the_folder_that_cannot_be_made(self, tmp_path, key, folder):
        (tmp_path / "a-file").touch()

        with pytest.raises(SettingError, match=r"^VERSO_VAR must be a folder that can be "):
            create_app({"VERSO_VAR": str(tmp_path / folder), "VERSO_SECRET_KEY": key})

    def test_it_names_the_database_whose_folder_cannot_be_made(self, config):
        with pytest.raises(SettingError, match=r"^DATABASE_URL must be "):
            create_app({**config, "DATABASE_URL": "sqlite:////proc/nobody/verso.db"})

    @pytest.mark.parametrize("key", ["", "for these tests only"])
    def test_it_keeps_others_out_of_what_is_kept(self, tmp_path, key):
        create_app({"VERSO_VAR": str(tmp_path / "deep" / "var"), "VERSO_SECRET_KEY": key})

        assert (tmp_path / "deep" / "var").stat().st_mode & 0o777 == 0o700

    def test_it_starts_no_thread_and_opens_no_database(self, config, tmp_path):
        before = threading.active_count()

        create_app(config)

        assert threading.active_count() == before
        assert not (tmp_path / "var" / "verso.db").exists()

    def test_it_signs_with_the_kept_key_where_none_is_set(self, tmp_path):
        kept = {"VERSO_VAR": str(tmp_path), "VERSO_SECRET_KEY": ""}

        assert (
            create_app(kept).secret_key
            == create_app(kept).secret_key
            == (tmp_path / "secret").read_text().strip()
        )
        assert (
            create_app({**kept, "VERSO_SECRET_KEY": "set by an operator"}).secret_key == "set by an operator"
        )


class TestFirstAdministrator:
    @pytest.fixture
    def app(self, database_url, tmp_path):
        kept = {"VERSO_VAR": str(tmp_path), "VERSO_SECRET_KEY": "x" * 16}
        app = create_app({**kept, "DATABASE_URL": database_url})
        with app.app_context():
            yield app

    def test_it_tells_the_password_that_it_made_up_and_only_once(self, app, session):
        told = first_administrator(session)

        assert re.fullmatch(r"Sign in as admin@verso\.example with password \S{16,}", told)
        assert first_administrator(session) is None

    def test_it_tells_no_password_that_was_given(self, app, session):
        app.config["VERSO_ADMIN_PASSWORD"] = "given by the operator"

        assert first_administrator(session) is None
        assert len(people(session)) == 1


class TestFlask:
    def test_it_says_in_one_sentence_what_cannot_be_used(self, tmp_path):
        environment = {**os.environ, "VERSO_VAR": str(tmp_path), "PORT": "many"}

        refused = subprocess.run(
            [sys.executable, "-m", "flask", "db", "heads"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )

        assert refused.returncode != 0
        assert refused.stderr == "PORT must be a port from 1 to 65535, not 'many'.\n"

    def test_it_is_found_from_the_projects_folder(self, tmp_path):
        environment = {**os.environ, "VERSO_VAR": str(tmp_path)}

        found = subprocess.run(
            [sys.executable, "-m", "flask", "--help"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )

        assert "serve" in found.stdout
        assert found.stderr == ""
