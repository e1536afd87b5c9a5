"""Keys: what a partner's machines prove with who they are; each is shown once, and only its hash is kept.

A key is 160 random bits between a prefix, by which it is known wherever one is found, and a checksum, by which one
that was mistyped is refused without a question to the database.
"""

import hashlib
import re
import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zlib import crc32

from sqlalchemy import ColumnElement, Date, ForeignKey, String, Text, and_, case, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, keyring, partners
from content.database import Base, CanonicalJSON, begin_writing, new_id
from content.errors import Fault, Invalid, KeyRefused, NotFound
from content.fields import Line
from content.partners import Partner

PREFIX = "verso_"
MOST_WORKING = 2  # one that is used, and the one that is to follow it
OVERLAP, LONGEST_OVERLAP = timedelta(days=7), timedelta(days=90)  # for which both work
SHOWN = len(PREFIX) + 4  # characters of a key that stay readable, to tell it from another
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_RANDOM_BYTES = 20
_RANDOM, _CHECK = 27, 6  # digits to the base of 62 that 160 and 32 bits take
PURPOSE = Line(name="purpose", label="What it is for", required=True)
WHY = Line(name="why", label="Why", required=True)


class Scope(StrEnum):
    """What a key opens: single reads, lists and searches; or what keeps a whole copy."""

    READ = "read"
    SYNC = "sync"


class Key(Base):
    """One key of a partner. `start` is what of it may be shown; `last_used_on` is a day, in UTC, and no more."""

    __tablename__ = "key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("partner.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(200))
    start: Mapped[str] = mapped_column(String(20))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(CanonicalJSON)
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[datetime | None]
    last_used_on: Mapped[date | None] = mapped_column(Date)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(100))
    revoked_why: Mapped[str | None] = mapped_column(Text)

    def works(self, now: datetime) -> bool:
        """Whether it opens anything at `now`."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True)
class Bearer:
    """Who bears a key that works: the partner, and what the key opens until when (None: until it is revoked).

    `quota` is how many reads a minute all keys of the partner may ask for together; None: as many as anybody.
    """

    key_id: UUID
    partner_id: UUID
    scopes: frozenset[str]
    expires_at: datetime | None
    last_used_on: date | None
    quota: int | None


def make(
    session: Session,
    partner_id: UUID,
    *,
    purpose: str,
    by: str,
    scopes: Collection[str] = tuple(Scope),
    expires_at: datetime | None = None,
    now: datetime | None = None,
    key_id: UUID | None = None,
) -> tuple[Key, str]:
    """Make a key; return it as it is to be shown, once, with its row.

    Raises NotFound, and Invalid where a value does not fit, as many keys work as may, or the one of that id was made.
    """
    begin_writing(session)
    now = now or database.clock(session)
    partners.locked(session, partner_id)
    if key_id and session.get(Key, key_id):
        raise Invalid(
            [Fault("/key", "was made already and is shown only once; revoke it where nobody has it")]
        )
    _check(session, partner_id, scopes, expires_at, now)
    text = written(secrets.token_bytes(_RANDOM_BYTES))
    made = Key(
        id=key_id or new_id(),
        partner_id=partner_id,
        purpose=PURPOSE.clean(purpose),
        start=text[:SHOWN],
        hash=_hash(text),
        scopes=sorted(scopes),
        made_at=now,
        made_by=by,
        expires_at=expires_at,
    )
    session.add(made)
    session.flush()
    return made, text


def _check(
    session: Session, partner_id: UUID, scopes: Collection[str], expires_at: datetime | None, now: datetime
) -> None:
    faults = [Fault("/scopes", f"has no scope {one}") for one in scopes if one not in list(Scope)]
    if not scopes:
        faults.append(Fault("/scopes", "is required"))
    if expires_at is not None and expires_at <= now:
        faults.append(Fault("/expires_at", "is not to come"))
    if len(working(session, partner_id, now=now)) >= MOST_WORKING:
        faults.append(Fault("/key", f"is one too many: {MOST_WORKING} work already; revoke one first"))
    if faults:
        raise Invalid(faults)


def rotate(
    session: Session, key_id: UUID, *, overlap: timedelta, by: str, now: datetime | None = None
) -> tuple[Key, str]:
    """Make the key that is to follow another, for the same and no longer; the old one works for an `overlap` more.

    Raises NotFound, and Invalid where that works no more, or another follows it already.
    """
    now, kept = now or database.clock(session), _held(session, key_id)
    if not kept.works(now):
        raise Invalid([Fault("/key", "does not work any more, so nothing follows it")])
    if not timedelta() < overlap <= LONGEST_OVERLAP:
        raise Invalid([Fault("/days", f"is not between 1 and {LONGEST_OVERLAP.days}")])
    made = make(
        session,
        kept.partner_id,
        purpose=kept.purpose,
        by=by,
        scopes=kept.scopes,
        expires_at=kept.expires_at,
        now=now,
    )
    kept.expires_at = min(filter(None, (kept.expires_at, now + overlap)))
    keyring.turn(session)
    session.flush()
    return made


def revoke(session: Session, key_id: UUID, *, why: str, by: str, now: datetime | None = None) -> Key:
    """End a key now, for a reason that stays inside; one that was revoked before stays as it is.

    Raises NotFound, Invalid.
    """
    given, kept = WHY.clean(why), _held(session, key_id)
    if kept.revoked_at is None:
        kept.revoked_at, kept.revoked_by, kept.revoked_why = now or database.clock(session), by, given
        keyring.turn(session)
    session.flush()
    return kept


def _held(session: Session, key_id: UUID) -> Key:
    """Return a key of whose partner nobody else changes a key until this transaction ends; raises NotFound."""
    partners.locked(session, key(session, key_id).partner_id)
    return key(session, key_id)


def key(session: Session, key_id: UUID) -> Key:
    """Return one key's row, whether it works still or not; raises NotFound."""
    kept = session.get(Key, key_id, populate_existing=True)
    if kept is None:
        raise NotFound(f"key {key_id}")
    return kept


def keys(session: Session, partner_id: UUID) -> list[Key]:
    """Return all keys that a partner ever had, newest first."""
    chosen = select(Key).where(Key.partner_id == partner_id)
    return list(session.scalars(chosen.order_by(Key.made_at.desc(), Key.id.desc())))


def some_keys(session: Session, partner_id: UUID, *, now: datetime, limit: int, offset: int = 0) -> list[Key]:
    """Return at most `limit` of the same, after so many: what works at `now` comes before what does not."""
    working_first = (case((and_(*_works(now)), 0), else_=1), Key.made_at.desc(), Key.id.desc())
    chosen = select(Key).where(Key.partner_id == partner_id).order_by(*working_first)
    return list(session.scalars(chosen.limit(limit).offset(offset)))


def working(session: Session, partner_id: UUID, *, now: datetime) -> list[Key]:
    """Return the keys of a partner that open something at `now`, newest first."""
    chosen = select(Key).where(Key.partner_id == partner_id, *_works(now))
    return list(session.scalars(chosen.order_by(Key.made_at.desc(), Key.id.desc())))


def _works(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Key.revoked_at.is_(None), or_(Key.expires_at.is_(None), Key.expires_at > now)


def bearer(session: Session, text: str, *, now: datetime) -> Bearer:
    """Return who bears a key; raises KeyRefused where it is none of ours, has expired or was revoked."""
    if not is_written_well(text):
        raise KeyRefused("It is no key of ours")
    chosen = select(Key, Partner.quota).join(Partner, Partner.id == Key.partner_id)
    row = session.execute(chosen.where(Key.hash == _hash(text))).first()
    if row is None:
        raise KeyRefused("It is no key of ours")
    kept, quota = row
    if not kept.works(now):
        raise KeyRefused("It was revoked" if kept.revoked_at else "It has expired")
    scopes = frozenset(kept.scopes)
    return Bearer(kept.id, kept.partner_id, scopes, kept.expires_at, kept.last_used_on, quota)


def written(random: bytes) -> str:
    """Return a key as it is borne: the prefix, 160 random bits, and the CRC-32 of both."""
    start = PREFIX + _digits(int.from_bytes(random), _RANDOM)
    return start + _digits(crc32(start.encode()), _CHECK)


def held_in(text: str) -> bool:
    """Whether a text holds what could be a key, whatever stands around it."""
    length = len(PREFIX) + _RANDOM + _CHECK
    return any(is_written_well(text[one.start() :][:length]) for one in re.finditer(PREFIX, text))


def is_written_well(text: str) -> bool:
    """Whether a text could be a key: it has the prefix, the length and the checksum of one."""
    start, check = text[:-_CHECK], text[-_CHECK:]
    if not text.startswith(PREFIX) or len(text) != len(PREFIX) + _RANDOM + _CHECK:
        return False
    return text.isascii() and check == _digits(crc32(start.encode()), _CHECK)


def _digits(number: int, most: int) -> str:
    told = []
    for _ in range(most):
        number, digit = divmod(number, len(_ALPHABET))
        told.append(_ALPHABET[digit])
    return "".join(reversed(told))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Uses:
    """On which day each key was used, remembered while requests are answered and written down by somebody else."""

    def __init__(self) -> None:
        self._days: dict[UUID, date] = {}
        self._unwritten: dict[UUID, date] = {}
        self._changing = threading.Lock()

    def note(self, borne: Bearer, day: date) -> None:
        """Remember that a key was used on a day; nothing where that is known."""
        if borne.last_used_on != day and self._days.get(borne.key_id) != day:
            with self._changing:
                self._days[borne.key_id] = self._unwritten[borne.key_id] = day

    def write(self, session: Session) -> None:
        """Write down and commit what was remembered; a day never gives way to one before it.

        What could not be written is written the next time.
        """
        with self._changing:
            taken, self._unwritten = self._unwritten, {}
        try:
            for key_id, day in taken.items():
                begin_writing(session)
                earlier = or_(Key.last_used_on.is_(None), Key.last_used_on < day)
                session.execute(update(Key).where(Key.id == key_id, earlier).values(last_used_on=day))
            session.commit()
        except SQLAlchemyError:
            with self._changing:
                self._unwritten = taken | self._unwritten
            raise


def count_working(session: Session, *, now: datetime) -> dict[UUID, int]:
    """Return how many keys of each partner work at `now`; partners without one are left out."""
    chosen = select(Key.partner_id, func.count()).where(*_works(now)).group_by(Key.partner_id)
    return dict(session.execute(chosen).all())
