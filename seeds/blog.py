"""The blog-text reader: from a file, as a post is copied from a blogging site, to a Post.

The form: the title; a byline with the author's name, reading time and date; a rule of dashes; the opening
picture's caption; paragraphs and bare headings, blank lines between them; rules; the name again, a count of
followers, the bio. All but the title and some text may be missing. No line is lost: each is in the post's
fields or among its `left_out`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from seeds.byline import Head, read_head
from seeds.errors import BlogTextError
from seeds.files import read_file
from seeds.headings import Kind, heading_levels, is_title_case, shape
from seeds.lines import Block, Line, read_blocks, read_lines, spread
from seeds.post import Author, LeftOut, Post, Section
from seeds.trailer import Trailer, author_of, read_trailer, split_trailer, unsigned


def read(path: Path, *, locale: str = "en") -> Post:
    """Read the file at `path`, whose name becomes the post's `source`.

    `locale`, a BCP 47 tag, says in which language questions are looked for. Raises BlogTextError, and nothing
    else, where the file cannot be read, is empty, binary or not UTF-8, or has no title or no text.
    """
    return parse(read_file(path, BlogTextError), path.name, locale=locale)


def parse(data: bytes, source: str, *, locale: str = "en") -> Post:
    """Read a post from its bytes; `source` names it. Raises BlogTextError as `read` does."""
    head, rest = read_head(spread(read_lines(data, source)), source)
    body, end = split_trailer(rest, head.name, locale=locale)
    trailer = read_trailer(end)
    blocks = read_blocks(body)
    caption, blocks = split_caption(blocks, head, locale)
    writer, unused = signature(head, trailer)
    introduction, sections = sections_of(blocks, author=writer.name if writer else None, locale=locale)
    if not introduction and not any(section.paragraphs for section in sections):
        raise BlogTextError(source, "no text stands below the title.")
    outside = [
        *head.left_out,
        *left_out((line for line in body if line.is_rule), "a rule of dashes"),
        *left_out(caption.lines if caption else (), "the caption of a picture, which the text does not have"),
        *unused,
        *trailer.left_out,
    ]
    return Post(
        source=source,
        title=head.title,
        author=writer,
        published_on=head.published_on,
        reading_minutes=head.minutes,
        caption=caption.text if caption else None,
        introduction=introduction,
        sections=sections,
        left_out=tuple(sorted(outside, key=lambda line: line.line_number)),
    )


# A first heading of few words.
OPENING = re.compile(
    r"(an? )?(overview|introduction|background|summary|key (points|facts)|at a glance)", re.IGNORECASE
)
# A picture's caption that names whose it is.
CREDIT = re.compile(
    r"\b(photo|photograph|picture|image|illustration|credits?|courtesy|source)\b|©", re.IGNORECASE
)


def split_caption(blocks: list[Block], head: Head, locale: str) -> tuple[Block | None, list[Block]]:
    """Take the opening picture's caption off `blocks`, where there is one.

    Posts open with a picture, so a bare line right at the top is its caption, unless it looks like a first heading: a
    caption is worded like a sentence or tells whose picture it is, a heading has capitals or opens a text ("Overview").
    Without a byline one word alone is a heading too.
    """
    first = blocks[0] if blocks else None
    if first is None or shape(first, locale) != Kind.NAME:
        return None, blocks
    opens = OPENING.fullmatch(first.text) or is_title_case(first.text)
    alone = len(first.text.split()) == 1 and not head.has_byline
    if (opens or alone) and not CREDIT.search(first.text):
        return None, blocks
    return first, blocks[1:]


def sections_of(
    blocks: Sequence[Block], *, author: str | None, locale: str
) -> tuple[tuple[str, ...], tuple[Section, ...]]:
    """Return the paragraphs above the first heading, and each heading with its own."""
    levels = heading_levels(blocks, author=author, locale=locale)
    bounds = [*sorted(levels), len(blocks)]
    introduction = tuple(block.text for block in blocks[: bounds[0]])
    sections = tuple(
        Section(blocks[start].text, levels[start], tuple(block.text for block in blocks[start + 1 : end]))
        for start, end in pairwise(bounds)
    )
    return introduction, sections


def signature(head: Head, trailer: Trailer) -> tuple[Author | None, list[LeftOut]]:
    """Make the author of what byline and trailer say, and tell which lines that leaves unused."""
    signed = unsigned(trailer.name.text) if trailer.name else None
    name = head.name or signed
    if name is None:
        return None, left_out(trailer.bio, "a bio without a name")
    unused = left_out(
        [trailer.name] if trailer.name and signed != name else [], "another name than the byline's"
    )
    bio = "\n\n".join(block.text for block in read_blocks(trailer.bio))
    said = tuple(line for line in trailer.bio if not line.is_blank)
    return replace(author_of(name, bio or None), bio_lines=said), unused


def left_out(lines: Iterable[Line], why: str) -> list[LeftOut]:
    """List those of `lines` that are not blank, with one reason for all."""
    return [LeftOut(line.number, line.text, why) for line in lines if not line.is_blank]
