"""Paging: a cursor holds the sequence that its list is read at and where the last page ended, signed with its question.

So a walk never skips or repeats, whatever is published meanwhile, and nobody can make up a cursor or carry it to
another list.
"""

import hashlib
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from content.corpus import Item, Place
from content.errors import EpochOver
from content.moments import Moment

_LAYOUT = struct.Struct(
    ">16sIq16s"
)  # the log's epoch, the sequence, microseconds since 1970, the last entry's id
_SIGNATURE = 16  # bytes
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# What may differ from page to page of one walk.
_FREE = frozenset({"cursor", "limit", "total"})


class BadCursor(Exception):
    """Not a cursor of ours, or one of another list or of other parameters."""


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
    since = (cursor.place.sort_at - _START) // _MICROSECOND
    packed = _LAYOUT.pack(cursor.epoch.bytes, cursor.sequence, since, cursor.place.entry_id.bytes)
    return urlsafe_b64encode(packed + _signature(packed, question, key)).decode().rstrip("=")


def read(text: str, question: bytes, key: bytes, moment: Moment) -> Cursor:
    """Return the cursor that was written so; raises BadCursor, and EpochOver where its log is not ours any more."""
    packed = _unpacked(text, question, key)
    epoch, sequence, since, entry_id = _LAYOUT.unpack(packed)
    if UUID(bytes=epoch) != moment.epoch or sequence > moment.sequence:
        raise EpochOver
    place = Place(_START + since * _MICROSECOND, UUID(bytes=entry_id))
    return Cursor(moment.epoch, sequence, place)


def _unpacked(text: str, question: bytes, key: bytes) -> bytes:
    try:
        raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise BadCursor from error
    packed, signature = raw[: _LAYOUT.size], raw[_LAYOUT.size :]
    # Base64 has several writings for some bytes, and skips what it does not know; only ours counts.
    genuine = urlsafe_b64encode(raw).decode().rstrip("=") == text
    if not genuine or not hmac.compare_digest(signature, _signature(packed, question, key)):
        raise BadCursor
    return packed


def _signature(packed: bytes, question: bytes, key: bytes) -> bytes:
    return hmac.new(key, b"cursor\0" + packed + question, hashlib.sha256).digest()[:_SIGNATURE]


def after(item: Item, *, epoch: UUID, sequence: int) -> Cursor:
    """Return the cursor that goes on after `item`."""
    return Cursor(epoch, sequence, Place(item.edition.sort_at, item.edition.entry_id))


def link(path: str, asked: Mapping[str, str], **changed: object) -> str:
    """Return a path with the parameters asked, some of them changed."""
    return f"{path}?{urlencode({**asked, **changed})}"


def listing(data: list[Any], limit: int, following: str | None, total: int | None = None) -> dict[str, Any]:
    """Return a list in the form that every list has."""
    return {"data": data, "page": {"limit": limit, "next": following, "total": total}}
