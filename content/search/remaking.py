"""Remaking: what documents are found by, worked out anew from the documents that were kept, in the order of the log.

Where an upgrade takes words apart in another way, its migration takes the follower `search` away, and all is made anew.
"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from content import followers, types
from content.database import take_act_lock
from content.documents import Document
from content.followers import Follower
from content.log import Line
from content.search import matching, texts
from content.search.texts import Searched, SearchText
from content.search.words import Key, Word

NAME = "search"
BATCH = 500


def make_ready(session: Session) -> int:
    """Work everything out anew where it was last done by other rules, and commit; return how many texts there are then.

    0 where it stands already.
    """
    stands = session.get(Follower, NAME) is not None
    session.rollback()
    if stands:
        return 0
    take_act_lock(session)
    for _ in remake(session):
        pass
    session.commit()
    return session.scalar(select(func.count()).select_from(SearchText)) or 0


def remake(session: Session) -> Iterator[str]:
    """Work everything out anew, and yield a sentence for each kind of it that stood differently before.

    The log's lock must be held.
    """
    stood = _stood(session)
    for table in (SearchText, Word, Key):
        session.execute(delete(table))
    for since, found in _shown(session):
        texts.store(session, found, since)
    matching.refresh(session)
    followers.note(session, NAME)
    for kind, kept in _stood(session).items():
        if kept != stood[kind]:
            yield f"{len(kept ^ stood[kind])} {kind} of the search stood differently"


def _stood(session: Session) -> dict[str, set[Any]]:
    """Return all that search keeps but the databases' own index; of the texts their place and a hash."""
    shown = (SearchText.document_hash, SearchText.since, SearchText.language)
    chosen = select(*shown, SearchText.a, SearchText.b, SearchText.c).order_by(SearchText.id)
    rows = session.execute(chosen.execution_options(yield_per=BATCH))
    return {
        "texts": {hash((place, *row)) for place, row in enumerate(rows)},
        "words": set(session.execute(select(Word.language, Word.word, Word.stem, Word.since))),
        "keys": set(session.execute(select(Key.language, Key.key, Key.word))),
    }


def _shown(session: Session) -> Iterator[tuple[int, dict[str, Searched]]]:
    """Yield each act that first showed documents, with what those that are left are found by."""
    shown = (
        select(Line.document_hash, func.min(Line.sequence).label("since"))
        .group_by(Line.document_hash)
        .subquery()
    )
    chosen = (
        select(shown.c.since, Document.hash, Document.body)
        .join(shown, shown.c.document_hash == Document.hash)
        .where(Document.body.is_not(None))
        .order_by(shown.c.since, Document.hash)
    )
    rows = session.execute(chosen.execution_options(yield_per=BATCH))
    for since, some in groupby(rows, key=lambda row: row.since):
        found = {row.hash: _searched(row.body) for row in some}
        yield since, {kept: one for kept, one in found.items() if one}


def _searched(body: bytes) -> Searched | None:
    document = orjson.loads(body)
    return texts.searched(types.get(document["type"]), document)
