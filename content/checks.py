"""What an editor should look at again before others do; nothing here forbids a save."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from markdown_it.token import Token

from content import markup
from content.depicting import IMAGES
from content.fields import Field, Line, Markdown, Plain, Values
from content.lists import Passages
from content.sentences import sentences
from content.sources import SOURCES
from content.types import ContentType


@dataclass(frozen=True)
class Finding:
    """One thing to look at: the field that it is in, the line of its Markdown (from 1) or None, and a sentence."""

    field: str
    line: int | None
    says: str


# With a scheme, from the root, or within the text. Anything else leads elsewhere on each site that shows the text.
_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*:|/|#", re.IGNORECASE)


@dataclass(frozen=True)
class Cited:
    """One link in a text: where it stands, without a line in one of several short texts, and where it leads."""

    field: str
    line: int | None
    href: str
    words: str


def check(declared: ContentType, values: Values) -> list[Finding]:
    """Return what is to be looked at in values as they were typed, in the order of their fields and lines."""
    return [
        found for field in declared.content for found in _of_field(declared, field, values.get(field.name))
    ]


def cited(declared: ContentType, values: Values) -> Iterator[Cited]:
    """Yield every link of the texts, in order."""
    for field in declared.content:
        if isinstance(field, Markdown):
            yield from _links(field.name, markup.parse(str(values.get(field.name) or "")))
        elif isinstance(field, Passages):
            for passage in values.get(field.name) or ():
                yield from (replace(link, line=None) for link in _links(field.name, markup.parse(passage)))


def _of_field(declared: ContentType, field: Field, value: Any) -> Iterator[Finding]:
    text = str(value or "")
    if isinstance(field, Markdown):
        yield from _of_text(field.name, text)
    elif isinstance(field, Plain | Line) and field.searched == "B" and not text.strip():
        yield Finding(field.name, None, f"{field.label} is empty.")
    elif isinstance(field, Line) and field.most_sentences and len(sentences(text)) > field.most_sentences:
        yield Finding(field.name, None, f"{field.label} is more than {field.most_sentences} sentences.")
    elif field.name == SOURCES.name and declared.health and not value:
        yield Finding(field.name, None, "No source is named.")


def _of_text(name: str, text: str) -> Iterator[Finding]:
    tokens = markup.parse(text)
    found = [*_headings(name, tokens), *_pictures(name, tokens), *_link_faults(name, text, tokens)]
    yield from sorted(found, key=lambda one: one.line or 0)


def _headings(name: str, tokens: list[Token]) -> Iterator[Finding]:
    level = 1  # the title's
    for opened, inline in pairwise(tokens):
        if opened.type != "heading_open":
            continue
        line, shown = _line(opened), max(2, int(opened.tag[1]))
        if not inline.content.strip():
            yield Finding(name, line, "A heading has no words.")
        elif shown > level + 1:
            yield Finding(name, line, f"The heading “{inline.content}” skips a level.")
        level = shown


def _pictures(name: str, tokens: list[Token]) -> Iterator[Finding]:
    for line, children in _runs(tokens):
        for place, child in enumerate(children):
            if child.type == "image" and (says := _wrong_with(child)):
                yield Finding(name, line + _breaks(children[:place]), says)


def _wrong_with(picture: Token) -> str | None:
    source = str(picture.attrGet("src") or "")
    if source.startswith(IMAGES):
        # One of ours has words of its own.
        return None
    if not picture.content.strip():
        return "A picture has no words for those who do not see it."
    return f"The picture “{picture.content}” is fetched from another site by each reader; upload it instead."


def _link_faults(name: str, text: str, tokens: list[Token]) -> Iterator[Finding]:
    anchors = {section.id for section in markup.render(text).sections}
    for link in _links(name, tokens):
        if not link.words.strip():
            yield Finding(name, link.line, f"The link to {link.href} has no words.")
        if link.href.startswith("#") and link.href[1:] not in anchors:
            yield Finding(name, link.line, f"The link “{link.words}” leads to no heading of this text.")
        if not _WHOLE.match(link.href):
            yield Finding(
                name, link.line, f"The link “{link.words}” has no whole address, as https://example.org is."
            )


def _links(name: str, tokens: list[Token]) -> Iterator[Cited]:
    for line, children in _runs(tokens):
        for place, child in enumerate(children):
            if child.type == "link_open":
                ends = next(at for at, one in enumerate(children) if at > place and one.type == "link_close")
                words = "".join(one.content for one in children[place:ends])
                href = str(child.attrGet("href") or "")
                yield Cited(name, line + _breaks(children[:place]), href, words)


def _runs(tokens: list[Token]) -> Iterator[tuple[int, list[Token]]]:
    """Yield each run of words with the line that it begins on."""
    for token in tokens:
        if token.type == "inline":
            yield _line(token), token.children or []


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def _breaks(children: list[Token]) -> int:
    return sum(child.type in ("softbreak", "hardbreak") for child in children)
