"""`make bench`: fill databases, serve one as `make run` does, measure, and print a table for each part.

The lines on standard error tell how far it is.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click

from bench import databases, figures, growth, memory, page, scenes, searching, table
from bench.load import Lacking, require_wrk
from bench.measuring import Effort
from bench.scenes import PARTS, Plan
from settings import ROOT

PAGE = ROOT / "docs" / "performance.md"
EDITIONS = (10_000, 100_000, 1_000_000)


@click.command()
@click.option("--rounds", default=3, help="Rounds of each load.")
@click.option("--seconds", default=2, help="Seconds of each load.")
@click.option("--size", default=2_000, help="How many articles, and as many FAQs, are loaded.")
@click.option("--editions", multiple=True, default=EDITIONS, help="Of each log whose growth is measured.")
@click.option("--texts", default=searching.TEXTS, help="How many texts are searched and listed.")
@click.option("--reads", multiple=True, default=memory.READS, help="After which memory is asked for.")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="Only these.")
@click.option(
    "--database", "kinds", multiple=True, type=click.Choice(list(databases.KINDS)), help="Only on these."
)
@click.option("--write", is_flag=True, help="Put the tables into docs/performance.md.")
def main(
    rounds: int,
    seconds: int,
    size: int,
    editions: tuple[int, ...],
    texts: int,
    reads: tuple[int, ...],
    parts: tuple[str, ...],
    kinds: tuple[str, ...],
    write: bool,
) -> None:
    """Measure how fast Verso answers, and print a table for each part of what was measured."""
    try:
        require_wrk()
    except Lacking as error:
        raise click.ClickException(str(error)) from error
    plan = Plan(parts or PARTS, Effort(rounds, seconds), size, editions, texts, reads)
    for part, made in _tables(plan, kinds or tuple(databases.KINDS)):
        click.echo(f"\n{part}\n\n{made}")
        if write:
            page.write(PAGE, part, made)


def _tables(plan: Plan, kinds: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each part with its table, once all is measured."""
    rows: dict[str, list[Any]] = {part: [] for part in PARTS if plan.has(part)}
    for kind in kinds:
        if why := databases.missing(kind):
            click.echo(why, err=True)
            continue
        for part, row in scenes.measured(kind, plan):
            click.echo(f"{kind}: {part}: {row.name}", err=True)
            rows[part].append(row)
    for part, measured in rows.items():
        yield part, _table(part, plan, measured)


def _table(part: str, plan: Plan, rows: list[Any]) -> str:
    if part == scenes.LOAD:
        return table.table(rows)
    return growth.table(plan.editions, rows) if part == scenes.GROWTH else figures.table(rows)


if __name__ == "__main__":
    sys.exit(main())
