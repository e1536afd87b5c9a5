"""Erasing: the words of a text destroyed with it, wherever search keeps them."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content.search import matching, words
from content.search.texts import SearchText


def erase(session: Session, hashes: Iterable[str]) -> None:
    """Destroy what these documents are found by, and every word that no other text has."""
    columns = (SearchText.id, SearchText.language, SearchText.since, SearchText.a, SearchText.b, SearchText.c)
    erased = session.execute(select(*columns).where(SearchText.document_hash.in_(list(hashes)))).all()
    if not erased:
        return
    session.execute(delete(SearchText).where(SearchText.id.in_([row.id for row in erased])))
    for row in erased:
        said = set(f"{row.a}{row.b}{row.c}".split())
        for word in words.introduced(session, row.language, said, row.since):
            _forget_or_date(session, row.language, word)
    matching.sweep(session)


def _forget_or_date(session: Session, language: str, word: str) -> None:
    """Let a word begin with the first text that still has it, or take it away."""
    holding = matching.holding(session, [[word]], None)
    chosen = select(SearchText.since).where(*holding.conditions, SearchText.language == language)
    first = session.scalar(chosen.order_by(holding.oldest_first).limit(1))
    if first is None:
        words.forget(session, language, word)
    else:
        words.date(session, language, word, first)
