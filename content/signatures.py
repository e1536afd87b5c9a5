"""Signatures: of which versions the public bytes were signed, and with which keys.

A document is signed when it is rendered, before the act that shows it, and kept with it. So a database that somebody
else wrote to shows: they may make new hashes, and no signature. Nothing is signed when it is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, String, Text, delete, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from content import database, signing
from content.database import Base, insert_all
from content.errors import NotFound
from content.prepared import any_of
from content.signing import Key, Kind


class SigningKey(Base):
    """The public half of a key that something was signed with; `id` is its thumbprint (RFC 7638)."""

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(String(43), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    first_used_at: Mapped[datetime]


class Signature(Base):
    """The signature of a document's `body` with one key, as a JWS without its payload (see `signing`)."""

    __tablename__ = "signature"

    document_hash: Mapped[str] = mapped_column(ForeignKey("document.hash"), primary_key=True)
    key_id: Mapped[str] = mapped_column(ForeignKey("signing_key.id"), primary_key=True)
    jws: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Signed:
    """A signature before it is stored."""

    key: Key
    jws: str


def signed(body: bytes, key: Key | None) -> Signed | None:
    """Return the signature of a document's bytes; None where there is no key."""
    return Signed(key, key.sign(body, Kind.VERSION)) if key else None


def store(session: Session, made: Mapping[str, Signed]) -> int:
    """Keep signatures by the hash of their document, which is kept; return how many there had not been before.

    Whoever stores holds the log's lock.
    """
    if not made:
        return 0
    for key in {one.key.id: one.key for one in made.values()}.values():
        _introduce(session, key)
    known = select(Signature.document_hash, Signature.key_id).where(
        any_of(session, Signature.document_hash, made)
    )
    there = {(hash_, key_id) for hash_, key_id in session.execute(known)}
    fresh = [
        {"document_hash": hash_, "key_id": one.key.id, "jws": one.jws}
        for hash_, one in made.items()
        if (hash_, one.key.id) not in there
    ]
    insert_all(session, Signature, fresh)
    return len(fresh)


def _introduce(session: Session, key: Key) -> None:
    """Keep the public half of a key that comes into use."""
    if session.get(SigningKey, key.id) is None:
        now = database.clock(session)
        session.add(SigningKey(id=key.id, public=key.public, first_used_at=now))
        session.flush()


def keys(session: Session) -> list[bytes]:
    """Return the public halves of all keys: the one that is signed with now, then those of before, newest first."""
    chosen = select(SigningKey.public).order_by(SigningKey.first_used_at.desc(), SigningKey.id)
    now = signing.key_of(session)
    return list(dict.fromkeys([*([now.public] if now else []), *session.scalars(chosen)]))


def of_document(session: Session, document_hash: str) -> list[Signature]:
    """Return the signatures of a document, those of the newest keys first."""
    chosen = select(Signature).join(SigningKey, SigningKey.id == Signature.key_id)
    newest = (SigningKey.first_used_at.desc(), SigningKey.id)
    return list(session.scalars(chosen.where(Signature.document_hash == document_hash).order_by(*newest)))


def by(key: Key, document_hash: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether the document of a hash is signed with a key."""
    return (
        select(Signature.key_id)
        .where(Signature.document_hash == document_hash, Signature.key_id == key.id)
        .exists()
    )


def forget(session: Session, key_id: str) -> int:
    """Forget a key that somebody else may have, with its signatures; return how many those were. Raises NotFound."""
    database.begin_writing(session)
    if session.get(SigningKey, key_id) is None:
        raise NotFound(f"signing key {key_id}")
    made = delete(Signature).where(Signature.key_id == key_id).returning(Signature.document_hash)
    gone = session.scalars(made).all()
    session.execute(delete(SigningKey).where(SigningKey.id == key_id))
    return len(gone)


def erase(session: Session, hashes: Sequence[str]) -> None:
    """Destroy the signatures of documents that are erased: nobody needs to prove what words were that are gone."""
    session.execute(delete(Signature).where(Signature.document_hash.in_(hashes)))
