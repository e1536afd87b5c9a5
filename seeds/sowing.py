"""Sowing: a post becomes an article, one FAQ for each question in it, and the author and topics that they name."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slugify import slugify
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content import publishing
from content.entries import Entry
from content.log import State
from content.markup import escape
from content.standings import Standing, standings
from content.traces import trace
from seeds import company, manuscript
from seeds.errors import SeedError
from seeds.keeping import BY, LONGEST_SLUG, Kept, Plot, keep, take_turn
from seeds.notes import Notes
from seeds.post import LeftOut, Post, Question

# What an entry remembers is its file's name and its question's slug, in a column of 300 characters.
LONGEST_NAME = 200


@dataclass(frozen=True)
class Sowing:
    """What one post became: topics and author, then the article, then its FAQs in order.

    `departed` are the FAQs read from this file earlier, by question, that it asks no more; they stay as they are.
    `left_out` are the lines of the text that are in no entry.
    """

    post: Post
    locale: str
    company: tuple[Kept, ...]
    article: Kept
    faqs: tuple[Kept, ...]
    departed: tuple[str, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def entries(self) -> tuple[Kept, ...]:
        """Every entry, those that others name before them."""
        return (*self.company, self.article, *self.faqs)


@dataclass(frozen=True)
class Published:
    """What went public: the act's sequence, None where all was public already, and what the newsroom keeps down."""

    sequence: int | None
    kept_down: tuple[Kept, ...]


def sow(
    session: Session, post: Post, notes: Notes, *, locale: str, by: str = BY, now: datetime | None = None
) -> Sowing:
    """Make or renew the entries of a post, `by` a person or the reader itself; what did not change gets no version.

    Raises SeedError where the newsroom has edited one of them since, or a value does not fit. Flushes only, so the
    caller commits, publishes, or rolls all of it back.
    """
    plot = Plot(named(post), locale, now, by)
    take_turn(session)
    paths = [company.keep_topics(session, plot, path) for path in notes.topics]
    author = company.keep_author(session, plot, post.author) if post.author else None
    unused = company.bio_left_out(session, post.author, author) if post.author and author else ()
    shared = {"topics": [str(path[-1].entry_id) for path in paths], **shared_values(post, notes)}
    article = keep(session, plot, "article", shared | article_values(post, author), post.source)
    asked = faq_values(post, notes, article)
    faqs = [keep(session, plot, "faq", shared | values, source) for source, values in asked.items()]
    topics = {topic.entry_id: topic for path in paths for topic in path}
    companions = (*topics.values(), *([author] if author else []))
    left_out = tuple(sorted((*post.left_out, *unused), key=lambda line: line.line_number))
    return Sowing(post, locale, companions, article, tuple(faqs), departed(session, plot, faqs), left_out)


def named(post: Post) -> str:
    """Return the name of the post's file; raises SeedError where it is too long to remember."""
    if len(post.source) > LONGEST_NAME:
        raise SeedError(post.source, f"the file's name is longer than {LONGEST_NAME} characters.")
    return post.source


def shared_values(post: Post, notes: Notes) -> dict[str, Any]:
    """Return what an article and its FAQs have in common, but for the topics."""
    return {
        "tags": list(notes.tags),
        "sources": list(notes.sources),
        "originally_published_on": post.published_on,
    }


def article_values(post: Post, author: Kept | None) -> dict[str, Any]:
    """Return an article's own values."""
    return {
        "title": post.title,
        "summary": manuscript.summary(post),
        "body": manuscript.body(post),
        "authors": [str(author.entry_id)] if author else [],
        "reading_minutes": post.reading_minutes,
    }


def faq_values(post: Post, notes: Notes, article: Kept) -> dict[str, dict[str, Any]]:
    """Return each FAQ's own values by the source that its entry remembers, in reading order."""
    return {
        source: {
            "question": question.question,
            "short": manuscript.short(question),
            "answer": manuscript.answer(question),
            "warnings": [escape(warning) for warning in notes.warnings_for(question.question)],
            "article": str(article.entry_id),
            "position": position,
        }
        for position, (source, question) in enumerate(sources(post), start=1)
    }


def sources(post: Post) -> Iterator[tuple[str, Question]]:
    """Yield each question with its source: the file's name, "#", and a slug that no question above it has."""
    taken: Counter[str] = Counter()
    for question in post.questions:
        slug = slugify(question.question, max_length=LONGEST_SLUG, word_boundary=True) or "question"
        taken[slug] += 1
        yield f"{post.source}#{slug}" + (f"-{taken[slug]}" if taken[slug] > 1 else ""), question


def departed(session: Session, plot: Plot, faqs: Sequence[Kept]) -> tuple[str, ...]:
    """Return the questions that came from this file once and are not among `faqs`, oldest first."""
    names = (plot.file, trace(plot.file))
    from_file = or_(*(Entry.source.startswith(f"{name}#", autoescape=True) for name in names))
    chosen = select(Entry.title).where(from_file, Entry.locale == plot.locale)
    absent = chosen.where(Entry.id.not_in([faq.entry_id for faq in faqs]))
    return tuple(session.scalars(absent.order_by(Entry.created_at, Entry.id)))


def publish(session: Session, sowings: Sequence[Sowing], *, now: datetime | None = None) -> Published:
    """Publish all that was sown in one act, forced and logged as the seed command's, and commit.

    What is public already in this version is left alone, and so is what the newsroom has withdrawn, held or
    retracted, and an author or a topic that the newsroom has edited.
    """
    ours = {kept.entry_id: kept for sowing in sowings for kept in sowing.entries if kept.ours}
    standing = standings(session, list(ours))
    waiting = [kept for kept in ours.values() if is_waiting(kept, standing[kept.entry_id])]
    kept_down = tuple(
        kept for kept in ours.values() if standing[kept.entry_id].state not in (State.DRAFT, State.LIVE)
    )
    if not waiting:
        session.commit()
        return Published(None, kept_down)
    steps = [publishing.publication(session, kept.entry_id, kept.version, forced=True) for kept in waiting]
    files = ", ".join(sowing.post.source for sowing in sowings)
    act = publishing.perform(
        session, steps, by=BY, reason=f"published by the seed command from {files}", now=now
    )
    return Published(act.sequence, kept_down)


def is_waiting(kept: Kept, standing: Standing) -> bool:
    """Whether an entry was never public, or is so in an older version."""
    if standing.live:
        return standing.live.version != kept.version
    return standing.state == State.DRAFT
