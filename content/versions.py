"""Versions: immutable, numbered copies of an entry. Every save makes one; nobody's save overwrites another's unseen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Text, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import bearings, citations, database, entries, locales, merging, pictures, tagging, types
from content.characters import normalised, refused_character
from content.database import Base, CanonicalJSON, begin_writing, new_id, take_tree_lock
from content.entries import Entry
from content.errors import ContentRetracted, Fault, Invalid, MadeAlready, NotFound, SaveClash
from content.fields import Day, Field, Line, Link, Values
from content.fingerprints import fingerprint
from content.lists import Links
from content.log import State
from content.newest import rows


class Version(Base):
    """One copy: its content and its placement, each with the SHA-256 of its RFC 8785 JSON.

    The database refuses to change or delete a row and to leave a hole in the numbers. Erasure alone empties
    `content` and leaves of `placement` what no person wrote; the hashes stay.
    """

    __tablename__ = "version"

    entry_id: Mapped[UUID] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    based_on: Mapped[int | None]
    schema: Mapped[int]
    content: Mapped[dict[str, Any] | None] = mapped_column(CanonicalJSON)
    placement: Mapped[dict[str, Any]] = mapped_column(CanonicalJSON)
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    placement_hash: Mapped[str] = mapped_column(String(64))
    by: Mapped[str] = mapped_column(String(100))
    note: Mapped[str | None] = mapped_column(Text)
    saved_at: Mapped[datetime]

    @property
    def erased(self) -> bool:
        """Whether its content was erased."""
        return self.content is None

    @property
    def values(self) -> dict[str, Any]:
        """Every stored value by field name; absent fields are missing."""
        return {**(self.content or {}), **self.placement}


# Where a day begins first, it is there so long before it is in UTC.
_EARLIEST_DAY = timedelta(hours=14)
SOURCE = Line(name="source", label="File that it was read from", most=300)


def present(values: Values, fields: Sequence[Field]) -> dict[str, Any]:
    """Return the values of `fields` that are not absent: what is stored and hashed."""
    given = {field.name: values.get(field.name) for field in fields}
    return {name: value for name, value in given.items() if value not in (None, "", [])}


def create(
    session: Session,
    type_name: str,
    values: Mapping[str, Any],
    *,
    locale: str,
    by: str,
    note: str | None = None,
    source: str | None = None,
    translation_of: UUID | None = None,
    now: datetime | None = None,
) -> Version:
    """Make a new entry with its version 1; raises Invalid, with nothing written.

    Raises MadeAlready where one was made from `source`, in another transaction perhaps; the caller rolls back.
    `now`: the database's clock unless told.
    """
    begin_writing(session)
    declared, locale = types.get(type_name), locales.canonical(locale)
    cleaned = tagging.as_known(session, declared, _checked(session, declared, values), of=None)
    note = checked_note(note)
    now = now or database.clock(session)
    _require_days_over(declared, cleaned, now)
    group = entries.group_for(session, declared.name, locale, translation_of)
    made = Entry(
        id=new_id(),
        type=declared.name,
        locale=locale,
        translation_group=group,
        source=SOURCE.clean(source),
        created_at=now,
        latest=1,
        title=declared.title_of(cleaned),
        saved_at=now,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as error:
        if source is None:
            raise
        raise MadeAlready(source) from error
    return _add(session, made, cleaned, based_on=None, by=by, note=note, now=now)


def save(
    session: Session,
    entry_id: UUID,
    values: Mapping[str, Any],
    *,
    based_on: int,
    by: str,
    choices: Mapping[str, str] | None = None,
    note: str | None = None,
    anew: bool = False,
    as_spelled: bool = False,
    now: datetime | None = None,
) -> Version:
    """Make the next version of an entry from all of its field values.

    `based_on` is the version that the editor started from. Where a newer one exists, the two are merged; `choices`
    settles clashes by their keys. `anew`: the editor knows that it was erased, and starts from nothing. `as_spelled`:
    tags are kept in just the capitals given, where else known ones decide. Raises SaveClash where a clash is left,
    Invalid where a value does not fit, InTrash where the entry lies in the trash, ContentRetracted where erased words
    would come back, and then has written nothing.
    """
    begin_writing(session)
    entry = queued(session, entry_id)
    entries.require_kept(entry)
    if not anew and version(session, entry_id, based_on).erased:
        raise ContentRetracted(based_on, State.ERASED)
    cleaned, note = _checked(session, entry.content_type, values), checked_note(note)
    if not as_spelled:
        cleaned = tagging.as_known(session, entry.content_type, cleaned, of=entry_id)
    if based_on != entry.latest:
        cleaned = _merged(session, entry, cleaned, choices or {}, based_on=based_on)
    _require_not_erased(session, entry, cleaned)
    _require_tree(session, entry, cleaned)
    now = now or database.clock(session)
    _require_days_over(entry.content_type, cleaned, now)
    entry.latest, entry.title, entry.saved_at = entry.latest + 1, entry.content_type.title_of(cleaned), now
    return _add(session, entry, cleaned, based_on=based_on, by=by, note=note, now=now)


def version(session: Session, entry_id: UUID, number: int) -> Version:
    """Return one version; raises NotFound."""
    found = session.get(Version, (entry_id, number)) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound(f"version {number} of entry {entry_id}")
    return found


def latest(session: Session, entry_id: UUID) -> Version:
    """Return the newest version of an entry; raises NotFound."""
    return version(session, entry_id, entries.entry(session, entry_id).latest)


def holds(session: Session, kept: Version, values: Mapping[str, Any]) -> bool:
    """Whether a version holds just what saving `values` would keep; raises Invalid."""
    declared = entries.entry(session, kept.entry_id).content_type
    cleaned = tagging.as_known(session, declared, _checked(session, declared, values), of=kept.entry_id)
    parts = [present(cleaned, fields) for fields in (declared.content, declared.placement)]
    return parts == [kept.content, kept.placement]


def history(session: Session, entry_id: UUID) -> list[Version]:
    """Return every version of an entry, newest first."""
    chosen = select(Version).where(Version.entry_id == entry_id).order_by(Version.number.desc())
    return list(session.scalars(chosen))


def between(session: Session, made: Version) -> list[Version]:
    """Return the versions that a version was merged with: those saved after the one that it was made from, in order."""
    meanwhile = (Version.number > (made.based_on or 0), Version.number < made.number)
    chosen = select(Version).where(Version.entry_id == made.entry_id, *meanwhile)
    return list(session.scalars(chosen.order_by(Version.number)))


def queued(session: Session, entry_id: UUID) -> Entry:
    """Return the entry as the last saver left it; savers of one entry queue here until the caller commits."""
    # SQLite knows no row's lock, and needs none: whoever has begun to write is alone. On PostgreSQL acts may still
    # write lines of the entry meanwhile (key_share), else whoever saves and then acts could wait for them for ever.
    found = session.get(Entry, entry_id, populate_existing=True, with_for_update={"key_share": True})
    if found is None:
        raise NotFound(f"entry {entry_id}")
    return found


def queue(session: Session, ids: Iterable[UUID]) -> None:
    """Queue for many entries at once, in one order, so that two who do so never wait for each other."""
    chosen = select(Entry).where(Entry.id.in_(list(ids))).order_by(Entry.id)
    chosen = chosen.with_for_update(key_share=True).execution_options(populate_existing=True)
    session.scalars(chosen).all()


def _checked(session: Session, declared: types.ContentType, values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = declared.clean(values)
    links = [(field, cleaned[field.name]) for field in declared.fields if isinstance(field, Link | Links)]
    wanted = [(field, _ids(value)) for field, value in links if value]
    known = entries.types_of(session, (one for _, ids in wanted for one in ids)) if wanted else {}
    faults = [
        Fault(f"/{field.source or field.name}", f"{one} is no {field.to}")
        for field, ids in wanted
        for one in ids
        if known.get(one) != field.to
    ]
    if faults:
        raise Invalid(faults)
    return pictures.described(session, declared.fields, cleaned)


def _require_not_erased(session: Session, entry: Entry, values: Values) -> None:
    """Raise ContentRetracted where just these words were erased: nothing brings them back."""
    content = fingerprint(present(values, entry.content_type.content))
    same = (Version.entry_id == entry.id, Version.content_hash == content, Version.content.is_(None))
    number = session.scalar(select(Version.number).where(*same).limit(1))
    if number is not None:
        raise ContentRetracted(number, State.ERASED)


def _require_days_over(declared: types.ContentType, values: Values, now: datetime) -> None:
    """Raise Invalid where a day that must have come has not, wherever on earth it is looked at."""
    today = (now + _EARLIEST_DAY).date().isoformat()
    days = [field.name for field in declared.fields if isinstance(field, Day) and field.over]
    if faults := [Fault(f"/{name}", "is a day to come") for name in days if (values.get(name) or "") > today]:
        raise Invalid(faults)


def _require_tree(session: Session, entry: Entry, values: Values) -> None:
    """Raise Invalid where an entry would come to lie below itself, as the newest versions have it."""
    # A link by another name may lead to the entry itself: a term that is to be seen too.
    up = [field for field in entry.content_type.fields if isinstance(field, Link) and field.facet == "parent"]
    for field in up:
        if values.get(field.name):
            # Each by itself, two who move two topics at once would make a circle of them.
            take_tree_lock(session)
        if str(entry.id) in _line_of(session, field, values.get(field.name)):
            raise Invalid([Fault(f"/{field.name}", f"is this {entry.type} itself, or lies below it")])


def _line_of(session: Session, up: Link, first: str | None) -> dict[str, None]:
    """Return the ids of an entry and of all above it, each once, by the newest versions."""
    met, one = dict[str, None](), first
    while one and one not in met:
        met[one] = None
        # What this session knows of the entry may be older than the lock.
        newest = session.scalar(select(Entry.latest).where(Entry.id == UUID(one)))
        one = version(session, UUID(one), newest).values.get(up.name) if newest else None
    return met


def _ids(value: str | list[str]) -> list[UUID]:
    return [UUID(one) for one in ([value] if isinstance(value, str) else value)]


def _merged(
    session: Session, entry: Entry, mine: dict[str, Any], choices: Mapping[str, str], *, based_on: int
) -> dict[str, Any]:
    fields, latest = entry.content_type.fields, entry.latest
    base, theirs = (_complete(version(session, entry.id, number), fields) for number in (based_on, latest))
    both = merging.merged(fields, base, theirs, mine, choices)
    if both.clashes:
        raise SaveClash(both.clashes, latest=latest)
    # Each side fits by itself; both together may be too long, or link to what is no more.
    return _checked(session, entry.content_type, both.values)


def _complete(kept: Version, fields: Sequence[Field]) -> dict[str, Any]:
    return {field.name: kept.values.get(field.name, field.absent) for field in fields}


def _add(
    session: Session,
    entry: Entry,
    values: Values,
    *,
    based_on: int | None,
    by: str,
    note: str | None,
    now: datetime,
) -> Version:
    declared = entry.content_type
    content, placement = present(values, declared.content), present(values, declared.placement)
    made = Version(
        entry_id=entry.id,
        number=entry.latest,
        based_on=based_on,
        schema=declared.schema,
        content=content,
        placement=placement,
        content_hash=fingerprint(content),
        placement_hash=fingerprint(placement),
        by=by,
        note=note,
        saved_at=now,
    )
    session.add(made)
    session.flush()
    pictures.use(session, entry.id, made.number, declared.fields, made.values)
    citations.keep(session, entry.id, made.number, content)
    bearings.keep(session, entry, made.number, made.values)
    rows.keep(session, entry, content, placement, by)
    return made


def checked_note(note: str | None, name: str = "note") -> str | None:
    """Return a note fit to keep, None where it is empty; raises Invalid, naming it `name`."""
    text = normalised(note).strip() if note else ""
    if refused := refused_character(text):
        raise Invalid([Fault(f"/{name}", f"holds the character {refused}, which may not stand in a text")])
    if len(text) > 2_000:
        raise Invalid([Fault(f"/{name}", "is longer than 2000 characters")])
    return text or None
