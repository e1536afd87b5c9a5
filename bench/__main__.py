"""`make bench`: fill a database, serve it as `make run` does, measure, and print one table.

The lines on standard error tell how far it is.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import flask_migrate
import httpx

from app import create_app
from bench import databases, library, reads, table
from bench.load import Lacking, require_wrk
from bench.measuring import Effort, Row, measured
from bench.reads import Read
from bench.servers import Server, served
from settings import ROOT
from storage import db

PAGE = ROOT / "docs" / "performance.md"
KINDS = {"SQLite": databases.sqlite, "PostgreSQL": databases.postgresql}


@click.command()
@click.option("--rounds", default=3, help="Rounds of each read.")
@click.option("--seconds", default=2, help="Seconds of each load.")
@click.option("--size", default=2_000, help="How many articles, and as many FAQs.")
@click.option("--database", "names", multiple=True, type=click.Choice(list(KINDS)), help="Only on these.")
@click.option("--write", is_flag=True, help="Put the table into docs/performance.md.")
def main(rounds: int, seconds: int, size: int, names: tuple[str, ...], write: bool) -> None:
    """Measure Verso beside a bare Flask route and a bare WSGI callable, and print one table."""
    try:
        require_wrk()
    except Lacking as error:
        raise click.ClickException(str(error)) from error
    effort = Effort(rounds, seconds)
    rows = [row for name in names or KINDS for row in _on(name, effort, size)]
    made = table.table(rows)
    click.echo(made)
    if write:
        table.write(PAGE, made)


def _on(name: str, effort: Effort, size: int) -> Iterator[Row]:
    if name == "PostgreSQL" and (why := databases.missing()):
        click.echo(why, err=True)
        return
    with TemporaryDirectory() as kept, KINDS[name](Path(kept)) as url:
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "VERSO_VAR": kept,
            "VERSO_SEED": "0",
            "VERSO_LIMITS": "0",
        }
        click.echo(f"{name}: filling with {size:,} articles and {size:,} FAQs", err=True)
        _fill(environment, size)
        with served("wsgi:application", environment, "/readyz") as verso:
            click.echo(f"{name}: measuring", err=True)
            for row in measured(name, url, verso, _reads(verso), effort, Path(kept)):
                click.echo(f"{name}: {row.read.name}", err=True)
                yield row


def _fill(environment: dict[str, str], size: int) -> None:
    app = create_app(environment)
    with app.app_context():
        flask_migrate.upgrade()
        library.fill(db.session(), size, size)
        db.session.remove()
        db.engine.dispose()


def _reads(verso: Server) -> list[Read]:
    with closing(httpx.Client(base_url=verso.address, timeout=60)) as site:
        return [*reads.first(site), *reads.repeated(site)]


if __name__ == "__main__":
    sys.exit(main())
