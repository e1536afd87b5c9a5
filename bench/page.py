"""The page: where in docs/performance.md each part's table stands, and how a table is printed."""

from collections.abc import Iterable, Sequence
from pathlib import Path

PART = "<!-- {}: begin -->", "<!-- {}: end -->"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows of cells as Markdown, all but the first to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def write(page: Path, part: str, made: str) -> None:
    """Put a part's table between its marks, in place of what stood there; raises ValueError where they are not."""
    begin, end = (mark.format(part) for mark in PART)
    before, begun, rest = page.read_text().partition(begin)
    _, ended, after = rest.partition(end)
    if not (begun and ended):
        raise ValueError(f"{page.name} has no marks for {part}")
    page.write_text(f"{before}{begin}\n{made}\n{end}{after}")
