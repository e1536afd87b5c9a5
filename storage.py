"""The database as Flask sees it: one session for each request, on content's own tables."""

from pathlib import Path

import click
from alembic.config import Config
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

# With these every table of content's is known, which a migrations check asks for.
from content import documents, leases, log, partners, publishing, rebuild  # noqa: F401
from content.database import Base, prepare_engine
from settings import make_folder

db = SQLAlchemy(model_class=Base, add_models_to_shell=False)

MIGRATIONS = Path(__file__).parent / "migrations"
# Alembic takes a path for a template, in which a % stands for something.
migrate = Migrate(db=db, directory=str(MIGRATIONS).replace("%", "%%"), render_as_batch=True)


@migrate.configure  # type: ignore[untyped-decorator]
def _read_options(config: Config) -> Config:
    # Flask-Migrate looks for it by the same path, which is no file's where it has a % in it.
    config.file_config.read(MIGRATIONS / "alembic.ini")
    return config


def init_app(app: Flask) -> None:
    """Give `app` its engine, made ready as content asks, and the `flask db` commands.

    Also `flask rebuild`, `flask rerender` and `flask new-epoch`. Opens no connection: the first request or command
    does.
    """
    db.init_app(app)
    migrate.init_app(app)
    app.cli.add_command(_rebuild)
    app.cli.add_command(_rerender)
    app.cli.add_command(_new_epoch)
    with app.app_context():
        _make_folder(db.engine, Path(app.instance_path))
        prepare_engine(db.engine)


def _make_folder(engine: Engine, var: Path) -> None:
    if engine.dialect.name == "sqlite":
        folder = Path(str(engine.url.database)).parent
        make_folder(folder, name="VERSO_VAR" if folder == var else "DATABASE_URL")


@click.command("rebuild")
@with_appcontext
def _rebuild() -> None:
    """Remake what readers are served from the log, and verify what it rests on."""
    report = rebuild.rebuild(db.session())
    for sentence in report.damage or report.differences:
        click.echo(sentence)
    if report.damage:
        raise click.ClickException(f"{len(report.damage)} faults in what is kept; nothing was rewritten")
    click.echo(f"{report.acts} acts, {report.editions} editions, {len(report.differences)} stood differently")


@click.command("rerender")
@with_appcontext
def _rerender() -> None:
    """Show what is live in the present renderer's form: run this once after an upgrade that says so."""
    acts = 0
    while publishing.rerender(db.session(), by="rerender"):
        acts += 1
    click.echo(f"{acts} acts; all that is live is in the form of {documents.RENDERER}")


@click.command("new-epoch")
@with_appcontext
def _new_epoch() -> None:
    """Begin a new epoch of the log: run this once after restoring a backup."""
    click.echo(f"epoch {log.begin_epoch(db.session())}; tokens and cursors of before are void")
