"""The library that is measured: articles of 4 KB and FAQs, the same each time, published through the front door."""

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from content import publishing, versions

BY = "bench"
BEGAN = datetime(2026, 1, 1, 9, tzinfo=UTC)
AN_ACT = 500  # entries that are published at once
BODY = 4_000  # characters, all of them ASCII
TOPICS, AUTHORS, TAGS = 24, 10, 30
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi zo".split()
_WORDS = [first + second + third for first in _SYLLABLES for second in _SYLLABLES for third in _SYLLABLES[:8]]
# As in a language: the word of rank n is met 1/n as often as the first.
_WEIGHTS = [1 / rank for rank in range(1, len(_WORDS) + 1)]


def fill(session: Session, articles: int, faqs: int) -> None:
    """Publish so many of each, with topics, authors and tags; an FAQ belongs to an article."""
    chance = random.Random(7)  # noqa: S311 - the same texts each time
    above = _published(session, "topic", (_topic(number) for number in range(TOPICS // 4)))
    lower = (_topic(number, above[number % len(above)]) for number in range(TOPICS // 4, TOPICS))
    topics = _published(session, "topic", lower)
    authors = _published(session, "author", map(_author, range(AUTHORS)))
    written = (_article(chance, number, authors) for number in range(articles))
    ids = _published(session, "article", (_placed(chance, topics) | one for one in written))
    answered = (_faq(chance, number, ids[number % articles]) for number in range(faqs))
    _published(session, "faq", (_placed(chance, topics) | one for one in answered))


def word(rank: int) -> str:
    """Return the word of the library that is met the oftener, the smaller its rank; from 0."""
    return _WORDS[rank % len(_WORDS)]


def _published(session: Session, type_name: str, values: Iterable[dict[str, Any]]) -> list[str]:
    """Publish entries, some hundreds in an act; return their ids."""
    waiting, made = iter(values), list[str]()
    while some := list(islice(waiting, AN_ACT)):
        now = BEGAN + timedelta(minutes=len(made))
        entries = [_created(session, type_name, one, now) for one in some]
        steps = [publishing.publication(session, entry_id, 1, forced=True) for entry_id in entries]
        publishing.perform(session, steps, by=BY, reason="the bench's library", now=now)
        session.expunge_all()
        made += map(str, entries)
    return made


def _created(session: Session, type_name: str, values: dict[str, Any], now: datetime) -> UUID:
    return versions.create(session, type_name, values, locale="en", by=BY, now=now).entry_id


def _topic(number: int, parent: str | None = None) -> dict[str, Any]:
    return {"name": f"Topic {number}", "slug": f"topic-{number}"} | ({"parent": parent} if parent else {})


def _author(number: int) -> dict[str, Any]:
    return {
        "name": f"Author {number}",
        "slug": f"author-{number}",
        "kind": "person",
        "bio": "Writes on veins.",
    }


def _placed(chance: random.Random, topics: Sequence[str]) -> dict[str, Any]:
    day = date(2016, 1, 1) + timedelta(days=chance.randrange(3_600))
    return {
        "topics": chance.sample(topics, 2),
        "tags": [f"tag {number}" for number in chance.sample(range(TAGS), 3)],
        "originally_published_on": day.isoformat(),
    }


def _article(chance: random.Random, number: int, authors: Sequence[str]) -> dict[str, Any]:
    sections = [f"## {_sentence(chance, 4)[:-1]}\n\n{_paragraph(chance, 700)}" for _ in range(6)]
    return {
        "title": f"{_sentence(chance, 5)[:-1]} {number}",
        "summary": _paragraph(chance, 150),
        "body": "\n\n".join(sections)[:BODY],
        "slug": f"article-{number}",
        "authors": [authors[number % len(authors)]],
    }


def _faq(chance: random.Random, number: int, article: str) -> dict[str, Any]:
    return {
        "question": f"{_sentence(chance, 6)[:-1]} {number}?",
        "answer": _paragraph(chance, 600),
        "warnings": ["If it does not get better within a day, see a doctor."],
        "slug": f"faq-{number}",
        "article": article,
        "position": number % 10,
    }


def _paragraph(chance: random.Random, characters: int) -> str:
    text = _sentence(chance, 12)
    while len(text) < characters:
        text += f" {_sentence(chance, 12)}"
    return text


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, _WEIGHTS, k=words)).capitalize() + "."
