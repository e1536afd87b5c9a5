"""Paging: a cursor holds the sequence that its list is read at and where the last page ended, signed with its question.

So a walk never skips or repeats, whatever is published meanwhile, and nobody can make up a cursor or carry it to
another list.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from api import signed
from content.corpus import Item, Place
from content.errors import EpochOver
from content.moments import Moment

_LAYOUT = struct.Struct(
    ">16sIq16s"
)  # the log's epoch, the sequence, microseconds since 1970, the last entry's id
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
    since = (cursor.place.sort_at - _START) // _MICROSECOND
    packed = _LAYOUT.pack(cursor.epoch.bytes, cursor.sequence, since, cursor.place.entry_id.bytes)
    return signed.write(packed, question, key)


def read(text: str, question: bytes, key: bytes, moment: Moment) -> Cursor:
    """Return the cursor that was written so; raises BadCursor, and EpochOver where its log is not ours any more."""
    epoch, sequence, since, entry_id = _LAYOUT.unpack(signed.read(text, question, key))
    if UUID(bytes=epoch) != moment.epoch or sequence > moment.sequence:
        raise EpochOver
    place = Place(_START + since * _MICROSECOND, UUID(bytes=entry_id))
    return Cursor(moment.epoch, sequence, place)


def after(item: Item, *, epoch: UUID, sequence: int) -> Cursor:
    """Return the cursor that goes on after `item`."""
    return Cursor(epoch, sequence, Place(item.edition.sort_at, item.edition.entry_id))


def link(path: str, asked: Mapping[str, str], **changed: object) -> str:
    """Return a path with the parameters asked, some of them changed."""
    return f"{path}?{urlencode({**asked, **changed})}"


def listing(data: list[Any], limit: int, following: str | None, total: int | None = None) -> dict[str, Any]:
    """Return a list in the form that every list has."""
    return {"data": data, "page": {"limit": limit, "next": following, "total": total}}
