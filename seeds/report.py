"""What a reading made, or would make, told line by line."""

from collections.abc import Iterator, Sequence

from seeds import manuscript
from seeds.keeping import Kept
from seeds.post import LeftOut, Post, Question, Section
from seeds.sowing import Published, Sowing

INDENT = " " * 6


def told(sowing: Sowing) -> Iterator[str]:
    """Yield what became of a post's entries, the questions that it asks no more, and the lines left out."""
    yield f"{sowing.post.source} ({sowing.locale})"
    for kept in sowing.entries:
        yield f"  {line(kept)}"
    for question in sowing.departed:
        yield f"  not asked any more, left as it is: {question}"
    yield from left_empty(sowing.post)
    yield from left_out(sowing.left_out)


def foretold(sowing: Sowing) -> Iterator[str]:
    """Yield what would become of a post, with the outline of each text and every line that is left out."""
    yield f"{sowing.post.source} ({sowing.locale})"
    for kept in sowing.company:
        yield f"  {line(kept)}"
    yield f"  {line(sowing.article)}"
    yield from (INDENT + fact for fact in article_facts(sowing.post))
    for kept, question in zip(sowing.faqs, sowing.post.questions, strict=True):
        yield f"  {line(kept)}"
        yield from (INDENT + fact for fact in answer_facts(question))
    for question_gone in sowing.departed:
        yield f"  not asked any more, left as it is: {question_gone}"
    yield from left_empty(sowing.post)
    yield from left_out(sowing.left_out)


def line(kept: Kept) -> str:
    """Say what became of an entry; another title may mean that another text bears the file's name."""
    was = f"; its title was: {kept.was}" if kept.was else ""
    return f"{kept.change:9} {kept.type:7} {kept.title} ({kept.slug}, version {kept.version}){was}"


def article_facts(post: Post) -> Iterator[str]:
    """Yield what is known of an article, and its outline."""
    if post.author:
        contact = [post.author.name, post.author.telephone, post.author.url]
        yield f"author in the text: {', '.join(filter(None, contact))}"
    if post.published_on:
        yield f"first published on: {post.published_on}"
    if post.reading_minutes:
        yield f"reading time: {counted(post.reading_minutes, 'minute')}"
    if summary := manuscript.summary(post):
        yield f"summary: {summary}"
    yield f"introduction: {counted(len(post.introduction), 'paragraph')}"
    yield from outline(post.sections)


def answer_facts(question: Question) -> Iterator[str]:
    yield f"answer: {counted(len(question.paragraphs), 'paragraph')}"
    yield from outline(question.sections)


def outline(sections: Sequence[Section]) -> Iterator[str]:
    for section in sections:
        yield f"{'#' * section.level} {section.heading}: {counted(len(section.paragraphs), 'paragraph')}"


def left_empty(post: Post) -> Iterator[str]:
    """Yield each field that a text is too long for, with the reason."""
    for reason in manuscript.left_empty(post):
        yield f"  left empty: {reason}"


def left_out(lines: Sequence[LeftOut]) -> Iterator[str]:
    """Yield every line that goes into no entry, with its number and the reason."""
    yield f"  left out: {counted(len(lines), 'line')}"
    for one in lines:
        yield f"{INDENT}line {one.line_number}: {one.text} ({one.why})"


def publication(published: Published) -> Iterator[str]:
    """Yield what went public."""
    if published.sequence is None:
        yield "  nothing new to publish"
    else:
        yield f"  published in act {published.sequence}, without a review"
    for kept in published.kept_down:
        yield f"  not published, for the newsroom took it down: {kept.title}"


def counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
