"""Matching: which texts hold given words, asked of the index that each database has: FTS5 on SQLite, GIN on PostgreSQL.

A question to it is a list of groups of words, or of beginnings of words: a text must hold one of each.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, column, literal, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from content.search.texts import SearchText

Groups = Sequence[Collection[str]]
_ANY_END = "*"
# Filled by triggers on `search_text`; the migration makes it.
_FTS5 = table("search_index", column("rowid", Integer), column("search_index"))


@dataclass(frozen=True)
class Holding:
    """The texts that hold what was asked, as conditions on `SearchText`, and their order by the log."""

    conditions: tuple[ColumnElement[bool], ...]
    newest_first: ColumnElement[Any]
    oldest_first: ColumnElement[Any]


def beginning(word: str) -> str:
    """Return what stands in a group for every word that begins so."""
    return word + _ANY_END


def holding(session: Session, groups: Groups, at: int | None) -> Holding:
    """Return the texts first shown by `at` (None: at any time) that hold a word of each group."""
    return (_in_fts5 if _on_sqlite(session) else _in_gin)(groups, at)


def sweep(session: Session) -> None:
    """Make the index let go of what was deleted; the log's lock must be held.

    FTS5 keeps deleted words in its segments until it merges them. PostgreSQL's vacuum does it by itself.
    """
    if _on_sqlite(session):
        session.execute(text("INSERT INTO search_index(search_index) VALUES ('optimize')"))


def refresh(session: Session) -> None:
    """Fill FTS5 anew from the texts, whatever it held; PostgreSQL's index is a part of their table."""
    if _on_sqlite(session):
        session.execute(text("INSERT INTO search_index(search_index) VALUES ('rebuild')"))


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _in_fts5(groups: Groups, at: int | None) -> Holding:
    each = (" OR ".join(_quoted(group, '"', '"*')) for group in groups)
    asked = " AND ".join(f"({some})" for some in each)
    # Written as a sum, it cannot be used to look into FTS5 for each text: the index is walked, newest first.
    joined = SearchText.id == _FTS5.c.rowid + 0
    found: tuple[ColumnElement[bool], ...] = (
        _FTS5.c.search_index.op("MATCH", is_comparison=True)(asked),
        joined,
    )
    if at is not None:
        # One step in the index on `since`; the greatest id of all these would be looked for among every one of them.
        newest = select(SearchText.id).where(SearchText.since <= at).limit(1)
        last = newest.order_by(SearchText.since.desc(), SearchText.id.desc()).scalar_subquery()
        found = (*found, _FTS5.c.rowid <= last)
    return Holding(found, _FTS5.c.rowid.desc(), _FTS5.c.rowid.asc())


def _in_gin(groups: Groups, at: int | None) -> Holding:
    each = (" | ".join(_quoted(group, "'", "':*")) for group in groups)
    asked = " & ".join(f"({some})" for some in each)
    # Written into the statement: only where PostgreSQL sees the words does it know whether GIN finds few texts, or so
    # many that the newest are found sooner by going back through the log.
    query = cast(literal(asked, literal_execute=True), TSQUERY)
    found: tuple[ColumnElement[bool], ...] = (SearchText.tokens.op("@@", is_comparison=True)(query),)
    if at is not None:
        found = (*found, SearchText.since <= at)
    return Holding(found, SearchText.id.desc(), SearchText.id.asc())


def _quoted(words: Collection[str], mark: str, any_end: str) -> list[str]:
    # No word holds either mark, or a star: words are letters and digits.
    return [
        f"{mark}{word.removesuffix(_ANY_END)}{any_end if word.endswith(_ANY_END) else mark}"
        for word in sorted(words)
    ]
