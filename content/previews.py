"""Previews: tokens that let a reader see what is not public yet: a draft with what it links, or a moment to come.

A token is random and shown once; only its hash is kept. It is made for exact texts or for one instant, for a purpose
that is written down, and it ends.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, or_, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, entries, versions
from content.database import Base, CanonicalJSON, begin_writing, new_id
from content.entries import Entry
from content.errors import Fault, Invalid, NotFound, PreviewOver
from content.fields import Line, Link
from content.lists import Links
from content.log import State
from content.standings import Standing, standings
from content.versions import Version

PREFIX = "vp_"  # by which a token is known wherever one is found
_BYTES = 32  # of chance in it
_TOKEN = re.compile(rf"(?<![\w-]){PREFIX}[\w-]{{43}}(?![\w-])", re.ASCII)
LASTS = timedelta(days=7)
LONGEST = timedelta(days=90)
MOST_TEXTS = 100
PURPOSE = Line(name="purpose", label="What it is for", required=True, most=200)


class Preview(Base):
    """One token. `texts` are the entries and versions that it shows, the draft first; or `instant` is the moment."""

    __tablename__ = "preview"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    entry_id: Mapped[UUID | None] = mapped_column(ForeignKey("entry.id"), index=True)
    texts: Mapped[list[list[str | int]] | None] = mapped_column(CanonicalJSON)
    instant: Mapped[datetime | None]
    purpose: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(100))

    @property
    def pinned(self) -> list[tuple[UUID, int]]:
        """The entries and versions that it was made for, the draft first; none where it is for an instant."""
        return [(UUID(str(entry_id)), int(number)) for entry_id, number in self.texts or ()]


def held_in(text: str) -> bool:
    """Return whether a text holds what has the form of a token, whatever it opens."""
    return _TOKEN.search(text) is not None


def for_draft(
    session: Session,
    entry_id: UUID,
    number: int,
    *,
    purpose: str,
    by: str,
    lasts: timedelta = LASTS,
    now: datetime | None = None,
) -> tuple[Preview, str]:
    """Make a token for one version, and for the drafts that it links as they are now; return it with its row.

    Those are the newest versions, where they are not public, of what the version names and of what it shows of
    others that point at it. Raises NotFound, and Invalid where the version was erased or a value does not fit.
    """
    begin_writing(session)
    draft = versions.version(session, entry_id, number)
    entries.require_kept(entries.entry(session, entry_id))
    if draft.erased:
        raise Invalid([Fault("/version", "was erased")])
    texts = [(entry_id, number), *linked_drafts(session, draft)]
    made = Preview(entry_id=entry_id, texts=[[str(one), version] for one, version in texts])
    return _kept(session, made, purpose, by, lasts, now)


def for_instant(
    session: Session,
    instant: datetime,
    *,
    purpose: str,
    by: str,
    lasts: timedelta = LASTS,
    now: datetime | None = None,
) -> tuple[Preview, str]:
    """Make a token for all that is public at a moment to come, by what is scheduled; raises Invalid."""
    begin_writing(session)
    if instant <= (now or database.clock(session)):
        raise Invalid([Fault("/instant", "is not to come: enter a later one")])
    return _kept(session, Preview(instant=instant), purpose, by, lasts, now)


def _kept(
    session: Session, made: Preview, purpose: str, by: str, lasts: timedelta, now: datetime | None
) -> tuple[Preview, str]:
    if not timedelta() < lasts <= LONGEST:
        raise Invalid([Fault("/days", f"is not between 1 and {LONGEST.days}")])
    token = PREFIX + secrets.token_urlsafe(_BYTES)
    made.purpose, made.by, made.token_hash = PURPOSE.clean(purpose), by, _hash(token)
    made.made_at = now or database.clock(session)
    made.ends_at = made.made_at + lasts
    session.add(made)
    session.flush()
    return made, token


def find(session: Session, token: str, *, now: datetime) -> Preview:
    """Return what a token was made for; raises PreviewOver where it is wrong, ended or revoked, and not which."""
    holds = (Preview.ends_at > now, Preview.revoked_at.is_(None))
    found = session.scalar(select(Preview).where(Preview.token_hash == _hash(token), *holds))
    if found is None:
        raise PreviewOver
    return found


def preview(session: Session, preview_id: UUID) -> Preview:
    """Return one token's row, whether it works still or not; raises NotFound."""
    kept = session.get(Preview, preview_id, populate_existing=True)
    if kept is None:
        raise NotFound(f"preview {preview_id}")
    return kept


def revoke(session: Session, preview_id: UUID, *, by: str, now: datetime | None = None) -> Preview:
    """End a token now; one that was revoked before stays as it is. Raises NotFound."""
    begin_writing(session)
    kept = preview(session, preview_id)
    if kept.revoked_at is None:
        kept.revoked_at, kept.revoked_by = now or database.clock(session), by
    session.flush()
    return kept


def working(session: Session, entry_id: UUID | None, *, now: datetime) -> list[Preview]:
    """Return the tokens that work now for drafts of an entry, or (None) for instants; newest first."""
    chosen = select(Preview).where(Preview.ends_at > now, Preview.revoked_at.is_(None))
    about = Preview.entry_id.is_(None) if entry_id is None else Preview.entry_id == entry_id
    return list(session.scalars(chosen.where(about).order_by(Preview.made_at.desc(), Preview.id.desc())))


def linked_drafts(session: Session, draft: Version) -> list[tuple[UUID, int]]:
    """Return the newest version of each entry that a version links, where it is a draft.

    What was withdrawn, held or struck stays so: it is no draft.
    """
    entry = entries.entry(session, draft.entry_id)
    ids = dict.fromkeys([*_named(draft, entry), *_pointing(session, entry)])
    ids.pop(entry.id, None)
    found = standings(session, list(ids)) if ids else {}
    drafts = [(one, found[one].entry.latest) for one in ids if _is_draft(found[one])]
    if len(drafts) > MOST_TEXTS:
        raise Invalid([Fault("/version", f"links more than {MOST_TEXTS} drafts")])
    return drafts


def _named(draft: Version, entry: Entry) -> Iterator[UUID]:
    for field in entry.content_type.fields:
        if isinstance(field, Link | Links) and (value := draft.values.get(field.name)):
            yield from map(UUID, [value] if isinstance(value, str) else value)


def _pointing(session: Session, entry: Entry) -> Iterable[UUID]:
    """The entries that the draft's type shows because they point at it, by their newest versions."""
    shown = [part for part in entry.content_type.shown if part.of]
    named = type_coerce(Version.placement, Text).contains(f'"{entry.id}"')
    newest = select(Version, Entry.type).join(
        Entry, (Entry.id == Version.entry_id) & (Entry.latest == Version.number)
    )
    chosen = newest.where(or_(*(Entry.type == part.of for part in shown)), named) if shown else None
    for version, type_name in session.execute(chosen) if chosen is not None else ():
        if any(_points(version, str(part.by), entry.id) for part in shown if part.of == type_name):
            yield version.entry_id


def _points(version: Version, by: str, entry_id: UUID) -> bool:
    value = version.values.get(by)
    return str(entry_id) in ([value] if isinstance(value, str) else value or [])


def _is_draft(standing: Standing) -> bool:
    if standing.entry.latest in standing.erased or standing.state not in (State.DRAFT, State.LIVE):
        return False
    if standing.entry.trashed_at:
        return False
    return standing.live is None or standing.live.version != standing.entry.latest


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
