"""What a blogging site prints below a post: rules of dashes, the author's name, followers and bio."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from seeds.byline import is_furniture
from seeds.headings import Kind, shape
from seeds.lines import Line, read_blocks
from seeds.names import is_name
from seeds.post import Author, LeftOut

COUNT = r"[·•|]?\s*[\d.,]+\s?[km]?\s+"
FOLLOWERS = re.compile(rf"{COUNT}(followers?|following)(\s*{COUNT}following)?", re.IGNORECASE)
WRITTEN_BY = re.compile(r"^written\s+by(\s+|$)", re.IGNORECASE)
# Below the bio the site goes on about itself and about other posts.
ELSEWHERE = re.compile(
    r"(more|see all|recommended) from .*|(no )?responses( yet)?( \(\d+\))?|write a response", re.IGNORECASE
)
# Groups of digits with one mark between two: "(212) 555-0100", "+44 (0)20 7946 0018".
TELEPHONE = re.compile(
    r"(?<![\w.-])(?:\+\d{1,3}[ .\u00a0-]{0,2})?(?:\(\d{1,5}\)[ .\u00a0-]?)?"
    r"\d(?:[ ./\u00a0\u2010-\u2012-]?\d){5,14}(?![\w-])"
)
DIGITS_OF_A_TELEPHONE = range(9, 16)
URL = re.compile(r"https?://[^\s<>\"“”]+[^\s<>\"“”.,;:!?)’']", re.IGNORECASE)


# After two rules in a row so few lines are a signature; more of them are text that goes on.
LINES_OF_A_SIGNATURE = 6
# So much, at most, is said of an author below the name.
PARAGRAPHS_OF_A_BIO = 4
LONGEST_BIO = 2_000


@dataclass(frozen=True)
class Trailer:
    """Who wrote the post, as its end says it, and what of the end is left out."""

    name: Line | None
    bio: tuple[Line, ...]
    left_out: tuple[LeftOut, ...]


def split_trailer(
    lines: Sequence[Line], name: str | None, *, locale: str = "en"
) -> tuple[Sequence[Line], Sequence[Line]]:
    """Return the lines of the text and those of the trailer, which may be none; `name` is the byline's."""
    start = trailer_start(lines, name, locale)
    return lines[:start], lines[start:]


def trailer_start(lines: Sequence[Line], name: str | None, locale: str) -> int:
    """Return the index of the trailer's first line, else the number of lines.

    A trailer begins at the name above a count of followers; else where, after a rule of dashes, the byline's
    name stands again; else after two rules in a row, if few lines are left. Rules and buttons just above it
    are its own. It is none where the text goes on below it (`ends_post`).
    """
    said = [index for index, line in enumerate(lines) if not line.is_blank]
    counts = [n for n, index in enumerate(said) if FOLLOWERS.fullmatch(lines[index].text)]
    counted = [name_above(lines, said, count) for count in counts]
    ruled = [n for n in range(1, len(said)) if lines[said[n - 1]].is_rule]
    signed = [n for n in ruled if lines[said[n]].text == name]
    doubled = [n for n in ruled if lines[said[n]].is_rule and len(said) - n <= LINES_OF_A_SIGNATURE]
    ends = (n for n in (*counted, *signed, *doubled) if ends_post(lines[said[n] :], locale))
    return above(lines, said, next(ends, len(said)))


def ends_post(lines: Sequence[Line], locale: str) -> bool:
    """Whether `lines` can be a whole trailer: no heading in it asks a question, and a bio is short.

    What the blogging site says below the bio is not looked at.
    """
    words = [line for line in ours(lines) if line.is_blank or why_left_out(line) is None]
    blocks = read_blocks(words)
    asks = any(shape(block, locale) == Kind.QUESTION for block in blocks)
    # The first block may be the name.
    few = len(blocks) <= 1 + PARAGRAPHS_OF_A_BIO
    return few and not asks and sum(len(block.text) for block in blocks) <= LONGEST_BIO


def ours(lines: Sequence[Line]) -> Sequence[Line]:
    """Return the lines of a trailer above what the blogging site says of itself and of other posts."""
    ends = (index for index, line in enumerate(lines) if ELSEWHERE.fullmatch(line.text))
    return lines[: next(ends, len(lines))]


def name_above(lines: Sequence[Line], said: Sequence[int], count: int) -> int:
    """Return which of the `said` lines begins the signature that ends in the followers at `count`."""
    start = count
    if start > 0 and is_name(lines[said[start - 1]].text) and not lines[said[start - 1]].is_rule:
        start -= 1
    if start > 0 and WRITTEN_BY.fullmatch(lines[said[start - 1]].text):
        start -= 1
    return start


def above(lines: Sequence[Line], said: Sequence[int], start: int) -> int:
    """Move `start`, which counts `said` lines, up over rules and buttons; return the index of its line."""
    while start > 0 and is_furniture(lines[said[start - 1]]):
        start -= 1
    return said[start] if start < len(said) else len(lines)


def read_trailer(lines: Sequence[Line]) -> Trailer:
    """Sort the lines of a trailer; a first line that is a name is the author's, the others the bio."""
    own = ours(lines)
    words = [line for line in own if line.is_blank or why_left_out(line) is None]
    first = next((line for line in words if not line.is_blank), None)
    name = first if first and is_name(unsigned(first.text)) else None
    return Trailer(
        name=name,
        bio=tuple(line for line in words if line is not name),
        left_out=tuple(
            LeftOut(line.number, line.text, why_left_out(line) or "the blogging site's, below the bio")
            for index, line in enumerate(lines)
            if not line.is_blank and (index >= len(own) or why_left_out(line))
        ),
    )


def unsigned(text: str) -> str:
    """Return a name without the "Written by" before it."""
    return WRITTEN_BY.sub("", text)


def why_left_out(line: Line) -> str | None:
    """Say why a line of the trailer goes nowhere; None when it is the author's name or bio."""
    if line.is_rule:
        return "a rule of dashes"
    if FOLLOWERS.fullmatch(line.text):
        return "a count of followers"
    if is_furniture(line):
        return "a button or a counter of the blogging site"
    return "the heading of the author's name" if WRITTEN_BY.fullmatch(line.text) else None


def author_of(name: str, bio: str | None) -> Author:
    """Make an author of a name and a bio; a telephone number and an address are looked for in the bio."""
    return Author(name, bio, telephone_in(bio or ""), found(URL, bio or ""))


def telephone_in(text: str) -> str | None:
    """Return the first telephone number in `text`, as typed: 9 to 15 digits that belong together."""
    for match in TELEPHONE.finditer(text):
        if sum(character.isdecimal() for character in match.group()) in DIGITS_OF_A_TELEPHONE:
            return match.group()
    return None


def found(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match.group() if match else None
