"""Figures are told with what is asked of them."""

from bench import figures
from bench.figures import Figure


class TestTable:
    def test_it_judges_what_something_is_asked_of(self):
        made = figures.table(
            [
                Figure("SQLite", "a wait", "3 ms", "under 5 ms", True),
                Figure("SQLite", "a wait", "7 ms", "under 5 ms", False),
                Figure("SQLite", "a size", "8 MB"),
            ]
        )

        assert made.splitlines()[2:] == [
            "| SQLite: a wait | 3 ms | under 5 ms | yes |",
            "| SQLite: a wait | 7 ms | under 5 ms | no |",
            "| SQLite: a size | 8 MB |  |  |",
        ]
