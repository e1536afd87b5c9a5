"""One entry as the reader keeps it: made, changed or left as it is, and never over the newsroom's words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from slugify import slugify
from sqlalchemy import Text, cast, select, text
from sqlalchemy.orm import Session

from content import entries, types, versions
from content.database import begin_writing
from content.entries import Entry
from content.errors import Invalid
from content.versions import Version
from seeds.errors import SeedError

# Whose name the reader's versions and acts bear.
BY = "seed"
LONGEST_SLUG = 90
SOWERS_LOCK = 0x736F_7765_72  # "sower": the key of PostgreSQL's advisory lock; SQLite has one writer anyway


class Change(StrEnum):
    """What reading a text did to an entry."""

    MADE = "made"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Plot:
    """Where a text is sown, by whom, and when: its file's name, the locale, the moment (None: the database's clock)."""

    file: str
    locale: str
    now: datetime | None = None
    by: str = BY


@dataclass(frozen=True)
class Kept:
    """An entry as it stands after reading; `ours` where its newest version is the reader's.

    `was` is the title that it had before, where reading changed that.
    """

    entry_id: UUID
    type: str
    title: str
    slug: str
    version: int
    change: Change
    ours: bool = True
    was: str | None = None


def take_turn(session: Session) -> None:
    """Queue for the sowers' lock, held until the transaction ends: of two that sow one text, one makes its entries."""
    begin_writing(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SOWERS_LOCK})


def keep(
    session: Session,
    plot: Plot,
    type_name: str,
    values: Mapping[str, Any],
    source: str | None,
    known: Entry | None = None,
) -> Kept:
    """Make the entry that comes from `source`, or give it a version where `values` differ from its newest.

    `known` is the entry where the caller knows it already.

    `values` come without a slug: a new entry gets a free one, another keeps its own. Raises SeedError, which names
    the file, where the newsroom has edited the entry, or a value does not fit. Flushes; the caller commits.
    """
    if source and not known:
        known = entries.from_source(session, source, plot.locale)
    try:
        if known:
            return renewed(session, plot, known, values)
        return made(session, plot, type_name, values, source)
    except Invalid as error:
        title = types.get(type_name).title_of(values)
        raise SeedError(plot.file, f"the {type_name} {title!r} does not fit ({error}).") from error


def made(session: Session, plot: Plot, type_name: str, values: Mapping[str, Any], source: str | None) -> Kept:
    """Make a new entry with a free slug."""
    slug = free_slug(session, type_name, plot.locale, types.get(type_name).title_of(values))
    first = versions.create(
        session,
        type_name,
        {**values, "slug": slug},
        locale=plot.locale,
        by=plot.by,
        source=source,
        now=plot.now,
    )
    return kept(session, first, Change.MADE)


def renewed(session: Session, plot: Plot, known: Entry, values: Mapping[str, Any]) -> Kept:
    """Give a known entry a version where `values` differ from its newest, which must be the reader's own."""
    newest = versions.latest(session, known.id)
    if not is_readers(newest, plot) or newest.erased or known.trashed_at:
        title = known.title or known.content_type.title_of(values)
        did = "erased" if newest.erased else "thrown away" if known.trashed_at else "edited"
        raise SeedError(
            plot.file, f"the newsroom has {did} the {known.type} {title!r} since; nothing was changed."
        )
    wanted = {**values, "slug": newest.values["slug"]}
    if versions.holds(session, newest, wanted):
        return kept(session, newest, Change.UNCHANGED)
    before = known.title
    saved = versions.save(session, known.id, wanted, based_on=newest.number, by=plot.by, now=plot.now)
    changed = kept(session, saved, Change.CHANGED)
    return changed if changed.title == before else replace(changed, was=before)


def is_readers(version: Version, plot: Plot) -> bool:
    """Whether the reader made a version: of those in a person's name the first, which they may edit by hand."""
    return version.by == BY or (version.by == plot.by and version.number == 1)


def kept(session: Session, version: Version, change: Change) -> Kept:
    """Tell how the entry stands whose newest version this is."""
    entry = entries.entry(session, version.entry_id)
    slug = str(version.values.get("slug", ""))
    return Kept(entry.id, entry.type, entry.title, slug, version.number, change, version.by == BY)


def free_slug(session: Session, type_name: str, locale: str, title: str) -> str:
    """Return a slug made of `title` that no entry of the type and locale bears, drafts included."""
    stem = slugify(title, max_length=LONGEST_SLUG, word_boundary=True) or type_name
    slug, count = stem, 1
    while is_borne(session, type_name, locale, slug):
        count += 1
        slug = f"{stem}-{count}"
    return slug


def is_borne(session: Session, type_name: str, locale: str, slug: str) -> bool:
    """Whether an entry's newest version bears `slug`."""
    # Placement is stored as RFC 8785 text, in which a slug can be written in one way only.
    bearing = cast(Version.placement, Text).contains(f'"slug":"{slug}"', autoescape=True)
    newest = select(Version).join(Entry, (Entry.id == Version.entry_id) & (Entry.latest == Version.number))
    borne = newest.where(Entry.type == type_name, Entry.locale == locale, bearing)
    return session.scalars(borne.limit(1)).first() is not None
