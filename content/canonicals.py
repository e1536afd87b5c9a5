"""Canonicals: where the texts that are public stand on the organisation's own site."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from content import locales, types
from content.documents import Document
from content.editions import Edition, live_at
from content.errors import Invalid, NotFound
from content.partners import Reach
from content.reach import within

NOBODYS = "text whose page is at that address"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


class Bearer(NamedTuple):
    """A text that has its own page."""

    type: str
    entry_id: UUID


def bearer(session: Session, address: str, *, at: int, reach: Sequence[Reach], locale: str) -> Bearer:
    """Return the public text whose own page is at `address`, else the one that had it there last; raises NotFound.

    Found by the slug that the address ends with, in `locale` or in a language that the address names: no index knows
    addresses, and a page whose address holds no slug of its text is not found. Of what had its page there, what is
    within reach comes first; whether the reader may know of any other is for the read of it to say.
    """
    parts = [unquote(part) for part in _parts(address).path.split("/") if part]
    slug = parts[-1].partition(".")[0] if parts else ""
    spoken = [locale, *_languages(parts)]
    if not _SLUG.fullmatch(slug):
        raise NotFound(NOBODYS)
    chosen = select(Edition.type, Edition.entry_id, Document.card)
    chosen = chosen.join(Document, Document.hash == Edition.document_hash)
    named = chosen.where(Edition.locale.in_(spoken), Edition.slug == slug)
    if found := list(_at(session, named.where(*_texts(session, at, reach)), address)):
        return min(found)
    readable = case((within(session, reach, at), 1), else_=0)
    had = named.where(_is_text(), Edition.from_sequence <= at)
    newest = (readable.desc(), Edition.from_sequence.desc())
    if last := next(_at(session, had.order_by(*newest), address), None):
        return last
    raise NotFound(NOBODYS)


def _at(session: Session, chosen: Select[str, UUID, bytes | None], address: str) -> Iterator[Bearer]:
    """Yield those of which the card says that their page is at `address`."""
    for name, entry_id, card in session.execute(chosen):
        if _is_at(_canonical(card), address):
            yield Bearer(name, entry_id)


def _is_at(canonical: str | None, address: str) -> bool:
    """Whether an address, as somebody copies it, is that of a page: its scheme, a last `/` and a mark do not matter.

    What a query asks for matters only where the page's own address has one.
    """
    page, given = _parts(canonical or ""), _parts(address)
    same = (page.netloc.lower(), page.path.rstrip("/")) == (given.netloc.lower(), given.path.rstrip("/"))
    return bool(canonical) and same and page.query in ("", given.query)


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:  # of what is no address at all
        return urlsplit("")


def _languages(parts: Sequence[str]) -> Iterator[str]:
    for part in parts:
        try:
            yield locales.canonical(part)
        except Invalid:
            continue


def count(session: Session, *, at: int, reach: Sequence[Reach]) -> int:
    """Return how many texts are public at `at`, with such an address or without."""
    chosen = select(func.count()).select_from(Edition).where(*_texts(session, at, reach))
    return session.scalar(chosen) or 0


def part(
    session: Session, *, at: int, reach: Sequence[Reach], skipped: int, limit: int
) -> dict[str, datetime]:
    """Return the addresses of at most `limit` texts, after so many, each with its last change beyond a typo.

    In the order in which the entries were made.
    """
    chosen = select(Document.card, Edition.updated_at).join(Document, Document.hash == Edition.document_hash)
    chosen = chosen.where(*_texts(session, at, reach)).order_by(Edition.entry_id)
    rows = session.execute(chosen.offset(skipped).limit(limit))
    found: dict[str, datetime] = {}
    for card, updated_at in rows:
        if address := _canonical(card):
            found[address] = max(updated_at, found.get(address, updated_at))
    return found


def _texts(session: Session, at: int, reach: Sequence[Reach]) -> Sequence[ColumnElement[bool]]:
    readable = within(session, reach, at)
    return _is_text(), live_at(at), Edition.struck_by.is_(None), readable


def _is_text() -> ColumnElement[bool]:
    return Edition.type.in_([declared.name for declared in types.everyone() if declared.health])


def _canonical(card: bytes | None) -> str | None:
    told: dict[str, Any] = orjson.loads(card) if card else {}
    address: str | None = told.get("urls", {}).get("canonical")
    return address
