"""The file of the key that is signed with, and the commands about it."""

from stat import S_IMODE

import pytest
from sqlalchemy import update

import signing_key
from app import create_app
from content import signing
from content.editions import Edition
from content.signatures import Signature
from settings import SettingError
from storage import db
from tests.builders import a_live_article


class TestMake:
    def test_it_makes_a_file_for_its_owner_alone(self, tmp_path):
        made = signing_key.make(tmp_path / "key.pem")

        assert S_IMODE((tmp_path / "key.pem").stat().st_mode) == 0o600
        assert signing_key.read(str(tmp_path / "key.pem")).id == made.id

    def test_it_writes_over_no_key(self, tmp_path):
        made = signing_key.make(tmp_path / "key.pem")

        with pytest.raises(FileExistsError):
            signing_key.make(tmp_path / "key.pem")

        assert signing_key.read(str(tmp_path / "key.pem")).id == made.id


class TestRead:
    def test_no_file_is_no_key(self):
        assert signing_key.read("") is None

    @pytest.mark.parametrize(
        "words", [None, "no key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
    )
    def test_what_is_no_key_is_named_and_not_shown(self, tmp_path, words):
        path = tmp_path / "key.pem"
        if words:
            path.write_text(words)

        with pytest.raises(SettingError, match="VERSO_SIGNING_KEY must be a file with a private key"):
            create_app({"VERSO_VAR": str(tmp_path), "VERSO_SIGNING_KEY": str(path)})


@pytest.fixture
def run(database_url, tmp_path):
    """Runs a command of an app with these settings; returns its code and what it printed."""

    def run(*arguments, **settings):
        told = {"DATABASE_URL": database_url, "VERSO_VAR": str(tmp_path), "TESTING": True}
        app = create_app(told | settings)
        answer = app.test_cli_runner().invoke(args=arguments)
        with app.app_context():
            db.engine.dispose()
        return answer.exit_code, answer.output

    return run


class TestCommands:
    def test_what_is_public_already_is_signed_and_verified(self, run, session, tmp_path):
        a_live_article(session)
        session.commit()
        code, told = run("signing-key")
        path = tmp_path / "signing-key.pem"
        assert (code, f"VERSO_SIGNING_KEY={path}" in told) == (0, True)

        code, told = run("verify")
        assert (code, "the log say; no key is set: nothing is signed\nnot looked at: " in told) == (0, True)
        code, told = run("verify", VERSO_SIGNING_KEY=str(path))
        assert (code, "1 documents that are public are not signed" in told) == (1, True)
        assert run("sign", VERSO_SIGNING_KEY=str(path))[1].startswith("1 documents were signed")
        code, told = run("verify", VERSO_SIGNING_KEY=str(path))
        assert (code, "all that is public is signed with key" in told) == (0, True)
        code, told = run("verify")
        assert (code, "no key is set: 1 signatures fit what they are of" in told) == (0, True)

    def test_a_fault_is_told_and_ends_with_1(self, run, session):
        a_live_article(session)
        session.execute(update(Edition).values(slug="tampered"))
        session.commit()

        code, told = run("verify")

        assert code == 1
        assert "stood differently" in told
        assert "1 faults" in told
        assert session.query(Edition).one().slug == "tampered"

    def test_nothing_is_signed_without_a_key(self, run):
        code, told = run("sign")

        assert (code, "VERSO_SIGNING_KEY is not set" in told) == (1, True)

    def test_a_key_is_made_once(self, run):
        run("signing-key")
        code, told = run("signing-key")

        assert (code, "File exists" in told) == (1, True)

    def test_a_stolen_key_is_forgotten(self, run, session, engine, tmp_path):
        made = signing_key.make(tmp_path / "key.pem")
        signing.use(engine, made)
        a_live_article(session)
        session.commit()

        assert run("forget-signing-key", made.id) == (
            0,
            f"key {made.id} is forgotten, and 1 signatures with it\n",
        )
        assert session.query(Signature).count() == 0
        code, told = run("forget-signing-key", made.id)
        assert (code, "signing key" in told) == (1, True)
