"""Documents: a version's public form, rendered once and kept as bytes under their hash.

A document holds what the version itself says and bare ids of other entries; what only the log knows (dates of
publication, the review, the change) stands in the edition and is joined when it is served.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ForeignKeyConstraint, LargeBinary, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import database, editions, entries, signatures, signing
from content.database import Base
from content.editions import Listed
from content.entries import Entry
from content.prepared import any_of
from content.search import erasing, texts
from content.search.texts import Searched
from content.signatures import Signed
from content.signing import Key
from content.types import ContentType
from content.versions import Version

RENDERER = "verso-1"
API = "/api/v1"


class Document(Base):
    """The bytes of one rendering: `body` is the whole document as JSON, `card` what a list shows of it.

    `hash` is the SHA-256 of renderer, card and body, parted by NUL. Erasure empties card and body; the hash stays.
    """

    __tablename__ = "document"
    __table_args__ = (ForeignKeyConstraint(["entry_id", "version"], ["version.entry_id", "version.number"]),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    renderer: Mapped[str] = mapped_column(String(40))
    entry_id: Mapped[UUID] = mapped_column(index=True)
    version: Mapped[int]
    card: Mapped[bytes | None] = mapped_column(LargeBinary)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)

    @property
    def is_whole(self) -> bool:
        """Whether it is what its hash says; nobody can tell it of an erased one."""
        if self.card is None or self.body is None:
            return True
        return digest(self.renderer, self.card, self.body) == self.hash


@dataclass(frozen=True)
class Rendering:
    """A document before it is stored, what it will be found and listed by, and its signature where it was signed."""

    hash: str
    entry_id: UUID
    version: int
    card: bytes
    body: bytes
    renderer: str
    searched: Searched | None
    signed: Signed | None
    listed: Listed


def render(entry: Entry, version: Version, key: Key | None = None) -> Rendering:
    """Render a version's public form, and sign it with `key`; equal versions give equal bytes."""
    public = document(entry, version)
    body, card = orjson.dumps(public), orjson.dumps(pick(public, entry.content_type.card))
    found_by = texts.searched(entry.content_type, public)
    kept_under, signed = digest(RENDERER, card, body), signatures.signed(body, key)
    shown = editions.listed(entry, version)
    return Rendering(kept_under, entry.id, version.number, card, body, RENDERER, found_by, signed, shown)


def rendered(session: Session, version: Version) -> Rendering:
    """Render a kept version, signed with what is signed with here."""
    return render(entries.entry(session, version.entry_id), version, signing.key_of(session))


def document(entry: Entry, version: Version) -> dict[str, Any]:
    """Return a version's public form as plain JSON, the keys in the order in which people read them."""
    declared, values = entry.content_type, version.values
    slug = values.get("slug")
    public: dict[str, Any] = {
        "type": declared.name,
        "id": str(entry.id),
        "slug": slug,
        "locale": entry.locale,
        "version": version.number,
    }
    for field in declared.fields:
        for path, part in field.parts(values).items():
            _put(public, path, part)
    public.setdefault("dates", {})
    public["urls"] = {**addresses(declared, entry.id, version.number), **public.pop("urls", {})}
    public["integrity"] = {"content_hash": version.content_hash}
    return public


def addresses(declared: ContentType, entry_id: UUID, number: int) -> dict[str, str]:
    """Return the paths of an entry: itself, this version, all versions. They are by id, which no move changes."""
    self = f"{API}/{declared.plural}/{entry_id}"
    return {"self": self, "this_version": f"{self}/versions/{number}", "versions": f"{self}/versions"}


def digest(renderer: str, card: bytes, body: bytes) -> str:
    """Return the hash that a document is kept under."""
    return hashlib.sha256(b"\0".join((renderer.encode(), card, body))).hexdigest()


def pick(document: Mapping[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    """Return the parts of a document at the dotted `paths`, in their order; a path that is not there is left out."""
    picked: dict[str, Any] = {}
    for path in paths:
        head, _, rest = path.partition(".")
        if head in document and rest:
            picked.setdefault(head, {}).update(pick(document[head] or {}, [rest]))
        elif head in document:
            picked[head] = document[head]
    return picked


def _put(document: dict[str, Any], path: str, part: Any) -> None:
    head, _, rest = path.partition(".")
    if rest:
        _put(document.setdefault(head, {}), rest, part)
    elif isinstance(part, dict) and head in document:
        # Several fields may show parts of one object, like an answer and its short form.
        document[head] |= part
    else:
        document[head] = part


def store(session: Session, renderings: Sequence[Rendering], sequence: int) -> None:
    """Keep documents, what they are found by, first shown at `sequence`, and their signatures.

    One that is there already is left so.
    """
    if not renderings:
        return
    by_hash = {rendering.hash: rendering for rendering in renderings}
    # Documents are stored under the log's lock, so nobody stores the same one meanwhile.
    known = set(session.scalars(select(Document.hash).where(any_of(session, Document.hash, by_hash))))
    fresh = [rendering for kept, rendering in by_hash.items() if kept not in known]
    if fresh:
        session.execute(insert(Document), [columns(one) for one in fresh])
        texts.store(session, {one.hash: one.searched for one in fresh if one.searched}, sequence)
    signatures.store(session, {one.hash: one.signed for one in by_hash.values() if one.signed})


def columns(rendering: Rendering) -> dict[str, Any]:
    """Return the row that keeps a rendering."""
    return {column.name: getattr(rendering, column.name) for column in Document.__table__.columns}


def sign(session: Session, key: Key, *, most: int) -> int:
    """Sign at most so many documents that are not signed with `key` yet; commits, and returns how many those were.

    Whether they are what their hashes say must be known.
    """
    database.take_act_lock(session)
    chosen = select(Document.hash, Document.body).where(
        Document.body.is_not(None), ~signatures.by(key, Document.hash)
    )
    found = session.execute(chosen.limit(most)).all()
    made = {kept_under: signatures.signed(body or b"", key) for kept_under, body in found}
    signatures.store(session, {kept_under: one for kept_under, one in made.items() if one})
    session.commit()
    return len(found)


def erase(session: Session, entry_id: UUID, numbers: Sequence[int]) -> None:
    """Empty the documents of these versions; their hashes stay."""
    chosen = select(Document).where(Document.entry_id == entry_id, Document.version.in_(numbers))
    emptied = session.scalars(chosen).all()
    for kept in emptied:
        kept.card = kept.body = None
    session.flush()
    erasing.erase(session, [kept.hash for kept in emptied])
    signatures.erase(session, [kept.hash for kept in emptied])
