"""Paging: a cursor holds the sequence that its list is read at and where the last page ended, signed with its question.

So a walk never skips or repeats, whatever is published meanwhile, and nobody can make up a cursor or carry it to
another list.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from api import signed
from content.errors import EpochOver
from content.moments import Moment
from content.orders import Key, Place

# The log's epoch, the sequence, the last entry's id; its key in the order of the list follows.
_LAYOUT = struct.Struct(">16sI16s")
_MICROSECONDS = struct.Struct(">q")  # since 1970
_NUMBER = struct.Struct(">i")
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# What may differ from page to page of one walk.
_FREE = frozenset({"cursor", "limit", "total"})


@dataclass(frozen=True)
class Cursor:
    """Where a walk stands: the sequence that it reads, and the last entry that it saw."""

    epoch: UUID
    sequence: int
    place: Place


def question(path: str, asked: Mapping[str, str]) -> bytes:
    """Return what a cursor belongs to: a list and every parameter that decides what is in it."""
    return urlencode([("", path), *sorted((name, asked[name]) for name in asked.keys() - _FREE)]).encode()


def written(cursor: Cursor, question: bytes, key: bytes) -> str:
    """Return a cursor as readers carry it."""
    place = cursor.place
    packed = _LAYOUT.pack(cursor.epoch.bytes, cursor.sequence, place.entry_id.bytes)
    return signed.write(packed + _packed(place.key), question, key)


def read(text: str, question: bytes, key: bytes, moment: Moment) -> Cursor:
    """Return the cursor that was written so; raises BadCursor, and EpochOver where its log is not ours any more."""
    payload = signed.read(text, question, key)
    epoch, sequence, entry_id = _LAYOUT.unpack_from(payload)
    if UUID(bytes=epoch) != moment.epoch or sequence > moment.sequence:
        raise EpochOver
    place = Place(_unpacked(payload[_LAYOUT.size :]), UUID(bytes=entry_id))
    return Cursor(moment.epoch, sequence, place)


def _packed(key: Key) -> bytes:
    if isinstance(key, datetime):
        return b"i" + _MICROSECONDS.pack((key - _START) // _MICROSECOND)
    if isinstance(key, date):
        return b"d" + _NUMBER.pack(key.toordinal())
    return b"n" + _NUMBER.pack(key) if isinstance(key, int) else b"t" + key.encode()


def _unpacked(packed: bytes) -> Key:
    kind, rest = packed[:1], packed[1:]
    if kind == b"i":
        return _START + int(_MICROSECONDS.unpack(rest)[0]) * _MICROSECOND
    if kind == b"d":
        return date.fromordinal(_NUMBER.unpack(rest)[0])
    return int(_NUMBER.unpack(rest)[0]) if kind == b"n" else rest.decode()


def link(path: str, asked: Mapping[str, str], **changed: object) -> str:
    """Return a path with the parameters asked, some of them changed."""
    return f"{path}?{urlencode({**asked, **changed})}"


def listing(data: list[Any], limit: int, following: str | None, total: int | None = None) -> dict[str, Any]:
    """Return a list in the form that every list has."""
    return {"data": data, "page": {"limit": limit, "next": following, "total": total}}
