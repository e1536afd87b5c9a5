"""Damage: what is kept and is not what its hash says, or is not there; nothing can be remade of that."""

import hashlib
from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import ColumnElement, func, not_, select, true, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from content.documents import Document
from content.entries import Entry
from content.fingerprints import fingerprint
from content.grants import Grant
from content.log import Act, Line
from content.pictures import Rendition
from content.versions import Version

BATCH = 500


def damaged(session: Session) -> Iterator[str]:
    """Yield a sentence for each fault in the log, in versions, documents and pictures."""
    yield from _damaged_acts(session)
    yield from _missing_versions(session)
    yield from _damaged_versions(session)
    yield from _damaged_documents(session)
    yield from _damaged_pictures(session)


def holds_bytes(session: Session, column: InstrumentedAttribute[bytes | None]) -> ColumnElement[bool]:
    """Whether a column of bytes holds some, or nothing: SQLite keeps in any column what it is given, words too."""
    if session.get_bind().dialect.name != "sqlite":
        return true()
    return func.typeof(column).in_(("blob", "null"))


def _damaged_acts(session: Session) -> Iterator[str]:
    expected, before = 1, None
    for sequence, at in session.execute(select(Act.sequence, Act.at).order_by(Act.sequence)):
        if sequence != expected:
            yield f"act {expected} is missing before act {sequence}"
        if before and at < before:
            yield f"act {sequence} took effect before act {sequence - 1}"
        expected, before = sequence + 1, at
    named = union(select(Grant.from_sequence), select(Grant.until_sequence)).subquery().c[0]
    # That the last acts are missing, no other one tells.
    for sequence in session.scalars(select(named).where(named >= expected).order_by(named)):
        yield f"act {sequence}, by which a grant began or ended, is missing"


def _missing_versions(session: Session) -> Iterator[str]:
    numbered = select(Entry.id, Entry.latest, Version.number).outerjoin(Version, Version.entry_id == Entry.id)
    rows = session.execute(numbered.order_by(Entry.id).execution_options(yield_per=BATCH))
    for (entry_id, latest), versions in groupby(rows, key=lambda row: row[:2]):
        there = {number for _, _, number in versions if number}
        for number in range(1, max([latest, *there]) + 1):
            if number not in there:
                yield f"version {number} of entry {entry_id} is missing"


def _damaged_versions(session: Session) -> Iterator[str]:
    chosen = select(Version).order_by(Version.entry_id, Version.number).execution_options(yield_per=BATCH)
    for version in session.scalars(chosen):
        name = f"version {version.number} of entry {version.entry_id}"
        if version.content is None:
            continue
        if fingerprint(version.content) != version.content_hash:
            yield f"the content of {name} is not what its hash says"
        if fingerprint(version.placement) != version.placement_hash:
            yield f"the placement of {name} is not what its hash says"


def _damaged_documents(session: Session) -> Iterator[str]:
    named = select(Document.hash, Document.entry_id, Document.version)
    kept = {name: version for name, *version in session.execute(named)}
    readable = holds_bytes(session, Document.card) & holds_bytes(session, Document.body)
    words = session.scalars(select(Document.hash).where(not_(readable)))
    whole = session.scalars(select(Document).where(readable).execution_options(yield_per=BATCH))
    for name in (*words, *(document.hash for document in whole if not document.is_whole)):
        yield f"document {name} is not what its hash says"
    shown = select(Line.sequence, Line.document_hash, Line.entry_id, Line.version)
    shown = shown.where(Line.document_hash.is_not(None)).order_by(Line.sequence)
    for sequence, wanted, *version in session.execute(shown):
        if wanted not in kept:
            yield f"document {wanted}, which act {sequence} shows, is missing"
        elif kept[wanted] != version:
            yield f"document {wanted} is not of the version that act {sequence} shows"


def _damaged_pictures(session: Session) -> Iterator[str]:
    readable = holds_bytes(session, Rendition.body)
    for known in session.scalars(select(Rendition.hash).where(not_(readable))):
        yield f"picture {known} is not what its hash says"
    kept = select(Rendition.hash, Rendition.body).where(Rendition.body.is_not(None), readable)
    for known, body in session.execute(kept.execution_options(yield_per=20)):
        if body and hashlib.sha256(body).hexdigest() != known:
            yield f"picture {known} is not what its hash says"
