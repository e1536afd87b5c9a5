"""The database as Flask sees it: one session for each request, on content's own tables."""

import hashlib
from pathlib import Path
from typing import Any

import click
from alembic.config import Config
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

# With these every table of content's is known, which a migrations check asks for.
from content import (  # noqa: F401
    batches,
    damage,
    documents,
    expiry,
    followers,
    keyring,
    keys,
    leases,
    log,
    partners,
    previews,
    publishing,
    rebuild,
    signatures,
    signing,
    verifying,
    watermark,
)
from content.database import Base, prepare_engine, sweep
from content.errors import NotFound
from content.usage import counting  # noqa: F401
from content.watermark import Watermark
from settings import make_folder

db = SQLAlchemy(model_class=Base, add_models_to_shell=False)

SIGNED_AT_ONCE = 500  # documents; acts wait meanwhile
MIGRATIONS = Path(__file__).parent / "migrations"


def _ours(name: str | None, kind: str, parents: Any) -> bool:
    """Whether the code declares it; FTS5 keeps tables of its own, and takes a database's index of words as one."""
    return not (name or "").startswith(("search_index", "newest_mark_index", "newest_text_index"))


# Alembic takes a path for a template, in which a % stands for something.
migrate = Migrate(
    db=db, directory=str(MIGRATIONS).replace("%", "%%"), render_as_batch=True, include_name=_ours
)


@migrate.configure  # type: ignore[untyped-decorator]
def _read_options(config: Config) -> Config:
    # Flask-Migrate looks for it by the same path, which is no file's where it has a % in it.
    config.file_config.read(MIGRATIONS / "alembic.ini")
    return config


def init_app(app: Flask) -> None:
    """Give `app` its engine, made ready as content asks, and the `flask db` commands.

    Also the commands by which whoever runs Verso looks after the log. Opens no connection: the first request or command
    does.
    """
    db.init_app(app)
    migrate.init_app(app)
    app.cli.add_command(_rebuild)
    app.cli.add_command(_rerender)
    app.cli.add_command(_new_epoch)
    app.cli.add_command(_sweep)
    app.cli.add_command(_verify)
    app.cli.add_command(_sign)
    app.cli.add_command(_forget_signing_key)
    with app.app_context():
        _make_folder(db.engine, Path(app.instance_path))
        prepare_engine(db.engine)
        expiry.decide(db.engine, app.config.get("VERSO_ON_REVIEW_DUE", {}))
        _watch(app, db.engine)


def _watch(app: Flask, engine: Engine) -> None:
    """Have this process share the log's high-water mark with all others on this machine that use the database."""
    seconds = app.config.get("VERSO_TRUST_MS", 0) / 1000
    if engine.dialect.name == "sqlite":
        # Whoever opens the file is on this machine, and shares the mark beside it.
        # Whatever links it was reached by, as SQLite's own log stands beside it too.
        file = Path(str(engine.url.database)).resolve()
        watermark.watch(engine, Watermark(file.with_name(f"{file.name}-mark")), trusted=0.0)
        return
    make_folder(Path(app.instance_path), name="VERSO_VAR")
    name = hashlib.sha256(engine.url.render_as_string().encode()).hexdigest()[:16]
    watermark.watch(engine, Watermark(Path(app.instance_path) / f"{name}-mark"), trusted=seconds)


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


@click.command("sweep")
@with_appcontext
def _sweep() -> None:
    """Write every table anew, so that nothing of what was erased is left in the database's files."""
    sweep(db.engine)
    click.echo("Every table was written anew.")


_SOUND = "versions, documents, pictures and editions are what their hashes and the log say"
_NOT_LOOKED_AT = (
    "not looked at: what searches and lists find texts by, which `flask rebuild` makes anew; what partners may read; "
    "whether the log's last acts are missing altogether"
)


@click.command("verify")
@with_appcontext
def _verify() -> None:
    """Tell what is kept and is not what its hash, the log or its signature says; ends with 1 where anything is not."""
    session = db.session()
    verifying.begin(session)
    faults = 0
    for sentence in verifying.faults(session):
        click.echo(sentence)
        faults += 1
    if faults:
        raise click.ClickException(f"{faults} faults in what is kept")
    click.echo(f"{_SOUND}; {verifying.signed(session)}")
    click.echo(_NOT_LOOKED_AT)


@click.command("sign")
@with_appcontext
def _sign() -> None:
    """Sign what was published without the key that is set: run this once after making one, and after each change."""
    session = db.session()
    key = signing.key_of(session)
    if key is None:
        raise click.ClickException("VERSO_SIGNING_KEY is not set; `flask signing-key` makes a key")
    if faults := list(damage.damaged(session)):
        raise click.ClickException(
            "\n".join([*faults, "nobody vouches for what is damaged; nothing was signed"])
        )
    signed = 0
    while made := documents.sign(session, key, most=SIGNED_AT_ONCE):
        signed += made
    keyring.turn(session)
    session.commit()
    click.echo(f"{signed} documents were signed with key {key.id}")


@click.command("forget-signing-key")
@click.argument("key_id")
@with_appcontext
def _forget_signing_key(key_id: str) -> None:
    """Forget a key that somebody else may have, and all that it signed; `flask sign` signs that with another."""
    session = db.session()
    try:
        forgotten = signatures.forget(session, key_id)
    except NotFound as error:
        raise click.ClickException(str(error)) from error
    keyring.turn(session)
    session.commit()
    click.echo(f"key {key_id} is forgotten, and {forgotten} signatures with it")
