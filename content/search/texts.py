"""Texts: the words of each document that was ever public, by how much they weigh, kept by the act that shows it first.

`A` are the words of its title, `B` those of what sums it up, `C` the others; which field is which follows from the
declaration of the type. Erasure takes the row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, Text, func, insert, select
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.database import Base
from content.fields import Markdown
from content.lists import Tags
from content.search import words
from content.search.analysis import indexed, language_of, stems
from content.types import ContentType

TITLED = "_"  # stands before a word of a title, which can so be looked for by itself
HEAVIEST = "A"


class SearchText(Base):
    """What one document is found by.

    `id` follows the log: of two documents the one shown later has the greater. `a`, `b` and `c` are the words in
    order, a space around each; `tokens` each of them once, and those of `a` once more behind `TITLED`, as the
    database's own index takes them, which the migrations make. `since` is the act that first showed the document.
    """

    __tablename__ = "search_text"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    document_hash: Mapped[str] = mapped_column(String(64), unique=True)
    since: Mapped[int] = mapped_column(Integer, index=True)
    language: Mapped[str] = mapped_column(words.LANGUAGE)
    a: Mapped[str] = mapped_column(Text)
    b: Mapped[str] = mapped_column(Text)
    c: Mapped[str] = mapped_column(Text)
    tokens: Mapped[str] = mapped_column(Text().with_variant(TSVECTOR(), "postgresql"))


@dataclass(frozen=True)
class Searched:
    """What a document will be found by, worked out before the log's lock is taken."""

    language: str
    a: str
    b: str
    c: str
    tokens: str
    stems: Mapping[str, str]


def searched(declared: ContentType, document: Mapping[str, Any]) -> Searched | None:
    """Return what a document, as plain JSON, is found by; None where its type is not searched."""
    if not declared.health:
        return None
    language = language_of(document["locale"])
    said = {
        weight: list(indexed("\n".join(texts), language))
        for weight, texts in parts(declared, document).items()
    }
    found = {word for some in said.values() for word in some}
    titled = {TITLED + word for word in said[HEAVIEST]}
    return Searched(
        language=language,
        **{weight.lower(): f" {' '.join(some)} " for weight, some in said.items()},
        tokens=" ".join(sorted(found) + sorted(titled)),
        stems=stems(sorted(found), language),
    )


def parts(declared: ContentType, document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the texts of a document in each weight, as its reader reads them."""
    said: dict[str, list[str]] = {"A": [], "B": [], "C": []}
    for field in declared.fields:
        weight = HEAVIEST if field.name == declared.title else field.searched
        if weight:
            said[weight] += _plain(_at(document, field.shown_at))
        if weight and isinstance(field, Markdown) and field.sections_at:
            said["B"] += [one["heading"] for one in document.get(field.sections_at, ()) if one["heading"]]
    return said


def prose(declared: ContentType, document: Mapping[str, Any]) -> list[str]:
    """Return the texts of a document that passages are shown of: whole sentences, and not its title or its tags."""
    wanted = [field for field in declared.fields if field.searched and field.name != declared.title]
    return [
        text
        for field in wanted
        if not isinstance(field, Tags)
        for text in _plain(_at(document, field.shown_at))
    ]


def _at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def _plain(value: Any) -> list[str]:
    """Return the words of what a document shows: a text, something with a text, or several of them."""
    if isinstance(value, Mapping):
        return _plain(value.get("text"))
    if isinstance(value, list):
        return [text for one in value for text in _plain(one)]
    return [value] if value else []


def store(session: Session, found: Mapping[str, Searched], sequence: int) -> None:
    """Keep what new documents are found by, under their hashes; the log's lock must be held."""
    if found:
        _insert(session, sorted(found.items()), sequence)


def _insert(session: Session, fresh: Sequence[tuple[str, Searched]], sequence: int) -> None:
    last = session.scalar(select(func.max(SearchText.id))) or 0
    rows = [
        {"id": number, "document_hash": kept, "since": sequence, **_columns(one)}
        for number, (kept, one) in enumerate(fresh, last + 1)
    ]
    session.execute(insert(SearchText), rows)
    learnt: dict[str, dict[str, str]] = {}
    for _, one in fresh:
        learnt.setdefault(one.language, {}).update(one.stems)
    for language, stemmed in sorted(learnt.items()):
        words.learn(session, language, stemmed, sequence)


def _columns(one: Searched) -> dict[str, str]:
    return {"language": one.language, "a": one.a, "b": one.b, "c": one.c, "tokens": one.tokens}
