"""What a test needs of the machine is skipped on a laptop, and asked for in CI."""

import pytest

from tests.machine import need, postgresql_url


class TestNeed:
    @pytest.fixture(params=["postgresql", "chromium"])
    def missing(self, request, monkeypatch, tmp_path):
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setenv("VERSO_TEST_POSTGRESQL", "postgresql+psycopg://nobody@127.0.0.1:1/none")
        postgresql_url.cache_clear()
        yield request.param
        postgresql_url.cache_clear()

    def test_it_skips_the_test_and_says_why(self, missing, monkeypatch):
        monkeypatch.delenv("CI", raising=False)

        with pytest.raises(pytest.skip.Exception, match=f"{missing} is missing: this test runs where"):
            need(missing)

    def test_it_fails_the_test_in_ci(self, missing, monkeypatch):
        monkeypatch.setenv("CI", "true")

        with pytest.raises(pytest.fail.Exception, match=f"{missing} is missing"):
            need(missing)
