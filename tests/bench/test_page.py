"""Each part's table stands between marks of its own in the page."""

import pytest

from bench import page


@pytest.fixture
def kept(tmp_path):
    """A page with the marks of two parts."""
    kept = tmp_path / "performance.md"
    kept.write_text(
        "a\n<!-- lock: begin -->\nold\n<!-- lock: end -->\nb\n<!-- load: begin -->\n<!-- load: end -->\nc\n"
    )
    return kept


class TestTable:
    def test_it_puts_figures_to_the_right(self):
        assert page.table(["a", "b"], [["c", "1"]]).splitlines() == [
            "| a | b |",
            "| --- | ---: |",
            "| c | 1 |",
        ]


class TestWrite:
    def test_it_replaces_what_stands_between_the_marks(self, kept):
        page.write(kept, "lock", "new")
        page.write(kept, "load", "more")

        assert kept.read_text() == (
            "a\n<!-- lock: begin -->\nnew\n<!-- lock: end -->\nb\n<!-- load: begin -->\nmore\n<!-- load: end -->\nc\n"
        )

    def test_it_refuses_a_page_without_them(self, kept):
        with pytest.raises(ValueError, match="no marks for growth"):
            page.write(kept, "growth", "new")
