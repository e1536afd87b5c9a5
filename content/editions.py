"""Editions: the stretches of the log in which one public form of an entry held; the read model of all that is public.

They can be remade from acts, lines, versions and documents at any time (`rebuild`); an act and a rebuild derive
them by the same functions here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    and_,
    literal_column,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.elements import ColumnElement

from content.database import Base, CanonicalJSON, row_of
from content.entries import Entry
from content.folding import LONGEST, folded
from content.log import ChangeKind, Event, Line, State
from content.placement import PUBLIC
from content.reviews import ReviewStatus
from content.traces import ERASED, trace
from content.versions import Version

# The events after which an entry shows a form that it did not show before.
MAKING = frozenset(
    {
        Event.PUBLISHED,
        Event.MOVED,
        Event.REVIEWED,
        Event.REVIEW_DUE,
        Event.REINSTATED,
        Event.RELEASED,
        Event.RERENDERED,
    }
)
NO_DAY = date.max  # stands for the day of the next review where there is none
# Letters in the order of their code points, on both databases; PostgreSQL's own would be that of its language.
_ORDERED = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")
# Those among them that are a change of the text's own, and not of what is known about it.
_CHANGING = frozenset({Event.PUBLISHED, Event.MOVED, Event.REINSTATED})


# The keys that lists are ordered by: each has an index for what is live, and one for the past.
SORTED = {"newest": "sort_at", "updated": "updated_at", "title": "title_key", "due": "due_key"}


class Edition(Base):
    """One public form of an entry, live from `from_sequence` until before `until_sequence` (None: live still).

    `first_sequence` is the entry's first publication. `sort_at` orders lists, newest first: the day on which the
    text was first published anywhere, else the moment of its first publication here. `title_key` is its title folded,
    and `due_key` the day on which its review is or was due, else `NO_DAY`. `struck_by` is the act that has retracted
    or erased this content since; readers meet a stub in its place.
    """

    __tablename__ = "edition"
    __table_args__ = (
        ForeignKeyConstraint(["entry_id", "version"], ["version.entry_id", "version.number"]),
        Index("ix_edition_slug", "type", "locale", "slug", "from_sequence"),
        *(
            Index(f"ix_edition_{name}", "type", key, "entry_id", "first_sequence", "from_sequence", "locale")
            for name, key in SORTED.items()
        ),
    )

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    until_sequence: Mapped[int | None]
    first_sequence: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(35))
    translation_group: Mapped[UUID] = mapped_column(index=True)
    slug: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    content_hash: Mapped[str] = mapped_column(String(64))
    document_hash: Mapped[str] = mapped_column(String(64), index=True)
    audience: Mapped[str] = mapped_column(String(20))
    position: Mapped[int | None]
    sort_at: Mapped[datetime]
    first_published_at: Mapped[datetime]
    published_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    review: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    review_status: Mapped[str] = mapped_column(String(20))
    review_due_on: Mapped[date | None] = mapped_column(Date)
    title_key: Mapped[str] = mapped_column(_ORDERED)
    due_key: Mapped[date] = mapped_column(Date)
    change_kind: Mapped[str | None] = mapped_column(String(20))
    change_note: Mapped[str | None] = mapped_column(Text)
    struck_by: Mapped[int | None]


class PublicForm(NamedTuple):
    """What readers are answered with of one edition: its row, past the session, which would take longer to keep it."""

    entry_id: UUID
    from_sequence: int
    type: str
    locale: str
    translation_group: UUID
    slug: str
    version: int
    content_hash: str
    document_hash: str
    position: int | None
    sort_at: datetime
    first_published_at: datetime
    published_at: datetime
    updated_at: datetime
    review: dict[str, Any]
    title_key: str
    due_key: date
    change_kind: str | None
    change_note: str | None


# Rule 2, held by the database: one live edition an entry, one live bearer a slug.
_LIVE = Edition.until_sequence.is_(None)
Index("uq_edition_live_entry", Edition.entry_id, unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE)
Index(
    "uq_edition_live_slug",
    Edition.type,
    Edition.locale,
    Edition.slug,
    unique=True,
    sqlite_where=_LIVE,
    postgresql_where=_LIVE,
)
# What readers have without the review that it needs. As PostgreSQL plans statements, it takes an index of some rows
# only where the condition has no parameter.
UNREVIEWED = and_(_LIVE, Edition.review_status == literal_column(f"'{ReviewStatus.NOT_REVIEWED}'"))
Index(
    "ix_edition_unreviewed",
    Edition.from_sequence,
    Edition.entry_id,
    sqlite_where=UNREVIEWED,
    postgresql_where=UNREVIEWED,
)
Index(
    "ix_edition_live_review_due_on",
    Edition.review_due_on,
    # Else settling would put all that fall due on one day in order, to find the first.
    Edition.entry_id,
    sqlite_where=_LIVE,
    postgresql_where=_LIVE,
)
for _name, _key in SORTED.items():
    # All that walking it asks for, so that SQLite takes it before the index of the past.
    _walked = [Edition.type, getattr(Edition, _key), Edition.entry_id, Edition.locale, Edition.audience]
    _walked += [Edition.from_sequence, Edition.until_sequence]
    Index(f"ix_edition_live_{_name}", *_walked, sqlite_where=_LIVE, postgresql_where=_LIVE)


_BEARERS = ("name", "value", "type", "sort_at", "entry_id")


class Facet(Base):
    """One value that readers filter an edition by: a topic's, author's or article's id, or a tag.

    With it stands what a list of its bearers, newest first, is found by.
    """

    __tablename__ = "facet"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entry_id", "from_sequence"], ["edition.entry_id", "edition.from_sequence"], ondelete="CASCADE"
        ),
        Index("ix_facet_newest", *_BEARERS, "first_sequence", "from_sequence"),
        Index(
            "ix_facet_live_newest",
            *_BEARERS,
            "from_sequence",
            "until_sequence",
            sqlite_where=text("until_sequence IS NULL"),
            postgresql_where=text("until_sequence IS NULL"),
        ),
    )

    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(100), primary_key=True)
    until_sequence: Mapped[int | None]
    first_sequence: Mapped[int]
    type: Mapped[str] = mapped_column(String(40))
    sort_at: Mapped[datetime]


def live_at(sequence: int | ColumnElement[int], edition: type[Edition] = Edition) -> ColumnElement[bool]:
    """The editions that held at `sequence`; `edition` may be an alias."""
    return and_(
        edition.first_sequence <= sequence,
        edition.from_sequence <= sequence,
        or_(edition.until_sequence.is_(None), edition.until_sequence > sequence),
    )


def makes_edition(line: Line) -> bool:
    """Whether a line begins a new public form of its entry."""
    return line.event in MAKING


def ends_edition(line: Line) -> bool:
    """Whether a line ends the public form that its entry had."""
    return line.event in MAKING or line.state != State.LIVE


def is_fresh(line: Line) -> bool:
    """Whether a line changes a text by more than a typo."""
    return line.event in (Event.PUBLISHED, Event.REINSTATED) and line.change_kind != ChangeKind.TYPO


@dataclass(frozen=True)
class Listed:
    """What an edition takes from its version, worked out before the log's lock is taken.

    `first_day` is the day on which the text was first published anywhere, where that is told; `facets` are pairs of a
    name and a value.
    """

    version: int
    content_hash: str
    slug: str
    audience: str
    position: int | None
    first_day: date | None
    title_key: str
    facets: tuple[tuple[str, str], ...]


def listed(entry: Entry, version: Version) -> Listed:
    """Return what an edition takes from a version; erased free text is no facet any more."""
    values, day = version.values, version.values.get("originally_published_on")
    return Listed(
        version=version.number,
        content_hash=version.content_hash,
        slug=values["slug"],
        audience=audience_of(version),
        position=values.get("position"),
        first_day=date.fromisoformat(day) if day else None,
        title_key=folded(entry.content_type.title_of(values)),
        facets=tuple(_facets(entry, values)),
    )


def _facets(entry: Entry, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in entry.content_type.fields:
        if field.facet and (value := values.get(field.name)):
            for one in [value] if isinstance(value, str) else value:
                yield field.facet, one


def audience_of(version: Version) -> str:
    """Return who may read a version; everyone, where its type does not say."""
    return str(version.placement.get("audience", PUBLIC))


def successor(line: Line, at: datetime, entry: Entry, shown: Listed, before: Edition | None) -> Edition:
    """Return the edition that `line` begins at `at`; `before` is the entry's last edition, ended or not."""
    return Edition(**successor_row(line, at, entry, shown, before))


def successor_row(
    line: Line, at: datetime, entry: Entry, shown: Listed, before: Edition | None
) -> dict[str, Any]:
    """Return the same as a row: an act of many has hundreds of them, which are no objects to anybody."""
    changing = line.event in _CHANGING
    same_version = before is not None and before.version == shown.version
    fresh = before is None or is_fresh(line)
    first = before.first_published_at if before else at
    review = line.review or (before.review if before else {})
    return {
        "entry_id": entry.id,
        "from_sequence": line.sequence,
        "until_sequence": None,
        "first_sequence": before.first_sequence if before else line.sequence,
        "type": entry.type,
        "locale": entry.locale,
        "translation_group": entry.translation_group,
        "slug": shown.slug,
        "version": shown.version,
        "content_hash": shown.content_hash,
        "document_hash": line.document_hash,
        "audience": shown.audience,
        "position": shown.position,
        "sort_at": _sort_at(shown.first_day, first),
        "first_published_at": first,
        "published_at": before.published_at if before and same_version else at,
        "updated_at": at if fresh or before is None else before.updated_at,
        "review": review,
        "review_status": review["status"],
        "review_due_on": due_on(review),
        "title_key": shown.title_key,
        "due_key": _due_key(review),
        "change_kind": line.change_kind if changing or before is None else before.change_kind,
        "change_note": line.public_note if changing or before is None else before.change_note,
        "struck_by": None,
    }


def facets(edition: Edition, shown: Listed) -> Iterable[Facet]:
    """Yield what readers filter an edition by."""
    return (Facet(**row) for row in facet_rows(row_of(edition), shown))


def facet_rows(edition: Mapping[str, Any], shown: Listed) -> Iterator[dict[str, Any]]:
    """Yield the same as rows, of an edition as a row."""
    shared = {name: edition[name] for name in _SHARED}
    return ({**shared, "name": name, "value": value} for name, value in shown.facets)


# What a facet has from its edition.
_SHARED = ("entry_id", "from_sequence", "until_sequence", "first_sequence", "type", "sort_at")


def _sort_at(day: date | None, first: datetime) -> datetime:
    # A day to come is no day of publication: nothing public at a sequence is dated after it.
    return min(datetime.combine(day, time(), UTC), first) if day else first


def due_on(review: dict[str, Any]) -> date | None:
    """Return the day on which a public review falls due, None where there is none or it has."""
    holds = review.get("status") == ReviewStatus.REVIEWED
    return date.fromisoformat(review["review_due_on"]) if holds else None


def _due_key(review: dict[str, Any]) -> date:
    day = review["review_due_on"]
    return date.fromisoformat(day) if day else NO_DAY


def is_erased() -> ColumnElement[bool]:
    """The editions whose words were erased since."""
    return Edition.slug.startswith(ERASED)


def erased_placement(entry: Entry, version: Version) -> dict[str, Any]:
    """Return what erasure leaves of a placement: ids, dates and numbers, and the digest of the address."""
    kept = {
        field.name: version.placement[field.name]
        for field in entry.content_type.placement
        if not field.free_text and field.name in version.placement
    }
    return kept | ({"slug": trace(version.placement["slug"])} if "slug" in version.placement else {})
