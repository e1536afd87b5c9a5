"""A post's text as its entries hold it: Markdown in which every character of the author's is literal, and copies."""

import re
from collections.abc import Iterable, Iterator

from content import types
from content.errors import Invalid
from content.markup import escape
from content.sentences import sentences
from seeds.post import Post, Question, Section

# At a heading's end, hashes after a space would be taken for its closing mark.
CLOSING_HASHES = re.compile(r"(?<=[ \t])#+$")


def body(post: Post) -> str:
    """Return the article's text: the introduction, then every section under its heading."""
    return joined([*map(escape, post.introduction), *blocks(post.sections)])


def answer(question: Question) -> str:
    """Return the whole answer; its sub-headings keep their level 3, for the question stands above them."""
    return joined([*map(escape, question.paragraphs), *blocks(question.sections)])


def blocks(sections: Iterable[Section]) -> Iterable[str]:
    for section in sections:
        yield f"{'#' * section.level} {heading(section.heading)}"
        yield from map(escape, section.paragraphs)


def heading(text: str) -> str:
    return CLOSING_HASHES.sub(lambda found: "\\#" * len(found.group()), escape(text))


def joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(blocks)


def summary(post: Post) -> str | None:
    """Return the article's summary: a copy of the first paragraph, None where that is too long for one."""
    return None if refused("article", "summary", post.first_paragraph) else post.first_paragraph


def short(question: Question) -> str | None:
    """Return the short answer: a copy of the answer's first sentence, None where that is too long for one."""
    first = sentences(question.first_paragraph)[0]
    return None if refused("faq", "short", first) else first


def left_empty(post: Post) -> Iterator[str]:
    """Yield what has no copy, with the reason; shortened, it would say what nobody wrote."""
    if reason := refused("article", "summary", post.first_paragraph):
        yield f"the summary, for the first paragraph {reason}"
    for question in post.questions:
        if reason := refused("faq", "short", sentences(question.first_paragraph)[0]):
            yield f"the short answer to {question.question!r}, for its first sentence {reason}"


def refused(type_name: str, name: str, text: str) -> str | None:
    """Return why a field of a type cannot hold `text` ("is longer than 600 characters"), or None."""
    try:
        types.get(type_name).field(name).clean(text)
    except Invalid as error:
        return error.faults[0].detail
    return None
