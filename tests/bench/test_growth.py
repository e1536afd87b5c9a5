"""What is measured of a long log is what readers ask for."""

import pytest

from bench import filling, growth
from bench.filling import Plan


class TestTable:
    @pytest.fixture
    def measured(self, engine, database_url):
        """The table of one small log, beside itself."""
        filling.fill(engine, Plan(entries=30, editions=3))
        return growth.table([database_url, database_url], rounds=1)

    def test_it_has_every_order_now_and_in_the_past(self, measured):
        reads = {row.read for row in measured}

        for name in ("newest", "oldest", "updated", "title", "review_due"):
            assert {
                name,
                f"{name}, deep",
                f"{name}, a topic",
                f"{name}, as of 1 %",
                f"{name}, as of 50 %",
            } <= reads
        assert all(len(row.times) == 2 and row.ratio > 0 for row in measured)
