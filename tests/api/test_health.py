"""Whether the server lives, and whether it is ready."""

import pytest
from sqlalchemy import text

from tests.builders import an_article


class TestHealthz:
    def test_it_answers(self, api):
        answer = api.get("/healthz")

        assert answer.get_json() == {"status": "ok"}
        assert answer.headers["Cache-Control"] == "no-store"


class TestReadyz:
    def test_it_waits_for_texts(self, session, api):
        waiting = api.get("/readyz")
        an_article(session)
        session.commit()

        assert (waiting.status_code, waiting.get_json()["waiting_for"]) == (503, ["texts"])
        assert api.get("/readyz").status_code == 200

    def test_it_waits_for_migrations(self, session, api):
        stood = session.scalar(text("SELECT version_num FROM alembic_version"))
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        session.commit()

        waiting = api.get("/readyz")
        session.execute(text("UPDATE alembic_version SET version_num = :stood"), {"stood": stood})
        session.commit()

        assert (waiting.status_code, waiting.get_json()["waiting_for"]) == (503, ["migrations"])

    def test_it_waits_for_the_database(self, cut_off):
        waiting = cut_off.get("/readyz")

        assert (waiting.status_code, waiting.mimetype) == (503, "application/json")
        assert waiting.get_json() == {"status": "waiting", "waiting_for": ["database"]}
        assert cut_off.get("/healthz").status_code == 200

    class TestWithoutSeeds:
        @pytest.fixture
        def config(self, config):
            return config | {"VERSO_SEED": "0"}

        def test_it_is_ready_without_texts(self, api):
            assert api.get("/readyz").status_code == 200
