"""The commands by which whoever runs Verso looks after the log."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from app import create_app
from content import documents, log, publishing
from content.documents import Document
from content.editions import Edition
from content.log import Act
from storage import db
from tests.builders import ED, MAY_DAY, a_live_article


@pytest.fixture
def app(database_url, tmp_path):
    app = create_app({"DATABASE_URL": database_url, "VERSO_VAR": str(tmp_path), "TESTING": True})
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def run(app):
    def run(*arguments):
        answer = app.test_cli_runner().invoke(args=arguments)
        assert answer.exit_code == 0, answer.output
        return answer.output

    return run


class TestRebuild:
    def test_it_names_what_stood_differently_and_mends_it(self, session, run):
        a_live_article(session)
        session.execute(update(Edition).values(slug="tampered"))
        session.commit()

        told = run("rebuild")

        assert "stood differently" in told.splitlines()[0]
        assert run("rebuild") == "1 acts, 1 editions, 0 stood differently\n"


class TestRerender:
    def test_it_acts_once_where_the_renderer_changed(self, session, run, monkeypatch):
        a_live_article(session)
        session.commit()
        monkeypatch.setattr(documents, "RENDERER", "verso-next")

        assert run("rerender") == "1 acts; all that is live is in the form of verso-next\n"
        assert run("rerender").startswith("0 acts")

        session.rollback()
        assert session.scalar(select(func.max(Act.sequence))) == 2
        assert set(session.scalars(select(Document.renderer))) == {"verso-1", "verso-next"}


class TestNewEpoch:
    def test_it_is_in_force_at_once(self, session, run):
        before = log.epoch(session)
        session.rollback()

        told = run("new-epoch")

        assert str(log.epoch(session)) in told
        assert log.epoch(session) != before


class TestSweep:
    def test_it_leaves_no_byte_of_what_was_erased(self, session, run):
        secret = " ".join(f"Jane{number} of Elm Street." for number in range(300))
        version = a_live_article(session, title="Jane of Elm", body=secret, summary="Jane", tags=["Jane"])
        assert b"Jane" in files(session)
        publishing.erase(session, version.entry_id, by=ED, now=MAY_DAY)
        session.commit()

        assert run("sweep") == "Every table was written anew.\n"

        assert b"Jane" not in files(session)


def files(session):
    """All that the files of the database's tables hold."""
    engine = session.get_bind()
    session.commit()
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database)
        return file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        chosen = "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE relkind IN ('r', 't', 'i')"
        where = f"{chosen} AND relnamespace IN (current_schema()::regnamespace, 'pg_toast'::regnamespace)"
        return b"".join(bytes(row[0]) for row in connection.execute(text(where)))
