"""Words: every word that a public text was ever found by, with its stem, and the keys that forgive a typing error.

A word that no text has any more, for its last one was erased, goes with it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Index,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.database import Base, each_once
from content.prepared import any_of
from content.search import spelling
from content.search.analysis import LONGEST, stem

# By the bytes, so that the words that begin alike stand together whatever the database's language.
WORD = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")
LANGUAGE = String(8)
MOST_FORMS = 400  # words that may stand for the words of one question
MOST_MEANT = 64  # words that one typed with an error may stand for
BATCH = 5_000  # values bound to one statement
_AT = bindparam("at", type_=Integer)


class Word(Base):
    """A word of one language; `since` is the act that first made a text public which has it."""

    __tablename__ = "search_word"
    __table_args__ = (
        Index("ix_search_word_stem", "language", "stem"),
        Index("ix_search_word_since", "language", "since"),
    )

    language: Mapped[str] = mapped_column(LANGUAGE, primary_key=True)
    word: Mapped[str] = mapped_column(WORD, primary_key=True)
    stem: Mapped[str] = mapped_column(WORD)
    since: Mapped[int] = mapped_column(Integer)


class Key(Base):
    """A key under which a word is found that was typed with an error."""

    __tablename__ = "search_key"

    language: Mapped[str] = mapped_column(LANGUAGE, primary_key=True)
    key: Mapped[str] = mapped_column(WORD, primary_key=True)
    word: Mapped[str] = mapped_column(WORD, primary_key=True)


def learn(session: Session, language: str, stems: Mapping[str, str], sequence: int) -> None:
    """Keep the words that are not known yet as of `sequence`; the log's lock must be held."""
    known = {word for part in batches(sorted(stems)) for word in _known(session, language, part)}
    fresh = sorted(stems.keys() - known)
    if not fresh:
        return
    rows = [{"language": language, "word": word, "stem": stems[word], "since": sequence} for word in fresh]
    session.execute(insert(Word), rows)
    if found := [{"language": language, "key": key, "word": word} for word in fresh for key in _keys(word)]:
        session.execute(insert(Key), found)


def _known(session: Session, language: str, some: Sequence[str]) -> Iterable[str]:
    return session.scalars(
        select(Word.word).where(Word.language == language, any_of(session, Word.word, some))
    )


def _keys(word: str) -> list[str]:
    return sorted(spelling.keys(word))


def introduced(session: Session, language: str, some: Collection[str], sequence: int) -> list[str]:
    """Return those among the words that came with the act `sequence`, and perhaps with no text since."""
    chosen = select(Word.word).where(Word.language == language, Word.since == sequence)
    return [
        word
        for part in batches(sorted(some))
        for word in session.scalars(chosen.where(Word.word.in_(part)).order_by(Word.word))
    ]


def forget(session: Session, language: str, word: str) -> None:
    """Destroy a word that no text has any more."""
    session.execute(delete(Key).where(Key.language == language, Key.word == word))
    session.execute(delete(Word).where(Word.language == language, Word.word == word))


def date(session: Session, language: str, word: str, sequence: int) -> None:
    """Say which act first made a text public that has the word."""
    chosen = update(Word).where(Word.language == language, Word.word == word)
    session.execute(chosen.values(since=sequence))


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield as many values at a time as one statement may bind."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def languages(session: Session, at: int) -> list[str]:
    """Return the languages that texts had been published in by `at`; one statement, which leaps along the index."""
    return list(session.scalars(_languages(), {"at": at}))


# Making such a statement takes many times as long as its answer.
@cache
def _languages() -> Select[tuple[str]]:
    met = each_once(Word.language)
    first = select(func.min(Word.since)).where(Word.language == met.c.language).scalar_subquery()
    return select(met.c.language).where(first <= _AT).order_by(met.c.language)


def forms(
    session: Session, asked: Sequence[str], spoken: Sequence[str], at: int
) -> list[tuple[str, str, str]]:
    """Return (language, word, stem) of all words known by `at` that share a stem with one asked.

    One statement.
    """
    if not spoken:
        return []
    told: dict[str, Any] = {_stems(one): sorted({stem(word, one) for word in asked}) for one in spoken}
    rows = session.execute(_forms(tuple(spoken)), {"at": at, **told})
    return [(row.language, row.word, row.stem) for row in rows]


@lru_cache(maxsize=64)
def _forms(spoken: tuple[str, ...]) -> CompoundSelect[tuple[str, str, str]]:
    chosen = []
    for language in spoken:
        # A branch for each language: SQLite looks no pairs up in an index.
        shared = Word.stem.in_(bindparam(_stems(language), expanding=True, type_=Word.stem.type))
        chosen.append(_known_by(and_(Word.language == language, shared), MOST_FORMS))
    return union_all(*chosen)


def _stems(language: str) -> str:
    return f"stems_{language}"


def _known_by(condition: Any, most: int) -> Any:
    # As bare columns, both would tempt SQLite to walk the whole vocabulary in their order, where an index on what is
    # asked for finds a few words at once.
    known, order = Word.since + 0 <= _AT, Word.word.concat("")
    chosen = select(Word.language, Word.word, Word.stem).where(known, condition)
    return select(chosen.order_by(order).limit(most).subquery())


@dataclass(frozen=True)
class Meant:
    """A word that may have been meant, or another form of one, and how many edits it is away."""

    word: str
    stem: str
    far: float


def alike(
    session: Session, misspelt: Sequence[str], spoken: Sequence[str], at: int
) -> dict[str, list[Meant]]:
    """Return for each word what may have been meant of what was known by `at`, the nearest first; two statements."""
    wanted = {
        key for word in misspelt if spelling.may_be_corrected(word) for key in spelling.keys_typed(word)
    }
    chosen = select(Key.word).where(Key.language.in_(spoken), Key.key.in_(sorted(wanted))).distinct()
    kept = sorted(session.scalars(chosen)) if wanted else []
    near = {word: _within_reach(word, kept) for word in misspelt}
    meant = sorted({other for some in near.values() for other in some})
    known = forms(session, meant, spoken, at) if meant else []
    return {word: _with_forms(some, known) for word, some in near.items()}


def _within_reach(asked: str, kept: Sequence[str]) -> dict[str, float]:
    """Return the words that are few enough edits away."""
    most = spelling.most_edits(asked)
    return {word: far for word in kept if (far := spelling.distance(asked, word)) <= most}


def _with_forms(near: Mapping[str, float], known: Sequence[tuple[str, str, str]]) -> list[Meant]:
    """Return those that are known, and their other forms, which are a quarter of an edit further."""
    least: dict[tuple[str, str], float] = {}
    for language, word, common in known:
        if word in near:
            least[language, common] = min(near[word], least.get((language, common), near[word]))
    found = {
        word: Meant(word, common, near.get(word, least[language, common] + 0.25))
        for language, word, common in known
        if (language, common) in least
    }
    return sorted(found.values(), key=lambda one: (one.far, one.word))[:MOST_MEANT]
