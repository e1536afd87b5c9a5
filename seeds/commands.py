"""`flask seed`: sowing blog texts, and the texts that Verso ships, from the command line."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from content.errors import ContentError, Invalid
from content.locales import canonical
from seeds import report, shipped
from seeds.blog import read
from seeds.errors import SeedError
from seeds.files import file_name
from seeds.notes import SUFFIX, Notes, read_notes, refuse_unmatched
from seeds.post import Post
from seeds.sowing import Sowing, publish, sow
from storage import db

seed = AppGroup("seed", help="Sow texts: blog posts from files, or those that Verso ships.")


@dataclass(frozen=True)
class Seed:
    """A post with the notes beside it, both read and found good."""

    post: Post
    notes: Notes


def language_tag(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Return a language tag in the form in which entries bear it."""
    try:
        return canonical(value) if value else None
    except Invalid as error:
        raise click.BadParameter(error.faults[0].detail) from error


def locale_of(given: str | None) -> str:
    return given or canonical(str(current_app.config["VERSO_LOCALE"]))


in_locale = click.option(
    "--locale", "given", callback=language_tag, help="The texts' language; VERSO_LOCALE unless given."
)


@seed.command("blog")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@click.option(
    "--publish", "public", is_flag=True, help="Publish each text and its FAQs in one act, unreviewed."
)
@click.option("--dry-run", is_flag=True, help="Print what would be made and what is left out; write nothing.")
@in_locale
def seed_blog(paths: Sequence[Path], public: bool, dry_run: bool, given: str | None) -> None:
    """Make an article, and an FAQ for each question, of blog texts.

    A TOML of the same name beside a text may give topics, tags, sources and warnings. Nothing is written unless all
    texts are good; then each is written in a transaction of its own.
    """
    locale = locale_of(given)
    seeds = all_read(paths, locale)
    with told_plainly(), db.session() as session:
        sowings = tried(session, seeds, locale)
        if dry_run:
            say(line for sowing in sowings for line in report.foretold(sowing))
            return
        for one in seeds:
            say(sown(session, one, locale, public=public))


@seed.command("all")
@in_locale
def seed_all(given: str | None) -> None:
    """Sow and publish the texts that Verso ships, if there is nothing yet."""
    with told_plainly(), db.session() as session:
        sowings = shipped.fill(session, locale=locale_of(given))
        say(line for sowing in sowings for line in report.told(sowing))
        if not sowings:
            say(["There are entries already; nothing was sown."])


def all_read(paths: Iterable[Path], locale: str) -> list[Seed]:
    """Read every text and its notes; refuses them all, each with its reason, where one is not good."""
    seeds: list[Seed] = []
    faults = []
    for path in paths:
        try:
            seeds.append(read_seed(path, locale, taken=[one.post.source for one in seeds]))
        except SeedError as error:
            faults.append(str(error))
    refuse(faults)
    return seeds


def read_seed(path: Path, locale: str, *, taken: Sequence[str]) -> Seed:
    """Read one text and the notes beside it; an entry knows its text by the file's name, so no two share one."""
    if path.suffix == SUFFIX:
        raise SeedError(file_name(path), "these are notes; give the text that they stand beside.")
    if path.name in taken:
        raise SeedError(file_name(path), "two texts of this name were given.")
    post, notes = read(path, locale=locale), read_notes(path)
    refuse_unmatched(notes, post, path)
    return Seed(post, notes)


def tried(session: Session, seeds: Iterable[Seed], locale: str) -> list[Sowing]:
    """Sow every text for trial and roll it back: what it would make, or the refusal of all where one does not fit."""
    sowings: list[Sowing] = []
    faults = []
    for one in seeds:
        try:
            sowings.append(sow(session, one.post, one.notes, locale=locale))
        except SeedError as error:
            faults.append(str(error))
    session.rollback()
    refuse(faults)
    return sowings


def sown(session: Session, one: Seed, locale: str, *, public: bool) -> list[str]:
    """Sow one text and commit it, published or not; return what to tell of it."""
    try:
        sowing = sow(session, one.post, one.notes, locale=locale)
        if public:
            return [*report.told(sowing), *report.publication(publish(session, [sowing]))]
    except (SeedError, ContentError) as error:
        session.rollback()
        refuse([str(error) if isinstance(error, SeedError) else f"{one.post.source}: {error}"])
    session.commit()
    return list(report.told(sowing))


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what the database refuses into one sentence."""
    try:
        yield
    except DBAPIError as error:
        raise click.ClickException(
            f"the database cannot be used ({error.orig}); `flask db upgrade` makes its tables."
        ) from error


def refuse(faults: Sequence[str]) -> None:
    """End the command with every fault on a line of its own, if there are any."""
    if faults:
        raise click.ClickException("\n".join(faults))


def say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)
