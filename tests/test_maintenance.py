"""The commands by which whoever runs Verso looks after the log."""

import pytest
from sqlalchemy import func, select, update

from app import create_app
from content import documents, log
from content.documents import Document
from content.editions import Edition
from content.log import Act
from storage import db
from tests.builders import a_live_article


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
