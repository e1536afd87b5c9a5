"""Tokens: how far a copy has come, and under which filters; and cursors, where a walk through its pages stands.

A token never expires. It is signed, so nobody can make one up, and holds the filters, so that a copy is never brought
up to date under others than those that it was made with.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from api import signed
from content.errors import EpochOver
from content.moments import Moment

_TOKEN = struct.Struct(">16sI")  # the log's epoch, the sequence; then the filters as they were asked
_CURSOR = struct.Struct(">16sII16s")  # the log's epoch, the sequence read, the last entry's act and its id
_GRANTS = struct.Struct(">16sI")  # the partner, or nobody, and the sequence whose grants it was read by
MOST = signed.length(_CURSOR.size + _GRANTS.size)  # characters of a cursor
_NOBODY = UUID(int=0)
_PARTNER = ""  # the name of no filter
_QUESTION = b"sync token"


@dataclass(frozen=True)
class Grants:
    """By which right a copy is read: as `partner` (None: without a key), by its grants at a `sequence`."""

    partner: UUID | None
    sequence: int


@dataclass(frozen=True)
class Token:
    """What a copy holds: everything at a sequence under filters, each as it was asked, by some grants."""

    epoch: UUID
    sequence: int
    filters: Mapping[str, str]
    grants: "Grants"


@dataclass(frozen=True)
class Cursor:
    """Where a walk to `sequence` stands: after an entry, and in a walk through changes after that one's last act.

    `grants` are those that it began with.
    """

    epoch: UUID
    sequence: int
    act: int
    entry_id: UUID
    grants: Grants


def written(token: Token, key: bytes) -> str:
    """Return a token as callers carry it."""
    asked = urlencode([*_told(token), *sorted(token.filters.items())]).encode()
    return signed.write(_TOKEN.pack(token.epoch.bytes, token.sequence) + asked, _QUESTION, key)


def read(text: str, key: bytes, moment: Moment) -> Token:
    """Return the token that was written so; raises BadCursor, and EpochOver where its log is not ours any more."""
    packed = signed.read(text, _QUESTION, key)
    epoch, sequence = _TOKEN.unpack_from(packed)
    _require_same_log(epoch, sequence, moment)
    filters = dict(parse_qsl(packed[_TOKEN.size :].decode(), keep_blank_values=True))
    grants = _grants(bytes.fromhex(filters.pop(_PARTNER, "")), sequence)
    return Token(moment.epoch, sequence, filters, grants)


def cursor_written(cursor: Cursor, question: bytes, key: bytes) -> str:
    """Return a cursor as callers carry it."""
    packed = _CURSOR.pack(cursor.epoch.bytes, cursor.sequence, cursor.act, cursor.entry_id.bytes)
    return signed.write(packed + _packed(cursor.grants, cursor.sequence), question, key)


def cursor_read(text: str, question: bytes, key: bytes, moment: Moment) -> Cursor:
    """Return the cursor that was written so; raises as `read` does."""
    packed = signed.read(text, question, key)
    epoch, sequence, act, entry_id = _CURSOR.unpack_from(packed)
    _require_same_log(epoch, sequence, moment)
    return Cursor(
        moment.epoch, sequence, act, UUID(bytes=entry_id), _grants(packed[_CURSOR.size :], sequence)
    )


def _packed(grants: Grants, sequence: int) -> bytes:
    """Return grants as bytes; nothing for those of whoever came without a key and read at their very sequence."""
    if grants == Grants(None, sequence):
        return b""
    return _GRANTS.pack((grants.partner or _NOBODY).bytes, grants.sequence)


def _told(token: Token) -> list[tuple[str, str]]:
    packed = _packed(token.grants, token.sequence)
    return [(_PARTNER, packed.hex())] if packed else []


def _grants(packed: bytes, sequence: int) -> Grants:
    if not packed:
        return Grants(None, sequence)
    partner, granted_at = _GRANTS.unpack(packed)
    return Grants(UUID(bytes=partner) if partner != _NOBODY.bytes else None, granted_at)


def _require_same_log(epoch: bytes, sequence: int, moment: Moment) -> None:
    if UUID(bytes=epoch) != moment.epoch or sequence > moment.sequence:
        raise EpochOver
