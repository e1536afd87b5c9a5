"""Verifying: whether all that is kept is what its hash says, stands as the log says, and is signed by us."""

from collections.abc import Iterator

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from content import rebuild, signatures, signing
from content.damage import BATCH, damaged, holds_bytes
from content.documents import Document
from content.editions import Edition
from content.signatures import Signature, SigningKey
from content.signing import Key, Kind


def begin(session: Session) -> None:
    """Have a session see one moment of the database, whatever is published meanwhile; first of all that it does."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence for each thing that does not fit; writes nothing.

    Where what is kept is damaged, nobody can tell how editions were to stand.
    """
    sound = True
    for sentence in damaged(session):
        sound = False
        yield sentence
    if sound:
        yield from rebuild.differing(session)
    yield from _wrongly_signed(session)
    if key := signing.key_of(session):
        yield from _unsigned(session, key)


def signed(session: Session) -> str:
    """Return what is to be told of signatures where there are no faults."""
    if key := signing.key_of(session):
        return f"all that is public is signed with key {key.id}"
    number = session.scalar(select(func.count()).select_from(Signature))
    if not number:
        return "no key is set: nothing is signed"
    return f"no key is set: {number} signatures fit what they are of, and whether ours are missing nobody can tell"


def _wrongly_signed(session: Session) -> Iterator[str]:
    chosen = select(Signature.jws, SigningKey.id, SigningKey.public, Document.hash, Document.body)
    chosen = chosen.join(SigningKey, SigningKey.id == Signature.key_id)
    chosen = chosen.join(Document, Document.hash == Signature.document_hash)
    chosen = chosen.where(holds_bytes(session, Document.body), holds_bytes(session, SigningKey.public))
    words = select(SigningKey.id).where(not_(holds_bytes(session, SigningKey.public)))
    for key_id in session.scalars(words):
        yield f"key {key_id} is not what it is called"
    for jws, key_id, public, name, body in session.execute(chosen.execution_options(yield_per=BATCH)):
        if body is None:
            yield f"document {name} was erased, and is signed still"
        elif signing.key_id(public) != key_id or not signing.vouches(public, jws, body, Kind.VERSION):
            yield f"document {name} is not what was signed with key {key_id}"


def _unsigned(session: Session, key: Key) -> Iterator[str]:
    """Whoever can write to the database can add a key of their own, and so only the key in the file counts."""
    live = (Edition.until_sequence.is_(None), Edition.struck_by.is_(None))
    lacking = (
        select(func.count()).select_from(Edition).where(*live, ~signatures.by(key, Edition.document_hash))
    )
    if number := session.scalar(lacking):
        yield f"{number} documents that are public are not signed with key {key.id}"
